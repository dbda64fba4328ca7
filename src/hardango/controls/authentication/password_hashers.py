"""Stolen password hashes cannot be turned back into passwords.

Sooner or later a database is copied: a backup, a leak, an injection. Then each password is as safe as
its hash is slow to compute. MD5 and SHA-1 are tried by the billion per second, and without a salt one
computed table serves for every account.

Django stores new passwords with the first of `PASSWORD_HASHERS` and checks old ones with the others. Its
default begins with PBKDF2, which is good; Argon2 and scrypt also cost memory and stand up better to
graphics cards. A fast hasher further down keeps the hashes that it once made as weak as they are until
their owners log in; to be rid of them, wrap the old hashes ("Password upgrading without requiring a
login" in Django's documentation). Tests use MD5 for speed, and such a list sometimes finds its way into
production; no check of Django looks at it.

Argon2 needs the package argon2-cffi, bcrypt needs bcrypt. Keep the old hashers below the new one, or
nobody with an old hash can log in.
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
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

PASSWORD_HASHERS = Control(
    "password-hashers",
    title="Password hashing",
    weakness="Passwords are stored in a form that is easy to break",
    severity=Severity.HIGH,
    settings=("PASSWORD_HASHERS", "INSTALLED_APPS"),
    attack="Whoever gets a copy of the database computes most passwords in hours, and tries them "
    "elsewhere too.",
    remedy='Put "django.contrib.auth.hashers.Argon2PasswordHasher" (with argon2-cffi) or '
    '"…PBKDF2PasswordHasher" first in PASSWORD_HASHERS and keep the others below it for old passwords.',
    references=(
        asvs("11.4.2"), cwe(916), cwe(759), docs("topics/auth/passwords/"),
        docs("ref/settings/#password-hashers"),
    ),
)  # fmt: skip

OF_DJANGO = "django.contrib.auth.hashers."
SLOW = frozenset(
    OF_DJANGO + name for name in (
        "Argon2PasswordHasher", "ScryptPasswordHasher", "PBKDF2PasswordHasher",
        "PBKDF2SHA1PasswordHasher", "BCryptSHA256PasswordHasher", "BCryptPasswordHasher",
    )
)  # fmt: skip
FAST = frozenset(
    OF_DJANGO + name for name in (
        "MD5PasswordHasher", "SHA1PasswordHasher", "UnsaltedMD5PasswordHasher",
        "UnsaltedSHA1PasswordHasher", "CryptPasswordHasher",
    )
)  # fmt: skip
PACKAGE = "argon2-cffi"
MEMORY_HARD = frozenset((OF_DJANGO + "Argon2PasswordHasher", OF_DJANGO + "ScryptPasswordHasher"))


@PASSWORD_HASHERS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for case in settings.cases("PASSWORD_HASHERS", "INSTALLED_APPS"):
        users = app(case, "django.contrib.auth")
        if users.sure is False:
            message = "django.contrib.auth is not installed"
            yield not_applicable(case, message, "INSTALLED_APPS")
        else:
            yield from of_list(case)


def of_list(case: Case) -> Iterator[Judgement]:
    """What new passwords are stored with, and what old ones may be."""
    name = "PASSWORD_HASHERS"
    value: object = case[name]
    if isinstance(value, Unknown):
        yield unreadable(case, why_unknown(name, value), name)
        return
    if not isinstance(value, (list, tuple)) or not value:
        message = f"{name} is {said(value)}: no password can be set"
        yield bad(case, message, name, severity=Severity.LOW)
        return
    first, *older = value
    yield of_first(case, name, first)
    fast = [str(each) for each in older if each in FAST]
    if fast and first not in FAST:
        names = ", ".join(each.removeprefix(OF_DJANGO) for each in fast)
        message = f"{name} accepts {names}: hashes of that kind stay until their owners log in"
        yield bad(case, message, name, pedantic=True, severity=Severity.LOW)


def of_first(case: Case, name: str, first: object) -> Judgement:
    """What new passwords are stored with."""
    if isinstance(first, Unknown):
        return unreadable(case, why_unknown(f"The first item of {name}", first), name)
    if first in FAST:
        plain = str(first).removeprefix(OF_DJANGO)
        how = " and without a salt" if plain.startswith("Unsalted") else ""
        return bad(case, f"New passwords are stored with {plain}, fast to try{how}", name)
    if first in SLOW:
        plain = str(first).removeprefix(OF_DJANGO)
        if first in MEMORY_HARD:
            return good(case, f"New passwords are stored with {plain}", name)
        return good(case, f"New passwords are stored with {plain}; Argon2 is stronger", name)
    return unreadable(
        case, f"New passwords are stored with {said(first)}, which is not Django's", name
    )


@PASSWORD_HASHERS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    # PBKDF2 is Django's default and needs no package; the hashes that there are stay readable.
    from hardango.edits import Include, Require

    yield Include("PASSWORD_HASHERS", OF_DJANGO + "PBKDF2PasswordHasher", first=True)
    there = PACKAGE in (deployment.packages or {})
    risk = f"nobody can log in where {PACKAGE} is not installed"
    yield Include("PASSWORD_HASHERS", OF_DJANGO + "Argon2PasswordHasher", first=True, safe=there,
                  risk=risk)  # fmt: skip
    if not there:
        yield Require("PASSWORD_HASHERS", PACKAGE, risk=f"{PACKAGE} has to be installed with it")
