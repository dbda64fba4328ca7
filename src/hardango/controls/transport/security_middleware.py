"""SecurityMiddleware is installed, and stands before whatever answers requests itself.

It is the one place from which Django sends the HTTPS redirect, HSTS, `X-Content-Type-Options`,
`Referrer-Policy` and `Cross-Origin-Opener-Policy`. Without it, all `SECURE_…` settings that look
right in the file do nothing, and `check --deploy` no longer mentions most of them.

A request passes through the middleware from first to last, the response back from last to first.
Middleware that answers by itself keeps the request from everything behind it: WhiteNoise in front
of SecurityMiddleware serves static files without redirect and headers, CommonMiddleware sends its
own redirects so, a cache its stored pages. What only looks at requests may stand in front: CORS
headers, request ids, metrics, and a health check that must answer over plain HTTP.

Nothing breaks when it is installed first; its settings decide what it does. A proxy in front can
send the same headers; hardango sees only what Django does.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    bad,
    cwe,
    django_check,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import (
    SECURITY,
    SECURITY_HINTS,
    Wanted,
    inherits,
    middleware,
    stack_setting,
    texts,
)  # fmt: skip
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

SECURITY_MIDDLEWARE = Control(
    "security-middleware",
    title="Security middleware",
    weakness="SecurityMiddleware does not protect every response",
    severity=Severity.HIGH,
    settings=("MIDDLEWARE", "MIDDLEWARE_CLASSES"),
    attack="Responses go out without redirect to HTTPS, HSTS and the headers that keep browsers "
    "from guessing types and leaking addresses, whatever the SECURE_ settings say.",
    remedy=f'Put "{SECURITY}" first in MIDDLEWARE, before WhiteNoise and CommonMiddleware.',
    references=(
        django_check("security.W001"), cwe(693),
        docs("ref/middleware/#module-django.middleware.security"),
        docs("ref/middleware/#middleware-ordering"),
        docs("https://whitenoise.readthedocs.io/en/stable/django.html"),
    ),
)  # fmt: skip

ANSWERS_ITSELF = {
    "whitenoise.middleware.WhiteNoiseMiddleware": "serves static files",
    "servestatic.middleware.ServeStaticMiddleware": "serves static files",
    "django.middleware.common.CommonMiddleware": "redirects and refuses requests",
    "django.middleware.cache.FetchFromCacheMiddleware": "answers from the cache",
    "django.middleware.cache.CacheMiddleware": "answers from the cache",
    "django.contrib.redirects.middleware.RedirectFallbackMiddleware": "redirects",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware": "serves flat pages",
}
"""Middleware whose own answers miss what stands behind it, and what these answers are."""

MAY_BE_FIRST = ("health", "probe", "alive", "livez", "readiness", "readyz", "ping", "heartbeat",
                "https", "ssl", "options", "cors")  # fmt: skip
"""What the name of a middleware has in it that answers a probe over plain HTTP, redirects to HTTPS
itself, or answers a preflight request."""

PROTECTING = Wanted(
    SECURITY,
    hooks=("process_request", "process_response"),
    hints=SECURITY_HINTS,
    words=("strict-transport-security", "x-content-type-options"),
)

LOCALE = "django.middleware.locale.LocaleMiddleware"
"""It redirects to the address of a language, where URLs have one."""


@SECURITY_MIDDLEWARE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(stack):
        found = middleware(settings, case, stack, PROTECTING)
        if found.sure:
            yield from of_its_place(settings, case, stack)
        elif found.sure is None:
            yield unreadable(case, found.why, stack)
        else:
            yield bad(case, f"SecurityMiddleware is not in {stack}{ignored(settings)}", stack)


def of_its_place(settings: Settings, case: Case, stack: str) -> Iterator[Judgement]:
    """SecurityMiddleware is there: what stands in front of it?"""
    before = in_front(settings, case[stack])
    early = [(item, what) for item in before if (what := answer_of(settings, item))]
    for item, what in early:
        short = item.rpartition(".")[2]
        yield bad(
            case,
            f"{short} stands before SecurityMiddleware and {what} without its redirect and headers",
            stack,
            severity=Severity.LOW,
        )
    if LOCALE in before:
        yield unreadable(
            case,
            "LocaleMiddleware stands before SecurityMiddleware: if URLs are made by "
            "i18n_patterns(), which hardango does not read, its redirects to the address of a "
            "language go out without the headers",
            stack,
            severity=Severity.LOW,
        )
    elif not early:
        place = "first" if not before else f"behind {len(before)} other{'s' * (len(before) > 1)}"
        yield good(case, f"SecurityMiddleware is in {stack}, {place}", stack)


def in_front(settings: Settings, items: object) -> list[str]:
    """The known middleware that a request passes before SecurityMiddleware."""
    before: list[str] = []
    for item in texts(items):
        if item == SECURITY or inherits(settings, item, PROTECTING).sure:
            return before
        before.append(item)
    return []


def answer_of(settings: Settings, item: str) -> str:
    """What a middleware answers by itself, "" if nothing or if it may stand in front."""
    if item in ANSWERS_ITSELF:
        return ANSWERS_ITSELF[item]
    definition = None if item.startswith("django.") else settings.definition(item)
    if definition is None or definition.answers is None:
        return ""
    plain = item.lower()
    if any(word in plain for word in MAY_BE_FIRST):
        return ""
    return f"answers requests itself ({definition.answers})"


def ignored(settings: Settings) -> str:
    """A word on the setting that this version of Django no longer reads, if it is set in every case."""
    name = "MIDDLEWARE_CLASSES"
    if settings.django < (2, 0) or name not in settings:
        return ""
    if not any(case.outcomes[name].default for case in settings.cases(name)):
        return "; MIDDLEWARE_CLASSES is not read since Django 2.0"
    return ""


@SECURITY_MIDDLEWARE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Include

    yield Include(stack_setting(settings), SECURITY, first=True)
