"""What limits how often a password can be tried."""

from __future__ import annotations

from typing import Any

import pytest
from routing import ADMIN, LOGIN, routed

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package, Topology
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Unknown

HERE = (("admin/", ADMIN),)
STANDALONE = "axes.backends.AxesStandaloneBackend"
MODEL = "django.contrib.auth.backends.ModelBackend"
AXES: dict[str, Any] = {
    "INSTALLED_APPS": ["django.contrib.admin", "axes"],
    "MIDDLEWARE": ["axes.middleware.AxesMiddleware"],
    "AUTHENTICATION_BACKENDS": [STANDALONE, MODEL],
}
DEFENDER: dict[str, Any] = {
    "INSTALLED_APPS": ["defender"], "MIDDLEWARE": ["defender.middleware.FailedLoginMiddleware"],
}  # fmt: skip
MEDIUM, LOW = Severity.MEDIUM, Severity.LOW


@pytest.mark.parametrize(
    "settings, verdict, severity, words",
    [
        (AXES, Verdict.PASS, None, "locks out"),
        ({**AXES, "MIDDLEWARE": []}, Verdict.PASS, None, "locks out"),
        ({**AXES, "INSTALLED_APPS": ["axes.apps.AppConfig"]}, Verdict.PASS, None, "locks out"),
        ({**AXES, "AUTHENTICATION_BACKENDS": ["axes.backends.AxesBackend"]}, Verdict.PASS, None, ""),
        ({**AXES, "AUTHENTICATION_BACKENDS": ["guardian.backends.ObjectPermissionBackend", STANDALONE, MODEL]}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_FAILURE_LIMIT": 10}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_FAILURE_LIMIT": Unknown("read from X", "int", ("X",))}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_ENABLED": True}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]]}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_LOCKOUT_PARAMETERS": ["username", ["ip_address", "user_agent"]]}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_USE_USER_AGENT": True, "AXES_LOCK_OUT_BY_USER_OR_IP": True}, Verdict.PASS, None, ""),
        ({**AXES, "AXES_HANDLER": "axes.handlers.cache.AxesCacheHandler"}, Verdict.PASS, None, ""),
        ({**AXES, "AUTHENTICATION_BACKENDS": ["shop.backends.Email", STANDALONE]}, Verdict.UNKNOWN, None, "may let in"),
        ({**AXES, "AUTHENTICATION_BACKENDS": [Unknown("x"), MODEL]}, Verdict.UNKNOWN, None, "not known"),
        ({**AXES, "AXES_FAILURE_LIMIT": "shop.limit"}, Verdict.UNKNOWN, LOW, "decided by 'shop.limit'"),
        ({**AXES, "AXES_LOCKOUT_PARAMETERS": "shop.parameters"}, Verdict.UNKNOWN, LOW, "decided by"),
        ({**AXES, "AXES_ENABLED": Unknown("read from X", "bool", ("X",))}, Verdict.UNKNOWN, None, "AXES_ENABLED"),
        ({**AXES, "AXES_ENABLED": False}, Verdict.FAIL, MEDIUM, "AXES_ENABLED is off"),
        ({**AXES, "AXES_LOCK_OUT_AT_FAILURE": False}, Verdict.FAIL, MEDIUM, "is off"),
        ({**AXES, "AUTHENTICATION_BACKENDS": [MODEL]}, Verdict.FAIL, MEDIUM, "is not in AUTHENTICATION_BACKENDS"),
        ({**AXES, "AUTHENTICATION_BACKENDS": [MODEL, STANDALONE]}, Verdict.FAIL, MEDIUM, "ModelBackend stands above"),
        ({**AXES, "INSTALLED_APPS": []}, Verdict.FAIL, MEDIUM, "counts no failure"),
        ({**AXES, "AXES_FAILURE_LIMIT": 1000}, Verdict.FAIL, LOW, "1000"),
        ({**AXES, "AXES_LOCKOUT_PARAMETERS": [["username", "user_agent"]]}, Verdict.FAIL, MEDIUM, "User-Agent"),
        ({**AXES, "AXES_LOCKOUT_PARAMETERS": []}, Verdict.FAIL, MEDIUM, "empty"),
        ({**AXES, "AXES_USE_USER_AGENT": True}, Verdict.FAIL, MEDIUM, "User-Agent"),
        ({**AXES, "AXES_HANDLER": "axes.handlers.dummy.AxesDummyHandler"}, Verdict.FAIL, MEDIUM, "counts nothing"),
        ({**AXES, "AXES_ENABLED": {"if X": False, "else": True}}, Verdict.CONDITIONAL, MEDIUM, "is off"),
        (DEFENDER, Verdict.PASS, None, "django-defender"),
        ({**DEFENDER, "DEFENDER_DISABLE_IP_LOCKOUT": True}, Verdict.PASS, None, "django-defender"),
        ({**DEFENDER, "MIDDLEWARE": []}, Verdict.UNKNOWN, None, "watch_login"),
        ({**DEFENDER, "DEFENDER_DISABLE_IP_LOCKOUT": True, "DEFENDER_DISABLE_USERNAME_LOCKOUT": True},
         Verdict.FAIL, MEDIUM, "nobody is locked out"),
        ({**DEFENDER, "DEFENDER_MOCK_REDIS": True}, Verdict.FAIL, LOW, "each process"),
    ],
)  # fmt: skip
def test_packages(
    judged, settings, verdict: Verdict, severity: Severity | None, words: str
) -> None:
    finding = judged("login-throttling", routed(settings, *HERE))
    assert finding.verdict is verdict, finding.message
    assert severity is None or finding.severity is severity
    assert words in finding.message


