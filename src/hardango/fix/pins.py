"""Keeps another settings module as it is, which takes over what production's says.

`dev.py` that begins with `from .production import *` gets each edit of production too. What it had
is then written into it: below the import, where its own lines still overrule it, or at its end; and
a variable that production now asks for has a value for it, above the import.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import libcst as cst

from hardango.edits import Drop, Edit, FromEnvironment, Rename
from hardango.fix.lines import add_import, append, comments_above
from hardango.fix.sites import Candidate
from hardango.fix.source import CannotEdit, Source, Splice
from hardango.fix.work import LOADS, Other, Work
from hardango.settings.outcomes import Outcome, Unknown
from hardango.settings.secret_names import is_secret_name

ROUNDS = 6
"""So many modules, one after the other: what `test.py` has may come from `dev.py`."""

ABOVE = "Production alone needs a value of its own."
BELOW = "Production alone has another value."
"""The comments above what is written, under which later lines go as well."""


def pinned(
    work: Work, candidate: Candidate, edits: tuple[Edit, ...]
) -> tuple[Candidate | None, str]:
    """The candidate with every other settings module as it was; None, and why, if that can't be."""
    secret = frozenset(each.name for each in edits
                       if isinstance(each, FromEnvironment) and each.secret and not each.text)  # fmt: skip
    variables = {} if work.shared else _for_developers(edits, candidate)
    free = {each.name for each in edits if isinstance(each, Drop)}
    if work.shared:  # there a developer's machine has a value for each variable
        free |= {LOADS, *(each.name for each in edits if isinstance(each, FromEnvironment))}
    settled: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        given = _given(work, candidate)
        changed = work.changed_elsewhere(candidate.files, given, frozenset(free))
        changed = {other: rest for other, names in changed.items()
                   if (rest := [each for each in names if (other.name, each) not in settled])}  # fmt: skip
        if variables:  # what these are for is no secret of production's any more
            changed = {other: rest for other, names in changed.items()
                       if (rest := [each for each in names if each not in secret])}  # fmt: skip
        if not changed:
            return candidate, ""
        other = min(changed, key=lambda each: len(each.read))
        names = changed[other]
        said = f"{names[0]} in {other.name}" if names[0] != LOADS else f"whether {other.name} loads"
        best = next(_kept(work, candidate, other, names, variables, frozenset(free)), None)
        if best is None or any(isinstance(each, Rename) for each in edits):
            return None, f"it would change {said}"
        candidate = best
        settled |= {(other.name, each) for each in names if _may_be_overruled(other, each)}
    return None, "it would change too many other settings modules"


def _given(work: Work, candidate: Candidate) -> dict[str, str]:
    """The variables that are set where another module runs."""
    return {**work.developer, **dict(candidate.developer)} if work.shared else {}


def _for_developers(edits: Iterable[Edit], candidate: Candidate) -> dict[str, str]:
    """The variables that production asks for from now on, with a value for everybody else."""
    values = [each.development or each.example for each in edits
              if isinstance(each, FromEnvironment) and not each.optional and each.kind != "flag"]  # fmt: skip
    return {name: value for (name, _), value in zip(candidate.asked, values, strict=False) if value}


def _kept(
    work: Work,
    candidate: Candidate,
    other: Other,
    names: list[str],
    variables: dict[str, str],
    free: frozenset[str],
) -> Iterator[Candidate]:
    """The ways that keep one module as it was, but for what is `free`."""
    settings = [name for name in names if name != LOADS]
    ways: list[list[Splice]] = []
    try:
        source = work.source(other.file, candidate.files)
        stars = _star_imports(source)
        if candidate.had:  # the default that is gone
            ways.append(_above(source, stars[0], dict(candidate.had)))
        above = _above(source, stars[0], variables) if LOADS in names else []
        undone = _undone(work, candidate, source, settings)
        if undone:
            ways += [[*above, *splices] for splices in _places(source, stars[-1], undone)]
        lines = _lines(source, other, settings)
        ways += [[*above, *splices] for splices in _places(source, stars[-1], lines)]
    except CannotEdit:
        pass
    for splices in ways:
        try:
            new = source.spliced(splices)
        except CannotEdit:
            continue
        files = {**candidate.files, other.file: new}
        left = work.changed_elsewhere(files, _given(work, candidate), free).get(other, ())
        left = [each for each in left if not (variables and is_secret_name(each))
                and not (each in names and _may_be_overruled(other, each))]  # fmt: skip
        if not left:
            yield candidate._replace(files=files)


def _may_be_overruled(other: Other, name: str) -> bool:
    """Whether a module is for tests, in which one value is known, and another one could come from a
    file that is not in the repository: tests need none of that."""
    return "test" in other.file and len(_known(other, name)) == 1 < len(_outcomes(other, name))


