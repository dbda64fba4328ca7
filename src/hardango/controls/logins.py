"""Where a project takes passwords: the routes of its admin, its login pages and its token views."""

from __future__ import annotations

from hardango.controls.stack import Presence
from hardango.light import TYPE_CHECKING
from hardango.patterns import Pattern
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.settings.routes import Route

WITH_SECOND_FACTOR = ("django_otp.admin.OTPAdminSite.", "two_factor.admin.AdminSiteOTPRequired.")
ADMIN_SITES = ("django.contrib.admin.", "django.contrib.gis.admin.", *WITH_SECOND_FACTOR)
URLCONFS = (
    "django.contrib.auth.urls", "rest_framework.urls", "two_factor.urls", "djoser.urls.authtoken",
    "djoser.urls.jwt", "dj_rest_auth.urls", "knox.urls", "registration.backends.",
    "django_registration.backends.",
)  # fmt: skip
"""URLconfs of packages with a view that takes a password, for as long as nothing limits it."""

VIEWS = frozenset((
    "django.contrib.auth.views.LoginView", "django.contrib.auth.views.login",
    "rest_framework.authtoken.views.obtain_auth_token",
    "rest_framework.authtoken.views.ObtainAuthToken",
    "rest_framework_simplejwt.views.TokenObtainPairView",
    "rest_framework_simplejwt.views.TokenObtainSlidingView",
    "rest_framework_simplejwt.views.token_obtain_pair", "two_factor.views.LoginView",
    "two_factor.views.core.LoginView",
))  # fmt: skip


def is_admin(route: Route) -> bool:
    """Whether a route leads to an admin site: Django's own, or another `AdminSite`."""
    return (
        route.included.startswith(ADMIN_SITES)
        and route.included.endswith("urls")
        and "docs" not in route.included
    )


def takes_password(route: Route) -> bool:
    """Whether a route is known to take a password."""
    if is_admin(route) or route.included.startswith(URLCONFS):
        return True
    return not VIEWS.isdisjoint((route.view, *route.bases))


def admins(settings: Settings) -> list[Route]:
    """The routes of admin sites."""
    return [route for route in settings.routes().found if is_admin(route)]


def logins(settings: Settings) -> list[Route]:
    """The routes that are known to take a password."""
    return [route for route in settings.routes().found if takes_password(route)]


def answered_before(settings: Settings, route: Route) -> Route | None:
    """The route that answers at the login of an admin site before the site itself can."""
    login = route.pattern.rstrip("}") + "login/"
    for other in settings.routes().found if is_admin(route) else ():
        if other is route:
            break
        same = other.pattern.removesuffix("$").rstrip("}") == login
        if same and other.exact == route.exact and route.condition.implies(other.condition):
            return other
    return None


def unread(settings: Settings) -> Presence:
    """Whether there could be more routes than are known, and why."""
    missing = settings.routes().unresolved
    if not missing:
        return Presence(False)
    first = missing[0]
    below = f" below {first.prefix}" if first.prefix else ""
    return Presence(None, f"the routes{below} could not be read: {first.reason}")


_COMPUTED = Pattern(r"\{(?:[^{}]|\{\w*\})*[^\w{}](?:[^{}]|\{\w*\})*\}")


def shown(route: Route) -> str:
    """A route as a message names it: what is computed in it is "…"."""
    pattern, before = route.pattern.removeprefix("^").removesuffix("$"), ""
    while pattern != before and not route.exact:
        pattern, before = _COMPUTED.sub("…", pattern), pattern
    return "/" + pattern
