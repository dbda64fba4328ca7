"""What production installs and what is known of it: plain data that `hardango deps` shares with
the renderers."""

from __future__ import annotations

from hardango.findings import Finding, Ignored, Note, Place, Severity
from hardango.light import NamedTuple


class Pin(NamedTuple):
    """A package that production installs, by the name that PyPI normalises; `version` as the file
    writes it, "" if the file does not pin one, and then `asked` is what it allows.

    `origin` is "index", or where else the package comes from: "git", "address", "path", "conda".
    `marker` is the condition (PEP 508) under which it is installed, "" for always; `use` is
    "production" or "development".
    """

    name: str
    version: str
    place: Place
    asked: str = ""
    origin: str = "index"
    marker: str = ""
    use: str = "production"


class Hole(NamedTuple):
    """One published vulnerability that affects a package; `ids` are all its names, the one that
    people know best first.

    `score` is the CVSS base score, None if no vector was published or it is of a version that is
    not computed; `rated` tells where the severity comes from. `fixed` are the versions that mend
    it, of every series, oldest first. `unreached` says why it cannot reach this project, "" if it
    can or that is not known. `ignored` is why it does not count, None if it does.
    """

    ids: tuple[str, ...]
    summary: str
    severity: Severity
    score: float | None = None
    rated: str = ""
    fixed: tuple[str, ...] = ()
    published: str = ""
    url: str = ""
    unreached: str = ""
    ignored: Ignored | None = None

    @property
    def counts(self) -> bool:
        return self.ignored is None


class Release(NamedTuple):
    """What the package index says of a package beside the version that is installed.

    `latest` is the newest release that the project's Python can run, `in_series` the newest one
    with the same first numbers; `behind` how many days lie between the installed one and `latest`, 0 if
    the index does not tell and None if the installed one is the latest; `versions` all that the
    project's Python can run; `yanked` why the installed one was withdrawn, None if it was not;
    `failure` why the index could not be asked.
    """

    latest: str = ""
    in_series: str = ""
    behind: int | None = None
    yanked: str | None = None
    failure: str = ""
    versions: tuple[str, ...] = ()


class Way(NamedTuple):
    """The way out of what is wrong with a package: the nearest `version` without a known hole, ""
    if there is none, the `command` that installs it, and what else there is to say."""

    version: str = ""
    command: str = ""
    said: str = ""


class Judged(NamedTuple):
    """One package with everything that is known of it; `unknown` says why it could not be looked
    up, "" if it was."""

    pin: Pin
    holes: tuple[Hole, ...] = ()
    unknown: str = ""
    release: Release | None = None
    way: Way | None = None

    @property
    def vulnerable(self) -> bool:
        """Whether a hole counts."""
        return any(each.counts for each in self.holes)

    @property
    def severity(self) -> Severity:
        """That of the worst hole that counts."""
        return max((each.severity for each in self.holes if each.counts), default=Severity.INFO)


class Consulted(NamedTuple):
    """Where the advisories come from: `said` names it for people; `date` is the day of its newest
    record ("2026-11-25"), "" for a service, which answers as of now; `age` in days."""

    said: str
    date: str = ""
    age: int = 0
    records: int = 0


class Supported(NamedTuple):
    """Django or Python, and its support: `name` "Django" or "Python"; `series` as "5.2"; `until`
    the last day with security fixes, "" if no table tells; `latest` the newest patch level of the
    series that is known, "" if that is not known; `severity` how much it matters, INFO if it is
    all right; `said` what there is to say."""

    name: str
    series: str
    until: str
    severity: Severity
    said: str
    place: Place | None = None
    remedy: str = ""


class Dependencies(NamedTuple):
    """Everything that one run of `hardango deps` has to say.

    `files` are what production installs from, and `reason` says how that is known; `manager` is
    the program that writes the file ("uv", "poetry", "pdm", "pipenv", "pip"); `consulted` is None if
    nothing was looked up, and then `failure` says why. `index_asked` is the package index that was asked, "" if none was. `findings` is the same as other formats
    show it: one for each package, for each unsupported version, and for what is not pinned; `grade`
    and `score` are what the audit's formula makes of them.
    """

    project: str
    files: tuple[str, ...]
    reason: str
    manager: str
    judged: tuple[Judged, ...]
    supported: tuple[Supported, ...]
    consulted: Consulted | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    failure: str = ""
    folder: str = ""
    sources: dict[Place, str] = {}
    grade: str = ""
    score: int = 0
    index_asked: str = ""
