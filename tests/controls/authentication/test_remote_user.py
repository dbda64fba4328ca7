"""Who can say who the user is."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Verdict
from hardango.project.model import Deployment, EntryPoint, Flag, Topology
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

MIDDLEWARE = "django.contrib.auth.middleware.RemoteUserMiddleware"
PERSISTENT = "django.contrib.auth.middleware.PersistentRemoteUserMiddleware"
REMOTE = "django.contrib.auth.backends.RemoteUserBackend"
MODEL = "django.contrib.auth.backends.ModelBackend"
OWN = "shop.middleware.ProxyUser"
PLACE = Place("Dockerfile", 9)


def served(by: str, topology: Topology = Topology(), *flags: Flag) -> Deployment:  # noqa: B008
    start = EntryPoint("Dockerfile", "production", PLACE, server=by)
    return Deployment(entry_points=(start,), topology=topology, flags=flags)


NOBODY, GUNICORN, UVICORN = Deployment(), served("gunicorn"), served("uvicorn")
WORKER = served(
    "gunicorn", Topology(), Flag("gunicorn", "worker_class", "uvicorn.workers.UvicornWorker", PLACE)
)
SAID = served("gunicorn", Topology(tls="proxy", user_header="X-Remote-User"))
OTHER = served("gunicorn", Topology(tls="proxy", user_header="X-User"))
ALONE = served("gunicorn", Topology(tls="server"))
ASGI_ALONE = served("daphne", Topology(tls="none"))
ASGI_SAID = served("daphne", Topology(user_header="remote-user"))


def reading(*words: str, overrides: tuple[str, ...] = ("header",), base: str = MIDDLEWARE):
    found = Definition(
        Place("shop/middleware.py", 3), (base,), frozenset(overrides), frozenset(words), None
    )
    return lambda dotted: found if dotted == OWN else None


HEADER = reading("HTTP_X_REMOTE_USER")


@pytest.mark.parametrize(
    "middleware, backends, definition, deployment, verdict, words",
    [
        ([], [MODEL], None, NOBODY, Verdict.PASS, "No middleware takes the user"),
        ([], [REMOTE], None, UVICORN, Verdict.PASS, "No middleware takes the user"),
        ([MIDDLEWARE], [REMOTE], None, GUNICORN, Verdict.PASS, "no header of a client can be under WSGI"),
        ([PERSISTENT], [REMOTE, MODEL], None, GUNICORN, Verdict.PASS, "under WSGI"),
        # Nobody believes what the middleware says.
        ([MIDDLEWARE], [MODEL], None, UVICORN, Verdict.PASS, "No backend logs in"),
        ([OWN], [MODEL], HEADER, GUNICORN, Verdict.PASS, "No backend logs in"),
        # The project's class leaves the header alone, or is something else.
        ([OWN], [REMOTE], reading(overrides=("force_logout_if_no_header",)), GUNICORN, Verdict.PASS, "under WSGI"),
        ([OWN], [REMOTE], reading("HTTP_X_REMOTE_USER", base="shop.Other"), GUNICORN, Verdict.PASS, "No middleware"),
        # Another middleware puts a header of the client where Django looks.
        ([OWN, MIDDLEWARE], [REMOTE], reading("REMOTE_USER", "HTTP_X", base=""), GUNICORN, Verdict.UNKNOWN, "speaks, too"),
        ([OWN, MIDDLEWARE], [REMOTE], reading("HTTP_X", base=""), GUNICORN, Verdict.PASS, "under WSGI"),
        ([OWN], [REMOTE], HEADER, SAID, Verdict.ELSEWHERE, "The proxy sets or removes it"),
        ([MIDDLEWARE], [REMOTE], None, ASGI_SAID, Verdict.ELSEWHERE, "The proxy sets or removes it"),
        ([MIDDLEWARE], [REMOTE], None, NOBODY, Verdict.UNKNOWN, "hardango does not know which of them"),
        ([MIDDLEWARE], [REMOTE], None, UVICORN, Verdict.UNKNOWN, "whoever the header Remote-User names"),
        ([MIDDLEWARE], [REMOTE], None, WORKER, Verdict.UNKNOWN, "whoever the header Remote-User names"),
        ([OWN], [REMOTE], HEADER, GUNICORN, Verdict.UNKNOWN, "X-Remote-User names: safe only if"),
        ([OWN], ["shop.Backend"], HEADER, GUNICORN, Verdict.UNKNOWN, "X-Remote-User names: safe only if"),
        ([OWN], [REMOTE], HEADER, OTHER, Verdict.UNKNOWN, "X-Remote-User names: safe only if"),
        ([OWN], [REMOTE], reading("HTTP_", "upper"), GUNICORN, Verdict.UNKNOWN, "could not be read"),
        ([OWN], [REMOTE], reading("HTTP_{name}", "format"), SAID, Verdict.UNKNOWN, "could not be read"),
        (
            [OWN], [REMOTE], reading("REMOTE_USER_HEADER", "login", base=""), GUNICORN,
            Verdict.UNKNOWN, "could not be read",
        ),
        (["other.RemoteUserMiddleware"], [REMOTE], None, GUNICORN, Verdict.UNKNOWN, "if any"),
        ([OWN], [REMOTE], reading("REMOTE_USER", base=""), GUNICORN, Verdict.PASS, "No middleware"),
        ([OWN], [REMOTE], reading(), GUNICORN, Verdict.UNKNOWN, "could not be read"),
        (Unknown("x"), [REMOTE], None, GUNICORN, Verdict.UNKNOWN, "MIDDLEWARE"),
        ([OWN], [REMOTE], HEADER, ALONE, Verdict.FAIL, "no proxy stands in front"),
        ([MIDDLEWARE], [REMOTE], None, ASGI_ALONE, Verdict.FAIL, "no proxy stands in front"),
        ({"if X": [OWN], "else": []}, [REMOTE], HEADER, ALONE, Verdict.CONDITIONAL, "no proxy"),
    ],
)  # fmt: skip
def test_verdicts(judged, middleware, backends, definition, deployment, verdict, words) -> None:
    more = {"definition": definition} if definition else {}
    settings = Settings.of({"MIDDLEWARE": middleware, "AUTHENTICATION_BACKENDS": backends}, **more)
    finding = judged("remote-user", settings, deployment=deployment)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("value", "verdict", "words"),
    [
        ("REMOTE_USER", Verdict.PASS, "under WSGI"),
        ("HTTP_X_USER", Verdict.FAIL, "the header X-User names"),
        (Unknown("read from HEADER"), Verdict.UNKNOWN, "could not be read"),
    ],
)
def test_a_setting_that_names_the_header(
    judged, value: object, verdict: Verdict, words: str
) -> None:
    values = {"MIDDLEWARE": [OWN], "AUTHENTICATION_BACKENDS": [REMOTE], "HTTP_USER_HEADER": value}
    settings = Settings.of(values, definition=reading("HTTP_USER_HEADER"))
    topology = Topology(tls="server") if verdict is Verdict.FAIL else Topology()
    finding = judged("remote-user", settings, deployment=served("gunicorn", topology))
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


def test_before_django_5_2_asgi_never_sees_a_user(judged) -> None:
    values = {"MIDDLEWARE": [MIDDLEWARE], "AUTHENTICATION_BACKENDS": [REMOTE]}
    assert judged("remote-user", values, django=(5, 1), deployment=UVICORN).verdict is Verdict.PASS
