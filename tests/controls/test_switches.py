"""Switches: a text that nothing turns into a boolean is explained, whichever the control."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.evaluate import evaluate

STACK = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

SWITCHES = {
    "ssl-redirect": "SECURE_SSL_REDIRECT",
    "session-cookie-secure": "SESSION_COOKIE_SECURE",
    "session-cookie-httponly": "SESSION_COOKIE_HTTPONLY",
    "csrf-cookie-secure": "CSRF_COOKIE_SECURE",
    "content-type-nosniff": "SECURE_CONTENT_TYPE_NOSNIFF",
}


@pytest.mark.parametrize("control", SWITCHES)
@pytest.mark.parametrize(
    ("value", "verdict", "text"),
    [
        ('os.environ["X"]', Verdict.UNKNOWN, True),
        ('os.environ.get("X", "False")', Verdict.UNKNOWN, True),
        ('config("X")', Verdict.UNKNOWN, True),
        ('config("X", default=False)', Verdict.CONDITIONAL, True),
        ('config("X", default=True, cast=bool)', Verdict.UNKNOWN, False),
        ('config("X", cast=bool)', Verdict.UNKNOWN, False),
        ('os.environ["X"] == "True"', Verdict.CONDITIONAL, False),
        ("True", Verdict.PASS, False),
        ('"False"', Verdict.PASS, False),
        ("False", Verdict.FAIL, False),
    ],
)
def test_a_text_is_true_whatever_it_says(
    judged, tmp_path, control: str, value: str, verdict: Verdict, text: bool
) -> None:
    source = f"import os\nfrom decouple import config\nMIDDLEWARE = {STACK!r}\n"
    (tmp_path / "production.py").write_text(f"{source}{SWITCHES[control]} = {value}\n")
    settings = evaluate("production", root=str(tmp_path), import_roots=(str(tmp_path),))
    finding = judged(control, settings)
    assert finding.verdict is verdict, finding.message
    said = [each for each in finding.problems if "nothing turns into a boolean" in each.message]
    assert bool(said) is text
