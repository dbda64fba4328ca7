"""Days as texts, "2027-01-31", which compare like the days themselves. `datetime` would cost more
than an audit spends on them."""

from __future__ import annotations

import time

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(text: str) -> bool:
    """Whether a text names a day that exists."""
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2]:
        return False
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return False
    year, month, day = map(int, parts)
    if not (year and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)


def today() -> str:
    """The day by the clock of this machine."""
    return time.strftime("%Y-%m-%d")
