"""Every route is reached only by those it is meant for.

A view that forgets to ask who calls is open to everybody who guesses its address, and a view that
asks only whether somebody is logged in hands out other people's orders by counting up the number
in the URL. No setting shows it: it needs the routes, what guards each of them, and requests that
try.

`hardango access` reads them all, and `hardango access --write` keeps who reaches what in access.toml,
a line a route. This control is judged from that file: what is open to anybody and changes something
has to say why it is meant (`public = "the contact form"`), and a guard that is not understood proves
nothing.

A file that people have reviewed is a promise, not a proof. So the best that an audit says is that
access.toml answers for it: whether the code still agrees is what `hardango access --check` tells, in CI,
and whether the guards hold is what `hardango access --prove` shows. Without the file nothing is judged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    NotJudged,
    Opinion,
    asvs,
    bad_at,
    cwe,
    docs,
    unreadable_at,
)
from hardango.findings import Place, Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.access.policy import Line

FILE = "access.toml"
_READING = ("GET", "HEAD", "OPTIONS", "TRACE", "any")
_VAGUE = ("custom", "unknown")

ACCESS_CONTROL = Control(
    "access-control",
    title="Who can reach which route",
    weakness="A route that changes something is open to anybody, and nobody says why",
    severity=Severity.HIGH,
    attack="Somebody who is not logged in, or is somebody else, opens a page or calls an API by its "
    "address.",
    remedy="Give the view a guard, with LoginRequiredMiddleware (Django 5.1) as the default; or say "
    'in access.toml why it is meant: public = "the contact form".',
    person="who may see a page is for its owner to decide",
    references=(asvs("8.1.1"), asvs("8.2.1"), cwe(862), cwe(639), docs("topics/auth/default/")),
    story=__doc__,
    assumes_debug_off=False,
)  # fmt: skip


@ACCESS_CONTROL.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    folder = settings.path.removesuffix(settings.file)
    known = settings.path.endswith(settings.file)  # A file of settings is told from the root.
    if not known or not os.path.lexists(folder + FILE):
        raise NotJudged(f"no {FILE} says who may reach what: hardango access --write makes it")
    from hardango.access.policy import BadPolicy, load

    try:
        policy = load(folder)
    except BadPolicy as error:
        yield unreadable_at(settings, str(error), Place(FILE, 1))
        return
    lines = policy.lines if policy is not None else ()
    undeclared = [line for line in lines if "anonymous" in line.reaches.values()
                  and not line.public and not _entry(line)]  # fmt: skip
    changing = [line for line in undeclared if _changing(line)]
    for line in changing:
        message = f"{', '.join(_changing(line))} /{line.pattern} is open to anybody, and {FILE} does not say why"
        yield bad_at(
            settings, message, line.place, severity=Severity.MEDIUM, about=f"/{line.pattern}"
        )
    reading = [line for line in undeclared if line not in changing]
    if reading:
        said = _counted(reading, "is open to anybody", "are open to anybody")
        yield unreadable_at(settings, f"{said}, and {FILE} does not say why", reading[0].place)
    vague = [line for line in lines if line.unresolved
             or any(word in _VAGUE for word in line.reaches.values())]  # fmt: skip
    if vague:
        said = _counted(
            vague, "has a guard that is not understood", "have guards that are not understood"
        )
        yield unreadable_at(settings, said, vague[0].place)
    promise = f"{FILE} says who reaches each of {len(lines)} routes; hardango access --check holds it against the code"
    yield Judgement(Opinion.ELSEWHERE, promise, settings.space.true, (Place(FILE, 1),))


def _changing(line: Line) -> list[str]:
    """The methods by which anybody can change something."""
    return [method for method, word in line.reaches.items()
            if word == "anonymous" and method not in _READING]  # fmt: skip


def _entry(line: Line) -> bool:
    """Whether it is Django's own way in: a login that asks for a login lets nobody in."""
    return line.view.startswith(("django.contrib.auth.views.", "django.contrib.admin.sites."))


def _counted(lines: list[Line], one: str, many: str) -> str:
    first = f"/{lines[0].pattern}"
    return (
        f"{first} {one}" if len(lines) == 1 else f"{first} and {len(lines) - 1} more routes {many}"
    )
