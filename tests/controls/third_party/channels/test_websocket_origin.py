"""Origin of WebSockets, by the source of the ASGI application."""

from __future__ import annotations

import pytest
from mutating import PACKAGES, SETTINGS, WSGI, Mutant

from hardango.findings import Severity, Verdict
from hardango.settings.evaluate import evaluate

START = """
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator, OriginValidator
from django.core.asgi import get_asgi_application
from shop import routes
"""
ROUTER = "application = ProtocolTypeRouter({{'http': get_asgi_application(), 'websocket': {}}})\n"
INNER = "AuthMiddlewareStack(URLRouter(routes))"


def settings_of(write, text: str, more: str = ""):
    root = str(write({
        "settings.py": f"DEBUG = False\nASGI_APPLICATION = 'shop.asgi.application'\n{more}",
        "shop/__init__.py": "", "shop/asgi.py": text,
        "shop/sockets.py": START + ROUTER.format(INNER),
    }))  # fmt: skip
    settings = evaluate("settings", root=root, import_roots=(root,))
    settings.definition("shop.asgi:application")
    return settings


@pytest.mark.parametrize(
    ("text", "verdict", "applies"),
    [
        (START + ROUTER.format(f"AllowedHostsOriginValidator({INNER})"), Verdict.PASS, True),
        (START + ROUTER.format(f"OriginValidator({INNER}, ['https://shop.example'])"), Verdict.PASS, True),
        (START + f"inner = AllowedHostsOriginValidator({INNER})\n" + ROUTER.format("inner"), Verdict.PASS, True),
        (START + "from channels.security.websocket import AllowedHostsOriginValidator as Checked\n"
         + ROUTER.format(f"Checked({INNER})"), Verdict.PASS, True),
        (START + "application = get_asgi_application()\n", Verdict.PASS, False),
        (START + "application = ProtocolTypeRouter({'http': get_asgi_application()})\n", Verdict.PASS, False),
        (START + ROUTER.format("URLRouter(routes)"), Verdict.PASS, True),
        (START + ROUTER.format(f"SameOriginOnly({INNER})"), Verdict.UNKNOWN, True),
        (START + ROUTER.format(INNER), Verdict.FAIL, True),
        (START + ROUTER.format(f"OriginValidator({INNER}, ['*'])"), Verdict.FAIL, True),
        (START + "application = get_asgi_application()\n" + ROUTER.format(INNER), Verdict.FAIL, True),
        ("from shop.sockets import application\n", Verdict.FAIL, True),
    ],
)  # fmt: skip
def test_who_opens_one(judged, write, text: str, verdict: Verdict, applies: bool) -> None:
    finding = judged("websocket-origin", settings_of(write, text), pedantic=False)
    assert (finding.verdict, finding.applies) == (verdict, applies), finding.message
    assert finding.severity is Severity.LOW


def test_the_cookie_decides(judged, write) -> None:
    settings = settings_of(
        write, START + ROUTER.format(INNER), "SESSION_COOKIE_SAMESITE = 'None'\n"
    )
    assert judged("websocket-origin", settings).severity is Severity.HIGH


def test_what_is_not_there(judged, write) -> None:
    assert not judged("websocket-origin", {}).applies
    settings = {"ASGI_APPLICATION": "shop.asgi.application"}
    assert judged("websocket-origin", settings, pedantic=False).verdict is Verdict.PASS
    assert judged("websocket-origin", settings).verdict is Verdict.UNKNOWN


MUTANTS = (
    Mutant(
        "websocket-origin", "", START.replace("from shop import routes\n", "")
        + "sockets = ProtocolTypeRouter({'websocket': AuthMiddlewareStack(URLRouter([]))})", WSGI,
        also=((SETTINGS, "", 'ASGI_APPLICATION = "config.wsgi.sockets"'), (PACKAGES, "", "channels==4.3.2")),
    ),
)  # fmt: skip
