"""How settings that are on or off are judged: by what Django does with the value.

Django asks most of these settings only for their truth. So the text "False" switches the
protection on, which is good for the protection, and still not what its author meant.
"""

from __future__ import annotations

from hardango.controls.model import Judgement, bad, good, not_applicable, unreadable
from hardango.controls.stack import Presence
from hardango.controls.values import names_of, operator_decides, said, stated, truth
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

SAYS_NO = frozenset(("0", "f", "false", "n", "no", "none", "null", "off"))


def judge_switch(
    settings: Settings,
    case: Case,
    name: str,
    needed: Presence,
    *,
    off: str,
    unneeded: str,
) -> Judgement:
    """Judge one on-or-off setting in one case.

    `needed` says whether there is anything to protect, and `unneeded` why not; `off` is what
    follows if the setting is off.
    """
    if needed.sure is False:
        return not_applicable(case, unneeded, name)
    outcome = case.outcomes[name]
    known = truth(outcome.value)
    if known is None:
        why = any_text(name, outcome) or operator_decides(settings[name], outcome)
        return unreadable(case, why, name)
    if known:
        return good(case, state(case, name), name)
    if needed.sure is None:
        return unreadable(case, f"{state(case, name)}, and {needed.why}", name)
    return bad(case, f"{state(case, name)}: {off}", name)


def any_text(name: str, outcome: Outcome) -> str:
    """What is to be said of a text that nothing turns into a boolean; "" if it is none."""
    value = outcome.value
    if not isinstance(value, Unknown) or value.type != "str" or not value.variables:
        return ""
    source = names_of(value.variables)
    return (
        f"{name} is the text that {source} holds, which nothing turns into a boolean: on whatever it "
        "says, even 'False', and off only where it is empty, which hardango does not know"
    )


def state(case: Case, name: str) -> str:
    """How a setting stands, in words."""
    outcome = case.outcomes[name]
    value = outcome.value
    if not outcome.default and isinstance(value, str) and value.strip().lower() in SAYS_NO:
        return (
            f"{name} is the text {said(value)}, which Python takes for true: it is on, though its "
            "text says otherwise"
        )
    if not outcome.known:
        return f"{name} is {'on' if truth(value) else 'off'}"
    return stated(outcome, name)
