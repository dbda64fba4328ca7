"""What a control is made of: its data, its story, and what its audit says of the settings.

A control is one file. Its docstring is the story, its `Control` the data, and the function under
`@CONTROL.audit` yields a `Judgement` for each case that the settings can be in:

    @NOSNIFF.audit
    def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
        for outcome in settings["SECURE_CONTENT_TYPE_NOSNIFF"]:
            if truth(outcome.value):
                yield good(outcome, "the header is sent")
            else:
                yield bad(outcome, "the header is not sent")

How judgements become a verdict is said in `judge`. Under `@CONTROL.fix` stands what would have to
be so in the settings: plain `edits`; where and how a file is changed is decided in `hardango.fix`.
Under `@CONTROL.prove` stands what shows it on a running site: an oracle, made of the plain data of
`hardango.evidence`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable

from hardango.findings import Place, Severity
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Case, Outcome, Reading, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site


class Opinion(enum.Enum):
    """What an audit says of one case."""

    GOOD = "good"
    BAD = "bad"
    UNREADABLE = "unreadable"
    ELSEWHERE = "satisfied elsewhere"
    NOT_APPLICABLE = "not applicable"


class NotJudged(Exception):
    """An audit has nothing to judge by here; the text is one clear sentence that says what it lacks."""


class Judgement(NamedTuple):
    """An opinion with its reason. `severity` is that of this reason, None for the control's own;
    `chain` the places that led to the value, the deciding one last. `weakness` and `attack` say
    what is broken and what that gives an attacker, where it is not what the control itself says;
    a `pedantic` one counts only where hardening beyond the common need is asked for. `about` names
    what it speaks of, where that is no setting of the control."""

    opinion: Opinion
    message: str
    condition: Condition
    chain: tuple[Place, ...] = ()
    severity: Severity | None = None
    weakness: str = ""
    attack: str = ""
    pedantic: bool = False
    about: str = ""


def good(at: Outcome | Case, message: str, *names: str) -> Judgement:
    """The case `at` is as it should be. `names`: see `bad`."""
    return Judgement(Opinion.GOOD, message, at.condition, _chain(at, names))


def bad(
    at: Outcome | Case,
    message: str,
    *names: str,
    severity: Severity | None = None,
    pedantic: bool = False,
) -> Judgement:
    """The protection is surely broken in the case `at`.

    `names` are the settings of a `Case` that decide, the most telling first.
    """
    message += _origin(at, _readings(at, names))
    found = Judgement(Opinion.BAD, message, at.condition, _chain(at, names), severity)
    return found._replace(pedantic=pedantic)


def bad_at(
    settings: Settings,
    message: str,
    *chain: Place,
    severity: Severity | None = None,
    pedantic: bool = False,
    about: str = "",
) -> Judgement:
    """The protection is broken in every case, by something outside the settings, at `chain`;
    `about` names it, without its place."""
    found = Judgement(Opinion.BAD, message, settings.space.true, chain, severity)
    return found._replace(pedantic=pedantic, about=about)


def good_at(settings: Settings, message: str, *chain: Place) -> Judgement:
    """Something outside the settings is as it should be, in every case."""
    return Judgement(Opinion.GOOD, message, settings.space.true, chain)


def unreadable_at(settings: Settings, message: str, *chain: Place) -> Judgement:
    """Something outside the settings could be good or bad; the message says why."""
    return Judgement(Opinion.UNREADABLE, message, settings.space.true, chain)


def nothing_to_protect(settings: Settings, message: str, *chain: Place) -> Judgement:
    """The control has nothing to protect in this project, in no case."""
    return Judgement(Opinion.NOT_APPLICABLE, message, settings.space.true, chain)


def elsewhere(at: Outcome | Case, message: str, *names: str) -> Judgement:
    """Django does not protect in the case `at`; the user's configuration says what does."""
    return Judgement(Opinion.ELSEWHERE, message, at.condition, _chain(at, names))


def unreadable(
    at: Outcome | Case, message: str, *names: str, severity: Severity | None = None
) -> Judgement:
    """The case `at` could be good or bad; the message says where knowledge ended."""
    return Judgement(Opinion.UNREADABLE, message, at.condition, _chain(at, names), severity)


def not_applicable(at: Outcome | Case, message: str, *names: str) -> Judgement:
    """There is nothing to protect in the case `at`."""
    return Judgement(Opinion.NOT_APPLICABLE, message, at.condition, _chain(at, names))


def doubted(judgement: Judgement, why: str) -> Judgement:
    """A bad judgement that holds only if there is something to protect, of which `why` says that
    it is not known; "": it is known."""
    if not why or judgement.opinion is not Opinion.BAD:
        return judgement
    return judgement._replace(opinion=Opinion.UNREADABLE, message=f"{judgement.message}, and {why}")


def _chain(at: Outcome | Case, names: tuple[str, ...]) -> tuple[Place, ...]:
    if isinstance(at, Case):
        return at.chain(*(names or at.outcomes))
    return at.chain


