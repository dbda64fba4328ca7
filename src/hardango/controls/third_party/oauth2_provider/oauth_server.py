"""A code or token of this site's OAuth server ends up with the client that it is for.

django-oauth-toolkit makes the site a server for OAuth: other programs get tokens with which they act for a user. Whoever
catches a code or a token on the way acts instead.

With an `http` scheme in `ALLOWED_REDIRECT_URI_SCHEMES`, codes may be sent back over plain HTTP, where anybody on the way
reads them; that is the library's default, for clients on the user's own machine. `PKCE_REQUIRED` (on by default since 2.0)
ties a code to who asked for it, so that a caught one is worthless. `ALLOW_URI_WILDCARDS` (3.0) sends codes to every name
below a domain. Tokens that live for years cannot be told from those that their owner has lost.

What breaks: clients without PKCE, which every current library has. No check of Django looks at it; hardango says of the
default scheme only with `--pedantic`.
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
    rfc,
    unreadable,
)  # fmt: skip
from hardango.controls.options import Library, judged_where_used, of_switch, option
from hardango.controls.packages import at_least
from hardango.controls.values import said
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

OPTIONS = "OAUTH2_PROVIDER"

OAUTH_SERVER = Control(
    "oauth-server",
    title="Codes and tokens of the OAuth server",
    weakness="Codes or tokens of the OAuth server can be caught",
    severity=Severity.MEDIUM,
    settings=(OPTIONS, "INSTALLED_APPS"),
    attack="Someone on the network, or with an app on the same device, catches a code and acts as its user.",
    remedy='Leave "PKCE_REQUIRED" on, set "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] in '
    "OAUTH2_PROVIDER.",
    references=(
        asvs("10.4.1"), asvs("10.4.6"), cwe(319), cwe(601), rfc(9700),
        docs("https://django-oauth-toolkit.readthedocs.io/en/latest/settings.html"),
    ),
)  # fmt: skip

LIBRARY = Library("django-oauth-toolkit", "django-oauth-toolkit", "oauth2_provider", own=(OPTIONS,))
YEAR, DAY = 365 * 86400, 86400


@OAUTH_SERVER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(
        settings, deployment, LIBRARY, lambda case: of_options(deployment, case)
    )


def of_options(deployment: Deployment, case: Case) -> Iterator[Judgement]:
    yield of_pkce(deployment, case)
    yield of_schemes(case)
    wildcards = option(case, OPTIONS, "ALLOW_URI_WILDCARDS", False)
    yield of_switch(case, wildcards, False, "codes go to every name below a domain", Severity.LOW)
    yield from of_lifetime(case)


def of_pkce(deployment: Deployment, case: Case) -> Judgement:
    """Whether a code is tied to who asked for it. A function decides for each client."""
    newer = at_least(deployment, LIBRARY.package, (2, 0))
    found = option(case, OPTIONS, "PKCE_REQUIRED", newer is not False)
    consequence = "a code that was caught is good for a token"
    if isinstance(found.value, Unknown) and not found.value.variables:
        return unreadable(case, found.unread, OPTIONS, severity=Severity.LOW)
    return of_switch(case, found, True, consequence)


def of_schemes(case: Case) -> Judgement:
    """Whether a code can be sent back over plain HTTP."""
    found = option(case, OPTIONS, "ALLOWED_REDIRECT_URI_SCHEMES", ["http", "https"])
    value = found.value
    if isinstance(value, (list, tuple)) and "http" in value:
        message = f"{found.stated}: codes may be sent back over plain HTTP"
        return bad(case, message, OPTIONS, severity=Severity.LOW, pedantic=True)
    if found.unread:
        return unreadable(case, found.unread, OPTIONS, severity=Severity.LOW)
    if isinstance(value, (list, tuple)) and any(isinstance(each, Unknown) for each in value):
        why = f"An item of {found.name} could not be read"
        return unreadable(case, why, OPTIONS, severity=Severity.LOW)
    return good(case, f"{found.name} is {said(value)}", OPTIONS)


def of_lifetime(case: Case) -> Iterator[Judgement]:
    """Whether an access token lives for longer than anybody remembers it."""
    found = option(case, OPTIONS, "ACCESS_TOKEN_EXPIRE_SECONDS", 36000)
    if not isinstance(found.value, int) or found.value <= DAY:
        return
    days = found.value // DAY
    message = (
        f"{found.name} is {days} day{'s' if days > 1 else ''}: for so long a stolen token works"
    )
    severity = Severity.MEDIUM if found.value >= YEAR else Severity.LOW
    yield bad(case, message, OPTIONS, severity=severity, pedantic=found.value <= 30 * DAY)


@OAUTH_SERVER.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Entry

    yield Entry(OPTIONS, ("PKCE_REQUIRED",), True, safe=False,
                risk="clients that send no code challenge can't log anybody in")  # fmt: skip
