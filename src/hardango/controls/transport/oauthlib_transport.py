"""OAuth happens over HTTPS.

oauthlib, under requests-oauthlib and django-oauth-toolkit, refuses to send a code or a token to an address without
HTTPS: what travels there is as good as a password, and anybody on the way reads it.

The environment variable `OAUTHLIB_INSECURE_TRANSPORT` turns that check off for the whole process. It is there for tests
on a developer's machine. In production it mostly hides that Django, behind a proxy, does not know that it was asked over
HTTPS; the cure is SECURE_PROXY_SSL_HEADER, which makes the addresses right instead of taking wrong ones.

What breaks: without it, a flow that really runs over plain HTTP ends with an error, as it should. Any value turns it on,
"0" and "false" too. hardango looks at what the deployment sets and at what the settings write into os.environ. No check of
Django looks at it.
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
    nothing_to_protect,
    rfc,
)
from hardango.controls.values import said
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

NAME = "OAUTHLIB_INSECURE_TRANSPORT"

OAUTHLIB_TRANSPORT = Control(
    "oauthlib-transport",
    title="OAuth over HTTPS",
    weakness="OAuth takes addresses without HTTPS",
    severity=Severity.HIGH,
    settings=("SECURE_PROXY_SSL_HEADER",),
    attack="Someone on the way reads a code or token of OAuth, and acts as its user.",
    remedy=f"Take {NAME} out of production, and set SECURE_PROXY_SSL_HEADER if a proxy ends TLS.",
    person="OAuth stops working unless HTTPS reaches Django first",
    references=(
        asvs("12.2.1"), cwe(319), rfc(6749, "3.1.2.1"),
        docs("https://oauthlib.readthedocs.io/en/latest/oauth2/security.html"),
    ),
)  # fmt: skip


@OAUTHLIB_TRANSPORT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    given = deployment.variables.get(NAME)
    for outcome in settings.variable(NAME):
        if outcome.value and not isinstance(outcome.value, Unknown):
            place = given.place if given is not None and not outcome.chain else None
            message = (
                f"{NAME} is {said(outcome.value)}: oauthlib takes codes and tokens over plain HTTP"
            )
            found = bad(outcome, message)
            yield found._replace(about=NAME, chain=(place,) if place else found.chain)
    yield nothing_to_protect(settings, f"Nothing sets {NAME}")
