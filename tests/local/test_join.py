"""Proofs beside the audit's findings, and beside each other."""

from __future__ import annotations

import pytest

from hardango.controls.judge import GOOD_ENOUGH
from hardango.controls.transport.hsts import HSTS
from hardango.evidence import IN_PROCESS, PROXY, SERVER, Live, Proof, inconclusive, proven, refuted
from hardango.evidence import Verdict as Seen
from hardango.findings import Finding, Severity, Verdict
from hardango.probe.join import completed, disagreements, honest, joined
from hardango.report import proof_text
from hardango.report.layout import Style
from hardango.settings.outcomes import Settings, Unknown

GOOD, BAD, UNSEEN = proven("it is there"), refuted("it is not there"), inconclusive("no answer")


def finding(verdict: Verdict, message: str = "", **more: bool) -> Finding:
    return Finding("hsts", verdict, Severity.MEDIUM, "HSTS", message, **more)


# What the audit says, what was seen, how that is told.
RELATIONS = [
    (finding(Verdict.PASS), GOOD, "pass", "claimed and proven"),
    (finding(Verdict.PASS), BAD, "pass", "claimed but refuted"),
    (finding(Verdict.PASS), UNSEEN, "pass", "not shown"),
    (finding(Verdict.FAIL), BAD, "fail", "found and seen"),
    (finding(Verdict.FAIL), GOOD, "fail", "found but not seen"),
    (finding(Verdict.CONDITIONAL), GOOD, "conditional", "holds here, but not always"),
    (finding(Verdict.UNKNOWN), BAD, "unknown", "not claimed but seen"),
    (finding(Verdict.ELSEWHERE), BAD, "satisfied-elsewhere", "left to others and missing"),
    (None, BAD, "", "not claimed but seen"),
    (None, GOOD, "", "proven"),
    # Nobody looked closely, so that nothing was claimed.
    (finding(Verdict.PASS, GOOD_ENOUGH.capitalize()), BAD, "", "not claimed but seen"),
    (finding(Verdict.PASS, applies=False), BAD, "", "not claimed but seen"),
    (finding(Verdict.PASS, judged=False), BAD, "", "not claimed but seen"),
]


@pytest.mark.parametrize("found, proof, claim, relation", RELATIONS)
def test_a_proof_beside_a_finding(
    found: Finding | None, proof: Proof, claim: str, relation: str
) -> None:
    (one,) = joined([proof._replace(control="hsts")], [found] if found else [])
    assert (one.claim, one.relation) == (claim, relation)


def at(proof: Proof, vantage: str, about: str = "") -> Proof:
    return proof._replace(control="hsts", vantage=vantage, about=about)


DISAGREE = [
    ([at(BAD, PROXY), at(GOOD, IN_PROCESS)], "Django does it by itself (in-process), but from"),
    (
        [at(GOOD, PROXY), at(BAD, IN_PROCESS)],
        "from outside (through the proxy) it is done, Django by itself (in-process) does not",
    ),
    (
        [at(GOOD, SERVER), at(BAD, PROXY)],
        "through the server it is done, through the proxy it is not",
    ),
    ([at(GOOD, PROXY), at(GOOD, IN_PROCESS)], ""),
    ([at(BAD, PROXY), at(UNSEEN, IN_PROCESS)], ""),
    ([at(BAD, PROXY, "csrftoken"), at(GOOD, IN_PROCESS, "sessionid")], ""),
]


@pytest.mark.parametrize("proofs, message", DISAGREE)
def test_vantage_points_that_disagree(proofs: list[Proof], message: str) -> None:
    found = [each.message for each in disagreements(proofs)]
    assert len(found) == (1 if message else 0)
    assert all(each.startswith(message) for each in found)


FROM_A = Unknown("read from A", variables=("A",))

