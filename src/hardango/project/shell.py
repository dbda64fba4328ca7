"""What a start script does: the variables that it exports, the servers that it starts.

A script is followed without running anything. A test that cannot be decided is followed both
ways, and what is set inside it is not sure; a command substitution is unknown.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.project.launch import (
    UNKNOWN,
    WEB_SERVERS,
    WORKERS,
    Launch,
    base_name,
    known,
    read_command,
)
from hardango.project.model import Variable
from hardango.project.shell_syntax import (
    Case,
    Function,
    Group,
    If,
    Loop,
    Node,
    Simple,
    bracket_end,
    parse,
)

MAX_STEPS = 4_000
"""Commands that are followed from one start."""

MAX_VALUE = 50_000
"""Longest value of a variable, in characters: `A=$A$A` doubles each time."""

MAX_SCRIPTS = 6
"""Scripts that call scripts."""

Find = Callable[[str], "tuple[str, str] | None"]
"""From a word that may name a script to its file in the repository and its text."""


class Started(NamedTuple):
    """A command that starts something, with the variables that are set for it.

    `sure` is false if it stands inside a test that could not be decided.
    """

    launch: Launch
    place: Place
    variables: Mapping[str, Variable]
    unsure: frozenset[str]
    sure: bool
    directory: str | None


def follow_script(
    text: str,
    file: str,
    find: Find,
    variables: Mapping[str, Variable] = {},
    arguments: tuple[str, ...] | None = None,
    line: int = 1,
) -> list[Started]:
    """Follow the text of a script; `arguments` are its positional parameters, None: not known."""
    shell = _Shell(find, variables, arguments)
    try:
        shell.script(text, file, line, 0)
    except (RecursionError, _Enough):
        pass
    return shell.started


def follow_argv(
    argv: tuple[str, ...], place: Place, find: Find, variables: Mapping[str, Variable] = {}
) -> list[Started]:
    """Follow a command given as words (the exec form of a Dockerfile's CMD)."""
    shell = _Shell(find, variables, None)
    try:
        shell.execute(list(argv), place, True, 0)
    except (RecursionError, _Enough):
        pass
    return shell.started


def expand(text: str, variables: Mapping[str, Variable]) -> tuple[str | None, bool]:
    """Substitute `$NAME`, `${NAME}` and `${NAME:-default}` in a text without quoting rules.

    Returns the text, None if a part is not known, and whether a default was used.
    """
    return _expanded(_Shell.substitute, text, variables)


def expand_word(raw: str, variables: Mapping[str, Variable]) -> tuple[str | None, bool]:
    """The same for a word as a shell or a Dockerfile writes it, with quotes and backslashes."""
    return _expanded(_Shell.word, raw, variables)


def _expanded(
    how: Callable[[_Shell, str], str], text: str, variables: Mapping[str, Variable]
) -> tuple[str | None, bool]:
    shell = _Shell(lambda word: None, variables, None)
    try:
        return known(how(shell, text)), shell.defaulted
    except RecursionError:
        return None, False


class _Enough(Exception):
    """More steps than one start is worth."""


class _Shell:
    def __init__(
        self, find: Find, variables: Mapping[str, Variable], arguments: tuple[str, ...] | None
    ) -> None:
        self.find = find
        self.variables = dict(variables)
        self.exported = set(variables)
        self.unsure: set[str] = set()
        self.arguments = arguments
        self.caller: Place | None = None
        self.functions: dict[str, tuple[Node, ...]] = {}
        self.started: list[Started] = []
        self.steps = 0
        self.defaulted = False
        self.directory: str | None = None

    def script(self, text: str, file: str, line: int, depth: int) -> None:
        self.run(parse(text, line), file, True, depth)

    def run(self, nodes: tuple[Node, ...], file: str, sure: bool, depth: int) -> None:
        for node in nodes:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise _Enough
            match node:
                case Simple():
                    self.simple(node, file, sure and not node.fallback, depth)
                case Function(name, body):
                    self.functions[name] = body
                case Group(body):
                    self.run(body, file, sure, depth)
                case Loop(body):
                    self.run(body, file, False, depth)
                case If(branches):
                    self.conditional(branches, file, sure, depth)
                case Case(subject, arms):
                    self.case(subject, arms, file, sure, depth)

    def conditional(
        self,
        branches: tuple[tuple[tuple[Node, ...], tuple[Node, ...]], ...],
        file: str,
        sure: bool,
        depth: int,
    ) -> None:
        for test, body in branches:
            truth = True if not test else self.truth(test)
            if truth is not False:
                self.run(body, file, sure and truth is True, depth)
            if truth is True:
                return
            if truth is None:
                sure = False

    def case(
        self,
        subject: str,
        arms: tuple[tuple[tuple[str, ...], tuple[Node, ...]], ...],
        file: str,
        sure: bool,
        depth: int,
    ) -> None:
        self.defaulted = False
        value = known("".join(self.words(subject)[:1]))
        decided = value is not None and not self.defaulted and (value or self.arguments)
        for patterns, body in arms:
            if not decided:
                self.run(body, file, False, depth)
            elif any(fnmatch.fnmatchcase(value or "", _unquoted(each)) for each in patterns):
                self.run(body, file, sure, depth)
                return

    def truth(self, test: tuple[Node, ...]) -> bool | None:
        """Whether `[ "$A" = "b" ]` and the like hold; None if that is not known."""
        if len(test) != 1 or not isinstance(test[0], Simple) or not test[0].words:
            return None
        self.defaulted = False
        words = [part for word in test[0].words for part in self.words(word, keep=True)]
        if self.defaulted or any(UNKNOWN in word for word in words):
            return None
        if words[0] == "test":
            words = words[1:]
        elif words[0] in ("[", "[[") and words[-1] in ("]", "]]"):
            words = words[1:-1]
        else:
            return None
        match words:
            case [one, "=" | "==", two]:
                return one == two
            case [one, "!=", two]:
                return one != two
            case ["-n", one]:
                return bool(one)
            case ["-z", one]:
                return not one
        return None

    def simple(self, node: Simple, file: str, sure: bool, depth: int) -> None:
        place = Place(file, node.line)
        if self.caller is not None and node.words and node.words[-1] in _ARGUMENTS:
            # `exec "$@"` runs what the caller gave: that is where the command stands.
            place = self.caller
        prefix: dict[str, Variable] = {}
        for name, raw in node.assignments:
            prefix[name] = self.valued(name, raw, place)
        if not node.words:
            for name, variable in prefix.items():
                self.set(name, variable, sure)
            return
        words = [part for word in node.words for part in self.words(word)]
        if not words:
            return
        if words[0] in ("export", "declare", "readonly", "local", "typeset"):
            self.export(node.words[1:], words[0], place, sure)
        elif words[0] == "unset":
            for name in words[1:]:
                self.variables.pop(name, None)
                self.unsure.add(name)
        elif words[0] == "set" and "--" in words:
            self.arguments = tuple(words[words.index("--") + 1 :])
        elif words[0] == "cd" and len(words) > 1 and sure:
            self.directory = known(words[1])
        else:
            before = dict(self.variables), set(self.exported)
            for name, variable in prefix.items():
                self.variables[name] = variable
                self.exported.add(name)
            self.execute(words, place, sure, depth)
            if prefix:
                self.variables, self.exported = before

    def export(self, raws: tuple[str, ...], how: str, place: Place, sure: bool) -> None:
        exports = how == "export" or (how in ("declare", "typeset") and "-x" in raws)
        for raw in raws:
            name, equals, value = raw.partition("=")
            if not re.fullmatch(r"[A-Za-z_]\w*", name):
                continue
            if equals:
                self.set(name, self.valued(name, value, place), sure)
            if exports:
                self.exported.add(name)

    def valued(self, name: str, raw: str, place: Place) -> Variable:
        self.defaulted = False
        text = self.word(raw)
        return Variable(name, known(text), place, default=self.defaulted)

    def set(self, name: str, variable: Variable, sure: bool) -> None:
        if sure:
            self.variables[name] = variable
            self.unsure.discard(name)
        else:
            self.unsure.add(name)

    def execute(self, words: list[str], place: Place, sure: bool, depth: int) -> None:
        """A command with its words expanded: a function, a script of the project, a server."""
        if depth > MAX_SCRIPTS or not words:
            return
        while words and words[0] in ("exec", "command", "nohup", "time", "eval", "then"):
            words = words[1:]
        while words and words[0].startswith("-") and len(words) > 1:
            words = words[1:]
        if not words:
            return
        if words[0] in self.functions:
            arguments, self.arguments = self.arguments, tuple(words[1:])
            self.run(self.functions[words[0]], place.file, sure, depth + 1)
            self.arguments = arguments
            return
        if words[0] in (".", "source") and len(words) > 1:
            self.call(words[1:], place, sure, depth, sourced=True)
            return
        inline = _inline(words)
        if inline is not None:
            arguments, self.arguments = self.arguments, tuple(inline[1])
            self.run(parse(inline[0], place.line), place.file, sure, depth + 1)
            self.arguments = arguments
            return
        if self.scripts(words, place, sure, depth):
            return
        launch = read_command(words)
        if launch is not None:
            exported = {
                name: each for name, each in self.variables.items() if name in self.exported
            }
            for name, value in launch.variables.items():
                exported[name] = Variable(name, value, place)
            unsure = frozenset(self.unsure - set(launch.variables))
            self.started.append(Started(launch, place, exported, unsure, sure, self.directory))

    def scripts(self, words: list[str], place: Place, sure: bool, depth: int) -> bool:
        """Follow the first script of the project among the words that starts something itself,
        or what the words behind it say."""
        for at, word in enumerate(words[:8]):
            if base_name(word) in _NO_SCRIPT_BEHIND:
                return False
            if at and "/" not in word and not word.endswith(".sh"):
                continue
            before = len(self.started)
            if self.call(words[at:], place, sure, depth) and len(self.started) > before:
                return True
        return False

    def call(
        self, words: list[str], place: Place, sure: bool, depth: int, sourced: bool = False
    ) -> bool:
        """Follow another script of the project; false if the word names none."""
        if known(words[0]) is None:
            return False
        found = self.find(words[0])
        if found is None:
            return False
        file, text = found
        caller = self.caller
        if not sourced:
            self.caller = self.caller or place
        before = self.arguments, dict(self.variables), set(self.exported), set(self.unsure)
        if not sourced:
            self.arguments = tuple(words[1:])
        nodes = parse(text)
        self.run(nodes, file, sure, depth + 1)
        self.arguments, self.caller = before[0], caller
        if not sourced:
            _, self.variables, self.exported, self.unsure = before
        return True

    # Words

    def words(self, raw: str, keep: bool = False) -> list[str]:
        """The fields that a word becomes; `keep` keeps an empty one."""
        if raw in _ARGUMENTS:
            return list(self.arguments) if self.arguments is not None else [UNKNOWN]
        text = self.word(raw)
        if raw[:1] == "$" and " " in text:
            return text.split()
        return [text] if text or keep or raw[:1] in "\"'" else []

    def word(self, raw: str) -> str:
        """A word with its quotes removed and its variables substituted."""
        found: list[str] = []
        at, quoted = 0, False
        while at < len(raw):
            char = raw[at]
            if char == '"':
                quoted, at = not quoted, at + 1
            elif char == "'" and not quoted:
                stop = raw.find("'", at + 1)
                stop = len(raw) if stop < 0 else stop
                found.append(raw[at + 1 : stop])
                at = stop + 1
            elif char == "\\" and at + 1 < len(raw):
                if raw[at + 1] != "\n":
                    bare = not quoted or raw[at + 1] in '$`"\\'
                    found.append(raw[at + 1] if bare else raw[at : at + 2])
                at += 2
            elif char == "`":
                stop = raw.find("`", at + 1)
                found.append(UNKNOWN)
                at = len(raw) if stop < 0 else stop + 1
            elif char == "$":
                text, at = self.dollar(raw, at)
                found.append(text)
            else:
                found.append(char)
                at += 1
        return _bounded("".join(found))

    def substitute(self, text: str) -> str:
        found: list[str] = []
        at = 0
        while at < len(text):
            if text.startswith("$$", at):
                found.append("$")
                at += 2
            elif text[at] == "$":
                part, at = self.dollar(text, at)
                found.append(part)
            else:
                found.append(text[at])
                at += 1
        return _bounded("".join(found))

    def dollar(self, raw: str, at: int) -> tuple[str, int]:
        """The value of the expansion at `at`, and the position behind it."""
        if raw.startswith("${", at):
            end = bracket_end(raw, at + 1)
            return self.parameter(raw[at + 2 : end - 1]), end
        if raw.startswith("$(", at):
            return UNKNOWN, bracket_end(raw, at + 1)
        found = re.compile(r"[A-Za-z_]\w*|\d|[@*#?$!-]").match(raw, at + 1)
        if found is None:
            return "$", at + 1
        return self.parameter(found[0]), found.end()

    def parameter(self, inside: str) -> str:
        found = re.match(r"([A-Za-z_]\w*|\d+|[@*#?!])(:?[-=?+]|[#%/^,].*)?", inside, re.DOTALL)
        if found is None or (found[2] is None and found.end() < len(inside)):
            return UNKNOWN
        name, operator = found[1], found[2] or ""
        value = self.value(name)
        if operator in (":-", "-", ":=", "="):
            if value is None or (value == "" and operator[0] == ":"):
                if value is None and name not in self.variables and not name.isdigit():
                    self.defaulted = True
                elif name in self.variables and self.variables[name].value is None:
                    return UNKNOWN
                if name in self.unsure:
                    return UNKNOWN
                return self.word(inside[found.end() :])
            return value
        if operator in (":+", "+"):
            return UNKNOWN if value is None else self.word(inside[found.end() :]) if value else ""
        if operator[:1] in ("#", "%", "/", "^", ","):
            return UNKNOWN
        return UNKNOWN if value is None else value

    def value(self, name: str) -> str | None:
        """The value of a variable or positional parameter; None if it is not known."""
        if name.isdigit():
            if self.arguments is None or name == "0":
                return None
            number = int(name)
            return self.arguments[number - 1] if number <= len(self.arguments) else ""
        if name in ("@", "*"):
            return None if self.arguments is None else " ".join(self.arguments)
        if name in self.unsure or name not in self.variables:
            return None
        variable = self.variables[name]
        self.defaulted = self.defaulted or variable.default
        return variable.value


_ARGUMENTS = ('"$@"', "$@", "$*", '"$*"', '"${@}"', "${@}")

_NO_SCRIPT_BEHIND = WEB_SERVERS | WORKERS | {
    "python", "python3", "pip", "npm", "yarn", "node", "curl", "manage.py", "django-admin",
    "cp", "mv", "chmod", "chown", "echo", "cat", "rm", "touch", "mkdir", "ln", "test", "[", "[[",
}  # fmt: skip


def _inline(words: list[str]) -> tuple[str, list[str]] | None:
    """The script of `sh -c "…"`, wherever it stands behind wrappers, with its parameters."""
    for at, word in enumerate(words[:-2]):
        if base_name(word) in ("sh", "bash", "ash", "dash", "zsh"):
            for more in range(at + 1, len(words) - 1):
                option = words[more]
                if not option.startswith("-"):
                    return None
                if "c" in option and not option.startswith("--"):
                    return words[more + 1], words[more + 3 :]
    return None


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_VALUE else UNKNOWN


def _unquoted(text: str) -> str:
    return text.replace('"', "").replace("'", "")
