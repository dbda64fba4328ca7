"""Browsers take a response for what its Content-Type says.

A browser that guesses the type of a response by its content can be made to run an upload as a
script: a picture or a text file with HTML in it, opened from the site's own address, acts with
the rights of the site. `X-Content-Type-Options: nosniff` forbids the guessing.

SecurityMiddleware sends the header where `SECURE_CONTENT_TYPE_NOSNIFF` is true, which has been the
default since Django 3.0. It reaches only what passes through Django: files that the web server or
an object store serves need it there. What breaks are files that are served with a wrong type,
such as scripts as text/plain; serve them with the right one.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    django_check,
    docs,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import (
    SECURITY,
    SECURITY_HINTS,
    Presence,
    Wanted,
    look_alike,
    middleware,
    stack_setting,
)  # fmt: skip
from hardango.controls.switches import judge_switch, state
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

CONTENT_TYPE_NOSNIFF = Control(
    "content-type-nosniff",
    title="No guessing of content types",
    weakness="Browsers may guess the type of a response",
    severity=Severity.MEDIUM,
    settings=("SECURE_CONTENT_TYPE_NOSNIFF", "MIDDLEWARE"),
    attack="An uploaded file that looks harmless is run as a script with the rights of the site.",
    remedy="Keep SecurityMiddleware in MIDDLEWARE and SECURE_CONTENT_TYPE_NOSNIFF = True, Django's "
    "default since 3.0.",
    references=(
        django_check("security.W006"), asvs("3.4.4"), cwe(430),
        docs("ref/settings/#secure-content-type-nosniff"),
        docs("https://fetch.spec.whatwg.org/#x-content-type-options-header"),
    ),
)  # fmt: skip

SENDING = Wanted(
    SECURITY,
    hooks=("process_response",),
    hints=(*SECURITY_HINTS, "nosniff", "contenttypeoptions"),
    words=("x-content-type-options", "nosniff"),
)
"""The middleware that sends the header."""


@CONTENT_TYPE_NOSNIFF.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack, name = stack_setting(settings), "SECURE_CONTENT_TYPE_NOSNIFF"
    for case in settings.cases(name, stack):
        found = middleware(settings, case, stack, SENDING)
        other = look_alike(settings, case, stack, SENDING)
        if found.sure is False:
            message = f"SecurityMiddleware is not in {stack}, so that nothing sends the header"
            yield bad(case, message, stack)
        elif found.sure is None and truth(case[name]) is not None:
            yield unreadable(case, f"{state(case, name)}, and {found.why}", stack)
        elif other and truth(case[name]) is False:
            yield unreadable(case, f"{state(case, name)}, and {other}", stack)
        else:
            off = "the header is not sent"
            yield judge_switch(settings, case, name, Presence(True), off=off, unneeded="")


@CONTENT_TYPE_NOSNIFF.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SECURE_CONTENT_TYPE_NOSNIFF", True)


@CONTENT_TYPE_NOSNIFF.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.header_proofs import prove_header

    yield from prove_header(
        site, "X-Content-Type-Options", lambda value: "" if value.strip().lower() == "nosniff" else
        "says something else than nosniff",
    )  # fmt: skip
