"""Until when versions of Django and Python get security fixes.

Django: https://www.djangoproject.com/download/#supported-versions
Python: https://devguide.python.org/versions/
"""

from __future__ import annotations

import time

Version = tuple[int, int]

DJANGO: dict[Version, str] = {
    (1, 8): "2018-04-01", (1, 9): "2017-04-04", (1, 10): "2017-12-02", (1, 11): "2020-04-01",
    (2, 0): "2019-04-01", (2, 1): "2019-12-02", (2, 2): "2022-04-11", (3, 0): "2021-04-06",
    (3, 1): "2021-12-07", (3, 2): "2024-04-01", (4, 0): "2023-04-01", (4, 1): "2023-12-01",
    (4, 2): "2026-04-30", (5, 0): "2025-04-02", (5, 1): "2025-12-03", (5, 2): "2028-04-30",
    (6, 0): "2027-04-30", (6, 1): "2027-12-31",
}  # fmt: skip
"""The last day on which each series gets security fixes; of those to come, the month's end."""

PYTHON: dict[Version, str] = {
    (2, 7): "2020-01-01", (3, 5): "2020-09-30", (3, 6): "2021-12-23", (3, 7): "2023-06-27",
    (3, 8): "2024-10-07", (3, 9): "2025-10-31", (3, 10): "2026-10-31", (3, 11): "2027-10-31",
    (3, 12): "2028-10-31", (3, 13): "2029-10-31", (3, 14): "2030-10-31", (3, 15): "2031-10-31",
}  # fmt: skip

LONG_TERM: tuple[Version, ...] = ((2, 2), (3, 2), (4, 2), (5, 2))
"""Series of Django with long-term support."""

LONG_TERM_TO_COME: tuple[Version, str] = ((6, 2), "2027-04")
"""The next of them, and the month for which it is announced."""

READ = "2026-11-25"
"""The day on which these tables were compared with their sources."""

TRUSTED_UNTIL = "2027-08-31"
"""After this day a series has appeared that they don't know; what they say of a newer one than they
list is then worth nothing."""


def today() -> str:
    """The date as "2026-11-25", in UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def ended(table: dict[Version, str], version: Version, date: str) -> str | None:
    """The day on which fixes for a version ended, if that was before `date`; "" if they have not
    ended yet; None if the table does not tell."""
    if version in table:
        return table[version] if table[version] < date else ""
    return table[min(table)] if version < min(table) else None
