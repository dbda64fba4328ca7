"""What a proof has to say, as JSON, and as a report for the formats that render one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import hardango
from hardango.evidence import (
    Exchange,
    Joined,
    Live,
    Proof,
    Verdict,
    curl,
    masked,
    request_lines,
    response_lines,
)
from hardango.findings import Finding, Note, Report, Severity
from hardango.findings import Verdict as Claim
from hardango.report.page import Page
from hardango.report.proof_text import by_severity, evidence_of, said

_CLAIMS = {
    Verdict.REFUTED: Claim.FAIL,
    Verdict.INCONCLUSIVE: Claim.UNKNOWN,
    Verdict.PROVEN: Claim.PASS,
}


def as_json(live: Live) -> str:
    """The whole proof; ending with a newline. See docs/prove.md for what each key holds."""
    score = live.score and {
        "points": live.score.points, "grade": live.score.grade,
        "tests": [each._asdict() for each in live.score.tests],
    }  # fmt: skip
    data = {
        "schema": 1,
        "tool": {"name": "hardango", "version": hardango.__version__},
        "url": live.url,
        "server": live.server or None,
        "proofs": [_joined(each) for each in live.joined],
        "disagreements": [
            {"control": each.refuted.control, "about": each.refuted.about, "message": each.message,
             "refuted": each.refuted.vantage, "proven": each.proven.vantage}
            for each in live.disagreements
        ],
        "notes": list(live.said),
        "refused": list(live.refused),
        "made_up": sorted(live.made_up),
        "requests": live.requests,
        "seconds": {name: round(spent, 3) for name, spent in live.seconds.items()},
        "observatory": score,
        "interrupted": live.interrupted,
    }  # fmt: skip
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def _joined(each: Joined) -> dict[str, object]:
    proof = each.proof
    return {
        "control": proof.control,
        "about": proof.about,
        "verdict": proof.verdict.value,
        "severity": proof.severity.label if proof.severity is not None else None,
        "title": proof.title,
        "message": proof.message,
        "vantage": proof.vantage,
        "pedantic": proof.pedantic,
        "claim": each.claim or None,
        "relation": each.relation,
        "marks": [masked("", mark) for mark in proof.marks],
        "evidence": [_exchange(exchange) for exchange in proof.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, object]:
    tls = exchange.tls and {**exchange.tls._asdict(), "names": list(exchange.tls.names)}
    return {
        "url": exchange.request.url,
        "status": exchange.status or None,
        "request": list(request_lines(exchange.request)),
        "response": list(response_lines(exchange)),
        "error": exchange.error or None,
        "tls": tls,
        "curl": curl(exchange.request),
    }


def as_report(
    live: Live, pages: Mapping[str, Page], grade: Callable[[tuple[Finding, ...]], tuple[str, int]]
) -> Report:
    """The proof as a report: refuted is failed, inconclusive not known, proven passed. Of several
    proofs of a control the worst counts, and the others are its further reasons."""
    from hardango.findings import Problem

    by_control: dict[str, list[Joined]] = {}
    order = [*by_severity(live.joined), *(each for verdict in (Verdict.INCONCLUSIVE, Verdict.PROVEN)
                                         for each in live.joined if each.proof.verdict is verdict)]  # fmt: skip
    for each in order:
        by_control.setdefault(each.proof.control, []).append(each)
    findings = []
    for name, all_of_it in by_control.items():
        worst = all_of_it[0].proof
        problems = tuple(
            Problem(_CLAIMS[each.proof.verdict], each.proof.message,
                    severity=each.proof.severity or Severity.MEDIUM)
            for each in all_of_it if each.proof.verdict is not Verdict.PROVEN
        )  # fmt: skip
        findings.append(_finding(live, worst, problems, pages.get(name)))
    letter, points = grade(tuple(findings))
    return Report(
        project=live.url.partition("://")[2], module=live.url, django="", reasons=(), assumed=(),
        findings=tuple(findings), notes=tuple(Note(each) for each in live.said), grade=letter,
        score=points, sources={},
    )  # fmt: skip


def _finding(live: Live, proof: Proof, problems: tuple[object, ...], page: Page | None) -> Finding:
    weakness = proof.verdict is Verdict.REFUTED
    severity = proof.severity
    if severity is None:
        severity = Severity[page.severity.upper()] if page else Severity.MEDIUM
    message = proof.message
    if weakness and proof.exchanges:
        message += f": {said(proof.exchanges[0])}"
    shown = tuple("\n".join(evidence_of(each)) for each in proof.exchanges[:4])
    marks = "\n".join(f"in the answer: {masked('', mark)}" for mark in proof.marks)
    shown = (*shown, marks) if marks else shown
    return Finding(
        control=proof.control, verdict=_CLAIMS[proof.verdict], severity=severity, title=proof.title,
        message=message, problems=problems,  # type: ignore[arg-type]
        attack=page.attack if page else "", remedy=page.remedy if page else "",
        references=tuple(name for name, _ in page.references) if page else (),
        fingerprint=f"prove/{proof.control}/{live.url}",
        pedantic=proof.pedantic, evidence=shown if weakness else (),
    )  # fmt: skip
