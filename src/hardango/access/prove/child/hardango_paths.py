"""Paths that lead to a view: its parameters are filled, and the path is resolved back.

A parameter gets what its converter or its part of a regular expression takes; one that is named as
an app or a model gets those that there are; `known` has the values of rows that were made.
"""

import itertools
import re

try:
    from re import _parser as sre_parse
except ImportError:  # before Python 3.11
    import sre_parse

NUMBER, WORD, UUID = "4242", "hardango", "4a4d6172-6461-4e67-8f21-0123456789ab"
"""What is filled in: no row of a migration has it by chance."""

_BY_CONVERTER = {
    "IntConverter": (NUMBER, "1"), "StringConverter": (WORD, NUMBER), "SlugConverter": (WORD,),
    "UUIDConverter": (UUID,), "PathConverter": (WORD, NUMBER),
}  # fmt: skip
_TRIED = (NUMBER, WORD, UUID, "1", "2026", "2026-01-02", "12", "ab", "true", "en", "a-b", "a/b",
          "a@hardango.invalid", "abcdef0123456789", WORD + ".txt")  # fmt: skip
_BY_NAME = {"format": ("json",), "year": ("2026",), "extension": ("json",), "ext": ("json",)}
_APPS, _MODELS = ("app_label", "app_name", "app"), ("model_name", "model", "object_type")
_PART = re.compile(r"<(?:(?P<converter>[^>:]+):)?(?P<name>[^>]+)>")
_MOST, _MOST_MODELS = 12, 60


class Path:
    """A path and the values that were filled in, by the names of the parameters."""

    def __init__(self, text, values):
        self.text, self.values = text, values


def paths(chain, callback, known=None):
    """Paths that lead to `callback` by the patterns of `chain`, the likeliest first, and a reason
    if there is none."""
    reason = "no value was found for its parameters"
    found, seen = [], set()
    for each in _filled(chain, known or {}):
        if each.text in seen:
            continue
        seen.add(each.text)
        problem = leads_elsewhere(each.text, chain, callback)
        if not problem:
            found.append(each)
            if len(found) == _MOST_MODELS:
                break
        elif not found:
            reason = problem
    return found, "" if found else reason


def leads_elsewhere(path, chain, callback):
    """Why a path does not lead to that view, "" if it does."""
    from django.urls import Resolver404, resolve

    try:
        match = resolve(path)
    except Resolver404:
        return "%s leads nowhere" % path
    except Exception as error:
        return "%s does not resolve: %s" % (path, type(error).__name__)
    same = match.func is callback or _alike(match.func, callback)
    if same and getattr(match, "route", None) in (None, route_of(chain)):
        return ""
    route = getattr(match, "route", "") or match.view_name
    if route == route_of(chain):
        return "an earlier route of the same pattern takes %s" % path
    return "%s leads to another view, that of %s" % (path, route)


def _alike(one, other, depth=3):
    """Whether two functions are one that was made twice: the same code over the same things."""
    if one is other or (hasattr(one, "__self__") and one == other):
        return True
    if hasattr(one, "func") and hasattr(other, "func"):
        return one.args == other.args and _alike(one.func, other.func, depth)
    mine, theirs = getattr(one, "__closure__", None), getattr(other, "__closure__", None)
    if not depth or not mine or not theirs or len(mine) != len(theirs):
        return False
    if one.__code__ is not other.__code__:
        return False
    return all(_alike(mine[at].cell_contents, theirs[at].cell_contents, depth - 1)
               for at in range(len(mine)))  # fmt: skip


def route_of(chain):
    """The whole pattern, joined as a match says it."""
    joined = ""
    for each in reversed(chain):
        part = str(each)
        joined = part + (joined[1:] if part and joined.startswith("^") else joined)
    return joined


def _filled(chain, known):
    """Every path that can be made, in the order in which they are worth a try."""
    parts = list(itertools.chain.from_iterable(_parts(each) for each in chain))
    names = [name for name, _ in parts if name]
    for labels in _labels(names):
        given = {**labels, **known}
        choices = [_choices(name, wanted, given) for name, wanted in parts]
        if not all(choices):
            continue
        for chosen in _varied(choices):
            text = "/" + "".join(chosen)
            values = {name: value for (name, _), value in zip(parts, chosen) if name}
            yield Path(text, values)


def _varied(choices):
    """The first of all, then each of the others in turn, one at a time."""
    first = [each[0] for each in choices]
    yield first
    for at, each in enumerate(choices):
        for other in each[1:_MOST]:
            yield [*first[:at], other, *first[at + 1 :]]


def _choices(name, wanted, given):
    """The values that a part may have: its text, or what its parameter takes."""
    if isinstance(wanted, str):
        return [wanted]
    if name in given:
        return [given[name]] if wanted.takes(given[name]) else []
    named = [each for each in _BY_NAME.get(name, ()) if wanted.takes(each)]
    return [*named, *(each for each in wanted.values() if each not in named)]


def _labels(names):
    """What a route has that is made for every model: `<app_label>/<model_name>/`."""
    from django.apps import apps

    app = next((each for each in names if each in _APPS), None)
    model = next((each for each in names if each in _MODELS), None)
    if model is None and app is None:
        yield {}
        return
    models = [each._meta for each in apps.get_models()]
    models.sort(key=lambda each: each.app_label in ("contenttypes", "sessions"))
    for each in models:
        yield {name: value for name, value in ((app, each.app_label), (model, each.model_name))
               if name}  # fmt: skip
    yield {}


