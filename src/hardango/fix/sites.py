"""Where an edit can be made, the best place first.

Each candidate is the new content of a file or two. Which one holds is not decided by looking at
the text: `plan` evaluates the settings with each and takes the first that does what was wanted
and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence

import libcst as cst
import libcst.matchers as m

from hardango.edits import (
    Argument,
    Assign,
    Drop,
    Edit,
    Entry,
    Exclude,
    FromEnvironment,
    Include,
    Literal,
    Rename,
    Require,
    Upgrade,
)
from hardango.findings import Place
from hardango.fix import sequences
from hardango.fix.containers import is_literal, put, take
from hardango.fix.dialect import OS, Dialect, Read, prefix_of, reads, reads_in
from hardango.fix.lines import (
    add_import,
    append,
    append_to_class,
    named_beside_star,
    statement_removed,
)
from hardango.fix.requirements import require, upgrade
from hardango.fix.source import CHOICE, Assigned, CannotEdit, Code, Source, Splice
from hardango.fix.values import value_of
from hardango.fix.work import NOTHING, Files, Work
from hardango.light import NamedTuple
from hardango.settings.outcomes import Unknown


class Candidate(NamedTuple):
    """The new content of files; `touched` the statements that were changed in place, as they are
    now; `developer` the variables that a developer's machine needs then, `asked` those that
    production does, each with an example, and `secrets` what those of secrets should hold; `had`
    the variables whose default is another one or gone, each with that; `by_hand` sentences on what
    is left to do."""

    files: Files
    touched: frozenset[Place] = frozenset()
    developer: tuple[tuple[str, str], ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str | None], ...] = ()
    by_hand: tuple[str, ...] = ()
    had: tuple[tuple[str, str], ...] = ()


def candidates(work: Work, edit: Edit, files: Files) -> Iterator[Candidate]:
    """Ways to make `edit` on top of `files`."""
    makers = {
        Assign: _assign, Include: _include, Exclude: _exclude, FromEnvironment: _from_environment,
        Drop: _drop, Entry: _entry, Rename: _rename, Require: _require, Argument: _argument,
        Upgrade: _upgrade, Literal: _literal,
    }  # fmt: skip
    for make in makers[type(edit)](work, edit, files):  # type: ignore[operator]
        try:
            yield from make()
        except CannotEdit:
            continue


class Site(NamedTuple):
    """A statement that decides a setting of production, and in which file."""

    file: str
    source: Source
    found: Assigned

    @property
    def place(self) -> Place:
        return Place(self.file, self.found.line)

    def is_in(self, name: str) -> bool:
        """Whether the statement stands in the body of the class of this name."""
        found = self.source.module.body
        return any(isinstance(each, cst.ClassDef) and each.name.value == name
                   and each.body is self.found.parent for each in found)  # fmt: skip


def sites(work: Work, name: str, files: Files) -> list[Site]:
    """The statements that decide `name`, the one of the module itself first."""
    places: dict[Place, None] = {}
    for outcome in work.outcomes(name, files):
        for place in reversed(outcome.chain):
            places.setdefault(place._replace(column=1))
    found = [site for place in places for site in _statements(work, name, place, files)]
    if not found:  # a library may have put the same value there again
        found = list(_statements(work, name, Place(work.file, 0), files))
    return sorted(found, key=lambda each: each.file != work.file)


def _statements(work: Work, name: str, place: Place, files: Files) -> Iterator[Site]:
    """The statement at `place` that binds `name`; without a line, each one of the file."""
    if not place.file.endswith(".py"):
        return
    with contextlib.suppress(CannotEdit):
        source = work.source(place.file, files)
        for assigned in source.assignments(name):
            if place.line == assigned.line:  # the statement keeps its quotes
                source.quote = source.quote_in(source.code(assigned.statement)) or source.quote
            if place.line in (0, assigned.line):
                yield Site(place.file, source, assigned)


def _edited(site: Site, files: Files, splices: Sequence[Splice], **more: object) -> Candidate:
    new = {**files, site.file: site.source.spliced(splices)}
    return Candidate(new, frozenset({site.place}), **more)  # type: ignore[arg-type]


def _in_place(work: Work, found: Iterable[Site]) -> list[Site]:
    """The sites that are production's: in the class that it chooses, where it chooses one."""
    mine = [each for each in found if work.is_productions(each.file)]
    chosen = work.reading.project.deployment.configuration
    return [each for each in mine if each.is_in(chosen)] if chosen else mine


def _inherited(work: Work, found: Iterable[Site]) -> list[Site]:
    """The sites in classes that production's has as a base, and perhaps others have as well."""
    chosen = work.reading.project.deployment.configuration
    return (
        [each for each in found if work.is_productions(each.file) and not each.is_in(chosen)]
        if chosen
        else []
    )


