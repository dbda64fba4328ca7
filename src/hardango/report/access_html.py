"""The matrix of access as one HTML file: a row for each route, a column for each role, and behind each
cell what it rests on. It loads nothing, sends nothing and works without its script.
"""

from __future__ import annotations

from collections.abc import Iterator

import hardango
from hardango.findings import Place
from hardango.matrix import Cell, Change, Guard, Matrix, Operation, Reach, Role, admits
from hardango.report.access_groups import (
    Group,
    Row,
    alike,
    by_app,
    by_weakness,
    counted,
    gets_in,
    handlers,
    methods,
)
from hardango.report.html import asset, head
from hardango.report.layout import all_of
from hardango.report.markup import Markup, tag

_MARKS = {True: ("✓", "gets in"), False: ("–", "is kept out"), None: ("?", "not known")}
_TIERS = {
    "gate": "stopped where the view begins", "body": "the view ran",
    "ownership": "somebody else's object",
}  # fmt: skip
_MOST_ALIKE = 3

Rows = dict[tuple[str, str], str]
"""The row of a route, as a link."""


def render(matrix: Matrix) -> str:
    """The whole page."""
    style = asset("html.css") + asset("access_html.css")
    script = asset("access_html.js")
    apps = by_app(matrix)
    links: Rows = {}
    tables = [_app(app, found, matrix, links) for app, found in apps.items()]
    content = [
        _verdict(matrix), *_changes(matrix, links), *_weaknesses(matrix, links),
        _filters(matrix), _legend(matrix), *tables,
        tag("p", "No route matches the filter.", class_="nothing", hidden=True),
    ]  # fmt: skip
    body = [
        tag("a", "Skip to the routes", class_="skip", href="#routes"),
        tag("main", *content, class_="wide"),
        tag("footer", tag("p", f"Made by Hardango {hardango.__version__}. This page loads nothing "
                               "from elsewhere and sends nothing."), class_="wide"),
        tag("script", Markup(script)),
    ]  # fmt: skip
    top = head(f"{matrix.project}: who reaches what · Hardango", style, script)
    return f'<!doctype html>\n<html lang="en">\n{top}{tag("body", *body)}</html>\n'


# -- the head --------------------------------------------------------------------------------------


def _verdict(matrix: Matrix) -> Markup:
    how = "read from the source" if matrix.source == "static" else "read from the loaded project"
    proof = "proven by requests" if matrix.proved else "declared, not proven"
    number = len(matrix.routes)
    counts = [
        tag("li", tag("b", str(each)), f" {word}", class_=_class(word))
        for word, each in counted(matrix).items()
    ]
    notes = [tag("p", each, class_="judged") for each in matrix.said]
    return tag(
        "header",
        tag("p", "Hardango", class_="brand"),
        tag("h1", f"{matrix.project}: who reaches what"),
        tag("p", tag("code", matrix.module), f", {number} routes, {how}; {proof}", class_="judged"),
        *notes,
        tag("ul", *counts, class_="counts"),
    )


def _class(word: str) -> str:
    return "reach-" + word.partition(":")[0].replace(" ", "-")


def _changes(matrix: Matrix, links: Rows) -> Iterator[Markup]:
    """What differs from access.toml, as a diff."""
    if matrix.changes is None:
        return
    items = [_change(found, links) for found in alike(matrix.changes)]
    shown = (
        tag("ul", *items, class_="lines")
        if items
        else tag("p", "The routes are as it says.", class_="note")
    )
    title = tag("h2", "Beside access.toml ", tag("span", str(len(matrix.changes)), class_="number"))
    yield tag("section", title, shown, class_="group differs")


def _change(found: list[Change], links: Rows) -> Markup:
    change = found[0]
    shown = found[:_MOST_ALIKE]
    routes = [tag("p", _linked(each.pattern, each.view, " ".join((*each.methods, "/" + each.pattern)), links),
                  " ", _place(each.place)) for each in shown]  # fmt: skip
    if len(found) > len(shown):
        routes.append(tag("p", f"and {len(found) - len(shown)} more routes", class_="note"))
    sides = [
        tag("p", tag("span", sign, aria_hidden="true"), " ", tag("span", word, class_="unseen"), text,
            class_=kind)
        for sign, word, text, kind in (("−", "was ", change.before, "was"), ("+", "is ", change.after, "now"))
        if text
    ]  # fmt: skip
    why = [tag("p", change.why, class_="note")] if change.why else []
    chip = tag("span", change.kind, class_=f"chip {'high' if change.fails else 'info'}")
    return tag("li", tag("div", chip), tag("div", *routes, *sides, *why), class_="change")


