"""`logging` and `warnings`: settings only talk to them; nothing that they do sets anything."""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import constant
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Native, Thing, Value

LEVELS = {
    "CRITICAL": 50,
    "FATAL": 50,
    "ERROR": 40,
    "WARNING": 30,
    "WARN": 30,
    "INFO": 20,
    "DEBUG": 10,
    "NOTSET": 0,
}

QUIET = (
    "debug info warning warn error exception critical log setLevel addHandler removeHandler "
    "addFilter removeFilter disable basicConfig captureWarnings shutdown addLevelName "
    "setLoggerClass setFormatter flush close register"
).split()
"""Functions and methods that return nothing and set nothing that a setting could read."""

CLASSES = "Handler StreamHandler FileHandler NullHandler Formatter Filter LoggerAdapter".split()
HANDLERS = (
    "RotatingFileHandler TimedRotatingFileHandler WatchedFileHandler SysLogHandler SMTPHandler "
    "HTTPHandler MemoryHandler QueueHandler QueueListener SocketHandler DatagramHandler"
).split()


def quiet(name: str) -> Native:
    return constant(name, None)


def _level_name(interpreter: Interpreter, arguments: list[Value], keywords: object) -> Value:
    """`logging.getLevelName`, which goes both ways."""
    names = {level: name for name, level in reversed(LEVELS.items())}

    def run(level: object) -> object:
        if isinstance(level, str):
            return LEVELS.get(level, f"Level {level}")
        return names.get(level, f"Level {level}")  # type: ignore[call-overload]

    return interpreter.pure("logging.getLevelName", run, arguments)


def _talker(name: str) -> Thing:
    """A logger, a handler, a formatter: it can be talked to and held."""

    def other(interpreter: Interpreter, attribute: str) -> Value:
        if attribute.startswith("__"):
            return MISSING
        return Unknown(f"{name}.{attribute}")

    names: dict[str, Value] = {each: quiet(each) for each in QUIET}
    names |= {
        "isEnabledFor": constant("isEnabledFor", Unknown("whether a logger is enabled", "bool")),
        "hasHandlers": constant("hasHandlers", Unknown("whether a logger has handlers", "bool")),
    }
    made = Thing(name, names, attribute=other)
    made.attributes["getChild"] = Native("getChild", lambda *_: made)
    return made


def _class(name: str) -> Thing:
    """A class of `logging`, to call or to derive from."""
    return Thing(name, call=lambda *_: _talker(f"a {name}"), attribute=_talker(name).attribute)


def _logging(interpreter: Interpreter) -> dict[str, Value]:
    logger = _talker("a logger")
    return {
        **LEVELS,
        **{name: quiet(f"logging.{name}") for name in QUIET},
        **{name: _class(f"logging.{name}") for name in CLASSES},
        "getLogger": constant("logging.getLogger", logger),
        "getLevelName": Native("logging.getLevelName", _level_name),
        "getLevelNamesMapping": Native(
            "logging.getLevelNamesMapping",
            lambda interpreter, arguments, keywords: interpreter.box(dict(LEVELS)),
        ),
        "root": logger,
        "Logger": _class("logging.Logger"),
    }


def _config(interpreter: Interpreter) -> dict[str, Value]:
    return {
        name: quiet(f"logging.config.{name}") for name in ("dictConfig", "fileConfig", "listen")
    }


def _handlers(interpreter: Interpreter) -> dict[str, Value]:
    names: dict[str, Value] = {name: _class(f"logging.handlers.{name}") for name in HANDLERS}
    facilities = {f"LOG_LOCAL{number}": 16 + number for number in range(8)}
    names["SysLogHandler"].attributes.update({"LOG_USER": 1, "LOG_DAEMON": 3, **facilities})
    return {**names, "DEFAULT_SYSLOG_LOGGING_PORT": 514, "SYSLOG_UDP_PORT": 514}


def _warnings(interpreter: Interpreter) -> dict[str, Value]:
    names: dict[str, Value] = {
        name: quiet(f"warnings.{name}")
        for name in ("warn", "warn_explicit", "filterwarnings", "simplefilter", "resetwarnings")
    }
    names["catch_warnings"] = Native(
        "catch_warnings", lambda *_: Thing("catch_warnings", iterate=lambda interpreter: [])
    )
    return names


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "logging": _logging,
    "logging.config": _config,
    "logging.handlers": _handlers,
    "warnings": _warnings,
}