# -- one pattern -----------------------------------------------------------------------------------


def _parts(pattern):
    """The pieces of a pattern: ("", its text) or (name of a parameter, what it takes)."""
    kind = type(pattern).__name__
    if kind == "LocalePrefixPattern":
        return [("", str(pattern))]
    if hasattr(pattern, "converters") and hasattr(pattern, "_route"):
        return _of_route(pattern)
    return _of_expression(str(pattern))


def _of_route(pattern):
    text, at, found = str(pattern), 0, []
    for each in _PART.finditer(text):
        found.append(("", text[at : each.start()]))
        name = each.group("name")
        found.append((name, _Converted(pattern.converters[name])))
        at = each.end()
    found.append(("", text[at:]))
    return found


def _of_expression(text):
    try:
        parsed = sre_parse.parse(text)
    except Exception:
        return [("", _NothingFits())]
    names = {number: name for name, number in parsed.state.groupdict.items()}
    return [*_pieces(parsed, names)]


def _pieces(parsed, names):
    """The text that a parsed expression matches; its groups are parameters."""
    text = ""
    for operator, given in parsed:
        if str(operator) == "SUBPATTERN" and (given[0] is not None):
            yield "", text
            text = ""
            yield names.get(given[0], "group %d" % given[0]), _Matched(given[-1])
        elif str(operator) == "SUBPATTERN":
            yield "", text
            text = ""
            yield from _pieces(given[-1], names)
        else:
            text += _example([(operator, given)])
    yield "", text


class _NothingFits:
    def takes(self, value):
        return False

    def values(self):
        return []


class _Converted:
    """A parameter with a converter."""

    def __init__(self, converter):
        self._converter = converter

    def takes(self, value):
        if not re.fullmatch(self._converter.regex, value):
            return False
        try:
            self._converter.to_python(value)
        except Exception:
            return False
        return True

    def values(self):
        own = _BY_CONVERTER.get(type(self._converter).__name__)
        found = [each for each in own or _TRIED if self.takes(each)]
        if found:
            return found
        found = _examples(self._converter.regex)
        # A converter that looks up a row takes only what is there: the view is then not reached.
        return [each for each in found if self.takes(each)] or found


class _Matched:
    """A parameter that is a group of a regular expression."""

    def __init__(self, parsed):
        self._parsed = parsed
        self._regex = None

    def takes(self, value):
        return value in _choices_of(self._parsed) or not _choices_of(self._parsed)

    def values(self):
        chosen = _choices_of(self._parsed)
        if chosen:
            return chosen
        return _fitting(self._parsed)


def _examples(regex):
    try:
        parsed = sre_parse.parse(regex)
    except Exception:
        return []
    return _choices_of(parsed) or [_example(parsed)]


def _fitting(parsed):
    """Values for a group: the usual ones come first, if they look like what is asked for."""
    example = _example(parsed)
    longest = parsed.getwidth()[1]
    tried = [each for each in (NUMBER, WORD) if len(each) <= longest and _may_be(parsed, each)]
    return [*tried, *([] if example in tried else [example])]


def _may_be(parsed, text):
    """Whether a text matches a group of one repeated set, which most groups are."""
    if len(parsed) != 1 or str(parsed[0][0]) not in ("MAX_REPEAT", "MIN_REPEAT"):
        return False
    lowest, highest, inner = parsed[0][1]
    if len(inner) != 1 or not lowest <= len(text) <= highest:
        return False
    return all(_in(inner[0], each) for each in text)


def _in(item, character):
    operator, given = item
    name = str(operator)
    if name == "ANY":
        return True
    if name == "LITERAL":
        return ord(character) == given
    if name == "NOT_LITERAL":
        return ord(character) != given
    if name == "CATEGORY":
        return _of_category(str(given), character)
    if name == "RANGE":
        return given[0] <= ord(character) <= given[1]
    if name == "IN":
        negated = bool(given) and str(given[0][0]) == "NEGATE"
        return any(_in(each, character) for each in given[negated:]) != negated
    return False


def _of_category(name, character):
    kind = name.rpartition("_")[2]
    found = {"DIGIT": character.isdigit(), "SPACE": character.isspace(),
             "WORD": character.isalnum() or character == "_"}.get(kind, False)  # fmt: skip
    return found != ("_NOT_" in name)


def _choices_of(parsed):
    """The alternatives of `(json|xml)`, [] if it is something else."""
    found = []
    for operator, given in parsed:
        if str(operator) == "SUBPATTERN" and len(parsed) == 1:
            return _choices_of(given[-1])
        if str(operator) != "BRANCH" or len(parsed) != 1:
            return []
        found = [_example(each) for each in given[1]]
    return found


_ALPHABET = "a1bcdefghijklmnopqrstuvwxyz023456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./ @:=+,~%"


def _example(parsed):
    """A short text that a parsed expression matches."""
    text = ""
    for operator, given in parsed:
        name = str(operator)
        if name == "LITERAL":
            text += chr(given)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            lowest, highest, inner = given
            optional = lowest == 0 and highest == 1
            text += _example(inner) * (0 if optional else max(lowest, min(highest, 1)))
        elif name == "SUBPATTERN":
            text += _example(given[-1])
        elif name == "BRANCH":
            text += _example(given[1][0])
        elif name in ("IN", "ANY", "CATEGORY", "NOT_LITERAL", "RANGE"):
            text += next((each for each in _ALPHABET if _in((operator, given), each)), "")
    return text