def _readings(at: Outcome | Case, names: tuple[str, ...]) -> tuple[Reading, ...]:
    if isinstance(at, Case):
        for name in names:
            if at.outcomes[name].readings:
                return at.outcomes[name].readings
        return ()
    return at.readings


def _origin(at: Outcome | Case, readings: Iterable[Reading]) -> str:
    """Where the variables with a known value stand, for the end of a message; not those whose
    value counts in other cases only."""
    when = at.condition.describe() if readings else ()
    said = [
        f"{variable} is set by {place.file}" if place.line < 1 else f"{variable} is set at {place}"
        for variable, place in dict.fromkeys(readings)
        if f"{variable} is set where production starts" not in when
    ]
    return f" ({', '.join(said[:3])})" if said else ""


class Reference(NamedTuple):
    """A source of the rule: what it is called and where it can be read."""

    text: str
    url: str


DJANGO_DOCS = "https://docs.djangoproject.com/en/stable/"


def django_check(id: str) -> Reference:
    """A check of `manage.py check --deploy`, such as "security.W004", that the control replaces: it
    judges at least what the check looks at."""
    return Reference(id, f"{DJANGO_DOCS}ref/checks/#security")


def rfc(number: int, section: str = "") -> Reference:
    at = f"#section-{section}" if section else ""
    return Reference(
        f"RFC {number}" + (f" §{section}" if section else ""),
        f"https://www.rfc-editor.org/rfc/rfc{number}.html{at}",
    )


def asvs(requirement: str) -> Reference:
    """A requirement of the OWASP Application Security Verification Standard 5.0."""
    return Reference(
        f"ASVS {requirement}",
        "https://owasp.org/www-project-application-security-verification-standard/",
    )


def cwe(number: int) -> Reference:
    return Reference(f"CWE-{number}", f"https://cwe.mitre.org/data/definitions/{number}.html")


def docs(url: str) -> Reference:
    """A page: a full address, or a path below Django's documentation ("ref/settings/#debug")."""
    full = url if "://" in url else DJANGO_DOCS + url
    return Reference(full, full)


PEDANTIC = "pedantic"
"""The folder, in that of its section or package, of a control that is judged on demand only."""

Audit = Callable[[Settings, Deployment], Iterable[Judgement]]
Fix = Callable[[Settings, Deployment], "Iterable[Edit]"]
Oracle = Callable[["Site"], "Iterable[Proof]"]


class Control:
    """One protection with one name.

    `title` names the protection without saying how it stands; `weakness` is the headline when it
    is broken; `attack` is one sentence: what an attacker gains; `remedy` one or two sentences.
    `severity` is that of the plain failure; a judgement can carry its own. `settings` are the
    names that decide, the leading one first. `assumes_debug_off` is false for a control that is
    judged also where DEBUG is on; `person` completes "it needs a person, since …" for a control
    that `hardango fix` leaves to one; a `pedantic` one is hardening beyond the common need, and judged
    only on demand: its file lies in a folder of that name. A control without an audit is listed as not yet judged.
    """

    def __init__(
        self,
        name: str,
        *,
        title: str,
        weakness: str,
        severity: Severity,
        attack: str,
        remedy: str,
        settings: tuple[str, ...] = (),
        references: tuple[Reference, ...] = (),
        assumes_debug_off: bool = True,
        person: str = "",
        story: str | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self.weakness = weakness
        self.severity = severity
        self.attack = attack
        self.remedy = remedy
        self.settings = settings
        self.references = references
        self.assumes_debug_off = assumes_debug_off
        self.person = person
        self.pedantic = False
        self.story = (story or "").strip()
        self.examine: Audit | None = None
        self.repair: Fix | None = None
        self.oracle: Oracle | None = None

    def audit(self, function: Audit) -> Audit:
        """Make `function` the audit of this control, and the docstring of its file the story."""
        self.examine = function
        file = getattr(function, "__globals__", {})
        self.story = self.story or (file.get("__doc__") or "").strip()
        self.pedantic = (file.get("__package__") or "").endswith(f".{PEDANTIC}")
        return function

    def fix(self, function: Fix) -> Fix:
        """Make `function` say which edits mend what the audit found."""
        self.repair = function
        return function

    def prove(self, function: Oracle) -> Oracle:
        """Make `function` show, by requests to a running site, whether the protection works."""
        self.oracle = function
        file = getattr(function, "__globals__", {})
        self.story = self.story or (file.get("__doc__") or "").strip()
        self.pedantic = (file.get("__package__") or "").endswith(f".{PEDANTIC}")
        return function

    @property
    def replaces(self) -> tuple[str, ...]:
        """The ids of Django's own checks that the control replaces."""
        return tuple(each.text for each in self.references if each.text.startswith("security."))

    @property
    def fixable(self) -> bool:
        """Whether `hardango fix` can repair it."""
        return self.repair is not None

    @property
    def judged(self) -> bool:
        """Whether this version can judge the control."""
        return self.examine is not None

    @property
    def live(self) -> bool:
        """Whether no setting decides it, and only a request can show it."""
        return self.examine is None and self.oracle is not None

    def __repr__(self) -> str:
        return f"<Control {self.name}>"
