"""What `sentry_sdk.init()` sends."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.outcomes import Call, Settings, Unknown

DSN = "https://0123@sentry.example/4"
ENV = Unknown("read from SENTRY_DSN", "str", ("SENTRY_DSN",))


def started(*arguments: object, **options: object) -> Settings:
    calls: list[Call] = []
    settings = Settings.of({}, find_calls=lambda name: calls if name == "sentry_sdk.init" else [])
    calls.append(Call(arguments, options, settings.space.true, (Place("settings.py", 9),)))
    return settings


@pytest.mark.parametrize(
    "settings",
    [
        Settings.of({}),
        started(DSN),
        started(dsn=ENV),
        started(dsn=ENV, send_default_pii=False, traces_sample_rate=1.0),
        started(dsn=ENV, send_default_pii=None),
        started(dsn=ENV, max_request_body_size="always"),  # scrubbed, and without cookies
        started(dsn="", send_default_pii=True),  # sends nothing
        started(dsn=ENV, send_default_pii=True, data_collection={"user_info": False}),  # ignored
        started(dsn=ENV, debug=True),
    ],
)
def test_kept(judged, settings: Settings) -> None:
    finding = judged("sentry-data", settings, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (started(DSN, send_default_pii=True), "send_default_pii is True: Sentry gets"),
        (started(send_default_pii=True), "addresses, names and cookies"),  # SENTRY_DSN
        (started(dsn=ENV, send_default_pii=True, max_request_body_size="always"), "every body"),
        (started(dsn=ENV, send_default_pii=True, **{"**": ENV}), "is True"),
    ],
)
def test_sent(judged, settings: Settings, words: str) -> None:
    finding = judged("sentry-data", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message
    assert finding.place == Place("settings.py", 9)


def test_local_variables_are_told_on_demand(judged) -> None:
    assert "local variables" in judged("sentry-data", started(DSN)).message
    settings = started(DSN, include_local_variables=False)
    assert judged("sentry-data", settings).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "settings",
    [
        started(dsn=ENV, send_default_pii=Unknown("read from PII", "bool", ("PII",))),
        started(dsn=ENV, send_default_pii=True, before_send=Unknown("the object scrub")),
        started(dsn=ENV, **{"**": Unknown("the result of options()")}),
    ],
)
def test_not_known(judged, settings: Settings) -> None:
    assert judged("sentry-data", settings, pedantic=False).verdict is Verdict.UNKNOWN
