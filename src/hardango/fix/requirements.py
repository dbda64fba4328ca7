"""A package that production has to install: a line where the one for Django stands.

Lock files are left to what writes them. TOML is changed as text, and taken only if it then says
what it said and one package more.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable

from hardango.edits import Upgrade
from hardango.fix.source import CannotEdit
from hardango.fix.work import Files, Work
from hardango.project.versions import normalised

MANAGERS = {
    "uv.lock": ("pyproject.toml", "uv lock"), "poetry.lock": ("pyproject.toml", "poetry lock"),
    "pdm.lock": ("pyproject.toml", "pdm lock"), "Pipfile.lock": ("Pipfile", "pipenv lock"),
}  # fmt: skip
"""Lock files: what they are made of, and by which command."""

_NAME = re.compile(r"\s*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)")


def require(work: Work, package: str, files: Files) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The file that has one line more, and what is left to do by hand. Raises CannotEdit if it is
    not sure where production installs from."""
    packages = work.reading.project.deployment.packages or {}
    if package in packages:
        return {}, ()
    if "django" not in packages or packages["django"].place is None:
        raise CannotEdit(f"no file is known to which {package} could be added")
    file, commands = _manifest(work, packages["django"].place.file)
    data = work.content(file, files)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise CannotEdit(f"{file} is not UTF-8") from None
    name = file.rpartition("/")[2]
    add = {"pyproject.toml": _to_pyproject, "Pipfile": _to_pipfile}.get(name, _to_lines)
    new = add(text, package)
    return {file: new.encode()}, tuple(f"run `{command}`" for command in commands)


def _manifest(work: Work, file: str) -> tuple[str, list[str]]:
    """The file that people write, and the commands that make the others of it."""
    folder, slash, name = file.rpartition("/")
    start = folder + slash
    if name in MANAGERS:
        return start + MANAGERS[name][0], [MANAGERS[name][1]]
    if name in ("pyproject.toml", "Pipfile"):
        locks = [each for each, (made_of, _) in MANAGERS.items() if made_of == name]
        return file, [MANAGERS[each][1] for each in locks if _is_there(work, start + each)]
    if not name.endswith((".txt", ".in", ".pip")):
        raise CannotEdit(f"how packages are added to {file} is not known")
    written = start + name.rpartition(".")[0] + ".in"
    if name.endswith(".txt") and _is_there(work, written):
        return written, [f"pip-compile {written}"]
    return file, []


def _is_there(work: Work, file: str) -> bool:
    try:
        work.content(file)
    except CannotEdit:
        return False
    return True


# -- another version -------------------------------------------------------------------------------


