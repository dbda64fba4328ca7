"""Holes in Python are mended for this version.

The interpreter parses what strangers send: HTTP, MIME, JSON, XML, archives, TLS. Its holes are mended for
five years after a version came out; then the description is published and the fix is not.

The version is that of the image that production builds on, or of `.python-version`, `runtime.txt` and the
like. A distribution may go on mending the Python that it ships (Debian, Ubuntu and Red Hat do); an
official `python:3.x` image does not.

Newer versions of Django need newer ones of Python: 5.2 runs on 3.10 and later, 6.0 on 3.12 and later.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango import support
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad_at,
    cwe,
    docs,
    good_at,
    nothing_to_protect,
)  # fmt: skip
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings
from hardango.support import PYTHON, ended

PYTHON_SUPPORT = Control(
    "python-support",
    title="Supported version of Python",
    weakness="Python gets no security fixes any more",
    severity=Severity.LOW,
    settings=(),
    attack="Holes in the interpreter and its library that have become known stay open here.",
    remedy="Build on a supported version of Python, such as 3.13 or 3.14.",
    person="a new version of Python has to be tried with every package",
    references=(
        asvs("15.1.1"), cwe(1104), docs("https://devguide.python.org/versions/"),
        docs("faq/install/#what-python-version-can-i-use-with-django"),
    ),
    assumes_debug_off=False,
)  # fmt: skip


@PYTHON_SUPPORT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    version, place = deployment.python, deployment.python_place
    if version is None:
        yield nothing_to_protect(settings, "No file tells which Python production runs")
        return
    chain = (place,) if place is not None else ()
    name = f"Python {version[0]}.{version[1]}"
    end = ended(PYTHON, version, support.today())
    if end:
        message = f"{name} has had no security fixes since {end}"
        yield bad_at(settings, message, *chain, about="python")
    elif end is None:
        yield good_at(settings, f"{name} is newer than this version of hardango", *chain)
    else:
        yield good_at(settings, f"{name} gets fixes until {PYTHON[version]}", *chain)
