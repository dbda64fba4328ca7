"""Snapshots of what people see, and a report that has one of everything."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hardango.findings import (
    Assumption,
    Finding,
    Ignored,
    Note,
    Place,
    Problem,
    Refusal,
    Report,
    Severity,
    Verdict,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compares a text with the file of that name: `snapshot("audit.txt", text)`.

    UPDATE_SNAPSHOTS=1 in the environment writes the file instead; look at the diff before you
    commit it.
    """

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


BASE, PRODUCTION = "config/settings/base.py", "config/settings/production.py"

DEBUG = Finding(
    "debug",
    Verdict.CONDITIONAL,
    Severity.CRITICAL,
    "Debug mode is on in production",
    "DEBUG is the text that DJANGO_DEBUG holds, and every text that is not empty is true in "
    "Python, even 'False' and '0'",
    when=("DJANGO_DEBUG is set", "LOCAL is unset or LOCAL is empty"),
    chain=(Place(PRODUCTION, 12),),
    attack="Anyone who causes an error reads source code, local variables, settings and SQL.",
    remedy="Set DEBUG = False in the module that production loads.",
    references=("security.W018", "CWE-489"),
    fingerprint="0123456789abcdef",
)
SECRET_KEY = Finding(
    "secret-key",
    Verdict.FAIL,
    Severity.CRITICAL,
    "The secret key is not a secret of production's own",
    "SECRET_KEY stands in the source, for everyone who sees it",
    chain=(Place(BASE, 31), Place(PRODUCTION, 4)),
    problems=(
        Problem(Verdict.FAIL, "SECRET_KEY stands in the source, for everyone who sees it"),
        Problem(
            Verdict.FAIL,
            "it signs API tokens too",
            ("USE_JWT is set",),
            (Place(BASE, 70), Place(BASE, 80)),
        ),
        Problem(Verdict.FAIL, "the second reason"),
        Problem(Verdict.FAIL, "the third reason"),
        Problem(Verdict.UNKNOWN, "the last reason", (), (Place(BASE, 33),)),
    ),
    attack="Whoever knows the key writes valid password-reset links for any account.",
    remedy="Read it from the environment without a fallback.",
)
HOSTS = Finding(
    "allowed-hosts",
    Verdict.FAIL,
    Severity.HIGH,
    "Requests for host names that are not this site's are answered, whoever asks for them",
    '"*" is in ALLOWED_HOSTS: every host name is accepted',
    chain=(Place(PRODUCTION, 20),),
    attack="A request with a foreign Host header makes Django write links to the attacker's site.",
    remedy='List the exact names of the site, such as ["www.example.com"].',
)
UNKNOWN = Finding(
    "hsts",
    Verdict.UNKNOWN,
    Severity.MEDIUM,
    "HSTS",
    "SECURE_HSTS_SECONDS is decided by HSTS, and hardango does not know production's value",
    when=("HSTS is set",),
    chain=(Place(BASE, 90),),
)
PASSED = (
    Finding("content-type-nosniff", Verdict.PASS, Severity.LOW, "Nosniff", "The header is sent"),
    Finding(
        "session-cookie-secure",
        Verdict.PASS,
        Severity.MEDIUM,
        "Session cookie",
        "SESSION_COOKIE_SECURE is True",
        chain=(Place(BASE, 40), Place(PRODUCTION, 41)),
    ),
)
NOT_APPLICABLE = Finding(
    "csrf-cookie-secure",
    Verdict.PASS,
    Severity.MEDIUM,
    "CSRF cookie",
    "There is no CSRF middleware, and the API takes tokens only",
    applies=False,
)
LATER = tuple(
    Finding(name, Verdict.UNKNOWN, Severity.HIGH, name, "Not yet judged", judged=False)
    for name in ("dependencies", "access-control")
)


@pytest.fixture
def report() -> Report:
    """A report with every kind of finding, note and assumption."""
    return Report(
        project="shop",
        module="config.settings.production",
        django="5.2 (requirements.txt:1)",
        reasons=("docker-compose.yml:8 sets DJANGO_SETTINGS_MODULE", "wsgi.py:5 names it too"),
        assumed=(
            Assumption("DJANGO_SETTINGS_MODULE", "config.settings.production", "compose.yml:8"),
            Assumption("DJANGO_DEBUG", "False", "compose.yml:9"),
            Assumption("SECRET_KEY", "***", ".env:3"),
            Assumption("DATABASE_URL", "(not in the repository)", "compose.yml:10"),
            *(Assumption(name, "x" * 60, "Dockerfile:3") for name in ("A", "B", "C", "D")),
        ),
        findings=(DEBUG, SECRET_KEY, HOSTS, UNKNOWN, *PASSED, NOT_APPLICABLE, *LATER),
        notes=(
            Note("a local file that is not in the repository could override", Place(BASE, 99)),
            Note('"test" in sys.argv is taken as False'),
        ),
        grade="F",
        score=11,
        sources={
            Place(PRODUCTION, 12): 'DEBUG = os.environ.get("DJANGO_DEBUG", "False")',
            Place(PRODUCTION, 4): 'SECRET_KEY = "***"',
            Place(PRODUCTION, 20): f"    ALLOWED_HOSTS = {['*', *['shop.example'] * 9]}",
        },
        refusals=tuple(
            Refusal((f"{name} is unset",), f"KeyError: {name}", Place(BASE, line))
            for line, name in enumerate(("SECRET_KEY", "DATABASE_URL", "MAIL", "HOST"), 50)
        ),
    )


IGNORED = HOSTS._replace(
    control="frame-options",
    title="Other sites can show this one in a frame",
    severity=Severity.MEDIUM,
    fingerprint="fedcba9876543210",
    ignored=(
        Ignored("the partner portal frames us", Place("pyproject.toml", 12), "2027-01-31"),
        Ignored("agreed in the review", Place(PRODUCTION, 20)),
    ),
)
ELSEWHERE = Finding(
    "ssl-redirect",
    Verdict.ELSEWHERE,
    Severity.MEDIUM,
    "Redirect to HTTPS",
    "The proxy redirects, as hardango.toml:4 says",
)


@pytest.fixture
def whole(report: Report) -> Report:
    """The same with a weakness that is ignored, one that is satisfied elsewhere, the source of
    each place, and a project that is not at the root of its repository."""
    problems = tuple(
        each._replace(fingerprint=f"{number:016x}")
        for number, each in enumerate(SECRET_KEY.problems)
    )
    secret = SECRET_KEY._replace(problems=problems, fingerprint="00112233445566ff")
    findings = [secret if each is SECRET_KEY else each for each in report.findings]
    return report._replace(
        findings=(*findings, IGNORED, ELSEWHERE),
        sources={**report.sources, Place(BASE, 31): 'SECRET_KEY = env("KEY", default="***")'},
        folder="back end/",
    )


@pytest.fixture
def sound(report: Report) -> Report:
    """A report in which all is well."""
    return report._replace(
        assumed=report.assumed[:1],
        notes=(),
        refusals=(),
        findings=(*PASSED, *LATER),
        grade="A",
        score=100,
    )
