"""A view is closed unless it says that it is open.

Who may call a view is said at each view, and forgotten at one of a hundred. Django does not notice: a view
without a guard answers to everybody who guesses its address.

LoginRequiredMiddleware (Django 5.1) turns that round. Every view asks for a login, and what is public says
so with `@login_not_required`. A view that is forgotten is then closed instead of open. It does not ask who is
logged in: what each user may do remains the view's business.

What breaks: a site that is mostly public has to mark most of its views, and the views of other packages
(a health check, a webhook, an API with tokens) have to be wrapped; Django REST framework's views are exempt
from version 3.16 and guard themselves. So hardango says it only with `--pedantic`; no check of Django does.
That it stands below AuthenticationMiddleware is judged by `middleware-order`.
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
from hardango.controls.stack import Presence, Wanted, app, middleware, stack_setting, texts
from hardango.controls.values import said, version_of
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

LOGIN_REQUIRED = Control(
    "login-required",
    title="Login by default",
    weakness="A view that names no guard is open to everybody",
    severity=Severity.INFO,
    settings=("MIDDLEWARE", "INSTALLED_APPS"),
    attack="A view that somebody forgot to guard answers to whoever guesses its address.",
    remedy='Add "django.contrib.auth.middleware.LoginRequiredMiddleware" below AuthenticationMiddleware, '
    "and mark what is public with @login_not_required.",
    person="only the project knows which views are for everybody",
    references=(
        asvs("8.2.1"), cwe(862),
        docs("ref/middleware/#django.contrib.auth.middleware.LoginRequiredMiddleware"),
    ),
)  # fmt: skip

WANTED = Wanted(
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ("process_view", "handle_no_permission"),
    ("loginrequired", "requirelogin", "stronghold", "authrequired", "forcelogin", "globallogin"),
    ("login_required", "redirect_to_login", "login_url"),
)


@LOGIN_REQUIRED.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(stack, "INSTALLED_APPS"):
        yield of_case(settings, case, stack)


def refusing(settings: Settings, case: Case, stack: str) -> Presence:
    """Whether a middleware of the project asks who is logged in, and answers by itself."""
    for item in texts(case[stack]):
        definition = settings.definition(item)
        if definition is not None and definition.answers is not None:
            if "is_authenticated" in definition.words:
                return Presence(None, f"{said(item)} could do the same: see {definition.place}")
    return Presence(False)


def of_case(settings: Settings, case: Case, stack: str) -> Judgement:
    """Whether every view asks for a login unless it says otherwise."""
    if app(case, "django.contrib.auth").sure is False:
        return not_applicable(case, "django.contrib.auth is not installed", "INSTALLED_APPS")
    found = middleware(settings, case, stack, WANTED)
    if found.sure is False:
        found = refusing(settings, case, stack)
    if found.sure:
        return good(case, "Every view asks for a login unless it says otherwise", stack)
    if found.sure is None:
        message = f"Whether every view asks for a login is not known: {found.why}"
        return unreadable(case, message, stack)
    if settings.django < (5, 1):
        message = f"{version_of(settings)} has no LoginRequiredMiddleware"
        return not_applicable(case, message, stack)
    message = f"LoginRequiredMiddleware is not in {stack}: a view without a guard is open"
    return bad(case, message, stack)
