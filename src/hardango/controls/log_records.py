"""Where a record of Django's loggers ends up, by the rules of `logging.config.dictConfig`.

Django applies its own configuration first, then that of LOGGING. The second one disables every logger of the first
that it neither names nor has a parent of, unless `disable_existing_loggers` is off; it replaces the handlers of those that
it names. A record goes to the handlers of its logger and, as far as loggers propagate, of all above it; if there is no
handler at all, warnings go to the standard error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardango.controls.stack import Presence
from hardango.controls.values import said, truth
from hardango.light import NamedTuple
from hardango.settings.outcomes import Settings, Unknown

LEVELS = {"CRITICAL": 50, "FATAL": 50, "ERROR": 40, "WARNING": 30, "WARN": 30, "INFO": 20,
          "DEBUG": 10, "NOTSET": 0}  # fmt: skip
MAIL = "django.utils.log.AdminEmailHandler"
NOWHERE = ("logging.NullHandler", "django.utils.log.NullHandler")
NEVER = "RequireDebugTrue"
"""The filter that lets nothing pass where DEBUG is off."""

DJANGO: dict[object, object] = {
    "disable_existing_loggers": False,
    "filters": {"never": {"()": f"django.utils.log.{NEVER}"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "level": "INFO", "filters": ["never"]},
        "mail_admins": {"class": MAIL, "level": "ERROR"},
    },
    "loggers": {
        "django": {"handlers": ["console", "mail_admins"], "level": "INFO"},
        "django.server": {"handlers": ["console"], "propagate": False},
    },
}
"""`django.utils.log.DEFAULT_LOGGING`, as far as it matters here."""

AT_START = ("django.request",)
"""Loggers that are there before LOGGING is applied, though no configuration names them."""


class Logger:
    """A logger: its `handlers`, each as what becomes of a record there by its level."""

    def __init__(self) -> None:
        self.handlers: list[Handler] = []
        self.level: int | None = 0
        self.propagate: bool | None = True
        self.disabled: bool | None = False


class Handler(NamedTuple):
    """What a handler does with a record of at least `level` (None: not known): see `Presence`."""

    level: int | None
    reaches: Presence


def destination(
    settings: Settings,
    config: Mapping[object, object] | None,
    admins: object,
    name: str,
    level: int,
) -> Presence:
    """Whether somebody can read a record of the logger `name` with the configuration that the
    project adds to Django's, None for none; `why` says why not."""
    loggers: dict[str, Logger] = {each: Logger() for each in ("", *AT_START)}
    loggers[""].level = LEVELS["WARNING"]
    apply(settings, loggers, DJANGO, admins)
    if config is not None:
        apply(settings, loggers, config, admins)
    return follow(loggers, name, level)


def follow(loggers: dict[str, Logger], name: str, level: int) -> Presence:
    """What becomes of a record."""
    line = list(upwards(loggers, name))
    own = loggers.get(name, Logger())
    if own.disabled:
        return Presence(False, f"{name} is disabled, for disable_existing_loggers is on")
    least = next((each.level for each in line if each.level != 0), 0)
    if least is not None and level < least:
        return Presence(False, f"the level of {name} is higher")
    found: list[Presence] = []
    for each in line:
        for handler in each.handlers:
            if handler.level is not None and handler.level > level:
                found.append(Presence(False, "the level of their handlers is higher"))
            else:
                found.append(handler.reaches)
        if each.propagate is None:
            found.append(Presence(None, "whether a logger propagates is not known"))
        if not each.propagate:
            break
    if not found:
        return Presence(True)  # `logging.lastResort`
    for wanted in (True, None):
        for answer in found:
            if answer.sure is wanted:
                unsure = wanted and (own.disabled is None or least is None)
                return Presence(None, f"the level of {name} is not known") if unsure else answer
    # Of several reasons, the one that a reader can do something about.
    return next((each for each in found if "ADMINS" in each.why), found[0])


def upwards(loggers: dict[str, Logger], name: str) -> Iterator[Logger]:
    """The loggers that a record passes, its own first, the root last."""
    while name:
        if name in loggers:
            yield loggers[name]
        name = name.rpartition(".")[0]
    yield loggers[""]


