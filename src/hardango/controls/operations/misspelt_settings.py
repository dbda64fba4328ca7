"""The name of every setting that protects is spelt right.

`SECURE_SSL_REDIRECTS = True`, `CSRF_COOKIE_SECRUE = True`, `SECURE_HSTS_INCLUDE_SUBDOMAIN = True`: Django ignores every name that it
does not know, without a word, and its default holds. The file says that the site is protected, a reviewer reads
over the missing letter, and an attacker meets no protection.

hardango compares the names of the project with those of Django's settings for security: one that is a letter or two
away, or has the same words in another order, and that is neither another setting of Django nor a part of the
project where the right name is set as well. Without the right name nobody else sets it, so the default holds. What
follows from that is said by the control of the setting itself; this one says why.

Nothing breaks when the name is mended but what was never tried: the protection begins to work.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, bad, cwe, docs, good_at
from hardango.controls.values import said, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.defaults import BEFORE, NEWEST
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

MISSPELT_SETTINGS = Control(
    "misspelt-settings",
    title="Names of settings that protect",
    weakness="A setting that should protect is misspelt",
    severity=Severity.MEDIUM,
    settings=(),
    attack="The protection that the settings speak of is not there.",
    remedy="Spell the setting as Django does.",
    references=(cwe(1188), cwe(693), docs("ref/settings/")),
)  # fmt: skip

STARTS = ("SECURE_", "SESSION_COOKIE_", "CSRF_", "LANGUAGE_COOKIE_", "DATA_UPLOAD_", "USE_X_",
          "PASSWORD_", "SECRET_KEY_", "FILE_UPLOAD_")  # fmt: skip
OTHERS = ("X_FRAME_OPTIONS", "ALLOWED_HOSTS", "AUTHENTICATION_BACKENDS",
          "AUTH_PASSWORD_VALIDATORS", "SESSION_ENGINE", "SESSION_SERIALIZER",
          "SESSION_EXPIRE_AT_BROWSER_CLOSE")  # fmt: skip
SHORTEST = 12
"""Shorter names are near each other by chance."""


@MISSPELT_SETTINGS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for name, meant in misspelt(settings):
        yield from told(settings, name, meant)
    yield good_at(settings, "No name is nearly that of a setting that protects")


def misspelt(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each name that is nearly that of a setting, with what it should be."""
    known = set(NEWEST).union(*(before for _, before in BEFORE))
    targets = {
        name: frozenset(name.split("_"))
        for name in settings.defaults
        if name in OTHERS or (name.startswith(STARTS) and len(name) >= SHORTEST)
    }
    for name in settings.names():
        if name in known or len(name) < SHORTEST:
            continue
        meant = nearest(name, targets)
        if meant:
            yield name, meant


def nearest(name: str, targets: dict[str, frozenset[str]]) -> str:
    """The setting that a name nearly is, "" if there is none."""
    words = frozenset(name.split("_"))
    for target, theirs in targets.items():
        if words == theirs and len(name) == len(target):
            return target
        # Two letters change no more than two words.
        if len(theirs - words) <= 2 and abs(len(name) - len(target)) <= 2:
            if edits(name, target, 2) <= (2 if len(target) >= 16 else 1):
                return target
    return ""


def edits(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, changed or swapped; more than `most` is not counted."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if one == other or most < 0:
        return 0
    if not one or not other or most == 0:
        return max(len(one), len(other), 1)
    ways = [(one[1:], other), (one, other[1:]), (one[1:], other[1:])]
    if one[:2] == other[:2][::-1]:
        ways.append((one[2:], other[2:]))
    return 1 + min(edits(first, second, most - 1) for first, second in ways)


def told(settings: Settings, name: str, meant: str) -> Iterator[Judgement]:
    """What a misspelt name loses, in the cases in which the right one is not set."""
    for case in settings.cases(name, meant):
        if case.outcomes[meant].default and case.outcomes[name].chain:
            yield of_case(case, name, meant)


def of_case(case: Case, name: str, meant: str) -> Judgement:
    default = case[meant]
    intended = case[name]
    same = type(intended) is type(default) and intended == default
    holds = f"Django's default {said(default)} holds"
    message = f"{name} is no setting of Django, and {meant} is not set: {holds}"
    found = bad(case, message, name, severity=Severity.LOW if same else None)
    return found._replace(about=name)


@MISSPELT_SETTINGS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop, Rename

    for name, meant in misspelt(settings):
        if not any(True for _ in told(settings, name, meant)):
            continue
        if any(truth(each.value) is False for each in settings[name]):
            yield Drop(name)  # as if it were not there, which is what Django does with it
        else:
            yield Rename(name, meant, risk=f"what {name} says takes effect as {meant}, wherever "
                         "these settings are used")  # fmt: skip
