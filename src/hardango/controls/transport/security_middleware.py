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
from hardango.controls.stack import SECURITY, SECURITY_HINTS, middleware, stack_setting
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

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

LOCALE = "django.middleware.locale.LocaleMiddleware"
"""It redirects to the address of a language, where URLs have one."""


@SECURITY_MIDDLEWARE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(stack):
        found = middleware(case, stack, SECURITY, SECURITY_HINTS)
        if found.sure:
            yield from of_its_place(case, stack)
        elif found.sure is None:
            yield unreadable(case, found.why, stack)
        else:
            yield bad(case, f"SecurityMiddleware is not in {stack}{ignored(settings)}", stack)


def of_its_place(case: Case, stack: str) -> Iterator[Judgement]:
    """SecurityMiddleware is there: what stands in front of it?"""
    items: object = case[stack]
    assert isinstance(items, (list, tuple))
    before = items[: items.index(SECURITY)] if SECURITY in items else ()
    early = [item for item in before if isinstance(item, str) and item in ANSWERS_ITSELF]
    for item in early:
        short = item.rpartition(".")[2]
        yield bad(
            case,
            f"{short} stands before SecurityMiddleware and {ANSWERS_ITSELF[item]} without its "
            "redirect and headers",
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


def ignored(settings: Settings) -> str:
    """A word on the setting that this version of Django no longer reads."""
    if settings.django >= (2, 0) and "MIDDLEWARE_CLASSES" in settings:
        return "; MIDDLEWARE_CLASSES is not read since Django 2.0"
    return ""
