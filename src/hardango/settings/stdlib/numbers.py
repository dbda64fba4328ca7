"""`datetime`, `decimal`, `fractions`, `math`, `ipaddress`, `zoneinfo`: values that only compute.

What asks the clock (`datetime.now()`) is in `methods.native_attribute`, with the other attributes
of native types.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import pure
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Native, Stopped, Thing, Value

Names = dict[str, Value]


def _datetime(interpreter: Interpreter) -> Names:
    import datetime

    names = "date datetime time timedelta timezone tzinfo MINYEAR MAXYEAR".split()
    return {**{name: getattr(datetime, name) for name in names}, "UTC": datetime.UTC}


def _decimal(interpreter: Interpreter) -> Names:
    import decimal

    names = (
        "Decimal InvalidOperation DivisionByZero ROUND_HALF_UP ROUND_HALF_EVEN ROUND_HALF_DOWN "
        "ROUND_UP ROUND_DOWN ROUND_CEILING ROUND_FLOOR ROUND_05UP"
    ).split()
    return {name: getattr(decimal, name) for name in names}


def _fractions(interpreter: Interpreter) -> Names:
    import fractions

    return {"Fraction": fractions.Fraction}


MATH = (
    "ceil floor sqrt log log2 log10 log1p exp pow fabs fmod trunc gcd lcm isclose isnan isinf "
    "isfinite sin cos tan hypot degrees radians copysign fsum prod isqrt"
).split()


def _math(interpreter: Interpreter) -> Names:
    import math

    def small(name: str) -> Native:
        def run(*numbers: Any) -> Any:
            if any(isinstance(number, int) and number > 1000 for number in numbers):
                raise Stopped("because a number grows without bound")
            return getattr(math, name)(*numbers)

        return pure(f"math.{name}", run, "int")

    names: Names = {name: pure(f"math.{name}", getattr(math, name)) for name in MATH}
    names |= {name: small(name) for name in ("factorial", "comb", "perm")}
    return {**names, **{name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}}


def _ipaddress(interpreter: Interpreter) -> Names:
    import ipaddress

    classes = "IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface".split()
    names: Names = {name: getattr(ipaddress, name) for name in classes}
    for name in ("ip_address", "ip_network", "ip_interface"):
        names[name] = pure(f"ipaddress.{name}", getattr(ipaddress, name))
    return {
        **names,
        "AddressValueError": ipaddress.AddressValueError,
        "NetmaskValueError": ipaddress.NetmaskValueError,
    }


class ZoneInfoNotFoundError(KeyError):
    """`zoneinfo.ZoneInfoNotFoundError`."""


def _zone(interpreter: Interpreter, arguments: list[Value], keywords: Names) -> Value:
    """A time zone by name. Its rules are files of the machine, and not read."""
    key = arguments[0] if arguments else keywords.get("key")
    return Thing("a time zone", {"key": key})


def _zoneinfo(interpreter: Interpreter) -> Names:
    zones = Unknown("the time zones of the host", "str", several=True)
    return {
        "ZoneInfo": Native("zoneinfo.ZoneInfo", _zone),
        "ZoneInfoNotFoundError": ZoneInfoNotFoundError,
        "available_timezones": Native(
            "zoneinfo.available_timezones", lambda interpreter, *_: interpreter.box([zones])
        ),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "datetime": _datetime,
    "decimal": _decimal,
    "fractions": _fractions,
    "math": _math,
    "ipaddress": _ipaddress,
    "zoneinfo": _zoneinfo,
}
