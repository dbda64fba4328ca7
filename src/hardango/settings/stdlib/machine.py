"""What only the machine in production knows: its name, its clock, its processors. No process is
ever started."""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import constant
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Failure, Native, Thing, Value

Names = dict[str, Value]


def asked(name: str, reason: str, type: str | None = None) -> Native:
    """A function that asks the machine."""
    return constant(name, Unknown(reason, type, subject=f"{name}()"))


class gaierror(OSError):
    """`socket.gaierror`: a name that could not be resolved."""


def _socket(interpreter: Interpreter) -> Names:
    host = "the name of the host"
    address = "an address of the host"
    return {
        "gethostname": asked("socket.gethostname", host, "str"),
        "getfqdn": asked("socket.getfqdn", host, "str"),
        "gethostbyname": asked("socket.gethostbyname", address, "str"),
        "gethostbyname_ex": Native(
            "socket.gethostbyname_ex",
            lambda interpreter, arguments, keywords: (
                Unknown(host, "str", subject="socket.gethostname()"),
                interpreter.box([Unknown("other names of the host", "str", several=True)]),
                interpreter.box([Unknown("the addresses of the host", "str", several=True)]),
            ),
        ),
        "error": OSError,
        "timeout": TimeoutError,
        "gaierror": gaierror,
        "herror": gaierror,
        "AF_INET": 2,
        "AF_INET6": 10,
        "SOCK_STREAM": 1,
        "SOCK_DGRAM": 2,
        "SOL_SOCKET": 1,
        "SO_KEEPALIVE": 9,
        "IPPROTO_TCP": 6,
        "TCP_KEEPIDLE": 4,
        "TCP_KEEPINTVL": 5,
        "TCP_KEEPCNT": 6,
        "TCP_USER_TIMEOUT": 18,
    }


def _platform(interpreter: Interpreter) -> Names:
    import platform

    return {
        "system": constant("platform.system", "Linux"),
        "python_implementation": constant("platform.python_implementation", "CPython"),
        "python_version": constant("platform.python_version", platform.python_version()),
        "python_version_tuple": constant(
            "platform.python_version_tuple", platform.python_version_tuple()
        ),
        "node": asked("platform.node", "the name of the host", "str"),
        "machine": asked("platform.machine", "the processor of the host", "str"),
        "release": asked("platform.release", "the kernel of the host", "str"),
        "platform": asked("platform.platform", "the platform of the host", "str"),
    }


def _getpass(interpreter: Interpreter) -> Names:
    return {
        "getuser": asked("getpass.getuser", "the name of the user", "str"),
        "getpass": asked("getpass.getpass", "typed at a terminal", "str"),
    }


def _multiprocessing(interpreter: Interpreter) -> Names:
    return {
        "cpu_count": asked("multiprocessing.cpu_count", "the number of processors", "int"),
        "set_start_method": constant("multiprocessing.set_start_method", None),
    }


def _time(interpreter: Interpreter) -> Names:
    return {
        "time": asked("time.time", "the time of the start", "float"),
        "time_ns": asked("time.time_ns", "the time of the start", "int"),
        "monotonic": asked("time.monotonic", "the clock of the host", "float"),
        "perf_counter": asked("time.perf_counter", "the clock of the host", "float"),
        "strftime": asked("time.strftime", "the time of the start", "str"),
        "sleep": constant("time.sleep", None),
        "tzset": constant("time.tzset", None),
    }


def _tempfile(interpreter: Interpreter) -> Names:
    path = "a path among temporary files"

    def directory(interpreter: Interpreter, arguments: object, keywords: object) -> Value:
        name = Unknown(path, "str", subject="a temporary directory")
        return Thing("a temporary directory", {"name": name}, enter=name)

    return {
        "gettempdir": asked("tempfile.gettempdir", "the directory for temporary files", "str"),
        "mkdtemp": asked("tempfile.mkdtemp", path, "str"),
        "mktemp": asked("tempfile.mktemp", path, "str"),
        "mkstemp": constant(
            "tempfile.mkstemp", (Unknown("a file descriptor", "int"), Unknown(path, "str"))
        ),
        "TemporaryDirectory": Native("TemporaryDirectory", directory),
    }


SSL = {
    "CERT_NONE": 0,
    "CERT_OPTIONAL": 1,
    "CERT_REQUIRED": 2,
    "PROTOCOL_TLS": 2,
    "PROTOCOL_SSLv23": 2,
    "PROTOCOL_TLSv1": 3,
    "PROTOCOL_TLSv1_1": 4,
    "PROTOCOL_TLSv1_2": 5,
    "PROTOCOL_TLS_CLIENT": 16,
    "PROTOCOL_TLS_SERVER": 17,
    "HAS_SNI": True,
}
"""Constants of `ssl` by their numbers: `ssl.CERT_NONE` equals 0."""


