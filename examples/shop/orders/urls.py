from django.urls import path

from . import views

app_name = "orders"
urlpatterns = [
    path("", views.list_orders, name="list"),
    path("checkout/", views.checkout, name="checkout"),
    path("<int:pk>/", views.detail, name="detail"),
]
