"""django-csp's constants, and django-cors-headers' lists."""

from __future__ import annotations

import importlib

import pytest
from tests.settings.evaluating import told, values

from hardango.settings.libraries.csp import CONSTANTS

SETTINGS = """
from csp.constants import NONCE, NONE, SELF
import csp.constants
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [SELF, NONCE], "object-src": [NONE]}}
SAME = NONCE is csp.constants.NONCE
"""


def test_the_constants_of_django_csp() -> None:
    found = values(SETTINGS)
    assert told(found["CONTENT_SECURITY_POLICY"]) == {
        "DIRECTIVES": {
            "script-src": ["'self'", "unknown: csp.constants.NONCE"],
            "object-src": ["'none'"],
        }
    }
    assert found["SAME"] is True


def test_they_are_those_of_the_library() -> None:
    real = pytest.importorskip("csp.constants")
    assert {name: getattr(real, name) for name in CONSTANTS} == CONSTANTS


def test_the_lists_of_django_cors_headers() -> None:
    found = values(
        "from corsheaders.defaults import default_headers\n"
        "CORS_ALLOW_HEADERS = [*default_headers, 'x-api-key']\n"
    )
    assert found["CORS_ALLOW_HEADERS"][-2:] == ["x-requested-with", "x-api-key"]


@pytest.mark.parametrize("name", ["default_headers", "default_methods"])
def test_they_are_those_of_django_cors_headers(name: str) -> None:
    pytest.importorskip("corsheaders.defaults")
    real = getattr(importlib.import_module("corsheaders.defaults"), name)
    assert values(f"from corsheaders.defaults import {name} as X\n")["X"] == real
