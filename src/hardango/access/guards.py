"""What is known of the guards of Django and of common packages, by their dotted names.

Each was read in the package's own source. What is not here is not known: its code is read, or it
is shown as it stands and counts as nothing.
"""

from __future__ import annotations

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard, Reach

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
"""The methods that are meant to change nothing (RFC 9110, 9.2.1)."""


class Known(NamedTuple):
    """One guard, and how it is told what to demand.

    `permissions` names the argument of a decorator, or the attribute of a class, that holds
    Django's permissions, a text or a sequence of them: without any, it lets everybody through if
    `empty` is so. `any_of` if one of them will do. `test` names the argument or the method that is
    a function from a user, or from nothing, to whether it passes; `demands` is then only a
    default. `safe` is what is demanded of methods that change nothing, if that is another thing.
    `through` is the method in which a class does its work: it is dead if that is never called.
    `answer` is what others get, see `Guard`.
    """

    demands: Reach
    permissions: str = ""
    any_of: bool = False
    empty: bool = True
    test: str = ""
    safe: Reach | None = None
    through: str = "dispatch"
    answer: str = ""


_LOGIN = Known(Reach.AUTHENTICATED, answer="redirect")
_CUSTOM = Known(Reach.CUSTOM)
_TOKEN = Known(Reach.TOKEN, answer="401")

DECORATORS = {
    "django.contrib.auth.decorators.login_required": _LOGIN,
    "django.contrib.auth.decorators.user_passes_test": Known(
        Reach.CUSTOM, test="test_func", answer="redirect"),
    "django.contrib.auth.decorators.permission_required": Known(
        Reach.PERMISSION, permissions="perm", answer="redirect"),
    "django.contrib.admin.views.decorators.staff_member_required": Known(
        Reach.STAFF, answer="redirect"),
    "django.contrib.admin.sites.AdminSite.admin_view": Known(Reach.STAFF, answer="redirect"),
    "allauth.account.decorators.verified_email_required": _LOGIN,
    "allauth.account.decorators.reauthentication_required": Known(Reach.CUSTOM, answer="redirect"),
    "allauth.account.decorators.secure_admin_login": Known(Reach.STAFF, answer="redirect"),
    "allauth.decorators.rate_limit": Known(Reach.ANONYMOUS),
    "django_otp.decorators.otp_required": _LOGIN,
    "guardian.decorators.permission_required": Known(
        Reach.PERMISSION, permissions="perm", empty=False, answer="redirect"),
    "guardian.decorators.permission_required_or_403": Known(
        Reach.PERMISSION, permissions="perm", empty=False, answer="403"),
    "guardian.decorators.permission_required_or_404": Known(
        Reach.PERMISSION, permissions="perm", empty=False, answer="404"),
    "rules.contrib.views.permission_required": Known(
        Reach.PERMISSION, permissions="perm", answer="redirect"),
    "rolepermissions.decorators.has_role_decorator": _CUSTOM,
    "rolepermissions.decorators.has_permission_decorator": _CUSTOM,
    "sudo.decorators.sudo_required": _CUSTOM,
    "oauth2_provider.decorators.protected_resource": _TOKEN,
    "oauth2_provider.decorators.protected_resource_metadata": _TOKEN,
    "oauth2_provider.decorators.rw_protected_resource": _TOKEN,
    "oauth2_provider.decorators.rw_protected_resource_metadata": _TOKEN,
    "wagtail.admin.auth.require_admin_access": Known(
        Reach.PERMISSION, permissions="=wagtailadmin.access_admin", answer="redirect"),
    "wagtail.admin.auth.user_passes_test": Known(Reach.CUSTOM, test="test", answer="redirect"),
    "wagtail.admin.auth.permission_required": Known(
        Reach.PERMISSION, permissions="permission_name", empty=False, answer="redirect"),
    "wagtail.admin.auth.any_permission_required": Known(
        Reach.PERMISSION, permissions="perms", any_of=True, empty=False, answer="redirect"),
    "waffle.decorators.waffle_flag": _CUSTOM,
    "waffle.decorators.waffle_switch": _CUSTOM,
}  # fmt: skip
"""Decorators of views. A permission after "=" is the guard's own, not an argument."""

