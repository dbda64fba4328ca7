"""What people see of a matrix of access, and what programs read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from any_matrix import FINDING, MATRIX, PROVED, ROUTES

from hardango.findings import Place
from hardango.matrix import Change, Matrix, Operation, Reach, Route
from hardango.report import access_groups as grouped
from hardango.report import access_markdown, access_text
from hardango.report.access_data import as_json, as_report
from hardango.report.formats import ACCESS, Manner
from hardango.report.layout import Style, columns


def test_it_reads_as_it_should(snapshot: Callable[[str, str], None]) -> None:
    snapshot("access.txt", access_text.render(MATRIX, Style(100)))
    snapshot("access-proved.txt", access_text.render(PROVED, Style(100)))
    snapshot("access.md", access_markdown.render(MATRIX))
    snapshot("access.json", as_json(PROVED))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("matrix", [MATRIX, PROVED])
def test_no_line_is_too_wide(width: int, matrix: Matrix) -> None:
    for line in access_text.render(matrix, Style(width), verbose=True).splitlines():
        assert columns(line) <= width


@pytest.mark.parametrize("name", ACCESS)
@pytest.mark.parametrize("verbose", [False, True])
def test_what_is_open_or_not_resolved_is_in_every_format(name: str, verbose: bool) -> None:
    if name in ("text", "json", "markdown", "html"):
        text = ACCESS[name](MATRIX, Manner(verbose=verbose))
        for shown in ("plugin.urls, which is not here", "export/", "plan/"):
            assert shown in text, shown
    else:
        assert FINDING.title in ACCESS[name](MATRIX, Manner(verbose=verbose))


def test_a_change_that_needs_no_review_is_no_weakness() -> None:
    assert [each.control for each in as_report(MATRIX).findings] == [
        "access-weakened", "access-new", FINDING.control,
    ]  # fmt: skip


def test_ascii_alone_is_enough() -> None:
    assert access_text.render(PROVED, Style(80, ascii=True), verbose=True).isascii()


def test_nothing_of_a_project_steers_the_terminal() -> None:
    route = Route("\x1b[31m", "shop.\x07", (Operation("\x1b", Reach.ANONYMOUS),), app="\x1b[0m")
    text = access_text.render(MATRIX._replace(routes=(route,)), Style(80))
    assert "\x1b" not in text and "\x07" not in text


def test_the_widest_open_comes_first_and_packages_last() -> None:
    apps = grouped.by_app(MATRIX)
    assert list(apps) == ["shop", "", "admin"]
    assert [group.label for group in apps["shop"]] == [
        "anonymous", "custom", "authenticated", "object", "permission: shop.change_order",
    ]  # fmt: skip


def test_every_route_is_in_a_group() -> None:
    shown = {id(row.route) for found in grouped.by_app(MATRIX).values() for group in found
             for row in group.rows}  # fmt: skip
    assert shown == {id(route) for route in ROUTES}


@pytest.mark.parametrize(
    "names, said",
    [
        (("GET", "HEAD", "OPTIONS"), "GET"),
        (("GET", "POST", "HEAD"), "GET POST"),
        (("*",), "any"),
        (("OPTIONS",), "OPTIONS"),
        (("HEAD", "POST"), "HEAD POST"),
    ],
)
def test_methods(names: tuple[str, ...], said: str) -> None:
    assert grouped.methods([Operation(name, Reach.ANONYMOUS) for name in names]) == said


def test_json_is_whole() -> None:
    data = json.loads(as_json(MATRIX))
    assert data["schema"] == 1
    assert len(data["routes"]) == len(ROUTES)
    assert data["summary"]["not resolved"] == 1
    assert data["routes"][0]["operations"][0]["admits"]["anonymous"] is True


def test_one_middleware_that_changes_every_route_is_said_once() -> None:
    changes = tuple(
        Change("weakened", f"a{n}/", f"shop.views.a{n}", ("any",), "authenticated", "anonymous",
               Place("access.toml", n), Place("shop/views.py", n), "LoginRequiredMiddleware is gone")
        for n in range(200)
    )  # fmt: skip
    text = access_text.render(MATRIX._replace(changes=changes), Style(100), quiet=True)
    assert text.count("LoginRequiredMiddleware is gone") == 1
    assert "✗ WEAKENED     200 routes\n    - authenticated\n    + anonymous\n" in text
    assert "… and 197 more (-v lists them)" in text
    whole = access_text.render(MATRIX._replace(changes=changes), Style(100), verbose=True)
    assert all(f"a{n}/ " in whole for n in range(200))
