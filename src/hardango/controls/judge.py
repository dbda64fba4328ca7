"""Judges the settings of a project: one finding for each control, and a grade for all of them.

**Verdict.** A control's audit gives an opinion on every case that the settings can be in.

- Some case is bad: `fail` if every case is, else `conditional` on those that are.
- No case is bad, but one could not be read: `unknown`. A case that the audit says nothing of
  counts as not read.
- Some case is protected by what stands in front of Django, as the user's configuration says, and
  the others are good: `satisfied-elsewhere`.
- Every case is good, or there is nothing to protect: `pass`.

**Hardening beyond the common need** is judged only on demand: pedantic controls are left out
otherwise, and a pedantic judgement of an ordinary control counts as good.

**Ignored.** What the user has ignored, with a reason, is left out of the verdict as long as
another problem remains; a finding of which nothing remains keeps its verdict and says why it does
not count.

**Where DEBUG is on.** `SECURE_SSL_REDIRECT = not DEBUG` is no weakness of its own. As long as it
is up to the operator whether DEBUG is on, every other control is judged for the cases in which it
is off; where the settings themselves turn it on, these cases count for every control.

**Grade.** The score starts at 100. Each control that fails takes `PENALTY` per cent of what is
left, by its severity; one that fails under a condition takes half of that, one that could not be
judged a tenth, unless all that is open is what an operator chooses. So many small things never weigh as much as a large one, and a project in which
much is wrong still gets better with each repair. What does not apply, what this version cannot
judge yet and what the user ignores takes nothing. The worst weakness limits the score to
`AT_MOST`, however good the rest is: with a critical one there is no C, and an A has nothing medium
or worse. The score is rounded down, and `GRADES` turns it into a letter. A+ is for a project in
which nothing at all is left open: every control has been judged, and each one passes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache
from types import ModuleType

from hardango.controls.model import Control, Judgement, NotJudged, Opinion
from hardango.controls.values import truth
from hardango.findings import Finding, Ignored, Place, Problem, Severity, Verdict
from hardango.project.model import Deployment, Project
from hardango.settings.conditions import NEVER, Condition, TooComplex
from hardango.settings.outcomes import Settings

PENALTY = {
    Severity.CRITICAL: 45,
    Severity.HIGH: 20,
    Severity.MEDIUM: 7,
    Severity.LOW: 2,
    Severity.INFO: 0,
}
AT_MOST = {
    Severity.CRITICAL: 59,
    Severity.HIGH: 74,
    Severity.MEDIUM: 89,
    Severity.LOW: 100,
    Severity.INFO: 100,
}
SHARE = {
    Verdict.PASS: 0.0,
    Verdict.ELSEWHERE: 0.0,
    Verdict.UNKNOWN: 0.1,
    Verdict.CONDITIONAL: 0.5,
    Verdict.FAIL: 1.0,
}
GRADES = ((90, "A"), (75, "B"), (60, "C"), (40, "D"), (0, "F"))


MOST_STEPS = 60_000
"""Steps on conditions for one control: one that needs many takes none from the others."""

Ignoring = Callable[[str, tuple[Place, ...], str], Ignored | None]
"""Why the problem of a control, with its chain of places and the setting or variable that it is
about, does not count; None: it does."""


def judge(
    settings: Settings,
    project: Project,
    controls: Iterable[Control],
    *,
    pedantic: bool = False,
    ignoring: Ignoring | None = None,
) -> list[Finding]:
    """One finding for each control that is asked for, in the order of `controls`."""
    hardened = where_debug_is_off(settings)
    return [
        judge_control(
            control,
            hardened if control.assumes_debug_off else settings,
            project.deployment,
            pedantic=pedantic,
            ignoring=ignoring,
        )
        for control in controls
        if pedantic or not control.pedantic
    ]


def where_debug_is_off(settings: Settings) -> Settings:
    """The settings without the cases in which an operator's variable turns DEBUG on."""
    on = settings.truths.get("DEBUG")
    if on is None:
        return settings
    try:
        certainly_on = settings.space.false
        for outcome in settings["DEBUG"]:
            if truth(outcome.value) is True and not outcome.condition.chosen:
                certainly_on = certainly_on | outcome.condition
        kept = ~(on & ~certainly_on)
        return settings.given(kept) if kept.possible else settings
    except TooComplex:
        return settings


