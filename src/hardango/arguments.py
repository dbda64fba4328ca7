"""What each command takes, declared once, and how a command line is read.

Loading argparse and making a parser takes a tenth of the time of an audit. So it is left to say
what is wrong with a command line, and to print help; a plain command line is read here, from the
same declarations. Both read the same (tests/test_arguments.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import argparse

LEVELS = [severity.label for severity in sorted(Severity, reverse=True)]

ON_OR_OFF = "on_or_off"
"""The action of an option that has an opposite, `--pedantic` and `--no-pedantic`."""


class WrongUse(Exception):
    """What the user asked for cannot be done; the text is one clear sentence, and what to try
    may follow it."""


class Options:
    """What a command line says: an attribute for each option."""

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


# -- what each command takes -----------------------------------------------------------------------


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("expected NAME=VALUE")
    return name.strip(), value


def _version(text: str) -> tuple[int, int]:
    parts = text.split(".")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and len(part) < 4 for part in parts):
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("expected a version such as 5.2")
    return int(parts[0]), int(parts[1])


def _audit_arguments(parser: Declares) -> None:
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH",
        help="a project's directory, or a file in it (default: .)")  # fmt: skip
    _project_arguments(parser)
    _output_arguments(parser)
    _fail_on(parser)
    add("--min-severity", choices=LEVELS, metavar="LEVEL",
        help="lowest severity that is shown (default: info)")  # fmt: skip
    add("--pedantic", action=ON_OR_OFF, default=None,
        help="judge hardening beyond the common need, too")  # fmt: skip
    add("--control", action="append", default=[], metavar="NAME",
        help="judge this control only (repeatable)")  # fmt: skip
    add("--exclude", action="append", default=[], metavar="NAME",
        help="leave this control out (repeatable)")  # fmt: skip
    add("--no-ignores", action="store_true", default=None,
        help="nothing is ignored, whatever the files say")  # fmt: skip
    add("--baseline", metavar="FILE", help="only what this baseline doesn't have gives exit code 1")
    add("--write-baseline", metavar="FILE", help="write what is found now as a baseline")


def _diff_arguments(parser: Declares) -> None:
    parser.add_argument("old", metavar="OLD", help="a report in JSON, or a baseline")
    parser.add_argument("new", metavar="NEW", help="a later report in JSON")
    _fail_on(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text",
                        help="form of the output")  # fmt: skip


def _fail_on(parser: Declares) -> None:
    parser.add_argument("--fail-on", choices=(*LEVELS, "never"), metavar="LEVEL",
                        help="lowest severity that gives exit code 1: "
                        f"{', '.join(LEVELS)} or never (default: medium)")  # fmt: skip


def _settings_arguments(parser: Declares) -> None:
    parser.add_argument("path", nargs="?", default=".", metavar="PATH",
                        help="the project's directory, or a file in it (default: .)")  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help="show these settings only")
    _project_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text",
                        help="form of the output")  # fmt: skip
    parser.add_argument("--output", metavar="FILE", help="write to this file instead")
    parser.add_argument("--all", action="store_true", help="list Django's defaults too")


def _fix_arguments(parser: Declares) -> None:
    add = parser.add_argument
    add("path", nargs="?", default=".", metavar="PATH",
        help="the project's directory, or a file in it (default: .)")  # fmt: skip
    _project_arguments(parser)
    add("--write", action="store_true", help="write the edits; without it they are only shown")
    add("--interactive", action="store_true", help="ask about each finding, then write")
    add("--unsafe", action="store_true",
        help="also make edits that could break a working production; each says what")  # fmt: skip
    add("--control", action="append", default=[], metavar="NAME",
        help="mend this control only (repeatable)")  # fmt: skip
    add("--hosts", action="append", default=[], metavar="NAME",
        help="the site's host names, separated by commas, for ALLOWED_HOSTS")  # fmt: skip
    add("--rotate", action="store_true",
        help="keep accepting the old secret key, from a variable, so that nobody is logged out")  # fmt: skip
    add("--secrets", metavar="FILE",
        help="write new keys, and the secrets that leave the source, into this file, ignored by git")  # fmt: skip
    add("--patch", metavar="FILE", help="write the edits as a patch; it holds what it takes away")
    add("--undo", action="store_true", help="take the last run back")
    add("--allow-dirty", action="store_true",
        help="write even if git has changes that are not committed")  # fmt: skip
    add("--format", choices=("text", "json"), default="text", help="form of the output")
    add("--output", metavar="FILE", help="write to this file instead")


def _deps_arguments(parser: Declares) -> None:
    from hardango.report.formats import DEPENDENCIES

    add = parser.add_argument
    add("path", nargs="?", default=".", metavar="PATH",
        help="a project's directory, or a lock file, requirements or an SBOM (default: .)")  # fmt: skip
    _project_arguments(parser)
    add("--database", metavar="FILE",
        help="take this archive of OSV records instead of the one that --update brought")  # fmt: skip
    add("--update", action="store_true",
        help="bring OSV's archive first; nothing of the project is sent")  # fmt: skip
    add("--online", action="store_true",
        help="ask OSV, which is told the names and versions of the packages")  # fmt: skip
    add("--service", metavar="URL",
        help="ask this mirror of OSV instead, or bring the archive from it")  # fmt: skip
    add("--environment", metavar="DIRECTORY",
        help="judge what is installed in this virtual environment")  # fmt: skip
    add("--development", action="store_true", help="judge what only development installs, too")
    add("--outdated", action="store_true",
        help="also ask the package index that pip or uv is configured for what is newer")  # fmt: skip
    add("--index-url", metavar="URL", help="ask this package index instead")
    add("--extra-index-url", action="append", default=[], metavar="URL",
        help="and this one (repeatable)")  # fmt: skip
    add("--timeout", type=_seconds, default=10.0, metavar="SECONDS",
        help="how long a server may take to answer (default: 10)")  # fmt: skip
    add("--no-ignores", action="store_true", default=None,
        help="nothing is ignored, whatever the files say")  # fmt: skip
    add("--format", choices=tuple(DEPENDENCIES), default="text", metavar="FORMAT",
        help=f"form of the output: {', '.join(DEPENDENCIES)} (default: text)")  # fmt: skip
    add("--output", metavar="FILE", help="write to this file instead")
    _fail_on(parser)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("expected a number of seconds up to 600")
    return seconds


def _output_arguments(parser: Declares, formats: Iterable[str] = ()) -> None:
    """In which forms a report is written, by default those of an audit, and where."""
    from hardango.report.formats import FORMATS

    add, formats = parser.add_argument, tuple(formats or FORMATS)
    add("--format", choices=formats, default="text", metavar="FORMAT",
        help=f"form of the output: {', '.join(formats)} (default: text)")  # fmt: skip
    add("--output", action="append", default=[], metavar="FILE",
        help="write to this file instead; FORMAT=FILE writes another format besides "
        "(repeatable)")  # fmt: skip


def _prove_arguments(parser: Declares) -> None:
    add = parser.add_argument
    add("target", nargs="?", default=".", metavar="PATH|URL",
        help="a site that is live (https://shop.example), or a project's directory (default: .)")  # fmt: skip
    _project_arguments(parser)
    _output_arguments(parser)
    _fail_on(parser)
    add("--pedantic", action=ON_OR_OFF, default=None,
        help="prove hardening beyond the common need, too")  # fmt: skip
    add("--control", action="append", default=[], metavar="NAME",
        help="prove this control only (repeatable)")  # fmt: skip
    add("--exclude", action="append", default=[], metavar="NAME",
        help="leave this control out (repeatable)")  # fmt: skip
    add("--active", action="store_true",
        help="also log in, and send forms that change something; needs --canary for a site")  # fmt: skip
    add("--canary", metavar="FILE",
        help="an account that was made for this: a file with USER:PASSWORD "
        "(or the variable HARDANGO_CANARY)")  # fmt: skip
    add("--attempts", type=_number, metavar="N",
        help="wrong passwords that may be tried (default: 2; 12 for a project)")  # fmt: skip
    add("--requests", type=_number, metavar="N",
        help="most requests to a site (default: 40; 90 with --active)")  # fmt: skip
    add("--timeout", type=_seconds, default=10.0, metavar="SECONDS",
        help="longest time for one request to a site (default: 10)")  # fmt: skip
    add("--address", action="append", default=[], metavar="[SCHEME=]IP[:PORT]",
        help="connect there, whatever the name leads to (repeatable)")  # fmt: skip
    add("--ca", metavar="FILE", help="verify certificates with this authority")
    add("--insecure", action="store_true", help="look at a site whose certificate does not verify")
    add("--hsts", action="store_true",
        help="say which stage of HSTS the site is at, and what has to hold before the next")  # fmt: skip
    add("--subdomain", action="append", default=[], metavar="NAME",
        help="with --hsts: ask this host below the site's, too (repeatable)")  # fmt: skip
    add("--python", metavar="FILE", help="the project's interpreter (default: that of its .venv)")
    add(
        "--proxy",
        choices=("nginx", "hardango", "none"),
        help="what stands in front of a local project (default: its nginx, or a proxy of Hardango)",
    )
    add("--database", metavar="URL",
        help="make a throw-away database on this server (default: SQLite)")  # fmt: skip


def _access_arguments(parser: Declares) -> None:
    from hardango.report.formats import ACCESS

    add = parser.add_argument
    add("path", nargs="?", default=".", metavar="PATH",
        help="the project's directory, or a file in it (default: .)")  # fmt: skip
    _project_arguments(parser)
    _output_arguments(parser, ACCESS)
    _fail_on(parser)
    add("--static", action="store_true", help="only read the source (default without --python)")
    add("--environment", metavar="DIRECTORY",
        help="read packages from this virtual environment (default: the project's .venv, if any)")  # fmt: skip
    add("--python", metavar="FILE",
        help="load the project with this interpreter of its own, which runs its code")  # fmt: skip
    add("--prove", action="store_true",
        help="send requests as each role, on a throw-away database, and say who got in")  # fmt: skip
    add("--bodies", choices=("safe", "all"), default="safe", metavar="WHICH",
        help="with --prove: run the views for safe methods, or for all (default: safe)")  # fmt: skip
    add("--open", action="store_true", help="only what isn't known to be closed to strangers")
    add("--changed", action="store_true", help="only what differs from access.toml")
    add("--route", action="append", default=[], metavar="TEXT",
        help="only routes whose pattern, name or view holds this (repeatable)")  # fmt: skip
    add("--role", action="append", default=[], metavar="NAME",
        help="only what this role may reach (repeatable)")  # fmt: skip
    add("--write", action="store_true",
        help="write access.toml; what people declared in it is kept")  # fmt: skip
    add("--check", action="store_true",
        help="compare with access.toml; exit code 1 if a review is due")  # fmt: skip


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text[:9]) > 0:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("expected a number")
    return int(text[:9])


def _explain_arguments(parser: Declares) -> None:
    parser.add_argument("control", nargs="?", metavar="CONTROL",
                        help="which control; without one, all are listed")  # fmt: skip
    parser.add_argument("--format", choices=("text", "markdown"), default="text",
                        help="form of the output")  # fmt: skip


def _completion_arguments(parser: Declares) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL",
                        help="bash, zsh or fish")  # fmt: skip


_BY_VERB: dict[str, Callable[[Declares], None]] = {
    "audit": _audit_arguments,
    "settings": _settings_arguments,
    "diff": _diff_arguments,
    "fix": _fix_arguments,
    "deps": _deps_arguments,
    "prove": _prove_arguments,
    "access": _access_arguments,
    "explain": _explain_arguments,
    "completion": _completion_arguments,
}


def _project_arguments(parser: Declares) -> None:
    add = parser.add_argument
    add("--settings", action="append", default=[], metavar="MODULE",
        help="judge this settings module (audit: repeatable)")  # fmt: skip
    add("--env", action="append", default=[], type=_variable, metavar="NAME=VALUE",
        help="assume this environment variable (repeatable)")  # fmt: skip
    add("--env-file", metavar="FILE", help="assume the variables of this file")
    add("--closed-env", action=ON_OR_OFF, default=None,
        help="every variable that isn't given is unset (default: not known)")  # fmt: skip
    add("--django", type=_version, metavar="X.Y", help="assume this version of Django")
    add("--no-config", action="store_true", help="don't use the project's own configuration")
    add("-q", "--quiet", action="store_true", help="headlines and summary only")
    add("-v", "--verbose", action="store_true", help="also why controls pass, and every problem")


def declare(verb: str, parser: Declares) -> None:
    """Tell `parser` what the command takes."""
    _BY_VERB[verb](parser)
    parser.add_argument(
        "--no-color", action="store_true", help="no colours; the variable NO_COLOR does the same"
    )


# -- a plain command line --------------------------------------------------------------------------


class _Argument(NamedTuple):
    """What was declared of one option or place."""

    name: str
    action: str
    nargs: str | None
    convert: Callable[[str], Any] | None
    choices: Sequence[str] | None


class _Declared:
    """Takes declarations as argparse does, and only keeps them."""

    def __init__(self) -> None:
        self.places: list[_Argument] = []
        self.options: dict[str, _Argument] = {}
        self.values: dict[str, Any] = {}

    def add_argument(
        self,
        *names: str,
        action: str = "store",
        nargs: str | None = None,
        type: Callable[[str], Any] | None = None,
        choices: Sequence[str] | None = None,
        **said: Any,
    ) -> None:
        name = names[-1].lstrip("-").replace("-", "_")
        argument = _Argument(name, action, nargs, type, choices)
        self.values[name] = said.get("default", False if action == "store_true" else None)
        if not names[0].startswith("-"):
            self.places.append(argument)
            return
        if action == ON_OR_OFF:
            names = (*names, names[0].replace("--", "--no-", 1))
        self.options.update(dict.fromkeys(names, argument))


if TYPE_CHECKING:
    Declares = argparse.ArgumentParser | _Declared


class _NotPlain(Exception):
    """Something that argparse should look at."""


def read(verb: str, given: Sequence[str], *, intermixed: bool) -> Options | None:
    """What a command line says; None where it isn't plain: argparse knows what it says, or what
    is wrong with it. `intermixed`: whether places may stand between options."""
    declared = _Declared()
    declare(verb, declared)
    places: list[str] = []
    ended = False
    words = iter(given)
    try:
        for word in words:
            if word.startswith("-"):
                _option(declared, word, words)
                ended = bool(places)
            elif ended and not intermixed:
                return None
            else:
                places.append(word)
        _places(declared, places)
    except _NotPlain:
        return None
    return Options(**declared.values)


def _option(declared: _Declared, word: str, words: Iterator[str]) -> None:
    name, equals, value = word.partition("=")
    option = declared.options.get(name)
    if option is None:
        raise _NotPlain
    if option.action in ("store_true", ON_OR_OFF):
        if equals:
            raise _NotPlain
        declared.values[option.name] = not name.startswith("--no-") or option.action != ON_OR_OFF
        return
    if not equals:
        value = next(words, "")
        if value.startswith("-"):
            raise _NotPlain
    read = _value(option, value)
    if option.action == "append":
        read = [*declared.values[option.name], read]
    declared.values[option.name] = read


def _value(argument: _Argument, text: str) -> Any:
    value: Any = text
    if not text:
        raise _NotPlain
    if argument.convert is not None:
        try:
            value = argument.convert(text)
        except Exception:  # whatever it is, argparse says it
            raise _NotPlain from None
    if argument.choices is not None and value not in argument.choices:
        raise _NotPlain
    return value


def _places(declared: _Declared, words: list[str]) -> None:
    left = list(words)
    for place in declared.places:
        if place.nargs == "*":
            if left or declared.values[place.name] is None:
                declared.values[place.name] = [_value(place, each) for each in left]
            left = []
        elif left:
            declared.values[place.name] = _value(place, left.pop(0))
        elif place.nargs is None:
            raise _NotPlain
    if left:
        raise _NotPlain
