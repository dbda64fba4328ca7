"""What requests met, and what that comes to. Most of what can be met proves nothing."""

from __future__ import annotations

import pytest

from hardango.access.prove.verdict import Met, cell, owned
from hardango.matrix import ROLES, Guard, Operation, Reach, Role

ANONYMOUS, USER, STAFF, SUPERUSER = ROLES
LOGIN = "/accounts/login/"
TO_LOGIN = "/accounts/login/?next=/x/"


def operation(reach: Reach, layer: str = "wrapper", *permissions: str) -> Operation:
    guards = () if reach is Reach.ANONYMOUS else (Guard("a guard", reach, layer, permissions),)
    return Operation("GET", reach, permissions, guards=guards)


def met(role: str, text: str) -> Met:
    """ "enters", "enters 404 /to/ (why)", "302 /to/", "fails (why)": what a role met; "*" in front is a
    body that ran, and "?" in it a check on the user that was asked for."""
    why = text.partition("(")[2].rstrip(")")
    words = text.partition("(")[0].split()
    status = next((int(each) for each in words if each.isdecimal()), 0)
    location = next((each for each in words if each.startswith("/")), "")
    consulted = ("is_staff at shop/views.py:7, False",) if "?" in words else ()
    entered = "enters" in words or "*" in words
    return Met("GET", role, "body" if "*" in words else "gate", entered, status, location, why,
               "stranger" in words, consulted, "canary" in words, "/x/")  # fmt: skip


OPEN, LOGGED_IN = operation(Reach.ANONYMOUS), operation(Reach.AUTHENTICATED)
IN_BODY = operation(Reach.AUTHENTICATED, "body")
NOBODY, CUSTOM = operation(Reach.NOBODY), operation(Reach.CUSTOM)

# What is claimed, who asks, what it met, what the superuser met; result and verdict.
CELLS: list[tuple[Operation, Role, str, str, str, str]] = [
    (OPEN, ANONYMOUS, "enters", "enters", "entered", "proven"),
    (OPEN, ANONYMOUS, "* 200", "* 200", "open", "proven"),
    (LOGGED_IN, ANONYMOUS, f"302 {TO_LOGIN}", "enters", "answered", "proven"),
    (LOGGED_IN, ANONYMOUS, "401", "enters", "answered", "proven"),
    (LOGGED_IN, ANONYMOUS, "403", "404", "answered", "proven"),
    (LOGGED_IN, ANONYMOUS, "302 /welcome/", "enters", "answered", "proven"),
    (LOGGED_IN, ANONYMOUS, "404", "* 200", "answered", "proven"),
    (LOGGED_IN, ANONYMOUS, f"* 302 {TO_LOGIN}", "* 200", "denied", "proven"),
    (NOBODY, ANONYMOUS, "404", "404", "answered", "proven"),
    # Declared guarded, and open.
    (LOGGED_IN, ANONYMOUS, "enters", "enters", "entered", "refuted"),
    (LOGGED_IN, ANONYMOUS, "* 200", "* 200", "open", "refuted"),
    (LOGGED_IN, ANONYMOUS, "* 500 (KeyError)", "* 500 (KeyError)", "entered", "refuted"),
    (IN_BODY, ANONYMOUS, "* 200", "* 200", "open", "refuted"),
    (NOBODY, SUPERUSER, "enters", "enters", "entered", "refuted"),
    # A check in the body that did not run, or that was asked for and may refuse in words.
    (IN_BODY, ANONYMOUS, "enters", "enters", "entered", "inconclusive"),
    (IN_BODY, ANONYMOUS, "* 200 ?", "* 200", "open", "inconclusive"),
    (IN_BODY, ANONYMOUS, "* 404", "* 404", "entered", "inconclusive"),
    (IN_BODY, ANONYMOUS, "* 302 /setup/", "* 302 /setup/", "entered", "inconclusive"),
    (IN_BODY, ANONYMOUS, "* 500 (KeyError)", "* 200", "entered", "inconclusive"),
    (IN_BODY, ANONYMOUS, "* 429", "* 200", "entered", "inconclusive"),
    # Nobody gets in: a wizard, a page in maintenance, an object that is not there, a throttle.
    (LOGGED_IN, ANONYMOUS, "302 /setup/", "302 /setup/", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "302 /setup/?next=/x/", "302 /setup/?next=/x/", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "403", "403", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "401", "401", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "404", "404", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "404", "403", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "405", "405", "inconclusive", "inconclusive"),
    (IN_BODY, ANONYMOUS, "* 403", "* 403", "entered", "inconclusive"),
    # An answer before the body that may hold the refusal in its text.
    (LOGGED_IN, ANONYMOUS, "200", "enters", "inconclusive", "inconclusive"),
    (LOGGED_IN, ANONYMOUS, "200", "200", "inconclusive", "inconclusive"),
    # Refused although it should get in: something else refuses.
    (LOGGED_IN, USER, "403", "enters", "answered", "inconclusive"),
    (OPEN, ANONYMOUS, f"302 {TO_LOGIN}", "enters", "answered", "inconclusive"),
    (OPEN, ANONYMOUS, "* 403", "* 200", "denied", "inconclusive"),
    # The session did not count.
    (LOGGED_IN, USER, "stranger enters", "enters", "inconclusive", "inconclusive"),
    (LOGGED_IN, USER, f"stranger 302 {TO_LOGIN}", f"302 {TO_LOGIN}", "inconclusive", "inconclusive"),
    # Nothing was claimed.
    (CUSTOM, ANONYMOUS, "enters", "enters", "entered", "inconclusive"),
    (CUSTOM, ANONYMOUS, "403", "enters", "answered", "inconclusive"),
    # There was no answer.
    (LOGGED_IN, ANONYMOUS, "(it ends the process: signal 9)", "enters", "inconclusive", "inconclusive"),
]  # fmt: skip