def judge_control(
    control: Control,
    settings: Settings,
    deployment: Deployment,
    *,
    pedantic: bool = True,
    ignoring: Ignoring | None = None,
) -> Finding:
    """The finding of one control."""
    if control.examine is None:
        message = "Not yet judged: this version of hardango cannot say anything about it."
        if control.live:
            message = "No setting decides it: a request to the running site does (hardango prove)."
        return _finding(control, settings, Verdict.UNKNOWN, message)._replace(judged=False)
    space = settings.space
    space.allowed = space.steps + MOST_STEPS
    try:
        judgements = list(control.examine(settings, deployment))
        if not pedantic:
            judgements = [
                each._replace(opinion=Opinion.GOOD, message="") if each.pedantic else each
                for each in judgements
            ]
        judgements = [
            each._replace(opinion=Opinion.GOOD, message="")
            if each.opinion is Opinion.BAD and settings.fails(each.condition) else each
            for each in judgements
        ]  # fmt: skip
        found = _conclude(control, settings, judgements)
        if ignoring is not None and found.weak:
            return _without_ignored(control, settings, judgements, found, ignoring)
        return found
    except NotJudged as error:
        return _finding(control, settings, Verdict.UNKNOWN, str(error))._replace(judged=False)
    except TooComplex:
        message = "The settings that it depends on have too many conditions at once."
        return _finding(control, settings, Verdict.UNKNOWN, message)
    finally:
        space.allowed = NEVER


def _without_ignored(
    control: Control,
    settings: Settings,
    judgements: list[Judgement],
    found: Finding,
    ignoring: Ignoring,
) -> Finding:
    """The finding of what the user does not ignore; `found`, ignored, if that is nothing."""
    reasons: list[Ignored] = []
    left = []
    for each in judgements:
        reason = None
        if each.opinion is Opinion.BAD and each.condition.possible:
            about = each.about or _about(control, settings, each.chain)
            reason = ignoring(control.name, each.chain, about)
        if reason is not None:
            reasons.append(reason)
            each = each._replace(opinion=Opinion.GOOD, message="")
        left.append(each)
    if not reasons:
        return found
    rest = _conclude(control, settings, left)
    return rest if rest.weak else found._replace(ignored=tuple(dict.fromkeys(reasons)))


def _conclude(control: Control, settings: Settings, judgements: list[Judgement]) -> Finding:
    """The verdict that follows from the judgements of one control."""
    everywhere = settings.loads
    problems = _problems(control, settings, judgements)
    if not problems:
        moved = [each for each in judgements if each.opinion is Opinion.ELSEWHERE]
        applying = moved or [each for each in judgements if each.opinion is Opinion.GOOD]
        shown = applying or judgements
        verdict = Verdict.ELSEWHERE if moved else Verdict.PASS
        found = _finding(control, settings, verdict, _all_said(shown), chain=shown[0].chain)
        return found._replace(applies=bool(applying))
    first = problems[0]
    message, when = first.message, first.when
    verdict = first.verdict
    if verdict is Verdict.FAIL:
        broken = _where_broken(settings, judgements)
        if not everywhere.implies(broken):
            verdict, when = Verdict.CONDITIONAL, broken.within(everywhere).describe()
        elif when:
            # Broken in every case, though not for this reason alone.
            message, when = f"{message}; this holds when {' and '.join(when)}", ()
    found = _finding(control, settings, verdict, message, when=when, chain=first.chain)
    found = found._replace(severity=first.severity, problems=tuple(problems))
    if verdict is not Verdict.UNKNOWN:
        for each in judgements:
            if each.attack and each.opinion is Opinion.BAD and each.message == first.message:
                return found._replace(title=each.weakness or found.title, attack=each.attack)
    return found


Reason = tuple[Verdict, str, Severity]


def _reasons(
    control: Control, settings: Settings, judgements: list[Judgement]
) -> dict[Reason, tuple[Condition, Judgement]]:
    """Every bad or unreadable value with the condition for all of its cases, and the first
    judgement that says it."""
    merged: dict[Reason, tuple[Condition, Judgement]] = {}
    # Cases in which the settings don't load are nobody's, unless that is all of them.
    everywhere = settings.loads if settings.loads.possible else settings.space.true
    for each in judgements:
        if each.opinion in (Opinion.BAD, Opinion.UNREADABLE) and each.condition.meets(everywhere):
            verdict = Verdict.FAIL if each.opinion is Opinion.BAD else Verdict.UNKNOWN
            severity = control.severity if each.severity is None else each.severity
            key = (verdict, each.message, severity)
            condition, first = merged.get(key, (settings.space.false, each))
            merged[key] = condition | each.condition, first
    return merged


def _where_broken(settings: Settings, judgements: list[Judgement]) -> Condition:
    """The cases with a bad value, but those in which an operator has set a variable to say so:
    unless every case is bad, such a value is not the project's weakness."""
    broken = settings.space.false
    for each in judgements:
        if each.opinion is Opinion.BAD:
            broken = broken | each.condition
    if settings.loads.implies(broken):
        return broken
    kept = settings.space.false
    merged: dict[tuple[str, tuple[Place, ...]], Condition] = {}
    for each in judgements:
        if each.opinion is Opinion.BAD:
            key = (each.message, each.chain)
            merged[key] = merged.get(key, settings.space.false) | each.condition
    for condition in merged.values():
        if not condition.chosen:
            kept = kept | condition
    return kept


