"""What can be said of a value that may be unknown, as a whole or in part."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.settings.outcomes import Outcome, Setting, Settings, Unknown

SAY_AT_MOST = 60
"""How many characters of a value a message shows."""


def truth(value: object) -> bool | None:
    """Whether Python takes the value for true; None if that is not known."""
    if isinstance(value, Unknown):
        if value.choices:
            found = {truth(choice) for choice in value.choices}
            return found.pop() if len(found) == 1 else None
        if value.type == "NoneType":
            return False
        return True if value.prefix else None
    if isinstance(value, (list, tuple, set, frozenset)):
        # "Any number of items" can be none at all.
        sure = any(not (isinstance(item, Unknown) and item.several) for item in value)
        return True if sure else (None if value else False)
    return bool(value)


def could_be(value: object, wanted: str) -> bool | None:
    """Whether the value is the text `wanted`: yes, no, or None for not known."""
    if not isinstance(value, Unknown):
        return value == wanted
    if value.choices:
        found = {could_be(choice, wanted) for choice in value.choices}
        return found.pop() if len(found) == 1 else None
    if value.type not in (None, "str") and not value.several:
        return False
    return None if wanted.startswith(value.prefix) else False


MAX_CHOICES = 12
"""An unknown with more possible values than that is not looked at value by value."""


def alternatives(settings: Settings, name: str) -> Iterator[Outcome]:
    """The outcomes of a setting; one whose few possible values are known is one outcome for each
    of them, under the condition that it is that one. A yes-or-no is left to the operator."""
    for outcome in settings[name]:
        value = outcome.value
        choices = value.choices if isinstance(value, Unknown) else ()
        if not choices or len(choices) > MAX_CHOICES or all(type(one) is bool for one in choices):
            yield outcome
            continue
        assert isinstance(value, Unknown)
        rest = outcome.condition
        for choice in choices[:-1]:
            words = f"{value.subject} is {said(choice)}", f"{value.subject} is not {said(choice)}"
            fact = settings.space.fact(*words, value.subject)
            if rest.meets(fact):
                yield outcome._replace(value=choice, condition=rest & fact)
            rest = rest & ~fact
        if rest.possible:
            yield outcome._replace(value=choices[-1], condition=rest)


def said(value: object) -> str:
    """A value as it is shown in a message. Never for a secret."""
    text = repr(value)
    return text if len(text) <= SAY_AT_MOST else text[: SAY_AT_MOST - 1] + "…"


def stated(outcome: Outcome, name: str) -> str:
    """How a setting stands, in words. Never for a secret."""
    if outcome.default:
        return f"{name} is not set, and Django's default is {said(outcome.value)}"
    return f"{name} is {said(outcome.value)}"


def version_of(settings: Settings) -> str:
    """The version of Django in words: "Django 4.2"."""
    return f"Django {settings.django[0]}.{settings.django[1]}"


def names_of(variables: tuple[str, ...]) -> str:
    """Names of variables in a sentence: "A", "A or B", "A, B or another one"."""
    if len(variables) > 2:
        return f"{variables[0]}, {variables[1]} or another one"
    return " or ".join(variables)


def why_unknown(name: str, value: Unknown) -> str:
    """One sentence, without a full stop, that says where the knowledge of a setting ended."""
    if value.variables:
        variables = names_of(value.variables)
        return f"{name} is decided by {variables}, and hardango does not know production's value"
    if ", unless " in value.reason:
        return f"{name} is {value.reason}"
    return f"{name} could not be read: {value.reason}"


def operator_decides(setting: Setting, outcome: Outcome) -> str:
    """`why_unknown`, and what holds unless the variable says otherwise."""
    value = outcome.value
    if not isinstance(value, Unknown):
        return f"Whether anything is in {setting.name} is not known"
    others = {truth(each.value) for each in setting if each is not outcome}
    if value.variables and others in ({True}, {False}):
        usual, turned = ("on", "off") if True in others else ("off", "on")
        return (
            f"{setting.name} is {usual} unless {names_of(value.variables)} turns it {turned}; "
            "hardango does not know production's value"
        )
    return why_unknown(setting.name, value)
