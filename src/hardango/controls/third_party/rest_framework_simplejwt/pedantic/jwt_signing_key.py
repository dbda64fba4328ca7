"""The tokens of the API are signed with a key of their own.

Whoever has the key that signs the tokens of djangorestframework-simplejwt writes one for any user. By default that
is SECRET_KEY: the same key for sessions, reset links and tokens.

With a key of its own, each can be changed when it leaks, without ending what the other one signed; and services that
only verify tokens need no secret at all if `ALGORITHM` is an asymmetric one, such as RS256 or EdDSA. A shared
secret (HS256) in every service that verifies lets each of them write tokens.

What breaks: changing the key ends all tokens; clients log in again. It is the library's default, so hardango says
it only with `--pedantic`. A key that the settings set to SECRET_KEY by themselves is what the control `secret-key`
reports, and one that stands in the source `committed-credentials`. No check of Django looks at it.
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
from hardango.controls.options import SIMPLE_JWT, judged_where_used, option
from hardango.controls.values import said
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

JWT_SIGNING_KEY = Control(
    "jwt-signing-key",
    title="Key of API tokens",
    weakness="The secret key signs the API's tokens too",
    severity=Severity.LOW,
    settings=("SIMPLE_JWT", "SECRET_KEY"),
    attack="One leaked key writes tokens, reset links and sessions, and cannot be changed without ending all of "
    "them.",
    remedy='Give SIMPLE_JWT a "SIGNING_KEY" of its own, from the environment, or a private key with an '
    'asymmetric "ALGORITHM".',
    person="a new key ends every token that is out, and others may check these with it",
    references=(
        asvs("11.1.1"), cwe(323), cwe(321),
        docs("https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html#signing-key"),
    ),
)  # fmt: skip


@JWT_SIGNING_KEY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(settings, deployment, SIMPLE_JWT, of_key, "SECRET_KEY")


def of_key(case: Case) -> Iterator[Judgement]:
    algorithm = option(case, "SIMPLE_JWT", "ALGORITHM", "HS256")
    key = option(case, "SIMPLE_JWT", "SIGNING_KEY")
    secret: object = case["SECRET_KEY"]
    if isinstance(algorithm.value, Unknown):
        yield unreadable(case, algorithm.unread, "SIMPLE_JWT")
    elif isinstance(algorithm.value, str) and not algorithm.value.startswith("HS"):
        yield good(case, f"{algorithm.name} is {said(algorithm.value)}: a key pair", "SIMPLE_JWT")
    elif key.default:
        yield bad(case, f"{key.name} is not set: SECRET_KEY signs the tokens", "SIMPLE_JWT")
    elif isinstance(key.value, Unknown) and key.value is not secret and hidden(case):
        yield unreadable(case, f"Whether {key.name} is set is not known", "SIMPLE_JWT")
    elif key.value is secret or key.value == secret:
        yield not_applicable(case, f"{key.name} is SECRET_KEY: see secret-key", "SIMPLE_JWT")
    else:
        yield good(case, f"{key.name} is not SECRET_KEY", "SIMPLE_JWT")


def hidden(case: Case) -> bool:
    """Whether SIMPLE_JWT could hold a key that could not be read."""
    value: object = case["SIMPLE_JWT"]
    return not isinstance(value, dict) or "SIGNING_KEY" not in value