LIMIT = "django_ratelimit.decorators.ratelimit "
PROXY = Deployment(topology=Topology(logins="proxy"))
KNOWN = Deployment(packages={"django": Package("django", None, "", Place("requirements.txt", 1))})
MANY = Unknown("read from APPS", several=True)


@pytest.mark.parametrize(
    "settings, routes, deployment, unread, verdict, words",
    [
        ({}, [], Deployment(), "", Verdict.PASS, "No route is known to take a password"),
        ({}, [("", "shop.views.index")], Deployment(), "", Verdict.PASS, "No route is known"),
        ({}, [("login/", LIMIT + LOGIN)], Deployment(), "", Verdict.PASS, "/login/ is limited"),
        ({}, [("login/", "shop.limits.throttled " + LOGIN)], Deployment(), "", Verdict.PASS, "is limited"),
        # A single page of allauth limits itself.
        ({}, [("accounts/", "allauth.urls")], Deployment(), "", Verdict.PASS, "No route is known"),
        ({}, HERE, PROXY, "", Verdict.ELSEWHERE, "The proxy limits attempts"),
        ({}, [], Deployment(), "it fails", Verdict.UNKNOWN, "Whether a password is taken"),
        ({"MIDDLEWARE": ["shop.middleware.LoginThrottle"]}, HERE, Deployment(), "", Verdict.UNKNOWN, "LoginThrottle"),
        ({"INSTALLED_APPS": ["BruteBuster"]}, HERE, Deployment(), "", Verdict.UNKNOWN, "BruteBuster"),
        ({"INSTALLED_APPS": [MANY]}, HERE, Deployment(), "", Verdict.UNKNOWN, "read from APPS"),
        ({"INSTALLED_APPS": ["taxes"]}, HERE, Deployment(), "", Verdict.FAIL, "guesses at /admin/"),
        ({"INSTALLED_APPS": [MANY]}, HERE, KNOWN, "", Verdict.FAIL, "guesses at /admin/"),
        ({}, HERE, Deployment(), "", Verdict.FAIL, "guesses at /admin/"),
        # A view of the project's own answers at the admin's login, if it stands before it.
        ({}, [("admin/login/", "shop.views.login"), *HERE], Deployment(), "", Verdict.UNKNOWN, "'shop.views.login' answers"),
        ({}, [("{P/}admin/login/", "shop.views.login"), ("{P/}admin/", ADMIN)], Deployment(), "", Verdict.UNKNOWN, "answers"),
        ({}, [("{'^{0}/'.format(…)}admin/", ADMIN)], Deployment(), "", Verdict.FAIL, "guesses at /…admin/"),
        ({}, [*HERE, ("admin/login/", "shop.views.login")], Deployment(), "", Verdict.FAIL, "guesses at /admin/"),
        ({}, [("login/", "shop.views.login"), *HERE], Deployment(), "", Verdict.FAIL, "guesses at /admin/"),
        ({}, [("login/", LOGIN), *HERE], Deployment(), "it fails", Verdict.FAIL, "/login/ and /admin/"),
        ({}, [("login/", LIMIT + LOGIN), *HERE], Deployment(), "", Verdict.FAIL, "at /admin/"),
        ({}, [("api/token/", "rest_framework.authtoken.views.obtain_auth_token")], Deployment(), "", Verdict.FAIL, "/api/token/"),
        ({"RATELIMIT_ENABLE": False}, [("login/", LIMIT + LOGIN)], Deployment(), "", Verdict.FAIL, "/login/"),
    ],
)  # fmt: skip
def test_routes(
    judged, settings, routes, deployment, unread: str, verdict: Verdict, words: str
) -> None:
    finding = judged(
        "login-throttling", routed(settings, *routes, unread=unread), deployment=deployment
    )
    assert finding.verdict is verdict, finding.message
    assert words in finding.message
    if verdict is Verdict.FAIL:
        assert finding.severity is LOW
        assert finding.chain == (Place("urls.py", 7),)


@pytest.mark.parametrize(
    "backends, base, overrides, verdict",
    [
        (["shop.Own", MODEL], STANDALONE, (), Verdict.PASS),
        ([STANDALONE, "shop.Own"], MODEL, (), Verdict.PASS),
        # Who overrides authenticate() may ask axes, or take no password at all.
        (["shop.Own", STANDALONE], MODEL, ("authenticate",), Verdict.UNKNOWN),
        (["shop.Own"], MODEL, ("authenticate",), Verdict.UNKNOWN),
        (["shop.Own", STANDALONE], MODEL, ("get_user",), Verdict.FAIL),
        (["shop.Own"], MODEL, (), Verdict.FAIL),
    ],
)
def test_backends_of_the_project(judged, backends, base, overrides, verdict: Verdict) -> None:
    found = Definition(Place("shop.py", 1), (base,), frozenset(overrides), frozenset(), None)
    settings = routed(
        {**AXES, "AUTHENTICATION_BACKENDS": backends},
        definition=lambda dotted: found if dotted == "shop.Own" else None,
    )
    finding = judged("login-throttling", settings)
    assert finding.verdict is verdict, finding.message
