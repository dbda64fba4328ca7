"""What a proof is made of: requests, answers, verdicts; plain data that probes make and oracles
judge.

An oracle is the function under `@CONTROL.prove` in its control's file. It gets a `Site`, asks it,
and yields `proven(…)`, `refuted(…)` or `inconclusive(…)`, each with the exchanges that show it:

    @NOSNIFF.prove
    def prove(site: Site) -> Iterator[Proof]:
        from hardango.evidence import proven, refuted

        page = site.get("/")
        ...

A verdict is never a guess. What was asked and not answered, and what could be read in two ways, is
inconclusive and says why.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Protocol

    class Site(Protocol):
        """What an oracle may ask, whatever stands behind it: a URL, a server on this machine, or
        an application in this process.

        `url` is the site's own address without a path ("https://shop.example"); `http` and
        `https` are the addresses of the same site without and with TLS, "" where it has none that
        is known. `missing` is a path that nothing answers, a new one in each run. `vantage` says
        from where it is seen. `known` is what the project says of itself, all "" for a URL.
        `thorough` is whether it may be asked more than what is most telling. `canary` is the account that active oracles log in with, None without; `mail` gives the
        texts of the mails that were caught so far, and is None where none can be. `exchanges` are
        those that were had so far; `attempts` is how often a login may fail; in `memory` oracles keep
        what they share.
        """

        url: str
        http: str
        https: str
        missing: str
        vantage: str
        thorough: bool
        active: bool
        attempts: int
        known: Known
        canary: Account | None
        exchanges: list[Exchange]
        memory: dict[object, object]
        mail: Callable[[], list[str]] | None

        def send(self, request: Request) -> Exchange:
            """The answer to `request`, the same one if the same was sent before."""
            ...

        def get(self, path: str, *headers: tuple[str, str], base: str = "") -> Exchange:
            """The answer to GET for a path, or for a full address of the site."""
            ...

        def request(
            self,
            path: str,
            method: str = "GET",
            headers: tuple[tuple[str, str], ...] = (),
            body: bytes = b"",
            base: str = "",
            again: int = 0,
        ) -> Request:
            """A request to the site. `base` is `http` or `https`, "" for `url`."""
            ...


URL, SERVER, PROXY, IN_PROCESS = "url", "server", "proxy", "in-process"
"""The vantage points: what the public gets, a server on this machine, a proxy in front of that, and
the application without a server."""


class Request(NamedTuple):
    """A request as it goes over the wire.

    `url` is absolute. `headers` are all that is sent, in this order, duplicates kept; Host is one
    of them. `tls` is the newest version of TLS that is offered ("1.1"), "" for what is usual. `target` stands in the request line in place of the path, "" for the path. `version`
    is that of HTTP. `again` tells requests apart that are the same to the server.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    target: str = ""
    version: str = "1.1"
    again: int = 0
    tls: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port: "https://shop.example"."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}"

    @property
    def path(self) -> str:
        """The path with its query, from the first slash."""
        rest = self.url[len(self.origin) :].partition("#")[0]
        return rest if rest.startswith("/") else "/" + rest

    @property
    def secure(self) -> bool:
        return self.url.startswith("https://")

    def get(self, name: str) -> str:
        """The first header of that name, "" if there is none."""
        return _first(self.headers, name)


class Response(NamedTuple):
    """An answer as it came: `headers` in their order, duplicates kept; `body` decoded from gzip
    and chunks, and cut at a bound (`cut`); `seconds` from the request to the end."""

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    cut: bool = False
    version: str = "1.1"

    def get(self, name: str) -> str:
        """The first header of that name, "" if there is none."""
        return _first(self.headers, name)

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for each, value in self.headers if each.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def kind(self) -> str:
        """The media type, "text/html"."""
        return self.get("Content-Type").partition(";")[0].strip().lower()


def _first(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for each, value in headers if each.lower() == name.lower()), "")


class Tls(NamedTuple):
    """What the handshake showed. `problem` is why the certificate does not verify, "" if it does;
    `until` when it ends, in seconds since 1970."""

    version: str = ""
    cipher: str = ""
    problem: str = ""
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    until: float = 0.0


class Exchange(NamedTuple):
    """A request with its answer, or with the reason why there is none, in a sentence.

    `failure` names that reason in a word: "refused", "timeout", "reset", "tls", "nonsense",
    "address", "budget", "gone".
    """

    request: Request
    response: Response | None = None
    error: str = ""
    failure: str = ""
    tls: Tls | None = None

    @property
    def status(self) -> int:
        """The status of the answer, 0 without one."""
        return self.response.status if self.response else 0

    @property
    def text(self) -> str:
        return self.response.text if self.response else ""

    def get(self, name: str) -> str:
        """The first header of the answer of that name, "" if there is none."""
        return self.response.get(name) if self.response else ""

    def all(self, name: str) -> list[str]:
        """Every header of the answer of that name."""
        return self.response.all(name) if self.response else []


