"""The table of `hardango settings`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardango.report.layout import Style, columns
from hardango.report.settings_table import render, shown

DATA: dict[str, Any] = {
    "project": "shop",
    "module": "config.settings.production",
    "django": "5.2 (requirements.txt:1)",
    "assumed": {"DJANGO_SETTINGS_MODULE": "config.settings.production", "DEBUG": "False"},
    "reasons": ["Dockerfile:4 sets DJANGO_SETTINGS_MODULE"],
    "notes": [{"message": "a local file could override", "location": None}],
    "settings": {
        "DEBUG": {
            "outcomes": [
                {"value": False, "when": ["DJANGO_DEBUG is unset"]},
                {"unknown": "read from DJANGO_DEBUG", "when": ["DJANGO_DEBUG is set"]},
            ],
            "at": ["config/settings/base.py:4", "config/settings/production.py:12"],
        },
        "SECRET_KEY": {
            "outcomes": [{"value": {"secret": True, "length": 50}, "when": []}],
            "at": ["config/settings/base.py:5"],
        },
        "MIDDLEWARE": {
            "outcomes": [
                {"value": [f"shop.middleware.number_{n}" for n in range(14)]
                 + [{"unknown": "the result of extra()"}], "when": []},
            ],
            "at": ["config/settings/base.py:9"],
        },
        "A_NAME_THAT_IS_LONGER_THAN_ANY_COLUMN_FOR_NAMES": {
            "outcomes": [{"value": {"a": [1, None]}, "when": []}],
            "at": ["config/settings/base.py:10"],
        },
        "SESSION_COOKIE_AGE": {"outcomes": [{"value": 1209600, "when": []}], "at": []},
    },
}  # fmt: skip


def test_whole_output(snapshot: Callable[[str, str], None]) -> None:
    snapshot("settings.txt", render(DATA, Style()))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(columns, render(DATA, Style(width=width), whole=True).splitlines())) <= width


def test_a_long_value_is_cut_unless_asked_for() -> None:
    assert "number_13" not in render(DATA, Style())
    assert "number_13" in render(DATA, Style(), whole=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        ("it's", '"it\'s"'),
        ([1, "a"], "[1, 'a']"),
        ({"a": {"unknown": "read from X"}}, "{'a': <unknown: read from X>}"),
        ({"secret": True, "length": 0}, "<secret, 0 characters>"),
        ({"secret": True}, "{'secret': True}"),
    ],
)
def test_values_read_as_python(value: Any, text: str) -> None:
    assert shown(value) == text
