"""A password opens the API only where the login is guarded, and a session only with its CSRF token.

`DEFAULT_AUTHENTICATION_CLASSES` says how a request to the API tells who sends it. The default of Django REST
framework is the session and HTTP Basic: with the latter, every view takes a name and a password. What guards
the login page is passed by: a second factor is not asked for, a throttle of the login view does not count.

SessionAuthentication demands the CSRF token of whoever is logged in. A class that extends it and leaves out
`enforce_csrf()`, copied from many an answer on the web, makes every view of the API open to forged requests:
Django's own check does not look at these views, because the framework exempts them.

What breaks: clients that send a password with each request. Give them tokens. The tokens of
`rest_framework.authtoken` never expire and lie in the database as they are, which hardango says only with
`--pedantic`, and so it does of HTTP Basic where it is just the default. Django has no check for any of this.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.options import (
    REST_FRAMEWORK,
    Option,
    classes,
    judged_where_used,
    option,
    stated_classes,
)
from hardango.controls.values import said
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.settings.definitions import Definition

REST_FRAMEWORK_AUTHENTICATION = Control(
    "rest-framework-authentication",
    title="How the API knows who asks",
    weakness="The API takes what the login would not",
    severity=Severity.LOW,
    settings=("REST_FRAMEWORK", "INSTALLED_APPS"),
    attack="Passwords are tried at any address of the API, past the second factor and the limits of the login.",
    remedy='List in "DEFAULT_AUTHENTICATION_CLASSES" only what clients need, such as SessionAuthentication '
    "for the site's own pages and expiring tokens for others; leave its CSRF check alone.",
    person="how each client logs in is not in the files",
    references=(
        asvs("6.3.4"), cwe(308), cwe(352),
        docs("https://www.django-rest-framework.org/api-guide/authentication/"),
    ),
)  # fmt: skip

OWN = "rest_framework.authentication."
SESSION, BASIC, TOKEN = (f"{OWN}{name}Authentication" for name in ("Session", "Basic", "Token"))
CHECKS = frozenset(("enforce_csrf", "CSRFCheck", "CsrfViewMiddleware"))
"""One of these names is in a class that still checks the token by itself."""


@REST_FRAMEWORK_AUTHENTICATION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(
        settings, deployment, REST_FRAMEWORK, lambda case: of_default(settings, case)
    )


def of_default(settings: Settings, case: Case) -> Iterator[Judgement]:
    found = option(case, "REST_FRAMEWORK", "DEFAULT_AUTHENTICATION_CLASSES", [SESSION, BASIC])
    names = classes(found.value)
    if names is None:
        why = found.unread or f"{found.name} is {said(found.value)}"
        yield unreadable(case, why, found.setting)
        return
    judged = [each for name in names for each in of_class(settings, case, found, name)]
    yield from judged
    if not judged:
        yield good(
            case, f"{found.name} takes no password, and leaves the CSRF check alone", found.setting
        )


def of_class(settings: Settings, case: Case, found: Option, name: str) -> Iterator[Judgement]:
    """What is wrong with one class."""
    if not name:
        yield unreadable(case, f"An item of {found.name} could not be read", found.setting)
        return
    definition = None if name.startswith(OWN) else settings.definition(name)
    bases = (name,) if definition is None else definition.bases
    if BASIC in bases:
        message = f"{stated_classes(found) if found.default else f'{found.name} has {said(name)}'}: every view"
        yield bad(case, f"{message} takes a password", found.setting, pedantic=found.default)
    elif TOKEN in bases and name == TOKEN:
        message = f"{found.name} has {said(name)}, whose tokens never expire"
        yield bad(case, message, found.setting, severity=Severity.INFO, pedantic=True)
    elif SESSION in bases and definition is not None and "enforce_csrf" in definition.overrides:
        yield without_check(case, found, name, definition)


def without_check(case: Case, found: Option, name: str, definition: Definition) -> Judgement:
    """A class of the project that changes the CSRF check of sessions."""
    message = f"{found.name} has {said(name)}, which replaces enforce_csrf() at {definition.place}"
    if not CHECKS.isdisjoint(definition.words):
        return unreadable(case, message, found.setting)
    message += ": views of the API take forged requests of whoever is logged in"
    return bad(case, message, found.setting, severity=Severity.MEDIUM)