def apply(
    settings: Settings, loggers: dict[str, Logger], config: Mapping[object, object], admins: object
) -> None:
    """What a configuration makes of the loggers."""
    named = table(config.get("loggers"))
    disable = truth(config.get("disable_existing_loggers", True))
    mine = [each for each in named if isinstance(each, str) and each]
    for old in [each for each in loggers if each and each not in mine]:
        if any(old.startswith(f"{each}.") for each in mine):
            loggers[old] = Logger()
        else:
            loggers[old].disabled = disable
    for name, spec in [*named.items(), ("", config.get("root"))]:
        if not isinstance(name, str) or spec is None:
            continue
        logger = loggers.setdefault(name, Logger())
        given = table(spec)
        logger.disabled = False
        logger.handlers = list(handlers_of(settings, config, given.get("handlers", ()), admins))
        if isinstance(spec, Unknown):
            logger.handlers = [Handler(0, Presence(None, f"a logger is {spec.reason}"))]
        if given.get("level") is not None:
            logger.level = level_of(given["level"])
        if given.get("propagate") is not None:
            logger.propagate = truth(given["propagate"])


def table(value: object) -> Mapping[object, object]:
    return value if isinstance(value, dict) else {}


def level_of(value: object) -> int | None:
    """A level as a number; None if it is not known. One that an operator names in a variable is
    taken to let errors pass: only one level does not."""
    if isinstance(value, str):
        return LEVELS.get(value.upper())
    if isinstance(value, Unknown) and value.variables:
        return LEVELS["WARNING"]
    return value if isinstance(value, int) else None


def handlers_of(
    settings: Settings, config: Mapping[object, object], names: object, admins: object
) -> Iterator[Handler]:
    """The handlers of a logger, by their names."""
    if not isinstance(names, (list, tuple)):
        yield Handler(0, Presence(None, "the handlers of a logger could not be read"))
        return
    known = table(config.get("handlers"))
    for name in names:
        spec = known.get(name) if isinstance(name, str) else name
        if not isinstance(spec, dict):
            yield Handler(0, Presence(None, "a handler of LOGGING could not be read"))
            continue
        level = level_of(spec.get("level", 0))
        reaches = of_class(settings, spec.get("class", spec.get("()")), admins)
        filters = spec.get("filters", ())
        for each in filters if isinstance(filters, (list, tuple)) else ():
            made = table(table(config.get("filters")).get(each) if isinstance(each, str) else None)
            called = made.get("()")
            if NEVER in (called.reason if isinstance(called, Unknown) else str(called)):
                reaches = Presence(False, "their handler works only where DEBUG is on")
        yield Handler(level, reaches)


def can_be_mailed(settings: Settings, admins: object) -> bool:
    """Whether `mail_admins` takes the value: pairs, and since Django 6.0 addresses as well."""
    if isinstance(admins, Unknown):
        return True
    kinds = (list, tuple) if settings.django >= (6, 0) else (list, tuple, set, frozenset)
    if not isinstance(admins, kinds):
        return False
    pairs = all(
        isinstance(each, Unknown) or (isinstance(each, (list, tuple)) and len(each) == 2)
        for each in admins
    )
    addresses = all(isinstance(each, (Unknown, str)) for each in admins)
    return pairs or (addresses and settings.django >= (6, 0))


def of_class(settings: Settings, name: object, admins: object) -> Presence:
    """Whether a handler of that class shows a record to anybody."""
    if not isinstance(name, str):
        return Presence(None, "the class of a handler of LOGGING could not be read")
    if name in NOWHERE:
        return Presence(False, "NullHandler drops them")
    own = not name.startswith(("logging.", "django."))
    definition = settings.definition(name) if own else None
    if definition is not None and MAIL in definition.bases:
        if truth(admins):
            return Presence(True)
        return Presence(None, f"whom {said(name)} tells is not known: see {definition.place}")
    if name != MAIL:
        return Presence(True)
    known = truth(admins)
    if known is None:
        return Presence(None, "it is not known whether ADMINS is empty")
    if known and not can_be_mailed(settings, admins):
        return Presence(False, "ADMINS is no list that can be mailed, and the attempt fails")
    return Presence(known, "they are mailed to ADMINS, which is empty")
