"""access.toml: who reaches which route, as people have reviewed it.

    schema = 1
    source = "static"
    routes = [
      { route = "/", view = "shop.views.home", any = "anonymous", public = "the front page" },
      { route = "/orders/", view = "shop.views.orders", GET = "authenticated", guards = "login_required #5f1c0a27be" },
    ]

One line a route, sorted by route, so that a pull request shows what changes; `guards` names what asks,
with a digest of it. Between these lines, and behind them, people may write what they like: comments,
an order of their own and what they declare (`public`) outlive `hardango access --write`.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from hardango.findings import Place
from hardango.light import Any, NamedTuple
from hardango.matrix import Guard, Matrix, Operation, Reach, Route, worded
from hardango.spelling import closest

FILE, SCHEMA = "access.toml", 1
ANY = "any"
"""The method of a view that answers any."""

HEADER = f"""\
# Who reaches which route of this project, as it was reviewed.
# `hardango access --write` writes it, `hardango access --check` fails where the code no longer agrees.
# A route that anybody is meant to reach says why: public = "the front page"
schema = {SCHEMA}
"""

_KEYS = ("route", "view", "public", "guards", "csrf_exempt", "unresolved")
_REACHES = tuple(each.value for each in Reach)
_LONGEST = 20_000_000
_WIDEST = (
    Reach.ANONYMOUS, Reach.UNKNOWN, Reach.CUSTOM, Reach.TOKEN, Reach.AUTHENTICATED, Reach.STAFF,
    Reach.PERMISSION, Reach.OBJECT, Reach.SUPERUSER, Reach.NOBODY,
)  # fmt: skip

CHECKS_BY_ITSELF = ("rest_framework", "ninja")
"""Kinds of views that are all csrf_exempt, and check where they take the session cookie."""

Key = tuple[str, str]
"""What names a route: its pattern and its view."""


class BadPolicy(Exception):
    """access.toml cannot be read; the text says file, line and what to do."""


class Line(NamedTuple):
    """One route as access.toml has it.

    `reaches` is who gets in, by method ("GET", or `ANY`), in the words of `matrix.worded`; `public`
    why anybody may, "" if nobody says so; `guards` the names of what asks, `digest` of it.
    """

    pattern: str
    view: str
    reaches: Mapping[str, str]
    guards: tuple[str, ...] = ()
    digest: str = ""
    public: str = ""
    csrf_exempt: bool = False
    unresolved: str = ""
    number: int = 0

    @property
    def key(self) -> Key:
        return self.pattern, self.view

    @property
    def place(self) -> Place:
        return Place(FILE, self.number)


class Policy(NamedTuple):
    """All of access.toml; `source` is what the matrix was made from: "static" or "loaded"."""

    source: str
    lines: tuple[Line, ...]


# -- from a matrix ---------------------------------------------------------------------------------


def lines_of(matrix: Matrix) -> list[Line]:
    """A line for each route, sorted. Routes with one pattern and view are one: what they differ in
    counts at its widest."""
    found: dict[Key, list[Route]] = {}
    for route in matrix.routes:
        found.setdefault((route.pattern, route.view), []).append(route)
    return [_line(key, found[key]) for key in sorted(found)]


def _line(key: Key, routes: list[Route]) -> Line:
    unresolved = next((each.unresolved for each in routes if each.unresolved), "")
    operations = [each for route in routes for each in route.operations]
    widest: dict[str, Operation] = {}
    for each in operations:
        name = ANY if each.method == "*" else each.method
        if name not in widest or _rank(each) < _rank(widest[name]):
            widest[name] = each
    asked = [each for name, each in widest.items() if not _only_asks_about(name, widest)]
    asking = [guard for each in asked for guard in each.guards if asks(guard)]
    return Line(
        *key,
        {
            name: worded(each.reach, each.permissions, each.any_of)
            for name, each in widest.items() if each in asked
        },
        tuple(dict.fromkeys(_name(guard) for guard in asking)),
        digest(asked) if asking else "",
        csrf_exempt=routes[0].kind not in CHECKS_BY_ITSELF and any(each.csrf_exempt and each.changes and each.session is not False for each in asked),
        unresolved=unresolved,
    )  # fmt: skip


def _rank(operation: Operation) -> int:
    return _WIDEST.index(operation.reach)


def _only_asks_about(name: str, operations: Mapping[str, Operation]) -> bool:
    """Whether a method tells nothing that GET does not, or only what there is to ask for."""
    if name == "HEAD" and "GET" in operations:
        return _rank(operations["GET"]) <= _rank(operations[name])
    return name in ("OPTIONS", "TRACE") and len(operations) > 1


def asks(guard: Guard) -> bool:
    """Whether a guard asks for anything at all."""
    return not guard.dead and guard.demands is not Reach.ANONYMOUS


def _name(guard: Guard) -> str:
    return " ".join(guard.name.replace(" + ", "+").replace(" #", "#").split())


def digest(operations: Iterable[Operation]) -> str:
    """Ten hexadecimal digits that change when what asks does: its kind, what it demands, or the
    source of what checks; not when it moves to another line."""
    from hashlib import sha256

    facts = [
        (each.method, guard.name, guard.layer, guard.demands.value, sorted(guard.permissions),
         guard.any_of, guard.fingerprint)
        for each in sorted(operations, key=lambda each: each.method)
        for guard in each.guards if asks(guard)
    ]  # fmt: skip
    return sha256(json.dumps(facts).encode()).hexdigest()[:10]


# -- written ---------------------------------------------------------------------------------------


def written(line: Line) -> str:
    """The line as it stands in the file, without its comma."""
    facts: dict[str, object] = {"route": "/" + line.pattern, "view": line.view, **line.reaches}
    if line.unresolved:
        facts["unresolved"] = line.unresolved
    if line.guards:
        facts["guards"] = f"{' + '.join(line.guards)} #{line.digest}"
    if line.csrf_exempt:
        facts["csrf_exempt"] = True
    if line.public:
        facts["public"] = line.public
    return "{ " + ", ".join(f"{_key(key)} = {_toml(value)}" for key, value in facts.items()) + " }"


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").isalpha() else _toml(name)


def _toml(value: object) -> str:
    if value is True:
        return "true"
    text = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def renewed(text: str, matrix: Matrix) -> str:
    """The text of access.toml for a matrix, made from what it was ("" for none): comments, order and
    what people declared stay. Raises BadPolicy."""
    now = {line.key: line for line in lines_of(matrix)}
    source = f"source = {_toml(matrix.source)}"
    if not text.strip():
        body = [f"  {written(line)}," for line in now.values()]
        return "\n".join([f"{HEADER}{source}", "routes = [", *body, "]", ""])
    policy = parsed(text)
    for old in policy.lines:
        _hand_on(old, now)
    end = "\r\n" if "\r\n" in text else "\n"
    entries = {entry.number: entry for entry in _entries(text, policy.lines)}
    left = sorted(set(now) - {line.key for line in policy.lines})
    done: list[str] = []
    for number, row in enumerate(_rows(text), 1):
        entry = entries.get(number)
        if entry is not None:
            while left and left[0] < entry.line.key:
                done.append(f"{entry.indent}{written(now[left.pop(0)])},")
            if entry.line.key in now:
                done.append(f"{entry.indent}{written(now[entry.line.key])}{entry.rest}")
            elif "#" in entry.rest:
                done.append(f"{entry.indent}{entry.rest[entry.rest.index('#') :]}")
        elif row.strip().startswith("source") and number < min(entries, default=number + 1):
            done.append(source)
        elif row.strip().startswith("]") or row.strip() == "routes = []":
            indent = next((each.indent for each in entries.values()), "  ")
            rest = [f"{indent}{written(now[key])}," for key in left]
            left = []
            done += ["routes = [", *rest, "]"] if "=" in row else [*rest, row]
        else:
            done.append(row)
    return end.join(done) + end


def _hand_on(old: Line, now: dict[Key, Line]) -> None:
    """What people declared of a route goes to the same one, or to the only one that stands at its
    pattern now and is open, too."""
    heirs = [old.key] if old.key in now else [key for key in now if key[0] == old.pattern]
    if old.public and len(heirs) == 1:
        heir = now[heirs[0]]
        if old.key in now or Reach.ANONYMOUS.value in heir.reaches.values():
            now[heirs[0]] = heir._replace(public=old.public)


class _Entry(NamedTuple):
    """A line of the file that holds a route: what stands in front of it and behind it."""

    number: int
    line: Line
    indent: str
    rest: str


def _entries(text: str, lines: Iterable[Line]) -> Iterator[_Entry]:
    rows = _rows(text)
    for line in lines:
        row = rows[line.number - 1]
        start = row.index("{")
        rest = row[start + len(_table(row[start:])) :]
        comma = "" if rest.lstrip().startswith(",") else ","
        yield _Entry(line.number, line, row[:start], comma + rest)


def _table(text: str) -> str:
    """The inline table that a text starts with, "" if there is none."""
    at = text.find("}")
    while at >= 0:
        try:
            tomllib.loads(f"x = {text[: at + 1]}")
        except tomllib.TOMLDecodeError:
            at = text.find("}", at + 1)
        else:
            return text[: at + 1]
    return ""


# -- read ------------------------------------------------------------------------------------------


def load(folder: str) -> Policy | None:
    """access.toml of the project in `folder`, None if it has none. Raises BadPolicy."""
    text = text_of(folder)
    return None if text is None else parsed(text)


def text_of(folder: str) -> str | None:
    """The text of access.toml, None if there is none. Raises BadPolicy."""
    path = os.path.join(folder, FILE)
    if not os.path.lexists(path):
        return None
    try:
        with open(path, "rb") as opened:
            data = opened.read(_LONGEST + 1)
    except OSError as error:
        raise BadPolicy(f"{FILE}: {error.strerror or 'cannot be read'}") from None
    if len(data) > _LONGEST:
        raise BadPolicy(f"{FILE} is longer than {_LONGEST // 1_000_000} MB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadPolicy(f"{FILE}:{line}: this is no UTF-8; save the file as UTF-8") from None


def parsed(text: str) -> Policy:
    """What a text says. Raises BadPolicy."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPolicy(_not_toml(text, str(error))) from None
    number = _line_of(text, "schema")
    if data.get("schema") != SCHEMA:
        raise BadPolicy(
            f"{FILE}:{number}: schema is to be {SCHEMA}; a newer Hardango may have written the file, "
            "else take it from version control, or make it anew with `hardango access --write`"
        )
    for key in data:
        if key not in ("schema", "source", "routes"):
            raise BadPolicy(f"{FILE}:{_line_of(text, key)}: there is no key {key!r} here; "
                            "there is schema, source and routes")  # fmt: skip
    if data.get("source") not in ("static", "loaded"):
        raise BadPolicy(f'{FILE}:{_line_of(text, "source")}: source is to be "static" or "loaded"')
    routes = data.get("routes")
    if not isinstance(routes, list) or not all(isinstance(each, dict) for each in routes):
        raise BadPolicy(f"{FILE}:{_line_of(text, 'routes')}: routes is to be a list of tables")
    lines = tuple(
        _read(facts, number) for number, facts in zip(_numbers(text, routes), routes, strict=True)
    )
    seen: dict[Key, int] = {}
    for line in lines:
        if line.key in seen:
            raise BadPolicy(f"{line.place}: line {seen[line.key]} is about /{line.pattern} and "
                            f"{line.view}, too; take one of them away")  # fmt: skip
        seen[line.key] = line.number
    return Policy(data["source"], lines)