def upgrade(work: Work, edit: Upgrade, files: Files) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The file with another version in one line, and what is left to do by hand. Where a file is made
    of another one, or has hashes, it is for what makes it."""
    wanted = f"{edit.package}=={edit.new}"
    name = edit.file.rpartition("/")[2]
    folder = edit.file.removesuffix(name)
    if name in MANAGERS:
        raise CannotEdit(f"{edit.file} is for what writes it: {MANAGERS[name][1]}")
    if name.endswith(".txt") and _is_there(work, folder + name.removesuffix(".txt") + ".in"):
        return {}, (f"run `pip-compile --upgrade-package {wanted} {folder}{name[:-4]}.in`",)
    data = work.content(edit.file, files)
    rows = data.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    at = edit.line - 1
    if at >= len(rows):
        raise CannotEdit(f"{edit.file} has no line {edit.line}")
    if rows[at].rstrip().endswith("\\") or "--hash" in rows[at]:
        return {}, (f"{edit.file}:{edit.line} has hashes: make it anew with {wanted}",)
    rows[at] = _with_version(rows[at], edit)
    new = "".join(rows)
    if name.endswith(".toml"):
        _check_toml(data.decode(), new, edit)
    locks = [each for each, (made_of, _) in MANAGERS.items() if made_of == name]
    commands = [MANAGERS[each][1] for each in locks if _is_there(work, folder + each)]
    return {edit.file: new.encode("utf-8", "surrogateescape")}, tuple(
        f"run `{each}`" for each in commands
    )


def _with_version(row: str, edit: Upgrade) -> str:
    """A line that pins the new version. Raises CannotEdit if that is not sure."""
    written = re.sub(r"[-_.]+", "[-_.]+", re.escape(edit.package).replace("\\-", "-"))
    pattern = re.compile(
        rf"(?P<before>(?<![\w.-]){written}\s*(?:\[[^\]]*\])?[\"']?\s*(?:=\s*[\"'])?(?:={{2,3}})?\s*)"
        rf"{re.escape(edit.old)}(?![\w.+!-])",
        re.IGNORECASE,
    )
    new, number = pattern.subn(lambda match: match["before"] + edit.new, row)
    if number != 1:
        raise CannotEdit(
            f"{edit.file}:{edit.line} does not pin {edit.package} in a way that is known"
        )
    return new


def _check_toml(before: str, after: str, edit: Upgrade) -> None:
    """Raises CannotEdit unless `after` is `before` with one text that differs in the version."""

    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for key, each in value.items() for text in (key, *texts(each))]
        if isinstance(value, list):
            return [text for each in value for text in texts(each)]
        return [repr(value)]

    old, new = texts(_loaded(before)), texts(_loaded(after))
    changed = [pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]]
    if len(old) != len(new) or len(changed) != 1:
        raise CannotEdit(f"{edit.file}: more than one place would change")
    if changed[0][0].replace(edit.old, edit.new) != changed[0][1]:
        raise CannotEdit(f"{edit.file}: what would change is not the version")


# -- requirements.txt ------------------------------------------------------------------------------


def _to_lines(text: str, package: str) -> str:
    if "--hash" in text or "--require-hashes" in text:
        raise CannotEdit(f"{package} needs hashes where every package has them")
    return _beside_django(text, package, lambda _: package)


def _beside_django(text: str, package: str, line: Callable[[str], str]) -> str:
    """`line` makes the new line of the one for Django. It stands in its place among the lines
    around that one if they are sorted, else below the last of them."""
    newline = "\r\n" if "\r\n" in text else "\n"
    rows = text.splitlines(keepends=True)
    at = next((n for n, row in enumerate(rows) if _name(row) == "django"), None)
    if at is None:
        raise CannotEdit("the line for Django was not found")
    first, last = at, at
    while first > 0 and _name(rows[first - 1]):
        first -= 1
    while last + 1 < len(rows) and _name(rows[last + 1]):
        last += 1
    names = [_name(row) for row in rows[first : last + 1]]
    where = last + 1
    if names == sorted(names):
        where = first + sum(each < package for each in names)
    if where == len(rows) and not rows[-1].endswith(("\n", "\r")):
        return text + newline + line(rows[at])
    rows.insert(where, line(rows[at]) + newline)
    return "".join(rows)


def _name(row: str) -> str:
    """The package that a line asks for, "" if it is another line."""
    found = _NAME.match(row)
    return normalised(found[1]) if found else ""


# -- TOML ------------------------------------------------------------------------------------------


def _to_pipfile(text: str, package: str) -> str:
    return _checked(text, _of_table(text, "packages", package), package, ("packages",))


def _to_pyproject(text: str, package: str) -> str:
    data = _loaded(text)
    listed = data.get("project", {}).get("dependencies", [])
    if any(_name(each) == "django" for each in listed):
        path = ("project", "dependencies")
        try:
            return _checked(text, _of_array(text, package), package, path)
        except CannotEdit:  # the last item may need a comma now
            return _checked(text, _of_array(_with_comma(text), package), package, path)
    new = _of_table(text, "tool.poetry.dependencies", package)
    return _checked(text, new, package, ("tool", "poetry", "dependencies"))


def _of_table(text: str, name: str, package: str) -> str:
    """A line of its own in a table."""
    start, end = _table(text, name)
    inside = _beside_django(text[start:end], package, lambda _: f'{package} = "*"')
    return text[:start] + inside + text[end:]


def _table(text: str, name: str) -> tuple[int, int]:
    """Where the lines of a table stand."""
    found = re.search(rf"^\[{re.escape(name)}\][^\n]*\n", text, re.MULTILINE)
    if found is None:
        raise CannotEdit(f"there is no [{name}]")
    end = re.compile(r"^\[", re.MULTILINE).search(text, found.end())
    return found.end(), end.start() if end else len(text)


def _of_array(text: str, package: str) -> str:
    """An item of `dependencies`, on a line of its own if the others are."""
    start, end = _table(text, "project")
    found = re.compile(r"^dependencies\s*=\s*\[", re.MULTILINE).search(text, start, end)
    if found is None:
        raise CannotEdit("the list of dependencies was not found")
    rest = text[found.end() : end]
    django = re.search(r"([\"'])django\b", rest, re.IGNORECASE)
    if django is None:
        raise CannotEdit("the line for Django was not found")
    quote = django[1]
    before = rest[: django.start()]
    if before.strip(" \t") and not before.rpartition("\n")[2].strip():
        margin = before.rpartition("\n")[2]
        new = _beside_django(rest, package, lambda _: f"{margin}{quote}{package}{quote},")
        return text[: found.end()] + new + text[end:]
    at = found.end() + django.start()
    return f"{text[:at]}{quote}{package}{quote}, {text[at:]}"


def _with_comma(text: str) -> str:
    """The last dependency with a comma."""
    start, end = _table(text, "project")
    found = re.compile(r"^dependencies\s*=\s*\[", re.MULTILINE).search(text, start, end)
    last = re.compile(r"[\"'](?=[ \t]*(?:#[^\n]*)?\s*\])").search(
        text, found.end() if found else start, end
    )
    return f"{text[: last.end()]},{text[last.end() :]}" if last else text


def _checked(before: str, after: str, package: str, path: Iterable[str]) -> str:
    """`after`, if it says what `before` says and one package more."""
    old, new = _loaded(before), _loaded(after)
    *way, last = path
    inside_old, inside_new = old, new
    for each in way:
        inside_old, inside_new = inside_old[each], inside_new[each]
    packages = inside_new[last]
    if isinstance(packages, list):
        packages.remove(package)
    else:
        del packages[package]
    if old != new:
        raise CannotEdit(f"{package} could not be added surely")
    return after


def _loaded(text: str) -> dict:  # type: ignore[type-arg]
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        raise CannotEdit("it is not valid TOML") from None