# -- a value ---------------------------------------------------------------------------------------


def _assign(work: Work, edit: Assign, files: Files) -> Iterator[object]:
    found = sites(work, edit.name, files)
    for site in _in_place(work, found):
        yield lambda site=site: _new_value(work, edit, site, files)
        yield lambda site=site: _new_default(work, edit, site, files)
    for site in _fields(work, edit.name, files):
        yield lambda site=site: _new_default_of_field(work, edit, site, files)
    yield lambda: _override(work, edit, found, files)
    for site in _inherited(work, found):
        yield lambda site=site: _new_value(work, edit, site, files)
        yield lambda site=site: _new_default(work, edit, site, files)


def _fields(work: Work, name: str, files: Files) -> Iterator[Site]:
    """The literals that hold where a variable is not set, and stand under another name, such as the
    field of a class that reads the environment."""
    if not _variables_of(work, name, files):
        return
    places = {place._replace(column=1) for outcome in work.outcomes(name, files)
              for place in outcome.chain if place.file.endswith(".py")}  # fmt: skip
    for place in sorted(places):
        with contextlib.suppress(CannotEdit):
            source = work.source(place.file, files)
            for assigned in source.all_assignments():
                literal = assigned.operator == "=" and is_literal(assigned.value)
                if literal and assigned.line == place.line and assigned.name != name:
                    if work.is_productions(place.file):
                        yield Site(place.file, source, assigned)


def _new_default_of_field(
    work: Work, edit: Assign, site: Site, files: Files
) -> Iterator[Candidate]:
    start, end = site.source.span(site.found.value)
    code = site.source.literal(edit.value)
    variable = _variables_of(work, edit.name, files)[0]
    developer = ((variable, "1"),) if work.shared and edit.variable else ()
    yield _edited(site, files, [Splice(start, end, code)], developer=developer)


def _expression(work: Work, edit: Assign | Entry, source: Source, files: Files) -> str:
    """The value, or what follows from DEBUG where development needs another one."""
    wanted = source.written("", edit.value)
    if not work.shared or edit.development is None:
        return wanted
    if isinstance(edit, Assign) and edit.variable:
        dialect = work.dialect(work.file, files)
        return reads(source, dialect, _own_name(work, edit.variable, source), "flag", edit.value)
    if not _debug_decides(work, files):
        return wanted
    if (edit.value, edit.development) == (True, False):
        return "not DEBUG"
    if (edit.value, edit.development) == (False, True):
        return "DEBUG"
    return f"{source.literal(edit.development)}{CHOICE}{wanted}"


def _debug_decides(work: Work, files: Files) -> bool:
    """Whether DEBUG is off in production and can be switched on by a variable."""
    values = [each.value for each in work.outcomes("DEBUG", files)]
    return len(values) > 1 or any(not isinstance(each, bool) for each in values)


def _new_value(work: Work, edit: Assign, site: Site, files: Files) -> Iterator[Candidate]:
    """Another value in the statement that decides, if it is written out there."""
    if site.found.operator != "=" or reads_in(site.source, site.found.value):
        return
    if not is_literal(site.found.value):
        return
    start, end = site.source.span(site.found.value)
    code = _expression(work, edit, site.source, files)
    splices = [Splice(start, end, code), *_beside(site, edit), *_without_remark(site, edit)]
    imports = work.dialect(site.file, files).imports if edit.variable and work.shared else ""
    splices += add_import(site.source, imports)
    yield _edited(site, files, splices, developer=_switched(work, edit, site.source))


def _switched(
    work: Work, edit: Assign, source: Source, read: Sequence[Read] = ()
) -> tuple[tuple[str, str], ...]:
    """The variable that gives a developer's machine what development needs: the one that is `read`
    already, or a new one."""
    if not work.shared or not edit.variable:
        return ()
    variable = read[0].variable if read else _own_name(work, edit.variable, source)
    return ((variable, "1"),)


def _beside(site: Site, edit: Assign) -> list[Splice]:
    """The lines of comment above the statement."""
    start, _ = site.source.span(site.found.statement)
    margin = site.source.margin(start)
    line = site.source.start_of_line(start)
    return [Splice(line, line, "".join(f"{margin}# {each}\n" for each in edit.beside))]


def _without_remark(site: Site, edit: Assign) -> list[Splice]:
    """The comment behind a number away: it says what the old one comes to. What tools read stays."""
    if isinstance(edit.value, bool) or not isinstance(edit.value, int):
        return []
    _, end = site.source.span(site.found.statement)
    last = site.source.end_of_line(end)
    remark = site.source.text[end:last]
    if not re.fullmatch(r"[ \t]*#.*", remark) or re.search(r"#\s*\w+:|noqa|nosec|pragma", remark):
        return []
    return [Splice(end, last, "")]


