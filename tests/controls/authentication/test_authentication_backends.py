"""Backends that are known to let in more people than one may think."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

BACKENDS = "django.contrib.auth.backends."
MODEL, ALL = BACKENDS + "ModelBackend", BACKENDS + "AllowAllUsersModelBackend"
REMOTE = BACKENDS + "RemoteUserBackend"


@pytest.mark.parametrize(
    ("backends", "regular", "pedantic"),
    [
        ([MODEL], Verdict.PASS, Verdict.PASS),
        (["axes.backends.AxesStandaloneBackend", MODEL], Verdict.PASS, Verdict.PASS),
        (["shop.backends.EmailBackend"], Verdict.PASS, Verdict.PASS),
        ((MODEL,), Verdict.PASS, Verdict.PASS),
        ([MODEL, REMOTE], Verdict.PASS, Verdict.FAIL),
        ([ALL], Verdict.FAIL, Verdict.FAIL),
        ([MODEL, ALL], Verdict.FAIL, Verdict.FAIL),
        ([ALL, Unknown("x")], Verdict.FAIL, Verdict.FAIL),
        ([BACKENDS + "AllowAllUsersRemoteUserBackend"], Verdict.FAIL, Verdict.FAIL),
        (MODEL, Verdict.FAIL, Verdict.FAIL),
        ({"if X": [ALL], "else": [MODEL]}, Verdict.CONDITIONAL, Verdict.CONDITIONAL),
        ([MODEL, Unknown("x")], Verdict.UNKNOWN, Verdict.UNKNOWN),
        (Unknown("x"), Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_verdicts(judged, backends: object, regular: Verdict, pedantic: Verdict) -> None:
    settings = {"AUTHENTICATION_BACKENDS": backends}
    finding = judged("authentication-backends", settings, pedantic=False)
    assert finding.verdict is regular, finding.message
    assert judged("authentication-backends", settings).verdict is pedantic


def test_djangos_default(judged) -> None:
    assert judged("authentication-backends", {}).verdict is Verdict.PASS
