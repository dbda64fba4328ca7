"""Forms are taken only with a token of the site's own.

A page of another site can make a visitor's browser send a form here, with the visitor's cookies.
Django's CsrfViewMiddleware takes a form only with a token that the other site can't know, and over
HTTPS only from the site itself. A view under `@csrf_exempt`, or a project without the middleware,
takes it from everywhere; on the login page that logs a visitor into the account of somebody else,
who reads later what was entered there.

The proof sends the login form without its token, as nobody: it has to be refused before anything
looks at who logs in. Django's own login page is protected by itself, so that an empty form is sent
to the view that sets the language, too, or to the start page. Nothing else is sent, since a form that
is taken does something.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

CSRF_PROTECTION = Control(
    "csrf-protection",
    title="Protection against forged requests",
    weakness="Forms are taken without a token",
    severity=Severity.HIGH,
    settings=("MIDDLEWARE",),
    attack="A page of another site sends forms in the name of whoever visits it.",
    remedy='Keep "django.middleware.csrf.CsrfViewMiddleware" in MIDDLEWARE, and no view that a '
    "browser's cookie opens under @csrf_exempt.",
    references=(
        asvs("3.5.1"), cwe(352), docs("ref/csrf/"),
    ),
)  # fmt: skip


@CSRF_PROTECTION.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import login, refused

    entrance = login(site)
    if entrance is None:
        yield inconclusive("no login form was found, and no other form is sent")
        return
    answer = refused(site)
    if answer.response is None:
        yield unanswered(answer)
    elif answer.status in (200, 302, 303):
        yield refuted("the login form is taken without a token", answer)
    elif answer.status == 403:
        # Django's own login views have a decorator, and are protected without the middleware.
        yield _unchecked(site) or proven("the login form is refused without its token", answer)
    else:
        yield inconclusive(f"the login form without its token gets {answer.status}", answer)


def _unchecked(site: Site) -> Proof | None:
    """A form that is taken though only the middleware would refuse it: that which sets the language,
    at its usual address, or one that is sent to a start page which is surely Django's."""
    from hardango.controls.seen import encoded, main, page, start

    body = encoded({"csrfmiddlewaretoken": "invalid", "language": "", "next": "/"})
    language = site.send(site.request("/i18n/setlang/", "POST", body=body, base=main(site)))
    if language.status in (204, 302):
        return refuted("the form that sets the language is taken without a token", language)
    first = start(site)
    if language.status == 403 or first.response is None or first.response.kind != "text/html":
        return None
    other = site.send(site.request(first.request.url, "POST", body=body))
    # A static page of a web server, or a view of REST framework, refuses a form for reasons of its own.
    own = "Cookie" in first.get("Vary") and "REST framework" not in page(first).title
    if own and other.status in (200, 302, 303, 405):
        return refuted(f"the start page takes a form without a token ({other.status}): nothing checks it but "
                       "the login page", other, severity=Severity.MEDIUM)  # fmt: skip
    return None
