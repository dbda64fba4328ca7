"""Views that are functions, with decorators that guard and decorators that only look so."""

import functools

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_required, permission_required, user_passes_test
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from zoo.answers import inside


def open_(request):
    return HttpResponse("in")


@login_required
def login(request):
    return HttpResponse("in")


@login_required()
def login_called(request):
    return HttpResponse("in")


@login_required(login_url="/accounts/login/?why=members")
def login_elsewhere(request):
    return HttpResponse("in")


@permission_required("zoo.view_doc")
def permission(request):
    return HttpResponse("in")


@permission_required("zoo.view_doc", raise_exception=True)
def permission_raises(request):
    return HttpResponse("in")


@permission_required(["zoo.view_doc", "zoo.change_doc"])
def permission_two(request):
    return HttpResponse("in")


@permission_required([])
def permission_empty(request):
    return HttpResponse("in")


@login_required
@permission_required(())
def permission_empty_after_login(request):
    return HttpResponse("in")


@staff_member_required
def staff(request):
    return HttpResponse("in")


@user_passes_test(lambda user: user.is_superuser)
def superuser(request):
    return HttpResponse("in")


@user_passes_test(lambda user: user.is_authenticated)
def passes_login(request):
    return HttpResponse("in")


@user_passes_test(lambda user: True)
def passes_all(request):
    return HttpResponse("in")


def is_staff(user):
    return user.is_active and user.is_staff


@user_passes_test(is_staff)
def passes_named(request):
    return HttpResponse("in")


def looks_at_user(user):
    return user.is_authenticated or True


@user_passes_test(looks_at_user)
def passes_looked(request):
    return HttpResponse("in")


@user_passes_test(lambda user: user.has_perm("zoo.view_doc"))
def passes_permission(request):
    return HttpResponse("in")


@user_passes_test(lambda user: user.groups.filter(name="keepers").exists())
def passes_group(request):
    return HttpResponse("in")


def login_required_fake(view):
    """Its name lies."""

    @functools.wraps(view)
    def wrapped(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return wrapped


@login_required_fake
def fake(request):
    return HttpResponse("in")


def members_only(view):
    @functools.wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("login")
        return view(request, *args, **kwargs)

    return wrapped


@members_only
def members(request):
    return HttpResponse("in")


def members_only_bare(view):
    def wrapped(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect("login")

    return wrapped


@members_only_bare
def members_bare(request):
    return HttpResponse("in")


def staff_only(view):
    """A decorator of one's own that is Django's in the end."""
    return user_passes_test(lambda user: user.is_staff)(view)


@staff_only
def own_staff(request):
    return HttpResponse("in")


def role_required(flag):
    def decorator(view):
        @functools.wraps(view)
        def wrapped(request, *args, **kwargs):
            if not getattr(request.user, flag, False):
                return redirect("login")
            return view(request, *args, **kwargs)

        return wrapped

    return decorator


@role_required("is_staff")
def role(request):
    return HttpResponse("in")


class Members:
    """A decorator that is a class."""

    def __init__(self, view):
        self.view = view

    def __call__(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("login")
        return self.view(request, *args, **kwargs)


@Members
def members_class(request):
    return HttpResponse("in")


class Passing:
    """The same that lets everybody through."""

    def __init__(self, view):
        self.view = view

    def __call__(self, request, *args, **kwargs):
        return self.view(request, *args, **kwargs)


@Passing
def passing_class(request):
    return HttpResponse("in")


def timed(view):
    @functools.wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-User"] = str(request.user.is_authenticated)
        return response

    return wrapped


@timed
def only_timed(request):
    return HttpResponse("in")


@timed
@login_required
def timed_login(request):
    return HttpResponse("in")


def checks_late(view):
    """By the time it looks, the view has acted."""

    @functools.wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            response["X-Late"] = "yes"
        return response

    return wrapped


@checks_late
def late(request):
    return HttpResponse("in")


@csrf_exempt
@login_required
def exempt_login(request):
    return HttpResponse("in")


@csrf_exempt
def exempt_open(request):
    return HttpResponse("in")


@require_POST
@login_required
def post_login(request):
    return HttpResponse("in")


@require_http_methods(["GET", "POST"])
def methods_open(request):
    return HttpResponse("in")


@never_cache
@login_required
def cached_login(request):
    return HttpResponse("in")


@login_required
async def async_login(request):
    return HttpResponse("in")


async def async_open(request):
    return HttpResponse("in")


class Callable:
    """A view that is an object."""

    def __call__(self, request):
        return HttpResponse("in")

    def method(self, request):
        return HttpResponse("in")

    @method_decorator(login_required)
    def guarded(self, request):
        return HttpResponse("in")


def partly(request, flavour):
    return HttpResponse("in")


def login_if(condition):
    return login_required if condition else lambda view: view


urlpatterns = [
    path("open/", open_, name="open"),
    path("login/", login, name="login_function"),
    path("login-called/", login_called),
    path("login-elsewhere/", login_elsewhere),
    path("login-in-urls/", login_required(inside)),
    path("same-without/", inside),
    path("permission/", permission),
    path("permission-raises/", permission_raises),
    path("permission-two/", permission_two),
    path("permission-empty/", permission_empty),
    path("permission-empty-after-login/", permission_empty_after_login),
    path("staff/", staff),
    path("superuser/", superuser),
    path("passes-login/", passes_login),
    path("passes-all/", passes_all),
    path("passes-named/", passes_named),
    path("passes-looked/", passes_looked),
    path("passes-permission/", passes_permission),
    path("passes-group/", passes_group),
    path("fake/", fake),
    path("members/", members),
    path("members-bare/", members_bare),
    path("own-staff/", own_staff),
    path("role/", role),
    path("members-class/", members_class),
    path("passing-class/", passing_class),
    path("only-timed/", only_timed),
    path("timed-login/", timed_login),
    path("late/", late),
    path("exempt-login/", exempt_login),
    path("exempt-open/", exempt_open),
    path("post-login/", post_login),
    path("methods-open/", methods_open),
    path("cached-login/", cached_login),
    path("async-login/", async_login),
    path("async-open/", async_open),
    path("callable/", Callable()),
    path("callable-login/", login_required(Callable())),
    path("method/", Callable().method),
    path("method-login/", Callable().guarded),
    path("partial/", functools.partial(partly, flavour="sweet")),
    path("partial-login/", login_required(functools.partial(partly, flavour="sour"))),
    path("lambda/", lambda request: HttpResponse("in")),
    path("lambda-login/", login_required(lambda request: HttpResponse("in"))),
    path("condition-on/", login_if(True)(inside)),
    path("condition-off/", login_if(False)(inside)),
]
