"""Markdown for a pull request: nothing of a project is markup in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from any_report import HOSTILE, PAGES, reports, texts
from hypothesis import HealthCheck, given, settings

from hardango.findings import Finding, Place, Report, Severity, Verdict
from hardango.report.layout import PLAIN
from hardango.report.markdown import LONGEST, _table, code, render, text

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
GFM = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
Token = Any

OURS = re.compile(r"</?(?:details|summary|code)>|<!-- -->")
TARGETS = {url for page in PAGES.values() for _, url in page.references}


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("audit.md", {}),
        ("audit-quiet.md", {"quiet": True}),
        ("audit-verbose.md", {"verbose": True}),
    ],
)
def test_whole_output(
    whole: Report, snapshot: Callable[[str, str], None], name: str, flags: dict[str, bool]
) -> None:
    snapshot(name, render([whole], PAGES, **flags))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("DEBUG is True (as ever), 100%", "DEBUG is True (as ever), 100%"),
        ("ends. 1.5 - 2", "ends. 1.5 - 2"),
        ("SECRET_KEY", r"SECRET\_KEY"),
        ("*bold* ~no~", r"\*bold\* \~no\~"),
        ("`code`", r"\`code\`"),
        (r"a\b", r"a\\b"),
        ("a|b", "a&#124;b"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("&lt;", "&amp;lt;"),
        ("[x](http:y)", r"\[x\](http:y)"),
        ("https://evil.example www.evil.example", "https:<!-- -->//evil.example www<!-- -->.evil.example"),
        ("@admin see #12", "@<!-- -->admin see #<!-- -->12"),
        ("# head", "#<!-- --> head"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("12", "12"),
        ("    indented", "indented"),
        ("two\nlines", "two lines"),
        ("\x1b\u202e", r"\\x1b\\u202e"),
    ],
)  # fmt: skip
def test_text(said: str, written: str) -> None:
    assert text(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a_b*c", "`a_b*c`"),
        ("a`b", "``a`b``"),
        ("`a``b", "``` `a``b ```"),
        ("", "` `"),
        ("<b>", "`<b>`"),
        ("a\nb", "`a b`"),
    ],
)
def test_code(said: str, written: str) -> None:
    assert code(said) == written


@pytest.mark.parametrize("said", HOSTILE)
def test_a_row_of_the_table_stays_a_row(whole: Report, said: str) -> None:
    weak = whole.findings[0]._replace(title=said, when=(said,), chain=(Place(said, 3),))
    shown = render([whole._replace(findings=(weak,))], {}, quiet=True)
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert len(rows) == 3
    assert [row.count("|") for row in rows] == [5, 5, 5]


@given(report=reports)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_no_html_and_no_link_but_ours(report: Report) -> None:
    written = render([report], PAGES, verbose=True)
    for token in tokens(GFM.parse(written)):
        if token.type in ("html_block", "html_inline"):
            left = OURS.sub("", token.content)
            assert "<" not in left and ">" not in left
        assert token.type != "image"
        assert token.type != "link_open" or token.attrGet("href") in TARGETS
    assert written.count("<details>") == written.count("</details>")


def tokens(parsed: list[Token]) -> Iterator[Token]:
    for token in parsed:
        yield token
        yield from tokens(token.children or [])


@given(title=texts.filter(str.strip), when=texts, file=texts)
@settings(max_examples=150)
def test_every_cell_reads_as_it_was_said(title: str, when: str, file: str) -> None:
    """Whatever stands in them: a pipe is a pipe, no cell ends early, nothing is markup."""
    place = Place(file, 3)
    weak = Finding("debug", Verdict.FAIL, Severity.HIGH, title, "", (when,), (place,))
    head, row = rows_of(_table([weak]))
    assert head == ["severity", "weakness", "when", "where"]
    assert row == ["high", *map(read_as, (title, when, str(place)))]


@given(said=texts)
@settings(max_examples=150)
def test_code_and_text_read_as_they_were_said(said: str) -> None:
    for written in (text(said), code(said), f"<code>{text(said)}</code>"):
        (inline,) = [each for each in GFM.parse(f"x {written} x") if each.type == "inline"]
        assert read_as(shown(inline)) == read_as(f"x {read_as(said)} x")


def rows_of(table: str) -> list[list[str]]:
    """The cells of a table as a reader sees them."""
    found: list[list[str]] = []
    for token in GFM.parse(table):
        if token.type == "tr_open":
            found.append([])
        elif token.type == "inline" and found:
            found[-1].append(read_as(shown(token)))
    return found


def shown(token: Token) -> str:
    """The text of an inline token; of HTML nothing is seen."""
    seen = ("text", "text_special", "code_inline")
    return "".join(each.content for each in token.children or () if each.type in seen)


def read_as(said: str) -> str:
    """What is left of a text on a page: what steers a reader is written out, spaces are one."""
    return " ".join(PLAIN.clean(said).split())


def test_a_comment_has_a_length(whole: Report) -> None:
    long = [each._replace(message="x" * 9000) for each in whole.findings[:3]]
    shown = render([whole._replace(findings=tuple(long * 4))], PAGES)
    assert len(shown) < LONGEST + 200
    assert "This is not all" in shown
    assert "| critical | **Debug mode is on" in shown
