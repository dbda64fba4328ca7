"""Compares what a settings module really sets with what Hardango says that it sets.

Both sides are JSON in the form that `hardango settings --format json` fixes. The real side marks
sets as `{"\\u0000set": [...]}`; Hardango's side holds `{"unknown": reason}` for what it does not
know and `{"secret": true, "length": n}` for what it does not show.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from benchmarks.truth.load import Loaded

SET = "\u0000set"
MASK = "***"


class Agreement(enum.IntEnum):
    """How far two values agree; the lowest of its parts is that of a container."""

    WRONG = 0
    UNKNOWN = 1
    EXACT = 2


class Comparison(NamedTuple):
    """One setting: how far both sides agree, and the two sides in the form of the JSON."""

    name: str
    agreement: Agreement
    real: Any
    ours: Any
    reason: str = ""


class Result(NamedTuple):
    """One project in one environment.

    `comparisons` are the settings that the module sets, or that Hardango says that it sets;
    `left_out` those whose real value has no form that could be compared. `load` says what
    happened if the module does not load on one side at all.
    """

    project: str
    scenario: str
    comparisons: tuple[Comparison, ...]
    left_out: int
    load: str = ""
    agrees: bool = True
    errors: tuple[str, ...] = ()

    def count(self, agreement: Agreement, *, security: bool = False) -> int:
        chosen = (c for c in self.comparisons if not security or is_security_relevant(c.name))
        return sum(comparison.agreement is agreement for comparison in chosen)


# What a check of a deployment looks at, and what it needs to make sense of it.
_SECURITY = re.compile(
    r"(DEBUG|ALLOWED_HOSTS|MIDDLEWARE|INSTALLED_APPS|X_FRAME_OPTIONS|ROOT_URLCONF|DATABASES|CACHES"
    r"|TEMPLATES|STORAGES|DEFAULT_FILE_STORAGE|MEDIA_ROOT|MEDIA_URL|STATIC_ROOT|STATIC_URL"
    r"|INTERNAL_IPS|SILENCED_SYSTEM_CHECKS|REST_FRAMEWORK|ADMINS|PASSWORD_HASHERS"
    r"|PASSWORD_RESET_TIMEOUT|LOGGING|USE_X_FORWARDED_(HOST|PORT)|DEFAULT_AUTO_FIELD"
    r"|(SECRET_KEY|SECURE|SESSION|CSRF|CORS|AUTH|AUTHENTICATION|LANGUAGE_COOKIE|EMAIL"
    r"|FILE_UPLOAD|DATA_UPLOAD|LOGIN|LOGOUT)(_\w+)?)"
)


def is_security_relevant(name: str) -> bool:
    return bool(_SECURITY.fullmatch(name)) and name not in ("LOGGING", "DEFAULT_AUTO_FIELD")


def compare(project: str, scenario: str, real: Loaded, ours: Loaded) -> Result:
    """Everything that the two sides say of one project in one environment."""
    if real.error or ours.error:
        return _compare_failures(project, scenario, real, ours)
    comparisons = []
    for name in {**real.settings, **ours.settings}:
        if name in real.left_out or (name not in ours.settings and name in real.inherited):
            continue
        value, setting = real.settings.get(name), ours.settings.get(name)
        if setting is None and ours.open_ended:
            comparisons.append(Comparison(name, Agreement.UNKNOWN, value, None, "may be set"))
            continue
        comparison = compare_setting(name, value, setting, name in real.settings)
        if comparison is not None:
            comparisons.append(comparison)
    return Result(project, scenario, tuple(comparisons), len(real.left_out))


def _compare_failures(project: str, scenario: str, real: Loaded, ours: Loaded) -> Result:
    errors = (f"real: {real.error or 'loads'}", f"ours: {ours.error or 'loads'}")
    agrees = bool(real.error)
    if not real.error:
        words = "says that it cannot load"
    elif ours.error:
        words = "agrees: cannot load"
    elif ours.perhaps:
        words = "says that it may not load"
    elif any(map(is_certain, ours.settings.values())):
        words, agrees = "says that it loads", False
    else:
        words = "does not know whether it loads"
    return Result(project, scenario, (), 0, words, agrees, errors)


def is_certain(setting: Mapping[str, Any]) -> bool:
    """Whether Hardango says that the setting is set in every case, and knows to what."""
    outcomes = setting["outcomes"]
    return len(outcomes) == 1 and not outcomes[0]["when"] and not _has_unknown(outcomes[0])


def compare_setting(
    name: str, real: Any, ours: Mapping[str, Any] | None, really_set: bool = True
) -> Comparison | None:
    """One setting. None if it is not set and Hardango does not say so: its outcomes may all be
    conditional, and an unknown value may be that of Django's default."""
    if ours is None:
        return Comparison(name, Agreement.WRONG, real, None, "said not to be set")
    outcomes = ours["outcomes"]
    if not really_set:
        if len(outcomes) == 1 and not outcomes[0]["when"] and "value" in outcomes[0]:
            return Comparison(name, Agreement.WRONG, None, ours, "said to be set, and is not")
        return None
    matches = [match(real, _value(outcome)) for outcome in outcomes]
    best = max(matches, default=Agreement.WRONG)
    if best is Agreement.EXACT and (len(outcomes) > 1 or outcomes[0]["when"]):
        return Comparison(name, Agreement.UNKNOWN, real, ours, "one of several outcomes")
    reason = {Agreement.WRONG: "another value", Agreement.UNKNOWN: "not known"}.get(best, "")
    return Comparison(name, best, real, ours, reason)


