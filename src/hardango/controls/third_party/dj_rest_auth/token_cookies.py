"""The cookie with the API's token is kept like a session cookie.

dj-rest-auth can hand out its token in a cookie (`JWT_AUTH_COOKIE`). Whoever gets that cookie is its user until the
token expires, and cannot be logged out.

Without the Secure attribute (`JWT_AUTH_SECURE`, off by default) the browser sends it over plain HTTP as well, where
anybody on the way reads it. Without HttpOnly (`JWT_AUTH_HTTPONLY`) every script in a page reads it. And a cookie is
sent by the browser whoever asks: unless `JWT_AUTH_COOKIE_USE_CSRF` is on, only its SameSite attribute
(`JWT_AUTH_SAMESITE`, "Lax") stands between the user and a forged request; with "None" nothing does.

What breaks: with Secure, nothing on a site that is served over HTTPS; with HttpOnly, front ends that read the token
themselves. Since dj-rest-auth 3.0 these are keys of REST_AUTH, before they were settings. Django's own settings for
cookies, and its checks, do not touch this one.
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
from hardango.controls.options import Library, Option, judged_where_used, of_switch, option, whole
from hardango.controls.packages import at_least
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

NAMES = (
    "JWT_AUTH_COOKIE", "JWT_AUTH_REFRESH_COOKIE", "JWT_AUTH_SECURE", "JWT_AUTH_HTTPONLY",
    "JWT_AUTH_SAMESITE", "JWT_AUTH_COOKIE_USE_CSRF", "REST_USE_JWT",
)  # fmt: skip
DEFAULTS = {"JWT_AUTH_SECURE": False, "JWT_AUTH_HTTPONLY": True, "JWT_AUTH_SAMESITE": "Lax"}

TOKEN_COOKIES = Control(
    "token-cookies",
    title="Cookies with API tokens",
    weakness="The cookie with the API's token can be stolen or used by others",
    severity=Severity.MEDIUM,
    settings=("REST_AUTH", *NAMES, "INSTALLED_APPS"),
    attack="Someone on the same network, a script in a page or another site gets the token, or has it sent along.",
    remedy='Set "JWT_AUTH_SECURE": True in REST_AUTH, leave "JWT_AUTH_HTTPONLY" on, and turn '
    '"JWT_AUTH_COOKIE_USE_CSRF" on.',
    references=(
        asvs("3.3.1"), asvs("3.5.1"), cwe(614), cwe(1004), cwe(352),
        docs("https://dj-rest-auth.readthedocs.io/en/latest/configuration.html"),
    ),
)  # fmt: skip

LIBRARY = Library("dj-rest-auth", "dj-rest-auth", "dj_rest_auth", own=("REST_AUTH",))


@TOKEN_COOKIES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    grouped = at_least(deployment, "dj-rest-auth", (3, 0)) is not False
    return judged_where_used(
        settings, deployment, LIBRARY, lambda case: of_cookie(case, grouped), *NAMES
    )


def setting(case: Case, name: str, grouped: bool) -> Option:
    """One option: a key of REST_AUTH, or before 3.0 a setting of that name."""
    default = DEFAULTS.get(name)
    return option(case, "REST_AUTH", name, default) if grouped else whole(case, name, default)


def of_cookie(case: Case, grouped: bool) -> Iterator[Judgement]:
    used = option(case, "REST_AUTH", "USE_JWT") if grouped else whole(case, "REST_USE_JWT")
    names = [setting(case, name, grouped) for name in NAMES[:2]]
    if truth(used.value) is False or all(truth(each.value) is False for each in names):
        yield not_applicable(case, "dj-rest-auth puts no token into a cookie", used.setting)
        return
    unread = used.unread if truth(used.value) is None else ""
    if not any(truth(each.value) for each in names):
        unread = unread or next((each.unread for each in names if each.unread), "")
    if unread:
        yield unreadable(case, unread, used.setting)
        return
    secure, http_only, same = (setting(case, name, grouped) for name in NAMES[2:5])
    yield of_switch(case, secure, True, "the cookie with the token goes out over plain HTTP too")
    yield of_switch(case, http_only, True, "every script in a page reads the token")
    yield of_csrf(case, same, setting(case, NAMES[5], grouped))


def of_csrf(case: Case, same: Option, check: Option) -> Judgement:
    """What keeps other sites from using the cookie."""
    if truth(check.value):
        return good(case, check.stated, check.setting)
    if isinstance(same.value, Unknown) or check.unread:
        return unreadable(case, same.unread or check.unread, same.setting)
    if isinstance(same.value, str) and same.value.lower() in ("lax", "strict"):
        message = f"{check.name} is off: only SameSite keeps other sites from using the cookie"
        return bad(case, message, check.setting, severity=Severity.LOW, pedantic=True)
    message = (
        f"{same.stated} and {check.name} is off: every site can have requests sent with the token"
    )
    return bad(case, message, same.setting)


@TOKEN_COOKIES.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Entry

    grouped = at_least(deployment, "dj-rest-auth", (3, 0)) is not False
    risks = {
        "JWT_AUTH_SECURE": "the cookie is not sent over plain HTTP",
        "JWT_AUTH_HTTPONLY": "scripts that read the cookie can't any more",
    }
    for case in settings.cases("REST_AUTH", *NAMES):
        for name, risk in risks.items():
            if truth(setting(case, name, grouped).value) is not False:
                continue
            if grouped:
                yield Entry("REST_AUTH", (name,), True, safe=False, risk=risk)
            else:
                yield Assign(name, True, safe=False, risk=risk)
        return
