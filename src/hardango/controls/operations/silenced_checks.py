"""Django's own warnings about security are heard.

`manage.py check --deploy` tells which protections are off, and an id in SILENCED_SYSTEM_CHECKS makes it quiet about
one: everywhere, for ever, without a reason. What was true on the day it was silenced (a test server without TLS,
a proxy that redirects) holds no longer a year later, and the check that would say so is gone: an attacker
finds cookies without `Secure`, or DEBUG on, before anybody else does.

hardango judges each protection by itself, whatever is silenced. This control is about the silence: the ids
of checks that no proxy can make superfluous. What a proxy can do instead (redirect, send headers: W001, W002, W004 to
W006, W008, W019, W021, W022) is told with `--pedantic` only; say that it does in `[tool.hardango.deployment]`. The
checks of django-axes count, too.

Nothing breaks when a check is heard again, but a build that fails on warnings: mend what it says, or ignore it
in one place, with a reason and a last day. An id that Django does not know, such as "security.*", silences
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, bad, cwe, docs, good, unreadable
from hardango.controls.values import why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

NAME = "SILENCED_SYSTEM_CHECKS"
SILENCED_CHECKS = Control(
    "silenced-checks",
    title="Django's checks of security",
    weakness="Django's warnings about security are silenced",
    severity=Severity.LOW,
    settings=(NAME,),
    attack="A protection that somebody turns off stays off until an attacker finds it.",
    remedy=f"Take the ids out of {NAME}, and mend what the checks then say.",
    references=(
        cwe(778), docs("ref/settings/#silenced-system-checks"),
        docs("ref/checks/#security"),
    ),
)  # fmt: skip

ABOUT = {
    "security.W003": "CSRF protection", "security.W009": "SECRET_KEY",
    "security.W010": "SESSION_COOKIE_SECURE", "security.W011": "SESSION_COOKIE_SECURE",
    "security.W012": "SESSION_COOKIE_SECURE", "security.W013": "SESSION_COOKIE_HTTPONLY",
    "security.W014": "SESSION_COOKIE_HTTPONLY", "security.W015": "SESSION_COOKIE_HTTPONLY",
    "security.W016": "CSRF_COOKIE_SECURE", "security.W018": "DEBUG",
    "security.W020": "ALLOWED_HOSTS", "security.W025": "SECRET_KEY_FALLBACKS",
    "security.W027": "the nonce of the content security policy",
    "security.E023": "SECURE_REFERRER_POLICY", "security.E024": "the opener policy",
    "security.E026": "the content security policy", "security.E101": "CSRF_FAILURE_VIEW",
    "security.E102": "CSRF_FAILURE_VIEW", "axes.W001": "the cache of django-axes",
    "axes.W002": "the middleware of django-axes", "axes.W003": "the backend of django-axes",
    "axes.W006": "what django-axes counts by",
}  # fmt: skip
"""What the checks are about that no proxy can make superfluous."""

IN_FRONT = {
    "security.W001": "SecurityMiddleware", "security.W002": "X-Frame-Options",
    "security.W004": "HSTS", "security.W005": "HSTS", "security.W006": "nosniff",
    "security.W008": "SECURE_SSL_REDIRECT", "security.W019": "X-Frame-Options",
    "security.W021": "HSTS", "security.W022": "Referrer-Policy",
}  # fmt: skip
"""What a proxy can do as well."""


@SILENCED_CHECKS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in settings[NAME]:
        yield from of_value(outcome)


def of_value(outcome: Outcome) -> Iterator[Judgement]:
    """Which warnings a list of ids hides."""
    value = outcome.value
    if isinstance(value, Unknown):
        yield unreadable(outcome, why_unknown(NAME, value))
        return
    ids = list(value) if isinstance(value, (list, tuple, set, frozenset)) else []
    for table, pedantic in ((ABOUT, False), (IN_FRONT, True)):
        known = sorted(each for each in ids if isinstance(each, str) and each in table)
        if known:
            shown = ", ".join(f"{each} ({table[each]})" for each in known)
            yield bad(outcome, f"{NAME} hides {shown}", pedantic=pedantic)
    for each in ids:
        if isinstance(each, Unknown) and "security".startswith(each.prefix[: len("security")]):
            hidden = why_unknown(f"An item of {NAME}", each)
            yield unreadable(outcome, hidden)
            break
    yield good(outcome, "No check of security is silenced")


@SILENCED_CHECKS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Exclude

    hidden = {each for outcome in settings[NAME] if isinstance(outcome.value, (list, tuple))
              for each in outcome.value if isinstance(each, str) and each in ABOUT}  # fmt: skip
    for each in sorted(hidden):
        refuses = each.rpartition(".")[2].startswith("E")
        yield Exclude(NAME, each, safe=not refuses,
                      risk="manage.py refuses to start while that error is there")  # fmt: skip
