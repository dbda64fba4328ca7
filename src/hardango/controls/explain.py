"""The page of a control, made from its own file: for the terminal and for the documentation."""

from __future__ import annotations

from collections.abc import Iterable

from hardango.controls.catalogue import CATALOGUE
from hardango.controls.model import Control

NOT_JUDGED = "Not judged yet by this version of hardango."
FOUR_VERDICTS = (
    "It passes only if every case in which the settings load is good. If some cases are bad, the "
    "finding names the condition; if one could not be read, the verdict is unknown."
)


class UnknownControl(KeyError):
    """No control has this name; the text is one sentence, with the nearest name if there is one."""

    def __str__(self) -> str:
        return str(self.args[0])


def control_named(name: str, controls: Iterable[Control] = CATALOGUE) -> Control:
    """The control of that name. Raises UnknownControl."""
    by_name = {control.name: control for control in controls}
    found = by_name.get(name.strip().lower().replace("_", "-"))
    if found is not None:
        return found
    from difflib import get_close_matches

    near = get_close_matches(name.lower().replace("_", "-"), by_name, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(by_name)}."
    raise UnknownControl(f"There is no control named {name!r}: {hint}")


def explain(name: str) -> str:
    """A control's whole story as plain text of at most 80 columns. Raises UnknownControl."""
    from textwrap import fill

    control = control_named(name)
    heading, story = parts_of(control)
    lines = [f"{control.name}: {control.title}", "", fill(heading, 80), "", fit(story), ""]
    for title, text in facts(control):
        lines.append(fill(f"{title}: {text}", 80, subsequent_indent="  "))
    lines += ["", "Read on:"]
    lines += [
        f"  {reference.text}" + (f"  {reference.url}" if reference.url != reference.text else "")
        for reference in control.references
    ]
    return "\n".join(lines) + "\n"


def docs_page(name: str) -> str:
    """A control's page in Markdown. Raises UnknownControl."""
    control = control_named(name)
    heading, story = parts_of(control)
    lines = [f"# `{control.name}`: {control.title}", "", f"**{heading}**", "", story, ""]
    lines += [f"- **{title}:** {text}" for title, text in facts(control)]
    lines += ["", "## Sources", ""]
    lines += [
        f"- <{reference.url}>"
        if reference.url == reference.text
        else f"- [{reference.text}]({reference.url})"
        for reference in control.references
    ]
    return "\n".join(lines) + "\n"


def parts_of(control: Control) -> tuple[str, str]:
    """The first sentence of the story, and the rest."""
    heading, _, story = control.story.partition("\n\n")
    return " ".join(heading.split()), story.strip()


def facts(control: Control) -> list[tuple[str, str]]:
    """What the data of a control says, as pairs of title and text."""
    return [
        ("Severity", control.severity.label),
        ("Settings", ", ".join(control.settings) or "none"),
        ("What an attacker gains", control.attack),
        ("What to do", control.remedy),
        ("How it is judged", FOUR_VERDICTS if control.judged else NOT_JUDGED),
    ]


def fit(story: str, width: int = 80) -> str:
    """The paragraphs and lists of a story, wrapped to `width` columns."""
    from textwrap import fill

    blocks = []
    for paragraph in story.split("\n\n"):
        items: list[str] = []
        for line in paragraph.splitlines():
            if line.startswith("- ") or not items:
                items.append(line.strip())
            else:
                items[-1] += f" {line.strip()}"
        blocks.append(
            "\n".join(
                fill(
                    item, width, subsequent_indent="  " if item.startswith("- ") else "",
                    break_on_hyphens=False, break_long_words=False,
                )
                for item in items
            )
        )  # fmt: skip
    return "\n\n".join(blocks)
