"""Visitors log in over HTTPS, at an address that the project chose.

Django sends whoever has to log in to `LOGIN_URL`, and from there to `LOGIN_REDIRECT_URL`; after logging out,
to `LOGOUT_REDIRECT_URL`. Each can be a full address. One that starts with `http://` takes the visitor to plain
HTTP: who stands in between reads the password, or answers with a login page of their own.

A path, or the name of a URL pattern, keeps the visitor on the host and the scheme of the request. A full
address with `https://` is right where another site does the login (single sign-on); whose site that is, the
settings cannot tell. The address behind `?next=` is checked by Django's own views, not by these settings.

No check of Django looks at it. What breaks: nothing, as long as the same site answers over HTTPS.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.values import alternatives, said, stated, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

LOGIN_URLS = Control(
    "login-urls",
    title="Where visitors are sent to log in",
    weakness="Visitors are sent to plain HTTP to log in",
    severity=Severity.MEDIUM,
    settings=("LOGIN_URL", "LOGIN_REDIRECT_URL", "LOGOUT_REDIRECT_URL"),
    attack="Somebody on the same network reads the password, or shows a login page of their own.",
    remedy='Set LOGIN_URL to a path, to the name of a URL pattern, or to an address with "https://".',
    references=(
        asvs("12.2.1"), cwe(319), cwe(601), docs("ref/settings/#login-url"),
        docs("topics/auth/default/#module-django.contrib.auth.views"),
    ),
)  # fmt: skip

LOCAL = ("http://localhost", "http://127.0.0.1", "http://[::1]")


@LOGIN_URLS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for name in LOGIN_URLS.settings:
        severity = Severity.MEDIUM if name == "LOGIN_URL" else Severity.LOW
        for outcome in alternatives(settings, name):
            yield of_address(outcome, name, severity)


def of_address(outcome: Outcome, name: str, severity: Severity) -> Judgement:
    """Whether one address leads to plain HTTP."""
    value = outcome.value
    start = value.prefix if isinstance(value, Unknown) else value
    plain = isinstance(start, str) and start.lower().startswith("http://")
    if plain and not str(start).lower().startswith(LOCAL):
        shown = said(value) if isinstance(value, str) else f'an address that starts with "{start}"'
        return bad(outcome, f"{name} is {shown}: plain HTTP", severity=severity)
    if isinstance(value, Unknown) and not start and value.type in (None, "str"):
        unknown = unreadable(outcome, why_unknown(name, value), severity=Severity.LOW)
        return unknown._replace(pedantic=name != "LOGIN_URL")
    if isinstance(value, Unknown):
        return good(outcome, f"{name} does not lead to plain HTTP")
    return good(outcome, stated(outcome, name))


@LOGIN_URLS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    for name in LOGIN_URLS.settings:
        values = [each.value for each in alternatives(settings, name)]
        value = values[0] if len(values) == 1 else None
        if isinstance(value, str) and value.lower().startswith("http://"):
            if not value.lower().startswith(LOCAL):
                yield Assign(name, f"https{value[4:]}", safe=False,
                             risk="nobody gets there if that host does not answer over HTTPS")  # fmt: skip
