"""Views that check in their own body, or seem to."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.urls import path


def redirects(request):
    if not request.user.is_authenticated:
        return redirect("login")
    return HttpResponse("in")


def raises(request):
    if not request.user.is_authenticated:
        raise PermissionDenied
    return HttpResponse("in")


def forbids(request):
    if request.user.is_anonymous:
        return HttpResponseForbidden("no")
    return HttpResponse("in")


def hides(request):
    if not request.user.is_staff:
        raise Http404
    return HttpResponse("in")


def inverted(request):
    if request.user.is_authenticated:
        return HttpResponse("in")
    return redirect("login")


def permission(request):
    if not request.user.has_perm("zoo.view_doc"):
        raise PermissionDenied
    return HttpResponse("in")


def permissions(request):
    if not request.user.has_perms(["zoo.view_doc", "zoo.change_doc"]):
        raise PermissionDenied
    return HttpResponse("in")


def superuser(request):
    user = request.user
    if not user.is_authenticated or not user.is_superuser:
        return redirect("login")
    return HttpResponse("in")


def truthy(request):
    if not request.user:
        return redirect("login")
    return HttpResponse("in")


def not_none(request):
    if request.user is None:
        return redirect("login")
    return HttpResponse("in")


def uncalled(request):
    if not request.user.has_perm:
        raise PermissionDenied
    return HttpResponse("in")


def logs(request):
    who = "member" if request.user.is_authenticated else "guest"
    return HttpResponse(f"in, {who}")


def ignores(request):
    request.user.is_authenticated
    request.user.has_perm("zoo.view_doc")
    return HttpResponse("in")


def forgets(request):
    """The answer is made and thrown away."""
    if not request.user.is_authenticated:
        redirect("login")
    return HttpResponse("in")


def swallows(request):
    try:
        if not request.user.is_authenticated:
            raise PermissionDenied
    except PermissionDenied:
        pass
    return HttpResponse("in")


def or_true(request):
    if not (request.user.is_authenticated or request.method == "POST" or True):
        raise PermissionDenied
    return HttpResponse("in")


def only_post(request):
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect("login")
    return HttpResponse("in")


def only_get(request):
    if request.method == "GET":
        if not request.user.is_authenticated:
            return redirect("login")
        return HttpResponse("in")
    return HttpResponse("in")


def one_branch(request):
    """Who asks for the other page is not asked who he is."""
    if request.GET.get("page") == "secret" and not request.user.is_authenticated:
        return redirect("login")
    return HttpResponse("in")


def demand_login(request):
    if not request.user.is_authenticated:
        raise PermissionDenied


def helped(request):
    demand_login(request)
    return HttpResponse("in")


def may_see(user):
    return user.is_staff


def helped_by_test(request):
    if not may_see(request.user):
        raise PermissionDenied
    return HttpResponse("in")


def demand_nothing(request):
    if not request.user:
        raise PermissionDenied


def helped_by_nothing(request):
    demand_nothing(request)
    return HttpResponse("in")


@login_required
def guarded(request):
    return HttpResponse("in")


def delegates(request):
    return guarded(request)


def delegates_open(request):
    return logs(request)


def delegates_sometimes(request):
    if request.GET.get("full"):
        return guarded(request)
    return HttpResponse("in")


def after(request):
    answer = HttpResponse("in")
    if not request.user.is_authenticated:
        answer = redirect("login")
    return answer


def asserts(request):
    if not request.user.is_authenticated and request.headers.get("X-Requested-With"):
        raise PermissionDenied
    return HttpResponse("in")


async def awaited(request):
    user = await request.auser()
    if not user.is_authenticated:
        return redirect("login")
    return HttpResponse("in")


def nested(request):
    def check():
        if not request.user.is_authenticated:
            raise PermissionDenied

    return HttpResponse("in")


def nested_called(request):
    def check():
        if not request.user.is_authenticated:
            raise PermissionDenied

    check()
    return HttpResponse("in")


urlpatterns = [
    path("redirects/", redirects),
    path("raises/", raises),
    path("forbids/", forbids),
    path("hides/", hides),
    path("inverted/", inverted),
    path("permission/", permission),
    path("permissions/", permissions),
    path("superuser/", superuser),
    path("truthy/", truthy),
    path("not-none/", not_none),
    path("uncalled/", uncalled),
    path("logs/", logs),
    path("ignores/", ignores),
    path("forgets/", forgets),
    path("swallows/", swallows),
    path("or-true/", or_true),
    path("only-post/", only_post),
    path("only-get/", only_get),
    path("one-branch/", one_branch),
    path("helped/", helped),
    path("helped-by-test/", helped_by_test),
    path("helped-by-nothing/", helped_by_nothing),
    path("guarded/", guarded),
    path("delegates/", delegates),
    path("delegates-open/", delegates_open),
    path("delegates-sometimes/", delegates_sometimes),
    path("after/", after),
    path("asserts/", asserts),
    path("awaited/", awaited),
    path("nested/", nested),
    path("nested-called/", nested_called),
]
