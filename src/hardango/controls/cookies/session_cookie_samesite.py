"""The session cookie does not come along with requests that other sites make.

A form on another site that points here is sent with this site's cookies, unless the cookie says
`SameSite`. "Lax", Django's default, keeps the cookie out of everything but links that are
followed; "Strict" out of these too. It is the second wall behind CSRF protection, and the first one
for views that are exempt from it.

With `"None"` (a text) the cookie comes along from everywhere; browsers then want `Secure` as well,
and drop the cookie without it. With `False` or `None`, the values, Django sends no SameSite
attribute: Chrome takes that for "Lax" with an exception of two minutes, other browsers for "None".

A site that is shown in frames of other sites, or an API that browsers call from another site with
cookies, needs "None". Then CSRF protection is all there is: keep it on every view.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, cwe, docs
from hardango.controls.samesite import judge_same_site
from hardango.controls.stack import Presence, sends_session_itself, sessions, stack_setting
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

SESSION_COOKIE_SAMESITE = Control(
    "session-cookie-samesite",
    title="Session cookie and requests from other sites",
    weakness="The session cookie comes along with requests from other sites",
    severity=Severity.MEDIUM,
    settings=("SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_SECURE", "MIDDLEWARE"),
    attack="Another site makes a visitor's browser send requests with the visitor's login; only CSRF "
    "protection is left to stop them.",
    remedy='Leave SESSION_COOKIE_SAMESITE at "Lax", or set "Strict". A site that must be shown in '
    'frames of other sites needs "None" with SESSION_COOKIE_SECURE, and CSRF protection on every view.',
    references=(
        asvs("3.3.2"), cwe(1275), docs("ref/settings/#session-cookie-samesite"),
        docs("https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis"),
    ),
)  # fmt: skip


@SESSION_COOKIE_SAMESITE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    yield from judge_same_site(
        settings, "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_SECURE", (stack, "INSTALLED_APPS"),
        lambda case: by_the_setting(settings, case, stack),
        "No sessions: their middleware is not installed",
    )  # fmt: skip


def by_the_setting(settings: Settings, case: Case, stack: str) -> Presence:
    """Whether there is a session cookie whose SameSite the setting decides."""
    own = sends_session_itself(settings, case, stack, "SESSION_COOKIE_SAMESITE")
    return Presence(None, own) if own else sessions(settings, case, stack)


@SESSION_COOKIE_SAMESITE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    if "SESSION_COOKIE_SAMESITE" in settings:
        yield Assign("SESSION_COOKIE_SAMESITE", "Lax", safe=False, risk="forms in frames of other sites, "
                     "and logins that come back from another site by POST, no longer work")  # fmt: skip


@SESSION_COOKIE_SAMESITE.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.cookie_proofs import comes_along, prove_cookies, session

    yield from prove_cookies(session(site), comes_along)
