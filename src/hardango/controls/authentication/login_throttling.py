"""Passwords cannot be guessed as often as one likes.

Most break-ins take no cleverness: passwords that leaked elsewhere are tried at every site, and common ones
at every account, by programs that are as fast as the server answers. Django takes them all. Its documentation
says so: "Django does not throttle requests to authenticate users", and recommends a plug-in or the server.

A limit makes guessing slow. django-axes and django-defender count failures for an address or an account and
lock it out; django-ratelimit limits a view; django-allauth limits its own login, and Django REST framework's
throttles the token views that leave them on; a proxy can limit the address of the login. It only works if it
covers every way in: the admin, the login page, the token views. hardango looks for the routes that take a
password, and for what limits them. Of django-axes it checks that it can lock out: its app is installed, its
backend stands first (the one above it would let the right password in), and what it counts by cannot be
chosen by the client. If the proxy does it, say so with `logins = "proxy"` in `[tool.hardango.deployment]`.

What breaks: whoever is locked out is a user, too. Counting for the account alone lets anybody lock out
anybody; counting for the address alone hits all users behind one. Count for both together, and let it cool
off by itself. No check of Django looks at it; axes.W003 and axes.W006 see a part.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.axes import SETTINGS as AXES
from hardango.controls.axes import flaws as flaws_of_axes
from hardango.controls.logins import answered_before, logins, shown, unread
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    elsewhere,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.packages import LISTS, used
from hardango.controls.stack import Wanted, look_alike, stack_setting, texts
from hardango.controls.topology import limits_logins
from hardango.controls.values import said, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site
    from hardango.settings.routes import Route

LOGIN_THROTTLING = Control(
    "login-throttling",
    title="Limit on guessing passwords",
    weakness="Passwords can be guessed without a limit",
    severity=Severity.LOW,
    settings=(*LISTS, *AXES),
    attack="A program tries leaked and common passwords until one opens an account.",
    remedy="Install django-axes with its backend first in AUTHENTICATION_BACKENDS, or limit the login "
    'addresses in the proxy and declare `logins = "proxy"` in [tool.hardango.deployment].',
    person="a package with tables of its own and a limit in the proxy both do, and one is to be chosen",
    references=(
        asvs("6.3.1"), cwe(307), docs("topics/auth/customizing/"),
        docs("topics/security/#additional-security-topics"),
        docs("https://django-axes.readthedocs.io/en/latest/3_usage.html"),
    ),
)  # fmt: skip

DEFENDER = (
    "DEFENDER_DISABLE_IP_LOCKOUT", "DEFENDER_DISABLE_USERNAME_LOCKOUT", "DEFENDER_MOCK_REDIS",
)  # fmt: skip
NAMES = (*LISTS, *AXES, *DEFENDER, "RATELIMIT_ENABLE")

LIMITING = ("ratelimit", "rate_limit", "throttle", "axes_dispatch", "watch_login", "lockout")
"""What is in the name of a decorator that limits a view."""

HINTS = ("bruteforce", "brutebuster", "throttl", "ratelimit", "lockout", "loginattempt",
         "loginguard", "fail2ban")  # fmt: skip
WORDS = ("ratelimit", "rate_limit", "throttl", "lockout", "failed_login", "login_attempt",
         "too many")  # fmt: skip
OTHERS = Wanted("", (), HINTS, WORDS)


@LOGIN_THROTTLING.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    routes: list[Route] | None = None
    for case in settings.cases(*NAMES):
        found = of_packages(settings, deployment, case)
        if found is not None:
            yield found
            continue
        if routes is None:
            routes = logins(settings)
        yield from of_routes(settings, deployment, case, routes)


def of_packages(settings: Settings, deployment: Deployment, case: Case) -> Judgement | None:
    """What a package for it does in one case; None if there is none."""
    axes = used(settings, case, deployment, app="axes", package="django-axes")
    defender = used(settings, case, deployment, app="defender", package="django-defender")
    if axes.sure:
        flaws = sorted(
            flaws_of_axes(settings, case), key=lambda each: (not each.sure, -each.severity)
        )
        if not flaws:
            return good(case, "django-axes locks out whoever guesses", "AUTHENTICATION_BACKENDS")
        first = flaws[0]
        judged = bad if first.sure else unreadable
        return judged(case, first.message, first.name, severity=first.severity)
    if defender.sure:
        return of_defender(case)
    for found in (axes, defender):
        if found.sure is None:
            message = f"Whether anything limits guessing is not known: {found.why}"
            return unreadable(case, message, *LISTS)
    return None


def of_defender(case: Case) -> Judgement:
    """Whether django-defender locks out: its middleware is what watches the login view.

    https://github.com/jazzband/django-defender#customizing-django-defender
    """
    if all(truth(case.outcomes[name].value) for name in DEFENDER[:2]):
        message = f"{DEFENDER[0]} and {DEFENDER[1]} are on: nobody is locked out"
        return bad(case, message, *DEFENDER, severity=Severity.MEDIUM)
    if truth(case.outcomes[DEFENDER[2]].value):
        message = f"{DEFENDER[2]} is on: each process counts for itself, and forgets at its end"
        return bad(case, message, DEFENDER[2])
    if "defender.middleware.FailedLoginMiddleware" in texts(case.outcomes["MIDDLEWARE"].value):
        return good(case, "django-defender locks out whoever guesses", "MIDDLEWARE")
    message = "FailedLoginMiddleware of django-defender is not in MIDDLEWARE: only views that are "
    return unreadable(case, message + "decorated with watch_login are limited", "MIDDLEWARE")


def of_routes(
    settings: Settings, deployment: Deployment, case: Case, routes: list[Route]
) -> Iterator[Judgement]:
    """Whether every route that takes a password is limited, where no package sees to it."""
    open_ones = [route for route in routes if not limited(case, route)]
    before = [answered_before(settings, route) for route in open_ones]
    own = next((each for each in before if each is not None), None)
    open_ones = [route for route, other in zip(open_ones, before, strict=True) if other is None]
    there = settings.space.false
    for route in open_ones:
        there = there | route.condition
    where, elsewhere_ = case.condition & there, case.condition & ~there
    if where.possible:
        first = open_ones[0]
        yield unlimited(settings, deployment, case, open_ones)._replace(
            condition=where, chain=first.chain
        )
    if not elsewhere_.possible:
        return
    missing = unread(settings)
    if own is not None:
        message = f"Whether guesses at {shown(own)} are limited is not known: "
        rest = unreadable(case, f"{message}{said(own.view)} answers there")
        rest = rest._replace(chain=own.chain)
    elif routes and not open_ones:
        rest = good(case, f"What answers at {shown(routes[0])} is limited")
    elif missing.sure is None:
        rest = unreadable(case, f"Whether a password is taken is not known: {missing.why}")
    else:
        rest = not_applicable(case, "No route is known to take a password")
    yield rest._replace(condition=elsewhere_)


def limited(case: Case, route: Route) -> bool:
    """Whether a decorator limits a route. django-ratelimit can be switched off."""
    found = [name for name in route.wrappers if any(word in name.lower() for word in LIMITING)]
    enabled = case.outcomes["RATELIMIT_ENABLE"]
    off = not enabled.default and truth(enabled.value) is False
    return any(not (off and "ratelimit" in name.partition(".")[0]) for name in found)


def unlimited(
    settings: Settings, deployment: Deployment, case: Case, routes: list[Route]
) -> Judgement:
    """What is to be said where nothing known limits these routes."""
    shown_ones = list(dict.fromkeys(shown(route) for route in routes))
    many = f" and {len(shown_ones) - 2} more" if len(shown_ones) > 2 else ""
    what = " and ".join(shown_ones[:2]) if not many else ", ".join(shown_ones[:2]) + many
    by_proxy = limits_logins(deployment)
    if by_proxy:
        return elsewhere(case, by_proxy)
    other = another(settings, case) or own_view(settings, routes)
    if other:
        return unreadable(case, f"Whether guesses at {what} are limited is not known: {other}")
    return bad(case, f"Nothing in the settings limits guesses at {what}")


def another(settings: Settings, case: Case) -> str:
    """That something else could limit logins, by its name or its source; "" if nothing could."""
    for name in (stack_setting(settings), "AUTHENTICATION_BACKENDS", "INSTALLED_APPS"):
        if name in case.outcomes:
            found = look_alike(settings, case, name, OTHERS)
            if found:
                return found
    return ""


def own_view(settings: Settings, routes: list[Route]) -> str:
    """That a login view of the project speaks of a limit."""
    for route in routes:
        definition = settings.definition(route.view) if route.bases else None
        if definition is not None and any(
            word in spoken.lower() for word in WORDS for spoken in definition.words
        ):
            return f"{said(route.view)} speaks of one, at {definition.place}"
    return ""


@LOGIN_THROTTLING.prove
def prove(site: Site) -> Iterator[Proof]:
    """Wrong passwords for a name that nobody has, as many as are allowed: a limit has to be met."""
    from hardango.controls.throttles import prove_limit

    yield from prove_limit(site)