def _new_default(work: Work, edit: Assign, site: Site, files: Files) -> Iterator[Candidate]:
    """Another default for the variable that decides; or, if that is read in a way in which every
    text is true, a reading that understands it."""
    read = reads_in(site.source, site.found.value)
    if len(read) != 1 or site.found.operator != "=":
        return
    (one,) = read
    if one.default is None:
        one = one._replace(default=_alternative(site.found.value, one))
    developer = _switched(work, edit, site.source, read)
    if isinstance(edit.value, bool) and _is_bare(site.found.value, one) and _is_text(work, edit):
        start, end = site.source.span(site.found.value)
        dialect = work.dialect(site.file, files)
        code = reads(site.source, dialect, one.variable, "flag", edit.value)
        splices = [Splice(start, end, code), *add_import(site.source, dialect.imports)]
        yield _edited(site, files, splices, developer=developer)
    if one.default is not None:
        start, end = site.source.span(one.default.value)
        for code in _defaults(site.source, one, edit.value):
            splices = [Splice(start, end, code), *_without_remark(site, edit)]
            yield _edited(site, files, splices, developer=developer, had=_had([one]))


def _alternative(value: cst.BaseExpression, read: Read) -> cst.Arg | None:
    """The literal of `read or "x"`, which is a default as well."""
    for each in m.findall(value, m.BooleanOperation(operator=m.Or())):
        if isinstance(each, cst.BooleanOperation) and each.left is read.node:
            return cst.Arg(each.right) if is_literal(each.right) else None
    return None


def _had(read: Sequence[Read]) -> tuple[tuple[str, str], ...]:
    """What a variable is taken for where it is not set, as text."""
    default = read[0].default.value if len(read) == 1 and read[0].default is not None else None
    if isinstance(default, cst.SimpleString):
        return ((read[0].variable, str(default.evaluated_value)),)
    if isinstance(default, cst.List):
        return ((read[0].variable, ",".join(each or "" for each in sequences.texts(default))),)
    if isinstance(default, cst.Name) and default.value in ("True", "False"):
        return ((read[0].variable, default.value),)
    return ()


def _is_text(work: Work, edit: Assign) -> bool:
    """Whether the value is a text where it should be true or false: "False" would be true."""
    values = [each.value for each in work.outcomes(edit.name)]
    return any(isinstance(each, str) or (isinstance(each, Unknown) and each.type == "str")
               for each in values) or all(isinstance(each, bool) for each in values)  # fmt: skip


def _is_bare(value: cst.BaseExpression, read: Read) -> bool:
    """Whether the text of a variable is the value, as it is or as `bool()` or `int()` makes it."""
    if isinstance(value, cst.Call) and value is not read.node and len(value.args) == 1:
        value = value.args[0].value
    return value is read.node


def _defaults(source: Source, read: Read, value: object) -> list[str]:
    """How the default could be written: as it is now, a text or a value."""
    assert read.default is not None
    if isinstance(value, bool):
        as_text = (
            ("True", "true", "1", "on", "yes") if value else ("False", "false", "0", "", "off")
        )
        texts = [source.literal(each) for each in as_text]
        number = str(int(value))
        if isinstance(read.default.value, cst.SimpleString):
            return [*texts, str(value)]
        return [number] if isinstance(read.default.value, cst.Integer) else [str(value)]
    if isinstance(read.default.value, cst.SimpleString) and not isinstance(value, str):
        return [source.literal(str(value))]
    return [source.literal(value)]


def _override(work: Work, edit: Assign, found: list[Site], files: Files) -> Iterator[Candidate]:
    """A line of its own in production's module."""
    source = work.source(work.file, files)
    read = [one for site in found for one in _read(work, edit.name, site, files)]
    imports = ""
    if read:  # the variable keeps its say
        if not isinstance(edit.value, bool) or not _is_bare(found[0].found.value, read[0]):
            return
        dialect = work.dialect(work.file, files)
        code = reads(source, dialect, read[0].variable, "flag", edit.value)
        imports = dialect.imports
    elif environment_decides(work, edit.name, files):
        return
    else:
        code = _expression(work, edit, source, files)
        imports = work.dialect(work.file, files).imports if edit.variable and work.shared else ""
    lines = [*(f"# {each}" for each in edit.beside), f"{edit.name} = {code}"]
    developer = _switched(work, edit, source, read)
    for new in _appended(work, source, edit.name, lines, imports):
        yield Candidate({**files, work.file: new}, developer=developer)


