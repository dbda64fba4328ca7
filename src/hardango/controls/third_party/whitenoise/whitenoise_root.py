"""WhiteNoise serves no directory with the project in it.

WhiteNoise serves every file below WHITENOISE_ROOT at the root of the site, also those whose names begin
with a dot. With `WHITENOISE_ROOT = BASE_DIR` that is the project: `/.env`, `/db.sqlite3`,
`/config/settings.py`, the directory of git. Programs ask every site for these names all day long.

A directory with nothing in it but what belongs at the root, such as `robots.txt` and `favicon.ico`, is what
the setting is for: `BASE_DIR / "public"`. What breaks: nothing that was meant. What was served has to be
taken for known: change the secrets.

hardango compares the path with that of the settings module. STATIC_ROOT, which WhiteNoise serves as well,
is judged by `static-source`.
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
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.packages import LISTS, used
from hardango.controls.places import holds_code, may_hold_code
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

WHITENOISE_ROOT = Control(
    "whitenoise-root",
    title="Directory that WhiteNoise serves",
    weakness="WhiteNoise serves the source of the project",
    severity=Severity.HIGH,
    settings=("WHITENOISE_ROOT",),
    attack="Anybody downloads the settings, the environment file and the database.",
    remedy='Name a directory with public files and nothing else: WHITENOISE_ROOT = BASE_DIR / "public"; '
    "then change all secrets.",
    references=(
        asvs("13.4.1"), cwe(552), cwe(538),
        docs("https://whitenoise.readthedocs.io/en/stable/django.html#WHITENOISE_ROOT"),
    ),
)  # fmt: skip

NAME = "WHITENOISE_ROOT"


@WHITENOISE_ROOT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for case in settings.cases(NAME, *LISTS):
        there = used(settings, case, deployment, app="whitenoise", package="whitenoise")
        if there.sure is False:
            yield not_applicable(case, "WhiteNoise is not among the middleware", *LISTS)
        else:
            yield of_root(settings, case, there.why if there.sure is None else "")


def of_root(settings: Settings, case: Case, doubt: str) -> Judgement:
    """What is served at the root of the site, in one case."""
    path: object = case[NAME]
    if isinstance(path, Unknown):
        return unreadable(case, why_unknown(NAME, path), NAME, severity=Severity.LOW)
    if not truth(path):
        return not_applicable(case, f"{NAME} is not set", NAME)
    if may_hold_code(path) and not holds_code(settings, path):
        message = f"Whether {NAME}, {said(str(path))}, has source in it is not known"
        return unreadable(case, message, NAME, severity=Severity.LOW)
    if not holds_code(settings, path):
        return good(case, f"{NAME} is apart from the source", NAME)
    if doubt:
        return unreadable(case, f"{NAME} has the project in it, and {doubt}", NAME)
    return bad(case, f"{NAME} has the project in it: its files are served", NAME)