def _outcomes(other: Other, name: str) -> tuple[Outcome, ...]:
    return other.settings[name].outcomes if name in other.settings else ()


def _known(other: Other, name: str) -> list[object]:
    """What a setting is known to be, cases aside in which a file that nobody has decides."""
    return [each.value for each in _outcomes(other, name)
            if not (isinstance(each.value, Unknown) and not each.value.variables)]  # fmt: skip


def _lines(source: Source, other: Other, names: list[str]) -> list[str]:
    """`NAME = value` for each, `del NAME` for what was not there. Raises CannotEdit if a value is no
    plain data, or a secret."""
    lines = []
    for name in names:
        if is_secret_name(name):
            continue
        known = [each.value for each in _outcomes(other, name)]
        known = _known(other, name) if _may_be_overruled(other, name) else known
        if not known:  # nor does Django have a default
            lines.append(f"del {name}")
            continue
        if len(known) != 1 or not _is_plain(known[0]):
            raise CannotEdit(f"what {name} is depends on more")
        lines.append(source.written(f"{name} = ", known[0]))
    return lines


def _undone(work: Work, candidate: Candidate, source: Source, names: list[str]) -> list[str] | None:
    """Lines that take away again what was put into lists and dictionaries; None if that is not all
    that changed."""
    after = work.evaluated(candidate.files)
    lines: list[str] = []
    for name in names:
        had, has = (each[name].outcomes if each is not None and name in each else ()
                    for each in (work.settings, after))  # fmt: skip
        if len(had) != 1 or len(has) != 1 or not had[0].chain:
            return []
        more = _taken_away(source, name, had[0].value, has[0].value)
        if not more:
            return []
        lines += more
    return lines


def _taken_away(source: Source, target: str, had: object, has: object) -> list[str]:
    """What makes `had` of `has`, where that has more of something; [] if that is not so."""
    if isinstance(had, dict) and isinstance(has, dict) and had.keys() <= has.keys():
        lines = [f"del {target}[{source.literal(key)}]" for key in has if key not in had]
        for key, value in had.items():
            if repr(value) != repr(has[key]):
                more = _taken_away(source, f"{target}[{source.literal(key)}]", value, has[key])
                if not more:
                    return []
                lines += more
        return lines
    if isinstance(had, list) and isinstance(has, list):
        extra = [each for each in has if isinstance(each, str) and each not in had]
        if repr([each for each in has if each not in extra]) == repr(had):
            return [source.call(f"{target}.remove", source.literal(each)) for each in extra]
    return []


def _is_plain(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(each) for key, each in value.items())
    return value is None or (isinstance(value, (bool, int, float, str)) and bool(json.dumps(value)))


def _star_imports(source: Source) -> list[cst.CSTNode]:
    """Each `from … import *` at the top level. Raises CannotEdit if there is none."""
    found: list[cst.CSTNode] = []
    for node in source.module.body:
        small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
        if isinstance(small, cst.ImportFrom) and isinstance(small.names, cst.ImportStar):
            found.append(node)
    if not found:
        raise CannotEdit("it does not import everything from production's module")
    return found


def _above(source: Source, first: cst.CSTNode, variables: dict[str, str]) -> list[Splice]:
    given = [f"os.environ.setdefault({source.literal(name)}, {source.literal(value)})"
             for name, value in variables.items()]  # fmt: skip
    begun = _end_of_section(source, ABOVE)
    if begun is not None:
        return [Splice(begun, begun, "".join(f"\n{each}" for each in given))]
    line = comments_above(source, source.start_of_line(source.span(first)[0]))
    text = f"# {ABOVE}\n" + "".join(f"{each}\n" for each in given) + "\n"
    imports = add_import(source, "import os")
    if any(each.start == line for each in imports):
        return [Splice(line, line, f"import os\n\n{text}")]
    return [*imports, Splice(line, line, text)]


def _places(source: Source, last: cst.CSTNode, lines: list[str]) -> Iterator[list[Splice]]:
    if not lines:
        yield []
        return
    below = "".join(f"\n{each}" for each in lines)
    begun = _end_of_section(source, BELOW)
    if begun is not None:
        yield [Splice(begun, begun, below)]
    else:
        _, end = source.span(last)
        at = source.end_of_line(end)
        yield [Splice(at, at, f"\n\n# {BELOW}{below}")]
    yield list(append(source, "", [f"# {BELOW}", *lines]))[-1]


def _end_of_section(source: Source, comment: str) -> int | None:
    """Where the lines end that stand below a comment of an earlier edit."""
    found = re.search(rf"^# {re.escape(comment)}((?:\r?\n.+)*)", source.text, re.MULTILINE)
    return found.end(1) if found else None
