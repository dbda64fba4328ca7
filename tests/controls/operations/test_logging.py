"""Whether records of errors and of suspicious requests reach anybody."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Call, Settings, Unknown

CONSOLE = {"class": "logging.StreamHandler"}
MAIL = {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"}
NULL = {"class": "logging.NullHandler"}
DEBUG_ONLY = {"only": {"()": "django.utils.log.RequireDebugTrue"}}
ADMINS = [("Ada", "ada@shop.example")]
ROOT = {"handlers": ["h"], "level": "WARNING"}
ENV = Unknown("read from LEVEL", "str", ("LEVEL",))


def logging(handler: object = CONSOLE, *, old: object = False, **more: object) -> dict[str, object]:
    """LOGGING with one handler, h; by default for the root logger."""
    parts = more or {"root": ROOT}
    config = {"version": 1, "handlers": {"h": handler}, "disable_existing_loggers": old, **parts}
    if old is None:
        del config["disable_existing_loggers"]
    return {"LOGGING": config}


def named(*loggers: str, handler: object = CONSOLE, old: object = False, **spec: object) -> object:
    given = {each: {"handlers": ["h"], **spec} for each in loggers}
    return logging(handler, old=old, loggers=given)


@pytest.mark.parametrize(
    "settings",
    [
        {"ADMINS": ADMINS},
        logging(),
        logging(filters=DEBUG_ONLY, root=ROOT),  # a filter that no handler has
        logging({"class": "logging.FileHandler", "filename": "/var/log/shop.log"}),
        logging({"class": "watchtower.CloudWatchLogHandler", "level": "ERROR"}),
        logging(loggers={"": ROOT}),
        named("django", level="ERROR"),
        named("django", old=True),  # it names django, and django.request is a child of that
        named("django", old=None),
        named("django.request", "django.security"),
        named("django", level="ERROR", propagate=False),
        named("django", level=ENV),  # an operator's choice, and one level only drops errors
        # No handler at all: Python writes warnings to the standard error.
        logging(loggers={"django": {}}),
        {**logging(MAIL), "ADMINS": ADMINS},
        {**logging(MAIL), "ADMINS": Unknown("read from X", "list"),
         "LOGGING": {"handlers": {"h": CONSOLE}, "root": ROOT, "disable_existing_loggers": False}},
        {"LOGGING_CONFIG": None},
        {"INSTALLED_APPS": ["raven.contrib.django.raven_compat"]},
        {"MIDDLEWARE": ["rollbar.contrib.django.middleware.RollbarNotifierMiddleware"]},
        logging(loggers={"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
                root=ROOT),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object]) -> None:
    finding = judged("logging", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "LOGGING is not set, and errors of views and suspicious requests reach nobody"),
        ({"ADMINS": []}, "mailed to ADMINS, which is empty"),
        ({"LOGGING": {}}, "mailed to ADMINS"),
        (logging(MAIL), "mailed to ADMINS, which is empty"),
        (logging(NULL), "mailed to ADMINS"),  # Django's own handlers stay beside the root's
        (named("django", handler=NULL), "NullHandler drops them"),
        (named("shop"), "mailed to ADMINS"),  # the loggers of the project only
        # The trap: the root has a handler, and django.request is disabled.
        (logging(old=True), "errors of views reach nobody: django.request is disabled"),
        (logging(old=None), "disable_existing_loggers is on"),
        (logging(loggers={"": ROOT}, old=True), "django.request is disabled"),
        (named("django", level="CRITICAL"), "the level of django.request is higher"),
        (logging({**CONSOLE, "level": "CRITICAL"}), "mailed to ADMINS"),
        (logging({**CONSOLE, "filters": ["only"]}, filters=DEBUG_ONLY,
                 loggers={"django": ROOT}), "only where DEBUG is on"),
        (named("django", handler={**CONSOLE, "level": "CRITICAL"}), "level of their handlers"),
    ],
)  # fmt: skip
def test_lost(judged, settings: dict[str, object], words: str) -> None:
    finding = judged("logging", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message


@pytest.mark.parametrize(
    ("admins", "django", "verdict"),
    [
        (ADMINS, (5, 2), Verdict.PASS),
        ([["Ada", "ada@shop.example"]], (5, 2), Verdict.PASS),
        ([Unknown("read from X")], (5, 2), Verdict.PASS),
        (["ada@shop.example"], (6, 0), Verdict.PASS),
        (["ada@shop.example"], (5, 2), Verdict.FAIL),
        # The brackets around the pair are missing: two texts.
        (("Ada", "ada@shop.example"), (5, 2), Verdict.FAIL),
        ([("Ada", "ada@shop.example", "x")], (6, 1), Verdict.FAIL),
        ("ada@shop.example", (6, 1), Verdict.FAIL),
    ],
)
def test_admins_that_cannot_be_mailed(
    judged, admins: object, django: tuple[int, int], verdict: Verdict
) -> None:
    finding = judged("logging", {"ADMINS": admins}, django=django)
    assert finding.verdict is verdict, finding.message


def with_middleware() -> Settings:
    hooks, words = frozenset(("process_exception",)), frozenset(("logger", "error"))
    found = Definition(Place("a.py", 1), (), hooks, words, None)
    values = {"MIDDLEWARE": ["shop.middleware.Report"]}
    return Settings.of(values, definition=lambda dotted: found if "shop" in dotted else None)


@pytest.mark.parametrize(
    "settings",
    [
        {"LOGGING": Unknown("the result of f()")},
        {"LOGGING_CONFIG": "shop.logs.configure"},
        {"LOGGING_CONFIG": None, **logging()},
        {"ADMINS": Unknown("read from ADMINS", "list", ("ADMINS",))},
        named("django", handler={"class": Unknown("read from X", "str")}),
        named("django", level=Unknown("the result of f()")),
        named("django", propagate=Unknown("read from X", "bool"), handler=NULL),
        {"LOGGING": {"version": 1, "loggers": {"django": Unknown("the result of f()")}}},
        {"LOGGING": {"version": 1, "incremental": True}},
        with_middleware(),
    ],
)
def test_not_known(judged, settings: object) -> None:
    finding = judged("logging", settings)
    assert finding.verdict is Verdict.UNKNOWN, finding.message


def test_a_service_that_is_only_installed_may_report(judged) -> None:
    package = Package("sentry-sdk", None, "", Place("requirements.txt", 1))
    deployment = Deployment(packages={"sentry-sdk": package})
    assert judged("logging", {}, deployment=deployment).verdict is Verdict.UNKNOWN


def test_where_sentry_is_started_only_if_an_operator_names_it(judged) -> None:
    calls: list[Call] = []
    settings = Settings.of({}, find_calls=lambda name: calls)
    when = settings.space.fact("SENTRY_DSN is set", "SENTRY_DSN is unset")
    calls.append(Call((), {"dsn": ENV}, when))
    finding = judged("logging", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("SENTRY_DSN is unset",))
    assert judged("logging", settings, pedantic=False).verdict is Verdict.PASS
    calls[0] = Call((), {"dsn": ""}, settings.space.true)
    assert judged("logging", settings, pedantic=False).verdict is Verdict.FAIL


def test_under_a_condition(judged) -> None:
    made = {"LOGGING": {"if X": logging()["LOGGING"], "else": {}}}
    finding = judged("logging", made)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("not (X)",))
