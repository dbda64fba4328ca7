"""What `hardango access` has to say on a terminal: what differs, what is wrong, then every route."""

from __future__ import annotations

from collections.abc import Sequence

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Change, Matrix, Reach, Role
from hardango.report.access_groups import (
    Conditions,
    Group,
    Row,
    alike,
    by_app,
    by_weakness,
    common,
    counted,
    handlers,
    marks,
    methods,
    quotes,
)
from hardango.report.layout import Style, columns, entry, wrap
from hardango.report.terminal import headline

_MOST_OF_ONE = 3
_MOST_ALIKE = 3
_MOST_ROWS, _MOST_FOREIGN = 8, 3
"""So many routes of a group are listed that is closed, and so many of packages; what is open, or may
be, always is."""
_COLOURS = {Reach.ANONYMOUS: "bold red", Reach.CUSTOM: "magenta", Reach.UNKNOWN: "magenta", None: "magenta"}  # fmt: skip
_LOUD = (Reach.ANONYMOUS, Reach.CUSTOM, Reach.UNKNOWN, None)


def render(matrix: Matrix, style: Style, *, quiet: bool = False, verbose: bool = False) -> str:
    """The report, ending with a newline. `quiet` leaves what differs from access.toml, or else what
    is wrong, and the summary; `verbose` lists every route and finding."""
    conditions = Conditions(matrix.routes)
    blocks = [_header(matrix, style), _changes(matrix, style, verbose)]
    if not quiet or matrix.changes is None:
        blocks.append(_findings(matrix, style, verbose))
    if not quiet:
        blocks.append(
            [line for said in conditions.notes() for line in wrap(style.clean(said), style.width)]
        )
        for app, found in by_app(matrix).items():
            blocks.append(_app(app, found, matrix, conditions, style, verbose))
    blocks.append(_summary(matrix, style))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _header(matrix: Matrix, style: Style) -> list[str]:
    how = "read from the source" if matrix.source == "static" else "read from the loaded project"
    title = style.clean(f"Access of {matrix.project}: {matrix.module} ({how})")
    lines = [style.paint(line, "bold") for line in wrap(title, style.width)]
    for label, said in zip(["note", *[""] * len(matrix.said)], matrix.said, strict=False):
        lines += entry(label, said, style)
    if matrix.middleware:
        names = ", ".join(f"{each.name}{_at(each.place)}" for each in matrix.middleware)
        lines += entry("always", f"{names} before every view", style)
    if matrix.proved:
        legend = ", ".join(each.name for each in matrix.roles)
        lines += entry("columns", f"{legend}: ✓ gets in, · is kept out, ? not known", style)
    return lines


def _at(place: Place | None) -> str:
    return f" ({place})" if place is not None else ""


# -- what differs from access.toml -----------------------------------------------------------------


def _changes(matrix: Matrix, style: Style, verbose: bool) -> list[str]:
    if matrix.changes is None:
        return []
    if not matrix.changes:
        return wrap(style.clean("✓ The routes are as access.toml says."), style.width)
    lines: list[str] = []
    for each in alike(matrix.changes):
        lines += _change(each, style, verbose)
    return lines


def _change(found: list[Change], style: Style, verbose: bool) -> list[str]:
    """Lines that look like a diff: which route, as it was reviewed, as it is. Many that say the same
    are said once."""
    change, *others = found
    mark = style.clean("✗" if change.fails else "·")
    many = len(found) > _MOST_ALIKE
    if others and not many:
        return [line for each in found for line in _change([each], style, verbose)]
    head = f"{mark} {change.kind.upper():13}"
    first, *more = wrap(
        style.clean(_routes(len(found)) if many else _asked(change)), style.width - len(head)
    )
    lines = [style.paint(head, "red" if change.fails else "dim") + style.paint(first, "bold")]
    lines += [" " * len(head) + style.paint(line, "bold") for line in more]
    before, after = change.before, change.after
    if not many:
        before += _at(change.declared) if before else ""
        after += f" · {change.view}{_at(change.place)}" if after else ""
    for sign, text, tone in (("-", before, "red"), ("+", after, "green"), (" ", change.why, "")):
        if text:
            wrapped = wrap(style.clean(text), style.width - 6)
            lines += [style.paint(f"    {sign} {wrapped[0]}", tone)]
            lines += [style.paint(f"      {line}", tone) for line in wrapped[1:]]
    shown = (found if verbose else found[:_MOST_ALIKE]) if many else []
    for each in shown:
        lines += [f"      {line}" for line in wrap(
            style.clean(f"{_asked(each)} {each.view}{_at(each.place)}"), style.width - 6)]  # fmt: skip
    if many and len(found) > len(shown):
        lines.append(style.clean(f"      … and {len(found) - len(shown)} more (-v lists them)"))
    return lines


def _asked(change: Change) -> str:
    return " ".join((*change.methods, "/" + change.pattern))


# -- what is wrong ---------------------------------------------------------------------------------


def _findings(matrix: Matrix, style: Style, verbose: bool) -> list[str]:
    """Each weakness once with where it is: ten times the same would hide what else there is."""
    lines: list[str] = []
    for found in by_weakness(matrix.findings):
        title = found[0].title + (f" ({len(found)} routes)" if len(found) > 1 else "")
        lines += headline(found[0]._replace(title=title), style)
        shown = found if verbose else found[:_MOST_OF_ONE]
        for each in shown:
            lines += entry("", each.message + (_at(each.place) if each.place else ""), style)
        if len(found) > len(shown):
            lines += entry("", f"and {len(found) - len(shown)} more (-v lists them)", style)
        lines += entry("fix", found[0].remedy, style)
    return lines


