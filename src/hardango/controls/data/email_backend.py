"""Mail that production sends reaches somebody.

Who forgets a password waits for a mail, and so do the people in ADMINS whom Django tells of errors, and
users who are to learn that their password or address was changed. A backend for development writes mails to
the log (`console`), to files (`filebased`), into memory (`locmem`) or nowhere (`dummy`).

In the log and in files the links to reset passwords are readable for everybody who may read logs: with such
a link one takes over the account. Use the backend for SMTP or that of a service, and set the one for
development in the settings for development only.

From Django 6.1 the backends stand in `MAILERS`; `check --deploy` reports such a backend there (mail.E001),
and not one in EMAIL_BACKEND. hardango looks at both. MAILERS beside one of the EMAIL_* settings that it
replaces keeps Django from starting.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.mail import BACKENDS, OLD, mailers, none_at_all
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
from hardango.controls.values import alternatives, said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

EMAIL_BACKEND = Control(
    "email-backend",
    title="Delivery of mail",
    weakness="Mail of production reaches nobody",
    severity=Severity.LOW,
    settings=("EMAIL_BACKEND", "MAILERS"),
    attack="Whoever reads the log or the files takes a password-reset link from them; nobody is told of "
    "what happens to an account.",
    remedy='Use "django.core.mail.backends.smtp.EmailBackend" or the backend of a mail service in '
    "production, and the others for development only.",
    references=(
        asvs("16.2.5"), asvs("6.3.7"), cwe(532), docs("topics/email/#email-backends"),
        docs("ref/checks/#mail"), docs("releases/6.1/"),
    ),
)  # fmt: skip

UNTOLD = "Nobody is told of what happens to an account, nor of an error of the site."

DEVELOPMENT = {
    f"{BACKENDS}console.EmailBackend": "writes mails to the log, with the links in them",
    f"{BACKENDS}filebased.EmailBackend": "writes mails to files, with the links in them",
    f"{BACKENDS}locmem.EmailBackend": "keeps mails in memory: they reach nobody",
    f"{BACKENDS}dummy.EmailBackend": "throws mails away",
}  # fmt: skip


@EMAIL_BACKEND.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    if settings.django >= (6, 1) and "MAILERS" in settings:
        yield from of_mailers(settings)
        return
    for outcome in alternatives(settings, "EMAIL_BACKEND"):
        yield of_backend(outcome, "EMAIL_BACKEND", outcome.value)


def of_backend(outcome: Outcome, name: str, backend: object) -> Judgement:
    """One backend."""
    if isinstance(backend, Unknown):
        return unreadable(outcome, why_unknown(name, backend))
    says = DEVELOPMENT.get(str(backend))
    if says is not None:
        found = bad(outcome, f"{name} is {said(backend)}, which {says}")
        return found if says.endswith("in them") else found._replace(attack=UNTOLD)
    return good(outcome, f"Mail is sent by {backend}")


def of_mailers(settings: Settings) -> Iterator[Judgement]:
    """The backends in MAILERS, and what it cannot stand beside."""
    for mailer in mailers(settings):
        at = mailer.case.outcomes[mailer.setting if not mailer.old else "EMAIL_BACKEND"]
        at = at._replace(condition=mailer.case.condition)
        yield of_backend(at, mailer.name if not mailer.old else "EMAIL_BACKEND", mailer.backend)
    for outcome in none_at_all(settings):
        yield not_applicable(outcome, "MAILERS is empty: no mail is sent")
    for outcome in settings["MAILERS"]:
        where = settings.given(outcome.condition)
        beside = [name for name in OLD if not any(each.default for each in where[name])]
        if beside and outcome.known:
            message = f"MAILERS and {beside[0]} are both set: Django refuses to start"
            yield bad(outcome, message, severity=Severity.MEDIUM)


@EMAIL_BACKEND.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Entry

    smtp = f"{BACKENDS}smtp.EmailBackend"
    if settings.django >= (6, 1) and "MAILERS" in settings:
        for outcome in settings["MAILERS"]:
            held = outcome.value.items() if isinstance(outcome.value, dict) else ()
            for alias, mailer in held:
                backend = mailer.get("BACKEND") if isinstance(mailer, dict) else None
                if backend in DEVELOPMENT:
                    yield Entry(
                        "MAILERS", (str(alias), "BACKEND"), smtp, safe=False, development=backend,
                        risk="no mail leaves until OPTIONS name the host of a server",
                    )  # fmt: skip
        return
    for outcome in settings["EMAIL_BACKEND"]:
        if outcome.value in DEVELOPMENT:
            yield Assign("EMAIL_BACKEND", smtp, safe=False, development=outcome.value,
                         risk="mail is given to EMAIL_HOST, to localhost if that is not set")  # fmt: skip
