"""A login leads to a page of this site.

`/login/?next=…` says where to go afterwards. If that may be any address, a link that begins with
this site's name ends on a page of somebody else, which asks for the password once more. Django's
login view looks at the host; a view that redirects to `request.GET["next"]` doesn't, and one that
looks for a slash at the start is got round by `//`, which is an address of another host.

The proof logs in with such an address, and reads where the answer leads.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import Proof, proven, refuted
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

LOGIN_REDIRECT = Control(
    "login-redirect",
    title="Where a login leads",
    weakness="A login leads to any address that a link names",
    severity=Severity.MEDIUM,
    settings=("LOGIN_REDIRECT_URL",),
    attack="A link with this site's name takes users to a page that looks like it, right after they "
    "have logged in.",
    remedy="Look at the address with django.utils.http.url_has_allowed_host_and_scheme() before "
    "redirecting to it.",
    references=(
        asvs("3.7.2"),
        cwe(601),
        docs("topics/auth/default/#django.contrib.auth.views.LoginView"),
    ),
)


@LOGIN_REDIRECT.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.accounts import cannot_log_in, log_in
    from hardango.controls.seen import INVALID, host_of, redirected

    session = log_in(
        site, "elsewhere", fields={"next": f"//{INVALID}/"}, query=f"next=//{INVALID}/"
    )
    if session is None:
        yield from cannot_log_in(site)
    elif host_of(redirected(session.answer)) == INVALID:
        yield refuted("the login leads to another site, as its address said", session.answer,
                      marks=(session.answer.get("Location"),))  # fmt: skip
    else:
        yield proven("the login leads to this site, whatever its address says", session.answer)