def environment_decides(work: Work, name: str, files: Files = NOTHING) -> bool:
    """Whether the project lets its environment choose the value: a literal would overrule it."""
    outcomes = [each for each in work.outcomes(name, files) if each.chain]
    if any(not each.condition.certain or _is_read(each.value) for each in outcomes):
        return True
    # A variable whose value is known, in an expression; where a literal stands, it decides which.
    found = sites(work, name, files) if any(each.readings for each in outcomes) else []
    return bool(found) and not any(is_literal(each.found.value) for each in found)


def _is_read(value: object) -> bool:
    return isinstance(value, Unknown) and bool(value.variables)


def _appended(
    work: Work, source: Source, name: str, lines: list[str], imports: str = ""
) -> Iterator[bytes]:
    configuration = work.reading.project.deployment.configuration
    if configuration:
        for splices in append_to_class(source, configuration, name, lines):
            yield source.spliced([*splices, *add_import(source, imports)])
        return
    # What is changed, not set, comes from a star import.
    changed = not any(line.startswith(f"{name} = ") for line in lines)
    more = named_beside_star(source, name) if changed else []
    for splices in append(source, name, lines):
        yield source.spliced([*splices, *more, *add_import(source, imports)])


# -- a variable ------------------------------------------------------------------------------------


def _from_environment(work: Work, edit: FromEnvironment, files: Files) -> Iterator[object]:
    if edit.text:
        yield from _text_from_environment(work, edit, files)
        return
    found = sites(work, edit.name, files)
    if edit.optional and any(reads_in(site.source, site.found.value) for site in found):
        yield lambda: iter([Candidate(files)])  # it comes from a variable already
        return
    variables = _variables_of(work, edit.name, files)
    if variables and not any(_read(work, edit.name, site, files) for site in found):
        for site in [*_in_place(work, found), *_inherited(work, found)]:
            yield lambda site=site: _left_to_variable(work, edit, site, files, variables)
        for site in _fields(work, edit.name, files):
            yield lambda site=site: _required_field(work, edit, site, files, variables)
        return
    for site in _in_place(work, found):
        yield lambda site=site: _variable_in_place(work, edit, site, files)
    yield lambda: _variable_below(work, edit, found, files)
    for site in _inherited(work, found):
        yield lambda site=site: _variable_in_place(work, edit, site, files)


def _variables_of(work: Work, name: str, files: Files) -> tuple[str, ...]:
    """The variables that a setting can come from."""
    values: list[object] = [each.value for each in work.outcomes(name, files)]
    values += [item for each in values if isinstance(each, (list, tuple)) for item in each]
    found = (each.variables for each in values if isinstance(each, Unknown))
    return tuple(dict.fromkeys(variable for variables in found for variable in variables))


def _required_field(
    work: Work, edit: FromEnvironment, site: Site, files: Files, variables: tuple[str, ...]
) -> Iterator[Candidate]:
    """A field without its default: `key: str = "x"` becomes `key: str`. Such classes read a list as
    JSON."""
    if edit.kind == "list":
        developer, example = (
            json.dumps(each.split(",")) for each in (edit.development, edit.example)
        )
        edit = edit._replace(development=developer, example=example)
    small = site.found.small
    if isinstance(small, cst.AnnAssign) and not (edit.kind == "list" and work.hosts):
        _, before = site.source.span(small.annotation.annotation)
        _, end = site.source.span(site.found.value)
        more = _consequences(work, edit, variables[0])
        yield _edited(site, files, [Splice(before, end, "")], **more)


def _read(work: Work, name: str, site: Site, files: Files) -> list[Read]:
    """The calls in a statement that read a variable which decides the setting; what looks like one may
    read an option of another name."""
    variables = _variables_of(work, name, files)
    found = reads_in(site.source, site.found.value)
    return [each for each in found if not variables or each.variable in variables]


def _left_to_variable(
    work: Work, edit: FromEnvironment, site: Site, files: Files, variables: tuple[str, ...]
) -> Iterator[Candidate]:
    """Without the literal that holds only where a variable, which a library reads unasked, is not set."""
    if site.found.operator == "=" and is_literal(site.found.value) and edit.kind == "text":
        more = _consequences(work, edit, variables[0])
        yield _edited(site, files, statement_removed(site.source, site.found), **more)


def _variable(work: Work, edit: FromEnvironment, source: Source, read: list[Read]) -> str:
    """The name of the variable: the one that is read already, or one like the project's others."""
    return read[0].variable if read else _own_name(work, edit.variable, source)


def _own_name(work: Work, variable: str, source: Source) -> str:
    """The name of a new variable, with the prefix that the project's own have."""
    sources = [source, *(work.source(each) for each in work.read
                         if each.endswith(".py") and each != work.file)]  # fmt: skip
    prefix = prefix_of(sources)
    bare = variable.removeprefix("DJANGO_")
    return bare if bare.startswith(prefix) else prefix + bare


