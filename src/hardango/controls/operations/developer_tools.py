"""Tools for developers are not open to visitors.

They show what a developer wants to see and an attacker, too: django-debug-toolbar every query with its data,
the settings, the session; django-silk the last requests of all users with their bodies and answers; a profiler
the code behind a page; django-sql-explorer lets who may use it ask the database anything; django-rosetta
changes the texts of the site; django-loginas and django-su make one user another.

Many of them look at DEBUG by themselves, and do nothing where it is off: django-browser-reload,
django-livereload-server, django-pdb, django-cprofile-middleware, and django-debug-toolbar unless
SHOW_TOOLBAR_CALLBACK says otherwise. hardango says so only of those that do not: silk is open to everybody
unless SILKY_AUTHENTICATION and SILKY_AUTHORISATION are on; pyinstrument's middleware profiles whatever page is
asked for with `?profile`; a function that decides who may use a tool, and always returns True, lets everybody. What
such a function of the project decides otherwise is not known.

Nothing breaks where tools are installed for development only: in its own settings module, or under
`if DEBUG:`, with its middleware and its URLs. No check of Django looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    good_at,
    unreadable,
)  # fmt: skip
from hardango.controls.packages import listed, may_be
from hardango.controls.stack import Presence
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

DEVELOPER_TOOLS = Control(
    "developer-tools",
    title="Tools for developers",
    weakness="A tool for developers is open to visitors",
    severity=Severity.HIGH,
    settings=(
        "INSTALLED_APPS", "MIDDLEWARE", "DEBUG_TOOLBAR_CONFIG", "SILKY_AUTHENTICATION",
        "SILKY_AUTHORISATION", "PYINSTRUMENT_SHOW_CALLBACK", "ROSETTA_REQUIRES_AUTH",
        "EXPLORER_TOKEN", "EXPLORER_PERMISSION_VIEW", "CAN_LOGIN_AS", "SU_LOGIN_CALLBACK",
    ),
    attack="Whoever finds the tool's address reads requests, queries and settings, or acts as "
    "somebody else.",
    remedy="Install the tool in the settings of development only, or let only staff use it.",
    references=(
        asvs("13.4.2"), asvs("13.4.5"), cwe(489), cwe(215),
        docs("https://django-debug-toolbar.readthedocs.io/en/latest/installation.html"),
        docs("https://github.com/jazzband/django-silk#authenticationauthorisation"),
    ),
)  # fmt: skip

ALWAYS = ", which returns True"
"""How the value of a function ends that lets everybody."""
NEVER = (", which returns False", ", which asks for DEBUG")


class Guard(NamedTuple):
    """A tool that a function decides about: the `app` that must be installed, the setting, what
    may be done by whom it lets, and what holds if the setting is not there ("": it is safe)."""

    app: str
    name: str
    may: str
    severity: Severity
    default: str = ""


GUARDS = (
    Guard("loginas", "CAN_LOGIN_AS", "log in as anybody else", Severity.CRITICAL),
    Guard("django_su", "SU_LOGIN_CALLBACK", "log in as anybody else", Severity.CRITICAL),
    Guard("explorer", "EXPLORER_PERMISSION_VIEW", "read the results of SQL", Severity.HIGH),
    Guard("explorer", "EXPLORER_PERMISSION_CHANGE", "run SQL on the database", Severity.HIGH),
    Guard("rosetta", "ROSETTA_ACCESS_CONTROL_FUNCTION", "change the texts of the site",
          Severity.HIGH),
    Guard("pyinstrument", "PYINSTRUMENT_SHOW_CALLBACK",
          "profile any page with ?profile, and read the code's names and paths", Severity.MEDIUM,
          "lets everybody"),
)  # fmt: skip

TOOLS = ("debug_toolbar", "silk", *dict.fromkeys(guard.app for guard in GUARDS))


@DEVELOPER_TOOLS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for guard in GUARDS:
        for case in installed(settings, guard.app, guard.name):
            yield from of_guard(settings, case, guard)
    for case in installed(settings, "debug_toolbar", "DEBUG_TOOLBAR_CONFIG"):
        yield from of_toolbar(settings, case)
    for case in installed(settings, "silk", "SILKY_AUTHENTICATION", "SILKY_AUTHORISATION"):
        yield from of_silk(settings, case)
    for case in installed(settings, "rosetta", "ROSETTA_REQUIRES_AUTH"):
        if is_off(case, "ROSETTA_REQUIRES_AUTH"):
            message = "ROSETTA_REQUIRES_AUTH is off: everybody may change the texts of the site"
            yield bad(case, message, "ROSETTA_REQUIRES_AUTH")
    for case in installed(settings, "explorer", "EXPLORER_TOKEN_AUTH_ENABLED", "EXPLORER_TOKEN"):
        if truth(case["EXPLORER_TOKEN_AUTH_ENABLED"]) and case.outcomes["EXPLORER_TOKEN"].default:
            message = (
                "EXPLORER_TOKEN is not set, and everybody knows its default: it lets read the "
            )
            yield bad(case, f"{message}results of SQL", "EXPLORER_TOKEN_AUTH_ENABLED")
    yield from of_unread(settings)
    yield good_at(settings, "No tool for developers is known to be open")


def of_unread(settings: Settings) -> Iterator[Judgement]:
    """Where an app could hide that is one of the tools."""
    name = "INSTALLED_APPS"
    for outcome in settings[name]:
        value = outcome.value
        if isinstance(value, Unknown):
            yield unreadable(outcome, why_unknown(name, value), severity=Severity.LOW)
            continue
        for item in value if isinstance(value, (list, tuple)) else ():
            if isinstance(item, Unknown) and any(may_be(item, tool) for tool in TOOLS):
                why = why_unknown(f"An item of {name}", item)
                yield unreadable(outcome, why, severity=Severity.LOW)


def installed(settings: Settings, app: str, *names: str) -> Iterator[Case]:
    """The cases in which an app, or a middleware of its module, is surely installed."""
    if any(mentions(settings, name, app) for name in ("INSTALLED_APPS", "MIDDLEWARE")):
        for case in settings.cases("INSTALLED_APPS", "MIDDLEWARE", *names):
            if listed(case, app).sure:
                yield case


def mentions(settings: Settings, name: str, app: str) -> bool:
    """Whether a list could name an app at all."""
    return any(
        isinstance(item, str) and (item == app or item.startswith(f"{app}."))
        for outcome in settings[name]
        for item in (outcome.value if isinstance(outcome.value, (list, tuple)) else ())
    )


def is_off(case: Case, name: str) -> bool:
    """Whether the project surely turns off a setting that is on by default."""
    return not case.outcomes[name].default and truth(case[name]) is False


def lets(settings: Settings, value: object) -> Presence:
    """Whether a function, given as such or by its dotted path, lets everybody: `sure` is None if
    that is not known, and `why` names it."""
    if isinstance(value, Unknown):
        name = answer = value.reason
    else:
        definition = settings.definition(value) if isinstance(value, str) else None
        name, answer = said(value), definition.result if definition is not None else ""
    if answer.endswith(ALWAYS):
        return Presence(True, name.removesuffix(ALWAYS))
    return Presence(False if answer.endswith(NEVER) else None, name)


def of_guard(settings: Settings, case: Case, guard: Guard) -> Iterator[Judgement]:
    """Whether the function that guards a tool lets everybody."""
    outcome = case.outcomes[guard.name]
    if outcome.default or outcome.value is None:
        if guard.default:
            message = f"{guard.app} is installed, and {guard.name} is not set, which "
            message += f"{guard.default} {guard.may}"
            yield bad(case, message, "MIDDLEWARE", severity=guard.severity)
        return
    found = lets(settings, outcome.value)
    if found.sure:
        message = f"{guard.name} always returns True: everybody may {guard.may}"
        yield bad(case, message, guard.name, severity=guard.severity)
    elif found.sure is None:
        message = f"Who may {guard.may} is decided by {guard.name}, and not known"
        yield unreadable(case, message, guard.name, severity=Severity.LOW)


MIDDLEWARE = "debug_toolbar.middleware.DebugToolbarMiddleware"
OF_TOOLBAR = "debug_toolbar.middleware."


def of_toolbar(settings: Settings, case: Case) -> Iterator[Judgement]:
    """Whether the toolbar can show itself where DEBUG is off."""
    stack: object = case["MIDDLEWARE"]
    options: object = case["DEBUG_TOOLBAR_CONFIG"]
    if isinstance(stack, (list, tuple)) and MIDDLEWARE not in stack:
        return
    name = "DEBUG_TOOLBAR_CONFIG"
    if isinstance(options, Unknown):
        yield unreadable(case, why_unknown(name, options), name, severity=Severity.MEDIUM)
        return
    callback = options.get("SHOW_TOOLBAR_CALLBACK") if isinstance(options, dict) else None
    if callback is None or (isinstance(callback, str) and callback.startswith(OF_TOOLBAR)):
        return
    found = lets(settings, callback)
    message = "SHOW_TOOLBAR_CALLBACK"
    if found.sure:
        message += (
            " always returns True: everybody sees queries, settings and sessions on each page"
        )
        yield bad(case, message, name)
    elif found.sure is None:
        message = f"Who sees the debug toolbar is decided by {message}, {found.why}, and not known"
        yield unreadable(case, message, name, severity=Severity.MEDIUM)


def of_silk(settings: Settings, case: Case) -> Iterator[Judgement]:
    """Whether silk shows the requests that it records."""
    login, staff = "SILKY_AUTHENTICATION", "SILKY_AUTHORISATION"
    on = [truth(case[name]) for name in (login, staff)]
    if on[1]:
        return
    for name, known in zip((login, staff), on, strict=True):
        value: object = case[name]
        if known is None and isinstance(value, Unknown):
            yield unreadable(case, why_unknown(name, value), name, severity=Severity.MEDIUM)
            return
    routes = settings.routes()
    at = [each for each in routes.found if each.included.startswith("silk.urls")]
    who = "everybody who has an account" if on[0] else "everybody"
    severity = Severity.MEDIUM if on[0] else Severity.HIGH
    for route in at:
        message = (
            f"django-silk answers at /{route.pattern.lstrip('^')}, and {staff} is off: {who} reads"
        )
        found = bad(case, f"{message} the recorded requests", login, severity=severity)
        yield found._replace(condition=case.condition & route.condition)
    if not at and routes.unresolved:
        message = (
            f"django-silk is installed, and {staff} is off; whether it has an address is not known"
        )
        yield unreadable(case, message, "INSTALLED_APPS", severity=Severity.MEDIUM)


STAFF = {
    "silk": ("SILKY_AUTHENTICATION", "SILKY_AUTHORISATION"), "rosetta": ("ROSETTA_REQUIRES_AUTH",),
}  # fmt: skip
"""Switches of tools that let only some users in."""
PROFILER = "pyinstrument.middleware.ProfilerMiddleware"


@DEVELOPER_TOOLS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Drop

    for guard in GUARDS:
        for case in installed(settings, guard.app, guard.name):
            if any(each.opinion is Opinion.BAD for each in of_guard(settings, case, guard)):
                yield from guarded(case, guard)
                break
    for case in installed(settings, "debug_toolbar", "DEBUG_TOOLBAR_CONFIG"):
        if any(each.opinion is Opinion.BAD for each in of_toolbar(settings, case)):
            yield Drop("DEBUG_TOOLBAR_CONFIG", ("SHOW_TOOLBAR_CALLBACK",), safe=False, risk="the "
                       "toolbar is shown only with DEBUG and to INTERNAL_IPS")  # fmt: skip
            break
    for app, switches in STAFF.items():
        for case in installed(settings, app, *switches):
            found = of_silk(settings, case) if app == "silk" else ()
            if any(each.opinion is Opinion.BAD for each in found) or is_off(case, switches[0]):
                for name in switches:
                    yield Assign(name, True, safe=False, risk=f"only those who may use {app} "
                                 "after logging in still can")  # fmt: skip
                break
    for case in installed(settings, "explorer", "EXPLORER_TOKEN_AUTH_ENABLED", "EXPLORER_TOKEN"):
        if truth(case["EXPLORER_TOKEN_AUTH_ENABLED"]) and case.outcomes["EXPLORER_TOKEN"].default:
            yield Assign("EXPLORER_TOKEN_AUTH_ENABLED", False, safe=False,
                         risk="programs that use the default token get no answer")  # fmt: skip
            break


def guarded(case: Case, guard: Guard) -> Iterator[Edit]:
    """A tool with its own default in the place of the function, or, where that lets everybody in,
    without its middleware."""
    from hardango.edits import Drop, Exclude

    if not case.outcomes[guard.name].default:
        yield Drop(guard.name, safe=False, risk=f"who may {guard.may} is decided by {guard.app}: "
                   "not everybody any more")  # fmt: skip
    if guard.default:
        yield Exclude("MIDDLEWARE", PROFILER, safe=False, risk="no page can be profiled")


@DEVELOPER_TOOLS.prove
def prove(site: Site) -> Iterator[Proof]:
    """The usual addresses of tools, each told by what its page says."""
    from hardango.controls.open_pages import TOOLS, prove_closed

    yield from prove_closed(site, TOOLS, "no tool answers at its usual address")
