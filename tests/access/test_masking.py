"""What a matrix shows holds no secret."""

from __future__ import annotations

import pytest
from matrices import matrix

from hardango.access.masking import masked, without_literals
from hardango.matrix import Guard, Operation, Reach, Route
from hardango.settings.secrets import Masker

SECRET = "kX93kfjwlq2903kd"


@pytest.mark.parametrize(
    "code, shown",
    [
        ("compare(request.headers.get('X-Token', ''), 'open sesame')", "compare(request.headers.get('X-Token', ''), '***')"),
        ('request.GET["token"] == "open sesame"', 'request.GET["token"] == "***"'),
        ("compare(f(x), b'it\\'s open')", "compare(f(x), b'***')"),
        ("compare('open sesame', request.META['HTTP_X'])", "compare('***', request.META['HTTP_X'])"),
        ("hmac.compare_digest(sent, made)", "hmac.compare_digest(sent, made)"),
        ("x == ''", "x == ''"),
        ("HasAPIKey", "HasAPIKey"),
    ],
)  # fmt: skip
def test_of_what_compares_a_token_no_literal_is_left(code: str, shown: str) -> None:
    assert without_literals(code) == shown


def test_no_text_of_a_matrix_holds_a_secret() -> None:
    masker = Masker()
    masker.learn("ADMIN_SECRET", SECRET)
    guards = tuple(
        Guard(f"asks {SECRET}", reach, quote=f"x == '{SECRET}'", dead=f"is {SECRET}")
        for reach in (Reach.CUSTOM, Reach.TOKEN)
    )
    route = Route(f"{SECRET}/admin/", "shop.views.x", (Operation("GET", Reach.CUSTOM, guards=guards),),
                  when=(f"X is {SECRET}",), unresolved=f"include {SECRET}")  # fmt: skip
    whole = matrix(route)._replace(said=(SECRET,), middleware=guards)
    assert SECRET not in repr(masked(whole, masker.text))


def test_what_is_no_secret_stays() -> None:
    guard = Guard("role_required", Reach.CUSTOM, quote="request.user.role == 'manager'")
    whole = matrix(
        Route("orders/", "shop.views.x", (Operation("GET", Reach.CUSTOM, guards=(guard,)),))
    )
    assert masked(whole, Masker().text) == whole
