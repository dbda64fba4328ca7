"""The bounds of an evaluation. A hostile or a broken module meets one of them and is said to be
not known; an honest settings module comes nowhere near."""

from __future__ import annotations

STEPS = 400_000
"""Expressions and statements evaluated in all."""

SECONDS = 1.4
"""Processor time of one evaluation: a backstop for what steps do not measure. Not time on the
clock, so that a busy machine reads the same settings."""

WITH_ROUTES = 2.0
"""Processor time of the settings and the routes together. A module of routes is as hostile as one
of settings may be: what the settings have left is what the routes get."""

PART_CONDITIONS = 25_000
"""Steps on conditions that one part of an evaluation may take: see `bounded`."""

LOOP_TURNS = 5_000
"""Turns of one loop or comprehension."""

LOOP_CONDITION_STEPS = 40_000
"""Steps on conditions in one loop, before it is left: what it sets is not known then, and the
rest of the module still is."""

CALL_DEPTH = 40
"""Calls of the program's own functions inside each other."""

TEXT = 200_000
"""Characters of one string, or bytes of one bytes object."""

ITEMS = 20_000
"""Items of one container."""

TOTAL = 4_000_000
"""Characters and items of all values that operations have made, together."""

HANDED = 200
"""Parts of what a library gets that are searched for functions that it may call."""

HANDED_DEPTH = 2
"""Functions that libraries call, inside each other."""

INTEGER_BITS = 20_000
"""Bits of one integer."""

SOURCE_BYTES = 400_000
"""Size of one source file or data file that is read."""

SOURCE_TOTAL = 2_500_000
"""Size of everything that is read, together."""

ALTERNATIVES = 24
"""Values that one name can have under different conditions, before they become one unknown."""

ROUTE_CONDITIONS = 400_000
"""Steps on conditions for all routes of a project."""

CALLS = 8
"""Calls of one function that nothing models, whose arguments are kept."""