# -- every route -----------------------------------------------------------------------------------


class _Table(NamedTuple):
    """How the rows of an app are set: roles with a column of their own, the two widths, and whether
    everything is said."""

    roles: tuple[Role, ...]
    methods: int
    pattern: int
    conditions: Conditions
    style: Style
    whole: bool


def _app(
    app: str, found: list[Group], matrix: Matrix, conditions: Conditions, style: Style, whole: bool
) -> list[str]:
    number = len({id(row.route) for group in found for row in group.rows})
    lines = [style.paint(style.clean(f"{app or '(no app)'} · {_routes(number)}"), "bold")]
    shown = {id(group): group.rows if whole else _fewer(group) for group in found}
    rows = [row for each in shown.values() for row in each]
    table = _Table(
        matrix.roles if matrix.proved else (),
        min(max((columns(methods(row.operations)) for row in rows), default=0), 12),
        min(max((columns(_pattern(row)) for row in rows), default=0), style.width * 2 // 5),
        conditions, style, whole,
    )  # fmt: skip
    for group in found:
        lines += _group(group, shown[id(group)], table)
    return lines


def _routes(number: int) -> str:
    return "1 route" if number == 1 else f"{number} routes"


def _pattern(row: Row) -> str:
    more = f" (+{len(row.more)})" if row.more else ""
    return "/" + row.route.pattern + ("" if row.route.exact else "…") + more


def _fewer(group: Group) -> tuple[Row, ...]:
    """The rows of a group that are listed unless all are asked for: the project's own first."""
    mine = tuple(row for row in group.rows if row.route.own and row.route.kind != "admin")
    most = _MOST_ROWS if mine else _MOST_FOREIGN
    if group.reach in _LOUD or len(group.rows) <= most + 1:
        return group.rows
    return (mine or group.rows)[:most]


def _group(group: Group, shown: tuple[Row, ...], table: _Table) -> list[str]:
    """Who gets in and by what, said once, then the routes."""
    style = table.style
    label = style.clean(group.label)
    by = style.clean(f", by {group.guards}" if group.guards else "")
    first, *more = wrap(label + by, style.width - 2)
    colour = _COLOURS.get(group.reach, "cyan")
    if first.startswith(label):
        lines = ["  " + style.paint(label, colour) + first.removeprefix(label)]
    else:
        lines = ["  " + style.paint(first, colour)]
    lines += ["    " + line for line in more]
    shared = common(group.rows)
    for each in shared:
        lines += ["      " + line for line in wrap(style.clean(each), style.width - 6)]
    for row in shown:
        lines += _row(row, shared, table)
    if len(group.rows) > len(shown):
        left = f"    … and {len(group.rows) - len(shown)} more like these (-v lists them)"
        lines.append(style.paint(style.clean(left), "dim"))
    return lines


def _row(row: Row, shared: list[str], table: _Table) -> list[str]:
    """Methods, pattern, view and place; the view on a line of its own where it has no room."""
    route, style = row.route, table.style
    lead = "    "
    if table.roles and row.operations:
        lead += style.clean(marks(row, table.roles)) + "  "
    if table.methods:
        asked = style.clean(methods(row.operations))
        lead += asked + " " * (max(table.methods - columns(asked), 0) + 2)
    pattern = style.clean(_pattern(row) + table.conditions.mark(route))
    room = " " * (max(table.pattern - columns(pattern), 0) + 2)
    place = str(route.seen_at or "")
    about = [style.clean("  ".join(filter(None, (handlers(row), place)))), style.clean(place)]
    left = style.width - columns(lead + pattern + room)
    fits = next((each for each in about if each and columns(each) <= left), "")
    if fits:
        lines = [lead + pattern + room + style.paint(fits, "dim")]
    else:
        wrapped = wrap(pattern, style.width - len(lead))
        lines = [lead + wrapped[0], *(" " * len(lead) + each for each in wrapped[1:])]
        lines += [" " * 8 + style.paint(each, "dim") for each in wrap(about[0], style.width - 8)]
    said = [route.unresolved] if route.unresolved else quotes(row)
    said += filter(None, [table.conditions.said(route)])
    if table.whole:
        said += [
            f"also at {_pattern(Row(each, ()))}{table.conditions.mark(each)}" for each in row.more
        ]
    for text in said:
        if text not in shared:
            lines += [" " * 8 + line for line in wrap(style.clean(text), style.width - 8)]
    return lines


# -- the summary -----------------------------------------------------------------------------------


def _summary(matrix: Matrix, style: Style) -> list[str]:
    counts: Sequence[str] = [f"{number} {name}" for name, number in counted(matrix).items()]
    text = f"{_routes(len(matrix.routes))}: {', '.join(counts) or 'nothing is served'}."
    if matrix.proved:
        cells = [cell.verdict for route in matrix.routes for each in route.operations
                 for cell in each.cells]  # fmt: skip
        said = ", ".join(f"{cells.count(name)} {name}" for name in ("proven", "refuted", "inconclusive")
                         if name in cells)  # fmt: skip
        text += f" Requests: {said or 'none was sent'}."
    else:
        text += " Declared, not proven: --prove sends requests."
    return wrap(style.clean(text), style.width)
