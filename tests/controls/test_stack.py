"""Middleware of the project: what it extends, what it overrides, what it does in front."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardango.findings import Finding, Severity, Verdict
from hardango.settings.evaluate import evaluate

DJANGO = (
    "from django.middleware.security import SecurityMiddleware\n"
    "from django.middleware.csrf import CsrfViewMiddleware\n"
    "from django.middleware.clickjacking import XFrameOptionsMiddleware\n"
    "from django.utils.deprecation import MiddlewareMixin\n"
    "from django.http import HttpResponse\n"
)
SECURITY = "django.middleware.security.SecurityMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"

SETTINGS = (
    "SECURE_SSL_REDIRECT = CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = True\n"
    "SECURE_HSTS_SECONDS = 31536000\n"
)

HEIR = "class Ours(SecurityMiddleware):\n    pass\n"


@pytest.fixture
def judge_files(judged, tmp_path: Path):
    """The finding of a control on a project with a module shop/middleware.py."""

    def judge(control: str, source: str, stack: list[str], **files: str) -> Finding:
        (tmp_path / "shop").mkdir()
        named = {"__init__": "", "middleware": DJANGO + source, **files}
        for name, text in named.items():
            (tmp_path / "shop" / f"{name}.py").write_text(text)
        (tmp_path / "production.py").write_text(f"{SETTINGS}MIDDLEWARE = {stack!r}\n")
        settings = evaluate("production", root=str(tmp_path), import_roots=(str(tmp_path),))
        return judged(control, settings)

    return judge


OURS = ["shop.middleware.Ours"]


@pytest.mark.parametrize("control", ["security-middleware", "ssl-redirect", "hsts"])
@pytest.mark.parametrize(
    "source",
    [
        HEIR,
        "class Between(SecurityMiddleware):\n    pass\nclass Ours(Between):\n    pass\n",
        'class Ours(MiddlewareMixin, SecurityMiddleware):\n    """Ours."""\n',
        (
            "import django.middleware.security as security\n"
            "class Ours(security.SecurityMiddleware):\n    pass\n"
        ),
        "class Ours(SecurityMiddleware):\n    def note(self):\n        return 1\n",
        (
            "class Ours(SecurityMiddleware):\n    def process_request(self, request):\n"
            '        """As before."""\n        return super().process_request(request)\n'
        ),
        (
            "class Ours(SecurityMiddleware):\n    def __init__(self, get_response):\n"
            "        super().__init__(get_response)\n"
        ),
        "Ours = None\nfrom .other import Theirs as Ours\n",
        "from .other import *\n",
        "try:\n    import x\nexcept ImportError:\n    x = None\n" + HEIR,
        HEIR.replace("Ours(", "Ours(object, "),
    ],
)
def test_a_class_that_extends_django_s(judge_files, control: str, source: str) -> None:
    other = DJANGO + HEIR + HEIR.replace("Ours", "Theirs")
    finding = judge_files(control, source, OURS, other=other)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("control", "method", "verdict"),
    [
        ("ssl-redirect", "process_request", Verdict.UNKNOWN),
        ("ssl-redirect", "process_response", Verdict.PASS),
        ("hsts", "process_response", Verdict.UNKNOWN),
        ("hsts", "process_request", Verdict.PASS),
        ("content-type-nosniff", "process_response", Verdict.UNKNOWN),
        ("content-type-nosniff", "process_request", Verdict.PASS),
        ("security-middleware", "process_request", Verdict.UNKNOWN),
        ("security-middleware", "process_view", Verdict.PASS),
        ("ssl-redirect", "__init__", Verdict.UNKNOWN),
        ("hsts", "__call__", Verdict.UNKNOWN),
    ],
)
def test_a_class_that_overrides(judge_files, control: str, method: str, verdict: Verdict) -> None:
    source = (
        f"class Ours(SecurityMiddleware):\n    def {method}(self, *given):\n        self.x = 1\n"
    )
    finding = judge_files(control, source, OURS)
    assert finding.verdict is verdict, finding.message
    assert (f"overrides {method}()" in finding.message) is (verdict is Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        # A name is not enough.
        ("class SecurityMiddleware:\n    pass\n", Verdict.FAIL),
        ("class SecurityMiddleware(MiddlewareMixin):\n    pass\n", Verdict.FAIL),
        (("from lib.security import Mixin\n"
         "class SecurityMiddleware(Mixin, Django):\n    pass\n"), Verdict.UNKNOWN),
        (("from lib.security import SecurityMiddleware as Theirs\n"
         "class SecurityMiddleware(Theirs):\n    pass\n"), Verdict.UNKNOWN),
        ("class SecurityMiddleware(made()):\n    pass\n", Verdict.UNKNOWN),
        (("class SecurityMiddleware:\n    def __call__(self, request):\n"
         "        response = self.get_response(request)\n"
         "        response['Strict-Transport-Security'] = 'max-age=1'\n        return response\n"),
         Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_a_class_of_the_same_name(judge_files, source: str, verdict: Verdict) -> None:
    # The import of Django's class under its own name would bind the name twice.
    plain = DJANGO.replace("import SecurityMiddleware", "import SecurityMiddleware as Django")
    finding = judge_files("hsts", "", ["shop.plain.SecurityMiddleware"], plain=plain + source)
    assert finding.verdict is verdict, finding.message


BLOCKER = (
    "class Blocker(MiddlewareMixin):\n    def process_request(self, request):\n"
    "        if request.path == '/x':\n            return HttpResponse('no')\n"
)


@pytest.mark.parametrize(
    ("source", "early"),
    [
        (("class Timing:\n    def __call__(self, request):\n"
         "        response = self.get_response(request)\n        return response\n"), False),
        (("class Looks(MiddlewareMixin):\n    def process_request(self, request):\n"
         "        if request.x:\n            return None\n        return\n"), False),
        (("class Late(MiddlewareMixin):\n    def process_view(self, request):\n"
         "        return HttpResponse('no')\n"), False),
        (("def timing(get_response):\n    def middleware(request):\n"
         "        return get_response(request)\n    return middleware\n"), False),
        (BLOCKER.replace("Blocker", "HealthCheck"), False),
        (BLOCKER.replace("Blocker", "SSLRedirect"), False),
        (BLOCKER, True),
        (("class Maintenance:\n    def __call__(self, request):\n"
         "        if request.x:\n            return HttpResponse('soon')\n"
         "        return self.get_response(request)\n"), True),
        (("def maintenance(get_response):\n    def middleware(request):\n"
         "        return HttpResponse('soon')\n    return middleware\n"), True),
    ],
)  # fmt: skip
def test_what_stands_in_front(judge_files, source: str, early: bool) -> None:
    name = source.split("(")[0].split(":")[0].split()[-1]
    finding = judge_files("security-middleware", source, [f"shop.middleware.{name}", SECURITY])
    assert finding.verdict is (Verdict.FAIL if early else Verdict.PASS), finding.message
    assert ("answers requests itself (shop/middleware.py:" in finding.message) is early
    assert not early or finding.severity is Severity.LOW


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("class Ours(XFrameOptionsMiddleware):\n    pass\n", Verdict.PASS),
        (("class Ours(XFrameOptionsMiddleware):\n    def get_xframe_options_value(self, a, b):\n"
         "        return 'ALLOWALL'\n"), Verdict.UNKNOWN),
        (("class Ours(MiddlewareMixin):\n    def process_response(self, request, response):\n"
         "        response['X-Frame-Options'] = 'DENY'\n        return response\n"),
         Verdict.UNKNOWN),
        (("NAME = 'X-Frame-Options'\nclass Ours:\n    def __call__(self, request):\n"
         "        return add(self.get_response(request), NAME)\n"), Verdict.UNKNOWN),
        ("class Ours(MiddlewareMixin):\n    pass\n", Verdict.FAIL),
    ],
)  # fmt: skip
def test_frames(judge_files, source: str, verdict: Verdict) -> None:
    assert judge_files("frame-options", source, OURS).verdict is verdict


FREE = (
    "class Free(MiddlewareMixin):\n    def process_request(self, request):\n"
    "        request._dont_enforce_csrf_checks = True\n"
)


@pytest.mark.parametrize(
    ("source", "stack", "verdict"),
    [
        ("", [SESSIONS, CSRF], Verdict.PASS),
        ("class Ours(CsrfViewMiddleware):\n    pass\n", [SESSIONS, *OURS], Verdict.PASS),
        (("class Ours(CsrfViewMiddleware):\n    def process_view(self, *given):\n"
         "        return None\n"), [SESSIONS, *OURS], Verdict.UNKNOWN),
        ("class CsrfViewMiddleware2(MiddlewareMixin):\n    pass\n",
         [SESSIONS, "shop.middleware.CsrfViewMiddleware2"], Verdict.FAIL),
        (FREE, [SESSIONS, "shop.middleware.Free", CSRF], Verdict.UNKNOWN),
        (FREE.replace("request._dont_enforce_csrf_checks = True",
                      "setattr(request, '_dont_enforce_csrf_checks', True)"),
         [SESSIONS, "shop.middleware.Free", CSRF], Verdict.UNKNOWN),
        (FREE, [SESSIONS, CSRF], Verdict.PASS),
        ("class Ours(CsrfViewMiddleware):\n    pass\n", ["lib.CsrfViewMiddleware", SESSIONS],
         Verdict.PASS),
    ],
)  # fmt: skip
def test_forged_requests(judge_files, source: str, stack: list[str], verdict: Verdict) -> None:
    finding = judge_files("csrf-cookie-secure", source, stack)
    assert finding.verdict is verdict, finding.message


def test_a_class_that_extends_the_session_middleware_makes_sessions(judge_files) -> None:
    source = (
        "from django.contrib.sessions.middleware import SessionMiddleware\n"
        "class Ours(SessionMiddleware):\n    pass\n"
    )
    finding = judge_files("session-cookie-secure", source, OURS)
    assert (finding.verdict, finding.applies) == (Verdict.PASS, True)


@pytest.mark.parametrize(
    "source",
    [
        "class Ours(",
        "print 'x'\n",
        "from .middleware import Ours\n",
        "\0",
        "from .other import *\n",
    ],
)
def test_a_source_that_leads_nowhere(judge_files, source: str) -> None:
    finding = judge_files("hsts", source, OURS, other="from .middleware import *\n")
    assert finding.verdict is Verdict.FAIL
