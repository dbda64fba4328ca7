"""The CSRF cookie does not come along with requests that other sites make.

CSRF protection compares the token in a form with the one in the cookie. If the cookie does not come
along with another site's form, there is nothing to compare with, and the form is refused whatever
else goes wrong: a token that leaked, a subdomain that set a cookie of its own.

`CSRF_COOKIE_SAMESITE` is "Lax" by default. The text "None" sends the cookie from everywhere, which
only a site that is shown in frames of others needs; browsers then want `CSRF_COOKIE_SECURE`, and
drop the cookie without it, so that every form fails. The values `None` and `False` leave the
attribute out, which browsers read in different ways.

It matters less than the same attribute of the session cookie: without the session, a forged
request acts for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, cwe, docs
from hardango.controls.samesite import judge_same_site
from hardango.controls.stack import csrf_cookie, stack_setting
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

CSRF_COOKIE_SAMESITE = Control(
    "csrf-cookie-samesite",
    title="CSRF cookie and requests from other sites",
    weakness="The CSRF cookie comes along with requests from other sites",
    severity=Severity.LOW,
    settings=(
        "CSRF_COOKIE_SAMESITE", "CSRF_COOKIE_SECURE", "CSRF_USE_SESSIONS", "MIDDLEWARE",
    ),
    attack="Another site's form that has got hold of a token is accepted in the visitor's name.",
    remedy='Leave CSRF_COOKIE_SAMESITE at "Lax", or set "Strict". A site that must be shown in frames '
    'of other sites needs "None" with CSRF_COOKIE_SECURE.',
    references=(asvs("3.3.2"), cwe(1275), docs("ref/settings/#csrf-cookie-samesite")),
)  # fmt: skip


@CSRF_COOKIE_SAMESITE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    yield from judge_same_site(
        settings, "CSRF_COOKIE_SAMESITE", "CSRF_COOKIE_SECURE", ("CSRF_USE_SESSIONS", stack),
        lambda case: csrf_cookie(settings, case, stack),
        "There is no CSRF cookie: its middleware is not installed, or the token is in the session",
    )  # fmt: skip


@CSRF_COOKIE_SAMESITE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    if "CSRF_COOKIE_SAMESITE" in settings:
        yield Assign("CSRF_COOKIE_SAMESITE", "Lax", safe=False, risk="forms in frames of other sites, "
                     "and logins that come back from another site by POST, no longer work")  # fmt: skip


@CSRF_COOKIE_SAMESITE.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.cookie_proofs import comes_along, csrf, prove_cookies

    yield from prove_cookies(csrf(site), comes_along)
