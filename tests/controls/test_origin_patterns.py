"""Whom a regular expression for origins lets in."""

from __future__ import annotations

import re

import pytest

from hardango.controls.origin_patterns import MAX_LENGTH, TooIntricate, accepts_http, stranger


@pytest.mark.parametrize(
    "pattern",
    [
        r"^https://.*\.example\.com$", r"^https://\w+\.example\.com$", r".*\.example\.com$",
        r"^https://(.*\.)?example\.com$", r"^https://(?:[a-z-]+\.)*example\.com(:\d+)?$",
        r"^https?://([a-z0-9]+[.])*example[.]com$", r"^https://example\.(com|net)$",
        r"^https://example\.com\Z", r"^https://[^.]+\.example\.com$", r"https://shop\.example\.com$",
        r"^https?://localhost:\d+$", r"^https?://localhost(:\d+)?$", r"^http://localhost:[0-9]+",
        r"^http://192\.168\.\d+\.\d+:3000$", r"^http://127\.0\.0\.1:\d{4}$", r"^http://.*\.localhost:3000$",
        r"^https://\w+\.example\.co\.uk$", r"^https://.*-preview\.example\.com$",
        # The bare dot stands where another sign makes no name that others can have.
        r"^https://example.com$", r"^https://\w+\.example.com$", r"^https://a\.b.shop\.example\.com$",
        r"^https://\S+\.shop\.test$", r"^https://.*internal$", r"^capacitor://localhost$",
        r"^chrome-extension://.*$", r"^example\.com$", r"", r"^https://(a|b)\.vercel\.app$",
        r"^https://\w+\.myshop\.herokuapp\.com$",
    ],
)  # fmt: skip
def test_nobody_else(pattern: str) -> None:
    assert stranger(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    [
        r".*", r"^.*$", r"^https://.*$", r"^https://.+\.com$", r"https?://.*",
        r"^https://.*example\.com$", r"^https://\w+.example.com$", r"https://www.example.com$",
        r"^https://.*\.example\.com", r"^https://\w+\.example\.com\/?", r"^http://localhost",
        r"^https://[a-z0-9-]+\.vercel\.app$", r"^https://shop-.*-team\.vercel\.app$",
        r"^https://app-\d+\.fly\.dev$", r"^https://example\.[a-z]+$", r"^https://a\.b.example\.com$",
        r"^https://(\w+\.)?example.co.uk$", r"^https://\.?example\.com|https://.*$",
        r"https://*.example.com", r"^https://(.+.)?shop\.example$",
    ],
)  # fmt: skip
def test_somebody_else(pattern: str) -> None:
    """Whatever is said to be accepted is accepted by Python."""
    found = stranger(pattern)
    assert found
    assert re.match(pattern, found), found


@pytest.mark.parametrize(
    "pattern",
    [r"^https://(?!evil).*$", r"(?i)https://x$", r"^(?P<a>x)$", r"^(a)\1$", r"^https://\bx$", r"[", r"(",
     r")", r"*", r"a**", r"a{x}", "\\", "x" * (MAX_LENGTH + 1), "(a|b)" * 20],
)  # fmt: skip
def test_intricate(pattern: str) -> None:
    with pytest.raises(TooIntricate):
        stranger(pattern)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^https?://(\w+\.)?example\.com$", True),
        (r"^http://.*\.example\.com$", True),
        (r"^(http|https)://example\.com$", True),
        (r"^https://example\.com$", False),
        (r"^https?://localhost:\d+$", False),
        (r"^http://192\.168\.\d+\.\d+:3000$", False),
        (r"^.*\.example\.com$", False),
    ],
)
def test_plain_http(pattern: str, expected: bool) -> None:
    assert accepts_http(pattern) is expected
