"""What mails about errors tell."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

ADMINS = {"ADMINS": [("Ada", "ada@shop.example")]}
FILTER, REPORTER = "DEFAULT_EXCEPTION_REPORTER_FILTER", "DEFAULT_EXCEPTION_REPORTER"
SAFE = "django.views.debug.SafeExceptionReporterFilter"
MAIL = "django.utils.log.AdminEmailHandler"


def handled(**options: object) -> dict[str, object]:
    return {**ADMINS, "LOGGING": {"handlers": {"mail": {"class": MAIL, **options}}}}


def own(name: str, base: str, *overrides: str) -> Settings:
    """A class of the project that extends `base`."""
    found = Definition(Place("a.py", 1), (base,), frozenset(overrides), frozenset(), None)
    return Settings.of({**ADMINS, name: "shop.Own"}, definition=lambda dotted: found)


@pytest.mark.parametrize(
    "settings",
    [
        ADMINS,
        {**ADMINS, "DEBUG": False},
        {**ADMINS, "DEBUG": True},  # is the control debug's
        {**ADMINS, "DEBUG": Unknown("read from DEBUG", "bool", ("DEBUG",))},
        handled(),
        handled(include_html=False),
        handled(level="ERROR", filters=["require_debug_false"]),
        own(FILTER, SAFE, "cleansed_substitute"),
        own(REPORTER, "django.views.debug.ExceptionReporter", "html_template_path"),
    ],
)
def test_masked(judged, settings: object) -> None:
    finding = judged("error-reports", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    "settings", [{}, {"DEBUG": 0}, {"ADMINS": [], "DEBUG": 0}, {**handled(include_html=True), "ADMINS": ()}]
)  # fmt: skip
def test_nothing_is_mailed(judged, settings: dict[str, object]) -> None:
    finding = judged("error-reports", settings)
    assert (finding.verdict, finding.applies) == (Verdict.PASS, False)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({**ADMINS, "DEBUG": 0}, "DEBUG is 0, which is not False"),
        ({**ADMINS, "DEBUG": ""}, "DEBUG is ''"),
        ({**ADMINS, "DEBUG": None}, "DEBUG is None"),
        (handled(include_html=True), "the local variables"),
        ({**ADMINS, FILTER: "django.views.debug.ExceptionReporterFilter"}, "masks nothing"),
    ],
)
def test_told(judged, settings: dict[str, object], words: str) -> None:
    finding = judged("error-reports", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        own(FILTER, SAFE, "hidden_settings"),
        own(FILTER, SAFE, "is_active"),
        own(FILTER, ""),
        own(REPORTER, "django.views.debug.ExceptionReporter", "get_traceback_data"),
        {**ADMINS, FILTER: "other.Filter"},
        {**ADMINS, FILTER: Unknown("read from X")},
        {"ADMINS": Unknown("read from X", "list", ("X",)), "DEBUG": 0},
    ],
)
def test_not_known(judged, settings: object) -> None:
    assert judged("error-reports", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    finding = judged("error-reports", {**ADMINS, "DEBUG": {"if X": 0, "else": False}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
