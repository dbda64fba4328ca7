"""A plain command line is read without argparse, and as argparse reads it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardango.arguments import Options, WrongUse, read
from hardango.cli import VERBS, parser_of

WORDS = [
    "-q", "-v", "-qv", "--quiet", "--verbose", "--settings", "--settings=a.b", "--env", "--env=A=1",
    "A=1", "A", "--env-file", "x.env", "--closed-env", "--no-closed-env", "--django", "5.2", "5",
    "--no-config", "--no-color", "--format", "json", "--format=text", "--format=nonsense",
    "--output", "--output=", "--fail-on", "high", "never", "--min-severity", "--pedantic",
    "--no-pedantic", "--control", "hsts", "--no-ignores", "--baseline", "--all", "--all=1", "--",
    "-", "", ".", "path", "a b", "-x", "--pedant", "-1", "bash", "zsh", "old.json", "new.json",
]  # fmt: skip


def by_argparse(verb: str, words: list[str]) -> Options | str:
    parser = parser_of(verb)
    parse = parser.parse_intermixed_args if verb == "settings" else parser.parse_args
    try:
        return parse(words, Options())
    except WrongUse as error:
        return str(error)


@given(verb=st.sampled_from(sorted(VERBS)), words=st.lists(st.sampled_from(WORDS), max_size=7))
@settings(max_examples=600, deadline=None)
def test_what_is_read_is_what_argparse_reads(verb: str, words: list[str]) -> None:
    quick = read(verb, words, intermixed=verb == "settings")
    if quick is not None:
        slow = by_argparse(verb, words)
        assert isinstance(slow, Options), slow
        assert vars(quick) == vars(slow)


@pytest.mark.parametrize("verb, line", [
    ("audit", ""),
    ("audit", "."),
    ("audit", "one two"),
    ("audit", "-q --settings config.production path"),
    ("audit", "path --env A=1 --env=B=2 --format json --output out.json --output sarif=x.sarif"),
    ("audit", "--pedantic --no-closed-env --django 5.2 --fail-on never --control hsts"),
    ("settings", ". DEBUG --all ALLOWED_HOSTS"),
    ("diff", "old.json new.json --fail-on=high"),
    ("explain", "hsts --format markdown"),
    ("completion", "bash"),
])  # fmt: skip
def test_plain_lines_need_no_argparse(verb: str, line: str) -> None:
    quick = read(verb, line.split(), intermixed=verb == "settings")
    assert quick is not None
    assert vars(quick) == vars(by_argparse(verb, line.split()))


@pytest.mark.parametrize("verb, line", [
    ("audit", "--help"),
    ("audit", "-qv ."),  # two in one
    ("audit", "one -q two"),
    ("audit", "--format nonsense"),
    ("audit", "--env A"),
    ("audit", "--settings"),
    ("audit", "--settings --all"),
    ("audit", "--quiet=yes"),
    ("audit", "--output="),
    ("audit", "-- -path"),
    ("audit", "--pedant"),
    ("diff", "old.json"),
    ("explain", "hsts debug"),
    ("completion", "tcsh"),
])  # fmt: skip
def test_what_is_not_plain_is_left_to_argparse(verb: str, line: str) -> None:
    assert read(verb, line.split(), intermixed=verb == "settings") is None
    with contextlib.suppress(SystemExit):
        by_argparse(verb, line.split())
