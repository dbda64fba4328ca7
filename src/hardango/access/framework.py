"""The views that Django and Django REST framework have for a project to build on: what they derive
from, and which methods they answer. Used where their source is not at hand, and to be fast where it
is.

https://docs.djangoproject.com/en/stable/ref/class-based-views/ and
https://www.django-rest-framework.org/api-guide/generic-views/.
"""

from __future__ import annotations

from hardango.light import NamedTuple

VIEW = "django.views.generic.base.View"
API_VIEW = "rest_framework.views.APIView"


class View(NamedTuple):
    """One class: its bases, the methods that it answers by itself, whether it shows objects of a
    model that `get_queryset` or `get_object` gives, whether it is exempt from a login that is
    demanded everywhere, and whether it demands one itself."""

    bases: tuple[str, ...] = (VIEW,)
    handlers: tuple[str, ...] = ()
    objects: bool = False
    public: bool = False
    login: bool = False


_FORM = ("get", "post", "put")
_GENERIC = "django.views.generic"
_AUTH = "django.contrib.auth.views"

VIEWS = {
    VIEW: View((), ("options",)),
    f"{_GENERIC}.base.TemplateView": View(handlers=("get",)),
    f"{_GENERIC}.base.RedirectView": View(
        handlers=("get", "head", "post", "options", "delete", "put", "patch")),
    f"{_GENERIC}.base.ContextMixin": View(()),
    f"{_GENERIC}.base.TemplateResponseMixin": View(()),
    f"{_GENERIC}.list.MultipleObjectMixin": View((), objects=True),
    f"{_GENERIC}.list.MultipleObjectTemplateResponseMixin": View(()),
    f"{_GENERIC}.list.BaseListView": View(handlers=("get",), objects=True),
    f"{_GENERIC}.list.ListView": View(handlers=("get",), objects=True),
    f"{_GENERIC}.detail.SingleObjectMixin": View((), objects=True),
    f"{_GENERIC}.detail.SingleObjectTemplateResponseMixin": View(()),
    f"{_GENERIC}.detail.BaseDetailView": View(handlers=("get",), objects=True),
    f"{_GENERIC}.detail.DetailView": View(handlers=("get",), objects=True),
    f"{_GENERIC}.edit.FormMixin": View(()),
    f"{_GENERIC}.edit.ModelFormMixin": View((), objects=True),
    f"{_GENERIC}.edit.ProcessFormView": View(handlers=_FORM),
    f"{_GENERIC}.edit.BaseFormView": View(handlers=_FORM),
    f"{_GENERIC}.edit.FormView": View(handlers=_FORM),
    f"{_GENERIC}.edit.BaseCreateView": View(handlers=_FORM),
    f"{_GENERIC}.edit.CreateView": View(handlers=_FORM),
    f"{_GENERIC}.edit.BaseUpdateView": View(handlers=_FORM, objects=True),
    f"{_GENERIC}.edit.UpdateView": View(handlers=_FORM, objects=True),
    f"{_GENERIC}.edit.DeletionMixin": View((), handlers=("post", "delete"), objects=True),
    f"{_GENERIC}.edit.BaseDeleteView": View(handlers=("get", "post", "delete", "put"), objects=True),
    f"{_GENERIC}.edit.DeleteView": View(handlers=("get", "post", "delete", "put"), objects=True),
    **{f"{_GENERIC}.dates.{each}": View(handlers=("get",), objects=True)
       for each in ("ArchiveIndexView", "YearArchiveView", "MonthArchiveView", "WeekArchiveView",
                    "DayArchiveView", "TodayArchiveView", "DateDetailView")},
    "django.contrib.auth.mixins.AccessMixin": View(()),
    f"{_AUTH}.LoginView": View(handlers=_FORM, public=True),
    f"{_AUTH}.LogoutView": View(handlers=("get", "post", "options")),
    f"{_AUTH}.PasswordChangeView": View(handlers=_FORM, login=True),
    f"{_AUTH}.PasswordChangeDoneView": View(handlers=("get",), login=True),
    f"{_AUTH}.PasswordResetView": View(handlers=_FORM, public=True),
    f"{_AUTH}.PasswordResetDoneView": View(handlers=("get",), public=True),
    f"{_AUTH}.PasswordResetConfirmView": View(handlers=_FORM, public=True),
    f"{_AUTH}.PasswordResetCompleteView": View(handlers=("get",), public=True),
    "django.views.i18n.JavaScriptCatalog": View(handlers=("get",)),
    "django.views.i18n.JSONCatalog": View(handlers=("get",)),
    "django.contrib.sitemaps.views.Sitemap": View(()),
}  # fmt: skip

_REST = "rest_framework.generics"
_MIXINS = "rest_framework.mixins"
_SETS = "rest_framework.viewsets"
_LISTING, _TAKING = ("list",), ("retrieve",)