# The settings, what was made up, whether another proxy is production's, what the audit says, what
# is left of a proof.
HONEST = [
    ({"SECURE_HSTS_SECONDS": FROM_A}, {"A"}, False, None, GOOD, Seen.INCONCLUSIVE),
    ({"SECURE_HSTS_SECONDS": FROM_A}, {"A"}, False, None, BAD, Seen.INCONCLUSIVE),
    ({"SECURE_HSTS_SECONDS": FROM_A}, {"B"}, False, None, GOOD, Seen.PROVEN),
    ({"SECURE_HSTS_SECONDS": 60}, {"A"}, False, None, BAD, Seen.REFUTED),
    ({"SECURE_HSTS_SECONDS": {"if A is on": 60, "else": 0}}, {"A"}, False, None, BAD, Seen.REFUTED),
    ({}, {"SECURE_HSTS_SECONDS"}, False, None, GOOD, Seen.INCONCLUSIVE),
    ({}, set(), True, finding(Verdict.ELSEWHERE), BAD, Seen.INCONCLUSIVE),
    ({}, set(), False, finding(Verdict.ELSEWHERE), BAD, Seen.REFUTED),
    ({}, set(), True, finding(Verdict.ELSEWHERE), GOOD, Seen.PROVEN),
    ({}, set(), True, finding(Verdict.FAIL), BAD, Seen.REFUTED),
]


@pytest.mark.parametrize("settings, made_up, stand_in, found, proof, left", HONEST)
def test_what_a_local_proof_cannot_show_is_inconclusive(
    settings: dict[str, object], made_up: set[str], stand_in: bool, found: Finding | None,
    proof: Proof, left: Seen,
) -> None:  # fmt: skip
    (one,) = honest([proof._replace(control="hsts")], [HSTS], Settings.of(settings), made_up,
                    [found] if found else [], stand_in)  # fmt: skip
    assert one.verdict is left
    assert one.message.startswith(proof.message)


def of(control: str, proof: Proof, vantage: str) -> Proof:
    return proof._replace(control=control, vantage=vantage)


COMPLETED = [
    # what is seen from outside, what inside, what is left as (control, verdict, vantage)
    ([("logout", UNSEEN)], [("logout", GOOD)], [("logout", Seen.PROVEN, IN_PROCESS)]),
    ([("logout", UNSEEN)], [("logout", BAD)], [("logout", Seen.REFUTED, IN_PROCESS)]),
    ([("logout", UNSEEN), ("logout", UNSEEN)], [("logout", GOOD), ("logout", BAD)],
     [("logout", Seen.PROVEN, IN_PROCESS), ("logout", Seen.REFUTED, IN_PROCESS)]),
    ([("logout", UNSEEN)], [("logout", UNSEEN)], [("logout", Seen.INCONCLUSIVE, PROXY)]),
    ([("logout", GOOD)], [("logout", BAD)], [("logout", Seen.PROVEN, PROXY)]),
    ([("logout", GOOD), ("logout", UNSEEN)], [("logout", GOOD), ("logout", GOOD)],
     [("logout", Seen.PROVEN, PROXY), ("logout", Seen.INCONCLUSIVE, PROXY)]),
    # What stands in front decides these.
    ([("server-trust", UNSEEN)], [("server-trust", GOOD)], [("server-trust", Seen.INCONCLUSIVE, PROXY)]),
    ([("ssl-redirect", UNSEEN)], [("ssl-redirect", GOOD)], [("ssl-redirect", Seen.INCONCLUSIVE, PROXY)]),
]  # fmt: skip


@pytest.mark.parametrize("outside, inside, left", COMPLETED)
def test_what_no_login_reached_from_outside_is_seen_inside(
    outside: list[tuple[str, Proof]], inside: list[tuple[str, Proof]], left: list[object]
) -> None:
    proofs = completed(
        [of(control, proof, PROXY) for control, proof in outside],
        [of(control, proof, IN_PROCESS) for control, proof in inside],
    )
    assert [(each.control, each.verdict, each.vantage) for each in proofs] == left


def test_the_report_tells_django_by_itself_from_the_site() -> None:
    proofs = [of("hsts", GOOD, PROXY), of("logout", GOOD, IN_PROCESS)]
    live = Live("https://shop.example", "gunicorn", tuple(joined(proofs, [])))
    text = proof_text.render(live, {}, Style(width=80, ascii=False))
    assert "✓ proven: hsts\n" in text
    assert "✓ proven of Django by itself: logout\n" in text
