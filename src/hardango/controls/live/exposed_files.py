"""Files of the project are not served.

A web server that is pointed at the project's directory instead of at its static files gives away
what lies there: `.git` is the whole source with its history, `.env` the secrets of production, a
SQLite file all data. Programs ask every site on the internet for these, every day.

The files are told by what stands in them, never by their status: many sites answer everything
with 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe
from hardango.evidence import Exchange, Proof, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

EXPOSED_FILES = Control(
    "exposed-files",
    title="Files of the project",
    weakness="Files of the project are served to everybody",
    severity=Severity.CRITICAL,
    attack="Whoever asks gets the source with its history, the secrets of production, or the data.",
    remedy="Let the web server serve the directories of static files and uploads only, and change "
    "every secret that could be read.",
    references=(asvs("13.4.1"), cwe(538), cwe(527)),
)


@EXPOSED_FILES.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import main

    asked = []
    for path, what, told in FILES:
        answer = site.get(path, base=main(site))
        asked.append(answer)
        if answer.status == 200 and (marks := told(answer)):
            yield refuted(f"{path} is served: {what}", answer, marks=marks)
            return
    unknown = [each for each in asked if each.response is None]
    if unknown:
        yield unanswered(unknown[0])
    else:
        yield proven("none of the files that programs ask for is served", *asked)


def _git(answer: Exchange) -> tuple[str, ...]:
    found = re.fullmatch(r"(ref: refs/\S+|[0-9a-f]{40})\s*", answer.text[:400])
    return (found[1],) if found else ()


def _variables(answer: Exchange) -> tuple[str, ...]:
    """The names of the variables, never their values."""
    if (
        answer.response is None
        or "html" in answer.response.kind
        or "<html" in answer.text[:2000].lower()
    ):
        return ()
    lines = [line for line in answer.text.splitlines() if line.strip() and not line.startswith("#")]
    names = [
        found[1] for line in lines if (found := re.match(r"(?:export )?([A-Z][A-Z0-9_]+)=", line))
    ]
    return tuple(f"{name}=" for name in names[:5]) if names and len(names) * 2 > len(lines) else ()


def _database(answer: Exchange) -> tuple[str, ...]:
    data = answer.response.body if answer.response else b""
    return ("SQLite format 3",) if data.startswith(b"SQLite format 3\x00") else ()


FILES = (
    ("/.git/HEAD", "the source with its history", _git),
    ("/.env", "the variables of production", _variables),
    ("/db.sqlite3", "the database", _database),
)
