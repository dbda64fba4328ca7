from django.contrib.auth import views as auth
from django.urls import path

from . import views

app_name = "customers"
urlpatterns = [
    path("", views.Profile.as_view(), name="profile"),
    path("sign-up/", views.SignUp.as_view(), name="sign-up"),
    path("login/", auth.LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
]
