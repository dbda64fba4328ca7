"""What is wrong with a SECURE_PROXY_SSL_HEADER: it decides whether Django sees HTTPS at all."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Judgement, bad, unreadable
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment, EntryPoint
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

NAME = "SECURE_PROXY_SSL_HEADER"

SCHEMES = frozenset((
    "X_FORWARDED_PROTO", "X_FORWARDED_PROTOCOL", "X_FORWARDED_SCHEME", "X_SCHEME", "X_URL_SCHEME",
    "CLOUDFRONT_FORWARDED_PROTO", "FLY_FORWARDED_PROTO", "X_ORIGINAL_PROTO",
))  # fmt: skip
"""Headers in which proxies say the scheme, as Django would name them but for the "HTTP_" that
META puts before."""

SWITCHES = frozenset(("X_FORWARDED_SSL", "FRONT_END_HTTPS", "X_APPENGINE_HTTPS"))
"""Headers in which proxies say whether the request came over HTTPS: "on"."""

OF_THE_CLIENT = frozenset((
    "ACCEPT", "ACCEPT_CHARSET", "ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "AUTHORIZATION",
    "CACHE_CONTROL", "CONNECTION", "COOKIE", "DNT", "EXPECT", "FROM", "HOST", "IF_MATCH",
    "IF_MODIFIED_SINCE", "IF_NONE_MATCH", "ORIGIN", "PRAGMA", "RANGE", "REFERER", "SEC_FETCH_DEST",
    "SEC_FETCH_MODE", "SEC_FETCH_SITE", "TE", "UPGRADE", "UPGRADE_INSECURE_REQUESTS",
    "USER_AGENT", "X_CSRFTOKEN", "X_REQUESTED_WITH",
))  # fmt: skip
"""Headers that clients write, and that proxies pass on as they are."""

FROM_THE_REQUEST = frozenset((
    "CONTENT_LENGTH", "CONTENT_TYPE", "PATH_INFO", "QUERY_STRING", "REQUEST_METHOD", "REQUEST_URI",
    "SCRIPT_NAME",
))  # fmt: skip
"""Keys of META that repeat what the client asked for."""

TELLING = ("PROTO", "SCHEME", "SSL", "HTTPS", "TLS", "SECURE", "PORT", "VISITOR")
"""What the name of a header has in it that some proxy of its own set-up sends for this."""

PLAIN = frozenset(("http", "off", "0", "no", "false", "80", "ws"))
"""What proxies say of a request that came over plain HTTP."""

TAKES_THE_FIRST = (4, 1)
"""Since this version Django compares what stands before the first comma of the header."""

TELLS_SCHEME = frozenset(("certfile", "forwarded_allow_ips", "ssl_certfile"))
"""Options of a server with which it can know of HTTPS itself."""

EVERYTHING_PLAIN = "every request counts as plain HTTP"


def unknown_part(value: object) -> Unknown | None:
    """The part of the setting that could not be read and matters."""
    if isinstance(value, Unknown):
        return value if truth(value) is not False else None
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return next((part for part in value if isinstance(part, Unknown)), None)
    return None


def trouble(
    value: object, then: str = "", django: tuple[int, int] = TAKES_THE_FIRST
) -> tuple[str, Severity] | None:
    """Why the setting cannot work, and how bad that is; None if it can, is off or not known.
    `then` is what follows from every request counting as plain HTTP."""
    if not truth(value) or isinstance(value, Unknown):
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        message = f"{NAME} is no pair of header and value: every request ends in an error"
        return message, Severity.MEDIUM
    header, secure = value
    if isinstance(header, Unknown):
        return None
    right = right_key(header)
    if right:
        message = (
            f"{NAME} names {said(header)}, which request.META never has ({right}): behind a proxy "
            f"{EVERYTHING_PLAIN}{then}"
        )
        return message, Severity.MEDIUM
    assert isinstance(header, str)
    if header.removeprefix("HTTP_") in OF_THE_CLIENT or header in FROM_THE_REQUEST:
        message = (
            f"{NAME} believes {said(header)}, which no proxy sets and every client can write: "
            "who writes the right value over plain HTTP counts as coming over HTTPS"
        )
        return message, Severity.HIGH
    if isinstance(secure, Unknown):
        return None
    return of_value(header, secure, then, django)


def of_value(
    header: str, secure: object, then: str, django: tuple[int, int]
) -> tuple[str, Severity] | None:
    """Why no header, or the wrong ones, can have the value that Django waits for."""
    key = header.removeprefix("HTTP_")
    if isinstance(secure, str) and secure.strip().lower() in PLAIN:
        takes = f"{NAME} takes {said(secure)} for secure"
        return f"{takes}: plain HTTP counts as HTTPS", Severity.HIGH
    never = ""
    if not isinstance(secure, str):
        never = "which is no text"
    elif secure != secure.lower() and key != "FRONT_END_HTTPS":
        never = "and proxies send the scheme in lower case"
    elif not secure.strip():
        never = "and no proxy leaves the header empty"
    elif secure != secure.strip():
        never = "and Django compares without spaces around"
    elif "," in secure and django >= TAKES_THE_FIRST:
        never = "and Django compares what stands before the first comma"
    elif key in SCHEMES and secure not in ("https", "wss") and "," not in secure:
        never = "and proxies say https in this header"
    elif key in SWITCHES and secure.lower() not in ("on", "1", "true", "yes"):
        never = "and proxies say on in this header"
    if not never:
        return None
    return f"{NAME} waits for {said(secure)}, {never}: {EVERYTHING_PLAIN}{then}", Severity.MEDIUM


def right_key(header: object) -> str:
    """What to write instead of a key that `request.META` never has; "" for one that it can."""
    if not isinstance(header, str):
        return "it is no text"
    if not header.strip():
        return "it is empty"
    key = header.upper().replace("-", "_").removeprefix("HTTP_")
    right = f"HTTP_{key}"
    never = header != right if key in SCHEMES | SWITCHES | OF_THE_CLIENT else "-" in header
    return f'it would be "{right}"' if never else ""


def stranger(value: object) -> str:
    """A header of which it is not known whether a proxy sets it; "" if that is known."""
    if not isinstance(value, (list, tuple)) or len(value) != 2 or not isinstance(value[0], str):
        return ""
    key = value[0].upper()
    known = not key.startswith("HTTP_") or any(word in key for word in TELLING)
    return "" if known else value[0]


def unseen(value: object, deployment: Deployment) -> str:
    """Why Django most likely never sees HTTPS without this setting; "" if it is set, or nothing
    in the deployment tells."""
    if truth(value) is not False:
        return ""
    at = plain_server(deployment)
    if at is None:
        return ""
    return (
        f"{NAME} is not set, and {at.server} is started without a certificate at {at.place}: "
        "unless FORWARDED_ALLOW_IPS names the proxy that ends TLS, which hardango assumes "
        f"nothing of, {EVERYTHING_PLAIN}"
    )


def plain_server(deployment: Deployment) -> EntryPoint | None:
    """The first of production's web servers, if Django gets nothing but plain HTTP from each."""
    if deployment.topology.tls == "server" or any(
        each.name in TELLS_SCHEME for each in deployment.flags
    ):
        return None
    servers = [
        each for each in deployment.entry_points if each.server and each.role == "production"
    ]
    return servers[0] if servers and all(each.plain for each in servers) else None


