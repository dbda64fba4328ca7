"""Mails about errors leave passwords and keys out.

Where DEBUG is off, Django mails ADMINS a report of every error: the request with its headers, cookies and what was
sent, the settings, and in HTML the local variables of each frame. Mail is read by more people than the database, is
kept for years, and often travels and lies in plain text. Whoever gets at one mailbox reads what is in the reports.

`SafeExceptionReporterFilter` masks what a name gives away, and what views have marked with `sensitive_variables` and
`sensitive_post_parameters`. The marks count only where `settings.DEBUG is False`: with `DEBUG = int(os.environ.get("DEBUG", 0))` it
is 0, the site runs as without debug mode, and what is marked is mailed all the same. A filter of the project's own can
do more, or less. `include_html` of AdminEmailHandler adds the local variables, which is too much for mail.

Nothing breaks with the defaults: `bool(…)` around the number, no `include_html`, and a filter that extends Django's by
longer patterns. Where ADMINS is empty no report is mailed, and this control has nothing to judge. No check of Django looks
at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    doubted,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

FILTER, REPORTER = "DEFAULT_EXCEPTION_REPORTER_FILTER", "DEFAULT_EXCEPTION_REPORTER"
ERROR_REPORTS = Control(
    "error-reports",
    title="What mails about errors tell",
    weakness="Mails about errors carry what should be masked",
    severity=Severity.LOW,
    settings=("DEBUG", FILTER, REPORTER, "LOGGING", "ADMINS"),
    attack="Whoever reads the mailbox of an administrator reads passwords, sessions and users' data.",
    remedy="Make DEBUG a bool, leave out include_html, and extend SafeExceptionReporterFilter only by "
    "longer patterns.",
    references=(
        asvs("16.2.5"), cwe(532), cwe(209), docs("howto/error-reporting/#filtering-sensitive-information"),
        docs("ref/logging/#django.utils.log.AdminEmailHandler"),
    ),
)  # fmt: skip

OF_DJANGO = {
    FILTER: "django.views.debug.SafeExceptionReporterFilter",
    REPORTER: "django.views.debug.ExceptionReporter",
}
NOTHING = "django.views.debug.ExceptionReporterFilter"
"""The filter of Django before 3.1 that masks nothing."""

DECIDING = {
    FILTER: frozenset((
        "is_active", "get_safe_settings", "cleanse_setting", "get_safe_request_meta", "get_safe_cookies",
        "get_post_parameters", "get_cleansed_multivaluedict", "cleanse_special_types",
        "get_traceback_frame_variables", "hidden_settings",
    )),
    REPORTER: frozenset(("__init__", "get_traceback_data", "get_traceback_text")),
}  # fmt: skip
"""What a class of the project must not touch for it to be known what it masks."""


@ERROR_REPORTS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    names = [name for name in ("DEBUG", FILTER, REPORTER, "LOGGING", "ADMINS") if name in settings]
    for case in settings.cases(*names):
        mailed = truth(case["ADMINS"])
        if mailed is False:
            yield not_applicable(case, "ADMINS is empty: no error is mailed", "ADMINS")
            continue
        doubt = "" if mailed else "whether ADMINS is empty is not known"
        for each in of_case(settings, case):
            yield doubted(each, doubt)
        yield good(case, "What is mailed about errors is masked as Django does", "ADMINS")


def of_case(settings: Settings, case: Case) -> Iterator[Judgement]:
    """What makes reports tell more than they should."""
    debug: object = case["DEBUG"]
    if not isinstance(debug, (bool, Unknown)) and not debug:
        message = (
            f"DEBUG is {said(debug)}, which is not False: what views mark as sensitive is mailed"
        )
        yield bad(case, message, "DEBUG")
    for name in (FILTER, REPORTER):
        if name in case.outcomes:
            yield from of_class(settings, case, name)
    logging: object = case["LOGGING"]
    handlers: object = logging.get("handlers") if isinstance(logging, dict) else None
    for handler in handlers.values() if isinstance(handlers, dict) else ():
        if isinstance(handler, dict) and truth(handler.get("include_html", False)):
            message = (
                "include_html is on: mails about errors have the local variables of each frame"
            )
            yield bad(case, message, "LOGGING")


def of_class(settings: Settings, case: Case, name: str) -> Iterator[Judgement]:
    """What is known of a filter or a reporter that is not Django's own."""
    value: object = case[name]
    if value == OF_DJANGO[name]:
        return
    if isinstance(value, Unknown):
        yield unreadable(case, why_unknown(name, value), name)
    elif value == NOTHING:
        yield bad(case, f"{name} is {said(value)}, which masks nothing", name)
    else:
        definition = settings.definition(value) if isinstance(value, str) else None
        if definition is not None and OF_DJANGO[name] in definition.bases:
            if not DECIDING[name] & definition.overrides:
                return
        yield unreadable(case, f"What {said(value)} in {name} leaves unmasked is not known", name)


@ERROR_REPORTS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Drop, Entry

    for outcome in settings["DEBUG"]:
        if not isinstance(outcome.value, (bool, Unknown)) and not outcome.value:
            yield Assign("DEBUG", False)
            break
    if FILTER in settings and any(each.value == NOTHING for each in settings[FILTER]):
        yield Drop(FILTER)
    mails: dict[str, None] = {}
    for outcome in settings["LOGGING"]:
        handlers = outcome.value.get("handlers") if isinstance(outcome.value, dict) else None
        for name, handler in handlers.items() if isinstance(handlers, dict) else ():
            if isinstance(handler, dict) and truth(handler.get("include_html", False)):
                mails[str(name)] = None
    for name in mails:
        yield Entry("LOGGING", ("handlers", name, "include_html"), False)
