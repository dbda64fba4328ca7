"""A matrix of access as JSON, and as a report for the formats that render one."""

from __future__ import annotations

from hardango.findings import Finding, Note, Place, Problem, Report, Severity, Verdict
from hardango.matrix import Cell, Change, Guard, Matrix, Operation, Role, Route, admits, worded
from hardango.report.access_groups import counted
from hardango.report.json_format import SCHEMA, TOOL, dump


def as_json(matrix: Matrix) -> str:
    """The whole matrix as JSON. What each key means is a contract: see docs/access.md."""
    return dump({
        "schema": SCHEMA,
        "tool": TOOL,
        "project": matrix.project,
        "module": matrix.module,
        "source": matrix.source,
        "proved": matrix.proved,
        "roles": [_role(each) for each in matrix.roles],
        "middleware": list(map(_guard, matrix.middleware)),
        "summary": counted(matrix),
        "findings": list(map(_finding, matrix.findings)),
        "changes": None if matrix.changes is None else list(map(_change, matrix.changes)),
        "routes": [_route(each, matrix.roles) for each in matrix.routes],
        "notes": list(matrix.said),
    })  # fmt: skip


def _role(role: Role) -> dict[str, object]:
    return {"name": role.name, "anonymous": role.anonymous, "staff": role.staff,
            "superuser": role.superuser, "permissions": list(role.permissions),
            "groups": list(role.groups)}  # fmt: skip


def _route(route: Route, roles: tuple[Role, ...]) -> dict[str, object]:
    return {
        "pattern": route.pattern,
        "exact": route.exact,
        "name": route.name or None,
        "app": route.app or None,
        "kind": route.kind,
        "view": route.view,
        "location": _location(route.place),
        "chain": list(map(str, route.chain)),
        "when": list(route.when),
        "unresolved": route.unresolved or None,
        "operations": [_operation(each, roles) for each in route.operations],
    }


def _operation(operation: Operation, roles: tuple[Role, ...]) -> dict[str, object]:
    return {
        "method": operation.method,
        "reach": operation.reach.value,
        "permissions": list(operation.permissions),
        "any_of": operation.any_of,
        "said": worded(operation.reach, operation.permissions, operation.any_of),
        "admits": {each.name: admits(operation, each) for each in roles},
        "handler": operation.handler or None,
        "action": operation.action or None,
        "location": _location(operation.place),
        "session": operation.session,
        "csrf_exempt": operation.csrf_exempt,
        "guards": list(map(_guard, operation.guards)),
        "cells": list(map(_cell, operation.cells)),
    }


def _guard(guard: Guard) -> dict[str, object]:
    return {
        "name": guard.name,
        "layer": guard.layer,
        "demands": guard.demands.value,
        "permissions": list(guard.permissions),
        "any_of": guard.any_of,
        "location": _location(guard.place),
        "quote": guard.quote or None,
        "dead": guard.dead or None,
        "answer": guard.answer or None,
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {**cell._asdict(), "status": cell.status or None, "location": cell.location or None}


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "weakness": finding.control,
        "verdict": finding.verdict.value,
        "severity": finding.severity.label,
        "title": finding.title,
        "message": finding.message,
        "location": _location(finding.place),
        "attack": finding.attack,
        "remedy": finding.remedy,
        "references": list(finding.references),
        "fingerprint": finding.fingerprint,
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "fails": change.fails,
        "pattern": change.pattern,
        "view": change.view,
        "methods": list(change.methods),
        "before": change.before or None,
        "after": change.after or None,
        "declared": _location(change.declared),
        "location": _location(change.place),
        "why": change.why or None,
    }


def _location(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}


# -- as an audit's report --------------------------------------------------------------------------


def as_report(matrix: Matrix) -> Report:
    """The same as a report of an audit: what differs from access.toml, then what is wrong. It has a
    name of its own: a code host that is given both takes the second of one name for the first."""
    changed = tuple(_as_finding(each) for each in matrix.changes or () if each.fails)
    return Report(
        project=matrix.project, module=f"access/{matrix.module}", django="", reasons=(), assumed=(),
        findings=(*changed, *matrix.findings), notes=tuple(map(Note, matrix.said)), grade="",
        score=0, sources={}, folder=matrix.folder,
    )  # fmt: skip


def _as_finding(change: Change) -> Finding:
    place = change.place or change.declared
    asked = " ".join((*change.methods, "/" + change.pattern))
    before = f"{change.before} in access.toml" if change.before else "not in access.toml"
    message = f"{asked} was {before}, and is {change.after or 'no route any more'}"
    message += f": {change.why}" if change.why else ""
    problem = Problem(Verdict.FAIL, message, severity=Severity.HIGH, about=change.pattern)
    return Finding(
        control=f"access-{change.kind}", verdict=Verdict.FAIL, severity=Severity.HIGH,
        title=f"Access has changed without a review: {change.kind}", message=message,
        chain=(place,) if place else (), problems=(problem,),
        remedy="Mend the view, or review the change and run `hardango access --write`.",
        references=("ASVS 8.1.1",),
        fingerprint=f"access/{change.kind}/{change.view}/{asked}",
    )  # fmt: skip