def _value(outcome: Mapping[str, Any]) -> Any:
    return outcome["value"] if "value" in outcome else {"unknown": outcome["unknown"]}


def first_difference(comparison: Comparison) -> tuple[str, Any, Any]:
    """Where the two sides part, as a path like `['default']['HOST']`, and the values there.

    Real values of secret names are masked.
    """
    real, ours = comparison.real, comparison.ours
    if ours is None or (real is None and "said" in comparison.reason):
        return "", _masked(comparison.name, real), ours
    outcomes = ours["outcomes"]
    if len(outcomes) != 1:
        return "", _masked(comparison.name, real), outcomes
    path, names, ours = "", comparison.name, _value(outcomes[0])
    while True:
        if isinstance(real, Mapping) and isinstance(ours, Mapping) and set(real) == set(ours):
            key = min(real, key=lambda name: match(real[name], ours[name]))
        elif isinstance(real, list) and isinstance(ours, list) and len(real) == len(ours) and real:
            key = min(range(len(real)), key=lambda at: match(real[at], ours[at]))
        else:
            return path, _masked(names, real), ours
        path, names = f"{path}[{key!r}]", f"{names} {key}"
        real, ours = real[key], ours[key]


_SECRET = re.compile(r"SECRET|PASS|TOKEN|KEY|CREDENTIAL|DSN|SALT", re.IGNORECASE)


def _masked(names: str, value: Any) -> Any:
    if isinstance(value, str) and _SECRET.search(names):
        return {"secret": True, "length": len(value)}
    if isinstance(value, Mapping):
        return {key: _masked(f"{names} {key}", item) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(names, item) for item in value]
    return value


def match(real: Any, ours: Any) -> Agreement:
    """How far `ours` agrees with `real`: the same, nothing known that contradicts, or wrong."""
    if is_unknown(ours):
        return Agreement.UNKNOWN
    if isinstance(ours, Mapping) and set(ours) == {"secret", "length"}:
        text = real if isinstance(real, str) else str(real)
        return _exact(not isinstance(real, dict | list) and len(text) == ours["length"])
    if isinstance(real, Mapping) and set(real) == {SET}:
        return _match_set(real[SET], ours) if isinstance(ours, list) else Agreement.WRONG
    if isinstance(real, Mapping):
        return _match_mapping(real, ours) if isinstance(ours, Mapping) else Agreement.WRONG
    if isinstance(real, list):
        return _match_list(real, ours) if isinstance(ours, list) else Agreement.WRONG
    if isinstance(real, str) and isinstance(ours, str) and MASK in ours:
        parts = map(re.escape, ours.split(MASK))
        return _exact(bool(re.fullmatch(".*".join(parts), real, re.DOTALL)))
    return _exact(real == ours and isinstance(real, bool) == isinstance(ours, bool))


def is_unknown(ours: Any) -> bool:
    return isinstance(ours, Mapping) and set(ours) == {"unknown"}


def _has_unknown(ours: Any) -> bool:
    if isinstance(ours, Mapping):
        return "unknown" in ours or any(map(_has_unknown, ours.values()))
    return isinstance(ours, list) and any(map(_has_unknown, ours))


def _exact(equal: bool) -> Agreement:
    return Agreement.EXACT if equal else Agreement.WRONG


def _match_mapping(real: Mapping[str, Any], ours: Mapping[str, Any]) -> Agreement:
    """A key "<unknown: …>" stands for any number of further keys, and a key with an unknown value
    may be missing, as an unknown item of a list may."""
    open_ended = any(key.startswith("<unknown") for key in ours)
    known = {key: value for key, value in ours.items() if not key.startswith("<unknown")}
    missing = [value for key, value in known.items() if key not in real]
    if not all(map(is_unknown, missing)) or (set(real) - set(known) and not open_ended):
        return Agreement.WRONG
    worst = min(
        (match(real[key], value) for key, value in known.items() if key in real),
        default=Agreement.EXACT,
    )
    return min(worst, Agreement.UNKNOWN) if open_ended or missing else worst


def _match_set(real: Iterable[Any], ours: list[Any]) -> Agreement:
    left = list(real)
    unknown = 0
    for item in ours:
        if is_unknown(item):
            unknown += 1
            continue
        found = next((each for each in left if match(each, item) is Agreement.EXACT), SET)
        if found is SET:
            return Agreement.WRONG
        left.remove(found)
    if unknown:
        return Agreement.UNKNOWN
    return _exact(not left)


def _match_list(real: list[Any], ours: list[Any]) -> Agreement:
    """An unknown item of `ours` stands for any number of items, since JSON does not say how many."""
    if not any(map(is_unknown, ours)):
        if len(real) != len(ours):
            return Agreement.WRONG
        return min(map(match, real, ours), default=Agreement.EXACT)
    # reached[n]: the items of ours so far can be what the first n of real are.
    reached = {0}
    for item in ours:
        if is_unknown(item):
            reached = set(range(min(reached), len(real) + 1))
        else:
            reached = {n + 1 for n in reached if n < len(real) and match(real[n], item)}
        if not reached:
            return Agreement.WRONG
    return Agreement.UNKNOWN if len(real) in reached else Agreement.WRONG
