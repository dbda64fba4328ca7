"""Stand-ins for missing modules: usable as anything, and recognised afterwards."""

from __future__ import annotations

import re

import pytest
from benchmarks.truth.runner import NotComparable, encode
from benchmarks.truth.stubs import MARK, Stub, StubModule


def test_a_stub_can_be_used_as_settings_use_modules() -> None:
    module = StubModule("missing")
    stub = module.something

    class Derived(stub.Base, option=True):  # type: ignore[misc, call-arg, name-defined]
        pass

    assert [*stub, *stub.call(1, key=2)] == []
    assert isinstance(["a"] + stub, Stub)  # noqa: RUF005
    assert isinstance(stub["key"].attribute | 1, Stub)
    assert not isinstance("text", stub.Class)
    with stub as entered:
        assert entered is stub
    assert issubclass(module.SomeError, Exception)
    assert {**stub} == {}


@pytest.mark.parametrize(
    "value",
    [
        Stub("a"),
        [1, {"k": Stub("a")}],
        f"prefix-{Stub('a')}",
        "%s" % Stub("a"),  # noqa: UP031
        {str(Stub("a")): 1},
        len,
        lambda: 0,
        int,
        re,
        object(),
    ],
)
def test_what_cannot_be_compared_is_refused(value: object) -> None:
    with pytest.raises(NotComparable):
        encode(value)


def test_the_mark_is_in_every_text_of_a_stub() -> None:
    assert MARK in str(Stub("a"))
    assert MARK in f"{Stub('a'):>10}"
