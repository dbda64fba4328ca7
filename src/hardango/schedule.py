"""A schedule for HTTP Strict Transport Security: short at first, a year when nothing broke.

    SECURE_HSTS_SECONDS = hsts.schedule(start="2026-12-01")

A browser that has seen the header refuses plain HTTP for so many seconds, whatever the site does
then (RFC 6797). So the first stage is an hour, and each lasts until those who came at its beginning
have come again: twice the time that browsers remember it, at least a day. The value is that of the
day on which the process starts. Neither subdomains nor the preload list are ever asked for here.
"""

from __future__ import annotations

import datetime

HOUR = 3600
DAY = 24 * HOUR

STAGES = {
    "hour": (0, HOUR),
    "day": (1, DAY),
    "week": (3, 7 * DAY),
    "month": (17, 30 * DAY),
    "year": (77, 365 * DAY),
}
"""By name: the days after the start on which a stage begins, and its max-age in seconds."""


class Stage(int):
    """The max-age of a day, in seconds. `full` is the first day of the year's max-age, None where
    it is held back or rolled back."""

    full: datetime.date | None
    rollback: bool

    def __new__(cls, seconds: int, full: datetime.date | None, rollback: bool = False) -> Stage:
        made = super().__new__(cls, seconds)
        made.full, made.rollback = full, rollback
        return made

    def __bool__(self) -> bool:
        # Django leaves the header out where the setting is false; to forget needs one.
        return self.rollback or self > 0


def schedule(
    start: str | datetime.date,
    *,
    hold: str | None = None,
    rollback: bool = False,
    today: datetime.date | None = None,
) -> Stage:
    """The seconds for SECURE_HSTS_SECONDS on a day, by default the present one in UTC.

    `start` is the first day ("2026-12-01"): 0 before it, then the stages of `STAGES`. `hold` names
    the stage that is not to be left ("week"), for as long as something is being looked into.
    `rollback` tells browsers to forget what they know: a max-age of 0, which must be served for as
    long as the longest one that was. Raises ValueError for a day or a stage that there is not.
    """
    first = _date(start)
    if hold is not None and hold not in STAGES:
        raise ValueError(f"hold={hold!r}: the stages are {', '.join(STAGES)}")
    if rollback:
        return Stage(0, None, rollback=True)
    days = ((today or datetime.datetime.now(datetime.UTC).date()) - first).days
    seconds = max((each for begins, each in STAGES.values() if begins <= days), default=0)
    if hold is not None and hold != "year":
        return Stage(min(seconds, STAGES[hold][1]), None)
    return Stage(seconds, first + datetime.timedelta(days=STAGES["year"][0]))


def _date(start: str | datetime.date) -> datetime.date:
    if isinstance(start, datetime.datetime):
        return start.date()
    if isinstance(start, datetime.date):
        return start
    try:
        return datetime.date.fromisoformat(start)
    except (TypeError, ValueError):
        raise ValueError(f'start={start!r} is no date such as "2026-12-01"') from None
