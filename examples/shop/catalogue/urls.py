from django.urls import path

from . import views

app_name = "catalogue"
urlpatterns = [
    path("", views.ProductList.as_view(), name="list"),
    path("category/<slug:category>/", views.ProductList.as_view(), name="category"),
    path("product/<slug:slug>/", views.ProductDetail.as_view(), name="product"),
]
