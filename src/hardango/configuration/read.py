"""Reads and checks a configuration; what is wrong is said with its line."""

from __future__ import annotations

import os

from hardango.configuration import BadConfiguration
from hardango.configuration.find import inside
from hardango.configuration.keys import KINDS, NEEDS_TLS, TABLES, Key
from hardango.configuration.lines import line_of
from hardango.configuration.model import Configuration, Rule
from hardango.controls.catalogue import names
from hardango.findings import Ignored, Place
from hardango.light import Any, NamedTuple
from hardango.project.model import Topology
from hardango.spelling import closest, no_such_control


class _File(NamedTuple):
    """What a check needs to know of the file: how it is called, where it lies, what may be read;
    `prefix` the table that configures hardango."""

    path: str
    shown: str
    text: str
    root: str
    prefix: tuple[str, ...]

    def line(self, *keys: str | int) -> int:
        return line_of(self.text, (*self.prefix, *keys))

    def wrong(self, message: str, *keys: str | int) -> BadConfiguration:
        return BadConfiguration(f"{self.shown}:{self.line(*keys)}: {message}")


def table_of(shown: str, text: str, *, quiet: bool = False) -> Any:
    """The table that configures hardango, None if there is none; `quiet`: a pyproject.toml that
    cannot be parsed is somebody else's business, unless it plainly speaks to hardango."""
    import tomllib

    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        if quiet and "[tool.hardango" not in text:
            return None
        raise BadConfiguration(_broken(shown, text, str(error))) from None
    if shown.endswith("hardango.toml"):
        return parsed
    tool = parsed.get("tool")
    return tool.get("hardango") if isinstance(tool, dict) else None


def _broken(shown: str, text: str, said: str) -> str:
    """The sentence on a file that is no TOML; the parser says the line at the end."""
    message, _, at = said.rpartition(" (at ")
    line = "".join(char for char in at.partition(",")[0] if char.isdigit())
    if not line and "end of document" in at:
        line = str(text.count("\n") + 1)
    message = message or "not understood"
    return f"{shown}:{line or 1}: this is no TOML: {message[:1].lower()}{message[1:]}"


def read(path: str, text: str, root: str) -> Configuration:
    """The configuration in a file at `path`; no file outside of `root` can be named by it.

    Raises BadConfiguration.
    """
    shown = os.path.relpath(path)
    own = path.endswith("hardango.toml")
    file = _File(path, shown, text, root, () if own else ("tool", "hardango"))
    table = table_of(shown, text)
    if own and isinstance(table.get("tool"), dict) and "hardango" in table["tool"]:
        said = "in hardango.toml the keys stand at the top, without [tool.hardango]"
        raise file.wrong(said, "tool")
    if not isinstance(table, dict):
        raise file.wrong("hardango is no table")
    values = _checked(file, table, "", ())
    line = file.line()
    variables = {name: (value, file.line("env", name)) for name, value in
                 values.pop("env", {}).items()}  # fmt: skip
    topology = _topology(file, values.pop("deployment", None), line)
    rules = tuple(_rule(file, number, each) for number, each in
                  enumerate(values.pop("ignore", ())))  # fmt: skip
    env_file = values.pop("env-file", "")
    return Configuration(path, line, shown, values, env_file, variables, topology, rules)


def _checked(file: _File, table: Any, name: str, at: tuple[str | int, ...]) -> dict[str, Any]:
    """The keys of one table with their values as hardango uses them."""
    keys = {key.name: key for key in TABLES[name]}
    if not isinstance(table, dict):
        raise file.wrong(f"{name} is no table", *at)
    checked = {}
    for given, value in table.items():
        key = keys.get(given)
        if key is None:
            close = closest(given, keys)
            hint = f"did you mean {close!r}?" if close else f"there are {', '.join(keys)}"
            where = f" in {name}" if name else ""
            raise file.wrong(f"there is no key {given!r}{where}; {hint}", *at, given)
        checked[given] = _value(file, key, value, (*at, given))
    for key in keys.values():
        if key.required and key.name not in checked:
            raise file.wrong(f"{name} needs {key.name!r}: {key.says}", *at)
    return checked


