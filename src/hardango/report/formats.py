"""The formats that the report of an audit can have, one module each, loaded when it is asked for.

What each one holds, and what it does with what is not known, is said in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hardango.findings import Report
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.report.layout import PLAIN, Style

if TYPE_CHECKING:
    from hardango.inventory import Dependencies
    from hardango.matrix import Matrix
    from hardango.report.page import Page


class Manner(NamedTuple):
    """How to write a report: the terminal's style, how much of it, and a function that gives the
    pages of the controls by their names, for the formats that bring the rules along."""

    style: Style = PLAIN
    quiet: bool = False
    verbose: bool = False
    pages: Callable[[], Mapping[str, Page]] = dict


def _text(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.terminal import render

    return render(reports, manner.style, quiet=manner.quiet, verbose=manner.verbose)


def _json(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.json_format import render

    return render(reports)


def _sarif(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.sarif import render

    return render(reports, manner.pages(), verbose=manner.verbose)


def _github(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.github import render

    return render(reports)


def _gitlab(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.gitlab import render

    return render(reports)


def _junit(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.junit import render

    return render(reports)


def _markdown(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.markdown import render

    return render(reports, manner.pages(), quiet=manner.quiet, verbose=manner.verbose)


def _html(reports: Sequence[Report], manner: Manner) -> str:
    from hardango.report.html import render

    return render(reports, manner.pages())


FORMATS: dict[str, Callable[[Sequence[Report], Manner], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "markdown": _markdown,
    "html": _html,
}


def _packages_text(done: Dependencies, manner: Manner) -> str:
    from hardango.report.packages import as_text

    return as_text(done, manner.style, quiet=manner.quiet, verbose=manner.verbose)


def _packages_json(done: Dependencies, manner: Manner) -> str:
    from hardango.report.packages import as_json

    return as_json(done)


def _of_report(name: str) -> Callable[[Dependencies, Manner], str]:
    """A format of the audit's report. GitHub shows ten annotations: one for each package is enough."""

    def render(done: Dependencies, manner: Manner) -> str:
        from hardango.report.packages import as_report

        return FORMATS[name]([as_report(done, whole=name != "github")], manner)

    return render


def _vex(done: Dependencies, manner: Manner) -> str:
    from hardango.report.vex import render

    return render(done)


DEPENDENCIES: dict[str, Callable[[Dependencies, Manner], str]] = {
    "text": _packages_text,
    "json": _packages_json,
    **{name: _of_report(name) for name in ("sarif", "github", "gitlab", "markdown")},
    "cyclonedx": _vex,
}
"""The formats that the report of `hardango deps` can have."""


def _access_text(matrix: Matrix, manner: Manner) -> str:
    from hardango.report.access_text import render

    return render(matrix, manner.style, quiet=manner.quiet, verbose=manner.verbose)


def _access_json(matrix: Matrix, manner: Manner) -> str:
    from hardango.report.access_data import as_json

    return as_json(matrix)


def _access_markdown(matrix: Matrix, manner: Manner) -> str:
    from hardango.report.access_markdown import render

    return render(matrix, verbose=manner.verbose)


def _access_html(matrix: Matrix, manner: Manner) -> str:
    from hardango.report.access_html import render

    return render(matrix)


def _of_matrix(name: str) -> Callable[[Matrix, Manner], str]:
    """A format of the audit's report, for what is wrong and what differs from access.toml."""

    def render(matrix: Matrix, manner: Manner) -> str:
        from hardango.report.access_data import as_report

        return FORMATS[name]([as_report(matrix)], manner)

    return render


ACCESS: dict[str, Callable[[Matrix, Manner], str]] = {
    "text": _access_text,
    "json": _access_json,
    "markdown": _access_markdown,
    "html": _access_html,
    **{name: _of_matrix(name) for name in ("sarif", "github", "gitlab", "junit")},
}
"""The formats that the report of `hardango access` can have."""
