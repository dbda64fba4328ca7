"""What a row of refused logins says of a limit."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hardango.controls import throttles
from hardango.evidence import Account, Exchange, Request, Response, Verdict

# The answers to wrong passwords, what they say of the limit, and of headers that could lift it.
ROWS = [
    ([403], Verdict.INCONCLUSIVE),  # the form is refused before a password is looked at
    ([429], Verdict.INCONCLUSIVE),
    ([200, 200, 200, 429], Verdict.PROVEN),
    ([401, 401, 403], Verdict.PROVEN),
    ([200] * 8, Verdict.REFUTED),
    ([200] * 3, Verdict.INCONCLUSIVE),
    ([], Verdict.INCONCLUSIVE),
]


@pytest.mark.parametrize("statuses, verdict", ROWS)
def test_a_limit_is_one_that_comes_later(
    monkeypatch: pytest.MonkeyPatch, statuses: list[int], verdict: Verdict
) -> None:
    tried = [Exchange(Request("https://shop.example/login/"), Response(each)) for each in statuses]
    monkeypatch.setattr(throttles, "_tried", lambda site: tried)
    monkeypatch.setattr(throttles, "wrong_login", lambda site, user, *headers: None)
    site = SimpleNamespace(
        active=True, canary=Account("canary", "x", ""), attempts=12, missing="/x/"
    )
    (limit,) = throttles.prove_limit(site)  # type: ignore[arg-type]
    (address,) = throttles.prove_address(site)  # type: ignore[arg-type]
    assert limit.verdict is verdict
    assert address.verdict is Verdict.INCONCLUSIVE