def _not_toml(text: str, said: str) -> str:
    reason, _, at = said.partition(" (at line ")
    line = at.partition(",")[0] if at else str(text.count("\n") + 1)
    if any(row.startswith(("<<<<<<<", ">>>>>>>")) for row in _rows(text)):
        return (f"{FILE}:{_line_of(text, '<<<<<<<')}: a merge was left unfinished; keep the lines of "
                "both sides, then run `hardango access --check`")  # fmt: skip
    return f"{FILE}:{line}: {reason[:1].lower()}{reason[1:]}; each route is a line as {{ route = \"/\", … }},"  # fmt: skip


def _line_of(text: str, start: str) -> int:
    rows = _rows(text)
    return next((n for n, row in enumerate(rows, 1) if row.lstrip().startswith(start)), 1)


def _numbers(text: str, routes: list[dict[str, Any]]) -> list[int]:
    """The line of each route. Raises BadPolicy where one does not stand on a line of its own."""
    numbers: list[int] = []
    for number, row in enumerate(_rows(text), 1):
        if not row.lstrip().startswith("{") or len(numbers) == len(routes):
            continue
        table = _table(row.lstrip())
        rest = row.lstrip()[len(table) :].lstrip(" \t,")
        same = table and tomllib.loads(f"x = {table}")["x"] == routes[len(numbers)]
        if not same or (rest and not rest.startswith("#")):
            raise _together_on(number)
        numbers.append(number)
    if len(numbers) != len(routes):
        raise _together_on(_line_of(text, "routes"))
    return numbers


