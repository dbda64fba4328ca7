"""The JSON of an audit is a contract."""

from __future__ import annotations

import json
from collections.abc import Callable

import hardango
from hardango.findings import Report
from hardango.report.json_format import render


def test_whole_output(report: Report, snapshot: Callable[[str, str], None]) -> None:
    text = render([report]).replace(f'"{hardango.__version__}"', '"0.0.0"')
    snapshot("audit.json", text)


def test_keys_of_the_contract(report: Report) -> None:
    data = json.loads(render([report]))
    assert list(data)[:7] == [
        "schema", "tool", "project", "module", "environment", "findings", "grade",
    ]  # fmt: skip
    assert data["tool"] == {"name": "hardango", "version": hardango.__version__}
    assert data["environment"]["assumed"]["DJANGO_DEBUG"] == "False"
    assert data["environment"]["source"][:2] == ["compose.yml:8", "compose.yml:9"]
    assert (
        data["findings"][0]
        | {
            "control": "debug",
            "verdict": "conditional",
            "severity": "critical",
            "when": ["DJANGO_DEBUG is set", "LOCAL is unset or LOCAL is empty"],
            "location": {"file": "config/settings/production.py", "line": 12, "column": 1},
            "fixable": False,
            "fingerprint": "0123456789abcdef",
            "references": ["security.W018", "CWE-489"],
        }
        == data["findings"][0]
    )
    assert (data["grade"], data["score"]) == ("F", 11)


def test_no_place_is_null(report: Report) -> None:
    (one,) = [each for each in json.loads(render([report]))["findings"]
              if each["control"] == "content-type-nosniff"]  # fmt: skip
    assert one["location"] is None
    assert one["when"] == []


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert render([report]) == render([report._replace()])
