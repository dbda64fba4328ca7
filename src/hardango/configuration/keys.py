"""Which keys a configuration can have: validation, the JSON schema and the documentation are made
from these tables, and the options of the command line fill the same keys."""

from __future__ import annotations

from hardango.configuration.calendar import is_date
from hardango.findings import Severity
from hardango.light import Any, NamedTuple

LEVELS = tuple(severity.label for severity in sorted(Severity, reverse=True))


class Key(NamedTuple):
    """One key. `kind` is a name in `KINDS`; `choices` are the only values that it can have;
    `option` is the option of the command line that says the same, "" if none does."""

    name: str
    kind: str
    says: str
    choices: tuple[str, ...] = ()
    option: str = ""
    required: bool = False


TABLES: dict[str, tuple[Key, ...]] = {
    "": (
        Key("settings", "texts", "the settings modules to judge, each in a report of its own",
            option="--settings"),
        Key("env", "variables", "environment variables that are assumed", option="--env"),
        Key("env-file", "file", "a file of environment variables that are assumed",
            option="--env-file"),
        Key("closed-env", "flag", "every variable that isn't given is unset",
            option="--closed-env"),
        Key("django", "version", "the version of Django that is assumed",
            option="--django"),
        Key("fail-on", "choice", "the lowest severity that gives exit code 1",
            (*LEVELS, "never"), "--fail-on"),
        Key("min-severity", "choice", "the lowest severity that is shown", LEVELS,
            "--min-severity"),
        Key("pedantic", "flag", "judge hardening beyond the common need, too",
            option="--pedantic"),
        Key("control", "controls", "judge these controls only", option="--control"),
        Key("exclude", "controls", "leave these controls out", option="--exclude"),
        Key("baseline", "file", "a baseline: only what it doesn't have gives exit code 1",
            option="--baseline"),
        Key("no-ignores", "flag", "nothing is ignored, whatever the files say",
            option="--no-ignores"),
        Key("deployment", "table", "what stands between the internet and Django"),
        Key("access", "table", "what `hardango access` is told"),
        Key("ignore", "tables", "weaknesses that don't count, each with a reason"),
    ),
    "access": (
        Key("roles", "roles", "roles that a proof asks as besides anonymous, user, staff and "
            "superuser"),
    ),
    "deployment": (
        Key("tls", "choice", "who ends TLS: a proxy, the application server, or nobody",
            ("proxy", "server", "none")),
        Key("redirect", "choice", "who sends plain HTTP to HTTPS", ("proxy", "django")),
        Key("hosts", "choice", "who refuses a wrong Host header", ("proxy", "django")),
        Key("headers", "headers", "the response headers that the proxy adds by itself"),
        Key("scheme-header", "header", "the request header by which the proxy tells the scheme; it "
            "sets or removes it on every request"),
        Key("proxies", "count", "how many proxies append to X-Forwarded-For"),
        Key("user-header", "header", "the request header by which the proxy names the user who is "
            "logged in; it sets or removes it on every request"),
        Key("logins", "choice", "who limits how often a password can be tried", ("proxy", "django")),
        Key("health-check", "path", "the path that is asked over plain HTTP"),
    ),
    "ignore": (
        Key("control", "control", "the control", required=True),
        Key("reason", "reason", "why it doesn't count", required=True),
        Key("file", "text", "only for what is decided in these files: a path relative to the "
            "configuration, in which `*` stands for any part of a name and `**` for any part of "
            "the path"),
        Key("about", "text", "only for this setting, variable, package or vulnerability"),
        Key("until", "date", "the last day on which it holds"),
        Key("until-fixed", "flag", "it holds only as long as no version of the package mends it"),
    ),
}  # fmt: skip


NEEDS_TLS = {
    "redirect": "there is no HTTPS to redirect to",
    "scheme-header": "there is no scheme to tell",
}
"""What contradicts `tls = "none"` in a deployment, with the reason."""


# -- what values look like -------------------------------------------------------------------------


def _text_of(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and _plain(value) else None


def _plain(text: str) -> bool:
    return bool(text.strip()) and len(text) < 4096 and text.isprintable()


def _texts_of(value: Any) -> list[str] | None:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given:
        return None
    texts = [each for each in map(_text_of, given) if each is not None]
    return list(dict.fromkeys(texts)) if len(texts) == len(given) else None


def _variables_of(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    good = all(isinstance(each, str) and "\0" not in each for each in value.values())
    return value if good and all(name.strip() == name != "" for name in value) else None


def _version_of(value: Any) -> tuple[int, int] | None:
    return version_of(value) if isinstance(value, str) else None


def version_of(text: str) -> tuple[int, int] | None:
    """A version such as 5.2, None if it is none."""
    parts = text.split(".")
    if len(parts) not in (2, 3):
        return None
    if not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def _flag_of(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count_of(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 100 else None


def _path_of(value: Any) -> str | None:
    text = _text_of(value)
    return text if text is not None and text.startswith("/") else None


def _header_of(value: Any) -> str | None:
    text = _text_of(value)
    fits = text is not None and text.isascii() and text.replace("-", "").isalnum()
    return text if fits else None


def _headers_of(value: Any) -> list[str] | None:
    texts = _texts_of(value)
    return texts if texts and all(map(_header_of, texts)) else None


def _roles_of(value: Any) -> dict[str, dict[str, Any]] | None:
    if not isinstance(value, dict):
        return None
    kinds = {
        "staff": _flag_of,
        "superuser": _flag_of,
        "permissions": _texts_of,
        "groups": _texts_of,
    }
    roles = {}
    for name, given in value.items():
        known = isinstance(given, dict) and set(given) <= set(kinds)
        if not known or name in ("anonymous", "user", "staff", "superuser") or not _plain(name):
            return None
        roles[name] = {key: kinds[key](each) for key, each in given.items()}
        if None in roles[name].values():
            return None
    return roles


def _date_of(value: Any) -> str | None:
    """A date of TOML, or a text that says one, as 2027-01-31."""
    text = value if isinstance(value, str) else str(value)
    return text if is_date(text) else None


KINDS: dict[str, tuple[str, Any]] = {
    "text": ("a text", _text_of),
    "reason": ("a reason in words", _text_of),
    "texts": ("a text or a list of texts", _texts_of),
    "variables": ('a table of texts (DEBUG = "0")', _variables_of),
    "file": ("the path of a file", _text_of),
    "flag": ("true or false", _flag_of),
    "version": ('a version as a text, such as "5.2"', _version_of),
    "choice": ("a text", _text_of),
    "control": ("the name of a control", _text_of),
    "controls": ("the name of a control, or a list of names", _texts_of),
    "header": ("the name of a header", _header_of),
    "headers": ("the name of a header, or a list of names", _headers_of),
    "count": ("a number from 0 to 99", _count_of),
    "path": ('a path that starts with "/"', _path_of),
    "roles": (
        (
            'a table of roles: editor = { staff = true, permissions = ["blog.change_post"], '
            'groups = ["Editors"] }, with names of their own'
        ),
        _roles_of,
    ),
    "date": ("a day that exists, such as 2027-01-31", _date_of),
}
"""What a value of each kind is, in words, and the check: the value as it is used, or None."""