MIXINS = {
    "django.contrib.auth.mixins.LoginRequiredMixin": _LOGIN,
    "django.contrib.auth.mixins.PermissionRequiredMixin": Known(
        Reach.PERMISSION, permissions="permission_required", test="has_permission",
        answer="redirect"),
    "django.contrib.auth.mixins.UserPassesTestMixin": Known(
        Reach.CUSTOM, test="test_func", answer="redirect"),
    "braces.views._access.LoginRequiredMixin": _LOGIN,
    "braces.views._access.PermissionRequiredMixin": Known(
        Reach.PERMISSION, permissions="permission_required", empty=False,
        test="check_permissions", answer="redirect"),
    "braces.views._access.MultiplePermissionsRequiredMixin": Known(
        Reach.PERMISSION, permissions="permissions", test="check_permissions",
        answer="redirect"),
    "braces.views._access.GroupRequiredMixin": Known(Reach.CUSTOM, answer="redirect"),
    "braces.views._access.UserPassesTestMixin": Known(
        Reach.CUSTOM, test="test_func", answer="redirect"),
    "braces.views._access.SuperuserRequiredMixin": Known(Reach.SUPERUSER, answer="redirect"),
    "braces.views._access.StaffuserRequiredMixin": Known(Reach.STAFF, answer="redirect"),
    "braces.views._access.RecentLoginRequiredMixin": _LOGIN,
    "guardian.mixins.LoginRequiredMixin": _LOGIN,
    "guardian.mixins.PermissionRequiredMixin": Known(
        Reach.PERMISSION, permissions="permission_required", test="check_permissions",
        answer="redirect"),
    "rules.contrib.views.PermissionRequiredMixin": Known(
        Reach.PERMISSION, permissions="permission_required", test="has_permission",
        answer="redirect"),
    "rolepermissions.mixins.HasRoleMixin": _CUSTOM,
    "rolepermissions.mixins.HasPermissionsMixin": _CUSTOM,
    "two_factor.views.mixins.OTPRequiredMixin": _LOGIN,
    "sudo.mixins.SudoMixin": _CUSTOM,
    "oauth2_provider.views.mixins.ProtectedResourceMixin": _TOKEN,
    "oauth2_provider.views.mixins.ClientProtectedResourceMixin": _TOKEN,
}  # fmt: skip
"""Classes to inherit a guard from."""

PERMISSION_CLASSES = {
    "rest_framework.permissions.AllowAny": Known(Reach.ANONYMOUS),
    "rest_framework.permissions.BasePermission": Known(Reach.ANONYMOUS),
    "rest_framework.permissions.IsAuthenticated": Known(Reach.AUTHENTICATED, answer="401"),
    "rest_framework.permissions.IsAdminUser": Known(Reach.STAFF, answer="403"),
    "rest_framework.permissions.IsAuthenticatedOrReadOnly": Known(
        Reach.AUTHENTICATED, safe=Reach.ANONYMOUS, answer="401"),
    "rest_framework.permissions.DjangoModelPermissions": Known(
        Reach.PERMISSION, safe=Reach.AUTHENTICATED, answer="403"),
    "rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly": Known(
        Reach.PERMISSION, safe=Reach.ANONYMOUS, answer="403"),
    "rest_framework.permissions.DjangoObjectPermissions": Known(
        Reach.PERMISSION, safe=Reach.AUTHENTICATED, answer="403"),
    "rest_access_policy.access_policy.AccessPolicy": _CUSTOM,
    "rest_framework_api_key.permissions.BaseHasAPIKey": _TOKEN,
    "rest_framework_api_key.permissions.HasAPIKey": _TOKEN,
    "oauth2_provider.contrib.rest_framework.permissions.TokenHasScope": _TOKEN,
    "oauth2_provider.contrib.rest_framework.permissions.TokenHasReadWriteScope": _TOKEN,
    "oauth2_provider.contrib.rest_framework.permissions.TokenHasResourceScope": _TOKEN,
    "oauth2_provider.contrib.rest_framework.permissions.TokenMatchesOASRequirements": _TOKEN,
    "oauth2_provider.contrib.rest_framework.permissions.IsAuthenticatedOrTokenHasScope": Known(
        Reach.AUTHENTICATED, answer="401"),
}  # fmt: skip
"""Permission classes of Django REST framework, which work through `has_permission`. A class that
defines neither that nor inherits it from one of these lets everybody through."""