def _weaknesses(matrix: Matrix, links: Rows) -> Iterator[Markup]:
    """Each weakness folded, with the routes that have it."""
    if not matrix.findings:
        return
    kinds = []
    for number, found in enumerate(by_weakness(matrix.findings)):
        first = found[0]
        items = [
            tag("li", _linked_message(each.message, each.problems[0].about if each.problems else "", links),
                " ", _place(each.place))
            for each in found
        ]  # fmt: skip
        facts = [tag("div", tag("dt", name), tag("dd", text))
                 for name, text in (("Attack", first.attack), ("Fix", first.remedy)) if text]  # fmt: skip
        summary = tag(
            "summary",
            tag("span", first.severity.label.capitalize(), class_=f"chip {first.severity.label}"),
            tag("h3", first.title),
            tag("span", tag("span", f"{len(found)} {'route' if len(found) == 1 else 'routes'}"),
                class_="sub"),
        )  # fmt: skip
        kinds.append(
            tag("details", summary,
                tag("div", tag("ul", *items, class_="also"), tag("dl", *facts, class_="facts"), class_="body"),
                class_="finding", open=number == 0)
        )  # fmt: skip
    title = tag("h2", "Weaknesses ", tag("span", str(len(matrix.findings)), class_="number"))
    yield tag("section", title, *kinds, class_="group")


def _linked_message(message: str, pattern: str, links: Rows) -> Markup:
    for (asked, _), link in links.items():
        if asked == pattern and f"/{pattern}" in message:
            before, _, after = message.partition(f"/{pattern}")
            return tag("span", before, tag("a", "/" + pattern, href=f"#{link}"), after)
    return tag("span", message)


def _linked(pattern: str, view: str, text: str, links: Rows) -> Markup:
    link = links.get((pattern, view))
    return tag("a", text, href=f"#{link}") if link else tag("code", text)


# -- the filters -----------------------------------------------------------------------------------


def _filters(matrix: Matrix) -> Markup:
    """Shown by the script, which they need. Nothing ticked means everything."""
    numbers = counted(matrix)
    boxes = [
        tag("label", tag("input", type="checkbox", name="reach", value=_class(word)), word,
            " ", tag("span", str(number), class_="number"))
        for word, number in numbers.items()
    ]  # fmt: skip
    return tag(
        "form",
        tag("div",
            tag("label", "Search", for_="search"),
            tag("input", type="search", id="search", autocomplete="off", spellcheck="false",
                placeholder="An address, a view, a guard, a file"),
            class_="search"),
        tag("fieldset", tag("legend", "Who"), tag("div", *boxes)),
        tag("div",
            tag("output", "", id="shown", role="status"),
            tag("button", "Show everything", type="reset"),
            class_="actions"),
        id="filters", role="search", aria_label="Filter the routes", hidden=True,
    )  # fmt: skip


def _legend(matrix: Matrix) -> Markup:
    items = [tag("span", tag("span", mark, class_=f"sign {_tone(in_, Role('user'))}"), f" {words}")
             for in_, (mark, words) in _MARKS.items()]  # fmt: skip
    if matrix.proved:
        items.append(
            tag(
                "span",
                tag("span", "✓", class_="sign open proven"),
                " filled: a request has shown it",
            )
        )
        items.append(tag("span", tag("span", "✓", class_="sign refuted"), " declared otherwise"))
    items.append(tag("span", "A cell opens what it rests on.", class_="note"))
    return tag("p", *items, class_="legend", id="routes")


# -- the table -------------------------------------------------------------------------------------


def _app(app: str, found: list[Group], matrix: Matrix, links: Rows) -> Markup:
    rows = [_row(group, row, matrix, links) for group in found for row in group.rows]
    number = len({id(row.route) for group in found for row in group.rows})
    heads = [tag("th", text, scope="col") for text in ("Method", "Route", "Who gets in, by what")]
    heads += [
        tag("th", tag("span", each.name), scope="col", class_="role") for each in matrix.roles
    ]
    title = tag("h2", app or "no app", " ", tag("span", str(number), class_="number"))
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    return tag("section", title, table, class_="app")


def _row(group: Group, row: Row, matrix: Matrix, links: Rows) -> Markup:
    route = row.route
    attributes: dict[str, str | bool] = {
        "data_reach": _class(group.label if group.reach is None else group.reach.value)
    }
    if (route.pattern, route.view) not in links:
        link = f"route-{len(links) + 1}"
        links[route.pattern, route.view] = link
        attributes["id"] = link
    cells = [
        tag("td", _methods(row)),
        tag("td", tag("code", "/" + route.pattern + ("" if route.exact else "…"), class_="pattern"),
            _below(row), class_="where"),
        tag("td", _who(group, row), class_="who"),
    ]  # fmt: skip
    if route.unresolved:
        cells.append(
            tag(
                "td",
                "not resolved: nothing is claimed",
                class_="note",
                colspan=str(len(matrix.roles)),
            )
        )
    else:
        cells += [tag("td", _cell(row, role), class_="role") for role in matrix.roles]
    return tag("tr", *cells, **attributes)


