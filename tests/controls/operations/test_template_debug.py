"""Options of template engines that are for debugging."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

DJANGO = "django.template.backends.django.DjangoTemplates"
PROCESSOR = "django.template.context_processors.debug"


def options(**given: object) -> dict[str, object]:
    return {"TEMPLATES": [{"BACKEND": DJANGO, "OPTIONS": given}]}


@pytest.mark.parametrize(
    "settings",
    [
        {"TEMPLATES": [{"BACKEND": DJANGO}]},
        options(),
        options(debug=False),
        options(string_if_invalid=""),
        options(string_if_invalid="?"),
        options(context_processors=[PROCESSOR]),  # does nothing where DEBUG is off
        options(undefined="jinja2.StrictUndefined"),
        options(undefined=Unknown("jinja2.ChainableUndefined")),
    ],
)
def test_quiet(judged, settings: dict[str, object]) -> None:
    finding = judged("template-debug", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (options(debug=True), "OPTIONS['debug'] of a template engine is True"),
        (options(string_if_invalid="MISSING %s"), "string_if_invalid is 'MISSING %s'"),
        (options(undefined=Unknown("jinja2.DebugUndefined")), "DebugUndefined"),
    ],
)
def test_told(judged, settings: dict[str, object], words: str) -> None:
    finding = judged("template-debug", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message


def test_what_is_not_known(judged) -> None:
    for settings in (
        {"TEMPLATES": Unknown("read from X")},
        {"TEMPLATES": [Unknown("the result of f()")]},
        options(debug=Unknown("read from X", type="bool", variables=("X",))),
        options(string_if_invalid=Unknown("read from X")),
    ):
        assert judged("template-debug", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    settings = {"TEMPLATES": {"if X": options(debug=True)["TEMPLATES"], "else": [{}]}}
    finding = judged("template-debug", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


def test_without_an_engine(judged) -> None:
    finding = judged("template-debug", {})
    assert (finding.verdict, finding.applies) == (Verdict.PASS, False)
