"""What the user ignores of a finding that counts for another reason: it is not mended either."""

from __future__ import annotations

import re

from hardango.audit import Judged
from hardango.controls.judge import judge
from hardango.findings import Finding, Ignored, Verdict
from hardango.light import NamedTuple


class Spared(NamedTuple):
    """Of one finding, what it says of that, the settings that it speaks of, and the user's reasons."""

    messages: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    reasons: tuple[Ignored, ...] = ()

    def stays(self, finding: Finding) -> bool:
        """Whether the finding still says all of it."""
        return self.messages <= {_said(each.message) for each in finding.problems}

    def rest(self, finding: Finding) -> Finding:
        """What the finding says besides; ignored if that is nothing that is wrong."""
        rest = tuple(each for each in finding.problems if _said(each.message) not in self.messages)
        if len(rest) == len(finding.problems):
            return finding
        if not any(each.verdict is Verdict.FAIL for each in rest):
            return finding._replace(ignored=self.reasons)
        first = rest[0]
        return finding._replace(
            message=first.message, severity=first.severity, chain=first.chain, problems=rest
        )


NOTHING = Spared()


def spared(found: Judged) -> dict[str, Spared]:
    """By control, what is ignored of its finding while the rest of it counts."""
    if found.ignores is None:
        return {}
    parts = {}
    controls = {each.name: each for each in found.controls}
    for finding in found.findings:
        if not finding.counts or all(
            each.control != finding.control for each in found.ignores.rules
        ):
            continue
        control = controls[finding.control]
        reading = found.reading
        (whole,) = judge(reading.settings, reading.project, [control], pedantic=found.pedantic)
        kept = {_said(each.message) for each in finding.problems}
        gone = [each for each in whole.problems if _said(each.message) not in kept]
        reasons = (found.ignores(control.name, each.chain, each.about) for each in gone)
        if gone:
            parts[control.name] = Spared(
                frozenset(_said(each.message) for each in gone),
                frozenset(each.about for each in gone),
                tuple(dict.fromkeys(each for each in reasons if each is not None)),
            )
    return parts


def _said(message: str) -> str:
    """What a problem says, without the numbers of lines, which an edit moves."""
    return re.sub(r":\d+", "", message)