class Account(NamedTuple):
    """An account of the site that was made for the proof; `email` is "" where it isn't known."""

    user: str
    password: str
    email: str = ""


class Known(NamedTuple):
    """What a project says of itself; "" and () where that is not known.

    `fails` is a path of the proof's own on which a view raises; `uploads` are the addresses of a page
    and an image with a script, kept as its users' files are; `most_bytes` is the limit of a body,
    None for none, and -1 where that is not known.
    """

    session_cookie: str = ""
    csrf_cookie: str = ""
    login: str = ""
    admin: tuple[str, ...] = ()
    static: str = ""
    media: str = ""
    paths: tuple[str, ...] = ()
    fails: str = ""
    uploads: tuple[str, ...] = ()
    most_bytes: int | None = -1


class Verdict(enum.Enum):
    """What a proof shows; `INCONCLUSIVE` is never shown as `PROVEN`."""

    PROVEN = "proven"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Proof(NamedTuple):
    """What one oracle saw.

    `marks` are the words of the answer that decide, as they stand in it; `severity` is that of a
    refuted one, None for the control's own. `control`, `vantage` and `title` are filled in by who runs the
    oracle. `about` names the part of the protection, where a control has several: a cookie, a
    path. A `pedantic` one counts only where hardening beyond the common need is asked for.
    """

    verdict: Verdict
    message: str
    exchanges: tuple[Exchange, ...] = ()
    marks: tuple[str, ...] = ()
    severity: Severity | None = None
    about: str = ""
    control: str = ""
    vantage: str = ""
    pedantic: bool = False
    title: str = ""


class Joined(NamedTuple):
    """A proof beside what the audit says of the same control: `claim` is that in a word ("pass",
    "fail", "conditional", "unknown", "satisfied-elsewhere"), "" where it says nothing; `relation` how the two
    go together, in words."""

    proof: Proof
    claim: str
    relation: str


class Disagreement(NamedTuple):
    """The same oracle, at two vantage points, of which one proves and one refutes."""

    refuted: Proof
    proven: Proof
    message: str


class Live(NamedTuple):
    """Everything that one proof has to say.

    `url` is the site's address as the public has it, `server` what a local project ran under, "" for
    a site that is live. `said` tells what a reader must know of it (what was not as in production,
    what was not asked), `refused` what a local project tried and was not allowed to, a phrase each;
    `made_up` are the variables that had an invented value; `requests` how many there were; `seconds`
    what took how long; `score` is what the HTTP Observatory would give, None where that isn't known;
    `interrupted` if somebody ended it early.
    """

    url: str
    server: str
    joined: tuple[Joined, ...]
    disagreements: tuple[Disagreement, ...] = ()
    said: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    made_up: frozenset[str] = frozenset()
    requests: int = 0
    seconds: Mapping[str, float] = {}
    score: Score | None = None
    interrupted: bool = False


class Step(NamedTuple):
    """Something that has to be so before HSTS is raised; `holds` is None where it was not seen."""

    what: str
    holds: bool | None
    why: str


class Steps(NamedTuple):
    """Where a site stands with HSTS.

    `seconds`, `subdomains` and `preload` are what its header says; `stage` and `after` what that is
    called and what comes next, "" for nothing; `settings` the lines to write for it, () as long as
    something is in the way; `wait` how long to stay at this stage.
    """

    url: str
    seconds: int
    subdomains: bool
    preload: bool
    stage: str
    after: str
    settings: tuple[str, ...]
    wait: str
    holds: tuple[Step, ...]


class Scored(NamedTuple):
    """One test of the HTTP Observatory: its result, what that gives or takes, and, where this score
    mends a false result of its own, how."""

    test: str
    result: str
    points: int
    mended: str = ""


class Score(NamedTuple):
    """What the HTTP Observatory would give, algorithm 6: `points` from 0, `grade` from "F" to
    "A+"."""

    points: int
    grade: str
    tests: tuple[Scored, ...]


def proven(message: str, *exchanges: Exchange, marks: Iterable[str] = (), about: str = "") -> Proof:
    """The protection was seen at work."""
    return Proof(Verdict.PROVEN, message, exchanges, tuple(marks), about=about)


def refuted(
    message: str,
    *exchanges: Exchange,
    marks: Iterable[str] = (),
    severity: Severity | None = None,
    about: str = "",
) -> Proof:
    """The protection was seen to fail."""
    return Proof(Verdict.REFUTED, message, exchanges, tuple(marks), severity, about)


def inconclusive(message: str, *exchanges: Exchange, about: str = "") -> Proof:
    """Neither was seen; the message says why."""
    return Proof(Verdict.INCONCLUSIVE, message, exchanges, about=about)


