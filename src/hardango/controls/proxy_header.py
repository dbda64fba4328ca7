"""What is wrong with a SECURE_PROXY_SSL_HEADER: it decides whether Django sees HTTPS at all."""

from __future__ import annotations

from hardango.controls.values import said, truth
from hardango.findings import Severity
from hardango.settings.outcomes import Unknown

NAME = "SECURE_PROXY_SSL_HEADER"

CLIENT_HEADERS = frozenset((
    "X_FORWARDED_PROTO", "X_FORWARDED_PROTOCOL", "X_FORWARDED_SSL", "X_FORWARDED_SCHEME",
    "X_SCHEME", "X_URL_SCHEME", "FRONT_END_HTTPS",
))  # fmt: skip
"""Headers of proxies, as Django would name them but for the "HTTP_" that META puts before."""


def unknown_part(value: object) -> Unknown | None:
    """The part of the setting that could not be read and matters."""
    if isinstance(value, Unknown):
        return value if truth(value) is not False else None
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return next((part for part in value if isinstance(part, Unknown)), None)
    return None


def trouble(value: object, then: str = "") -> tuple[str, Severity] | None:
    """Why the setting cannot work, and how bad that is; None if it can, is off or not known.
    `then` is what follows from every request counting as plain HTTP."""
    if not truth(value) or unknown_part(value):
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        message = f"{NAME} is no pair of header and value: every request ends in an error"
        return message, Severity.MEDIUM
    header, secure = value
    right = right_key(header)
    if right:
        message = (
            f"{NAME} names {said(header)}, which request.META never has ({right}): behind a proxy "
            f"every request counts as plain HTTP{then}"
        )
        return message, Severity.MEDIUM
    if not isinstance(secure, str) or secure != secure.lower():
        message = (
            f"{NAME} waits for {said(secure)}; proxies send the scheme in lower case, "
            f"so that every request counts as plain HTTP{then}"
        )
        return message, Severity.MEDIUM
    if secure == "http":
        return f'{NAME} takes "http" for secure: plain HTTP counts as HTTPS', Severity.HIGH
    return None


def right_key(header: object) -> str:
    """What to write instead of a key that `request.META` never has; "" for one that it can."""
    if not isinstance(header, str):
        return "it is no text"
    key = header.upper().replace("-", "_").removeprefix("HTTP_")
    right = f"HTTP_{key}"
    never = header != right if key in CLIENT_HEADERS else "-" in header
    return f'it would be "{right}"' if never else ""
