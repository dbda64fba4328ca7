"""The syntax of shell scripts, as much as start scripts use: POSIX sh and some of bash.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
Words stay as written; `shell.py` expands them.
"""

from __future__ import annotations

import functools
import re

from hardango.light import NamedTuple
from hardango.patterns import Pattern

MAX_TEXT = 300_000
"""Longest script that is parsed, in characters."""

MAX_NESTING = 40


class Simple(NamedTuple):
    """A command with the assignments before it. `fallback` is true after `||`."""

    assignments: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    line: int
    fallback: bool = False


class If(NamedTuple):
    """Pairs of a test and what follows it; an else has the test ()."""

    branches: tuple[tuple[tuple[Node, ...], tuple[Node, ...]], ...]


class Case(NamedTuple):
    subject: str
    arms: tuple[tuple[tuple[str, ...], tuple[Node, ...]], ...]


class Loop(NamedTuple):
    body: tuple[Node, ...]


class Function(NamedTuple):
    name: str
    body: tuple[Node, ...]


class Group(NamedTuple):
    body: tuple[Node, ...]


Node = Simple | If | Case | Loop | Function | Group

_OPERATORS = ("&&", "||", ";;&", ";;", ";&", "|&", "&>>", "&>", ";", "|", "&", "(", ")", "\n")
_ASSIGNMENT = Pattern(r"([A-Za-z_]\w*)\+?=")
_REDIRECTION = Pattern(r"\d*(<<<|<<-?|<&|>&|>>|<>|>\||<|>)")
_CLOSING = ("then", "elif", "else", "fi", "do", "done", "esac", "}", ")", ";;", ";&", ";;&")


class _Token(NamedTuple):
    text: str
    line: int
    word: bool


def tokens(text: str, line: int = 1) -> list[_Token]:
    """Words, operators and line ends of a script; redirections and here-documents are left out."""
    text = text[:MAX_TEXT].replace("\r\n", "\n")
    found: list[_Token] = []
    waiting: list[tuple[str, bool]] = []
    at, end = 0, len(text)
    while at < end:
        char = text[at]
        if char == "\n":
            found.append(_Token("\n", line, False))
            at, line = at + 1, line + 1
            while waiting:
                at, line = _skip_document(text, at, line, *waiting.pop(0))
        elif char in " \t":
            at += 1
        elif text.startswith("\\\n", at):
            at, line = at + 2, line + 1
        elif char == "#":
            at = text.find("\n", at)
            at = end if at < 0 else at
        elif redirection := _REDIRECTION.match(text, at):
            at = redirection.end()
            while at < end and text[at] in " \t":
                at += 1
            begin = at
            at, line = _word_end(text, at, line)
            if redirection[1] in ("<<", "<<-"):
                mark = re.sub(r"[\"'\\]", "", text[begin:at])
                waiting.append((mark, redirection[1] == "<<-"))
        elif operator := next((each for each in _OPERATORS if text.startswith(each, at)), None):
            at += len(operator)
            if operator.startswith("&>"):
                while at < end and text[at] in " \t":
                    at += 1
                at, line = _word_end(text, at, line)
            else:
                found.append(_Token(operator, line, False))
        else:
            begin, start = at, line
            at, line = _word_end(text, at, line)
            if at == begin:
                at += 1
            else:
                found.append(_Token(text[begin:at], start, True))
    return found


def _skip_document(text: str, at: int, line: int, mark: str, tabs: bool) -> tuple[int, int]:
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        row = text[at:stop]
        at, line = stop + 1, line + 1
        if (row.lstrip("\t") if tabs else row) == mark:
            break
    return min(at, len(text)), line


def _word_end(text: str, at: int, line: int) -> tuple[int, int]:
    """Where the word that begins at `at` ends: quotes and expansions belong to it."""
    end = len(text)
    while at < end:
        char = text[at]
        if char in " \t\n;|&<>()":
            break
        begin = at
        if char == "\\":
            at += 2
        elif char == "'":
            stop = text.find("'", at + 1)
            at = end if stop < 0 else stop + 1
        elif char == '"':
            at = _quoted_end(text, at)
        elif char == "`":
            stop = text.find("`", at + 1)
            at = end if stop < 0 else stop + 1
        elif text.startswith(("$(", "${"), at):
            at = bracket_end(text, at + 1)
        else:
            at += 1
            continue
        at = min(at, end)
        line += text.count("\n", begin, at)
    return at, line


def _quoted_end(text: str, at: int) -> int:
    at += 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == '"':
            return at + 1
        elif text.startswith(("$(", "${"), at):
            at = bracket_end(text, at + 1)
        else:
            at += 1
    return at


