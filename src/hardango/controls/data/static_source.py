"""What is served as static files is not the project itself.

Everything below STATICFILES_DIRS is copied by `collectstatic` to STATIC_ROOT, and everything in STATIC_ROOT
is served to everybody. With `STATICFILES_DIRS = [BASE_DIR]` that is the source: settings, tests, a database
of SQLite, deployment files with passwords. Nobody notices, for the site works.

A directory for static files only, such as `BASE_DIR / "static"`, and another one for what is collected,
such as `BASE_DIR / "staticfiles"`, keep both apart. What breaks: references to files that lay elsewhere.
`collectstatic` leaves out names that begin with a dot, and nothing else. What was collected once stays in
STATIC_ROOT until it is deleted (`collectstatic --clear`).

Django's checks look at STATIC_ROOT inside STATICFILES_DIRS (staticfiles.E002) and at directories that don't
exist (W004); neither sees this. hardango compares the paths with that of the settings module.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.data.media_root import static_directories
from hardango.controls.model import (
    Control,
    Judgement,
    Reference,
    asvs,
    bad,
    cwe,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.places import apart_from_code, holds_code, may_hold_code
from hardango.controls.values import alternatives, said, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

STATIC_SOURCE = Control(
    "static-source",
    title="Directories of static files",
    weakness="The source is served as static files",
    severity=Severity.HIGH,
    settings=("STATICFILES_DIRS", "STATIC_ROOT"),
    attack="Anybody downloads the settings, with what they hold, at an address that is easy to guess.",
    remedy="Name directories that hold static files and nothing else, empty STATIC_ROOT, collect again, "
    "and change the secrets that were served.",
    person="which of these files visitors need is not in the settings",
    references=(
        Reference("staticfiles.E002", "https://docs.djangoproject.com/en/stable/ref/checks/#staticfiles"),
        asvs("13.4.1"), cwe(540), cwe(552), docs("ref/settings/#staticfiles-dirs"),
        docs("howto/static-files/deployment/"),
    ),
)  # fmt: skip


@STATIC_SOURCE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in alternatives(settings, "STATIC_ROOT"):
        yield apart_from_code(settings, "STATIC_ROOT", outcome, "its source is served")
    for outcome in alternatives(settings, "STATICFILES_DIRS"):
        yield from of_directories(settings, outcome)


def of_directories(settings: Settings, outcome: Outcome) -> Iterator[Judgement]:
    """What is collected, in one case."""
    if isinstance(outcome.value, Unknown):
        message = why_unknown("STATICFILES_DIRS", outcome.value)
        yield unreadable(outcome, message, severity=Severity.LOW)
        return
    for path in static_directories(outcome.value):
        if isinstance(path, Unknown):
            message = why_unknown("An item of STATICFILES_DIRS", path)
            yield unreadable(outcome, message, severity=Severity.LOW)
        elif holds_code(settings, path):
            message = "STATICFILES_DIRS has the directory of the project: its source is collected"
            yield bad(outcome, message)
        elif may_hold_code(path):
            message = f"Whether {said(str(path))} in STATICFILES_DIRS has source in it is not known"
            yield unreadable(outcome, message, severity=Severity.LOW)
    yield good(outcome, "No directory of STATICFILES_DIRS has the source in it")
