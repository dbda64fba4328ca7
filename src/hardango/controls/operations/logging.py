"""Somebody learns of errors and of attacks.

Whoever looks for a hole makes errors: signatures that do not match, paths with too many dots, host names that are
not the site's, views that fail on what nobody had thought of. Django logs all of them, to `django.request` and
`django.security.*`. If the records reach nobody, the search can go on for weeks, and afterwards nobody can tell what
was taken.

Where DEBUG is off, Django's default logging writes nothing to the console: its handler works only with DEBUG, and
errors are mailed to ADMINS, which is empty by default. Any LOGGING with a handler for the root logger or `django` mends
it; so do ADMINS, and a service such as Sentry. The classic trap is `disable_existing_loggers`, which is on unless it is
turned off: a LOGGING that does not name `django` then disables `django.request`, and the errors of views vanish even though
the root logger has a handler.

hardango applies LOGGING by the rules of `logging.config`, and follows records of errors and of suspicious requests
to their handlers: a stream, a file, a service, the mail to ADMINS, or none. `django.security.DisallowedHost`, which many
silence because of its noise, is not asked for. No check of Django looks at it. What breaks with more logging is a full
disk; log to the console in a container.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.log_records import LEVELS, destination
from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.packages import imported, in_use, listed
from hardango.controls.stack import speaks_of, stack_setting, texts
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

LOGGING = Control(
    "logging",
    title="Logging that reaches somebody",
    weakness="Nobody learns of errors or attacks",
    severity=Severity.LOW,
    settings=("LOGGING", "LOGGING_CONFIG", "ADMINS"),
    attack="Whoever searches for a hole, or has found one, is not noticed.",
    remedy='Give LOGGING "disable_existing_loggers": False and a root logger with a StreamHandler, set '
    "ADMINS, or report errors to a service.",
    references=(
        asvs("16.3.4"), asvs("16.2.3"), cwe(778), cwe(223), docs("ref/logging/"),
        docs("topics/logging/#configuring-logging"), docs("ref/settings/#logging"),
    ),
)  # fmt: skip

APPLIED = "logging.config.dictConfig"
EVENTS = (
    ("django.request", "errors of views"),
    ("django.security.SuspiciousOperation", "suspicious requests"),
)
"""The loggers that are asked for, each with what it tells of."""

LEVELS_OF_ERRORS = ("NOTSET", "DEBUG", "INFO", "WARNING", "ERROR")

MUTE = ("django.request", "django.security")
"""The loggers to which handlers are given where these reach nobody."""

SERVICES = {
    "sentry_sdk": "sentry-sdk", "raven": "raven", "rollbar": "rollbar", "bugsnag": "bugsnag",
    "honeybadger": "honeybadger", "elasticapm": "elastic-apm", "newrelic": "newrelic",
    "ddtrace": "ddtrace", "opentelemetry": "opentelemetry-api", "pybrake": "pybrake",
    "scout_apm": "scout-apm", "appsignal": "appsignal", "logfire": "logfire",
    "applicationinsights": "applicationinsights", "opencensus": "opencensus",
    "posthog": "posthog", "atatus": "atatus", "airbrake": "airbrake",
}  # fmt: skip
"""What reports errors to a service: its module, and its distribution."""

REPORTING = ("logger", "logging", "capture", "mail_admins", "traceback", "report", "notify")
"""Words in a middleware that tells somebody of an exception."""

LISTS = ("INSTALLED_APPS", "MIDDLEWARE", "AUTHENTICATION_BACKENDS")


@LOGGING.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    started = settings.space.false
    for call in settings.calls("sentry_sdk.init"):
        dsn = call.arguments[0] if call.arguments else call.keywords.get("dsn")
        if dsn is None or truth(dsn) is not False:
            started = started | call.condition
    for case in settings.cases("LOGGING", "LOGGING_CONFIG", "ADMINS", *LISTS):
        service = next((name for name in SERVICES if listed(case, name).sure), "")
        if service:
            yield good(case, f"Errors are reported by {service}")
            continue
        if case.condition.meets(started):
            reported = good(case, "Errors are reported to Sentry")
            yield reported._replace(condition=case.condition & started)
        rest = case.condition & ~started
        if rest.possible:
            found = of_loggers(settings, deployment, case, started)
            # Where an operator need only name the service, what holds without it is told on demand.
            beside = started.possible and found.opinion is Opinion.BAD
            yield found._replace(condition=rest, pedantic=beside)


def of_loggers(
    settings: Settings, deployment: Deployment, case: Case, started: Condition
) -> Judgement:
    """Where records of Django go in one case."""
    value: object = case["LOGGING"]
    config: object = case["LOGGING_CONFIG"]
    if config != APPLIED:
        return of_own_way(settings, case, config)
    if isinstance(value, Unknown):
        return unreadable(case, why_unknown("LOGGING", value), "LOGGING")
    if value and not isinstance(value, dict):
        return unreadable(case, f"LOGGING is {said(value)}, no dict", "LOGGING")
    mine = value if isinstance(value, dict) and value else None
    if mine is not None and (
        mine.get("incremental") or any(isinstance(key, Unknown) for key in mine)
    ):
        return unreadable(case, "LOGGING could not be read as a whole", "LOGGING")
    lost: dict[str, list[str]] = {}
    for name, what in EVENTS:
        found = destination(settings, mine, case["ADMINS"], name, LEVELS["ERROR"])
        if found.sure is None:
            message = f"Whether {what} are logged where somebody looks is not known"
            return unreadable(case, f"{message}: {found.why}", "LOGGING")
        if not found.sure:
            lost.setdefault(found.why, []).append(what)
    if not lost:
        return good(case, "Errors and suspicious requests are logged", "LOGGING")
    doubt = another(settings, deployment, case, started)
    whole = "; ".join(f"{' and '.join(what)} reach nobody: {why}" for why, what in lost.items())
    subject = "With LOGGING, " if mine is not None else "LOGGING is not set, and "
    if doubt:
        return unreadable(case, f"{subject}{whole}; {doubt}", "LOGGING")
    return bad(case, f"{subject}{whole}", "LOGGING")


def of_own_way(settings: Settings, case: Case, config: object) -> Judgement:
    """What is to be said where Django does not apply LOGGING itself."""
    name = "LOGGING_CONFIG"
    if isinstance(config, Unknown):
        return unreadable(case, why_unknown(name, config), name)
    message = f"{name} is {said(config)}"
    if config:
        return unreadable(case, f"{message}, of which hardango does not know what it does", name)
    if imported(settings, case, "logging.config") or not case.outcomes["LOGGING"].default:
        return unreadable(
            case, f"{message}, and how the project sets up logging is not known", name
        )
    return good(case, f"{message}: Python writes warnings to the standard error", name)


def another(settings: Settings, deployment: Deployment, case: Case, started: Condition) -> str:
    """What else could tell of errors; "" if nothing could. Of Sentry it is known where it is
    `started`, if it is at all."""
    for module, package in SERVICES.items():
        if module == "sentry_sdk" and started.possible:
            continue
        if imported(settings, case, module) or in_use(deployment, package) is not None:
            return f"whether {package} reports them is not known"
    name = stack_setting(settings)
    for item in texts(case[name]) if name in case.outcomes else ():
        definition = None if item.startswith("django.") else settings.definition(item)
        if definition is None or "process_exception" not in definition.overrides:
            continue
        if speaks_of(definition, REPORTING):
            return f"what {said(item)} does with them is not known"
    return ""


CONSOLE = {"class": "logging.StreamHandler"}
NAMES = ("console", "stderr", "errors", "hardango")
"""What a new handler can be called."""


@LOGGING.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    # What a local file, or the environment, could say instead stays as it is.
    from hardango.edits import Assign

    values = [each.value for each in settings["LOGGING"] if each.known]
    if len(values) != 1 or any(
        each.known and each.value != APPLIED for each in settings["LOGGING_CONFIG"]
    ):
        return
    (value,) = values
    if not value:
        yield Assign(
            "LOGGING",
            {
                "version": 1,
                "disable_existing_loggers": False,
                "handlers": {"console": CONSOLE},
                "root": {"handlers": ["console"], "level": "WARNING"},
            },
            # Django prints there what happens while DEBUG is on, and would do so twice.
            development={},
        )
    elif isinstance(value, dict) and not any(isinstance(key, Unknown) for key in value):
        yield from completed(settings, value)


def completed(settings: Settings, value: dict[object, object]) -> Iterator[Edit]:
    """What a configuration needs so that records reach the standard error."""
    from hardango.edits import Entry

    mended = value
    if truth(value.get("disable_existing_loggers", True)) is not False:
        yield Entry("LOGGING", ("disable_existing_loggers",), False)
        mended = {**value, "disable_existing_loggers": False}
    loggers = value.get("loggers")
    for name, spec in loggers.items() if isinstance(loggers, dict) else ():
        quiet = isinstance(spec, dict) and spec.get("level") in ("CRITICAL", "FATAL")
        if quiet and any(event.startswith(str(name)) for event, _ in EVENTS):
            yield Entry("LOGGING", ("loggers", str(name), "level"), "ERROR")
            return
    admins = next((each.value for each in settings["ADMINS"]), [])
    found = [destination(settings, mended, admins, name, LEVELS["ERROR"]) for name, _ in EVENTS]
    if all(each.sure for each in found):
        return
    handlers, root = value.get("handlers", {}), value.get("root") or {}
    if not isinstance(handlers, dict) or not isinstance(root, dict):
        return
    there: object = root.get("handlers", [])
    if not isinstance(there, (list, tuple)) or any(not isinstance(each, str) for each in there):
        return
    mute = [name for name, each in zip(MUTE, found, strict=True) if not each.sure]
    loggers = loggers if isinstance(loggers, dict) else {}
    printing = printers(loggers, handlers)
    if printing and not any(name in loggers for name in mute):
        # What these loggers print already, a handler of the root logger would print again.
        for name in mute:
            yield Entry(
                "LOGGING", ("loggers", name), {"handlers": printing[:1], "level": "WARNING"}
            )
        return
    plain = (each for each, spec in handlers.items() if isinstance(spec, dict)
             and {"class", "formatter"} >= set(spec) and spec.get("class") == CONSOLE["class"])  # fmt: skip
    name = next(plain, "") or next((each for each in NAMES if each not in handlers), NAMES[0])
    if name not in handlers:
        yield Entry("LOGGING", ("handlers", name), CONSOLE)
    if not root:
        yield Entry("LOGGING", ("root",), {"handlers": [name], "level": "WARNING"})
    elif name not in there:
        yield Entry("LOGGING", ("root", "handlers"), [*there, name])


def printers(loggers: dict[object, object], handlers: dict[object, object]) -> list[str]:
    """The handlers that print errors, and have records which go on to the root logger."""
    used = [spec.get("handlers") for spec in loggers.values()
            if isinstance(spec, dict) and spec.get("propagate", True)]  # fmt: skip
    names = [name for each in used if isinstance(each, (list, tuple)) for name in texts(each)]
    return [name for name in dict.fromkeys(names) if prints_errors(handlers.get(name))]


def prints_errors(handler: object) -> bool:
    if not isinstance(handler, dict) or handler.get("class") != CONSOLE["class"]:
        return False
    return "filters" not in handler and handler.get("level", "ERROR") in LEVELS_OF_ERRORS
