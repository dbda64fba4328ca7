"""Whether a view is closed unless it says that it is open."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

DJANGO = "django.contrib.auth.middleware.LoginRequiredMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
AUTH, OWN = ["django.contrib.auth"], "shop.middleware.Closed"


PLACE = Place("shop/middleware.py", 3)


def own(
    bases: tuple[str, ...],
    overrides: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    answers: Place | None = None,
):
    found = Definition(PLACE, bases, frozenset(overrides), frozenset(words), answers)
    return lambda dotted: found if dotted == OWN else None


@pytest.mark.parametrize(
    "middleware, apps, definition, django, verdict",
    [
        ([AUTHENTICATION, DJANGO], AUTH, None, (6, 1), Verdict.PASS),
        ([AUTHENTICATION, OWN], AUTH, own((DJANGO,)), (6, 1), Verdict.PASS),
        # There is nobody to log in.
        ([], [], None, (6, 1), Verdict.PASS),
        # Django does not have it yet.
        ([AUTHENTICATION], AUTH, None, (5, 0), Verdict.PASS),
        (["stronghold.middleware.LoginRequiredMiddleware"], AUTH, None, (4, 2), Verdict.UNKNOWN),
        ([OWN], AUTH, own((DJANGO,), ("process_view",)), (6, 1), Verdict.UNKNOWN),
        ([OWN], AUTH, own((), (), ("redirect_to_login",)), (6, 1), Verdict.UNKNOWN),
        ([OWN], AUTH, own((), (), ("is_authenticated",), PLACE), (6, 1), Verdict.UNKNOWN),
        ([OWN], AUTH, own((), (), ("is_authenticated",)), (6, 1), Verdict.FAIL),
        (Unknown("x"), AUTH, None, (6, 1), Verdict.UNKNOWN),
        ([AUTHENTICATION], AUTH, None, (6, 1), Verdict.FAIL),
        ([OWN], AUTH, own((), (), ("timezone",)), (5, 1), Verdict.FAIL),
        ({"if X": [DJANGO], "else": []}, AUTH, None, (6, 1), Verdict.CONDITIONAL),
    ],
)  # fmt: skip
def test_verdicts(judged, middleware, apps, definition, django, verdict: Verdict) -> None:
    more = {"definition": definition} if definition else {}
    values = {"MIDDLEWARE": middleware, "INSTALLED_APPS": apps}
    finding = judged("login-required", Settings.of(values, django=django, **more))
    assert finding.verdict is verdict, finding.message
