"""What a judgement is made of: plain data that every layer shares and every renderer reads."""

from __future__ import annotations

import enum

from hardango.light import NamedTuple


class Severity(enum.IntEnum):
    """How much an attacker gains, least first, so that severities compare."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Verdict(enum.Enum):
    """What is known of one control on one project. `UNKNOWN` is never shown as `PASS`.

    `ELSEWHERE`: Django does not protect, and the user's configuration says what in front of it
    does. That is a promise, which only a request can prove.
    """

    PASS = "pass"
    FAIL = "fail"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    ELSEWHERE = "satisfied-elsewhere"


class Place(NamedTuple):
    """A position in a file of the project: path relative to its root, line and column from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Problem(NamedTuple):
    """One reason why a control does not simply pass.

    `verdict` is `FAIL` (this outcome is bad) or `UNKNOWN` (this outcome could not be read);
    `when` the conditions under which it holds, all of them together, `()` for always;
    `chain` the places that led to the value, the deciding one last; `severity` how much this
    reason gives an attacker; `about` the setting, variable or file content that it speaks of;
    `fingerprint` names it across runs; `chosen` is true if it holds only where an operator sets a
    variable to say so.
    """

    verdict: Verdict
    message: str
    when: tuple[str, ...] = ()
    chain: tuple[Place, ...] = ()
    severity: Severity = Severity.MEDIUM
    about: str = ""
    fingerprint: str = ""
    chosen: bool = False


class Ignored(NamedTuple):
    """Why a weakness does not count: the user's reason, where it is written, and the last day on
    which it holds ("2027-01-31"), "" for ever."""

    reason: str
    place: Place
    until: str = ""


class Finding(NamedTuple):
    """One control, judged on one project.

    `problems` holds every reason, worst first; `message` and `chain` are those of the first.
    `file` is the settings module's own: where a setting that is missing would belong.
    `applies` is false for a control that has nothing to protect here, `judged` is false for a
    control that this version cannot judge yet; `message` says why. `pedantic` marks hardening
    beyond the common need, which is judged only on demand. `ignored` is not empty if the user
    has said, for every problem, why it does not count. `since` compares a weakness with the
    baseline: "known", "new", or "worse" (more severe, or for a further reason); "" without one.
    `evidence` are requests with their answers that show it, each a text of several lines.
    """

    control: str
    verdict: Verdict
    severity: Severity
    title: str
    message: str
    when: tuple[str, ...] = ()
    chain: tuple[Place, ...] = ()
    problems: tuple[Problem, ...] = ()
    attack: str = ""
    remedy: str = ""
    references: tuple[str, ...] = ()
    fixable: bool = False
    fingerprint: str = ""
    applies: bool = True
    judged: bool = True
    file: str = ""
    pedantic: bool = False
    ignored: tuple[Ignored, ...] = ()
    since: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def place(self) -> Place | None:
        """The deciding place."""
        return self.chain[-1] if self.chain else None

    @property
    def weak(self) -> bool:
        """Whether a protection fails, always or under a condition."""
        return self.verdict in (Verdict.FAIL, Verdict.CONDITIONAL)

    @property
    def counts(self) -> bool:
        """Whether it is a weakness that the user has not ignored."""
        return self.weak and not self.ignored

    @property
    def fresh(self) -> bool:
        """Whether it counts and the baseline does not know it: what an exit code is made of."""
        return self.counts and self.since != "known"


class Assumption(NamedTuple):
    """A variable that the judgement assumed, and where that was read; a secret has no value."""

    name: str
    value: str
    source: str


class Note(NamedTuple):
    """Something about the reading itself that a user must know: an unreadable file, a local
    file that could override, an assumption about the command line."""

    message: str
    place: Place | None = None


class Refusal(NamedTuple):
    """A case in which production does not start: the settings raise `message` at `place`.

    A module that refuses to load without a variable is doing the right thing.
    """

    when: tuple[str, ...]
    message: str
    place: Place | None = None


class Configured(NamedTuple):
    """The configuration that an audit used, and where it stands; `sets` what it says, a phrase
    each ("exclude hsts"); `topology` what it says of what stands in front of Django."""

    place: Place
    sets: tuple[str, ...] = ()
    topology: tuple[str, ...] = ()


class Report(NamedTuple):
    """Everything that one audit has to say.

    `reasons` says why `module` was judged, a line each; `sources` maps a project file to its
    lines, secrets already masked, for the places that the findings name; `configured` is the
    project's own configuration, None if it has none; `folder` is where the project lies in its
    repository, as the start of a path: "backend/", or "" for its root.
    """

    project: str
    module: str
    django: str
    reasons: tuple[str, ...]
    assumed: tuple[Assumption, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    grade: str
    score: int
    sources: dict[Place, str]
    refusals: tuple[Refusal, ...] = ()
    configured: Configured | None = None
    folder: str = ""


class Comparison(NamedTuple):
    """What became of the weaknesses of a module, each a pair of control and severity.

    `open` are those that were there, and of which it cannot be said now: not known, ignored or
    not judged.
    """

    module: str
    new: tuple[tuple[str, Severity], ...] = ()
    worse: tuple[tuple[str, Severity], ...] = ()
    unchanged: tuple[tuple[str, Severity], ...] = ()
    fixed: tuple[tuple[str, Severity], ...] = ()
    open: tuple[tuple[str, Severity], ...] = ()


class Repair(NamedTuple):
    """One finding that `hardango fix` mends: `after` is what the control says then; `risks` what
    could break, a sentence each, empty for a safe one; `files` those that it changes, and
    `settings` the names; `diff` that change alone, secrets masked."""

    finding: Finding
    after: Finding
    risks: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    diff: str = ""


class Remaining(NamedTuple):
    """One finding that is not mended, and why; `unsafe` if --unsafe would mend it."""

    finding: Finding
    why: str
    unsafe: bool = False


class Repairs(NamedTuple):
    """Everything that one run of `hardango fix` has to say.

    `diff` is the whole change, secrets masked; `written` the files that were changed, empty if
    nothing was; `by_hand` what a person has to do besides, a sentence each; `asked` the variables
    that production has to set now, and `developer` what a developer's machine has; `before` and
    `after` the grades, "" if not all controls were asked for.
    """

    project: str
    module: str
    repairs: tuple[Repair, ...]
    remaining: tuple[Remaining, ...]
    diff: str
    written: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    developer: tuple[tuple[str, str], ...] = ()
    before: str = ""
    after: str = ""
