"""How the SameSite attribute of a cookie is judged.

https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-samesite
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardango.controls.model import Judgement, bad, good, not_applicable, unreadable
from hardango.controls.stack import Presence
from hardango.controls.values import said, stated, truth, version_of, why_unknown
from hardango.settings.outcomes import Case, Settings, Unknown


def judge_same_site(
    settings: Settings,
    name: str,
    secure: str,
    others: tuple[str, ...],
    needed: Callable[[Case], Presence],
    unneeded: str,
) -> Iterator[Judgement]:
    """Judge the setting `name` in every case that it has with `secure`, the setting of the Secure
    attribute, and `others`, by which `needed` says whether there is such a cookie."""
    for case in settings.cases(name, secure, *others):
        used = needed(case)
        if used.sure is False:
            yield not_applicable(case, unneeded, name)
            continue
        judgement = _of_value(settings, case, name, secure)
        if used.sure is None:
            judgement = unreadable(case, f"{judgement.message}, and {used.why}", name)
        yield judgement


def _of_value(settings: Settings, case: Case, name: str, secure: str) -> Judgement:
    value: object = case[name]
    outcome = case.outcomes[name]
    if isinstance(value, Unknown):
        return unreadable(case, why_unknown(name, value), name)
    if name not in settings:
        return bad(
            case, f"{version_of(settings)} sends no SameSite attribute: it can since 2.1", name
        )
    known = value.lower() if isinstance(value, str) else value
    if known in ("lax", "strict"):
        return good(case, stated(outcome, name), name)
    if known == "none" and settings.django >= (3, 1):
        if truth(case[secure]) is False:
            message = f"{stated(outcome, name)} without {secure}: browsers drop the cookie"
            return bad(case, message, name, secure)
        return bad(case, f"{stated(outcome, name)}: it comes along from every site", name)
    if not value:
        lax = "Chrome takes that for Lax, other browsers for None"
        return bad(case, f"{stated(outcome, name)}: Django sends no SameSite, and {lax}", name)
    return bad(case, f"{name} is {said(value)}, which Django refuses with an error", name)
