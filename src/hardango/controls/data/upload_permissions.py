"""Uploaded files can be written by the application only.

Files that users upload lie on a disk with others. If everybody on the machine may write them, any other
program there, or any other customer of a shared host, replaces a picture by a page with a script, or an
invoice by another one. If they are executable, a web server that runs scripts by their mode runs what was
uploaded.

FILE_UPLOAD_PERMISSIONS is 0o644 by default, and the directories get what the umask leaves. 0o640 and 0o750
are tighter, if the web server shares the group. What breaks: a web server of another user that can no
longer read them.

Python writes these numbers with `0o`: 644 is another number (0o1204), and "0o644" is a text, with which
every upload fails. FILE_UPLOAD_TEMP_DIR must lie outside of what is served: what is half uploaded hasn't
been checked by anybody. Django has no check for these settings but for a FILE_UPLOAD_TEMP_DIR that doesn't
exist (files.E001).
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
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.places import inside
from hardango.controls.values import alternatives, said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

UPLOAD_PERMISSIONS = Control(
    "upload-permissions",
    title="Permissions of uploaded files",
    weakness="Others on the machine can change uploaded files",
    severity=Severity.LOW,
    settings=(
        "FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS", "FILE_UPLOAD_TEMP_DIR",
    ),
    attack="Another program or user of the machine replaces files that visitors trust.",
    remedy="Set FILE_UPLOAD_PERMISSIONS = 0o640 or 0o644 and FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 "
    "or 0o755, and give FILE_UPLOAD_TEMP_DIR a directory that isn't served.",
    references=(
        asvs("5.3.1"), cwe(732), docs("ref/settings/#file-upload-permissions"),
        docs("ref/settings/#file-upload-temp-dir"),
    ),
)  # fmt: skip

WRITABLE_BY_ALL = 0o002
DECIMAL = frozenset((600, 640, 644, 660, 664, 666, 700, 750, 755, 770, 775, 777))
"""Modes as people say them, written without `0o`."""


@UPLOAD_PERMISSIONS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for name in UPLOAD_PERMISSIONS.settings[:2]:
        for outcome in alternatives(settings, name):
            yield of_mode(outcome, name)
    for case in settings.cases("FILE_UPLOAD_TEMP_DIR", "MEDIA_ROOT", "STATIC_ROOT"):
        yield from of_directory(case)


def of_mode(outcome: Outcome, name: str) -> Judgement:
    """The mode of files or of directories, in one case."""
    value = outcome.value
    if isinstance(value, Unknown):
        return unreadable(outcome, why_unknown(name, value))
    if value is None:
        return good(outcome, f"{name} is None: the umask decides")
    if isinstance(value, bool) or not isinstance(value, int):
        return bad(outcome, f"{name} is {said(value)}, which is no number: uploads fail")
    if value in DECIMAL:
        return bad(outcome, f"{name} is {value} without 0o, which is the mode {oct(value)}")
    if value & WRITABLE_BY_ALL:
        what = "files" if name == "FILE_UPLOAD_PERMISSIONS" else "directories"
        return bad(
            outcome, f"{name} is {oct(value)}: everybody on the machine may write the {what}"
        )
    if name == "FILE_UPLOAD_PERMISSIONS" and value & 0o111:
        message = f"{name} is {oct(value)}: what is uploaded is executable"
        return bad(outcome, message, pedantic=True)
    return good(outcome, f"{name} is {oct(value)}")


def of_directory(case: Case) -> Iterator[Judgement]:
    """Where files are while they are uploaded. Yields only what is wrong."""
    path: object = case["FILE_UPLOAD_TEMP_DIR"]
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        if inside(path, case[name]):
            message = f"FILE_UPLOAD_TEMP_DIR is below {name}: what is not checked yet is served"
            yield bad(case, message, "FILE_UPLOAD_TEMP_DIR")


@UPLOAD_PERMISSIONS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Mode

    for name in UPLOAD_PERMISSIONS.settings[:2]:
        for outcome in settings[name]:
            meant = said_octal(outcome.value)
            if meant is not None and of_mode(outcome, name).opinion is Opinion.BAD:
                mode = meant & ~WRITABLE_BY_ALL
                yield Assign(name, Mode(mode), safe=mode == meant, risk="programs of other users that "
                             "change uploaded files no longer can")  # fmt: skip
                break


def said_octal(value: object) -> int | None:
    """The mode that a number or a text means; None if it is none."""
    if isinstance(value, str) and value.strip("o") and set(value) <= set("01234567o"):
        return int(value.replace("o", ""), 8)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return int(str(value), 8) if value in DECIMAL else value
