"""The headers that SecurityMiddleware sends: where it is installed, and what holds where it isn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardango.controls.model import Judgement, bad, elsewhere, unreadable
from hardango.controls.stack import SECURITY, SECURITY_HINTS, Wanted, middleware, stack_setting
from hardango.controls.topology import adds_header
from hardango.controls.values import alternatives, stated, version_of, why_unknown
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Outcome, Settings, Unknown


def judge_header(
    settings: Settings,
    deployment: Deployment,
    name: str,
    header: str,
    hints: tuple[str, ...],
    of_value: Callable[[Outcome], Judgement],
    *,
    since: tuple[int, int],
    pedantic: bool = False,
) -> Iterator[Judgement]:
    """Judge the setting `name` of a header that Django sends `since` a version: by `of_value` where
    SecurityMiddleware sends what is set. That an older Django sends nothing is `pedantic` or not."""
    sent, others = where_sent(settings, deployment, header, hints)
    yield from others
    by_proxy = adds_header(deployment, header)
    if name not in settings:
        if sent.possible:
            old = Outcome(None, sent, (), default=True)
            message = (
                f"{version_of(settings)} sends no {header}: it can since {since[0]}.{since[1]}"
            )
            yield elsewhere(old, by_proxy) if by_proxy else bad(old, message, pedantic=pedantic)
        return
    for outcome in alternatives(settings, name):
        there = outcome._replace(condition=outcome.condition & sent)
        if there.condition.possible:
            yield _of_outcome(there, name, header, by_proxy, of_value)


def _of_outcome(
    outcome: Outcome,
    name: str,
    header: str,
    by_proxy: str,
    of_value: Callable[[Outcome], Judgement],
) -> Judgement:
    """What is said of one value: nothing is sent if it is empty, unless a proxy adds the header."""
    if isinstance(outcome.value, Unknown):
        return unreadable(outcome, why_unknown(name, outcome.value))
    if outcome.value:
        return of_value(outcome)
    if by_proxy:
        return elsewhere(outcome, by_proxy)
    return bad(outcome, f"{stated(outcome, name)}: Django sends no {header}")


def where_sent(
    settings: Settings, deployment: Deployment, header: str, hints: tuple[str, ...] = ()
) -> tuple[Condition, list[Judgement]]:
    """The cases in which SecurityMiddleware is installed, and the judgements of all others.

    `hints` are what the name of a middleware that sends `header` by itself often has in it.
    """
    stack, sent, others = stack_setting(settings), settings.space.false, []
    by_proxy = adds_header(deployment, header)
    sending = Wanted(
        SECURITY, ("process_response",), (*SECURITY_HINTS, *hints), words=(header.lower(),)
    )
    for case in settings.cases(stack):
        found = middleware(settings, case, stack, sending)
        if found.sure:
            sent = sent | case.condition
        elif by_proxy:
            others.append(elsewhere(case, by_proxy, stack))
        elif found.sure is None:
            message = f"Whether {header} is sent is not known: {found.why}"
            others.append(unreadable(case, message, stack))
        else:
            message = f"SecurityMiddleware is not in {stack}, so that nothing sends {header}"
            others.append(bad(case, message, stack))
    return sent, others
