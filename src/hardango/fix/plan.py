"""Which edits mend which finding: tried in memory, judged again, and taken only if they hold.

For each finding the control says what should be so (`@CONTROL.fix`), `sites` where that could be
written. Each way is evaluated as production would load it, and taken if

- the settings still load where they did,
- the control has no complaint left, or fewer,
- every setting that the edit does not speak of has the values that it had, and
- no other settings module of the project (development's, the tests') changes.

So a plan says nothing that was not seen to work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from hardango.controls.judge import judge
from hardango.controls.model import Control
from hardango.edits import Edit, Exclude, FromEnvironment, Include, Rename
from hardango.findings import Finding, Verdict
from hardango.fix.pins import pinned
from hardango.fix.sites import Candidate, candidates, environment_decides
from hardango.fix.source import CannotEdit
from hardango.fix.spared import NOTHING, Spared
from hardango.fix.work import LOADS, Files, Work, snapshot, when
from hardango.fix.work import NOTHING as UNCHANGED
from hardango.light import NamedTuple
from hardango.settings.outcomes import Settings, Unknown

TRIES = 16
"""How many ways of mending one finding are tried."""

FIRST = ("debug", "secret-key", "allowed-hosts", "security-middleware")
"""Others depend on these: on what tells development from production, on what sends the headers."""


class Step(NamedTuple):
    """One finding that is mended: the `edits`, the new content of the `files` that they change,
    what these held `before` this step, and what the control says `after` it."""

    finding: Finding
    edits: tuple[Edit, ...]
    files: Files
    before: Files
    after: Finding

    @property
    def risks(self) -> tuple[str, ...]:
        return tuple(each.risk for each in self.edits if not each.safe and each.risk)


class Left(NamedTuple):
    """One finding that is not mended, and why; `unsafe` if --unsafe would mend it."""

    finding: Finding
    why: str
    unsafe: bool = False


class Plan(NamedTuple):
    """What is mended, and what is not; the files as they will be are in `Work.files`."""

    steps: tuple[Step, ...]
    left: tuple[Left, ...]


def plan(
    work: Work,
    controls: Iterable[Control],
    *,
    ignored: Mapping[str, Finding] = {},
    spared: Mapping[str, Spared] = {},
    unsafe: bool = False,
    accept: Callable[[Step], bool] | None = None,
) -> Plan:
    """Mend what `controls` find, one after the other, but what the user has `ignored`, by control,
    or `spared` in part; and only what `accept` agrees to."""
    steps: list[Step] = []
    left: list[Left] = []
    waiting = sorted(controls, key=_rank)
    while waiting:
        sound, before = [], len(steps)
        for control in waiting:
            if control.name in ignored:
                left.append(_left_as_it_is(ignored[control.name]))
                continue
            finding = _finding(work, control, work.settings)
            if not finding.weak:
                sound.append(control)
                continue
            part = spared.get(control.name, NOTHING)
            found = _mended(work, control, finding, part, unsafe, accept)
            if isinstance(found, Step):
                steps.append(found)
            if isinstance(found, Left) or found.after.weak:
                left.append(found if isinstance(found, Left) else _rest(control, found))
        # What was sound may not be with what is mended since.
        waiting = sound if len(steps) > before else []
    return Plan(tuple(steps), tuple(left))


def _rank(control: Control) -> int:
    return FIRST.index(control.name) if control.name in FIRST else len(FIRST)


def _left_as_it_is(finding: Finding) -> Left:
    reasons = "; ".join(dict.fromkeys(f"{each.reason} ({each.place})" for each in finding.ignored))
    return Left(finding, f"it is ignored: {reasons}")


def _rest(control: Control, step: Step) -> Left:
    """What a step leaves of its finding."""
    if step.after.ignored:
        return _left_as_it_is(step.after)
    return Left(step.after, f"that is left: {control.remedy}")


def _finding(work: Work, control: Control, settings: Settings, files: Files = UNCHANGED) -> Finding:
    pedantic = work.pedantic or control.pedantic
    (finding,) = judge(settings, work.project(files), [control], pedantic=pedantic)
    return finding


def _mended(
    work: Work,
    control: Control,
    finding: Finding,
    spared: Spared,
    unsafe: bool,
    accept: Callable[[Step], bool] | None,
) -> Step | Left:
    if control.repair is None:
        return Left(finding, f"it needs a person, since {control.person}: {finding.remedy}")
    asked = [each for each in control.repair(work.settings, work.reading.project.deployment)
             if work.rotate or not (isinstance(each, FromEnvironment) and each.rotation)]  # fmt: skip
    edits = tuple(each for number, each in enumerate(asked) if each not in asked[:number])
    edits = tuple(each for each in edits if each.name not in spared.about) or edits
    if not edits:
        return Left(finding, f"it needs a person: {finding.remedy}")
    risky = [each for each in edits if not each.safe]
    if not unsafe:
        edits = tuple(each for each in edits if each.safe)
        if not edits:
            return Left(finding, risky[0].risk, unsafe=True)
    found = _best(work, control, finding, edits, spared)
    for fewer in _fewer(work, control, finding, edits, spared) if isinstance(found, str) else ():
        reason = found
        found = _best(work, control, finding, fewer, spared)
        if not isinstance(found, str):
            edits = fewer
            break
        found = reason
    if isinstance(found, str):
        return Left(finding, found or _without_edit(work, finding, edits))
    candidate, after, settings = found
    changed = {file: data for file, data in candidate.files.items()
               if work.files.get(file) != data}  # fmt: skip
    before = {file: _now(work, file) for file in changed}
    step = Step(spared.rest(finding), edits, changed, before, spared.rest(after))
    if accept is not None and not accept(step):
        return Left(finding, "you said no")
    work.developer.update(candidate.developer)
    work.asked.update(candidate.asked)
    work.secrets.update(candidate.secrets)
    work.moved += [each.name for each in edits if isinstance(each, FromEnvironment) and each.secret]
    work.by_hand.update(dict.fromkeys(candidate.by_hand))
    work.accept(changed, settings)
    return step


def _fewer(
    work: Work, control: Control, finding: Finding, edits: tuple[Edit, ...], spared: Spared
) -> Iterator[tuple[Edit, ...]]:
    """Fewer edits, where not all can be made: the safe ones; those that spare what is ignored."""
    safe = tuple(each for each in edits if each.safe)
    if safe and safe != edits:
        yield safe
    if spared.messages and len(edits) > 1:
        alone = ((each, _best(work, control, finding, (each,), spared)) for each in edits)
        fitting = tuple(each for each, found in alone if not isinstance(found, str))
        if fitting:
            yield fitting


def _best(
    work: Work, control: Control, finding: Finding, edits: tuple[Edit, ...], spared: Spared
) -> tuple[Candidate, Finding, Settings] | str:
    """The first way to make all edits that leaves nothing to complain of, or the least; else why
    there is none."""
    best: tuple[Candidate, Finding, Settings] | None = None
    badness, reason = _badness(finding), ""
    for candidate in _combined(work, edits):
        settings = work.evaluated(candidate.files)
        why = _unfit(work, edits, candidate, settings)
        if not why:
            kept, changes = pinned(work, candidate, edits)
            candidate = kept or candidate
            # Tests of a module that serves everybody may see what it says now.
            why = "" if work.shared else changes
        if why or settings is None:
            reason = reason or why
            continue
        after = _finding(work, control, settings, candidate.files)
        if not spared.stays(after):
            reason = reason or "it would mend what is ignored, too"
            continue
        if _badness(after) < badness:
            badness, best = _badness(after), (candidate, after, settings)
        if not after.weak:
            break
    return best or reason


def _now(work: Work, file: str) -> bytes:
    try:
        return work.content(file)
    except CannotEdit:
        return b""


def _without_edit(work: Work, finding: Finding, edits: tuple[Edit, ...]) -> str:
    """Why no way to make the edits was found."""
    for edit in edits:
        if environment_decides(work, edit.name):
            return f"the environment decides {edit.name}, and an edit must not overrule it"
    return f"no edit was found that mends it: {finding.remedy}"


def _badness(finding: Finding) -> int:
    """How much is wrong: a lower number is better, 0 is nothing."""
    if not finding.weak:
        return 0
    bad = [each for each in finding.problems if each.verdict is Verdict.FAIL]
    return sum(10 ** int(each.severity) for each in bad) or 1


def _combined(work: Work, edits: tuple[Edit, ...]) -> Iterator[Candidate]:
    """Ways to make all edits, those that are tried first leading."""
    left = [TRIES]

    def extended(so_far: Candidate, rest: tuple[Edit, ...]) -> Iterator[Candidate]:
        if not rest:
            left[0] -= 1
            yield so_far
            return
        for each in _possible(work, rest[0], so_far):
            if left[0] <= 0:
                return
            yield from extended(each, rest[1:])

    yield from extended(Candidate({}), edits)


def _possible(work: Work, edit: Edit, so_far: Candidate) -> Iterator[Candidate]:
    try:
        for each in candidates(work, edit, so_far.files):
            yield Candidate(
                each.files, so_far.touched | each.touched,
                (*so_far.developer, *each.developer), (*so_far.asked, *each.asked),
                (*so_far.secrets, *each.secrets),
                (*so_far.by_hand, *each.by_hand), (*so_far.had, *each.had),
            )  # fmt: skip
    except CannotEdit:
        return


def _unfit(
    work: Work, edits: tuple[Edit, ...], candidate: Candidate, settings: Settings | None
) -> str:
    """Why a candidate must not be taken; "" if it may."""
    if settings is None or not settings.loads.possible:
        return "the settings would not load any more"
    if settings.stopped and not work.settings.stopped:
        return f"what it does could not be worked out: {settings.stopped}"
    for edit in edits:
        if isinstance(edit, (Include, Exclude)):
            items = [e.item for e in edits
                     if isinstance(e, (Include, Exclude)) and e.name == edit.name]  # fmt: skip
            if not _else_alike(work.settings, settings, edit.name, items):
                return f"it would change more of {edit.name}"
    named = _named(edits)
    on_a_developers_machine = {**work.developer, **dict(candidate.developer)}
    if "DEBUG" in named:
        # What follows from DEBUG follows it; a developer's machine is as it was.
        if work.shared:
            settings = work.evaluated(candidate.files, on_a_developers_machine)
            if settings is None:
                return "the settings would not load any more"
            changed = _changed(work, edits, candidate, settings)
            if changed:
                return f"it would change {changed} where DEBUG is on, too"
    else:
        changed = _changed(work, edits, candidate, settings)
        if changed:
            return f"it would change {changed} too"
    if work.shared:
        free = named | {LOADS}
        changes = work.changed_elsewhere(candidate.files, on_a_developers_machine, free)
        for other, names in changes.items():
            return f"it would change {names[0]} in {other.name}"
    return ""


def _changed(work: Work, edits: tuple[Edit, ...], candidate: Candidate, settings: Settings) -> str:
    """A setting that is not as it was, though no edit speaks of it; "" if there is none."""
    named = _named(edits)
    before, after = work.before(), snapshot(settings)
    texts = [repr(e.text)[1:-1] for e in edits if isinstance(e, FromEnvironment) and e.text]
    required = any(isinstance(each, FromEnvironment) for each in edits)
    for name in {**before, **after}:
        if name in named or before.get(name) == after.get(name):
            continue
        if _follows(work.settings, name, candidate):
            continue
        held = " ".join(_values(before.get(name, ())))
        if any(text in held for text in texts):  # it is made of what comes from a variable now
            continue
        if required and set(_values(after.get(name, ()))) <= set(_values(before.get(name, ()))):
            continue
        return name
    return ""


def _named(edits: Iterable[Edit]) -> frozenset[str]:
    """The settings that edits speak of."""
    return frozenset(
        name for each in edits
        for name in (each.name, *([each.to] if isinstance(each, Rename) else []))
    )  # fmt: skip


def _else_alike(before: Settings, after: Settings, name: str, items: list[str]) -> bool:
    """Whether a list holds what it held, the items of the edits aside; where it is not known, for
    what reason does not matter."""

    def others(settings: Settings) -> set[object]:
        found: set[object] = set()
        for outcome in settings[name].outcomes if name in settings else ():
            value = outcome.value
            if isinstance(value, (list, tuple)):
                value = [each for each in value if each not in items]
            unknown = (value.variables, when(outcome)) if isinstance(value, Unknown) else ()
            found.add(unknown or repr(value))
        return found

    return others(after) <= others(before) | {"[]"}


def _values(outcomes: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    return [value for value, _ in outcomes]


def _follows(settings: Settings, name: str, candidate: Candidate) -> bool:
    """Whether a setting is made of one that an edit changed in place."""
    if name not in settings:
        return False
    return any(
        place._replace(column=1) in candidate.touched
        for outcome in settings[name].outcomes
        for place in outcome.chain
    )