def _value_of_variable(
    work: Work, edit: FromEnvironment, source: Source, file: str, files: Files, read: list[Read]
) -> tuple[str, str, str]:
    """The expression, the import that it needs, and the variable."""
    dialect = work.dialect(file, files)
    variable = _variable(work, edit, source, read)
    default: object = [] if edit.optional else None
    if edit.kind == "flag":
        default = False
    elif edit.kind == "list" and work.hosts and edit.name == "ALLOWED_HOSTS":
        default = list(work.hosts)
    return reads(source, dialect, variable, edit.kind, default), dialect.needs(edit.kind), variable


def _consequences(work: Work, edit: FromEnvironment, variable: str) -> dict[str, object]:
    """What follows from an edit beside the settings: see Candidate."""
    return {
        "developer": _needed(work, edit, variable),
        "asked": _asked(work, edit, variable),
        "secrets": ((variable, value_of(work, edit)),) if edit.secret else (),
    }


def _needed(work: Work, edit: FromEnvironment, variable: str) -> tuple[tuple[str, str], ...]:
    """What a developer's machine needs, where it runs production's module."""
    if not work.shared or not edit.development or (edit.name == "ALLOWED_HOSTS" and work.hosts):
        return ()
    return ((variable, edit.development),)


def _asked(work: Work, edit: FromEnvironment, variable: str) -> tuple[tuple[str, str], ...]:
    """What production has to set."""
    if edit.optional or edit.kind == "flag" or (edit.name == "ALLOWED_HOSTS" and work.hosts):
        return ()
    return ((variable, edit.example),)


def _variable_in_place(
    work: Work, edit: FromEnvironment, site: Site, files: Files
) -> Iterator[Candidate]:
    if site.found.operator != "=":
        return
    read = _read(work, edit.name, site, files)
    code, imports, variable = _value_of_variable(work, edit, site.source, site.file, files, read)
    more = _consequences(work, edit, variable)
    if not edit.secret:
        more["had"] = _had(read)
    if len(read) == 1 and read[0].default is not None and edit.kind != "flag":
        without = _without_default(site.source, read[0])
        if without and not (edit.kind == "list" and work.hosts):
            yield _edited(site, files, without, **more)
    start, end = site.source.span(site.found.value)
    splices = [Splice(start, end, code), *add_import(site.source, imports)]
    yield _edited(site, files, splices, **more)


def _without_default(source: Source, read: Read) -> list[Splice]:
    """The same reading without a default, so that production does not start without it."""
    node, default = read.node, read.default
    assert isinstance(node, cst.Call) and default is not None
    function = source.code(node.func)
    start, end = source.span(node)
    if function.endswith("environ.get") or function in ("os.getenv", "getenv"):
        owner = function.removesuffix(".get") if function.endswith(".get") else "os.environ"
        if function == "getenv":
            return []
        return [Splice(start, end, f"{owner}[{source.code(node.args[0])}]")]
    index = list(node.args).index(default)
    _, before = source.span(node.args[index - 1].value)
    _, last = source.span(default)
    return [Splice(before, last, "")]


def _variable_below(
    work: Work, edit: FromEnvironment, found: list[Site], files: Files
) -> Iterator[Candidate]:
    source = work.source(work.file, files)
    read = [one for site in found for one in _read(work, edit.name, site, files)]
    code, imports, variable = _value_of_variable(work, edit, source, work.file, files, read)
    for new in _appended(work, source, edit.name, [f"{edit.name} = {code}"], imports):
        more = _consequences(work, edit, variable)
        yield Candidate({**files, work.file: new}, **more)  # type: ignore[arg-type]


# -- a text in a setting ---------------------------------------------------------------------------


def _text_from_environment(work: Work, edit: FromEnvironment, files: Files) -> Iterator[object]:
    outcomes = work.outcomes(edit.name, files)
    read = dict.fromkeys(place.file for outcome in outcomes for place in reversed(outcome.chain))
    holding = [file for file in read if file.endswith(".py")
               and any(_literals(work.source(file, files), edit.text))]  # fmt: skip
    mine = [file for file in holding if work.is_productions(file)]
    for file in mine:
        yield lambda file=file: _texts_in_place(work, edit, file, files)
    if holding and not mine:
        yield lambda: _text_below(work, edit, files)


def _dialect_within(work: Work, edit: FromEnvironment, file: str, files: Files) -> Dialect:
    """How the variable is read; what django-configurations reads must be a setting of its own."""
    dialect = work.dialect(file, files)
    return OS if dialect.library == "configurations" and edit.keys else dialect


