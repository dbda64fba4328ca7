"""The page of a control, made from its file."""

from __future__ import annotations

import pytest

from hardango.controls.catalogue import CATALOGUE
from hardango.controls.explain import UnknownControl, docs_page, explain


def test_a_page_for_the_terminal() -> None:
    page = explain("hsts")
    assert page.startswith(
        "hsts: HTTP Strict Transport Security\n\n"
        "Browsers are told to come back over HTTPS only.\n\n"
        "Until a browser has seen this header,"
    )
    assert "Severity: medium\n" in page
    assert "Settings: SECURE_HSTS_SECONDS," in page
    assert "RFC 6797  https://www.rfc-editor.org/rfc/rfc6797.html" in page


@pytest.mark.parametrize("control", CATALOGUE, ids=lambda control: control.name)
def test_a_page_fits_eighty_columns(control) -> None:
    for line in explain(control.name).splitlines():
        assert len(line) <= 80 or "https://" in line


def test_lists_stay_lists() -> None:
    lines = explain("session-engine").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("- ")]
    assert len(starts) == 4
    assert lines[starts[0] + 1].startswith("  ")


def test_a_page_for_the_documentation() -> None:
    page = docs_page("debug")
    assert page.startswith("# `debug`: Debug mode\n\n**Debug mode is off in production.**\n\n")
    assert "- **Severity:** critical\n" in page
    assert "- [CWE-489](https://cwe.mitre.org/data/definitions/489.html)\n" in page
    assert "- <https://docs.djangoproject.com/en/stable/ref/settings/#debug>\n" in page


def test_what_is_not_judged_says_so() -> None:
    assert "Not judged yet by this version of hardango." in explain("dependencies")
    assert "Not judged yet" not in explain("hsts")


@pytest.mark.parametrize("name", ["HSTS", "Secret_Key", " debug "])
def test_names_are_taken_as_people_write_them(name: str) -> None:
    assert explain(name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hst", "did you mean hsts?"),
        ("allowed-host", "did you mean allowed-hosts?"),
        ("SECRET_KEYS", "did you mean secret-key?"),
        ("qqqq", "there are settings-module, debug,"),
    ],
)
def test_an_unknown_name_gets_a_hint(name: str, hint: str) -> None:
    with pytest.raises(UnknownControl) as raised:
        explain(name)
    assert hint in str(raised.value)
    assert name in str(raised.value)
