"""The language cookie is as well guarded as the others.

`set_language` writes the visitor's choice into a cookie of its own, and its flags are off by default,
even its SameSite. What it holds is no secret; but a cookie without `Secure` goes out over plain HTTP,
where it can be read and replaced, and a proxy or a page cache that varies by it can be led astray.

`LANGUAGE_COOKIE_SECURE`, `LANGUAGE_COOKIE_HTTPONLY` and `LANGUAGE_COOKIE_SAMESITE = "Lax"` cost nothing:
nothing breaks unless a script reads the cookie. Scanners count every cookie of a site, this one
included. It is hardening beyond the common need.
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
from hardango.controls.stack import Wanted, middleware, stack_setting
from hardango.controls.values import stated, truth, version_of, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

LANGUAGE_COOKIE = Control(
    "language-cookie",
    title="Language cookie",
    weakness="The language cookie goes out without protection",
    severity=Severity.LOW,
    settings=(
        "LANGUAGE_COOKIE_SECURE", "LANGUAGE_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_SAMESITE",
        "MIDDLEWARE",
    ),
    attack="Someone on the same network reads and replaces the cookie on plain HTTP.",
    remedy='Set LANGUAGE_COOKIE_SECURE = True, LANGUAGE_COOKIE_HTTPONLY = True and '
    'LANGUAGE_COOKIE_SAMESITE = "Lax" in production.',
    references=(asvs("3.3.1"), cwe(614), docs("ref/settings/#language-cookie-secure")),
)  # fmt: skip

LOCALE = "django.middleware.locale.LocaleMiddleware"
SINCE = (3, 0)


@LANGUAGE_COOKIE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    names = [name for name in LANGUAGE_COOKIE.settings[:3] if name in settings]
    for case in settings.cases(stack, *names):
        used = middleware(settings, case, stack, Wanted(LOCALE))
        if used.sure is False:
            yield not_applicable(case, f"LocaleMiddleware is not in {stack}", stack)
        elif used.sure is None:
            yield unreadable(case, used.why, stack)
        elif not names:
            yield bad(
                case, f"{version_of(settings)} sends the cookie without flags: it can since 3.0"
            )
        else:
            yield from of_flags(case, names)


def of_flags(case: Case, names: list[str]) -> Iterator[Judgement]:
    """The three flags of the cookie."""
    for name in names:
        value: object = case[name]
        state = stated(case.outcomes[name], name)
        if isinstance(value, Unknown) and truth(value) is None:
            yield unreadable(case, why_unknown(name, value), name)
        elif truth(value):
            yield good(case, state, name)
        else:
            yield bad(case, f"{state}: the cookie goes out without that attribute", name)


@LANGUAGE_COOKIE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    wanted = (("SECURE", True, False), ("HTTPONLY", True, None), ("SAMESITE", "Lax", None))
    for part, value, development in wanted:
        name = f"LANGUAGE_COOKIE_{part}"
        if name in settings and any(truth(each.value) is False for each in settings[name]):
            yield Assign(name, value, safe=False, development=development,
                         risk="scripts that read the cookie can't any more")  # fmt: skip
