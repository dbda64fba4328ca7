"""One control's whole story, as text for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.light import NamedTuple
from hardango.report.layout import Style, entry, rows, wrap


class Page(NamedTuple):
    """What there is to say of one control; `references` are pairs of name and address; `mended` says
    what `hardango fix` makes of it, `replaces` lists ids of Django's own checks."""

    name: str
    title: str
    severity: str
    settings: tuple[str, ...]
    story: str
    attack: str
    remedy: str
    references: tuple[tuple[str, str], ...]
    judged: bool = True
    live: bool = False
    mended: str = ""
    replaces: tuple[str, ...] = ()


def text(page: Page, style: Style) -> str:
    """The page for a terminal, ending with a newline."""
    lines = [style.paint(style.clean(f"{page.name}: {page.title}"), "bold")]
    lines += entry("severity", page.severity, style)
    if page.settings:
        lines += entry("settings", ", ".join(page.settings), style)
    if page.replaces:
        lines += entry("replaces", f"{', '.join(page.replaces)} of check --deploy", style)
    if page.live:
        lines += entry("judged", "by requests to a running site: hardango prove", style)
    elif not page.judged:
        lines += entry("judged", "not yet: this version says nothing about it", style)
    for block in _paragraphs(page.story):
        lines += ["", *_reflow(block, style)]
    for heading, body in (
        ("What an attacker gains", page.attack),
        ("What to do", f"{page.remedy} {page.mended}".rstrip()),
    ):
        lines += ["", style.paint(heading, "bold"), *wrap(style.clean(body), style.width)]
    if page.references:
        lines += ["", style.paint("Sources", "bold")]
        # An address stays on one line, however long, so that it can be followed.
        lines += [style.clean(f"  {name}" if name == url else f"  {name}: {url}")
                  for name, url in page.references]  # fmt: skip
    return "\n".join(lines) + "\n"


def markdown(page: Page) -> str:
    """The page as Markdown, ending with a newline."""
    about = f"**{page.title}** · severity: {page.severity}"
    if page.settings:
        about += " · settings: " + ", ".join(f"`{name}`" for name in page.settings)
    parts = [f"# {page.name}", about]
    if page.replaces:
        parts.append(f"Replaces {', '.join(page.replaces)} of `check --deploy`.")
    if page.live:
        parts.append("*Judged by requests to a running site: `hardango prove`.*")
    elif not page.judged:
        parts.append("*Not judged yet by this version.*")
    parts += [
        page.story,
        f"## What an attacker gains\n\n{page.attack}",
        f"## What to do\n\n{page.remedy}",
        page.mended,
    ]
    if page.references:
        sources = "\n".join(f"- [{name}]({url})" for name, url in page.references)
        parts.append(f"## Sources\n\n{sources}")
    return "\n\n".join(part for part in parts if part) + "\n"


def index(pages: Iterable[Page], style: Style) -> str:
    """The list of all controls for a terminal, ending with a newline."""
    pairs = [(page.name, page.title + ("" if page.judged or page.live else " (not yet judged)"))
             for page in pages]  # fmt: skip
    return "\n".join(["hardango explain CONTROL tells the whole story of one:",
                      *rows(pairs, style)]) + "\n"  # fmt: skip


def markdown_index(pages: Iterable[Page]) -> str:
    """The list of all controls as a Markdown table, ending with a newline."""
    lines = ["| control | protects | severity |", "| --- | --- | --- |"]
    lines += [f"| `{page.name}` | {page.title} | {page.severity} |" for page in pages]
    return "\n".join(lines) + "\n"


def _paragraphs(story: str) -> Iterator[str]:
    return (block for block in story.split("\n\n") if block.strip())


def _reflow(block: str, style: Style) -> list[str]:
    """A paragraph wrapped, a list item by item, an indented example as it is."""
    lines = [style.clean(line) for line in block.splitlines()]
    if all(line.startswith("    ") for line in lines if line.strip()):
        return lines
    done: list[str] = []
    item: list[str] = []
    for line in [*lines, ""]:
        if line and not line.startswith("- "):
            item.append(line.strip())
            continue
        if item:
            indent = "  " if item[0].startswith("- ") else ""
            wrapped = wrap(" ".join(item), style.width - len(indent))
            done += [wrapped[0], *(indent + each for each in wrapped[1:])]
        item = [line] if line else []
    return done
