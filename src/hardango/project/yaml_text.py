"""YAML as plain dicts and lists, every scalar as the text that stands in the file with its line.

Nothing is constructed: tags have no effect, aliases share one object, so that neither a hostile
tag nor a bomb of aliases costs anything.
"""

from __future__ import annotations

import re

from hardango.findings import Note, Place
from hardango.light import Any
from hardango.project.tree import Tree

MAX_TEXT = 1_000_000
"""Longest YAML file that is parsed, in characters."""

MAX_NODES = 60_000

MAX_NESTING = 60


class Text(str):
    """A scalar and the line, from 1, on which it stands."""

    line: int = 1


class _TooMuch(Exception):
    pass


def line_of(value: object, otherwise: int = 1) -> int:
    """The line of a scalar, or of the first scalar inside a container."""
    for _ in range(MAX_NESTING):
        if isinstance(value, Text):
            return value.line
        if isinstance(value, dict) and value:
            value = next(iter(value))
        elif isinstance(value, list) and value:
            value = value[0]
        else:
            break
    return otherwise


def load_yaml(tree: Tree, file: str) -> list[Any]:
    """The documents of a YAML file; [] and a note if it cannot be read.

    A template (Helm, Jinja) that is not YAML by itself is passed over without a note.
    """
    text = tree.read(file)
    if text is None:
        return []
    try:
        return parse_yaml(text)
    except _TooMuch:
        tree.notes.append(Note("the YAML file is too large or too deeply nested", Place(file, 1)))
    except Exception as error:
        # The parser's own errors, and whatever else a hostile text makes of it.
        if "{{" not in text and "{%" not in text:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark is not None else 1
            tree.notes.append(Note("the file is not valid YAML", Place(file, line)))
    return []


def parse_yaml(text: str) -> list[Any]:
    """The documents of a text; raises yaml.YAMLError and the like."""
    import yaml

    if len(text) > MAX_TEXT:
        raise _TooMuch
    _refuse_nesting(text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = _Reader(yaml)
    return [reader.plain(node, 0) for node in yaml.compose_all(text, Loader=loader) if node]


def _refuse_nesting(text: str) -> None:
    """Refuse what would overflow the parser's own recursion."""
    if max(text.count("["), text.count("{")) > MAX_NESTING:
        depth = 0
        for found in re.finditer(r"[\[\]{}\n]", text):
            if found[0] == "\n":
                continue
            depth = max(depth + (1 if found[0] in "[{" else -1), 0)
            if depth > 20 * MAX_NESTING:
                raise _TooMuch
    if re.search(rf"^( *[-?:] ){{{MAX_NESTING}}}", text, re.MULTILINE):
        raise _TooMuch
    if re.search(r"^ {4000}", text, re.MULTILINE):
        raise _TooMuch


class _Reader:
    def __init__(self, yaml: Any) -> None:
        self.yaml = yaml
        self.done: dict[int, Any] = {}
        self.count = 0

    def plain(self, node: Any, depth: int) -> Any:
        if id(node) in self.done:
            return self.done[id(node)]
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_NESTING:
            raise _TooMuch
        result: Any
        if isinstance(node, self.yaml.ScalarNode):
            result = self.scalar(node)
        elif isinstance(node, self.yaml.SequenceNode):
            # An alias to an enclosing node finds this empty list, not itself again.
            self.done[id(node)] = []
            result = [self.plain(each, depth + 1) for each in node.value]
        else:
            self.done[id(node)] = {}
            result = self.mapping(node, depth)
        self.done[id(node)] = result
        return result

    def scalar(self, node: Any) -> Text | None:
        if node.tag == "tag:yaml.org,2002:null":
            return None
        text = Text(node.value)
        text.line = node.start_mark.line + 1
        return text

    def mapping(self, node: Any, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.plain(key_node, depth + 1)
            value = self.plain(value_node, depth + 1)
            if key == "<<":
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, dict):
                        merged = {**each, **merged}
            elif isinstance(key, (Text, type(None))):
                found[key] = value
        return {**merged, **found} if merged else found


def get(value: object, *keys: str) -> Any:
    """The value below `keys` in nested mappings, None if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
