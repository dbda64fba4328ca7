"""The CSRF cookie is sent over HTTPS only, and there is protection against forged requests.

CSRF protection lets a form through if its hidden token fits the cookie. Someone on the same
network who reads the cookie from one plain HTTP request knows the token, and can make the user's
browser send forms in the user's name. `CSRF_COOKIE_SECURE = True` keeps the cookie for HTTPS.

There is nothing to protect if the token is kept in the session (`CSRF_USE_SESSIONS = True`; then
the session cookie is what matters), or if no browser logs in at all: an API whose clients send a
token with each request is not open to forged requests, for no browser adds that token by itself.
A project with sessions and without CsrfViewMiddleware is not such a case: there the forms of
every logged-in user can be forged from any other site, which is worse than a cookie in clear; only
views that ask for `csrf_protect` themselves, as those of the admin do, are protected.

Scripts that read the cookie to send the token in a header are not disturbed by the Secure
attribute; plain HTTP on a developer's machine is, so set it in the production settings.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    django_check,
    docs,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import (
    CSRF,
    SESSIONS,
    Presence,
    Wanted,
    app,
    extends,
    look_alike,
    sessions,
    stack_setting,
    texts,
)  # fmt: skip
from hardango.controls.switches import judge_switch
from hardango.controls.values import said, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

CSRF_COOKIE_SECURE = Control(
    "csrf-cookie-secure",
    title="CSRF cookie over HTTPS only",
    weakness="Protection against forged requests can be got round",
    severity=Severity.MEDIUM,
    settings=("CSRF_COOKIE_SECURE", "CSRF_USE_SESSIONS", "MIDDLEWARE"),
    attack="Someone on the same network reads the token and makes a user's browser send forms in "
    "the user's name.",
    remedy="Set CSRF_COOKIE_SECURE = True in the production settings, and keep CsrfViewMiddleware "
    "in MIDDLEWARE wherever browsers log in.",
    references=(
        django_check("security.W016"), django_check("security.W003"), asvs("3.3.1"),
        asvs("3.5.1"), cwe(614), cwe(352), docs("ref/settings/#csrf-cookie-secure"),
        docs("ref/csrf/"),
    ),
)  # fmt: skip

CHECKING = Wanted(
    CSRF,
    hooks=(
        "process_request", "process_view", "process_response", "_accept", "_check_token",
        "_check_referer", "_get_secret", "_origin_verified", "_reject", "_set_csrf_cookie",
    ),
    hints=("csrf",),
    words=("csrfviewmiddleware", "csrf_processing_done"),
)  # fmt: skip
"""The middleware that checks the token."""

SWITCH_OFF = "_dont_enforce_csrf_checks"
"""The attribute of a request that keeps Django from checking its token."""

BROWSER_LOGINS = ("SessionAuthentication", "BasicAuthentication", "RemoteUserAuthentication")
"""Authentication classes of Django REST framework whose proof a browser sends by itself."""


@CSRF_COOKIE_SECURE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack, name = stack_setting(settings), "CSRF_COOKIE_SECURE"
    for case in settings.cases(
        name, "CSRF_USE_SESSIONS", stack, "INSTALLED_APPS", "REST_FRAMEWORK"
    ):
        installed = extends(settings, case, stack, CHECKING)
        if installed.sure is False:
            yield without_protection(settings, case, stack)
            continue
        doubt = installed.why or switched_off(settings, case, stack)
        if doubt and readable(case, stack):
            message = f"Whether forged requests are refused is not known: {doubt}"
            yield unreadable(case, message, stack, severity=Severity.HIGH)
            continue
        in_session = truth(case["CSRF_USE_SESSIONS"])
        if in_session:
            message = "CSRF_USE_SESSIONS keeps the token in the session: there is no CSRF cookie"
            yield not_applicable(case, message, "CSRF_USE_SESSIONS")
            continue
        needed = installed
        if in_session is None:
            needed = Presence(None, "it is not known whether CSRF_USE_SESSIONS is on")
        yield judge_switch(
            settings, case, name, needed,
            off="the CSRF cookie goes out without the Secure attribute", unneeded="",
        )  # fmt: skip


def readable(case: Case, stack: str) -> bool:
    """Whether every item of the list of middleware is known."""
    items: object = case[stack]
    return isinstance(items, (list, tuple)) and len(texts(items)) == len(items)


def switched_off(settings: Settings, case: Case, stack: str) -> str:
    """That a middleware of the project keeps Django from checking; "" if none does."""
    for item in texts(case[stack]):
        definition = settings.definition(item) if not item.startswith("django.") else None
        if definition is not None and SWITCH_OFF in definition.words:
            return f"{said(item)} sets {SWITCH_OFF} at {definition.place}, for some requests or all"
    return ""


def without_protection(settings: Settings, case: Case, stack: str) -> Judgement:
    """There is no CsrfViewMiddleware: is there anything that it would protect?"""
    used = sessions(settings, case, stack)
    admin = app(case, "django.contrib.admin")
    if used.sure is False:
        message = "No CSRF middleware, and no sessions that a forged request could use"
        return not_applicable(case, message, stack)
    tokens = only_tokens(case)
    if tokens.sure and admin.sure is False:
        message = "No CSRF middleware: the API authenticates by tokens that no browser sends itself"
        return not_applicable(case, message, "REST_FRAMEWORK", stack)
    other = look_alike(settings, case, stack, CHECKING)
    for unsure in (used, tokens, admin, Presence(None if other else False, other)):
        if unsure.sure is None:
            return unreadable(
                case, f"CsrfViewMiddleware is not in {stack}, and {unsure.why}", stack
            )
    return bad(
        case,
        f"CsrfViewMiddleware is not in {stack}, though browsers log in by session: a form can be "
        "forged from another site, unless its view asks for csrf_protect itself",
        stack,
        severity=Severity.HIGH,
    )


def only_tokens(case: Case) -> Presence:
    """Whether Django REST framework is set up so that no browser logs in by itself."""
    framework = app(case, "rest_framework")
    if not framework.sure:
        return framework
    value: object = case["REST_FRAMEWORK"]
    if value is None:
        return Presence(False)
    classes = value.get("DEFAULT_AUTHENTICATION_CLASSES") if isinstance(value, dict) else value
    if classes is None:
        return Presence(False)
    if not isinstance(classes, (list, tuple)) or not all(isinstance(one, str) for one in classes):
        return Presence(None, "the authentication classes of REST_FRAMEWORK could not be read")
    return Presence(not any(str(one).endswith(BROWSER_LOGINS) for one in classes))


COMMON = "django.middleware.common.CommonMiddleware"


@CSRF_COOKIE_SECURE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Include

    yield Assign("CSRF_COOKIE_SECURE", True, development=False)
    stack = stack_setting(settings)
    lists = [each.value for each in settings[stack] if isinstance(each.value, (list, tuple))]
    if lists and not any(CSRF in each for each in lists):
        yield Include(stack, CSRF, after=(SESSIONS, COMMON), safe=False,
                      risk="forms without a token are refused, unless their view is exempt")  # fmt: skip


@CSRF_COOKIE_SECURE.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.cookie_proofs import SENT_IN_CLEAR, csrf, prove_cookies

    yield from prove_cookies(csrf(site), lambda cookie: "" if cookie.secure else SENT_IN_CLEAR)
