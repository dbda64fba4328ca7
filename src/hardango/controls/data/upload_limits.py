"""Django reads no more of a request than it can deal with.

A request with a body of gigabytes, a million fields or ten thousand files costs its sender nothing. What
reads it fills the memory of the worker, or spends minutes on parsing; a few of them at once and the site is
down.

Django answers 400 to a body above DATA_UPLOAD_MAX_MEMORY_SIZE (2.5 MB, files apart), to more than
DATA_UPLOAD_MAX_NUMBER_FIELDS (1000) and to more than DATA_UPLOAD_MAX_NUMBER_FILES (100). None switches a
limit off, for every view. What breaks with a limit: large forms, such as a list in the admin of which all is
selected, or an API that takes large JSON; raise the number to what these need.

The size of files is limited by none of them: that is done by the proxy (`client_max_body_size`) or by the
project. FILE_UPLOAD_MAX_MEMORY_SIZE says from which size on a file is written to disk. A large limit is told with
--pedantic only. Django has no check for these settings.
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
from hardango.controls.values import alternatives, said, stated, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Exchange, Proof, Site

UPLOAD_LIMITS = Control(
    "upload-limits",
    title="Limits on what a request may bring",
    weakness="A request may bring as much as it likes",
    severity=Severity.LOW,
    settings=(
        "DATA_UPLOAD_MAX_MEMORY_SIZE", "DATA_UPLOAD_MAX_NUMBER_FIELDS",
        "DATA_UPLOAD_MAX_NUMBER_FILES", "FILE_UPLOAD_MAX_MEMORY_SIZE",
    ),
    attack="A few large requests fill the memory of the workers, and the site is down.",
    remedy="Set a number instead of None: as much as the largest form or request of the project needs.",
    references=(
        asvs("5.2.1"), cwe(770), cwe(400), docs("ref/settings/#data-upload-max-memory-size"),
        docs("ref/settings/#data-upload-max-number-fields"),
        docs("topics/security/#user-uploaded-content"),
    ),
)  # fmt: skip

MEGABYTE = 1024 * 1024
MUCH = {
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 100 * MEGABYTE, "DATA_UPLOAD_MAX_NUMBER_FIELDS": 50_000,
    "DATA_UPLOAD_MAX_NUMBER_FILES": 5_000, "FILE_UPLOAD_MAX_MEMORY_SIZE": 100 * MEGABYTE,
}  # fmt: skip
"""From which number on a limit is hardly one."""

WITHOUT = {
    "DATA_UPLOAD_MAX_MEMORY_SIZE": "the body of a request is read into memory, however long it is",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": "a request may have any number of fields",
    "DATA_UPLOAD_MAX_NUMBER_FILES": "a request may have any number of files",
}  # fmt: skip


@UPLOAD_LIMITS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    there = [name for name in MUCH if name in settings and name in settings.defaults]
    for name in there:
        for outcome in alternatives(settings, name):
            yield of_limit(outcome, name)
    if not there:
        for outcome in settings["INSTALLED_APPS"]:
            yield not_applicable(outcome, "This version of Django has no such limits")


def of_limit(outcome: Outcome, name: str) -> Judgement:
    """One limit, in one case."""
    value = outcome.value
    if isinstance(value, Unknown):
        if value.type == "int":
            return good(outcome, f"{name} is a number that {', '.join(value.variables)} sets")
        return unreadable(outcome, why_unknown(name, value))
    if value is None and name in WITHOUT:
        return bad(outcome, f"{name} is None: {WITHOUT[name]}")
    if isinstance(value, (int, float)) and value > MUCH[name]:
        return bad(outcome, f"{name} is {said(value)}, hardly a limit", pedantic=True)
    return good(outcome, stated(outcome, name))


SENSIBLE = {
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 10 * MEGABYTE, "DATA_UPLOAD_MAX_NUMBER_FIELDS": 10_000,
    "DATA_UPLOAD_MAX_NUMBER_FILES": 1_000,
}  # fmt: skip
"""Several times Django's defaults, which somebody found too low."""


@UPLOAD_LIMITS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    for name, value in SENSIBLE.items():
        if name in settings and any(each.value is None for each in settings[name]):
            yield Assign(name, value, safe=False,
                         risk=f"requests beyond it are refused: the limit is {value}")  # fmt: skip


@UPLOAD_LIMITS.prove
def prove(site: Site) -> Iterator[Proof]:
    """A login form that names nobody, with more than any form of a project has: fields, files, and
    for an active proof bytes."""
    from hardango.controls.forms import MANY_FIELDS, MANY_FILES, filled, with_files, with_token
    from hardango.evidence import inconclusive

    entrance = with_token(site)
    if entrance is None:
        yield inconclusive("no form with a token was found that could be sent")
        return
    answer = filled(site, entrance, {f"h{number}": "" for number in range(MANY_FIELDS)})
    yield of_answer(answer, f"{MANY_FIELDS} fields", "fields")
    if site.thorough:
        yield of_answer(with_files(site, entrance, MANY_FILES), f"{MANY_FILES} files", "files")
    if site.active:
        answer = filled(site, entrance, {"hardango": "h" * SENSIBLE["DATA_UPLOAD_MAX_MEMORY_SIZE"]})
        taken = "its limit is not known" if site.known.most_bytes == -1 else (
            f"its limit is {site.known.most_bytes} bytes")  # fmt: skip
        yield of_answer(
            answer, "10 MB", "bytes", taken if site.known.most_bytes is not None else ""
        )


def of_answer(answer: Exchange, what: str, about: str, taken: str = "") -> Proof:
    """What the answer to a form with so much in it shows; `taken` is why it shows nothing if the form
    was taken."""
    from hardango.evidence import inconclusive, proven, refuted, unanswered

    if answer.response is None:
        return unanswered(answer, about)
    said = f"a form with {what} gets {answer.status}"
    if answer.status in (400, 413):
        return proven(said, answer, about=about)
    if answer.status in (200, 302):
        if taken:
            return inconclusive(f"a form with {what} is taken: {taken}", answer, about=about)
        return refuted(f"a form with {what} is taken", answer, about=about)
    return inconclusive(said, answer, about=about)