def _texts_in_place(
    work: Work, edit: FromEnvironment, file: str, files: Files
) -> Iterator[Candidate]:
    """The variable instead of every literal in a file that is this text."""
    source = work.source(file, files)
    dialect = _dialect_within(work, edit, file, files)
    variable = _own_name(work, edit.variable, source)
    if edit.variable.startswith("_"):
        raise CannotEdit("what it is for is not told by a name of the module's own")
    splices: list[Splice] = []
    touched = set()
    for statement, node in _literals(source, edit.text):
        touched.add(Place(file, source.line(statement)))
        read = next((each for each in reads_in(source, statement)
                     if each.default is not None and each.default.value is node), None)  # fmt: skip
        variable = read.variable if read else variable
        without = _without_default(source, read) if read else []
        start, end = source.span(read.node if read else node)
        code = reads(source, dialect, variable, edit.kind, None)
        splices += without or [Splice(start, end, code)]
    if splices:
        splices += add_import(source, dialect.imports)
        more = _consequences(work, edit, variable)
        new = {**files, file: source.spliced(splices)}
        yield Candidate(new, frozenset(touched), **more)  # type: ignore[arg-type]


def _literals(source: Source, text: str) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    """Each literal that is `text`, with its statement; what something is compared with is none."""
    compared = {each for comparison in m.findall(source.module, m.Comparison())
                for each in m.findall(comparison, m.SimpleString())}  # fmt: skip
    for statement in m.findall(source.module, m.SimpleStatementLine()):
        for node in m.findall(statement, m.SimpleString() | m.ConcatenatedString()):
            assert isinstance(node, (cst.SimpleString, cst.ConcatenatedString))
            if node not in compared and node.evaluated_value == text:
                yield statement, node


def _text_below(work: Work, edit: FromEnvironment, files: Files) -> Iterator[Candidate]:
    """A statement in production's module that puts the variable where the text was."""
    source = work.source(work.file, files)
    dialect = _dialect_within(work, edit, work.file, files)
    variable = _own_name(work, edit.variable, source)
    at = "".join(f"[{source.literal(each)}]" for each in edit.keys)
    line = f"{edit.name}{at} = {reads(source, dialect, variable, edit.kind, None)}"
    for new in _appended(work, source, edit.name, [line], dialect.imports):
        more = _consequences(work, edit, variable)
        yield Candidate({**files, work.file: new}, **more)  # type: ignore[arg-type]


# -- a list ----------------------------------------------------------------------------------------


def _include(work: Work, edit: Include, files: Files) -> Iterator[object]:
    found = sites(work, edit.name, files)
    there = _is_in(work, edit, files)
    for site in _in_place(work, found):
        yield lambda site=site: _item_in_place(edit, site, files, there)
    yield lambda: _item_below(work, edit, found, files)
    for site in _inherited(work, found):
        yield lambda site=site: _item_in_place(edit, site, files, there)


def _is_in(work: Work, edit: Include, files: Files) -> bool:
    """Whether the list has the item already, in one case at least."""
    outcomes = work.outcomes(edit.name, files)
    return any(isinstance(each.value, (list, tuple)) and edit.item in each.value
               for each in outcomes if not each.default)  # fmt: skip


def _item_in_place(
    edit: Include, site: Site, files: Files, there: bool = False
) -> Iterator[Candidate]:
    """`there`: the item is in the list already, if it is not in this part then in another one."""
    written = site.found.value
    if not isinstance(written, (cst.List, cst.Tuple)) or site.found.operator != "=":
        return
    items = sequences.texts(written)
    if there and edit.item not in items:
        return
    if edit.item in items:
        # Taken out first: where it belongs is asked of the rest.
        at = items.index(edit.item)
        without = site.source.spliced(sequences.remove(site.source, written, at))
        source = Source(without)
        found = source.assigned_at(edit.name, site.found.line)
        if found is None:
            return
        moved = Site(site.file, source, found)
        yield from _item_in_place(edit, moved, {**files, site.file: without})
        return
    splices = sequences.insert_text(site.source, written, position(edit, items), edit.item)
    yield _edited(site, files, splices)


def position(edit: Include, items: Sequence[str | None]) -> int:
    """Before which item of the list the new one belongs."""
    earliest = max((index + 1 for index, each in enumerate(items) if each in edit.after), default=0)
    latest = min((index for index, each in enumerate(items) if each in edit.before),
                 default=len(items))  # fmt: skip
    if edit.first or not edit.after:
        return max(earliest, 0) if edit.first else latest
    return earliest if earliest or latest else latest