def _methods(row: Row) -> Markup:
    return tag("span", methods(row.operations) or "–", class_="methods")


def _below(row: Row) -> Markup:
    """The view and its place; when the route exists at all."""
    route = row.route
    about = [tag("span", handlers(row)), " ", _place(route.seen_at)]
    if route.when:
        about.append(tag("span", f"when {all_of(route.when)}", class_="when"))
    return tag("span", *about, class_="view")


def _who(group: Group, row: Row) -> Markup:
    label = tag("span", group.label, class_=f"reach {_class(group.label)}")
    if row.route.unresolved:
        return tag("div", tag("p", label), tag("p", row.route.unresolved, class_="note"))
    guards = _guards(row)
    if not guards:
        return tag("div", tag("p", label))
    alive = ", ".join(dict.fromkeys(each.name for each in guards if not each.dead))
    said = [tag("span", group.guards or alive, class_="by")] if alive else []
    said += (
        [tag("span", "a guard does nothing", class_="dead")]
        if any(each.dead for each in guards)
        else []
    )
    summary = [part for each in said for part in (" ", each)]
    items = [tag("li", *_guard(each)) for each in guards]
    return tag("details", tag("summary", label, *summary), tag("ul", *items, class_="guards"))


def _guards(row: Row) -> list[Guard]:
    return list(dict.fromkeys(each for operation in row.operations for each in operation.guards))


def _guard(guard: Guard) -> Iterator[str]:
    yield tag("code", guard.name)
    asks = f" asks for {guard.demands.value}"
    if guard.permissions:
        asks += f" {(' or ' if guard.any_of else ' and ').join(guard.permissions)}"
    if guard.dead:
        yield " "
        yield tag("span", f"does nothing: {guard.dead}", class_="dead")
    elif guard.demands is Reach.CUSTOM:
        yield tag("span", " is not understood")
    else:
        yield tag("span", asks)
    yield tag("span", f", {guard.layer} ", class_="note")
    yield _place(guard.place)
    if guard.quote:
        yield tag("pre", tag("code", guard.quote))


# -- a cell and what it rests on -------------------------------------------------------------------


def _cell(row: Row, role: Role) -> Markup:
    answers = {gets_in(each, role) for each in row.operations}
    in_ = answers.pop() if len(answers) == 1 else None
    made = [cell for each in row.operations for cell in each.cells if cell.role == role.name]
    refuted = any(each.verdict == "refuted" for each in made)
    proven = bool(made) and all(each.verdict == "proven" for each in made)
    mark, words = _MARKS[in_]
    tone = "refuted" if refuted else _tone(in_, role) + (" proven" if proven else "")
    said = "declared otherwise, " if refuted else "proven, " if proven else ""
    sign = tag("span", mark, class_=f"sign {tone}", aria_hidden="true")
    name = tag("span", f"{role.name} {words}", class_="unseen")
    evidence = [tag("p", tag("b", f"{role.name} {words}"), f" ({said}{methods(row.operations)})")]
    evidence.append(tag("ul", *(tag("li", each) for each in _reasons(row, role))))
    if made:
        evidence.append(tag("ul", *map(_request, made), class_="requests"))
    return tag(
        "details", tag("summary", sign, name), tag("div", *evidence, class_="evidence-of"),
        class_="cell", name="cell",
    )  # fmt: skip


def _tone(in_: bool | None, role: Role) -> str:
    if in_ is None:
        return "vague"
    if not in_:
        return "shut"
    return "open" if not role.anonymous else "wide"


def _reasons(row: Row, role: Role) -> list[str]:
    """Which guards keep a role out, or that none does."""
    said: dict[str, None] = {}
    for each in _guards(row):
        if each.dead:
            said[f"{each.name} would ask, and does nothing: {each.dead}"] = None
            continue
        alone = Operation("", each.demands, each.permissions, each.any_of)
        passes = admits(alone, role)
        if passes is False:
            said[f"{each.name} keeps {role.name} out{_at(each.place)}"] = None
        elif passes is None:
            said[f"whether {each.name} lets {role.name} in is not known{_at(each.place)}"] = None
    if not said:
        said["no guard asks for more" if _guards(row) else "there is no guard"] = None
    return list(said)


def _at(place: Place | None) -> str:
    return f" ({place})" if place is not None else ""


def _request(cell: Cell) -> Markup:
    status = f" → {cell.status}" if cell.status else ""
    to = f" to {cell.location}" if cell.location else ""
    return tag(
        "li",
        tag("code", f"{cell.asked}{status}{to}"),
        tag("span", f" {cell.result}, {_TIERS.get(cell.tier, cell.tier)}: {cell.verdict}"),
        *([tag("span", f"; {cell.said}", class_="note")] if cell.said else []),
    )  # fmt: skip


def _place(place: Place | None) -> Markup:
    return tag("code", str(place), class_="place") if place is not None else Markup("")
