"""Who has an account."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

NAME = "ACCOUNT_PREVENT_ENUMERATION"
APPS = {"INSTALLED_APPS": ["allauth", "allauth.account"]}


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (APPS, Verdict.PASS),
        ({**APPS, NAME: True}, Verdict.PASS),
        ({**APPS, NAME: "strict"}, Verdict.PASS),
        ({"INSTALLED_APPS": [], NAME: False}, Verdict.PASS),
        ({**APPS, NAME: False}, Verdict.FAIL),
        ({**APPS, NAME: Unknown("read from E", "bool", ("E",))}, Verdict.UNKNOWN),
        # A function of the project answers for the settings.
        ({**APPS, "ALLAUTH_SETTING_GETTER": "shop.settings_of"}, Verdict.UNKNOWN),
        ({**APPS, NAME: False, "ALLAUTH_SETTING_GETTER": "shop.settings_of"}, Verdict.UNKNOWN),
        ({"INSTALLED_APPS": [], "ALLAUTH_SETTING_GETTER": "shop.settings_of"}, Verdict.PASS),
        ({**APPS, NAME: {"if X": False, "else": True}}, Verdict.CONDITIONAL),
    ],
)
def test_enumeration(judged, settings, verdict: Verdict) -> None:
    assert judged("allauth-enumeration", settings).verdict is verdict