def _item_below(work: Work, edit: Include, found: list[Site], files: Files) -> Iterator[Candidate]:
    """A statement in production's module that changes the list which it has from elsewhere."""
    source = work.source(work.file, files)
    outcomes = work.outcomes(edit.name, files)
    known = [each.value for each in outcomes if each.known and not each.default]
    if not any(each.chain for each in outcomes):
        item = source.literal(edit.item)
        lines = [*(f"# {each}" for each in edit.beside), f"{edit.name} = [{item}]"]
    elif known:
        lines = _change_of_list(edit, source, known[0])
    else:
        raise CannotEdit("what the list holds is not known")
    for new in _appended(work, source, edit.name, lines):
        yield Candidate({**files, work.file: new})


def _change_of_list(edit: Include, source: Source, value: object) -> list[str]:
    if not isinstance(value, (list, tuple)):
        raise CannotEdit("what the list holds is not known")
    items = [each if isinstance(each, str) else None for each in value]
    name, item = edit.name, source.literal(edit.item)
    lines = [] if isinstance(value, list) else [f"{name} = list({name})"]
    if edit.item in items:
        items.remove(edit.item)
        lines.append(source.call(f"{name}.remove", item))
    at = position(edit, items)
    if at == 0:
        return [*lines, source.call(f"{name}.insert", "0", item)]
    if at == len(items):
        return [*lines, source.call(f"{name}.append", item)]
    neighbour = items[at]
    if neighbour is None:
        raise CannotEdit("the item before which it belongs is not known")
    index = f"{name}.index({source.literal(neighbour)})"
    return [*lines, source.call(f"{name}.insert", index, item)]


def _exclude(work: Work, edit: Exclude, files: Files) -> Iterator[object]:
    found = sites(work, edit.name, files)
    for site in _in_place(work, found):
        yield lambda site=site: _without_item(edit, site, files)
    yield lambda: _without_item_below(work, edit, files)
    for site in _inherited(work, found):
        yield lambda site=site: _without_item(edit, site, files)


def _without_item(edit: Exclude, site: Site, files: Files) -> Iterator[Candidate]:
    written = site.found.value
    if isinstance(written, (cst.List, cst.Tuple)):
        items = sequences.texts(written)
        if items == [edit.item] and site.found.operator == "+=":
            yield _edited(site, files, statement_removed(site.source, site.found))
        if edit.item in items:
            splices = sequences.remove(site.source, written, items.index(edit.item))
            yield _edited(site, files, splices)


def _without_item_below(work: Work, edit: Exclude, files: Files) -> Iterator[Candidate]:
    source = work.source(work.file, files)
    name, item = edit.name, source.literal(edit.item)
    lines = [f"{name} = [each for each in {name} if each != {item}]"]
    for new in _appended(work, source, name, lines):
        yield Candidate({**files, work.file: new})


# -- away ------------------------------------------------------------------------------------------


def _drop(work: Work, edit: Drop, files: Files) -> Iterator[object]:
    found = sites(work, edit.name, files)
    if not edit.path:
        for site in found:
            yield lambda site=site: _edits(site, files, statement_removed(site.source, site.found))
        return
    for site in _in_place(work, found):
        yield lambda site=site: _taken_in_place(edit, site, files)
    yield lambda: _taken_below(work, edit, files)
    for site in _inherited(work, found):
        yield lambda site=site: _taken_in_place(edit, site, files)


def _edits(site: Site, files: Files, splices: Sequence[Splice]) -> Iterator[Candidate]:
    yield _edited(site, files, splices)


def _taken_in_place(edit: Drop, site: Site, files: Files) -> Iterator[Candidate]:
    if site.found.operator == "=":
        yield _edited(site, files, take(site.source, site.found.value, edit.path))


def _taken_below(work: Work, edit: Drop, files: Files) -> Iterator[Candidate]:
    source = work.source(work.file, files)
    *way, last = (source.literal(each) for each in edit.path)
    owner = edit.name + "".join(f"[{each}]" for each in way)
    for new in _appended(work, source, edit.name, [f"del {owner}[{last}]"]):
        yield Candidate({**files, work.file: new})


# -- what a setting holds --------------------------------------------------------------------------


def _entry(work: Work, edit: Entry, files: Files) -> Iterator[object]:
    found = sites(work, edit.name, files)
    for site in _in_place(work, found):
        yield lambda site=site: _put_in_place(work, edit, site, files)
    yield lambda: _put_below(work, edit, files)
    for site in _inherited(work, found):
        yield lambda site=site: _put_in_place(work, edit, site, files)


def _put_in_place(work: Work, edit: Entry, site: Site, files: Files) -> Iterator[Candidate]:
    if site.found.operator == "=":
        value = _entered(work, edit, site.source, files)
        yield _edited(site, files, put(site.source, site.found.value, edit.path, value))


def _entered(work: Work, edit: Entry, source: Source, files: Files) -> object:
    """The value, or what follows from DEBUG where development needs another one."""
    if not work.shared or edit.development is None:
        return edit.value
    return Code(_expression(work, edit, source, files))