def _together_on(number: int) -> BadPolicy:
    return BadPolicy(f"{FILE}:{number}: each route is to stand on a line of its own, as "
                     '{ route = "/", … }, and the list is to end on the line after them')  # fmt: skip


def _rows(text: str) -> list[str]:
    """The lines as TOML knows them, which end with a line feed and with nothing else."""
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _read(facts: dict[str, Any], number: int) -> Line:
    def bad(said: str) -> BadPolicy:
        return BadPolicy(f"{FILE}:{number}: {said}")

    for key in ("route", "view"):
        if not isinstance(facts.get(key), str):
            raise bad(f'{key} is missing; each line needs route = "/…" and view = "…"')
    if not facts["route"].startswith("/"):
        raise bad('route starts with "/"')
    reaches: dict[str, str] = {}
    for key, value in facts.items():
        if key in _KEYS:
            wanted: type = bool if key == "csrf_exempt" else str
            if not isinstance(value, wanted):
                raise bad(f"{key} is to be {'true or false' if wanted is bool else 'a text'}")
        elif key == ANY or (key.isascii() and key.isupper()):
            if not isinstance(value, str) or value.partition(":")[0] not in _REACHES:
                close = closest(str(value), _REACHES)
                raise bad(f"{key} is {value!r}; who gets in is {', '.join(_REACHES)}"
                          + (f" – did you mean {close!r}?" if close else ""))  # fmt: skip
            reaches[key] = value
        else:
            close = closest(key, _KEYS)
            raise bad(f"there is no key {key!r}" + (f"; did you mean {close!r}?" if close else ""))
    if "public" in facts and not facts["public"].strip():
        raise bad('public needs a reason, such as public = "the front page"')
    names, _, digest = facts.get("guards", "").rpartition(" #")
    return Line(
        facts["route"][1:], facts["view"], reaches, tuple(filter(None, names.split(" + "))), digest,
        facts.get("public", ""), facts.get("csrf_exempt", False), facts.get("unresolved", ""), number,
    )  # fmt: skip
