"""What HARDANGO takes, and what is said of what it doesn't."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.django import conf


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"environment": "production", "guard": "refuse", "pedantic": True, "no_store": True},
        {"ignore": {"hsts": "the proxy sends it"}},
        {"headers": {"Cross-Origin-Embedder-Policy": "require-corp", "Permissions-Policy": None}},
        {"headers": {"Permissions-Policy": {"camera": ["self", "https://video.example"]}}},
        {
            "headers": {
                "Reporting-Endpoints": {"csp": "/csp/", "other": "https://reports.example/x"}
            }
        },
        {"clear_site_data": []},
    ],
)
def test_what_it_takes(given: dict[str, Any]) -> None:
    assert list(conf.mistakes(given)) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "it is a list, not a dict"),
        ({"enviroment": "production"}, "did you mean 'environment'?"),
        ({"environment": "prod"}, "'prod', and can be"),
        ({"guard": "refuze"}, "did you mean 'refuse'?"),
        ({"pedantic": "yes"}, "neither True nor False"),
        ({"ignore": {"hstss": "x"}}, "there is no control 'hstss': did you mean 'hsts'?"),
        ({"ignore": {"hsts": " "}}, "hsts needs a reason"),
        ({"ignore": ["hsts"]}, "no dict of controls"),
        ({"headers": {"Cross-Origin-Resource-Polcy": "same-origin"}}, "did you mean"),
        (
            {"headers": {"Cross-Origin-Resource-Policy": "sameorigin"}},
            "did you mean 'same-origin'?",
        ),
        ({"headers": {"Permissions-Policy": {"camera": "self"}}}, "takes a list"),
        ({"headers": {"Permissions-Policy": {"camera": ["none"]}}}, "no origin"),
        ({"headers": {"Permissions-Policy": {"camera": ['https://a.example"']}}}, "no origin"),
        ({"headers": {"Permissions-Policy": {"camera": ["https://a.example/x"]}}}, "no origin"),
        ({"headers": {"Permissions-Policy": "camera=()"}}, "no dict"),
        ({"headers": {"Reporting-Endpoints": {"CSP": "/csp/"}}}, "no name"),
        ({"headers": {"Reporting-Endpoints": {"csp": "http://x"}}}, "neither a path"),
        ({"headers": {"Reporting-Endpoints": {"csp": "/a\r\nSet-Cookie: x"}}}, "no URL has"),
        ({"clear_site_data": "cache"}, "lists some of"),
    ],
)
def test_what_it_does_not_take(given: Any, said: str) -> None:
    assert said in "; ".join(conf.mistakes(given))
