from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import views as accounts
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView
from django.views.static import serve

urlpatterns = [
    path("function/", include("zoo.functions")),
    path("body/", include("zoo.bodies")),
    path("class/", include("zoo.classes")),
    path("object/", include("zoo.objects")),
    path("token/", include("zoo.tokens")),
    path("rest/", include("zoo.rest")),
    path("ninja/", include("zoo.operations")),
    path("back/", include("zoo.admins")),
    path("nested/", include(("zoo.nested", "nested"), namespace="outer")),
    path("accounts/login/", accounts.LoginView.as_view(), name="login"),
    path("accounts/change/", accounts.PasswordChangeView.as_view(), name="change"),
    path(
        "accounts/changed/", accounts.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
    path("go/", RedirectView.as_view(url="/function/open/"), name="go"),
    path("about/", TemplateView.as_view(template_name="about.html"), name="about"),
    path("pages/", include("django.contrib.flatpages.urls")),
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
    *i18n_patterns(path("tongue/", include("zoo.nested"))),
]
