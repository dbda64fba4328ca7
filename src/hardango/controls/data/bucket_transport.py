"""The application reaches its bucket encrypted, and checks whom it reaches.

The keys of the bucket and every file go from the application to the storage service. Without TLS, or with a
certificate that nobody checks, whoever is in between reads the files and gives back others; signed requests
cannot be made anew, but repeated.

django-storages uses TLS and checks certificates by default. `AWS_S3_USE_SSL = False`, `AWS_S3_VERIFY =
False` and an endpoint that begins with "http://" switch that off; often they remain from an experiment with
a server of one's own (MinIO). Give such a server a certificate, and name its authority's file in `verify`.
What breaks: a server without TLS.

An endpoint on the same machine or in a container of the same compose file needs none of it.
`AWS_S3_URL_PROTOCOL = "http:"` makes visitors load files unencrypted. Django has no check for it.
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
from hardango.controls.services import Where, address, locate
from hardango.controls.storages import Storage, kind_of, option, storages
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

BUCKET_TRANSPORT = Control(
    "bucket-transport",
    title="Encryption on the way to a bucket",
    weakness="Files go to the bucket unprotected",
    severity=Severity.MEDIUM,
    settings=(
        "STORAGES", "AWS_S3_USE_SSL", "AWS_S3_VERIFY", "AWS_S3_ENDPOINT_URL", "AWS_S3_URL_PROTOCOL",
        "AZURE_SSL", "DEFAULT_FILE_STORAGE",
    ),
    attack="Whoever is between the application and the storage reads files, and gives back others.",
    remedy='Remove use_ssl and verify, and let the endpoint begin with "https://"; for an authority of '
    "one's own, put its certificate's path into verify.",
    references=(
        asvs("12.3.1"), asvs("12.3.2"), cwe(319), cwe(295),
        docs("https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html"),
        docs("https://django-storages.readthedocs.io/en/latest/backends/azure.html"),
    ),
)  # fmt: skip


@BUCKET_TRANSPORT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for storage in storages(settings):
        kind = kind_of(settings, storage.backend)
        if isinstance(storage.backend, Unknown):
            message = why_unknown(storage.name, storage.backend)
            # Whoever chooses a storage by a variable seldom switches TLS off as well.
            unknown = unreadable(storage.outcome, message, severity=Severity.LOW)
            yield unknown._replace(pedantic=True)
        elif kind == "s3":
            yield from of_s3(settings, storage, deployment)
        elif kind == "azure":
            for outcome in option(settings, storage, "azure_ssl", "AZURE_SSL", True):
                yield of_switch(outcome, storage.name, "azure_ssl", "it is reached without TLS")
        else:
            message = f"{storage.name} is no bucket whose encryption could be switched off"
            yield not_applicable(storage.outcome, message)


def of_switch(outcome: Outcome, name: str, key: str, off: str) -> Judgement:
    """A protection that is on unless somebody switches it off."""
    if truth(outcome.value) is False and outcome.value is not None:
        return bad(outcome, f"{key} of {name} is {said(outcome.value)}: {off}")
    if isinstance(outcome.value, Unknown) and truth(outcome.value) is None:
        message = why_unknown(f"The option {key} of {name}", outcome.value)
        return unreadable(outcome, message, severity=Severity.LOW)
    return good(outcome, f"{key} of {name} is on")


def of_s3(settings: Settings, storage: Storage, deployment: Deployment) -> Iterator[Judgement]:
    """One bucket of S3 or something that speaks like it, in one case."""
    name = storage.name
    for outcome in option(settings, storage, "endpoint_url", "AWS_S3_ENDPOINT_URL", None):
        at = address(outcome.value)
        if at.scheme == "http":
            yield of_plain(outcome, name, at.host, deployment)
            continue
        where = locate(at.host, name, deployment).where if at.scheme else Where.PUBLIC
        if where is Where.HERE:
            yield good(outcome, f"{name} is on the same machine")
            continue
        here = settings.given(outcome.condition)
        local = storage._replace(outcome=storage.outcome._replace(condition=outcome.condition))
        for each in option(here, local, "verify", "AWS_S3_VERIFY", None):
            yield of_switch(each, name, "verify", "any certificate is taken")
        # An endpoint says by itself whether it is encrypted.
        if not truth(outcome.value):
            for each in option(here, local, "use_ssl", "AWS_S3_USE_SSL", True):
                yield of_switch(each, name, "use_ssl", "it is reached without TLS")
    for outcome in option(settings, storage, "url_protocol", "AWS_S3_URL_PROTOCOL", "https:"):
        if outcome.value == "http:":
            message = f"url_protocol of {name} is 'http:': visitors load files unencrypted"
            yield bad(outcome, message, severity=Severity.LOW)


def of_plain(outcome: Outcome, name: str, host: object, deployment: Deployment) -> Judgement:
    """An endpoint that is reached by plain HTTP."""
    location = locate(host, name, deployment)
    if location.where is Where.HERE:
        return good(outcome, f"{name} is {location.why}")
    if location.where is Where.UNSURE:
        message = f"{location.why}, and it is reached without TLS"
        return unreadable(outcome, message, severity=Severity.LOW)
    private = location.where is Where.PRIVATE
    message = f"{name}, {location.why}, is reached without TLS"
    return bad(outcome, message, severity=Severity.LOW if private else None)


@BUCKET_TRANSPORT.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    risk = "a storage without TLS, or with a certificate of its own, is not reached any more"
    for name in ("AWS_S3_USE_SSL", "AWS_S3_VERIFY", "AZURE_SSL"):
        if name in settings and settings.where(name, lambda value: value is False).possible:
            yield Drop(name, safe=False, risk=risk)
    stored = settings["STORAGES"].outcomes if "STORAGES" in settings else ()
    for outcome in stored:
        found = outcome.value.items() if isinstance(outcome.value, dict) else ()
        for alias, storage in found:
            options = storage.get("OPTIONS") if isinstance(storage, dict) else None
            given = options if isinstance(options, dict) else {}
            for key in ("use_ssl", "verify", "azure_ssl"):
                if given.get(key) is False:
                    yield Drop("STORAGES", (str(alias), "OPTIONS", key), safe=False, risk=risk)
