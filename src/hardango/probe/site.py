"""A site as oracles see it: it counts, paces and remembers requests, whoever carries them.

`transport` is a function from a request to an exchange: the client for a URL and for a server on
this machine, or the application itself in this process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from hardango import __version__
from hardango.evidence import URL, Account, Exchange, Known, Request

BUDGET = 40
ACTIVE_BUDGET = 90
USER_AGENT = f"hardango/{__version__}"
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
MOST_SILENT = 4
"""After so many requests in a row that took too long, no more are sent: the site is down, or doesn't
want them."""
ATTEMPTS = 2
"""How often an active oracle may fail to log in: the default limit of django-axes is 3, for ever."""


class Site:
    """One site at one vantage point; see `hardango.evidence.Site` for what oracles ask of it.

    `pace` is the seconds between two requests. `said` is called with each request that is really
    sent, and how many were before.
    """

    def __init__(
        self,
        url: str,
        transport: Callable[[Request], Exchange],
        *,
        http: str = "",
        https: str = "",
        vantage: str = URL,
        budget: int = BUDGET,
        pace: float = 0.0,
        active: bool = False,
        attempts: int = ATTEMPTS,
        canary: Account | None = None,
        known: Known | None = None,
        mail: Callable[[], list[str]] | None = None,
        host: str = "",
        said: Callable[[Request, int], None] | None = None,
    ) -> None:
        self.url = url
        self.http = http or (url if url.startswith("http://") else "")
        self.https = https or (url if url.startswith("https://") else "")
        self.vantage = vantage
        self.active = active
        self.attempts = attempts
        self.canary = canary
        self.known = known or Known()
        self.mail = mail
        self.missing = f"/hardango-{os.urandom(6).hex()}/"
        self.budget = budget
        self.thorough = budget > BUDGET
        self.exchanges: list[Exchange] = []
        self.memory: dict[object, object] = {}
        self._transport = transport
        self._pace = pace
        self._host = host
        self._said = said
        self._answers: dict[Request, Exchange] = {}
        self._next = 0.0
        self._silent = 0

    def request(
        self,
        path: str,
        method: str = "GET",
        headers: tuple[tuple[str, str], ...] = (),
        body: bytes = b"",
        base: str = "",
        again: int = 0,
    ) -> Request:
        """A request to a path of `base`, or to a full address. `headers` replace those of the same
        name that are always sent; without a Host of its own it is the site's."""
        whole = path if path.startswith(("http://", "https://")) else (base or self.url) + path
        base = Request(whole).origin
        own = {name.lower() for name, _ in headers}
        host = self._host or base.partition("://")[2]
        always = [("Host", host), ("User-Agent", USER_AGENT), ("Accept", ACCEPT)]
        if body or method in ("POST", "PUT", "PATCH"):
            always.append(("Content-Type", "application/x-www-form-urlencoded"))
            always.append(("Content-Length", str(len(body))))
        always.append(("Connection", "close"))
        sent = [(name, value) for name, value in always if name.lower() not in own]
        # Host comes first wherever it comes from: some servers insist.
        sent += headers
        sent.sort(key=lambda each: each[0].lower() != "host")
        return Request(whole, method, tuple(sent), body, again=again)

    def get(self, path: str, *headers: tuple[str, str], base: str = "") -> Exchange:
        return self.send(self.request(path, headers=headers, base=base))

    def send(self, request: Request) -> Exchange:
        if request.origin not in (self.http, self.https, self.url):
            return Exchange(request, None, f"{request.origin} is not the site", "address")
        known = self._answers.get(request)
        if known is not None:
            return known
        if len(self.exchanges) >= self.budget:
            return Exchange(request, None, f"all {self.budget} requests are used up", "budget")
        if self._silent >= MOST_SILENT:
            error = f"it has not answered {MOST_SILENT} requests in a row"
            return Exchange(request, None, error, "gone")
        self._wait()
        if self._said:
            self._said(request, len(self.exchanges))
        answer = self._transport(request)
        self._silent = self._silent + 1 if answer.failure == "timeout" else 0
        self.exchanges.append(answer)
        self._answers[request] = answer
        return answer

    def _wait(self) -> None:
        now = time.monotonic()
        if self._pace and now < self._next:
            time.sleep(self._next - now)
            now = self._next
        self._next = now + self._pace
