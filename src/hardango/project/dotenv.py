"""Files of environment variables: .env, .envs/.production/.django, docker-compose.env.

Format: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hardango.findings import Place
from hardango.patterns import Pattern
from hardango.project.model import Variable
from hardango.project.shell import expand
from hardango.project.tree import Tree

_LINE = Pattern(r"\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*(?:=|:\s)[ \t]*(.*)")
_TEMPLATE_WORDS = frozenset(
    "example examples sample template tmpl tpl dist default defaults dummy skel".split()
)


def is_template(file: str) -> bool:
    """Whether a file of variables is a list of names to fill in: ".env.example"."""
    return any(word in _TEMPLATE_WORDS for word in re.split(r"[^a-z]+", file.lower()))


def read_dotenv(
    tree: Tree, file: str, known: Mapping[str, Variable] = {}, *, interpolate: bool = True
) -> dict[str, Variable]:
    """The variables that a file sets, {} for a template and for what cannot be read."""
    if is_template(file):
        return {}
    return parse_dotenv(tree.read(file) or "", file, known, interpolate=interpolate)


def parse_dotenv(
    text: str, file: str, known: Mapping[str, Variable] = {}, *, interpolate: bool = True
) -> dict[str, Variable]:
    """The variables that the text of a file sets."""
    found: dict[str, Variable] = {}
    for number, row in enumerate(text.split("\n"), 1):
        match = _LINE.match(row.rstrip("\r"))
        if row.lstrip().startswith("#") or match is None:
            continue
        name, raw = match[1], match[2].strip()
        value: str | None
        default = False
        if raw[:1] == "'" and raw.find("'", 1) > 0:
            value = raw[1 : raw.find("'", 1)]
        elif raw[:1] == '"':
            stop = raw.find('"', 1)
            # A value over several lines is a key or a certificate: set, but not needed.
            value = raw[1:stop] if stop > 0 else None
        else:
            value = re.split(r"\s#", raw, maxsplit=1)[0].strip()
            value = "" if value.startswith("#") else value
        if value and "$" in value and raw[:1] != "'" and interpolate:
            value, default = expand(value, {**known, **found})
        if value is not None and ("{{" in value or "{%" in value or "!!!SET" in value):
            value = None
        found[name] = Variable(name, value, Place(file, number), default)
    return found
