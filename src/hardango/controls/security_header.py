"""The headers that SecurityMiddleware sends: where it is installed, and what holds where it isn't."""

from __future__ import annotations

from hardango.controls.model import Judgement, bad, elsewhere, unreadable
from hardango.controls.stack import SECURITY, SECURITY_HINTS, Wanted, middleware, stack_setting
from hardango.controls.topology import adds_header
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Settings


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
