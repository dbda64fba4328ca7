"""The results as a Markdown page and as a line for a terminal."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from hardango.controls.catalogue import entries
from hardango.controls.model import Control

INTRODUCTION = """\
# What `hardango fix` does to real projects

<!-- Made by `python benchmarks/fix`; edits are lost. -->

Each line is one real settings module. `hardango fix --write --unsafe` mended a copy of it; then
Python itself loaded both versions, with the real Django and the real settings libraries, in an
environment that has the variables that the edits ask for.

- *findings*: before and after, with the grade. Those that are left stand below, with the reason.
- *lines*: how many the edits add and take away, and how many that makes for a finding.
- *changed besides*: settings that no edit names, and that have another value all the same, in
  production or on a developer's machine. Where DEBUG is mended, both versions are loaded with the
  one that holds now: what a project makes of DEBUG is its own. There must be none.
- *other modules*: how many other settings modules load (development's, the tests'); none of their
  settings may change.
- *again*: what a second run finds to do. There must be nothing.
"""

PERSON = "it needs a person"


class Row(NamedTuple):
    """One project: what was mended, what is left and why, and what came of it, with which
    `revision` of Hardango."""

    name: str
    mended: list[str] = []
    left: dict[str, str] = {}
    before: str = ""
    after: str = ""
    added: int = 0
    removed: int = 0
    changed: list[str] = []
    elsewhere: list[str] = []
    others: int = 0
    again: list[str] = []
    started: bool = False
    problem: str = ""
    revision: str = ""

    @property
    def findings(self) -> int:
        return len({*self.mended, *self.left})

    @property
    def per_finding(self) -> str:
        return f"{(self.added + self.removed) / len(self.mended):.1f}" if self.mended else "–"

    @property
    def sound(self) -> bool:
        broken = bool(self.problem) and not self.problem.startswith("did not load before")
        return not (self.changed or self.elsewhere or self.again or broken)


def line(row: Row) -> str:
    found = ", ".join([*row.changed, *row.elsewhere][:4]) or "-"
    stuck = [name for name, why in row.left.items() if not why.startswith(PERSON)]
    return (f"{row.name:24} {row.findings:2} → {len(row.left):2}  grade {row.before:2} → {row.after:2}  "
            f"+{row.added} -{row.removed}  besides {found}  others {row.others}  "
            f"again {', '.join(row.again) or '-'}  stuck {', '.join(stuck) or '-'}  {row.problem}")  # fmt: skip


def page(rows: list[Row]) -> str:
    lines = [
        INTRODUCTION,
        "| project | findings | grade | lines | for a finding | changed besides | other modules | again |",
        "| --- | ---: | --- | ---: | ---: | --- | ---: | --- |",
    ]
    for row in rows:
        besides = _listed(row.changed)
        others = str(row.others) if not row.elsewhere else f"{row.others}: {_listed(row.elsewhere)}"
        lines.append(
            f"| {row.name} | {row.findings} → {len(row.left)} | {row.before} → {row.after} "
            f"| +{row.added} −{row.removed} | {row.per_finding} | {besides} | {others} "
            f"| {_listed(row.again)} |"
        )
    mended = sum(len(row.mended) for row in rows)
    changed = sum(len(row.changed) + len(row.elsewhere) for row in rows)
    touched = sum(row.added + row.removed for row in rows)
    each = f"{touched / mended:.1f} lines for each, {changed} settings changed besides"
    lines += ["", f"In all: {mended} findings mended in {len(rows)} projects, {each}."]
    started = [row.name for row in rows if row.started]
    if started:
        names = ", ".join(started)
        deployed = "`manage.py check --deploy` has no issues with the variables of production"
        lines += ["", f"In {names}, {deployed}, and `migrate` and `runserver` work without any."]
    compared = [row for row in rows if row.problem]
    if compared:
        lines += ["", "Not compared, for Python could not load them as they were either:", ""]
        lines += [f"- {row.name}: {_text(row.problem)}" for row in compared]
    return "\n".join([*lines, *_revisions(rows), *_left(rows)]) + "\n"


def _revisions(rows: list[Row]) -> list[str]:
    """With which revision each row was made, where that is not the same for all."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.revision or "older ones", []).append(row.name)
    if len(found) == 1:
        return ["", f"All rows were made with {rows[0].revision}."] if rows[0].revision else []
    lines = [f"- {revision}: {', '.join(names)}" for revision, names in found.items()]
    return ["", "Not all rows were made with the same revision:", "", *lines]


def _left(rows: list[Row]) -> list[str]:
    """What is left, and why: what holds for many projects first, then each project's."""
    controls = {entry.name: entry.load() for entry in entries()}
    reasons = Counter((name, _reason(controls[name], why))
                      for row in rows for name, why in row.left.items())  # fmt: skip
    lines = ["", "## What is left to a person", "",
             "| control | projects | why |", "| --- | ---: | --- |"]  # fmt: skip
    for (name, why), count in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
        lines.append(f"| [{name}](controls/{name}.md) | {count} | {_text(why)} |")
    lines += ["", "Of each project:", ""]
    for row in rows:
        names = ", ".join(f"[{name}](controls/{name}.md)" for name in row.left)
        lines.append(f"- {row.name}: {names or 'nothing'}")
    return lines


def _reason(control: Control, why: str) -> str:
    if why.startswith("that is left"):
        return f"a part is mended; for the rest: {control.remedy}"
    if why.startswith(PERSON):
        return control.person or f"no edit fits this case: {control.remedy}"
    return why


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _text(said: str) -> str:
    return re.sub(r"([\\`*_|<\[])", r"\\\1", said)
