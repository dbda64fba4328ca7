"""From a request to a hardened project: plan, show, write.

This is the whole of `hardango fix` without a command line. Nothing is written unless it is asked
for, and then all files or none (`journal`).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable

from hardango.audit import CannotRead, Request, read
from hardango.controls.catalogue import catalogue
from hardango.controls.judge import grade, judge
from hardango.findings import Finding, Remaining, Repair, Repairs
from hardango.fix import git, journal
from hardango.fix.developer import prepare
from hardango.fix.examples import list_variables
from hardango.fix.plan import Left, Step, plan
from hardango.fix.replace import CannotWrite, write
from hardango.fix.values import burnt, prepared
from hardango.fix.work import Work
from hardango.light import NamedTuple
from hardango.settings.outcomes import Settings

PATIENCE = 5.0
"""How much longer than an audit's an evaluation may take: what the clock cuts off is not known, and
what was not known before and is now looks like a change."""

Ask = Callable[[Repair], bool]
"""Whether the user wants this one."""


class Wish(NamedTuple):
    """What the user asked of `hardango fix`: `only` these controls, `unsafe` edits too; `hosts`
    for ALLOWED_HOSTS; `write` the files, also if git has uncommitted changes in them (`dirty`);
    a `patch` file; `ask` before each; `rotate` keys, and the file for the values of `secrets`."""

    only: tuple[str, ...] = ()
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

    Raises CannotRead as `audit` does, CannotWrite with every file as it was.
    """
    _check_names(wish.only)
    reading = read(request._replace(patience=PATIENCE))
    work = Work(reading, wish.hosts, rotate=wish.rotate)
    if wish.write and not wish.dirty:
        _refuse_dirty(work.root)
    before = _grade(work, work.settings)
    accept = None if wish.ask is None else lambda step: wish.ask(_repair(work, step))  # type: ignore[misc]
    made = plan(work, wish.only, unsafe=wish.unsafe, accept=accept)
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
        before=before,
        after=_grade(work, work.settings),
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


def _check_names(names: Iterable[str]) -> None:
    from hardango.controls.catalogue import names as known

    for name in names:
        if name not in known():
            raise KeyError(name)


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
    text = work.reading.masker.text
    diff = "".join(unified(file, step.before.get(file, b""), new)
                   for file, new in sorted(step.files.items()))  # fmt: skip
    return Repair(
        _shown(step.finding, text), _shown(step.after, text), step.risks, tuple(step.files),
        tuple(dict.fromkeys(each.name for each in step.edits)), text(diff),
    )  # fmt: skip


def _remaining(work: Work, left: Left) -> Remaining:
    text = work.reading.masker.text
    return Remaining(_shown(left.finding, text), text(left.why), left.unsafe)


def _shown(finding: Finding, text: Callable[[str], str]) -> Finding:
    return finding._replace(
        message=text(finding.message),
        when=tuple(map(text, finding.when)),
        problems=tuple(each._replace(message=text(each.message)) for each in finding.problems),
    )


def _grade(work: Work, settings: Settings) -> str:
    """The grade of the whole, as `hardango audit` gives it."""
    controls = [each for each in catalogue() if not each.pedantic]
    letter, _ = grade(judge(settings, work.reading.project, controls))
    return letter
