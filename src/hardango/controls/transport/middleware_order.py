"""Each middleware finds what it builds on.

Middleware runs from the top of the list to the view, and back up with the response. What stands in the
wrong order does not fail loudly at start, and no check of Django looks at it.

- UpdateCacheMiddleware stores a response as it is when it comes by. Below SessionMiddleware it comes by
  before that has added `Vary: Cookie`: the page of one visitor is stored for all, and served to others.
- AuthenticationMiddleware above SessionMiddleware, LoginRequiredMiddleware or OTPMiddleware above
  AuthenticationMiddleware find no session and no user: every request ends in an error.
- CsrfViewMiddleware above SessionMiddleware cannot keep its token in the session where
  `CSRF_USE_SESSIONS` wants that: every form is refused.

Where SecurityMiddleware belongs is judged by the control `security-middleware`. The order that Django
recommends is in its documentation under "Middleware ordering".
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
    unreadable,
)  # fmt: skip
from hardango.controls.stack import CSRF, SESSIONS, stack_setting
from hardango.controls.values import truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

MIDDLEWARE_ORDER = Control(
    "middleware-order",
    title="Order of the middleware",
    weakness="Middleware stands in an order in which it does not work",
    severity=Severity.LOW,
    settings=("MIDDLEWARE", "CSRF_USE_SESSIONS"),
    attack="Where the cache comes too late, visitors are shown pages of others; elsewhere, what should "
    "protect a request fails.",
    remedy="Order MIDDLEWARE as Django's documentation does: SecurityMiddleware, UpdateCacheMiddleware, "
    "SessionMiddleware, CommonMiddleware, CsrfViewMiddleware, AuthenticationMiddleware, what needs the "
    "user, FetchFromCacheMiddleware.",
    references=(
        asvs("14.2.2"), cwe(525), cwe(696), docs("ref/middleware/#middleware-ordering"),
        docs("topics/cache/#order-of-middleware"),
    ),
)  # fmt: skip


class Rule(NamedTuple):
    """`first` has to stand above `second`, else `message` is so; `needs` a setting that must be on
    for that."""

    first: str
    second: str
    message: str
    severity: Severity = Severity.LOW
    needs: str = ""


UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"

ERROR = "every request ends in an error"
RULES = (
    Rule(UPDATE, SESSIONS, "pages are stored before they vary by cookie, and served to other visitors",
         Severity.HIGH),
    Rule(UPDATE, "django.middleware.locale.LocaleMiddleware",
         "pages are stored before they vary by language"),
    Rule(UPDATE, "django.middleware.gzip.GZipMiddleware",
         "pages are stored before they vary by encoding"),
    Rule(SESSIONS, AUTHENTICATION, ERROR),
    Rule(SESSIONS, "django.contrib.messages.middleware.MessageMiddleware", ERROR),
    Rule(SESSIONS, CSRF, "there is no session for the token yet, and every form is refused",
         needs="CSRF_USE_SESSIONS"),
    Rule(AUTHENTICATION, "django.contrib.auth.middleware.LoginRequiredMiddleware", ERROR),
    Rule(AUTHENTICATION, "django.contrib.auth.middleware.RemoteUserMiddleware", ERROR),
    Rule(AUTHENTICATION, "django.contrib.auth.middleware.PersistentRemoteUserMiddleware", ERROR),
    Rule(AUTHENTICATION, "django_otp.middleware.OTPMiddleware", ERROR),
)  # fmt: skip
"""https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering"""


@MIDDLEWARE_ORDER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(stack, "CSRF_USE_SESSIONS"):
        value: object = case[stack]
        if isinstance(value, Unknown):
            yield unreadable(case, why_unknown(stack, value), stack)
        elif not isinstance(value, (list, tuple)):
            yield unreadable(case, f"{stack} is no list", stack)
        else:
            yield from of_list(case, stack, list(value))


def of_list(case: Case, stack: str, items: list[object]) -> Iterator[Judgement]:
    """Whether a list, unknown items aside, follows the rules."""
    wrong = [rule for rule in RULES if out_of_order(items, rule)]
    for rule in wrong:
        on = truth(case[rule.needs]) if rule.needs else True
        names = (rule.second.rpartition(".")[2], rule.first.rpartition(".")[2])
        message = f"{names[0]} stands above {names[1]}: {rule.message}"
        if on:
            yield bad(case, message, stack, severity=rule.severity)
        elif on is None:
            yield unreadable(case, f"{message}, if {rule.needs} is on", stack)
    for name in sorted({str(item) for item in items if items.count(item) > 1}):
        if not name.startswith("<unknown"):
            message = f"{name} is in {stack} more than once, and runs more than once"
            yield bad(case, message, stack, pedantic=True)
    if not any(truth(case[rule.needs]) is not False if rule.needs else True for rule in wrong):
        yield good(case, f"{stack} is in an order that works", stack)


def out_of_order(items: list[object], rule: Rule) -> bool:
    """Whether both classes of a rule are in the list, and the first one below the second."""
    if rule.first not in items or rule.second not in items:
        return False
    return items.index(rule.first) > items.index(rule.second)


@MIDDLEWARE_ORDER.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Include

    stack = stack_setting(settings)
    wrong: dict[Rule, None] = {}
    for case in settings.cases(stack, "CSRF_USE_SESSIONS"):
        items: object = case[stack]
        for rule in RULES if isinstance(items, (list, tuple)) else ():
            needed = not rule.needs or truth(case[rule.needs])
            if needed and out_of_order(list(items), rule):  # type: ignore[call-overload]
                wrong[rule] = None
    for moved in dict.fromkeys(rule.first for rule in wrong if rule.first != AUTHENTICATION):
        below = tuple(rule.second for rule in RULES if rule.first == moved)
        yield Include(stack, moved, before=below, safe=moved != UPDATE, risk="what is kept in the "
                      "cache is kept anew, once for each cookie, language and encoding")  # fmt: skip
    for rule in wrong:
        if rule.first == AUTHENTICATION:
            yield Include(stack, rule.second, after=(AUTHENTICATION,))