def _put_below(work: Work, edit: Entry, files: Files) -> Iterator[Candidate]:
    """A statement in production's module that changes the dictionary which it has from elsewhere,
    from the first key on that is not there."""
    source = work.source(work.file, files)
    outcomes = work.outcomes(edit.name, files)
    if not any(each.chain for each in outcomes):
        value = _entered(work, edit, source, files)
        for key in reversed(edit.path):
            value = {key: value}
        lines = [source.written(f"{edit.name} = ", value)]
    else:
        depths = {_depth(each.value, edit) for each in outcomes}
        if len(depths) != 1:
            raise CannotEdit("what the dictionary holds is not always the same")
        edit = edit._replace(value=_entered(work, edit, source, files))
        lines = [_item_set(source, edit, depths.pop())]
    for new in _appended(work, source, edit.name, lines):
        yield Candidate({**files, work.file: new})


def _item_set(source: Source, edit: Entry, depth: int) -> str:
    value = edit.value
    for key in reversed(edit.path[depth + 1 :]):
        value = {key: value}
    target = edit.name + "".join(f"[{source.literal(each)}]" for each in edit.path[: depth + 1])
    return source.written(f"{target} = ", value)


def _depth(value: object, edit: Entry) -> int:
    """How many keys of the path lead to something that is there already, the last one left out.
    Raises CannotEdit where the environment decides, or nothing can be set."""
    for depth, key in enumerate(edit.path):
        if isinstance(value, dict) and not any(isinstance(each, Unknown) for each in value):
            if key not in value or depth + 1 == len(edit.path):
                if isinstance(value.get(key), Unknown):
                    break
                return depth
        elif not (isinstance(value, list) and isinstance(key, int) and key < len(value)):
            break
        value = value[key]  # type: ignore[index]
    raise CannotEdit("what it holds is not known")


# -- another name ----------------------------------------------------------------------------------


def _rename(work: Work, edit: Rename, files: Files) -> Iterator[object]:
    for site in sites(work, edit.name, files):
        yield lambda site=site: _renamed(edit, site, files)


def _renamed(edit: Rename, site: Site, files: Files) -> Iterator[Candidate]:
    start, _ = site.source.span(site.found.statement)
    if site.found.operator == "=" and site.source.text.startswith(edit.name, start):
        yield _edited(site, files, [Splice(start, start + len(edit.name), edit.to)])


# -- an argument -----------------------------------------------------------------------------------


def _argument(work: Work, edit: Argument, files: Files) -> Iterator[object]:
    settings = work.evaluated(files)
    for call in settings.calls(edit.name) if settings is not None else ():
        if call.chain and work.is_productions(call.chain[-1].file):
            yield lambda place=call.chain[-1]: _other_argument(work, edit, place, files)


def _other_argument(work: Work, edit: Argument, place: Place, files: Files) -> Iterator[Candidate]:
    source = work.source(place.file, files)
    for call in m.findall(source.module, m.Call()):
        assert isinstance(call, cst.Call)
        if source.line(call) == place.line:
            splices = [Splice(*source.span(each.value), source.literal(edit.value))
                       for each in call.args if each.keyword is not None
                       and each.keyword.value == edit.keyword and is_literal(each.value)]  # fmt: skip
            if splices:
                new = {**files, place.file: source.spliced(splices)}
                yield Candidate(new, frozenset({place._replace(column=1)}))


# -- a text beside the settings -------------------------------------------------------------------


def _literal(work: Work, edit: Literal, files: Files) -> Iterator[object]:
    yield lambda: _other_text(work, edit, files)


def _other_text(work: Work, edit: Literal, files: Files) -> Iterator[Candidate]:
    source = work.source(edit.file, files)
    splices = [Splice(*source.span(node), source.literal(edit.new, source.quote_in(source.code(node))))
               for node in source.texts_on(edit.line, edit.old)]  # fmt: skip
    if splices:
        yield Candidate({**files, edit.file: source.spliced(splices)})


# -- a package -------------------------------------------------------------------------------------


def _require(work: Work, edit: Require, files: Files) -> Iterator[object]:
    yield lambda: _required(work, edit, files)


def _required(work: Work, edit: Require, files: Files) -> Iterator[Candidate]:
    changed, by_hand = require(work, edit.package, files)
    yield Candidate({**files, **changed}, by_hand=by_hand)


def _upgrade(work: Work, edit: Upgrade, files: Files) -> Iterator[object]:
    yield lambda: _upgraded(work, edit, files)


def _upgraded(work: Work, edit: Upgrade, files: Files) -> Iterator[Candidate]:
    changed, by_hand = upgrade(work, edit, files)
    yield Candidate({**files, **changed}, by_hand=by_hand)
