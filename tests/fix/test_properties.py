"""Whatever a settings module looks like: what is mended parses, only planned lines differ, and a
second run finds nothing more to do."""

from __future__ import annotations

import ast
import difflib
import os
import tempfile
from pathlib import Path

from fixing import fixed, lay, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.audit import CannotRead

QUOTES = st.sampled_from(['"', "'"])
INDENT = st.sampled_from(["    ", "  ", "\t"])
COMMENT = st.sampled_from(["", "  # why", " #"])
NEWLINE = st.sampled_from(["\n", "\r\n"])

VALUES = {
    "DEBUG": ["True", "False", "1", '{0}True{0}', 'os.environ.get({0}DEBUG{0}, True)',
              'os.environ.get({0}DEBUG{0}, {0}1{0}) == {0}1{0}', 'not False'],
    "SECRET_KEY": ['{0}django-insecure-x{0}', 'os.environ[{0}SECRET_KEY{0}]',
                   'os.environ.get({0}KEY{0}, {0}abc{0})', '{0}a{0} * 60'],
    "ALLOWED_HOSTS": ["[]", "[{0}*{0}]", '[{0}shop.example{0}]', '{0}a,b{0}.split({0},{0})'],
    "SESSION_COOKIE_SECURE": ["False", "True", "not DEBUG", "0"],
    "CSRF_COOKIE_SECURE": ["False", "True"],
    "SECURE_HSTS_SECONDS": ["0", "60", "31536000", 'int(os.environ.get({0}HSTS{0}, {0}60{0}))'],
    "SECURE_SSL_REDIRECT": ["False", "True"],
    "X_FRAME_OPTIONS": ['{0}ALLOWALL{0}', '{0}DENY{0}'],
    "SECURE_CONTENT_TYPE_NOSNIFF": ["False", "True"],
    "UNRELATED": ["{{}}", "lambda: 1", "[each for each in range(3)]", '{0}{0}{0}long\ntext{0}{0}{0}'],
}  # fmt: skip

STACKS = [
    "[]", "[{0}django.contrib.sessions.middleware.SessionMiddleware{0}]",
    "(\n{1}{0}django.middleware.common.CommonMiddleware{0},  # common\n)",
    "[\n{1}# the first\n{1}{0}django.middleware.security.SecurityMiddleware{0},\n{1}{0}a.B{0}\n]",
]  # fmt: skip


@st.composite
def modules(draw: st.DrawFn) -> str:
    quote, indent = draw(QUOTES), draw(INDENT)
    lines = draw(st.sampled_from([["import os"], ['"""Settings."""', "import os"],
                                  ["# settings", "", "import sys, os"]]))  # fmt: skip
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=7))
    for name in names:
        value = draw(st.sampled_from(VALUES[name])).format(quote)
        line = f"{name} = {value}"
        if draw(st.integers(0, 5)) == 0 and "\n" not in value:
            line = f"if os.path:\n{indent}{line}\nelse:\n{indent}pass"
        elif "\n" not in value:
            line += draw(COMMENT)
        lines.append(line)
    lines.insert(
        draw(st.integers(len(lines) - len(names), len(lines))),
        "MIDDLEWARE = " + draw(st.sampled_from(STACKS)).format(quote, indent),
    )
    text = draw(NEWLINE).join("\n".join(lines).split("\n"))
    return text + draw(st.sampled_from(["", "\n", "\n\n"]))


@settings(max_examples=int(os.environ.get("FIX_EXAMPLES", "30")), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(modules())
def test_any_module(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = lay(Path(folder) / "p", {"site/__init__.py": "", "site/settings.py": text})
        try:
            done = fixed(root)
        except CannotRead:  # it never loads
            assert read(root)["site/settings.py"] == text
            return
        after = read(root)["site/settings.py"]
        ast.parse(after)
        named = {name for each in done.repairs for name in each.settings}
        for line in removed(text, after):
            known = any(name in line for name in named) or "Middleware" in line
            assert known or f"{line}," in after.splitlines(), (line, named)
        assert "\r" not in after.replace("\r\n", "") and ("\r\n" in after) <= ("\r\n" in text)
        again = fixed(root)
        assert not again.repairs, (after, again.diff)
        assert read(root)["site/settings.py"] == after


def removed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[2:] for line in lines if line.startswith("- ") and line[2:].strip()]
