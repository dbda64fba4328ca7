"""The results as a Markdown page and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.truth.compare import (
    Agreement,
    Comparison,
    Result,
    first_difference,
    is_security_relevant,
)
from benchmarks.truth.projects import Project

INTRODUCTION = """\
# How true the settings are that Hardango reads

<!-- Made by `python benchmarks/truth`; edits are lost. -->

Each line is one real settings module in one environment, loaded twice: by Python itself (with
the real Django and the real settings libraries, other third-party modules stubbed, the given
environment variables and no others, no network) and by `hardango settings --closed-env`, which
imports nothing.

- *exact*: Hardango says one value, and it is the real one.
- *unknown*: Hardango says that it does not know the value, or a part of it, or gives several
  outcomes of which the real one is one.
- *wrong*: Hardango says something that is not so. There must be none.

In a container whose contents are partly unknown an unknown item is any number of items, none
included; that a setting is *perhaps* set is no claim.

Two counts: all settings that the module itself sets, and the security-relevant ones among them.
*Left out* are settings whose real value is a stub, a function or an object that has no text of
its own.
"""


class Row(NamedTuple):
    """One line of the table: what was loaded, with what, and the result."""

    project: Project
    django: str
    result: Result


def totals(results: Iterable[Result], *, security: bool = False) -> dict[Agreement, int]:
    counts = dict.fromkeys(reversed(Agreement), 0)
    for result in results:
        for agreement in counts:
            counts[agreement] += result.count(agreement, security=security)
    return counts


def wrong(results: Sequence[Result]) -> int:
    """How many claims are false; to be wrong about whether a module loads is one."""
    return totals(results)[Agreement.WRONG] + sum(not result.agrees for result in results)


def share(counts: dict[Agreement, int]) -> float:
    """The exact ones among all that were compared, 0 to 1."""
    return counts[Agreement.EXACT] / (sum(counts.values()) or 1)


def page(rows: Sequence[Row], failed: Sequence[str]) -> str:
    """The whole page `docs/truth.md`."""
    results = [row.result for row in rows]
    lines = [INTRODUCTION]
    lines += [f"**{line}**\n" for line in summary(rows)]
    lines.append(
        "| project | version | style | environment | Django | settings | exact | unknown | wrong "
        "| security-relevant: exact | unknown | wrong | left out |"
    )
    lines.append("| --- | --- | --- | --- | --- " + "| ---: " * 8 + "|")
    lines += [_line(row) for row in rows]
    counts, security = totals(results), totals(results, security=True)
    left_out = sum(result.left_out for result in results)
    lines.append(
        f"| **all** | | | | | **{sum(counts.values())}** "
        + "".join(f"| **{number}** " for number in [*counts.values(), *security.values()])
        + f"| {left_out} |"
    )
    if any(row.django != row.project.django for row in rows):
        lines.append("\nA Django in *italics* is older than the project's own: no Python here "
                     "runs the newer one.")  # fmt: skip
    if failed:
        lines += ["\nNot compared:\n", *(f"- {each}" for each in failed)]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    project, result = row.project, row.result
    django = row.django if row.django == project.django else f"*{row.django}*"
    start = (
        f"| {project.name} | {project.version} | {project.style} | {result.scenario} | {django} "
    )
    if result.load:
        numbers = f"| {result.load} | | | {'' if result.agrees else '1'} | | | | |"
    else:
        counts, security = totals([result]), totals([result], security=True)
        numbers = f"| {sum(counts.values())} " + "".join(
            f"| {number} " for number in [*counts.values(), *security.values()]
        ) + f"| {result.left_out or ''} |"  # fmt: skip
    return start + numbers


def summary(rows: Sequence[Row]) -> list[str]:
    results = [row.result for row in rows]
    names = len({row.project.name for row in rows})
    lines = [f"{names} settings modules in {len(rows)} environments, {wrong(results)} wrong."]
    for security, words in ((False, "All settings"), (True, "Security-relevant settings")):
        counts = totals(results, security=security)
        lines.append(
            f"{words}: {share(counts):.1%} exact of {sum(counts.values())} "
            f"({counts[Agreement.UNKNOWN]} unknown, {counts[Agreement.WRONG]} wrong)."
        )
    return lines


def terminal_line(row: Row) -> str:
    result = row.result
    name = f"{row.project.name} ({result.scenario})"
    if result.load:
        return f"{name:36} {result.load}{'' if result.agrees else ': WRONG'}"
    counts = totals([result])
    words = ", ".join(f"{number} {agreement.name.lower()}" for agreement, number in counts.items())
    return f"{name:36} {share(counts):6.1%} exact: {words}; {result.left_out} left out"


def details(result: Result) -> Iterator[str]:
    """What is wrong or unknown, a line each, secrets masked."""
    for error in result.errors:
        yield "    " + error
    for comparison in sorted(result.comparisons, key=lambda c: (c.agreement, c.name)):
        if comparison.agreement is not Agreement.EXACT:
            yield "    " + describe(comparison)


def describe(comparison: Comparison) -> str:
    mark = " !" if is_security_relevant(comparison.name) else ""
    path, real, ours = first_difference(comparison)
    return (
        f"{comparison.agreement.name:7} {comparison.name}{path}{mark} [{comparison.reason}]: "
        f"real {_short(real)}, ours {_short(ours)}"
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "…"
