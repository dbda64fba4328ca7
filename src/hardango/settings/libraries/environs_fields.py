"""What environs makes of the text of a variable, by type: functions on plain data.

The types are those of marshmallow: https://marshmallow.readthedocs.io/en/latest/marshmallow.fields.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardango.light import Any, NamedTuple

TRUE = frozenset("t T true True TRUE on On ON y Y yes Yes YES 1".split())
FALSE = frozenset("f F false False FALSE off Off OFF n N no No NO 0".split())
DURATION = re.compile(
    r"\s*(?:(-?\d+)\s*w\s*)?(?:(-?\d+)\s*d\s*)?(?:(-?\d+)\s*h\s*)?(?:(-?\d+)\s*m\s*)?"
    r"(?:(-?\d+)\s*s\s*)?(?:(-?\d+)\s*ms\s*)?(?:(-?\d+)\s*[µu]s\s*)?"
)
UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
LEVELS = {
    "CRITICAL": 50,
    "FATAL": 50,
    "ERROR": 40,
    "WARNING": 30,
    "WARN": 30,
    "INFO": 20,
    "DEBUG": 10,
    "NOTSET": 0,
}
HOST = re.compile(
    r"(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)\.?"
    r"|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])",
    re.IGNORECASE,
)


class Invalid(ValueError):
    """A text that is no value of the type."""


class Field(NamedTuple):
    """A type: what an unknown value of it is called, and how a text is read.

    `read` takes the text and the options of the call, and raises Invalid.
    """

    type: str | None
    read: Callable[..., Any]


def raw(text: str, **options: Any) -> str:
    return text


def boolean(text: str, **options: Any) -> bool:
    true, false = options.get("truthy") or TRUE, options.get("falsy") or FALSE
    if text in true:
        return True
    if text in false:
        return False
    raise Invalid("Not a valid boolean.")


def integer(text: str, **options: Any) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid("Not a valid integer.") from None


def number(text: str, **options: Any) -> float:
    import math

    try:
        found = float(text)
    except ValueError:
        raise Invalid("Not a valid number.") from None
    if not math.isfinite(found) and not options.get("allow_nan"):
        raise Invalid("Special numeric values (nan or infinity) are not permitted.")
    return found


def decimal(text: str, **options: Any) -> Any:
    from decimal import Decimal, InvalidOperation

    try:
        found = Decimal(text)
    except InvalidOperation:
        raise Invalid("Not a valid number.") from None
    if not found.is_finite() and not options.get("allow_nan"):
        raise Invalid("Special numeric values (nan or infinity) are not permitted.")
    return found


def json(text: str, **options: Any) -> Any:
    from json import JSONDecodeError, loads

    try:
        return loads(text)
    except JSONDecodeError:
        raise Invalid("Not valid JSON.") from None


def path(text: str, **options: Any) -> Any:
    from hardango.settings.paths import PurePosixPath

    return PurePosixPath(text)


def uuid(text: str, **options: Any) -> Any:
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise Invalid("Not a valid UUID.") from None


def log_level(text: str, **options: Any) -> int:
    try:
        return int(text)
    except ValueError:
        if text.upper() not in LEVELS:
            raise Invalid("Not a valid log level.") from None
        return LEVELS[text.upper()]


def temporal(kind: str) -> Callable[..., Any]:
    """A date, a time or both in ISO 8601 or in the format that the call gives."""

    def read(text: str, **options: Any) -> Any:
        import datetime

        form = options.get("format")
        try:
            if form in (None, "iso", "iso8601"):
                return getattr(datetime, kind).fromisoformat(text)
            found = datetime.datetime.strptime(text, str(form))  # noqa: DTZ007
        except ValueError:
            raise Invalid(f"Not a valid {kind}.") from None
        return found if kind == "datetime" else getattr(found, kind)()

    return read


def duration(text: str, **options: Any) -> Any:
    """ "2h 30m", or a number of seconds (or of another `precision`)."""
    from datetime import timedelta

    match = DURATION.fullmatch(text)
    try:
        if match and any(match.groups()):
            return timedelta(**{unit: int(n or 0) for unit, n in zip(UNITS, match.groups())})
        return timedelta(**{options.get("precision", "seconds"): float(text)})
    except (ValueError, OverflowError):
        raise Invalid("Not a valid period of time.") from None


def url(text: str, **options: Any) -> Any:
    """A URL with a scheme and a host, taken apart."""
    from urllib.parse import urlparse

    try:
        found = urlparse(text)
        host = found.netloc.rpartition("@")[2]
        name = re.sub(r":\d+$", "", host)
    except ValueError:
        raise Invalid("Not a valid URL.") from None
    schemes = options.get("schemes") or ("http", "https", "ftp", "ftps")
    named = HOST.fullmatch(name) or (options.get("require_tld", True) is False and name)
    if found.scheme.lower() not in schemes or not named or re.search(r"\s", text):
        raise Invalid("Not a valid URL.")
    return found


FIELDS: dict[str, Field] = {
    "__call__": Field("str", raw),
    "str": Field("str", raw),
    "bool": Field("bool", boolean),
    "int": Field("int", integer),
    "float": Field("float", number),
    "decimal": Field(None, decimal),
    "json": Field(None, json),
    "datetime": Field(None, temporal("datetime")),
    "date": Field(None, temporal("date")),
    "time": Field(None, temporal("time")),
    "timedelta": Field(None, duration),
    "path": Field("path", path),
    "log_level": Field("int", log_level),
    "uuid": Field(None, uuid),
    "url": Field(None, url),
}


def field_of_type(kind: object) -> Field | None:
    """The field that `subcast=bool` and the like mean; None for any other callable."""
    name = getattr(kind, "__name__", "") if isinstance(kind, type) else ""
    if name in ("list", "tuple", "set"):
        return FIELDS["__call__"]
    name = {"UUID": "uuid", "Decimal": "decimal", "bytes": "str"}.get(name, name)
    return FIELDS.get(name) if name not in ("path", "url", "json") else None


def split(text: str, delimiter: str) -> list[str]:
    return text.split(delimiter) if text else []


def pairs(text: str, delimiter: str, between: str) -> list[list[str]]:
    """The items of a dict. Raises ValueError for one that is no pair."""
    found = []
    for item in text.split(delimiter) if text else []:
        key, value = item.split(between, 1)
        found.append([key.strip(), value.strip()])
    return found
