"""A project without a server, for a test suite: fast, and as near to production as Django alone
can be.

It runs in an interpreter of its own, not in that of the tests: test runners switch DEBUG off, let
in the host `testserver` and replace the mail, so that what they run is not what production is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hardango.audit import Judged, Request, judged
from hardango.controls.catalogue import catalogue, names
from hardango.controls.packages import could_be_used
from hardango.evidence import IN_PROCESS, Proof, Verdict
from hardango.light import NamedTuple
from hardango.local.launch import Started, Wish, started
from hardango.probe.join import honest
from hardango.probe.project import BUDGET, OURS
from hardango.probe.run import prove
from hardango.probe.site import Site


class Answer(NamedTuple):
    """What comes back from a request of a test."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    def get(self, name: str) -> str:
        """The first header of that name, "" if there is none."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")


class HardangoSite:
    """The project with production's settings, as tests ask it.

    `said` tells what is not as in production, a sentence each.
    """

    def __init__(self, found: Judged, run: Started) -> None:
        self._found, self._run = found, run
        self._site = Site(
            run.https, run.inside, http=run.http, https=run.https, vantage=IN_PROCESS,
            budget=BUDGET, active=True, canary=run.canary, known=run.known, mail=run.mail,
        )  # fmt: skip
        self.said = run.said

    def get(self, path: str, *, secure: bool = True) -> Answer:
        """The answer to a GET over HTTPS, or over plain HTTP."""
        base = self._run.https if secure else self._run.http
        exchange = self._site.get(path, base=base)
        headers = exchange.response.headers if exchange.response else ()
        return Answer(exchange.status, headers, exchange.text)

    def proofs(self, *controls: str) -> list[Proof]:
        """What the oracles of these controls see, or of all. Raises KeyError for a control that
        does not exist."""
        known = names()
        for name in controls:
            if name not in known:
                raise KeyError(name)
        reading = self._found.reading
        used = None if controls else could_be_used(reading.settings, reading.project)
        asked = catalogue((lambda each: each in controls) if controls else None, used,
                          pedantic=bool(controls))  # fmt: skip
        asked = [each for each in asked if each.oracle is not None and each.name not in OURS]
        seen = prove(self._site, asked, pedantic=bool(controls))
        return list(honest(seen, asked, reading.settings, self._run.made_up,
                           self._found.findings, stand_in=True))  # fmt: skip

    def refuted(self, *controls: str) -> list[str]:
        """What does not protect, a line each: an empty list is what a test asks for."""
        return [f"{each.control}: {each.message}" for each in self.proofs(*controls)
                if each.verdict is Verdict.REFUTED]  # fmt: skip


@contextmanager
def site(path: str, python: str) -> Iterator[HardangoSite]:
    """The project at `path`, run by `python`. Raises CannotRead and CannotStart."""
    found = judged(Request(path=path))
    with started(found.reading, Wish(python=python, served=False)) as run:
        yield HardangoSite(found, run)