NINJA_AUTH = {
    "ninja.security.session.SessionAuth": Known(Reach.AUTHENTICATED, answer="401"),
    "ninja.security.session.SessionAuthIsStaff": Known(Reach.STAFF, answer="401"),
    "ninja.security.session.SessionAuthSuperUser": Known(Reach.SUPERUSER, answer="401"),
    "ninja.security.apikey.APIKeyBase": _TOKEN,
    "ninja.security.apikey.APIKeyQuery": _TOKEN,
    "ninja.security.apikey.APIKeyHeader": _TOKEN,
    "ninja.security.apikey.APIKeyCookie": _TOKEN,
    "ninja.security.http.HttpBearer": _TOKEN,
    "ninja.security.http.HttpBasicAuth": _TOKEN,
}
"""Classes whose instances authenticate an operation of django-ninja, through `authenticate`."""

MIDDLEWARE = {
    "django.contrib.auth.middleware.LoginRequiredMiddleware": Known(
        Reach.AUTHENTICATED, through="process_view", answer="redirect"),
    "stronghold.middleware.LoginRequiredMiddleware": Known(
        Reach.AUTHENTICATED, through="process_view", answer="redirect"),
}  # fmt: skip
"""Middleware that stands before every view, those apart that say that they are public."""

SESSION_AUTHENTICATION = frozenset({
    "rest_framework.authentication.SessionAuthentication",
    "ninja.security.session.SessionAuth",
    "ninja.security.session.SessionAuthIsStaff",
    "ninja.security.session.SessionAuthSuperUser",
})  # fmt: skip
"""Ways to authenticate for which the cookie of the session is enough."""

HARMLESS = frozenset({
    "django.contrib.auth.decorators.login_not_required",
    "django.contrib.admin.sites.AdminSite.get_urls",
    "django.contrib.admin.options.ModelAdmin.get_urls",
    "django.db.transaction.Atomic.__call__",
    "django.db.transaction.non_atomic_requests",
    "django.utils.decorators.decorator_from_middleware_with_args",
    "django.utils.decorators.decorator_from_middleware",
    "django.utils.decorators.make_middleware_decorator",
    "django.utils.decorators.method_decorator",
    "django.utils.decorators._multi_decorate",
    "django.views.decorators.cache.cache_control",
    "django.views.decorators.cache.cache_page",
    "django.views.decorators.cache.never_cache",
    "django.views.decorators.clickjacking.xframe_options_deny",
    "django.views.decorators.clickjacking.xframe_options_exempt",
    "django.views.decorators.clickjacking.xframe_options_sameorigin",
    "django.views.decorators.common.no_append_slash",
    "django.views.decorators.csp.csp_override",
    "django.views.decorators.csp.csp_report_only_override",
    "django.views.decorators.csrf.csrf_exempt",
    "django.views.decorators.csrf.csrf_protect",
    "django.views.decorators.csrf.ensure_csrf_cookie",
    "django.views.decorators.csrf.requires_csrf_token",
    "django.views.decorators.debug.sensitive_post_parameters",
    "django.views.decorators.debug.sensitive_variables",
    "django.views.decorators.gzip.gzip_page",
    "django.views.decorators.http.condition",
    "django.views.decorators.http.conditional_page",
    "django.views.decorators.http.etag",
    "django.views.decorators.http.last_modified",
    "django.views.decorators.http.require_GET",
    "django.views.decorators.http.require_POST",
    "django.views.decorators.http.require_http_methods",
    "django.views.decorators.http.require_safe",
    "django.views.decorators.vary.vary_on_cookie",
    "django.views.decorators.vary.vary_on_headers",
    "django_ratelimit.decorators.ratelimit",
    "csp.decorators.csp", "csp.decorators.csp_exempt", "csp.decorators.csp_replace",
    "csp.decorators.csp_update",
    "rest_framework.decorators.api_view",
    "functools.lru_cache", "functools.partial",
    "waffle.decorators.waffle_sample",
})  # fmt: skip
"""Common decorators that keep nobody out for who they are."""

