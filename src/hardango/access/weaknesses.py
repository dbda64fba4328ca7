"""What can be wrong with who reaches a route: a name, a sentence, what it gives an attacker, what to do.

The order is that of a report, severity apart: what requests have shown comes before what was read.
"""

from __future__ import annotations

from hardango.controls.model import Reference, asvs, cwe
from hardango.findings import Severity
from hardango.light import NamedTuple


class Weakness(NamedTuple):
    """One kind of finding. `candidate`: a person has to look, so that it never makes a run fail."""

    name: str
    severity: Severity
    title: str
    attack: str
    remedy: str
    references: tuple[Reference, ...] = (asvs("8.2.1"), cwe(862))
    candidate: bool = False


PROVED_OPEN = Weakness(
    "access-proved-open", Severity.CRITICAL, "Declared guarded, proved open",
    "Somebody whom a guard should turn away gets in, as a request has shown.",
    "Find out why the guard does not run: its place in the bases, another method, another route.",
    (asvs("8.2.1"), cwe(862), cwe(863)),
)  # fmt: skip
PROVED_FOREIGN = Weakness(
    "access-proved-foreign", Severity.CRITICAL, "Somebody else's object is handed out",
    "A user reads or changes what belongs to another user, by the number in the address.",
    "Look the object up among those of request.user, or check its owner.",
    (asvs("8.2.2"), cwe(639)),
)  # fmt: skip
OPEN_CHANGE = Weakness(
    "access-open-change", Severity.HIGH, "Anybody can change something",
    "A request of nobody in particular creates, changes or deletes what the view acts on.",
    'Give the view a guard; or, if it is meant, declare it in access.toml: public = "why".',
)  # fmt: skip
DEAD_GUARD = Weakness(
    "access-dead-guard", Severity.HIGH, "A guard is written down and does nothing",
    "The view looks guarded, so nobody looks again; it lets in whom the guard names.",
    "Make it run: a mixin stands first in the bases, a decorator on dispatch, or take it away.",
)  # fmt: skip
CSRF_EXEMPT = Weakness(
    "access-csrf-exempt", Severity.HIGH, "A view that trusts the session cookie takes forms from other sites",
    "A page on another site sends the request in the name of whoever visits it.",
    "Take csrf_exempt away; for an API, authenticate by a token in a header, not by the cookie.",
    (asvs("3.5.1"), cwe(352)),
)  # fmt: skip
UNEQUAL = Weakness(
    "access-unequal-routes", Severity.HIGH, "One view, two routes, unequal guards",
    "Whoever is turned away at one address takes the other.",
    "Guard the view itself, not the route.",
    (asvs("8.2.1"), cwe(288)),
)  # fmt: skip
DETAIL_OPEN = Weakness(
    "access-open-detail", Severity.MEDIUM, "The list asks who calls, its single items do not",
    "Counting up the number in the address lists what the list would not show.",
    "Give the view of one item the guard of the list.",
)  # fmt: skip
FRAMEWORK_DEFAULT = Weakness(
    "access-framework-default", Severity.HIGH, "REST framework's default lets everybody in",
    "Each view that forgets permission_classes is open to anybody.",
    "Set DEFAULT_PERMISSION_CLASSES to IsAuthenticated, and say AllowAny where it is meant.",
)  # fmt: skip
DEBUG_ROUTE = Weakness(
    "access-debug-route", Severity.HIGH, "A developer's tool answers anybody",
    "Requests, queries, settings or source are shown to whoever knows the address.",
    "Include it only where DEBUG is on, or behind staff_member_required.",
    (asvs("13.4.2"), cwe(489)),
)  # fmt: skip
NOBODY_HAS = Weakness(
    "access-no-such-permission", Severity.MEDIUM, "A permission is demanded that no model defines",
    "Unless a migration makes it, only superusers pass; so people are made superusers to get in.",
    "Correct its name: app_label.codename of a model's Meta, or of its default permissions.",
    (asvs("8.1.1"), cwe(863)), candidate=True,
)  # fmt: skip
OWNERLESS = Weakness(
    "access-ownerless-lookup", Severity.MEDIUM, "An object is looked up by its number alone",
    "Any user reads, or changes, what belongs to another one, by counting up the number.",
    "Look it up among those of request.user: get_object_or_404(Order, pk=pk, owner=request.user).",
    (asvs("8.2.2"), cwe(639)), candidate=True,
)  # fmt: skip
MEDIA = Weakness(
    "access-open-media", Severity.MEDIUM, "Django hands out files to anybody",
    "What users upload is read by whoever guesses its address.",
    "Let the web server hand out what is public, and a view with a guard what is not.",
    (asvs("8.2.2"), cwe(552)),
)  # fmt: skip
ADMIN = Weakness(
    "access-bare-admin", Severity.MEDIUM, "The admin's login has neither throttle nor second factor",
    "Passwords are tried until one fits; a password that leaked is enough.",
    "Use django-axes for the one, django-otp or allauth.mfa for the other.",
    (asvs("6.3.1"), cwe(307)),
)  # fmt: skip
DOCUMENTATION = Weakness(
    "access-open-documentation", Severity.LOW, "The description of the API is open to anybody",
    "It lists every route and field, those of administrators too.",
    "Serve it to those only who may use the API, or declare it public in access.toml.",
)  # fmt: skip
LOOP = Weakness(
    "access-login-loop", Severity.LOW, "Who lacks a permission is sent to log in again",
    "None; but a login page that sends on who is logged in makes it a loop, and guards get removed.",
    "permission_required(…, raise_exception=True) answers 403; put login_required outside of it.",
    (asvs("8.1.1"),),
)  # fmt: skip
ORPHAN = Weakness(
    "access-unused-permission", Severity.INFO, "A permission that no route demands",
    "None; but whoever grants it believes that it protects something.",
    "Demand it where it belongs, or take it out of the model's Meta.",
    (asvs("8.1.1"),), candidate=True,
)  # fmt: skip

WEAKNESSES = (
    PROVED_OPEN, PROVED_FOREIGN, OPEN_CHANGE, DEAD_GUARD, CSRF_EXEMPT, UNEQUAL, FRAMEWORK_DEFAULT,
    DEBUG_ROUTE, DETAIL_OPEN, NOBODY_HAS, OWNERLESS, MEDIA, ADMIN, DOCUMENTATION, LOOP, ORPHAN,
)  # fmt: skip

REFUTED = (PROVED_OPEN.name, PROVED_FOREIGN.name)
"""Those that requests have shown."""
