"""The matrix of access as a page: whole, balanced, without code of a project's, and what its script does."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from any_matrix import FINDING, MATRIX, PROVED
from any_report import HOSTILE
from browser import browser, chromium
from parsed_html import Parsed

from hardango.findings import Place
from hardango.matrix import Cell, Change, Guard, Matrix, Operation, Reach, Route
from hardango.report.access_groups import by_app
from hardango.report.access_html import render
from hardango.report.layout import PLAIN


def rows_of(matrix: Matrix) -> int:
    return sum(len(group.rows) for found in by_app(matrix).values() for group in found)


@pytest.mark.parametrize("matrix", [MATRIX, PROVED])
def test_every_row_is_there_and_every_role_has_its_cell(matrix: Matrix) -> None:
    page = Parsed(render(matrix))
    rows = [each for each in page.all("tr") if "data-reach" in each]
    assert len(rows) == rows_of(matrix)
    cells = [each for each in page.all("details") if each.get("class") == "cell"]
    unresolved = sum(bool(route.unresolved) for route in matrix.routes)
    assert len(cells) == (len(rows) - unresolved) * len(matrix.roles)


def test_links_lead_to_rows() -> None:
    page = Parsed(render(MATRIX))
    ids = {each["id"] for _, each in page.found if "id" in each}
    assert len(ids) == sum("id" in each for _, each in page.found)
    links = {(each["href"] or "")[1:] for each in page.all("a")}
    assert links - {"routes"} and links <= ids


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_of_a_project_is_markup(said: str) -> None:
    guard = Guard(said, Reach.CUSTOM, place=Place(said or "x", 1), quote=said)
    dead = Guard(said, Reach.STAFF, dead=said)
    cell = Cell("user", "body", "open", "proven", 200, said, said, said)
    operation = Operation(
        said or "GET", Reach.CUSTOM, guards=(guard, dead), handler=said, cells=(cell,)
    )
    route = Route(said, said, (operation,), Place(said or "x", 2), said, said, when=(said,))
    matrix = MATRIX._replace(
        project=said, module=said, routes=(route, Route(said, said, unresolved=said or "x")), said=(said,),
        findings=(FINDING._replace(title=said, message=said, remedy=said, attack=said),),
        changes=(Change("new", said, said, (said,), said, said, Place(said or "x", 1), None, said),),
    )  # fmt: skip
    page = Parsed(render(matrix))
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert not [
        key for _, each in page.found for key in each if key.startswith("on") or key == "style"
    ]
    assert all((each["href"] or "").startswith("#") for each in page.all("a"))
    assert PLAIN.clean(said) in "".join(page.texts)


def test_the_policy_names_the_style_and_the_script() -> None:
    page = render(MATRIX)
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(rf"(?s)<{element}>(.*?)</{element}>", page)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in page


VISIBLE = "document.querySelectorAll('tr[data-reach]:not([hidden])').length"
SEARCH = "s = document.getElementById('search'); s.value = %r; s.dispatchEvent(new Event('input', {bubbles: true}));"


def test_it_can_be_searched_and_a_cell_opens_what_it_rests_on(tmp_path: Path) -> None:
    command = chromium()
    if command is None:
        pytest.skip("there is no Chromium")
    file = tmp_path / "access.html"
    file.write_text(render(PROVED), encoding="utf-8")
    with browser(command, tmp_path / "profile") as page:
        page.size(1400)
        page.open(file)
        assert page.evaluate(VISIBLE) == rows_of(PROVED)
        page.evaluate(SEARCH % "orders login_required")
        assert page.evaluate(VISIBLE) == 3
        page.evaluate(SEARCH % "nothing of that name")
        assert page.evaluate("!document.querySelector('.nothing').hidden")
        page.evaluate("document.getElementById('filters').reset()")
        page.evaluate("new Promise(done => setTimeout(done, 20))")
        page.evaluate("document.querySelector('[name=reach][value=reach-object]').click()")
        assert page.evaluate(VISIBLE) == 1
        cell = "document.querySelector('tr:not([hidden]) details.cell')"
        page.evaluate(f"{cell}.querySelector('summary').click()")
        assert page.evaluate(f"{cell}.open")
        assert "/orders/1/" in page.evaluate(f"{cell}.innerText")
        # Nothing reaches beyond the window, and nothing was refused by the page's own policy.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not [each for each in page.events if each[0] == "Log.entryAdded"]