def _value(file: _File, key: Key, value: Any, at: tuple[str | int, ...]) -> Any:
    """One value as hardango uses it."""
    if key.kind == "table":
        return _checked(file, value, key.name, at)
    if key.kind == "tables":
        if not isinstance(value, list):
            raise file.wrong(f"{key.name} is a list of tables: write [[{key.name}]]", *at)
        return [_checked(file, each, key.name, (*at, number)) for number, each in enumerate(value)]
    takes, check = KINDS[key.kind]
    found = check(value)
    if found is None:
        raise file.wrong(f"{key.name} takes {takes}, not {_called(value)}", *at)
    for each in found if isinstance(found, list) else [found]:
        if key.choices and each not in key.choices:
            close = closest(each, key.choices)
            hint = f"did you mean {close!r}?" if close else f"it is {_either(key.choices)}"
            raise file.wrong(f"{key.name} cannot be {each!r}; {hint}", *at)
        if key.kind in ("control", "controls"):
            known = names()
            if each not in known:
                raise file.wrong(no_such_control(each, known), *at)
    if key.kind == "file":
        return _file(file, key, found, at)
    return found


def _file(file: _File, key: Key, value: str, at: tuple[str | int, ...]) -> str:
    """The path of a file that is named relative to the configuration, and inside its root."""
    path = os.path.join(os.path.dirname(file.path), value)
    if not inside(path, file.root):
        raise file.wrong(f"{key.name} leads out of the repository; only the command line can "
                         "name such a file", *at)  # fmt: skip
    return os.path.relpath(path)


def _either(choices: tuple[str, ...]) -> str:
    *rest, last = map(repr, choices)
    return f"{', '.join(rest)} or {last}"


def _called(value: Any) -> str:
    """What a value of TOML is called, without the value, which may be secret."""
    names = {bool: "true or false", int: "a number", float: "a number", str: "this text",
             list: "this list", dict: "a table"}  # fmt: skip
    return names.get(type(value), "a date or a time")


def _topology(file: _File, given: Any, line: int) -> Topology:
    if given is None:
        return Topology()
    for name, why in NEEDS_TLS.items() if given.get("tls") == "none" else ():
        if name in given:
            raise file.wrong(f'{name} contradicts tls = "none": where nobody ends TLS, {why}',
                             "deployment", name)  # fmt: skip
    named = {name.replace("-", "_"): value for name, value in given.items()}
    named["headers"] = frozenset(each.lower() for each in named.get("headers", ()))
    return Topology(**named, place=Place(file.shown, file.line("deployment")))


def _rule(file: _File, number: int, given: dict[str, Any]) -> Rule:
    place = Place(file.shown, file.line("ignore", number))
    return Rule(
        control=given["control"],
        ignored=Ignored(given["reason"], place, given.get("until", "")),
        directory=os.path.dirname(file.path),
        pattern=given.get("file", ""),
        about=given.get("about", ""),
        until_fixed=given.get("until-fixed", False),
    )


# -- saying it -------------------------------------------------------------------------------------


def said(configuration: Configuration, overruled: frozenset[str]) -> list[str]:
    """What a configuration sets, a phrase for each key that holds."""
    phrases = []
    for name, value in configuration.values.items():
        if name in overruled or value is False or isinstance(value, dict):
            continue
        if name == "django":
            value = ".".join(map(str, value))
        shown = (
            "" if value is True else " " + (", ".join(value) if isinstance(value, list) else value)
        )
        phrases.append(name + shown)
    if configuration.env_file:
        phrases.append(f"env-file {configuration.env_file}")
    if configuration.variables:
        phrases.append(f"env {', '.join(configuration.variables)}")
    if configuration.rules and "no-ignores" not in overruled:
        phrases.append("ignore " + ", ".join(dict.fromkeys(e.control for e in configuration.rules)))
    return phrases


def said_topology(topology: Topology) -> list[str]:
    """What a configuration says of what stands in front of Django, a phrase each."""
    phrases = []
    if topology.tls:
        phrases.append({"proxy": "a proxy ends TLS", "server": "the server ends TLS",
                        "none": "there is no TLS"}[topology.tls])  # fmt: skip
    if topology.redirect:
        phrases.append(f"{_who(topology.redirect)} redirects to HTTPS")
    if topology.hosts:
        phrases.append(f"{_who(topology.hosts)} checks the host")
    if topology.headers:
        phrases.append(f"the proxy sends {', '.join(sorted(topology.headers))}")
    if topology.scheme_header:
        phrases.append(f"the proxy tells the scheme in {topology.scheme_header}")
    if topology.proxies is not None:
        phrases.append(f"{topology.proxies} {'proxy' if topology.proxies == 1 else 'proxies'}")
    if topology.user_header:
        phrases.append(f"the proxy names the user in {topology.user_header}")
    if topology.logins:
        phrases.append(f"{_who(topology.logins)} limits logins")
    if topology.health_check:
        phrases.append(f"{topology.health_check} is asked over plain HTTP")
    return phrases


def _who(name: str) -> str:
    return "Django" if name == "django" else f"the {name}"