def _ssl(interpreter: Interpreter) -> Names:
    return dict(SSL)


# -- processes ---------------------------------------------------------------------------------------


class SubprocessError(Exception):
    """`subprocess.SubprocessError`."""


class CalledProcessError(SubprocessError):
    """`subprocess.CalledProcessError`."""


class TimeoutExpired(SubprocessError):
    """`subprocess.TimeoutExpired`."""


class _Failed(CalledProcessError, FileNotFoundError):
    """The program is not there, or it failed: which of the two is not known."""


def _may_fail(interpreter: Interpreter, command: str) -> None:
    """Where the settings prepare for it, the call may also raise."""
    if len(interpreter.sinks) > 1:
        works = interpreter.space.fact(f"{command} can be run", f"{command} cannot be run")
        interpreter.fail(~works, Failure(_Failed, (f"{command} cannot be run",)))


def _command(arguments: list[Value], interpreter: Interpreter) -> str:
    """The program that a call would start, as far as it is known."""
    from hardango.settings.operations import items_of

    given = interpreter.resolve(arguments[0]) if arguments else None
    if not isinstance(given, str):
        items = [] if given is None or isinstance(given, Unknown) else items_of(interpreter, given)
        given = next(iter(items), None)
    word = given.split()[0] if isinstance(given, str) and given.split() else "a program"
    return word.rpartition("/")[2][:40]


def _output(interpreter: Interpreter, arguments: list[Value], keywords: Names) -> Value:
    command = _command(arguments, interpreter)
    _may_fail(interpreter, command)
    text = any(name in keywords for name in ("text", "universal_newlines", "encoding"))
    return Unknown(
        f"the output of {command}",
        "str" if text else "bytes",
        subject=f"the output of {command}{interpreter.here()}",
    )


def _process(interpreter: Interpreter, arguments: list[Value], keywords: Names) -> Value:
    output = _output(interpreter, arguments, keywords)
    code = Unknown(f"the exit code of {_command(arguments, interpreter)}", "int")
    names = {
        "stdout": output,
        "stderr": output,
        "returncode": code,
        "wait": constant("wait", code),
        "poll": constant("poll", code),
        "communicate": constant("communicate", (output, output)),
        "check_returncode": constant("check_returncode", None),
    }
    return Thing("a process", names)


def _code(interpreter: Interpreter, arguments: list[Value], keywords: Names) -> Value:
    _may_fail(interpreter, _command(arguments, interpreter))
    return Unknown(f"the exit code of {_command(arguments, interpreter)}", "int")


def _subprocess(interpreter: Interpreter) -> Names:
    return {
        "check_output": Native("subprocess.check_output", _output),
        "getoutput": Native(
            "subprocess.getoutput",
            lambda interpreter, arguments, keywords: _output(
                interpreter, arguments, {"text": True}
            ),
        ),
        "run": Native("subprocess.run", _process),
        "Popen": Native("subprocess.Popen", _process),
        "call": Native("subprocess.call", _code),
        "check_call": Native("subprocess.check_call", _code),
        "CalledProcessError": CalledProcessError,
        "SubprocessError": SubprocessError,
        "TimeoutExpired": TimeoutExpired,
        "PIPE": -1,
        "STDOUT": -2,
        "DEVNULL": -3,
    }


def _locale(interpreter: Interpreter) -> Names:
    return {
        "setlocale": asked("locale.setlocale", "the locale of the host", "str"),
        "getpreferredencoding": constant("locale.getpreferredencoding", "UTF-8"),
        "getlocale": asked("locale.getlocale", "the locale of the host"),
        "getdefaultlocale": asked("locale.getdefaultlocale", "the locale of the host"),
        **{name: number for number, name in enumerate(("LC_CTYPE", "LC_NUMERIC", "LC_TIME"))},
        "LC_ALL": 6,
        "Error": Exception,
    }


def _signal(interpreter: Interpreter) -> Names:
    return {
        "signal": constant("signal.signal", None),
        "SIGHUP": 1,
        "SIGINT": 2,
        "SIGKILL": 9,
        "SIGTERM": 15,
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "socket": _socket,
    "platform": _platform,
    "getpass": _getpass,
    "multiprocessing": _multiprocessing,
    "time": _time,
    "tempfile": _tempfile,
    "ssl": _ssl,
    "subprocess": _subprocess,
    "locale": _locale,
    "signal": _signal,
}
