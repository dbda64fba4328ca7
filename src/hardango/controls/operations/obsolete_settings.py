"""No setting is there that does nothing any more.

Django ignores every name that it does not know. A setting that a version removed stays in the file, reads like
protection, and protects nothing; where a new one took its place and is not set, Django's default holds
instead. An attacker finds what nobody looks at, because the file says that it is taken care of.

The ones that matter: `MIDDLEWARE_CLASSES` (2.0: no middleware runs at all), `SECURE_BROWSER_XSS_FILTER` (4.0; the filter
of browsers is gone, too, and had become a hole of its own), `PASSWORD_RESET_TIMEOUT_DAYS` (4.0), `DEFAULT_FILE_STORAGE` and
`STATICFILES_STORAGE` (5.1: files go to the local disk instead of the storage that is named), and two that never
were Django's, though many templates have them: `SECURE_FRAME_DENY`, of the package django-secure, and
`USE_X_FORWARDED_PROTO`.

What is lost decides the severity; a leftover beside its successor is told with `--pedantic` only. Removing it breaks
nothing. What django-csp reads is judged by content-security-policy; no check of Django looks at any of this.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    bad,
    cwe,
    docs,
    good_at,
    unreadable,
)  # fmt: skip
from hardango.controls.packages import imported
from hardango.controls.stack import app
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit


class Obsolete(NamedTuple):
    """A setting that Django does not read `since` a version, "" for ever; `successor` the one that
    took its place; `lost` what follows if that is not set, "" if nothing is lost; `of` the app
    that reads it."""

    name: str
    since: tuple[int, int]
    successor: str
    lost: str
    severity: Severity = Severity.LOW
    of: str = ""


OBSOLETE = (
    Obsolete("MIDDLEWARE_CLASSES", (2, 0), "MIDDLEWARE", "no middleware runs", Severity.MEDIUM),
    Obsolete("SECURE_BROWSER_XSS_FILTER", (4, 0), "",
             "the filter is gone from browsers as well; SECURE_CSP or django-csp does its work",
             Severity.INFO),
    Obsolete("PASSWORD_RESET_TIMEOUT_DAYS", (4, 0), "PASSWORD_RESET_TIMEOUT",
             "a reset link is good for 3 days"),
    Obsolete("DEFAULT_FILE_STORAGE", (5, 1), "STORAGES",
             "what users upload is kept below MEDIA_ROOT, and not where it says"),
    Obsolete("STATICFILES_STORAGE", (5, 1), "STORAGES",
             "static files are kept below STATIC_ROOT, and not as it says", Severity.INFO),
    Obsolete("SECURE_FRAME_DENY", (0, 0), "X_FRAME_OPTIONS",
             "X_FRAME_OPTIONS and its middleware decide who may frame a page", Severity.INFO,
             "djangosecure"),
    Obsolete("USE_X_FORWARDED_PROTO", (0, 0), "SECURE_PROXY_SSL_HEADER",
             "the scheme is that of the connection to the proxy", Severity.INFO),
)  # fmt: skip

OBSOLETE_SETTINGS = Control(
    "obsolete-settings",
    title="Settings that Django still reads",
    weakness="A setting does nothing any more",
    severity=Severity.LOW,
    settings=tuple(each.name for each in OBSOLETE),
    attack="What the settings seem to protect is open, and nobody looks there.",
    remedy="Remove the setting, and set the one that took its place.",
    references=(
        cwe(1188), cwe(477), docs("internals/deprecation/"),
        docs("releases/5.1/#features-removed-in-5-1"), docs("releases/4.0/#features-removed-in-4-0"),
    ),
)  # fmt: skip


@OBSOLETE_SETTINGS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for each in OBSOLETE:
        if each.name in settings and settings.django >= each.since:
            yield from of_name(settings, each)
    yield good_at(settings, "No setting of another version of Django is there")


def of_name(settings: Settings, old: Obsolete) -> Iterator[Judgement]:
    """What is lost in each case in which the project sets an obsolete setting."""
    names = (old.name, *([old.successor] if old.successor else []), "INSTALLED_APPS")
    for case in settings.cases(*names):
        outcome = case.outcomes[old.name]
        # Without a place it is not known whether it is set at all.
        if outcome.default or not outcome.chain or truth(outcome.value) is False:
            continue
        if old.of and (app(case, old.of).sure is not False or imported(settings, case, old.of)):
            continue
        yield told(case, old)


def told(case: Case, old: Obsolete) -> Judgement:
    """What is to be said of an obsolete setting in one case."""
    version = f"since Django {old.since[0]}.{old.since[1]}" if any(old.since) else "in Django"
    message = f"{old.name} does nothing {version}"
    if old.successor:
        outcome = case.outcomes[old.successor]
        if outcome.default:
            message += f", and {old.successor} is not set"
        elif outcome.known or not any(old.since):
            message += f"; {old.successor} is what counts"
            return bad(case, message, old.name, severity=Severity.INFO, pedantic=True)
        else:
            message += f", and whether {old.successor} is set is not known"
            return unreadable(case, message, old.name, severity=old.severity)
    return bad(case, f"{message}: {old.lost}", old.name, severity=old.severity)


UNDECIDED = frozenset(("MIDDLEWARE_CLASSES", "DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE"))
"""What follows from setting their successors today, somebody has to decide."""


@OBSOLETE_SETTINGS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    for old in OBSOLETE:
        known = settings.django_known or not any(old.since)
        if old.name in settings and known and settings.django >= old.since:
            lost = any(each.opinion is Opinion.BAD and not each.pedantic
                       for each in of_name(settings, old))  # fmt: skip
            if lost and old.name not in UNDECIDED:
                yield Drop(old.name)
