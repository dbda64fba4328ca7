"""Until when the installed Django and Python get security fixes, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from hardango import support
from hardango.controls.start.django_support import DJANGO_SUPPORT
from hardango.controls.start.python_support import PYTHON_SUPPORT
from hardango.dependencies.records import parsed
from hardango.findings import Place, Severity
from hardango.inventory import Pin, Supported
from hardango.support import DJANGO, LONG_TERM, LONG_TERM_TO_COME, PYTHON, Version, ended


def django(pin: Pin, existing: Iterable[str] = ()) -> Supported | None:
    """Django's support and its patch level; `existing` are versions that are known to be out.
    None if no version is pinned."""
    read = parsed(pin.version)
    if read is None:
        return None
    series: Version = (read.major, read.minor)
    end = ended(DJANGO, series, support.today())
    behind = _behind(pin.version, existing)
    if end is None:
        said = f"this version of hardango, of {support.READ}, does not know the series {_dotted(series)}"
    elif end:
        said = f"no security fixes since {end}"
    else:
        said = f"security fixes until {DJANGO[series]}"
    latest = f"; {behind}" if behind else ""
    remedy = _next(series) if end != "" or series not in LONG_TERM else ""
    return Supported("Django", _dotted(series), DJANGO.get(series, ""),
                     DJANGO_SUPPORT.severity if end else Severity.INFO, said + latest, pin.place,
                     remedy)  # fmt: skip


def python(version: Version, place: Place | None) -> Supported:
    """Python's support."""
    end = ended(PYTHON, version, support.today())
    if end is None:
        said = f"this version of hardango, of {support.READ}, does not know it"
    elif end:
        said = f"no security fixes since {end}"
    else:
        said = f"security fixes until {PYTHON[version]}"
    return Supported("Python", _dotted(version), PYTHON.get(version, ""),
                     PYTHON_SUPPORT.severity if end else Severity.INFO, said, place,
                     PYTHON_SUPPORT.remedy if end else "")  # fmt: skip


def stale() -> str:
    """That the tables are too old to be trusted, "" if they are not."""
    if support.today() <= support.TRUSTED_UNTIL:
        return ""
    return (f"the support windows that this version of hardango knows are of {support.READ}: take a "
            "newer one")  # fmt: skip


def _behind(version: str, existing: Iterable[str]) -> str:
    """How many patch levels of the same series are known to be newer."""
    now = parsed(version)
    newest = max((each for text in existing
                  if (each := parsed(text)) is not None and now is not None
                  and each.release[:2] == now.release[:2] and not each.is_prerelease),
                 default=None)  # fmt: skip
    if now is None or newest is None or newest <= now:
        return ""
    levels = newest.micro - now.micro
    return f"{max(levels, 1)} patch level{'s' * (levels > 1)} behind {newest}"


def ahead(pin: Pin) -> str:
    """Which series of Django to move to."""
    read = parsed(pin.version)
    return _next((read.major, read.minor)) if read is not None else ""


def _next(series: Version) -> str:
    """The next series with long-term support that still gets fixes, or is to come."""
    date = support.today()
    for each in LONG_TERM:
        if each > series and DJANGO[each] >= date:
            return f"{_dotted(each)} has long-term support until {DJANGO[each]}"
    version, month = LONG_TERM_TO_COME
    if version > series and date[:7] < month:
        return (
            f"the next series with long-term support is {_dotted(version)}, announced for {month}"
        )
    return ""


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
