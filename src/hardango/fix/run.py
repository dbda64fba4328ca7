"""From a request to a hardened project: plan, show, write.

This is the whole of `hardango fix` without a command line. Nothing is written unless it is asked
for, and then all files or none (`journal`).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Mapping

from hardango.audit import CannotRead, Judged, Request, judged, masked
from hardango.controls.judge import grade, judge
from hardango.findings import Finding, Remaining, Repair, Repairs
from hardango.fix import git, journal
from hardango.fix.developer import prepare
from hardango.fix.examples import list_variables
from hardango.fix.plan import Left, Step, plan
from hardango.fix.spared import spared
from hardango.fix.values import burnt, prepared
from hardango.fix.work import Work
from hardango.light import NamedTuple
from hardango.replace import CannotWrite, write

PATIENCE = 10.0
"""How much longer than an audit's an evaluation may take: what the clock cuts off is not known, and
what was not known before and is now looks like a change."""

Ask = Callable[[Repair], bool]
"""Whether the user wants this one."""


class Wish(NamedTuple):
    """What the user asked of `hardango fix`: `unsafe` edits too; `hosts` for ALLOWED_HOSTS; `write` the files, also if git has uncommitted changes in them (`dirty`);
    a `patch` file; `ask` before each; `rotate` keys, and the file for the values of `secrets`."""

    unsafe: bool = False
    hosts: tuple[str, ...] = ()
    write: bool = False
    dirty: bool = False
    patch: str | None = None
    ask: Ask | None = None
    rotate: bool = False
    secrets: str | None = None


def fix(request: Request, wish: Wish) -> Repairs:
    """Plan the edits that mend what the audit finds, and write them if that is wished.

    Raises CannotRead and KeyError as `audit` does, CannotWrite with every file as it was.
    """
    found = judged(request._replace(patience=PATIENCE))
    reading = found.reading
    work = Work(reading, wish.hosts, rotate=wish.rotate, pedantic=found.pedantic)
    if wish.write and not wish.dirty:
        _refuse_dirty(work.root)
    ignored = {each.control: each for each in found.findings if each.ignored}
    accept = None if wish.ask is None else lambda step: wish.ask(_repair(work, step))  # type: ignore[misc]
    made = plan(
        work, found.controls,
        ignored=ignored, spared=spared(found), unsafe=wish.unsafe, accept=accept,
    )  # fmt: skip
    by_hand = [said for said in (prepare(work), list_variables(work), *work.by_hand) if said]
    by_hand += [*burnt(work), *_not_rotated(work)]
    changes = _changes(work)
    private: list[journal.Change] = []
    if wish.secrets is not None:
        private, more = prepared(work, wish.secrets)
        by_hand += more
    report = Repairs(
        project=os.path.basename(work.root) or work.root,
        module=reading.module,
        repairs=tuple(_repair(work, step) for step in made.steps),
        remaining=tuple(_remaining(work, each) for each in made.left),
        diff=reading.masker.text(_diff([*changes, *private])),
        by_hand=tuple(by_hand),
        asked=tuple(work.asked),
        developer=tuple(work.developer.items()),
        # Some controls alone give no grade of the project.
        before="" if request.only else grade(found.findings)[0],
        after="" if request.only else _grade_after(work, found, ignored),
    )
    if wish.patch is not None:
        _write_patch(wish.patch, _diff([*changes, *private]))
    changes = sorted([*changes, *private], key=lambda each: each.file)
    if wish.write and changes:
        journal.apply(work.root, changes)
        report = report._replace(written=tuple(each.file for each in changes))
    return report


def undo(path: str) -> tuple[str, ...]:
    """Take the last run on a project back; the files that were changed. Raises CannotRead,
    CannotWrite."""
    from hardango.project.find import find_project
    from hardango.project.model import ProjectError

    root = os.path.realpath(path)
    if not journal.known(root):
        try:
            root = os.path.realpath(find_project(path, None).root)
        except ProjectError as error:
            raise CannotRead(str(error)) from None
    return journal.undo(root)


def _refuse_dirty(root: str) -> None:
    changed = git.changed(root)
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise CannotWrite(
            f"{changed[0]}{more} has changes that are not committed; commit them, or --allow-dirty"
        )


def _not_rotated(work: Work) -> list[str]:
    if not work.rotate or "SECRET_KEY_FALLBACKS" in work.moved:
        return []
    if "SECRET_KEY_FALLBACKS" not in work.settings.defaults:
        return ["no key is rotated: before Django 4.1 there is no SECRET_KEY_FALLBACKS"]
    return ["no key is rotated: SECRET_KEY is not mended by this run"]


def _changes(work: Work) -> list[journal.Change]:
    """The files that differ from what is on the disk, sorted."""
    changes = []
    for file, new in sorted(work.files.items()):
        old = work.found.get(file)
        if old != new:
            changes.append(journal.Change(file, old, new))
    return changes


def _diff(changes: Iterable[journal.Change]) -> str:
    """What changes, but for files that hold secrets: these are nobody's to see."""
    return "".join(unified(each.file, each.old or b"", each.new or b"")
                   for each in changes if not each.private)  # fmt: skip


def unified(file: str, old: bytes, new: bytes) -> str:
    """A unified diff as git writes it, for `git apply` and for people."""
    before, after = (
        each.decode("utf-8", "surrogateescape").splitlines(keepends=True) for each in (old, new)
    )
    lines = []
    name = f"a/{file}" if old else "/dev/null"
    for line in difflib.unified_diff(before, after, name, f"b/{file}"):
        lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _write_patch(path: str, text: str) -> None:
    """A patch holds what it takes away, and so may hold a secret: nobody else may read it."""
    try:
        write(path, text.encode("utf-8", "surrogateescape"), 0o600)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from None


def _repair(work: Work, step: Step) -> Repair:
    masker = work.reading.masker
    diff = "".join(unified(file, step.before.get(file, b""), new)
                   for file, new in sorted(step.files.items()))  # fmt: skip
    return Repair(
        masked(step.finding, masker), masked(step.after, masker), step.risks, tuple(step.files),
        tuple(dict.fromkeys(each.name for each in step.edits)), masker.text(diff),
    )  # fmt: skip


def _remaining(work: Work, left: Left) -> Remaining:
    masker = work.reading.masker
    return Remaining(masked(left.finding, masker), masker.text(left.why), left.unsafe)


def _grade_after(work: Work, found: Judged, ignored: Mapping[str, Finding]) -> str:
    """The grade that `hardango audit` gives then; what is ignored stays so, though its line may
    have moved."""
    findings = judge(work.settings, work.project(), found.controls, pedantic=found.pedantic)
    return grade(ignored.get(each.control, each) for each in findings)[0]
