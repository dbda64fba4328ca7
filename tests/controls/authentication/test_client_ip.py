"""Whose address limits count for."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, EntryPoint, Package, Topology
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

NONE, ONE, TWO = (Deployment(topology=Topology(proxies=count)) for count in (0, 1, 2))
NOBODY = Deployment()
FORWARDED = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]


def axes(**settings: Any) -> dict[str, Any]:
    return {
        "INSTALLED_APPS": ["axes"],
        **{f"AXES_{name}": value for name, value in settings.items()},
    }


def rest(*throttles: object, rates: object = {"anon": "9/m"}, **options: Any) -> dict[str, Any]:
    known = {
        "DEFAULT_THROTTLE_CLASSES": list(throttles),
        "DEFAULT_THROTTLE_RATES": rates,
        **options,
    }
    return {"INSTALLED_APPS": ["rest_framework"], "REST_FRAMEWORK": known}


def allauth(**settings: Any) -> dict[str, Any]:
    return {"INSTALLED_APPS": ["allauth", "allauth.account"], **settings}


def defender(**settings: Any) -> dict[str, Any]:
    named = {f"DEFENDER_{name}": value for name, value in settings.items()}
    return {"INSTALLED_APPS": ["defender"], **named}


def version(*numbers: int) -> Deployment:
    pinned = Package("django-allauth", numbers, "==", Place("requirements.txt", 1), exact=True)
    return Deployment(packages={"django-allauth": pinned})


def installed(**packages: tuple[int, ...]) -> Deployment:
    place = Place("requirements.txt", 1)
    named = {name.replace("_", "-"): version for name, version in packages.items()}
    return Deployment(
        packages={name: Package(name, numbers, "", place) for name, numbers in named.items()}
    )


LOCKED = installed(django_axes=(8, 3, 1), django=(5, 2), asgiref=(3, 10), sqlparse=(0, 5))
WITH_IPWARE = installed(django_axes=(8, 3, 1), django_ipware=(7, 0, 1))
OLD_AXES = installed(django_axes=(5, 41, 1))
OLD, NEW = version(65, 14, 1), version(65, 14, 2)
ANON, USER = (
    "rest_framework.throttling.AnonRateThrottle",
    "rest_framework.throttling.UserRateThrottle",
)
COUNT, ORDER = "IPWARE_PROXY_COUNT", "IPWARE_META_PRECEDENCE_ORDER"
LOW, MEDIUM = Severity.LOW, Severity.MEDIUM


@pytest.mark.parametrize(
    "settings, deployment, verdict, severity, words",
    [
        ({}, NOBODY, Verdict.PASS, None, "Nothing here limits"),
        # django-axes
        (axes(), NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        (axes(**{ORDER: FORWARDED}), LOCKED, Verdict.PASS, None, "without django-ipware"),
        (axes(**{COUNT: 0}), NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        (axes(**{COUNT: 1}), NOBODY, Verdict.UNKNOWN, None, "if django-ipware is installed"),
        (axes(**{COUNT: 1}), WITH_IPWARE, Verdict.FAIL, LOW, "counts everybody as one"),
        (axes(**{COUNT: 1}), OLD_AXES, Verdict.FAIL, LOW, "counts everybody as one"),
        (axes(**{ORDER: ["REMOTE_ADDR"]}), NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        (axes(**{ORDER: None}), WITH_IPWARE, Verdict.FAIL, Severity.MEDIUM, "leaves it to django-ipware"),
        (axes(**{ORDER: None}), LOCKED, Verdict.PASS, None, "without django-ipware"),
        (axes(**{ORDER: None, COUNT: 0}), ONE, Verdict.PASS, None, "0"),
        (axes(**{ORDER: ["REMOTE_ADDR", *FORWARDED]}), NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        (axes(**{ORDER: FORWARDED, COUNT: 1}), TWO, Verdict.PASS, None, "with 2 in front"),
        (axes(**{ORDER: FORWARDED, COUNT: 0}), ONE, Verdict.PASS, None, ""),
        (axes(**{ORDER: FORWARDED, "IPWARE_PROXY_TRUSTED_IPS": ["10.0.0.1"]}), NOBODY, Verdict.PASS, None, ""),
        (axes(**{ORDER: FORWARDED, "IPWARE_PROXY_ORDER": "right-most"}), NOBODY, Verdict.PASS, None, "nearest"),
        (axes(**{ORDER: FORWARDED, COUNT: 1}), NOBODY, Verdict.UNKNOWN, None, "right where 2 proxies"),
        (axes(**{ORDER: ["HTTP_X_REAL_IP"]}), NOBODY, Verdict.UNKNOWN, None, "HTTP_X_REAL_IP"),
        (axes(CLIENT_IP_CALLABLE="shop.ip"), NOBODY, Verdict.UNKNOWN, None, "own code"),
        (axes(**{ORDER: Unknown("x")}), NOBODY, Verdict.UNKNOWN, None, ""),
        (axes(**{ORDER: FORWARDED}), NOBODY, Verdict.FAIL, MEDIUM, "left-most"),
        (axes(META_PRECEDENCE_ORDER=tuple(FORWARDED)), NOBODY, Verdict.FAIL, MEDIUM, "left-most"),
        ({"INSTALLED_APPS": ["axes"], "IPWARE_META_PRECEDENCE_ORDER": FORWARDED}, NOBODY, Verdict.FAIL, MEDIUM, ""),
        (axes(**{ORDER: FORWARDED, COUNT: 1}), ONE, Verdict.FAIL, LOW, "1 proxy appends"),
        (axes(**{ORDER: FORWARDED, "IPWARE_PROXY_ORDER": "right-most"}), NONE, Verdict.FAIL, MEDIUM, ""),
        ({"AXES_IPWARE_META_PRECEDENCE_ORDER": FORWARDED}, NOBODY, Verdict.PASS, None, "Nothing here"),
        # Django REST framework
        (rest(), NOBODY, Verdict.PASS, None, "by default"),
        (rest(ANON, rates={}), NOBODY, Verdict.PASS, None, "by default"),
        (rest(ANON, NUM_PROXIES=1), NOBODY, Verdict.PASS, None, "NUM_PROXIES is 1"),
        (rest(ANON, NUM_PROXIES=0), NONE, Verdict.PASS, None, ""),
        (rest(ANON, NUM_PROXIES=1), TWO, Verdict.PASS, None, ""),
        (rest("shop.Throttle"), NOBODY, Verdict.UNKNOWN, None, "project's own"),
        (rest(ANON, NUM_PROXIES=Unknown("read from X", "int", ("X",))), NOBODY, Verdict.UNKNOWN, None, ""),
        (rest(ANON, USER), NOBODY, Verdict.FAIL, LOW, "NUM_PROXIES of REST_FRAMEWORK is None"),
        (rest(ANON, NUM_PROXIES=2), ONE, Verdict.FAIL, LOW, "1 proxy appends"),
        # django-allauth
        (allauth(), NEW, Verdict.PASS, None, "REMOTE_ADDR"),
        (allauth(ALLAUTH_TRUSTED_PROXY_COUNT=1), NEW, Verdict.PASS, None, ""),
        (allauth(ACCOUNT_RATE_LIMITS=False), OLD, Verdict.PASS, None, "is False"),
        (allauth(), NOBODY, Verdict.UNKNOWN, None, "which version"),
        (allauth(ACCOUNT_ADAPTER="shop.Adapter"), OLD, Verdict.UNKNOWN, None, "get_client_ip"),
        (allauth(ALLAUTH_TRUSTED_CLIENT_IP_HEADER="X-Real-IP"), NEW, Verdict.UNKNOWN, None, "X-Real-IP"),
        (allauth(), OLD, Verdict.FAIL, LOW, "65.14.1 believes the left-most"),
        (allauth(ALLAUTH_TRUSTED_PROXY_COUNT=2), ONE, Verdict.FAIL, LOW, "1 proxy appends"),
        # django-defender
        (defender(), NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        (defender(BEHIND_REVERSE_PROXY=False), NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        (defender(BEHIND_REVERSE_PROXY=True, REVERSE_PROXY_HEADER="HTTP_X_REAL_IP"), NOBODY, Verdict.UNKNOWN, None, ""),
        (defender(BEHIND_REVERSE_PROXY=True), NOBODY, Verdict.FAIL, MEDIUM, "left-most"),
        # django-ratelimit
        ({"RATELIMIT_IP_META_KEY": "REMOTE_ADDR"}, NOBODY, Verdict.PASS, None, "REMOTE_ADDR"),
        ({"RATELIMIT_IP_META_KEY": "shop.ip.find"}, NOBODY, Verdict.UNKNOWN, None, "shop.ip.find"),
    ],
)  # fmt: skip
def test_verdicts(judged, settings, deployment, verdict: Verdict, severity, words: str) -> None:
    finding = judged("client-ip", settings, deployment=deployment)
    assert finding.verdict is verdict, finding.message
    assert severity is None or finding.severity is severity
    assert words in finding.message


RATELIMIT = Package("django-ratelimit", (4, 1), "==4.1", Place("requirements.txt", 1))


@pytest.mark.parametrize(
    "key, verdict",
    [(None, Verdict.PASS), ("HTTP_X_REAL_IP", Verdict.UNKNOWN), ("HTTP_X_FORWARDED_FOR", Verdict.FAIL)],
)  # fmt: skip
def test_ratelimit(judged, key: str | None, verdict: Verdict) -> None:
    settings = {} if key is None else {"RATELIMIT_IP_META_KEY": key}
    deployment = Deployment(packages={"django-ratelimit": RATELIMIT})
    finding = judged("client-ip", settings, deployment=deployment)
    assert finding.verdict is verdict, finding.message


def test_what_the_versions_leave_open_is_said_only_on_demand(judged) -> None:
    assert judged("client-ip", allauth(), pedantic=False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "overrides, verdict", [((), Verdict.FAIL), (("get_ident",), Verdict.UNKNOWN), (("rate",), Verdict.FAIL)]
)  # fmt: skip
def test_throttles_of_the_project(judged, overrides: tuple[str, ...], verdict: Verdict) -> None:
    place = Place("shop/throttles.py", 1)
    found = Definition(place, (ANON,), frozenset(overrides), frozenset(), None)
    settings = Settings.of(rest("shop.Throttle"), definition=lambda dotted: found)
    assert judged("client-ip", settings).verdict is verdict


def served(by: str, proxies: int | None = 1) -> Deployment:
    start = EntryPoint("Dockerfile", "production", Place("Dockerfile", 1), server=by)
    return NEW._replace(entry_points=(start,), topology=Topology(proxies=proxies))


@pytest.mark.parametrize(
    "settings, deployment, verdict",
    [
        (axes(**{ORDER: FORWARDED, COUNT: 0}), served("gunicorn"), Verdict.PASS),
        (allauth(ALLAUTH_TRUSTED_PROXY_COUNT=1), served("gunicorn"), Verdict.PASS),
        # Nobody says that there are proxies, or there are none.
        (axes(), served("gunicorn", None), Verdict.PASS),
        (axes(), served("gunicorn", 0), Verdict.PASS),
        # Accounts are counted apart.
        (axes(LOCKOUT_PARAMETERS=[["username", "ip_address"]]), served("gunicorn"), Verdict.PASS),
        (axes(LOCK_OUT_BY_COMBINATION_USER_AND_IP=True), served("gunicorn"), Verdict.PASS),
        (defender(DISABLE_IP_LOCKOUT=True), served("gunicorn"), Verdict.PASS),
        # Other servers, or a middleware, may put the client's address there.
        (axes(), served("uwsgi"), Verdict.PASS),
        (axes(), served("uvicorn"), Verdict.PASS),
        (axes() | {"MIDDLEWARE": ["shop.XForwardedFor"]}, served("gunicorn"), Verdict.UNKNOWN),
        (axes() | {"MIDDLEWARE": Unknown("x")}, served("gunicorn"), Verdict.UNKNOWN),
        (axes(), served("gunicorn"), Verdict.FAIL),
        (axes(LOCKOUT_PARAMETERS=["username", "ip_address"]), served("gunicorn"), Verdict.FAIL),
        (allauth(), served("gunicorn"), Verdict.FAIL),
        (defender(), served("gunicorn"), Verdict.FAIL),
    ],
)
def test_the_address_of_the_proxy(judged, settings, deployment, verdict: Verdict) -> None:
    finding = judged("client-ip", settings, deployment=deployment)
    assert finding.verdict is verdict, finding.message
    assert verdict is Verdict.PASS or "lock out everybody" in finding.message