REST = {
    API_VIEW: View((), ("options",)),
    f"{_REST}.GenericAPIView": View((API_VIEW,), objects=True),
    f"{_REST}.CreateAPIView": View((f"{_REST}.GenericAPIView",), ("post",), True),
    f"{_REST}.ListAPIView": View((f"{_REST}.GenericAPIView",), ("get",), True),
    f"{_REST}.RetrieveAPIView": View((f"{_REST}.GenericAPIView",), ("get",), True),
    f"{_REST}.DestroyAPIView": View((f"{_REST}.GenericAPIView",), ("delete",), True),
    f"{_REST}.UpdateAPIView": View((f"{_REST}.GenericAPIView",), ("put", "patch"), True),
    f"{_REST}.ListCreateAPIView": View((f"{_REST}.GenericAPIView",), ("get", "post"), True),
    f"{_REST}.RetrieveUpdateAPIView": View(
        (f"{_REST}.GenericAPIView",), ("get", "put", "patch"), True),
    f"{_REST}.RetrieveDestroyAPIView": View(
        (f"{_REST}.GenericAPIView",), ("get", "delete"), True),
    f"{_REST}.RetrieveUpdateDestroyAPIView": View(
        (f"{_REST}.GenericAPIView",), ("get", "put", "patch", "delete"), True),
    f"{_MIXINS}.ListModelMixin": View((), ("list",)),
    f"{_MIXINS}.CreateModelMixin": View((), ("create",)),
    f"{_MIXINS}.RetrieveModelMixin": View((), ("retrieve",)),
    f"{_MIXINS}.UpdateModelMixin": View((), ("update", "partial_update")),
    f"{_MIXINS}.DestroyModelMixin": View((), ("destroy",)),
    f"{_SETS}.ViewSetMixin": View(()),
    f"{_SETS}.ViewSet": View((f"{_SETS}.ViewSetMixin", API_VIEW)),
    f"{_SETS}.GenericViewSet": View(
        (f"{_SETS}.ViewSetMixin", f"{_REST}.GenericAPIView"), objects=True),
    f"{_SETS}.ReadOnlyModelViewSet": View((
        f"{_MIXINS}.RetrieveModelMixin", f"{_MIXINS}.ListModelMixin",
        f"{_SETS}.GenericViewSet"), objects=True),
    f"{_SETS}.ModelViewSet": View((
        f"{_MIXINS}.CreateModelMixin", f"{_MIXINS}.RetrieveModelMixin",
        f"{_MIXINS}.UpdateModelMixin", f"{_MIXINS}.DestroyModelMixin",
        f"{_MIXINS}.ListModelMixin", f"{_SETS}.GenericViewSet"), objects=True),
    "rest_framework.routers.APIRootView": View((API_VIEW,), ("get",)),
    "rest_framework.schemas.views.SchemaView": View((API_VIEW,), ("get",)),
    "rest_framework.authtoken.views.ObtainAuthToken": View((API_VIEW,), ("post",)),
    **{f"rest_framework_simplejwt.views.{each}": View((API_VIEW,), ("post",))
       for each in ("TokenObtainPairView", "TokenRefreshView", "TokenVerifyView",
                    "TokenBlacklistView", "TokenObtainSlidingView", "TokenRefreshSlidingView")},
    **{f"drf_spectacular.views.{each}": View((API_VIEW,), ("get",))
       for each in ("SpectacularAPIView", "SpectacularSwaggerView", "SpectacularRedocView",
                    "SpectacularYAMLAPIView", "SpectacularJSONAPIView")},
}  # fmt: skip

ALL = {**VIEWS, **REST}

INCLUDED = {
    "django.contrib.auth.urls": (
        ("login/", f"{_AUTH}.LoginView", "login"),
        ("logout/", f"{_AUTH}.LogoutView", "logout"),
        ("password_change/", f"{_AUTH}.PasswordChangeView", "password_change"),
        ("password_change/done/", f"{_AUTH}.PasswordChangeDoneView", "password_change_done"),
        ("password_reset/", f"{_AUTH}.PasswordResetView", "password_reset"),
        ("password_reset/done/", f"{_AUTH}.PasswordResetDoneView", "password_reset_done"),
        ("reset/<uidb64>/<token>/", f"{_AUTH}.PasswordResetConfirmView", "password_reset_confirm"),
        ("reset/done/", f"{_AUTH}.PasswordResetCompleteView", "password_reset_complete"),
    ),
    "django.contrib.flatpages.urls": (
        ("<path:url>", "django.contrib.flatpages.views.flatpage",
         "django.contrib.flatpages.views.flatpage"),
    ),
    "django.conf.urls.i18n": (("setlang/", "django.views.i18n.set_language", "set_language"),),
    "rest_framework.urls": (
        ("login/", f"{_AUTH}.LoginView", "rest_framework:login"),
        ("logout/", f"{_AUTH}.LogoutView", "rest_framework:logout"),
    ),
}  # fmt: skip
"""URLconfs of Django and Django REST framework: pattern, view, name."""