def unanswered(exchange: Exchange, about: str = "") -> Proof:
    """There was no answer to judge, or none that could be."""
    asked = f"{exchange.request.method} {exchange.request.path}"
    if exchange.response is not None:
        return inconclusive(
            f"no page was seen: {asked} gets {exchange.status}", exchange, about=about
        )
    return inconclusive(f"no answer to {asked}: {exchange.error}", exchange, about=about)


# -- cookies ---------------------------------------------------------------------------------------


class Cookie(NamedTuple):
    """One Set-Cookie header; the names of `attributes` are lower case, their order is kept."""

    name: str
    value: str
    attributes: Mapping[str, str]

    @property
    def secure(self) -> bool:
        return "secure" in self.attributes

    @property
    def httponly(self) -> bool:
        return "httponly" in self.attributes

    @property
    def samesite(self) -> str:
        """ "strict", "lax", "none", whatever else it says in lower case, or ""."""
        return self.attributes.get("samesite", "").lower()

    @property
    def cleared(self) -> bool:
        """Whether this deletes the cookie."""
        return not self.value.strip('"') or self.attributes.get("max-age") == "0"


def cookies(response: Response | None) -> list[Cookie]:
    """The cookies that an answer sets, RFC 6265 §5.2."""
    found = []
    for header in response.all("Set-Cookie") if response else ():
        pair, *rest = header.split(";")
        name, equals, value = pair.partition("=")
        if equals and name.strip():
            attributes = {}
            for each in rest:
                key, _, said = each.partition("=")
                attributes[key.strip().lower()] = said.strip()
            found.append(Cookie(name.strip(), value.strip(), attributes))
    return found


# -- showing it ------------------------------------------------------------------------------------

MASK = "…"
_SECRET_HEADERS = frozenset({
    "authorization", "proxy-authorization", "x-csrftoken", "x-api-key", "x-auth-token",
    "x-vault-token", "x-amz-security-token",
})  # fmt: skip
_LONGEST_VALUE = 2000


def masked(name: str, value: str) -> str:
    """The value of a header without what opens a door: cookies and tokens."""
    name = name.lower()
    if name in _SECRET_HEADERS:
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {MASK}" if space and "authorization" in name else MASK
    if name == "set-cookie":
        pair, semicolon, rest = value.partition(";")
        return _masked_pair(pair) + semicolon + rest
    if name == "cookie":
        return "; ".join(_masked_pair(each.strip()) for each in value.split(";"))
    value = re.sub(r"(://[^/\s:@]*:)[^/\s@]+@", rf"\1{MASK}@", value)
    value = re.sub(r"(?i)([?&](?:[\w-]*(?:token|secret|key|code|password|signature))=)[^&\s#]+",
                   rf"\1{MASK}", value)  # fmt: skip
    return value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"


def _masked_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={MASK}" if equals and value.strip('" ') else pair


def request_lines(request: Request) -> Iterator[str]:
    """The request as it was sent, masked; the body only by its size."""
    yield f"{request.method} {request.target or request.path} HTTP/{request.version}"
    for name, value in request.headers:
        yield f"{name}: {masked(name, value)}"
    if request.body:
        yield f"({len(request.body)} bytes)"


def response_lines(exchange: Exchange) -> Iterator[str]:
    """The answer as it came, masked; the body only by its size."""
    if exchange.response is None:
        yield f"(no answer: {exchange.error})"
        return
    response = exchange.response
    yield f"HTTP/{response.version} {response.status} {response.reason}".rstrip()
    for name, value in response.headers:
        yield f"{name}: {masked(name, value)}"
    size = len(response.body)
    yield f"({'more than ' if response.cut else ''}{size} byte{'' if size == 1 else 's'})"


_ALWAYS_SENT = frozenset({"connection", "content-length"})


def curl(request: Request) -> str:
    """A command line that repeats the request; what is masked has to be filled in."""
    words = ["curl", "-si"]
    if request.method == "HEAD":
        words = ["curl", "-sI"]
    elif request.method != "GET":
        words += ["-X", request.method]
    if request.version == "1.0":
        words += ["--http1.0"]
    if request.tls:
        words += ["--tls-max", request.tls]
    if request.target:
        words += ["--request-target", _quoted(request.target)]
    host = request.origin.partition("://")[2]
    names = {name.lower() for name, _ in request.headers}
    if "host" not in names:
        words += ["-H", "Host:"]
    for name, value in request.headers:
        if name.lower() in _ALWAYS_SENT or (name.lower() == "host" and value == host):
            continue
        words += ["-H", _quoted(f"{name}: {masked(name, value)}" if value else f"{name};")]
    if request.body:
        text = request.body[:200].decode("ascii", "backslashreplace")
        words += [
            "--data-raw",
            _quoted(re.sub(r"((?:token|password)\w*=)[^&]+", rf"\1{MASK}", text)),
        ]
    return " ".join([*words, _quoted(request.url)])


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./-]+", text, re.ASCII):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