@pytest.mark.parametrize("claim, role, said, strongest, result, verdict", CELLS)
def test_a_cell(
    claim: Operation, role: Role, said: str, strongest: str, result: str, verdict: str
) -> None:
    others = {SUPERUSER.name: met(SUPERUSER.name, strongest)}
    others[role.name] = met(role.name, said)
    made = cell(claim, role, others[role.name], others, SUPERUSER, LOGIN)
    assert (made.result, made.verdict) == (result, verdict), made
    assert made.verdict != "inconclusive" or claim is CUSTOM or made.said


OBJECT = operation(Reach.OBJECT)
# What is claimed, what the owner met, the other, nobody; result and verdict, "" where nothing is said.
ROWS = [
    (OBJECT, "* 200 canary", "* 404", "401", "denied", "proven"),
    (OBJECT, "* 200 canary", "* 200 canary", "401", "open", "refuted"),
    (OBJECT, "* 200", "* 200", "401", "open", "refuted"),
    (LOGGED_IN, "* 200 canary", "* 200 canary", "401", "open", "proven"),
    (LOGGED_IN, "* 200 canary", "* 404", "401", "denied", "inconclusive"),
    (OBJECT, "* 200 canary", "* 200", "401", "inconclusive", "inconclusive"),
    (OBJECT, "* 200 canary", "* 500 (KeyError)", "401", "inconclusive", "inconclusive"),
    # The owner does not get it either; everybody does.
    (OBJECT, "* 404", "* 404", "401", "", ""),
    (OBJECT, "* 500 (KeyError)", "* 404", "401", "", ""),
    (OBJECT, "403", "403", "401", "", ""),
    (LOGGED_IN, "* 200 canary", "* 200 canary", "* 200 canary", "", ""),
]


@pytest.mark.parametrize("claim, owner, other, nobody, result, verdict", ROWS)
def test_somebody_elses_row(
    claim: Operation, owner: str, other: str, nobody: str, result: str, verdict: str
) -> None:
    made = owned(claim, USER, met("user", other), met("owner", owner), met("anonymous", nobody),
                 "shop.Order", "")  # fmt: skip
    assert ((made.result, made.verdict) if made else ("", "")) == (result, verdict), made
