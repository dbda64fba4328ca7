"""`python benchmarks/mutants`: every mutant of the shop, under both servers, and who sees it.

Each broken protection has to be refuted by its control and by no other; the unbroken shop in
nothing. The same sites are shown to DJ Checkup (from PyPI), and scored by the published rules of the
HTTP Observatory, unmended. Writes docs/who-sees-what.md; ends with 1 if a verdict is wrong.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    sys.path[0] = REPOSITORY
    sys.path[1:1] = [os.path.join(REPOSITORY, "src"), os.path.join(REPOSITORY, "tests", "probe")]

from mutants import MUTANTS, Mutant  # noqa: E402
from serving import CANARY, HOST, SERVERS, Ground, ground, served  # noqa: E402

from hardango.controls.catalogue import catalogue  # noqa: E402
from hardango.evidence import Proof, Verdict  # noqa: E402
from hardango.probe.observatory import score_of  # noqa: E402
from hardango.probe.run import prove  # noqa: E402
from hardango.probe.site import Site  # noqa: E402

PAGE = os.path.join(REPOSITORY, "docs", "who-sees-what.md")
PROXIES = ("ours", "nginx")
HAS_CHECKUP = find_spec("djcheckup") is not None
NOT_ASKED = {"cookie-prefix"}
"""Controls of which a pedantic proof counts only where a mutant is about it."""

INTRODUCTION = """\
# Who sees what

<!-- Made by `python benchmarks/mutants`; edits are lost. -->

A small shop on Django has every protection in place. Each line breaks one of them, and runs it under
gunicorn and under uvicorn, behind a small proxy that ends TLS and behind nginx. Then it is asked by
`hardango prove`, by DJ Checkup {version}, and by the published rules of MDN's HTTP Observatory (algorithm 6).

*Sees it* means: says something worse of the broken shop than of the unbroken one. Both others look
at the start page, for other things too than a Django project gets wrong; the Observatory is for
sites of any kind. What is marked *login* needs an account that was made for the proof.
"""


class Row(NamedTuple):
    """A mutant: whether each of the three sees it, and what is wrong with ours."""

    mutant: Mutant
    ours: bool
    checkup: bool
    observatory: bool
    wrong: tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/mutants", description=__doc__)
    parser.add_argument("--server", action="append", choices=tuple(SERVERS), help="under this only")
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="mutants with this in their name"
    )
    parser.add_argument("--proxy", action="append", choices=PROXIES, help="behind this only")
    parser.add_argument(
        "--python", metavar="PROGRAM", default=sys.executable,
        help="an interpreter with another Django, and all that the shop imports",
    )  # fmt: skip
    given = parser.parse_args(arguments)
    ways = [
        (server, proxy) for proxy in given.proxy or PROXIES for server in given.server or SERVERS
    ]
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        rows = list(table(ground(Path(folder), given.python), ways, given.only, given.python))
    wrong = [f"{row.mutant.name or 'unbroken'}: {each}" for row in rows for each in row.wrong]
    for each in wrong:
        print(f"wrong: {each}")
    broken = [row for row in rows if row.mutant.control]
    print(f"{len(broken)} mutants: {sum(row.ours for row in broken)} seen by hardango prove, "
          f"{sum(row.checkup for row in broken)} by DJ Checkup, "
          f"{sum(row.observatory for row in broken)} by the Observatory's rules")  # fmt: skip
    if (
        not (given.only or given.server or given.proxy)
        and given.python == sys.executable
        and HAS_CHECKUP
    ):
        Path(PAGE).write_text(page(broken), encoding="utf-8")
    return 1 if wrong else 0


def table(base: Ground, ways: list[tuple[str, str]], only: str, python: str) -> Iterator[Row]:
    sound = Mutant("", ""), Mutant("", "", active=True)
    _, plain_checkup, plain_points = looked_at(base, sound[0], ways[0], python)
    for mutant in (*sound, *MUTANTS):
        if only not in mutant.name:
            continue
        wrong: list[str] = []
        seen, checkup, observatory = True, False, False
        possible = [way for way in ways if way[0] in mutant.servers and way[1] in mutant.proxies]
        if not possible:
            continue
        for way in possible:
            # DJ Checkup never logs in, and looks at nothing that a server changes.
            compared = way == ways[0] and not mutant.active
            refuted, theirs, points = looked_at(base, mutant, way, python, compared=compared)
            where = " behind ".join(way)
            extra = set(refuted) - {mutant.control, *mutant.also}
            wrong += [f"{where}: {name}: {refuted[name].message}" for name in sorted(extra)]
            if mutant.control and mutant.control not in refuted:
                seen = False
                wrong.append(f"{where}: {mutant.control} does not see it")
            checkup |= bool(theirs - plain_checkup)
            observatory |= any(points.get(test, 0) < least for test, least in plain_points.items())
        print(f"{'ok' if not wrong else 'WRONG':6} {mutant.name or 'unbroken'}", flush=True)
        yield Row(mutant, seen, checkup, observatory, tuple(wrong))


def looked_at(
    base: Ground, mutant: Mutant, way: tuple[str, str], python: str, *, compared: bool = True
) -> tuple[dict[str, Proof], set[str], dict[str, int]]:
    """What is refuted, under the server and behind the proxy of `way`; what DJ Checkup finds; the points of the Observatory's tests, unmended."""
    canary = CANARY if mutant.active else None
    server, proxy = way
    with served(
        base, mutant.changes, server=server, proxy=proxy, python=python, front=mutant.front, active=mutant.active, canary=canary,
        attempts=12, arguments=mutant.arguments, environ=mutant.environ, known=mutant.known,
    ) as site:  # fmt: skip
        proofs = list(prove(site, catalogue(), pedantic=True))
        score = score_of(site)
        theirs = checkup(base, site) if compared and HAS_CHECKUP else set()
    refuted = {each.control: each for each in proofs if each.verdict is Verdict.REFUTED
               and not (each.pedantic and each.control in NOT_ASKED - {mutant.control})}  # fmt: skip
    points = {each.test: 5 if each.mended and each.test == "x-frame-options" else each.points
              for each in (score.tests if score else ())}  # fmt: skip
    return refuted, theirs, points