METHODS = {
    "django.views.decorators.http.require_GET": ("GET",),
    "django.views.decorators.http.require_POST": ("POST",),
    "django.views.decorators.http.require_safe": ("GET", "HEAD"),
}
"""Decorators that let only some methods through; `require_http_methods` is told which."""

NO_PERMISSION = "names no permission, and everybody has none"


def guard(
    known: Known,
    dotted: str,
    method: str = "*",
    permissions: tuple[str, ...] | None = None,
    layer: str = "wrapper",
    place: Place | None = None,
    quote: str = "",
) -> Guard:
    """The guard that `dotted` is for one HTTP method. `permissions` are those that it was told,
    None if that could not be read."""
    name = dotted.rpartition(".")[2]
    if name == "admin_view":
        name = "AdminSite.admin_view"
    demands = known.safe if known.safe is not None and method in SAFE else known.demands
    if known.permissions.startswith("="):
        permissions = (known.permissions[1:],)
    dead = ""
    if demands is Reach.PERMISSION and known.permissions:
        if permissions is None:
            return Guard(name, Reach.CUSTOM, layer, place=place, answer=known.answer,
                         quote=quote or f"{name}: which permission is not known")  # fmt: skip
        if not permissions and known.empty:
            dead = NO_PERMISSION
    held = permissions if demands is Reach.PERMISSION and permissions else ()
    return Guard(name, demands, layer, held, known.any_of and len(held) > 1, place, quote, dead,
                 known.answer)  # fmt: skip


_WIDEST = (Reach.ANONYMOUS, Reach.UNKNOWN, Reach.CUSTOM, Reach.TOKEN, Reach.AUTHENTICATED,
           Reach.STAFF, Reach.PERMISSION, Reach.OBJECT, Reach.SUPERUSER, Reach.NOBODY)  # fmt: skip


def either(left: Guard, right: Guard) -> Guard:
    """What two guards come to of which one has to be passed (`A | B`): the wider one.

    A dead one lets everybody through, so both do. Where it is not known which is wider, neither
    is claimed.
    """
    name = f"{left.name} | {right.name}"
    open_ = [each for each in (left, right) if each.dead or each.demands is Reach.ANONYMOUS]
    if open_:
        # The reason, unless both are open by intention.
        other = right if open_[0] is left else left
        lets = open_[0]
        why = lets.dead or ("" if other in open_ else f"{lets.name} lets everybody through")
        return Guard(name, Reach.ANONYMOUS, left.layer, place=lets.place, dead=why)
    wider = min((left, right), key=lambda each: _WIDEST.index(each.demands))
    both = {left.demands, right.demands}
    if both == {Reach.PERMISSION}:
        if len(left.permissions) <= 1 and len(right.permissions) <= 1:
            held = tuple(dict.fromkeys((*left.permissions, *right.permissions)))
            return wider._replace(name=name, permissions=held, any_of=len(held) > 1)
        return Guard(name, Reach.CUSTOM, left.layer, place=left.place, quote=name)
    if Reach.PERMISSION in both and both & {Reach.STAFF, Reach.SUPERUSER, Reach.OBJECT}:
        # Neither group is part of the other.
        return Guard(name, Reach.CUSTOM, left.layer, place=left.place, quote=name)
    return wider._replace(name=name)
