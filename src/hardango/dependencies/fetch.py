"""Asks a server, bounded in time, size and number of tries.

A redirect is followed, but what proves who asks stays with the host that was named. What is said
of an address never has its user and password.
"""

from __future__ import annotations

import base64
import contextlib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from urllib.parse import unquote, urlsplit, urlunsplit

import hardango
from hardango.light import Any, NamedTuple

TRIES = 3
PAUSE = 0.3
"""Seconds before the second try; before the third it is twice that."""
RETRIED = (429, 500, 502, 503, 504)
LONGEST_PAUSE = 5.0
_PIECE = 1 << 16


class CannotFetch(Exception):
    """A server did not give what was asked for; the text is a clause for the user. `status` is that
    of its answer, 0 if there was none."""

    def __init__(self, said: str, status: int = 0) -> None:
        super().__init__(said)
        self.status = status


class Limits(NamedTuple):
    """`timeout`: seconds without an answer or a piece of it; `whole`: for all of it, tries
    included; `size`: bytes of an answer."""

    timeout: float = 10.0
    whole: float = 120.0
    size: int = 50_000_000


class Answer(NamedTuple):
    """The body of an answer, the media type that it has, and its headers in lower case."""

    body: bytes
    kind: str
    headers: Mapping[str, str]


def shown(url: str) -> str:
    """An address without user, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def fetch(
    url: str,
    limits: Limits,
    *,
    data: bytes | None = None,
    headers: Mapping[str, str] = {},
    certificates: str | None = None,
) -> Answer:
    """What a server answers. Raises CannotFetch."""
    address, own = _without_user(url)
    whole = time.monotonic() + limits.whole
    said = {"User-Agent": f"hardango/{hardango.__version__}", **own, **headers}
    for number in range(TRIES):
        try:
            return _once(address, data, said, limits, whole, certificates)
        except urllib.error.HTTPError as error:
            pause = _pause(error.headers.get("Retry-After"), number)
            error.close()
            if error.code not in RETRIED or number == TRIES - 1 or time.monotonic() + pause > whole:
                raise CannotFetch(f"{shown(address)} answered {error.code}", error.code) from None
            time.sleep(pause)
        except (OSError, HTTPException, ValueError) as error:
            why, again = _why(error, limits)
            if not again or number == TRIES - 1 or time.monotonic() > whole:
                raise CannotFetch(f"{shown(address)} {why}") from None
            time.sleep(PAUSE * (number + 1))
    raise CannotFetch(f"{shown(address)} could not be asked")


def _without_user(url: str) -> tuple[str, dict[str, str]]:
    """An address without user and password, and the header that says them instead."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError
        user, at, host = parts.netloc.rpartition("@")
    except ValueError:
        raise CannotFetch("what is given as an address is none of http:// or https://") from None
    address = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    if not at:
        return address, {}
    token = base64.b64encode(unquote(user).encode()).decode()
    return address, {"Authorization": f"Basic {token}"}


def _once(
    url: str, data: bytes | None, headers: Mapping[str, str], limits: Limits, whole: float,
    certificates: str | None,
) -> Answer:  # fmt: skip
    request = urllib.request.Request(url, data, dict(headers))
    opener = urllib.request.build_opener(_Redirects, *_https(url, certificates))
    with contextlib.closing(opener.open(request, timeout=limits.timeout)) as answer:
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read(_PIECE):
            size += len(piece)
            if size > limits.size:
                raise _TooMuch(f"sends more than {limits.size} bytes")
            if time.monotonic() > whole:
                raise _TooMuch(f"takes longer than {limits.whole:g} seconds")
            pieces.append(piece)
        found = {name.lower(): value for name, value in answer.headers.items()}
    kind = found.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(b"".join(pieces), kind, found)


class _TooMuch(ValueError):
    """An answer that is not read to its end."""


def _https(url: str, certificates: str | None) -> list[urllib.request.BaseHandler]:
    if not url.startswith("https:"):
        return []
    try:
        context = ssl.create_default_context(cafile=certificates)
    except (OSError, ssl.SSLError):
        raise _TooMuch("can't be trusted: the file of certificates cannot be read") from None
    return [urllib.request.HTTPSHandler(context=context)]


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to HTTP and HTTPS alone, without the password to another host."""

    max_redirections = 5

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None:
            before, after = urlsplit(req.full_url), urlsplit(newurl)
            if before.scheme == "https" and after.scheme != "https":
                raise _TooMuch("leads to an address without TLS")
            if (before.scheme, before.netloc) != (after.scheme, after.netloc):
                new.headers = {name: value for name, value in new.headers.items()
                               if name.lower() != "authorization"}  # fmt: skip
        return new


def _pause(after: str | None, number: int) -> float:
    asked = float(after) if after is not None and after.isdecimal() else PAUSE * 2**number
    return min(asked, LONGEST_PAUSE)


def _why(error: Exception, limits: Limits) -> tuple[str, bool]:
    """What went wrong as a clause, and whether another try could help."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(error, _TooMuch) or isinstance(reason, _TooMuch):
        return str(reason), False
    if isinstance(reason, TimeoutError):
        return f"did not answer within {limits.timeout:g} seconds", False
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"has a certificate that is not trusted ({reason.verify_message})", False
    if isinstance(reason, ConnectionRefusedError):
        return "refuses connections", False
    if isinstance(reason, OSError) and type(reason).__name__ == "gaierror":
        return "has a host name that is not known", False
    said = getattr(reason, "strerror", None) or type(reason).__name__
    return f"could not be asked ({said})", True


def parallel(tasks: list[Callable[[], Any]], workers: int = 8) -> list[Any]:
    """What each of the tasks gives, or the CannotFetch that it raises, in their order."""
    from concurrent.futures import ThreadPoolExecutor

    def run(task: Callable[[], Any]) -> Any:
        try:
            return task()
        except CannotFetch as error:
            return error

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(run, tasks))
