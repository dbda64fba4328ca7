"""Every route is reached only by those it is meant for.

A view that forgets to ask who calls is open to everybody who guesses its address, and a view that
asks only whether somebody is logged in hands out other people's orders by counting up the number
in the URL. No setting shows it: it needs the routes, what guards each of them, and requests that
try.

This version of hardango does not read routes yet, so it says nothing of who can reach what.
"""

from __future__ import annotations

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.findings import Severity

ACCESS_CONTROL = Control(
    "access-control",
    title="Who can reach which route",
    weakness="A route can be reached by those it is not meant for",
    severity=Severity.HIGH,
    attack="Somebody who is not logged in, or is somebody else, opens a page or calls an API by its "
    "address.",
    remedy="Give every view a guard, with LoginRequiredMiddleware (Django 5.1) as the default.",
    person="who may see a page is for its owner to decide",
    references=(asvs("8.2.1"), cwe(862), cwe(639), docs("topics/auth/default/")),
    story=__doc__,
)  # fmt: skip
