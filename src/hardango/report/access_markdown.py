"""What `hardango access` has to say as Markdown, for a comment on a pull request or a summary of CI."""

from __future__ import annotations

from hardango.findings import Place
from hardango.matrix import Change, Matrix
from hardango.report.access_groups import (
    Group,
    Row,
    by_app,
    by_weakness,
    counted,
    handlers,
    marks,
    methods,
    quotes,
)
from hardango.report.markdown import block, code, details, html, text, together

_MOST_OF_ONE = 5


def render(matrix: Matrix, *, verbose: bool = False) -> str:
    """What differs from access.toml, what is wrong, then every route, folded by app; ending with a
    newline. `verbose` lists every finding."""
    parts = [f"# Access of {text(matrix.project)}", _summary(matrix)]
    parts += [f"- {text(each)}" for each in matrix.said]
    parts += _changes(matrix)
    parts += _findings(matrix, verbose)
    for app, found in by_app(matrix).items():
        parts.append(_app(app, found, matrix))
    return together(parts)


def _summary(matrix: Matrix) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in counted(matrix).items())
    proof = "proven by requests" if matrix.proved else "declared, not proven"
    return f"**{len(matrix.routes)} routes**: {counts or 'nothing is served'} ({proof})."


def _changes(matrix: Matrix) -> list[str]:
    if matrix.changes is None:
        return []
    if not matrix.changes:
        return ["The routes are as `access.toml` says."]
    return ["## Differs from access.toml", block("\n".join(map(_change, matrix.changes)), "diff")]


def _change(change: Change) -> str:
    asked = " ".join((*change.methods, "/" + change.pattern))
    lines = [f"# {change.kind}: {asked}" + (f" ({change.why})" if change.why else "")]
    if change.before:
        lines.append(f"- {change.before}{_at(change.declared)}")
    if change.after:
        lines.append(f"+ {change.after} · {change.view}{_at(change.place)}")
    return "\n".join(" ".join(line.split()) for line in lines)


def _at(place: Place | None) -> str:
    return f" ({place})" if place is not None else ""


def _findings(matrix: Matrix, verbose: bool) -> list[str]:
    """A section for each weakness, with where it is."""
    parts = ["## Weaknesses"] if matrix.findings else []
    for found in by_weakness(matrix.findings):
        shown = found if verbose else found[:_MOST_OF_ONE]
        lines = [
            f"- {text(each.message)}" + (f" {code(str(each.place))}" if each.place else "")
            for each in shown
        ]
        if len(found) > len(shown):
            lines.append(f"- and {len(found) - len(shown)} more")
        first = found[0]
        parts.append(f"**{first.severity.label}: {text(first.title)}.** {text(first.remedy)}")
        parts.append("\n".join(lines))
    return parts


def _app(app: str, found: list[Group], matrix: Matrix) -> str:
    number = len({id(row.route) for group in found for row in group.rows})
    roles = [each.name for each in matrix.roles] if matrix.proved else []
    table = ["| who | methods | route | view |" + (" roles |" if roles else "")]
    table.append("| --- | --- | --- | --- |" + (" --- |" if roles else ""))
    for group in found:
        table += [_row(group, row, matrix) for row in group.rows]
    return details(html(f"{app or 'no app'}: {number} routes"), ["\n".join(table)])


def _row(group: Group, row: Row, matrix: Matrix) -> str:
    route = row.route
    place = route.seen_at
    who = text(group.label) + (f", by {_code(group.guards)}" if group.guards else "")
    said = [route.unresolved] if route.unresolved else quotes(row)
    cells = [
        who,
        methods(row.operations),
        _code("/" + route.pattern),
        _code(handlers(row)) + (f" {_code(str(place))}" if place else "")
        + "".join(f"<br>{text(each)}" for each in said),
    ]  # fmt: skip
    if matrix.proved:
        cells.append(marks(row, matrix.roles))
    return "| " + " | ".join(cells) + " |"


def _code(said: str) -> str:
    """Code in a cell, where a bar would end it."""
    return code(said).replace("|", "\\|")