# -- DJ Checkup ------------------------------------------------------------------------------------


def checkup(base: Ground, site: Site) -> set[str]:
    """The names of its checks that fail."""
    from djcheckup import run_checks

    with (
        resolved(*site.memory["ports"]),
        mock.patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": str(base.ca_file)}),
    ):  # type: ignore[misc]
        found: Any = run_checks(f"https://{HOST}/")
    return {each["name"] for each in found["check_results"] if each["result"] == "failure"}


@contextmanager
def resolved(tls: int, plain: int) -> Iterator[None]:
    """The shop's name leads to its two ports."""
    real = socket.getaddrinfo

    def find(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host == HOST:
            host, port = "127.0.0.1", {443: tls, 80: plain}.get(int(port or 0), port)
        return real(host, port, *more, **named)

    with mock.patch.object(socket, "getaddrinfo", find):
        yield


# -- the page --------------------------------------------------------------------------------------


def page(rows: list[Row]) -> str:
    from importlib.metadata import version

    yes = {True: "yes", False: "no"}
    lines = [INTRODUCTION.format(version=version("djcheckup"))]
    lines.append(f"Of {len(rows)} broken protections, `hardango prove` sees {sum(row.ours for row in rows)}, DJ Checkup "
                 f"{sum(row.checkup for row in rows)}, the Observatory {sum(row.observatory for row in rows)}. Of the "
                 "unbroken shop `hardango prove` refutes nothing, and of a broken one nothing but what is broken.\n")  # fmt: skip
    lines += [
        "| what is broken | control | hardango prove | DJ Checkup | Observatory |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ours = yes[row.ours] + (" (login)" if row.mutant.active else "")
        lines.append(f"| {row.mutant.name} | [{row.mutant.control}](controls/{row.mutant.control}.md) | {ours} | "
                     f"{yes[row.checkup]} | {yes[row.observatory]} |")  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
