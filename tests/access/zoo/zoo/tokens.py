"""Who has the token needs no account."""

import hashlib
import hmac

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseForbidden
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

KEY = b"the key of the zoo"


@csrf_exempt
def signed(request):
    sent = request.headers.get("X-Signature", "")
    made = hmac.new(KEY, b"{}", hashlib.sha256).hexdigest()
    if not hmac.compare_digest(sent, made):
        raise PermissionDenied
    return HttpResponse("in")


@csrf_exempt
def compared(request):
    if not constant_time_compare(request.headers.get("X-Token", ""), "open sesame"):
        return HttpResponseForbidden("no")
    return HttpResponse("in")


def loaded(request):
    try:
        signing.loads(request.GET.get("key", ""), key="the key of the zoo")
    except signing.BadSignature:
        raise PermissionDenied from None
    return HttpResponse("in")


@csrf_exempt
def only_if_sent(request):
    """Who sends no token is not asked for one."""
    sent = request.headers.get("X-Token")
    if sent and not constant_time_compare(sent, "open sesame"):
        raise PermissionDenied
    return HttpResponse("in")


@csrf_exempt
def ignored(request):
    constant_time_compare(request.headers.get("X-Token", ""), "open sesame")
    return HttpResponse("in")


@csrf_exempt
def nothing(request):
    return HttpResponse("in")


urlpatterns = [
    path("signed/", signed),
    path("compared/", compared),
    path("loaded/", loaded),
    path("only-if-sent/", only_if_sent),
    path("ignored/", ignored),
    path("nothing/", nothing),
]
