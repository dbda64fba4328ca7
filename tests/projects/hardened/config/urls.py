from django.contrib.auth.views import LoginView
from django.urls import path
from django_otp.admin import OTPAdminSite

staff = OTPAdminSite(name="staff")

urlpatterns = [
    path("back-office-7f/", staff.urls),
    path("login/", LoginView.as_view(template_name="admin/login.html")),
]
