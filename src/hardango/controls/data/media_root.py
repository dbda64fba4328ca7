"""Uploaded files lie apart from the code, the templates and the static files.

Users choose what is in the files that they upload, and often their names. Where these end up below the
directory of the code, a file can replace or add a module that Python imports; below a directory of
templates, a page that Django renders, with all that templates can reach; below STATIC_ROOT, a script that
every page loads.

A MEDIA_ROOT that holds the project itself is the other way round the same: whatever serves uploads serves
the source and the settings as well. A directory of its own, on another disk or in a bucket, is the cure;
`BASE_DIR / "media"` is one, too. What breaks: addresses of existing files, unless they are moved along.

hardango compares the paths of the settings as they are written; where the server links or mounts one of
them, it doesn't see that. Django checks nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
)  # fmt: skip
from hardango.controls.places import apart_from_code, inside
from hardango.controls.values import alternatives
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Outcome, Settings

MEDIA_ROOT = Control(
    "media-root",
    title="Directory of uploaded files",
    weakness="Uploaded files lie among files that the site trusts",
    severity=Severity.HIGH,
    settings=("MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_DIRS", "TEMPLATES"),
    attack="What a visitor uploads becomes a template, a script of the site or a module of the "
    "application, or the source can be downloaded.",
    remedy='Give MEDIA_ROOT a directory of its own, such as BASE_DIR / "media", apart from STATIC_ROOT, '
    "STATICFILES_DIRS and the templates.",
    person="what is uploaded already has to be moved along",
    references=(
        asvs("5.3.1"), asvs("13.4.1"), cwe(434), cwe(552), docs("ref/settings/#media-root"),
        docs("topics/security/#user-uploaded-content"),
    ),
)  # fmt: skip


@MEDIA_ROOT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in alternatives(settings, "MEDIA_ROOT"):
        then = "whatever serves uploads serves the source"
        found = apart_from_code(settings, "MEDIA_ROOT", outcome, then)
        yield found
        if found.opinion is Opinion.GOOD:
            yield from among(settings.given(outcome.condition), outcome)


def among(settings: Settings, media: Outcome) -> Iterator[Judgement]:
    """What else lies where files are uploaded, or around it. Yields only what is wrong."""
    for case in settings.cases("STATIC_ROOT", "STATICFILES_DIRS", "TEMPLATES"):
        both = media._replace(condition=media.condition & case.condition)
        if not both.condition.possible:
            continue
        if any(inside(media.value, each) for each in template_directories(case)):
            message = "MEDIA_ROOT is below a directory of templates: an upload can be a template"
            yield bad(both, message)
        served = [case["STATIC_ROOT"], *static_directories(case["STATICFILES_DIRS"])]
        if any(inside(media.value, each) for each in served):
            message = (
                "MEDIA_ROOT is below the static files: uploads are served as the site's own, and "
                "collecting mixes them"
            )
            yield bad(both, message, severity=Severity.LOW)


def template_directories(case: Case) -> Iterator[object]:
    """The directories in which templates are looked for."""
    engines: object = case["TEMPLATES"]
    for engine in engines if isinstance(engines, (list, tuple)) else ():
        directories = engine.get("DIRS") if isinstance(engine, dict) else ()
        yield from directories if isinstance(directories, (list, tuple)) else ()


def static_directories(value: object) -> Iterator[object]:
    """The directories of STATICFILES_DIRS, of which each can have a prefix."""
    for item in value if isinstance(value, (list, tuple)) else ():
        yield item[1] if isinstance(item, (list, tuple)) and len(item) == 2 else item
