"""Weak passwords are refused when they are chosen.

Attackers do not guess at random: they try the passwords that others have used, and those that look
like the name. What a user may choose is the only thing that stands against that.

`AUTH_PASSWORD_VALIDATORS` is empty by default: without the four lines that `startproject` writes, "1" is a
password. MinimumLengthValidator asks for 8 characters unless told otherwise, as ASVS wants at least;
15 are recommended. CommonPasswordValidator refuses the 20,000 most common ones. Validators apply where a
password is set through Django's forms and `createsuperuser`, not to `create_user()` in code or in an API
that does not call `validate_password()`.

A project whose users log in elsewhere (single sign-on only, LDAP) has no passwords to judge; it still has
the admin's `createsuperuser`.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import app
from hardango.controls.values import stated, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

PASSWORD_VALIDATORS = Control(
    "password-validators",
    title="Password validation",
    weakness="Weak passwords are accepted",
    severity=Severity.MEDIUM,
    settings=("AUTH_PASSWORD_VALIDATORS", "AUTHENTICATION_BACKENDS", "INSTALLED_APPS"),
    attack="Whoever tries the most common passwords on many accounts gets into some of them.",
    remedy="List Django's four validators in AUTH_PASSWORD_VALIDATORS, with min_length 12 or more for "
    "MinimumLengthValidator.",
    references=(
        asvs("6.2.1"), asvs("6.2.4"), cwe(521), docs("topics/auth/passwords/#password-validation"),
        docs("ref/settings/#auth-password-validators"),
    ),
)  # fmt: skip

OF_DJANGO = "django.contrib.auth.password_validation."
LENGTH = OF_DJANGO + "MinimumLengthValidator"
COMMON = OF_DJANGO + "CommonPasswordValidator"
DJANGO_MINIMUM = 8
RECOMMENDED = 12

OWN_PASSWORDS = "django.contrib.auth.backends."
"""Backends below it check the passwords that Django stores."""


@PASSWORD_VALIDATORS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    names = ("AUTH_PASSWORD_VALIDATORS", "AUTHENTICATION_BACKENDS", "INSTALLED_APPS")
    for case in settings.cases(*names):
        if not chosen(case) and app(case, "django.contrib.auth").sure is False:
            yield not_applicable(case, "django.contrib.auth is not installed", "INSTALLED_APPS")
        elif no_own_passwords(case["AUTHENTICATION_BACKENDS"]):
            message = "No backend checks passwords that Django stores"
            yield not_applicable(case, message, "AUTHENTICATION_BACKENDS")
        else:
            yield from of_list(case)


def chosen(case: Case) -> bool:
    """Whether the project lists validators: nobody does who does not ask them, with or without
    django.contrib.auth."""
    outcome = case.outcomes["AUTH_PASSWORD_VALIDATORS"]
    return not outcome.default and truth(outcome.value) is True


def no_own_passwords(backends: object) -> bool:
    """Whether surely nobody logs in with a password that Django stores: every backend is known,
    and each is one that asks somebody else."""
    if not isinstance(backends, (list, tuple)) or not backends:
        return False
    return all(isinstance(each, str) and is_foreign(each) for each in backends)


def is_foreign(backend: str) -> bool:
    """Whether a backend leaves the password to another system, by its name."""
    plain = backend.lower().replace("_", "")
    hints = ("ldap", "saml", "oidc", "openid", "remoteuser", "shibboleth", "cas.", "kerberos",
             "keycloak", "okta")  # fmt: skip
    return any(hint in plain for hint in hints) and "modelbackend" not in plain


def of_list(case: Case) -> Iterator[Judgement]:
    """What a list of validators refuses."""
    name = "AUTH_PASSWORD_VALIDATORS"
    value: object = case[name]
    if isinstance(value, Unknown):
        yield unreadable(case, why_unknown(name, value), name)
        return
    items = list(value) if isinstance(value, (list, tuple)) else []
    if not items:
        message = f"{stated(case.outcomes[name], name)}: every password is accepted"
        yield bad(case, message, name)
        return
    names = [item.get("NAME") if isinstance(item, dict) else item for item in items]
    unsure = any(not isinstance(each, str) for each in names)
    own = any(isinstance(each, str) and not each.startswith(OF_DJANGO) for each in names)
    lengths = [length_of(item) for item in items if is_length(item)]
    if not lengths and not own and not unsure:
        yield bad(case, f"{name} has no MinimumLengthValidator: one character is enough", name)
    elif not lengths:
        yield unreadable(case, f"{name} has validators that are not Django's", name)
    else:
        yield from of_length(case, name, lengths)
    if COMMON not in names and lengths and not own and not unsure:
        message = f"{name} has no CommonPasswordValidator: the best-known passwords are accepted"
        yield bad(case, message, name, severity=Severity.LOW)


def of_length(case: Case, name: str, lengths: list[object]) -> Iterator[Judgement]:
    """How long a password has to be; of several limits the largest holds."""
    known = [each for each in lengths if isinstance(each, int)]
    longest = max(known, default=0)
    if len(known) < len(lengths) and longest < DJANGO_MINIMUM:
        yield unreadable(case, f"The min_length in {name} could not be read", name)
    elif longest < DJANGO_MINIMUM:
        yield bad(case, f"{name} accepts passwords of {longest} characters", name)
    elif longest < RECOMMENDED:
        yield bad(case, f"{name} accepts passwords of {longest} characters", name,
                  severity=Severity.LOW, pedantic=True)  # fmt: skip
        yield good(case, f"{name} asks for {longest} characters", name)
    else:
        yield good(case, f"{name} asks for {longest} characters", name)


def is_length(item: object) -> bool:
    return isinstance(item, dict) and item.get("NAME") == LENGTH


def length_of(item: object) -> object:
    """The min_length of a MinimumLengthValidator; Django's own where none is given."""
    options = item.get("OPTIONS", {}) if isinstance(item, dict) else {}
    return options.get("min_length", DJANGO_MINIMUM) if isinstance(options, dict) else options


@PASSWORD_VALIDATORS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign(
        "AUTH_PASSWORD_VALIDATORS",
        [
            {"NAME": OF_DJANGO + "UserAttributeSimilarityValidator"},
            {"NAME": LENGTH, "OPTIONS": {"min_length": RECOMMENDED}},
            {"NAME": COMMON},
            {"NAME": OF_DJANGO + "NumericPasswordValidator"},
        ],
        safe=False,
        risk="new passwords that are short or common are refused, those of scripts and tests too",
    )
