"""Operations of django-ninja, whose authentication is that of the operation, the router, the API."""

import functools

from django.http import HttpResponse
from django.urls import path
from ninja import NinjaAPI, Router
from ninja.security import (
    APIKeyHeader,
    HttpBearer,
    django_auth,
    django_auth_is_staff,
    django_auth_superuser,
)


class Bearer(HttpBearer):
    def authenticate(self, request, token):
        return token if token == "open sesame" else None


class BearerOfAnything(HttpBearer):
    """Any token will do: who sends one is let in."""

    def authenticate(self, request, token):
        return token


class Key(APIKeyHeader):
    param_name = "X-Token"

    def authenticate(self, request, key):
        return key if key == "open sesame" else None


def members(request):
    return request.user if request.user.is_authenticated else None


def everybody(request):
    return "somebody"


def refused(operation):
    @functools.wraps(operation)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_staff:
            return HttpResponse("no", status=403)
        return operation(request, *args, **kwargs)

    return wrapped


api = NinjaAPI(urls_namespace="ninja-open")


@api.get("/open")
def open_(request):
    return "in"


@api.get("/session", auth=django_auth)
def session(request):
    return "in"


@api.get("/staff", auth=django_auth_is_staff)
def staff(request):
    return "in"


@api.get("/superuser", auth=django_auth_superuser)
def superuser(request):
    return "in"


@api.get("/bearer", auth=Bearer())
def bearer(request):
    return "in"


@api.get("/key", auth=Key())
def key(request):
    return "in"


@api.get("/function", auth=members)
def function(request):
    return "in"


@api.get("/everybody", auth=everybody)
def everybody_in(request):
    return "in"


@api.get("/several", auth=[django_auth, Key()])
def several(request):
    return "in"


@api.get("/decorated")
@refused
def decorated(request):
    return "in"


@api.get("/methods", auth=django_auth)
def methods_get(request):
    return "in"


@api.post("/methods", auth=None)
def methods_post(request):
    return "in"


@api.get("/rows/{row}", auth=django_auth)
def row(request, row: int):
    return "in"


@api.get("/body")
def body(request):
    if not request.user.is_authenticated:
        return HttpResponse("no", status=403)
    return "in"


closed = NinjaAPI(auth=django_auth, urls_namespace="ninja-closed", docs_url=None, openapi_url=None)


@closed.get("/inherits")
def inherits(request):
    return "in"


@closed.get("/none", auth=None)
def none(request):
    return "in"


below = Router()


@below.get("/inherits")
def below_inherits(request):
    return "in"


@below.get("/own", auth=django_auth_superuser)
def below_own(request):
    return "in"


closed.add_router("/below", below)
closed.add_router("/opened", "zoo.opened.router", auth=None)

urlpatterns = [path("api/", api.urls), path("closed/", closed.urls)]
