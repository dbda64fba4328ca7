"""What must hold for every format, whatever the project says."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from any_report import PAGES, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.findings import Configured, Place, Report
from hardango.report.formats import FORMATS, Manner

MANNERS = (Manner(pages=lambda: PAGES), Manner(verbose=True), Manner(quiet=True))


@pytest.mark.parametrize("name", FORMATS)
@given(several=st.lists(reports, min_size=1, max_size=2), manner=st.sampled_from(MANNERS))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_can_be_written(name: str, several: list[Report], manner: Manner) -> None:
    text = FORMATS[name](several, manner)
    assert text.endswith("\n")
    text.encode("utf-8", "strict")
    if name in ("json", "sarif", "gitlab"):
        json.loads(text)
    if name == "junit":
        ElementTree.fromstring(text)
    # What orders a terminal, or the reader's eye, about is never written as it is.
    assert not [char for char in text if char not in "\n" and not char.isprintable()]


@pytest.mark.parametrize("name", FORMATS)
def test_what_counts_and_what_does_not(name: str, whole: Report) -> None:
    """The weakness that is ignored is told as such, or not at all."""
    text = FORMATS[name]([whole], Manner(pages=lambda: PAGES))
    assert "Debug mode is on in production" in text
    if name in ("github", "gitlab"):
        assert "frame" not in text
    else:
        assert "the partner portal frames us" in text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("manner", [Manner(), Manner(quiet=True)], ids=["whole", "quiet"])
def test_a_configuration_is_told(name: str, manner: Manner, whole: Report) -> None:
    """A stranger's repository brings its own, so no format keeps quiet about what it says."""
    used = Configured(Place("../pyproject.toml", 7), ("exclude hsts",), ("a proxy ends TLS",))
    text = FORMATS[name]([whole._replace(configured=used)], manner)
    for said in ("pyproject.toml", "exclude hsts", "a proxy ends TLS"):
        assert said in text.replace("&#45;", "-")
    without = FORMATS[name]([whole], manner)
    assert "exclude hsts" not in without and "pyproject.toml:7" not in without


@pytest.mark.parametrize("name", FORMATS)
def test_several_reports_and_one(name: str, whole: Report, sound: Report) -> None:
    other = sound._replace(module="config.settings.staging")
    text = FORMATS[name]([whole, other], Manner())
    alone = FORMATS[name]([whole], Manner())
    assert "staging" not in alone
    assert "staging" in text or name == "gitlab"  # it has nothing to say of what is sound
    assert FORMATS[name]([whole, other], Manner()) == text


def test_no_report_stands_in_for_another(whole: Report) -> None:
    staging = whole._replace(module="config.settings.staging")
    data = json.loads(FORMATS["json"]([whole, staging], Manner()))
    assert (data["schema"], list(data)) == (1, ["schema", "tool", "reports"])
    alone = [json.loads(FORMATS["json"]([each], Manner())) for each in (whole, staging)]
    assert data["reports"] == alone
