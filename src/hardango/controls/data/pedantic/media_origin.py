"""What users upload comes from another origin than the application.

A browser trusts all that comes from one origin alike. So an uploaded page, an SVG or a PDF with a script,
opened from the site itself, acts as the visitor who opens it: it reads what they see and clicks what they
may click. Checking uploads is hard to get right; a picture can be a page at the same time.

From another domain (not a subdomain, which still shares cookies) an uploaded script reaches nothing. Where
that isn't possible, let the web server send `Content-Disposition: attachment` or `Content-Security-Policy:
sandbox` with these files, and `X-Content-Type-Options: nosniff`. What breaks: pages that read uploaded
files by script need CORS then.

Django's documentation recommends it; it is hardening beyond the common need where only trusted people
upload, and so judged with --pedantic only. hardango doesn't see what the web server sends along.
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
from hardango.controls.storages import FILE_SYSTEM, storages
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

MEDIA_ORIGIN = Control(
    "media-origin",
    title="Origin of uploaded files",
    weakness="Uploaded files come from the origin of the application",
    severity=Severity.LOW,
    settings=("MEDIA_URL", "MEDIA_ROOT", "STORAGES"),
    attack="Somebody uploads a page with a script, which then acts as each visitor who opens it.",
    remedy="Serve uploads from another domain, and put its address into MEDIA_URL.",
    person="another domain has to be registered and served",
    references=(
        asvs("3.2.1"), asvs("5.4.2"), cwe(79), cwe(434),
        docs("topics/security/#user-uploaded-content"), docs("ref/settings/#media-url"),
    ),
)  # fmt: skip


@MEDIA_ORIGIN.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for storage in storages(settings, "default"):
        where = settings.given(storage.outcome.condition)
        if isinstance(storage.backend, Unknown):
            yield unreadable(storage.outcome, why_unknown(storage.name, storage.backend))
        elif storage.backend != FILE_SYSTEM:
            message = f"Uploads are kept by {storage.backend}, which has addresses of its own"
            yield not_applicable(storage.outcome, message)
        else:
            yield from of_files(where, storage.outcome)


def of_files(settings: Settings, stored: Outcome) -> Iterator[Judgement]:
    """Uploads on the disk of the application."""
    for case in settings.cases("MEDIA_URL", "MEDIA_ROOT"):
        url: object = case["MEDIA_URL"]
        if not case.condition.meets(stored.condition):
            continue
        if truth(case["MEDIA_ROOT"]) is False:
            yield not_applicable(case, "MEDIA_ROOT is not set", "MEDIA_ROOT")
        elif truth(url) is False:
            yield not_applicable(case, "MEDIA_URL is not set: uploads have no address", "MEDIA_URL")
        elif isinstance(url, Unknown) and not url.prefix:
            yield unreadable(case, why_unknown("MEDIA_URL", url), "MEDIA_URL")
        elif "//" in (url.prefix if isinstance(url, Unknown) else str(url)):
            yield good(case, "MEDIA_URL is the address of another host", "MEDIA_URL")
        else:
            shown = said(url) if isinstance(url, str) else "a path"
            message = f"MEDIA_URL is {shown}: uploads come from the origin of the application"
            yield bad(case, message, "MEDIA_URL", "MEDIA_ROOT")