def judge_header(
    outcome: Outcome, deployment: Deployment, then: str, django: tuple[int, int]
) -> Iterator[Judgement]:
    """Whether Django learns of HTTPS behind a proxy. Yields only what is wrong or not known;
    `then` is what follows from every request counting as plain HTTP."""
    value = outcome.value
    wrong, unknown, foreign = trouble(value, then, django), unknown_part(value), stranger(value)
    missing = unseen(value, deployment) if then else ""
    if wrong:
        yield bad(outcome, wrong[0], severity=wrong[1])
    elif unknown:
        yield unreadable(
            outcome, why_unknown(NAME if unknown is value else f"A part of {NAME}", unknown)
        )
    elif foreign:
        message = (
            f"{NAME} believes {said(foreign)}, which hardango does not know: it is safe only if "
            "the proxy sets or removes it for every request"
        )
        yield unreadable(outcome, message)
    elif missing:
        yield unreadable(outcome, missing + then, severity=Severity.LOW)


def corrected(settings: Settings) -> Iterator[Edit]:
    """The edit that gives a header of proxies the key that it has in `request.META`."""
    from hardango.edits import Assign

    for outcome in settings[NAME]:
        value = outcome.value
        if not isinstance(value, (list, tuple)) or len(value) != 2 or not right_key(value[0]):
            continue
        key = str(value[0]).upper().replace("-", "_").removeprefix("HTTP_")
        if key in SCHEMES | SWITCHES and isinstance(value[1], str):
            yield Assign(
                NAME, (f"HTTP_{key}", value[1]), safe=False,
                risk="a client that reaches the server past the proxy can write this header",
            )  # fmt: skip
            return
