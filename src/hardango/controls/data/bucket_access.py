"""Uploads in a bucket are read by those who may, and changed by the application.

Files of users go to a bucket of S3, Google Cloud Storage or the like. An access list of "public-read" makes
every one of them readable for everybody who has, guesses or finds its address, for ever: invoices, exports,
what was deleted on the site only. With "public-read-write" everybody replaces them.

With a private bucket the application signs each address that it hands out, and it ends after an hour
(`querystring_auth`, on by default). Files that are public anyway, such as pictures of products, are better
kept in a storage of their own, with an alias in STORAGES. What breaks: addresses that somebody has stored;
and a cache in front needs to keep the query.

A CDN with its own keys can protect a bucket as well. Static files are public, and not judged. By default
django-storages lets a file of the same name overwrite an older one (`file_overwrite`); that and addresses
without a signature are told with --pedantic only. hardango reads the settings, not the policy of the
bucket.
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
from hardango.controls.storages import Storage, kind_of, option, storages
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

BUCKET_ACCESS = Control(
    "bucket-access",
    title="Access to uploads in a bucket",
    weakness="Everybody can read uploads in the bucket",
    severity=Severity.LOW,
    settings=(
        "STORAGES", "AWS_DEFAULT_ACL", "AWS_QUERYSTRING_AUTH", "AWS_S3_FILE_OVERWRITE",
        "GS_DEFAULT_ACL", "GS_QUERYSTRING_AUTH", "GS_FILE_OVERWRITE", "DEFAULT_FILE_STORAGE",
    ),
    attack="Whoever has or guesses an address reads what users uploaded.",
    remedy='Leave default_acl unset and querystring_auth on, and keep what is meant for everybody in a '
    "storage of its own.",
    person="which files are meant for everybody is not in the settings",
    references=(
        asvs("5.4.2"), asvs("8.2.2"), cwe(732), cwe(552),
        docs("https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html"),
        docs("https://django-storages.readthedocs.io/en/latest/backends/gcloud.html"),
    ),
)  # fmt: skip

NAMES = {
    "s3": ("AWS_DEFAULT_ACL", "AWS_QUERYSTRING_AUTH", "AWS_S3_FILE_OVERWRITE"),
    "gs": ("GS_DEFAULT_ACL", "GS_QUERYSTRING_AUTH", "GS_FILE_OVERWRITE"),
}  # fmt: skip
WRITABLE = ("public-read-write", "publicReadWrite")
READABLE = {
    "public-read": "everybody", "publicRead": "everybody",
    "authenticated-read": "every customer of the provider",
    "authenticatedRead": "every customer of the provider",
}  # fmt: skip


@BUCKET_ACCESS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for storage in storages(settings):
        if storage.alias == "staticfiles":
            yield not_applicable(storage.outcome, f"{storage.name} is for everybody")
            continue
        kind = kind_of(settings, storage.backend)
        if isinstance(storage.backend, Unknown):
            message = why_unknown(storage.name, storage.backend)
            yield unreadable(storage.outcome, message)
        elif kind not in NAMES:
            yield not_applicable(
                storage.outcome, f"{storage.name} is no bucket that has such lists"
            )
        else:
            yield from of_bucket(settings, storage, *NAMES[kind])


def of_bucket(
    settings: Settings, storage: Storage, acl: str, signed: str, overwrite: str
) -> Iterator[Judgement]:
    """One storage in a bucket, in one case."""
    name = storage.name
    for outcome in option(settings, storage, "default_acl", acl, None):
        value = outcome.value
        if isinstance(value, Unknown):
            yield unreadable(outcome, why_unknown(f"The access list of {name}", value))
        elif value in WRITABLE:
            message = f"default_acl of {name} is {said(value)}: everybody can change the files"
            yield bad(outcome, message, severity=Severity.HIGH)
        elif value in READABLE:
            who = READABLE[str(value)]
            yield bad(outcome, f"default_acl of {name} is {said(value)}: {who} can read the files")
        else:
            yield good(outcome, f"The files of {name} get no access list of their own")
    for outcome in option(settings, storage, "querystring_auth", signed, True):
        if truth(outcome.value) is False:
            message = f"querystring_auth of {name} is off: addresses of files never end"
            yield bad(outcome, message, pedantic=True)
    for outcome in option(settings, storage, "file_overwrite", overwrite, True):
        if truth(outcome.value) is True:
            message = f"file_overwrite of {name} is on: an upload replaces another one of its name"
            yield bad(outcome, message, pedantic=True)
