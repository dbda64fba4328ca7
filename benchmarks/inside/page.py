"""docs/inside.md, from what benchmarks/inside has measured."""

from __future__ import annotations

from typing import Any

HEAD = """\
<!-- Made by `python3 dev.py bench inside`: change benchmarks/inside there. -->

# Inside a site, measured

`hardango.django` under real servers, with the settings of real projects: what wagtail's template makes, and
cookiecutter-django, both on SQLite, all on 127.0.0.1. Only what a table has was run: another pair of Django and
Python, another server or project was not measured."""


def page(measured: dict[str, Any]) -> str:
    parts = [HEAD]
    for title, about, rows in (
        ("Its own tests", TESTS, _tests(measured)),
        ("Who starts", STARTS, _rows(measured, "server | unsafe, started | safe, refused", _start)),
        ("Every header", HEADERS,
         _rows(measured, "server | answers | without a header | a second", _header)),
        ("A rotation", ROTATION,
         _rows(measured, "server | requests at once | right answers | as a stranger "
               "| users logged out", _rotation)),
    ):  # fmt: skip
        parts += [f"## {title}", about, rows or "Not measured."]
    return "\n\n".join(parts) + "\n"


TESTS = "What `tests/inside` says, with that Django and Python."


STARTS = """\
Unsafe productions (DEBUG, the key of `startproject`, a short one, none, any host, no host) that started all the
same, and safe ones (as it is, no guard, development, ignored with a reason) that were refused. Without a host
a site answers everybody with 400, which the guard lets be."""
HEADERS = """\
Pages, errors, bad hosts, over HTTPS and without: each answer must have every header."""
ROTATION = """\
Twenty users ask on while `rotate-secret` writes a new key and the server is stopped and started. A browser that
has one request under way at a time, and one that has six. KeepSessionsMiddleware is on: without it Django gives
a session that it accepts by an old key a new name, and what that browser has asked meanwhile is a stranger's."""


def _tests(measured: dict[str, Any]) -> str:
    rows = []
    for name, done in measured.items():
        if "tests" in done:
            rows.append(f"| {name} | {done['tests']['passed']} | {done['tests']['failed']} |")
    return "\n".join(["| | passed | failed |", "| --- | ---: | ---: |", *rows]) if rows else ""


def _rows(measured: dict[str, Any], head: str, cells: Any) -> str:
    columns = head.split(" | ")
    rows = []
    for name, done in measured.items():
        for server, of in done.items():
            if server not in ("tests", "when"):
                rows += [f"| {name} | {server} | {each} |" for each in cells(of)]
    top = [f"| | {head} |", "| --- |" + " --- |" + " ---: |" * (len(columns) - 1)]
    return "\n".join([*top, *rows]) if rows else ""


def _start(of: dict[str, Any]) -> list[str]:
    found = of.get("starts")
    if not found:
        return []
    return [f"{_some(found['let'], found['unsafe'])} | {_some(found['refused'], found['safe'])}"]


def _some(names: list[str], every: list[str]) -> str:
    return f"{len(names)} of {len(every)}{': ' * bool(names)}{', '.join(names)}"


def _header(of: dict[str, Any]) -> list[str]:
    found = of.get("headers")
    if not found:
        return []
    statuses = ", ".join(
        f"{count:,} × {status}" for status, count in sorted(found["statuses"].items())
    )
    return [f"{statuses} | {sum(found['missing'].values())} | {found['rate']}"]


def _rotation(of: dict[str, Any]) -> list[str]:
    return [
        f"{name.split()[1]} | {found['known']:,} | {found['strangers']:,} | {found['lost']}"
        for name, found in of.items()
        if name.startswith("rotation")
    ]
