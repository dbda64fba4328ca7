"""What requests met, held against what was read of the guards.

A role that got in where the guards let nobody like it through refutes them. A role that was turned
away proves them only if it was turned away for what it is: by 401, by a login page, or while a
stronger role got in by the same request. Whatever else an answer may come from (a setup wizard, a
throttle, an object that is not there) proves nothing, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hardango.light import NamedTuple
from hardango.matrix import Cell, Operation, Reach, Role, admits, concluded

_LOGINS = frozenset(("login", "signin", "sign-in", "log-in", "sign_in", "log_in"))


class Met(NamedTuple):
    """What became of one request: `entered` tells whether the view's own code began, `tier`
    whether it was stopped there ("gate") or ran ("body"). `failed` is why there is no answer, or
    the exception of a 500; `stranger` that the project did not know the user again; `consulted`
    the checks on the user that its own code asked for."""

    method: str
    role: str
    tier: str
    entered: bool
    status: int
    location: str
    failed: str
    stranger: bool
    consulted: tuple[str, ...]
    canary: bool
    path: str


def met(said: Mapping[str, Any], method: str = "GET", tier: str = "body") -> Met:
    """What the child tells of a request."""
    return Met(
        said.get("method", method), said["role"], said.get("tier", tier), said["entered"],
        said["status"], said["location"], said["failed"], said["stranger"],
        tuple(said["consulted"]), said["canary"], said["path"],
    )  # fmt: skip


def result(
    operation: Operation, of: Met, others: Mapping[str, Met], strong: Role, login: str
) -> str:
    """What a request comes to: "entered", "answered", "open", "denied" or "inconclusive".

    `others` are what every role met by the same request: what the strongest of them, `strong`, is
    answered as well, though the guards let it through, refuses nobody.
    """
    strongest = others.get(strong.name)
    passes = admits(operation, strong)
    alike = passes is True and _alike(of, strongest)
    if of.tier == "gate" or not of.entered:
        if of.entered:
            return "entered"
        refused = not alike and _is_refused(of, others, login, never=passes is False)
        return "answered" if refused else "inconclusive"
    if of.failed or of.status in (0, 405, 429) or of.status >= 500:
        return "inconclusive"
    if of.status in (401, 403) or to_login(of, login):
        return "inconclusive" if alike else "denied"
    if of.status == 404 or of.location:
        got_in = strongest is not None and strongest.entered and 200 <= strongest.status < 300
        return "denied" if got_in and strongest is not of else "inconclusive"
    return "open"


def _is_refused(of: Met, others: Mapping[str, Met], login: str, *, never: bool) -> bool:
    """Whether what answered before the body turned a role away for what it is; `never` where the
    guards let nobody through."""
    if not of.status or 200 <= of.status < 300 or of.status in (405, 429) or of.failed:
        return False
    if of.status in (401, 403) or to_login(of, login):
        return True
    return never or any(each.entered for each in others.values())


def _alike(of: Met, strongest: Met | None) -> bool:
    """Whether the strongest role got the same answer, and no more than that."""
    return strongest is not None and strongest is not of and (
        strongest.status, strongest.location) == (of.status, of.location)  # fmt: skip


def to_login(of: Met, login: str) -> bool:
    """Whether an answer sends to a page to log in: to that of the settings, to one that is named so,
    or to one that is told where to come back to."""
    if not of.location:
        return False
    parts = urlsplit(of.location)
    if login and parts.path == urlsplit(login).path:
        return True
    if parts.path.rstrip("/").rpartition("/")[2].lower() in _LOGINS:
        return True
    return any(urlsplit(value).path == of.path for _, value in parse_qsl(parts.query))


def cell(operation: Operation, role: Role, of: Met, others: Mapping[str, Met], strong: Role, login: str) -> Cell:  # fmt: skip
    """The cell of one role. `others` are what every role met by the same request; `strong` is the
    strongest of them."""
    found, unclear = result(operation, of, others, strong, login), ""
    if found == "inconclusive" and of.tier == "body" and of.entered:
        # What its body did proves nothing, but it began.
        unclear = f"in its body: {of.failed or _unclear(of)}"
        of, found = of._replace(tier="gate", failed=""), "entered"
    verdict, why = _judged(operation, role, of, found)
    found = "inconclusive" if of.stranger else found
    said = "; ".join(each for each in (why, unclear, *of.consulted) if each)
    return Cell(role.name, of.tier, found, verdict, of.status, of.location, of.path, said)


def _judged(operation: Operation, role: Role, of: Met, found: str) -> tuple[str, str]:
    """The verdict, and why it is not a plain one."""
    claimed = admits(operation, role)
    if of.stranger:
        return "inconclusive", "the project does not know the user of the session"
    if found == "inconclusive":
        return "inconclusive", of.failed or _unclear(of)
    if claimed is None:
        return "inconclusive", "" if found in ("entered", "open") else _answered(of)
    if found in ("entered", "open"):
        return _got_in(operation, role, of, claimed=claimed)
    if claimed:
        return "inconclusive", f"refused all the same: {_answered(of)}"
    return "proven", ""


def _got_in(operation: Operation, role: Role, of: Met, *, claimed: bool) -> tuple[str, str]:
    if claimed:
        return "proven", ""
    if admits(in_front(operation), role) is False:
        return "refuted", ""
    if of.tier == "gate":
        return "inconclusive", "the check stands in the body, which did not run"
    if of.consulted:
        return "inconclusive", f"{of.status}, after a check in the body: it may refuse in its text"
    return "refuted", ""


def in_front(operation: Operation) -> Operation:
    """The operation without the checks that stand in its body."""
    if not any(each.layer == "body" and not each.dead for each in operation.guards):
        return operation
    front = tuple(each for each in operation.guards if each.layer != "body")
    reach, permissions, any_of = concluded(front)
    return operation._replace(reach=reach, permissions=permissions, any_of=any_of, guards=front)


def owned(
    operation: Operation, role: Role, of: Met, owner: Met, anybody: Met | None, row: str, by: str
) -> Cell | None:
    """The cell of one who asks for the row of another: None where the owner does not get it either,
    so that nothing is shown, or where everybody may. `by` is the model of a parent of the asker's
    own by way of which it was asked for."""
    if not 200 <= owner.status < 300 or owner.failed:
        return None
    if anybody is not None and 200 <= anybody.status < 300 and anybody.canary == owner.canary:
        return None
    way = f" by way of a {by} of one's own" if by else ""
    if 200 <= of.status < 300 and of.canary == owner.canary:
        shown = "shown" if of.canary else "reached"
        verdict = _verdict_of_owned(operation, role, got_in=True)
        return Cell(role.name, "ownership", "open", verdict, of.status, of.location, of.path,
                    f"somebody else's {row} is {shown}{way}")  # fmt: skip
    if of.status in (401, 403, 404) or of.location:
        verdict = _verdict_of_owned(operation, role, got_in=False)
        return Cell(role.name, "ownership", "denied", verdict, of.status, of.location, of.path,
                    f"the owner of the {row} gets {owner.status}{way and f', {way.strip()} denied'}")  # fmt: skip
    return Cell(role.name, "ownership", "inconclusive", "inconclusive", of.status, of.location,
                of.path, of.failed or f"the owner of the {row} gets another text")  # fmt: skip


def _verdict_of_owned(operation: Operation, role: Role, *, got_in: bool) -> str:
    if operation.reach is Reach.OBJECT:
        return "refuted" if got_in else "proven"
    return "proven" if got_in and admits(operation, role) else "inconclusive"


def _answered(of: Met) -> str:
    return f"{of.status} {of.location}".strip() + (f", {of.failed}" if of.failed else "")


def _unclear(of: Met) -> str:
    if not of.entered:
        if 200 <= of.status < 300:
            return f"{of.status}, before the body began: it may refuse in its text"
        return f"nobody got in: {_answered(of)}" if of.status != 405 else "no such method"
    words = {404: "404, which the strongest role gets, too", 405: "no such method",
             429: "too many requests"}  # fmt: skip
    if of.location:
        return f"it sends to {of.location}"
    return words.get(of.status, f"{of.status} proves nothing")