def _problems(control: Control, settings: Settings, judgements: list[Judgement]) -> list[Problem]:
    """Every reason why the control does not simply pass, worst first."""
    everywhere, covered = settings.loads, settings.space.false
    for each in judgements:
        covered = covered | each.condition
    broken = _where_broken(settings, judgements)
    problems = []
    for (verdict, message, severity), (condition, first) in _reasons(
        control, settings, judgements
    ).items():
        when = condition.within(everywhere).describe()
        chosen = verdict is Verdict.FAIL and not condition.meets(broken)
        if chosen:
            verdict = Verdict.UNKNOWN
            cases = " and ".join(when)
            message = f"{message}, but only when {cases}; hardango does not know production's value"
        about = first.about or _about(control, settings, first.chain)
        problems.append(
            Problem(verdict, message, when, first.chain, severity, about, chosen=chosen)
        )
    if not everywhere.implies(covered):
        rest = (everywhere & ~covered).within(everywhere).describe()
        said = "This case could not be judged"
        problem = Problem(Verdict.UNKNOWN, said, rest, severity=control.severity)
        problems.append(problem)
    problems.sort(
        key=lambda each: (each.verdict is not Verdict.FAIL, -each.severity, len(each.when))
    )
    return _named(control, problems)


def _about(control: Control, settings: Settings, chain: tuple[Place, ...]) -> str:
    """The setting of the control that was decided at the end of `chain`, the leading one where
    none is set."""
    for name in control.settings:
        if name in settings and any(each.chain == chain for each in settings[name]):
            return name
    return control.settings[0] if control.settings else ""


def _named(control: Control, problems: list[Problem]) -> list[Problem]:
    """The problems with their fingerprints; of several about the same thing each has its own."""
    seen: dict[str, int] = {}
    named = []
    for each in problems:
        number = seen[each.about] = seen.get(each.about, 0) + 1
        mark = fingerprint(control.name, each.about, *([str(number)] if number > 1 else []))
        named.append(each._replace(fingerprint=mark))
    return named


GOOD_ENOUGH = "good enough for the common need; --pedantic asks for more"
"""What is said of a control that passes only because nobody asked for more."""


def _all_said(judgements: list[Judgement]) -> str:
    """What the judgements say, each sentence once."""
    said = "; ".join(dict.fromkeys(each.message for each in judgements if each.message))
    return said or GOOD_ENOUGH


def _finding(
    control: Control,
    settings: Settings,
    verdict: Verdict,
    message: str,
    *,
    when: tuple[str, ...] = (),
    chain: tuple[Place, ...] = (),
) -> Finding:
    broken = verdict in (Verdict.FAIL, Verdict.CONDITIONAL)
    return Finding(
        control=control.name,
        verdict=verdict,
        severity=control.severity,
        title=control.weakness if broken else control.title,
        message=sentence(message),
        when=when,
        chain=chain,
        attack=control.attack,
        remedy=control.remedy,
        references=tuple(reference.text for reference in control.references),
        fixable=control.fixable,
        file=settings.file,
        pedantic=control.pedantic,
        fingerprint=fingerprint(control.name),
    )


def sentence(message: str) -> str:
    """The message with a capital first letter, unless it starts with a name from the code."""
    first = message.partition(" ")[0]
    return message[:1].upper() + message[1:] if first.isalpha() and first.islower() else message


def fingerprint(*names: str) -> str:
    """What names a finding, or one of its problems, across runs: the control, and what the
    problem speaks of. Nothing that changes when lines move, files are renamed, a value changes or
    the judgement gets better."""
    digest = _hashing().sha256("\0".join(names).encode("utf-8", "replace"))
    return str(digest.hexdigest())[:16]


def grade(findings: Iterable[Finding]) -> tuple[str, int]:
    """The grade and the score (0 to 100) of all findings together; the arithmetic is told at
    the top of this module."""
    left, most, all_judged, all_pass = 100.0, 100, True, True
    for finding in findings:
        if not finding.judged:
            all_judged = False
        elif finding.verdict is not Verdict.PASS:
            all_pass = False
            if finding.ignored or _up_to_an_operator(finding):
                continue
            left *= 1 - PENALTY[finding.severity] * SHARE[finding.verdict] / 100
            if finding.weak:
                most = min(most, AT_MOST[finding.severity])
    score = min(most, int(round(left, 6)))
    if all_judged and all_pass:
        return "A+", score
    return next(letter for least, letter in GRADES if score >= least), score


def _up_to_an_operator(finding: Finding) -> bool:
    """Whether all that is open is what a variable says that an operator sets."""
    unknown = finding.verdict is Verdict.UNKNOWN and bool(finding.problems)
    return unknown and all(each.chosen for each in finding.problems)


@cache
def _hashing() -> ModuleType:
    """The module that has SHA-256. `hashlib` loads OpenSSL for it, which costs more than an audit
    of all controls; CPython's own implementation has another name in each version, and looking for
    one that is not there costs more than the hash."""
    try:
        if sys.version_info >= (3, 12):
            import _sha2 as hashing
        else:
            import _sha256 as hashing  # type: ignore[import-not-found]
    except ImportError:
        import hashlib as hashing
    found: ModuleType = hashing
    return found
