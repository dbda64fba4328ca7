"""Security events as one JSON object a line, on standard output.

    LOGGING = events.logging()

Stock production logging sends errors to ADMINS, and nothing at all where there are none: a refused
host, a forged form, a failed login reach nobody. Here they do, without what is secret: an event has
its kind, the method and path of the request, the status, the address of the peer, and the name of
the account where one was tried, never a body, a query or a header.
"""

from __future__ import annotations

import datetime
import json
import logging as log
from typing import Any

from django.http import HttpRequest

LOGIN_FAILED = "django.security.login_failed"
LEVEL = "INFO"
LONGEST = 300
"""Characters of any text that a request brings."""


def logging(level: str = LEVEL, **loggers: dict[str, Any]) -> dict[str, Any]:
    """A LOGGING that writes what is worth reading to standard output, JSON a line.

    `level` is that of all loggers but Django's own; `loggers` are added as they are, by name with
    `__` for a dot (`shop__orders={"level": "DEBUG"}`). Raises ValueError for a level that is none.
    """
    if not isinstance(log.getLevelName(level), int):
        raise ValueError(f"level={level!r} is no level of logging")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "hardango.django.events.JSONFormatter"}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "json",
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            # Django gives its logger handlers of its own; what goes up is enough.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
            **{name.replace("__", "."): given for name, given in loggers.items()},
        },
    }


class JSONFormatter(log.Formatter):
    """A record as one JSON object: time (UTC), level, logger, message, and what is known of the
    request. A line end in a message stays inside the string."""

    def format(self, record: log.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        event: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            event |= of_request(request)
        for name in ("status_code", "event", "username", "csp"):
            value = getattr(record, name, None)
            if value is not None:
                event[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            event["exception"] = record.exc_info[0].__qualname__
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=True, default=str)


def of_request(request: HttpRequest) -> dict[str, Any]:
    """What an event tells of a request."""
    return {
        "method": str(request.method)[:20],
        "path": request.path[:LONGEST],
        "peer": str(request.META.get("REMOTE_ADDR", ""))[:LONGEST],
    }


def login_failed(
    sender: object = None,
    credentials: dict[str, Any] | None = None,
    request: HttpRequest | None = None,
    **_: Any,
) -> None:
    """Receives `user_login_failed`, and logs it: the name that was tried, and nothing else of the
    credentials."""
    from django.contrib.auth import get_user_model

    name = (credentials or {}).get(get_user_model().USERNAME_FIELD) or (credentials or {}).get(
        "username"
    )
    log.getLogger(LOGIN_FAILED).warning(
        "login failed",
        extra={
            "event": "login_failed",
            "username": None if name is None else str(name)[:LONGEST],
            **({"request": request} if request is not None else {}),
        },
    )
