"""The HSTS schedule: what it gives on which day."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.schedule import DAY, HOUR, STAGES, schedule

START = datetime.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("days", "seconds"),
    [
        (-1, 0),
        (0, HOUR),
        (1, DAY),
        (2, DAY),
        (3, 7 * DAY),
        (16, 7 * DAY),
        (17, 30 * DAY),
        (76, 30 * DAY),
        (77, 365 * DAY),
        (5000, 365 * DAY),
    ],
)
def test_the_stage_of_a_day(days: int, seconds: int) -> None:
    today = START + datetime.timedelta(days=days)
    found = schedule("2026-12-01", today=today)
    assert found == seconds
    assert bool(found) == (seconds > 0)
    assert found.full == datetime.date(2027, 2, 16)


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)), st.integers(0, 400))
def test_it_never_falls(start: datetime.date, days: int) -> None:
    today = start + datetime.timedelta(days=days)
    later = today + datetime.timedelta(days=1)
    assert schedule(start, today=today) <= schedule(start, today=later)


def test_a_stage_lasts_twice_as_long_as_browsers_remember_it() -> None:
    days = [begins for begins, _ in STAGES.values()]
    for begins, ends, (_, seconds) in zip(days, days[1:], STAGES.values(), strict=False):
        assert (ends - begins) * DAY >= min(2 * seconds, 60 * DAY) or seconds in (HOUR, DAY)


def test_it_is_held_at_a_stage() -> None:
    held = schedule(START, hold="week", today=START + datetime.timedelta(days=400))
    assert held == 7 * DAY
    assert held.full is None
    assert schedule(START, hold="week", today=START) == HOUR


def test_a_roll_back_is_a_zero_that_django_sends() -> None:
    found = schedule(START, rollback=True)
    assert found == 0
    assert found  # else SecurityMiddleware leaves the header out
    assert "max-age=%s" % found == "max-age=0"  # noqa: UP031 (as Django writes it)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"start": "tomorrow"}, "no date"),
        ({"start": "2026-13-01"}, "no date"),
        ({"start": 20261201}, "no date"),
        ({"start": "2026-12-01", "hold": "decade"}, "hour, day, week, month, year"),
    ],
)
def test_what_is_no_schedule(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        schedule(**wrong)  # type: ignore[arg-type]
