"""One control's story on a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Callable

from hardango.report.layout import Style
from hardango.report.page import Page, index, markdown, markdown_index, text

PAGE = Page(
    name="hsts",
    title="HTTP Strict Transport Security",
    severity="medium",
    settings=("SECURE_HSTS_SECONDS",),
    story="Browsers are told to come back over HTTPS only.\n\nA list follows:\n- one item that is "
    "longer than a line of a terminal and so has to be\n  wrapped\n- another\n\n"
    "    SECURE_HSTS_SECONDS = 3600",
    attack="Someone on the same network reads along.",
    remedy="Raise it in steps.",
    references=(("RFC 6797", "https://www.rfc-editor.org/rfc/rfc6797.html"),
                ("https://example.org/", "https://example.org/")),
)  # fmt: skip
LATER = PAGE._replace(name="dependencies", judged=False, references=(), story="Not yet.")


def test_text(snapshot: Callable[[str, str], None]) -> None:
    snapshot("explain.txt", text(PAGE, Style()) + "\n" + text(LATER, Style()))


def test_markdown(snapshot: Callable[[str, str], None]) -> None:
    snapshot("explain.md", markdown(PAGE) + "\n" + markdown(LATER))


def test_index() -> None:
    shown = index([PAGE, LATER], Style())
    assert "  hsts          HTTP Strict Transport Security\n" in shown
    assert "(not yet judged)" in shown
    assert "| `hsts` |" in markdown_index([PAGE])
