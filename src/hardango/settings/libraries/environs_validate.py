"""The validators that environs takes from marshmallow: `validate=OneOf(["a", "b"])`.

https://marshmallow.readthedocs.io/en/latest/marshmallow.validate.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardango.light import Any
from hardango.settings import operations
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.environs_fields import Invalid, url
from hardango.settings.libraries.reading import Arguments, Keywords, bind
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Thing, Value

EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]+@(?:localhost|[^\s@.]+(?:\.[^\s@.]+)+)")


def run_validators(interpreter: Interpreter, validators: Value, value: Value) -> Value:
    """`value`, once every validator has accepted it. Raises Raised(Invalid).

    A value that is not known is taken to be valid; if only some are, they are its choices.
    """
    validators = interpreter.resolve(validators)
    if validators is None:
        return value
    several = isinstance(validators, (tuple, Box))
    for validator in operations.items_of(interpreter, validators) if several else [validators]:
        value = interpreter.each(
            value,
            lambda one, by=validator: _validated(interpreter, by, one),  # type: ignore[misc]
        )
    return value


def _validated(interpreter: Interpreter, validator: Value, value: Value) -> Value:
    if not isinstance(value, Unknown):
        interpreter.call(validator, [value], {})
        return value
    if isinstance(validator, Thing) and validator.name == "OneOf":
        choices = list(operations.items_of(interpreter, validator.state))
        if not any(isinstance(each, Unknown) for each in choices):
            value = interpreter.unknown(value.reason, value, type=value.type, subject=value.subject)
            value.choices = tuple(choices)
    return value


def one_of(value: Any, choices: Any, **options: Any) -> bool:
    return value in choices


def none_of(value: Any, iterable: Any, **options: Any) -> bool:
    return value not in iterable


def in_range(
    value: Any, min: Any = None, max: Any = None, min_inclusive: bool = True,
    max_inclusive: bool = True, **options: Any,
) -> bool:  # fmt: skip
    above = min is None or (value >= min if min_inclusive else value > min)
    return bool(above and (max is None or (value <= max if max_inclusive else value < max)))


def of_length(
    value: Any, min: Any = None, max: Any = None, equal: Any = None, **options: Any
) -> bool:
    size = len(value)
    if equal is not None:
        return bool(size == equal)
    return bool((min is None or size >= min) and (max is None or size <= max))


def equals(value: Any, comparable: Any, **options: Any) -> bool:
    return bool(value == comparable)


def is_email(value: Any, **options: Any) -> bool:
    return EMAIL.fullmatch(value) is not None


def is_url(value: Any, **options: Any) -> bool:
    url(value, **options)
    return True


def only(value: Any, choices: Any, **options: Any) -> bool:
    return all(each in choices for each in value)


VALIDATORS: dict[str, tuple[Callable[..., bool], tuple[str, ...]]] = {
    "OneOf": (one_of, ("choices", "labels")),
    "NoneOf": (none_of, ("iterable",)),
    "Range": (in_range, ("min", "max")),
    "Length": (of_length, ("min", "max")),
    "Equal": (equals, ("comparable",)),
    "Email": (is_email, ()),
    "URL": (is_url, ()),
    "ContainsOnly": (only, ("choices", "labels")),
}
"""What each validator tests, and the names of its positional arguments."""


def validator_names(interpreter: Interpreter) -> dict[str, Value]:
    """The names of `marshmallow.validate`; one that is not here is not known."""
    return {name: _validator(name) for name in VALIDATORS}


def _validator(name: str) -> Thing:
    test, positional = VALIDATORS[name]

    def make(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        given = bind(interpreter, name, dict.fromkeys(positional), arguments, keywords, rest=True)
        options = {key: value for key, value in given.items() if value is not None}
        options.pop("labels", None)

        def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
            def check(value: Any, **options: Any) -> None:
                if not test(value, **options):
                    raise Invalid(f"not valid by {name}")

            return interpreter.pure(name, check, arguments, options)

        return Thing(name, call=run, state=given.get("choices"))

    return Thing(name, call=make)
