"""Mail leaves the application encrypted.

Django's mails carry what opens accounts: links to reset a password, to confirm an address, to log in. On a
connection without TLS everybody on the way to the mail server reads them, together with the user name and
password that the application logs in to it with.

`EMAIL_USE_TLS` begins in plain text and switches to TLS (STARTTLS, port 587), `EMAIL_USE_SSL` is TLS from
the first byte (port 465). One of them is needed as soon as the mail server is another machine; Django uses
none by default. From Django 6.1 the same stands in `MAILERS`, as the options `use_tls` and `use_ssl`. What
breaks: both together are an error with each mail, and so is the port of the other one.

A relay on the same machine or in a container beside the application needs none of it. Services that are
spoken to by HTTPS (django-anymail, django-ses) are not concerned. `check --deploy` looks at the backend in
MAILERS only, and not at encryption.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.mail import Mailer, delivers_by_smtp, mailers, none_at_all
from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.services import Where, locate
from hardango.controls.values import truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

EMAIL_TLS = Control(
    "email-tls",
    title="Encryption on the way to the mail server",
    weakness="Mail leaves the application unencrypted",
    severity=Severity.MEDIUM,
    settings=("EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_BACKEND", "MAILERS"),
    attack="Someone on the way to the mail server reads password-reset links, and the password of the "
    "mail account.",
    remedy="Set EMAIL_USE_TLS = True with EMAIL_PORT = 587, or EMAIL_USE_SSL = True with EMAIL_PORT = "
    "465; in MAILERS, use_tls or use_ssl among the OPTIONS.",
    references=(
        asvs("12.3.1"), cwe(319), docs("topics/email/#smtp-backend"),
        docs("ref/settings/#email-use-tls"),
        docs("https://datatracker.ietf.org/doc/html/rfc8314#section-3"),
    ),
)  # fmt: skip


@EMAIL_TLS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for mailer in mailers(settings):
        yield of_mailer(settings, mailer, deployment)
    for outcome in none_at_all(settings):
        yield not_applicable(outcome, "MAILERS is empty: no mail is sent")


def of_mailer(settings: Settings, mailer: Mailer, deployment: Deployment) -> Judgement:
    """One way of sending mail, in one case."""
    case = mailer.case
    names = ("EMAIL_USE_TLS", "EMAIL_HOST", "EMAIL_BACKEND") if mailer.old else ("MAILERS",)
    by_smtp = delivers_by_smtp(settings, mailer.backend)
    if by_smtp is False:
        return not_applicable(case, f"Mail is sent by {mailer.backend}, without SMTP")
    tls, ssl = truth(mailer.tls), truth(mailer.ssl)
    location = locate(mailer.host, "the mail server", deployment)
    if tls and ssl:
        message = "TLS is asked for in both ways at once: sending a mail is an error"
        return bad(case, message, *names, severity=Severity.LOW)
    if tls or ssl:
        port = PORTS.get(mailer.port) if isinstance(mailer.port, int) else None
        if by_smtp and port is not None and port != ("use_ssl" if ssl else "use_tls"):
            wanted = "from the first byte" if port == "use_ssl" else "after STARTTLS only"
            message = f"Port {mailer.port} speaks TLS {wanted}: no mail leaves the application"
            return bad(case, message, *names, severity=Severity.LOW)
        return good(case, "Mail leaves the application encrypted", *names)
    if by_smtp and not mailer.old and mailer.host is None:
        message = f"{mailer.name} has no host: sending a mail is an error"
        return bad(case, message, *names, severity=Severity.LOW)
    if location.where is Where.HERE:
        return good(case, f"The mail server is {location.why}", *names)
    if by_smtp is None:
        message = "How mail is sent is not known"
        if isinstance(mailer.backend, Unknown):
            message = why_unknown("EMAIL_BACKEND" if mailer.old else mailer.name, mailer.backend)
        return unreadable(case, message, *names, severity=Severity.LOW)
    for value in (mailer.tls, mailer.ssl):
        if isinstance(value, Unknown):
            message = why_unknown("The encryption of mail", value)
            return unreadable(case, message, *names, severity=Severity.LOW)
    if location.where is Where.UNSURE:
        message = f"{location.why}, and TLS is off"
        return unreadable(case, message, *names, severity=Severity.LOW)
    message = f"The mail server is {location.why}, and neither TLS nor SSL is on"
    private = location.where is Where.PRIVATE
    return bad(case, message, *names, severity=Severity.LOW if private else None)


PORTS: dict[object, str] = {465: "use_ssl", 587: "use_tls"}
"""What the usual ports speak. Port 25 can do STARTTLS as well."""


@EMAIL_TLS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Entry

    for mailer in mailers(settings):
        option = PORTS.get(mailer.port) if isinstance(mailer.port, int) else None
        if option is None or of_mailer(settings, mailer, deployment).opinion is not Opinion.BAD:
            continue
        other = "use_ssl" if option == "use_tls" else "use_tls"
        risk = "no mail is sent if the server doesn't speak TLS, or its certificate is not valid"
        for name, value in ((other, False), (option, True)):
            on = truth(mailer.tls if name == "use_tls" else mailer.ssl)
            if bool(on) is not value and mailer.old:
                yield Assign(f"EMAIL_{name.upper()}", value, safe=False, risk=risk)
            elif bool(on) is not value:
                yield Entry("MAILERS", (mailer.alias, "OPTIONS", name), value, False, risk)
