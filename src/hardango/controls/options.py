"""Options of a package, most of which it keeps in one dictionary: REST_FRAMEWORK["NUM_PROXIES"].

What a control for a package asks: is the package used in this case, and what is this option of it?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hardango.controls.model import (
    Judgement,
    Opinion,
    bad,
    doubted,
    good,
    not_applicable,
    unreadable,
)
from hardango.controls.packages import LISTS, installed, used
from hardango.controls.stack import Presence
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import NamedTuple
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Case, Settings, Unknown


class Library(NamedTuple):
    """A package as its controls speak of it: its `title`, its distribution, its `app` or, if it is
    none, its `module`, its `own` settings, which nothing else reads, and the setting `getter` that
    can name a function which it asks for all of them instead."""

    title: str
    package: str
    app: str = ""
    module: str = ""
    own: tuple[str, ...] = ()
    getter: str = ""


REST_FRAMEWORK = Library(
    "Django REST framework", "djangorestframework", "rest_framework", own=("REST_FRAMEWORK",)
)
ALLAUTH = Library(
    "django-allauth", "django-allauth", "allauth.account", getter="ALLAUTH_SETTING_GETTER"
)
ALLAUTH_SOCIAL = Library(
    "the part of django-allauth for other sites' accounts",
    "django-allauth",
    "allauth.socialaccount",
    getter="ALLAUTH_SETTING_GETTER",
)
SIMPLE_JWT = Library(
    "djangorestframework-simplejwt", "djangorestframework-simplejwt",
    module="rest_framework_simplejwt", own=("SIMPLE_JWT",),
)  # fmt: skip


WHITENOISE = Library("WhiteNoise", "whitenoise", "whitenoise")
HIJACK = Library("django-hijack", "django-hijack", "hijack")


def judged_where_used(
    settings: Settings,
    deployment: Deployment,
    library: Library,
    judge: Callable[[Case], Iterable[Judgement]],
    *names: str,
) -> Iterator[Judgement]:
    """What `judge` says of every case that the library's own settings and `names` have, where the
    library is used."""
    there: dict[str, Condition] = {}
    for case in settings.cases(*LISTS, *library.own):
        found = in_case(settings, case, deployment, library)
        if found.sure is False:
            yield not_applicable(case, f"{library.title} is not used", *LISTS)
            continue
        why = "" if found.sure else f"whether {library.title} is used is not known: {found.why}"
        there[why] = there.get(why, settings.space.false) | case.condition
    asked = (library.getter,) if library.getter and library.getter in settings else ()
    unnamed = not any(
        name in settings and name not in settings.defaults for name in (*library.own, *names)
    )
    for case in settings.cases(*dict.fromkeys((*library.own, *names, *asked))) if there else ():
        for why, condition in there.items():
            both = case.condition & condition
            if both.possible and asked and not case.outcomes[library.getter].default:
                message = f"{library.title} is told its settings by {library.getter}, which hardango does not read"
                yield unreadable(Case(case.outcomes, both), message, library.getter)
            elif both.possible:
                for each in judge(Case(case.outcomes, both)):
                    yield of_maybe(doubted(each, why), why and unnamed)


def of_maybe(judgement: Judgement, nobody_names: object = True) -> Judgement:
    """A judgement of a library that may be used; if nothing here names it, what is not known would
    be told of every library there is."""
    hidden = nobody_names and judgement.opinion is Opinion.UNREADABLE
    return judgement._replace(pedantic=True) if hidden else judgement


def in_case(settings: Settings, case: Case, deployment: Deployment, library: Library) -> Presence:
    """Whether a library is used in a case. Who sets its options or, if it is no app, names
    something in it, uses it."""
    named = not library.app and library.module in settings.mentioned()
    configured = any(not case.outcomes[name].default for name in library.own if name in settings)
    if named or (configured and installed(deployment, library.package).sure is not False):
        return Presence(True)
    return used(
        settings, case, deployment, app=library.app, package=library.package, module=library.module
    )


class Option(NamedTuple):
    """One option: its value, which is the library's default if the project does not set it. With
    `key` "" it is the whole setting."""

    setting: str
    key: str
    value: object
    default: bool

    @property
    def name(self) -> str:
        """`REST_FRAMEWORK["NUM_PROXIES"]`."""
        return f'{self.setting}["{self.key}"]' if self.key else self.setting

    @property
    def stated(self) -> str:
        """How it stands, in words. Never for a secret."""
        if self.default:
            return f"{self.name} is not set, and the default is {said(self.value)}"
        return f"{self.name} is {said(self.value)}"

    @property
    def unread(self) -> str:
        """Why its value is not known, "" if it is."""
        return why_unknown(self.name, self.value) if isinstance(self.value, Unknown) else ""


def option(case: Case, setting: str, key: str, default: object = None) -> Option:
    """The option `key` of the dictionary `setting` in a case."""
    value: object = case[setting]
    if isinstance(value, dict):
        if key in value:
            return Option(setting, key, value[key], False)
        hidden = next((each for each in value if isinstance(each, Unknown)), None)
        if hidden is not None:
            return Option(setting, key, hidden, False)
    elif isinstance(value, Unknown):
        return Option(setting, key, value, False)
    return Option(setting, key, default, True)


def whole(case: Case, setting: str, default: object = None) -> Option:
    """A setting that is one option, not a dictionary of them."""
    outcome = case.outcomes[setting]
    return Option(setting, "", default if outcome.default else outcome.value, outcome.default)


def of_switch(
    case: Case,
    found: Option,
    wanted: bool,
    consequence: str,
    severity: Severity | None = None,
    *,
    pedantic: bool = False,
) -> Judgement:
    """Whether an option is on, or off, as it is `wanted`; what follows if not."""
    known = truth(found.value)
    if known is None:
        judged = unreadable(case, found.unread or found.stated, found.setting, severity=severity)
        return judged._replace(pedantic=pedantic)
    if known is wanted:
        return good(case, found.stated, found.setting)
    message = f"{found.stated}: {consequence}"
    return bad(case, message, found.setting, severity=severity, pedantic=pedantic)


def classes(value: object) -> list[str] | None:
    """The dotted names of the classes in an option, "" for one that is not known; None if the
    option is no list of them. A class that the settings import is there by its name."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, (list, tuple)):
        return None
    return [_class_name(each) for each in value]


def _class_name(item: object) -> str:
    if isinstance(item, str):
        return item
    plain = isinstance(item, Unknown) and not (item.variables or item.several or item.choices)
    name = item.subject if plain and isinstance(item, Unknown) else ""
    return name if name.replace(".", "_").isidentifier() and "." in name else ""


def stated_classes(found: Option) -> str:
    """How an option that lists classes stands, in words."""
    names = [name.rpartition(".")[2] or "an item that could not be read"
             for name in classes(found.value) or ()]  # fmt: skip
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if found.default:
        return f"{found.name} is not set, and the default is {listed or 'none'}"
    return f"{found.name} is {listed or 'empty'}"
