from django.urls import path

from . import views

app_name = "cart"
urlpatterns = [
    path("", views.show, name="show"),
    path("add/<int:pk>/", views.add, name="add"),
    path("remove/<int:pk>/", views.remove, name="remove"),
]