def bracket_end(text: str, at: int) -> int:
    """The position behind the bracket that closes the one at `at`; quotes inside count."""
    opening = text[at]
    closing = {"(": ")", "{": "}"}[opening]
    depth = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "'" and opening == "(":
            stop = text.find("'", at + 1)
            at = len(text) if stop < 0 else stop
        elif char == '"' and opening == "(":
            stop = text.find('"', at + 1)
            at = len(text) if stop < 0 else stop
        elif char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)


@functools.lru_cache(maxsize=128)
def parse(text: str, line: int = 1) -> tuple[Node, ...]:
    """The commands of a script. What is not understood is passed over, never refused."""
    return _Parser(tokens(text, line)).script()


class _Parser:
    def __init__(self, found: list[_Token]) -> None:
        self.tokens, self.at, self.nesting = found, 0, 0

    def script(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self.at < len(self.tokens):
            nodes += self.commands(())
            self.at += 1  # a closing word without its opening: passed over
        return tuple(nodes)

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def accept(self, *texts: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].text in texts:
            self.at += 1
            return True
        return False

    def commands(self, ends: tuple[str, ...]) -> tuple[Node, ...]:
        """Commands up to one of `ends`, or any closing word."""
        nodes: list[Node] = []
        fallback = False
        self.nesting += 1
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text in ends or token.text in _CLOSING:
                break
            if not token.word and token.text not in ("(",):
                fallback = token.text == "||"
                self.at += 1
                continue
            if self.nesting > MAX_NESTING:
                self.at += 1
                continue
            node = self.command(fallback)
            if node is not None:
                nodes.append(node)
        self.nesting -= 1
        return tuple(nodes)

    def command(self, fallback: bool) -> Node | None:
        text = self.peek()
        if text == "(":
            self.at += 1
            body = self.commands((")",))
            self.accept(")")
            return Group(body)
        if text in ("{", "!", "time"):
            self.at += 1
            if text != "{":
                return None
            body = self.commands(("}",))
            self.accept("}")
            return Loop(body) if fallback else Group(body)
        if text == "if":
            return self.conditional()
        if text == "case":
            return self.case()
        if text in ("for", "while", "until", "select"):
            return self.loop(text)
        if text == "function":
            self.at += 1
        return self.simple(fallback)

    def conditional(self) -> If:
        branches: list[tuple[tuple[Node, ...], tuple[Node, ...]]] = []
        self.at += 1
        while True:
            test = self.commands(("then",))
            self.accept("then")
            branches.append((test, self.commands(("elif", "else", "fi"))))
            if not self.accept("elif"):
                break
        if self.accept("else"):
            branches.append(((), self.commands(("fi",))))
        self.accept("fi")
        return If(tuple(branches))

    def case(self) -> Case:
        self.at += 1
        subject = self.peek()
        self.at += 1
        self.lines()
        self.accept("in")
        arms: list[tuple[tuple[str, ...], tuple[Node, ...]]] = []
        while self.at < len(self.tokens):
            self.lines()
            if self.accept("esac"):
                break
            self.accept("(")
            patterns: list[str] = []
            while self.at < len(self.tokens) and not self.accept(")"):
                if self.tokens[self.at].word:
                    patterns.append(self.peek())
                self.at += 1
            arms.append((tuple(patterns), self.commands((";;",))))
            if not self.accept(";;", ";&", ";;&") and self.peek() != "esac":
                self.at += 1
        return Case(subject, tuple(arms))

    def loop(self, kind: str) -> Loop:
        self.at += 1
        if kind in ("for", "select"):
            while self.at < len(self.tokens) and self.peek() != "do":
                self.at += 1
        else:
            self.commands(("do",))
        self.accept("do")
        body = self.commands(("done",))
        self.accept("done")
        return Loop(body)

    def lines(self) -> None:
        while self.accept("\n", ";"):
            pass

    def simple(self, fallback: bool) -> Node | None:
        assignments: list[tuple[str, str]] = []
        words: list[str] = []
        line = self.tokens[self.at].line
        while self.at < len(self.tokens) and self.tokens[self.at].word:
            text = self.tokens[self.at].text
            self.at += 1
            found = _ASSIGNMENT.match(text)
            if found and not words:
                assignments.append((found[1], text[found.end() :]))
                if self.peek() == "(":  # an array
                    self.at += 1
                    self.commands((")",))
                    self.accept(")")
                    assignments[-1] = (found[1], "$()")
            else:
                words.append(text)
        if len(words) == 1 and self.peek() == "(":
            self.at += 1
            self.accept(")")
            self.lines()
            if self.accept("{"):
                body = self.commands(("}",))
                self.accept("}")
                return Function(words[0], body)
            return None
        return Simple(tuple(assignments), tuple(words), line, fallback)
