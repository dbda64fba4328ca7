from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path, re_path
from django.views.static import serve

from shop import views

FLAGS = settings.FLAGS

urlpatterns = [
    path("", views.home),
    path("count/", views.count),
    path("account/", views.account),
    path("accounts/login/", views.login()),
    path("accounts/logout/", views.leave if "logout-keeps-session" in FLAGS
         else auth.LogoutView.as_view(next_page="/")),
    path("accounts/password_reset/", auth.PasswordResetView.as_view(success_url="/")),
    path("accounts/reset/<uidb64>/<token>/", auth.PasswordResetConfirmView.as_view(success_url="/"),
         name="password_reset_confirm"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("back-office-7f/", admin.site.urls),
    path("media/<path:path>", views.download),
]
if "admin" in FLAGS:
    urlpatterns.insert(0, path("admin/", admin.site.urls))
if "empty" in FLAGS:
    urlpatterns = []
if "spa" in FLAGS:
    urlpatterns.append(re_path("", views.home))
if "listing" in FLAGS:
    urlpatterns.insert(0, path("media/", serve, {
        "path": "", "document_root": settings.MEDIA_ROOT, "show_indexes": True}))
for flag, address, answer in views.LEFT_OPEN:
    if flag in FLAGS:
        urlpatterns.insert(0, path(address, answer))
