"""The key that signs the API's tokens."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

KEY = Unknown("read from SECRET_KEY", "str", ("SECRET_KEY",))
OTHER = Unknown("read from JWT_KEY", "str", ("JWT_KEY",))


def jwt(**options: object) -> dict[str, Any]:
    return {"SECRET_KEY": KEY, "SIMPLE_JWT": options}


@pytest.mark.parametrize(
    ("settings", "verdict", "applies"),
    [
        (jwt(SIGNING_KEY=OTHER), Verdict.PASS, True),
        (jwt(SIGNING_KEY="k" * 50), Verdict.PASS, True),
        (jwt(ALGORITHM="RS256"), Verdict.PASS, True),
        (jwt(ALGORITHM="EdDSA", SIGNING_KEY=OTHER), Verdict.PASS, True),
        # The control secret-key says that.
        (jwt(SIGNING_KEY=KEY), Verdict.PASS, False),
        ({"SECRET_KEY": "x" * 50, "SIMPLE_JWT": {"SIGNING_KEY": "x" * 50}}, Verdict.PASS, False),
        ({"SECRET_KEY": KEY, "INSTALLED_APPS": []}, Verdict.UNKNOWN, True),
        (jwt(), Verdict.FAIL, True),
        (jwt(ALGORITHM="HS512"), Verdict.FAIL, True),
        (jwt(ALGORITHM=Unknown("read from A")), Verdict.UNKNOWN, True),
        ({"SECRET_KEY": KEY, "SIMPLE_JWT": Unknown("x")}, Verdict.UNKNOWN, True),
        ({"SECRET_KEY": KEY, "SIMPLE_JWT": {"ALGORITHM": "HS256", Unknown("x"): Unknown("x")}}, Verdict.UNKNOWN, True),
    ],
)  # fmt: skip
def test_keys(judged, settings: dict[str, Any], verdict: Verdict, applies: bool) -> None:
    finding = judged("jwt-signing-key", settings)
    assert (finding.verdict, finding.applies) == (verdict, applies), finding.message
