"""From what files ask for to packages with a version: what production really installs.

A constraint pins what is asked for without a version. A package whose marker holds nowhere where
production could run is not installed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hardango.inventory import Pin
from hardango.patterns import Pattern
from hardango.project.versions import Requirement, normalised

_EXACT = Pattern(r"(?:===?\s*)?v?(\d[^\s,;*<>=!~^|]*)")
_PACKED = Pattern(r"@?\s*\S*?/([A-Za-z0-9][A-Za-z0-9._]*)-(\d[^-/\s]*)(?:(?:-[^-/\s#?]+){3,4}\.whl|\.tar\.gz)(?=[#?\s]|$)")  # fmt: skip
_EXTRA = Pattern(r"extra\s*==\s*[\"']([^\"']*)[\"']")
_PYTHONS = tuple((3, minor) for minor in range(8, 16))
_PLATFORMS = {
    "linux": ("posix", "Linux"),
    "darwin": ("posix", "Darwin"),
    "win32": ("nt", "Windows"),
}


def pins(
    requirements: Iterable[Requirement],
    python: tuple[int, int] | None = None,
    *,
    linux: bool = False,
    development: bool = False,
) -> list[Pin]:
    """The packages that are installed, in the order of the files.

    `python` is the version that production runs, None if that is not known; `linux` if production
    is known to run there; `development` adds what only development installs.
    """
    found: dict[tuple[str, str, str], Pin] = {}
    constraints: dict[str, Pin] = {}
    for each in requirements:
        pin = _pin(each)
        if each.use == "constraint":
            if pin.version:
                constraints.setdefault(pin.name, pin)
        elif (development or each.use == "production") and _holds(each.marker, python, linux):
            found.setdefault((pin.name, pin.version, pin.asked), pin)
    settled = [_settled(each, constraints.get(each.name)) for each in found.values()]
    pinned = {each.name for each in settled if each.version}
    # A file that pins what another one only asks for.
    return [each for each in settled if each.version or each.name not in pinned]


def _settled(pin: Pin, constraint: Pin | None) -> Pin:
    if pin.version or constraint is None or pin.origin != "index":
        return pin
    return pin._replace(version=constraint.version, place=constraint.place)


def _pin(each: Requirement) -> Pin:
    version, asked = "", each.specifier
    exact = _EXACT.fullmatch(each.specifier)
    if each.exact:
        version, asked = each.specifier, ""
    elif exact is not None:
        version, asked = exact[1], ""
    elif each.origin or each.specifier.startswith("@"):
        packed = _PACKED.match(each.specifier)
        if packed is not None and normalised(packed[1]) == normalised(each.name):
            version = packed[2]
        asked = ""  # an address can hold a password
    origin = each.origin or ("address" if each.specifier.startswith("@") else "index")
    return Pin(normalised(each.name), version, each.place, asked, origin, each.marker, each.use)


def _holds(marker: str, python: tuple[int, int] | None, linux: bool) -> bool:
    """Whether a marker can hold where production runs; one that cannot be read can."""
    if not marker:
        return True
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    extras = ["", *_EXTRA.findall(marker)]
    platforms = ["linux"] if linux else list(_PLATFORMS)
    pythons = [python] if python is not None else _PYTHONS
    # What is not known of the machine could be either, where a marker asks for it.
    patches = ("0", "99") if "full_version" in marker else ("9",)
    machines = ("x86_64", "aarch64", "arm64") if "machine" in marker else ("x86_64",)
    kinds = ("CPython", "PyPy") if "implementation" in marker else ("CPython",)
    try:
        read = Marker(marker)
        return any(
            read.evaluate(_environment(*each))
            for each in itertools.product(pythons, platforms, extras, patches, machines, kinds)
        )
    except (InvalidMarker, UndefinedEnvironmentName, ValueError, RecursionError):
        return True


def _environment(
    python: tuple[int, int], platform: str, extra: str, patch: str, machine: str, kind: str
) -> dict[str, str]:
    """https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers"""
    os_name, system = _PLATFORMS[platform]
    version = f"{python[0]}.{python[1]}"
    full = f"{version}.{patch}"
    return {
        "python_version": version, "python_full_version": full, "os_name": os_name,
        "sys_platform": platform, "platform_system": system, "implementation_name": kind.lower(),
        "platform_python_implementation": kind, "implementation_version": full,
        "platform_machine": machine, "platform_release": "", "platform_version": "", "extra": extra,
    }  # fmt: skip
