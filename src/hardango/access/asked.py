"""What a test in a view's code tells of who asks: `request.user.is_staff` that holds tells more
than one that doesn't.

https://docs.djangoproject.com/en/stable/ref/contrib/auth/ says what users and AnonymousUser have.
Pure functions of a syntax tree: nothing is run.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator

from hardango.light import NamedTuple
from hardango.matrix import Reach

Names = Callable[[str], str]
"""The dotted name of a name, as the module that uses it has it."""

_ON_NOBODY = {
    "id", "pk", "username", "is_staff", "is_active", "is_superuser", "is_authenticated",
    "is_anonymous", "groups", "user_permissions", "get_username", "has_perm", "has_perms",
    "has_module_perms", "get_all_permissions", "get_group_permissions", "get_user_permissions",
    "check_password", "set_password", "save", "delete",
}  # fmt: skip
"""What AnonymousUser has, too: anything else of it raises AttributeError."""

_FLAGS = {
    "is_authenticated": Reach.AUTHENTICATED,
    "is_active": Reach.AUTHENTICATED,
    "id": Reach.AUTHENTICATED,
    "pk": Reach.AUTHENTICATED,
    "username": Reach.AUTHENTICATED,
    "is_staff": Reach.STAFF,
    "is_superuser": Reach.SUPERUSER,
}
"""What holds for nobody, and whom it leaves."""

_ASKING = ("has_perm", "has_perms", "has_module_perms")
_SIGNED = {
    "compare_digest", "constant_time_compare", "check_token", "verify_signature", "unsign",
    "unsign_object", "construct_event", "verify_webhook", "verify_token",
}  # fmt: skip
"""Calls that compare a secret, by the last part of their name."""
_SECRET = ("token", "secret", "signature", "api_key", "apikey", "hmac", "webhook_key", "passphrase")
_AUTHORIZING = ("perm", "auth", "can_", "is_owner", "access", "allow", "member", "admin", "login",
                "staff", "role", "owner", "may_", "user_is", "has_", "check_user")  # fmt: skip
_SHOULD_BE_CALLED = "it is not called, so it always holds"
_TRUTHY = "AnonymousUser is true, too"

MAX_DEPTH = 40


class Fact(NamedTuple):
    """What is known of who asks, in one case.

    `reach` is CUSTOM for a test that is not understood; `partial` tells that more is demanded
    than `reach` says, which is not understood; `negated` that the user is NOT such. `weak` is a
    test that may not be about the user at all. `dead` is why it tells nothing.
    """

    reach: Reach
    name: str
    permissions: tuple[str, ...] = ()
    any_of: bool = False
    negated: bool = False
    partial: bool = False
    weak: bool = False
    dead: str = ""

    @property
    def counts(self) -> bool:
        """Whether it tells, by itself, that not everybody gets here."""
        return not (self.negated or self.dead or self.weak)


Facts = tuple[Fact, ...]


class Words(NamedTuple):
    """How a function says things: `names` resolves the names of its module, `users` are the names
    that hold a user, `assigned` what a name is given, for those that are given something once,
    `method` the HTTP method that is asked, "" for any; `asks` tells what a function of the project
    tells that is called in a test, None if it isn't known."""

    names: Names
    users: frozenset[str] = frozenset()
    assigned: dict[str, ast.expr] = {}
    method: str = ""
    asks: Callable[[ast.Call], Facts | None] | None = None


# -- users -----------------------------------------------------------------------------------------


def is_user(node: ast.expr, words: Words, depth: int = 0) -> bool:
    """Whether this is who asks: `request.user`, or a name for it."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(node, ast.Name):
        if node.id in words.users:
            return True
        given = words.assigned.get(node.id)
        return given is not None and is_user(given, words, depth + 1)
    if isinstance(node, ast.Attribute):
        return node.attr == "user" and _is_request(node.value)
    if isinstance(node, ast.Await):
        return is_user(node.value, words, depth + 1)
    if isinstance(node, ast.NamedExpr):
        return is_user(node.value, words, depth + 1)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "auser":
            return _is_request(node.func.value)
        name = called_name(node, words)
        if name == "django.contrib.auth.get_user":
            return True
        text = getattr(node.args[1], "value", "") if len(node.args) > 1 else ""
        return name == "getattr" and text == "user" and _is_request(node.args[0])
    return False


def _is_request(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id.strip("_") in ("request", "req", "context", "http_request", "info")
    if isinstance(node, ast.Subscript):
        return getattr(node.slice, "value", "") == "request"
    return isinstance(node, ast.Attribute) and node.attr.strip("_") in ("request", "context")


def of_user(node: ast.expr, words: Words, depth: int = 0) -> bool:
    """Whether this is who asks, or something that only a user has: `request.user.profile`."""
    if depth > MAX_DEPTH:
        return False
    if is_user(node, words):
        return True
    if isinstance(node, ast.Name):
        given = words.assigned.get(node.id)
        return given is not None and of_user(given, words, depth + 1)
    if isinstance(node, ast.Attribute):
        if is_user(node.value, words):
            return node.attr not in _ON_NOBODY
        return of_user(node.value, words, depth + 1)
    return False


def key_of_user(node: ast.expr, words: Words) -> bool:
    """`request.user.pk`: nobody has None there, which some rows may have, too."""
    if isinstance(node, ast.Name) and node.id in words.assigned:
        return key_of_user(words.assigned[node.id], words)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("id", "pk", "username", "email")
        and is_user(node.value, words)
    )


def mentions_user(node: ast.AST, words: Words) -> bool:
    return any(
        isinstance(each, ast.expr) and (is_user(each, words) or of_user(each, words))
        for each in nodes_in(node)
    )


def called_name(node: ast.Call, words: Words) -> str:
    """The dotted name of what is called, "" if it has none."""
    return dotted(node.func, words)


def dotted(node: ast.expr, words: Words) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ".".join(["", *reversed(parts)]) if parts else ""
    first = node.id if node.id in ("self", "cls") else words.names(node.id)
    return ".".join([first, *reversed(parts)])


# -- tests -----------------------------------------------------------------------------------------


def told(test: ast.expr, holds: bool, words: Words, depth: int = 0) -> Facts:
    """What is known of who asks where `test` holds, or where it doesn't: all of it together."""
    if depth > MAX_DEPTH:
        return (Fact(Reach.CUSTOM, text(test)),)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return told(test.operand, not holds, words, depth + 1)
    if isinstance(test, ast.BoolOp):
        return _several(test, holds, words, depth)
    if isinstance(test, ast.NamedExpr):
        return told(test.value, holds, words, depth + 1)
    if isinstance(test, ast.Name) and test.id in words.assigned and not is_user(test, words):
        return told(words.assigned[test.id], holds, words, depth + 1)
    if isinstance(test, ast.Call) and len(test.args) == 1:
        name = called_name(test, words)
        if name == "bool":
            return told(test.args[0], holds, words, depth + 1)
        if name in ("any", "all"):
            return _each(test, holds, words, depth)
    if isinstance(test, ast.Call) and words.asks is not None:
        own = words.asks(test)
        if own is not None:
            # That it doesn't hold may have any of several reasons.
            several = len(own) > 1 and not holds
            return (Fact(Reach.CUSTOM, text(test), negated=True),) if several else tuple(
                _turned(fact, holds) for fact in own
            )  # fmt: skip
    return tuple(_turned(fact, holds) for fact in _atom(test, words))


def _several(test: ast.BoolOp, holds: bool, words: Words, depth: int) -> Facts:
    """`a and b` that holds tells both, and that doesn't, one of the two: not which."""
    known = [decided(value, words) for value in test.values]
    together = isinstance(test.op, ast.And) is holds
    if not together and holds in known:
        return ()
    left = [value for value, so in zip(test.values, known, strict=True) if so is None]
    each = [told(value, holds, words, depth + 1) for value in left]
    if together or len(each) == 1:
        return tuple(fact for facts in each for fact in facts)
    return either(each, text(test))


def decided(test: ast.expr, words: Words) -> bool | None:
    """What a test of the HTTP method comes to; None for another one, or if that is not known."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = decided(test.operand, words)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        each = [decided(value, words) for value in test.values]
        deciding = isinstance(test.op, ast.Or)
        if deciding in each:
            return deciding
        return None if None in each else not deciding
    if not words.method or not asks_method(test) or not isinstance(test, ast.Compare):
        return None
    wanted = _methods(test.comparators[0], words)
    if wanted is None:
        return None
    return (words.method in wanted) is isinstance(test.ops[0], (ast.Eq, ast.In, ast.Is))


def asks_method(test: ast.expr) -> bool:
    """Whether this is a test of `request.method`."""
    if isinstance(test, ast.UnaryOp):
        return asks_method(test.operand)
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Attribute)
        and test.left.attr == "method"
        and len(test.ops) == 1
    )


def _methods(node: ast.expr, words: Words) -> tuple[str, ...] | None:
    if isinstance(node, ast.Constant):
        return (str(node.value),)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        values = tuple(str(each.value) for each in node.elts if isinstance(each, ast.Constant))
        return values if len(values) == len(node.elts) else None
    if dotted(node, words).endswith("permissions.SAFE_METHODS"):
        return ("GET", "HEAD", "OPTIONS")
    return None


def _each(test: ast.Call, holds: bool, words: Words, depth: int) -> Facts:
    """`any([…])` and `all([…])` of a list that stands there."""
    inside = test.args[0]
    if not isinstance(inside, (ast.List, ast.Tuple)) or not inside.elts:
        return tuple(_turned(fact, holds) for fact in _other(test, words))
    whole = ast.Or() if called_name(test, words) == "any" else ast.And()
    return told(ast.BoolOp(op=whole, values=inside.elts), holds, words, depth + 1)


def _turned(fact: Fact, holds: bool) -> Fact:
    return fact if holds else fact._replace(negated=not fact.negated)


def either(cases: list[Facts], name: str) -> Facts:
    """What is known where one of several cases holds, and not which."""
    best = [strongest(facts) for facts in cases]
    if not best or any(fact is None for fact in best):
        return ()
    known = [fact for fact in best if fact is not None]
    if len({(fact.reach, fact.permissions, fact.partial) for fact in known}) == 1:
        return known[:1]  # type: ignore[return-value]
    reaches = {fact.reach for fact in known}
    if reaches & {Reach.CUSTOM, Reach.TOKEN}:
        return (Fact(Reach.CUSTOM, name),)
    if Reach.AUTHENTICATED in reaches:
        return (Fact(Reach.AUTHENTICATED, name),)
    if reaches == {Reach.STAFF, Reach.SUPERUSER}:
        return (Fact(Reach.STAFF, name),)
    if Reach.OBJECT in reaches:
        return (Fact(Reach.OBJECT, name),)
    if reaches <= {Reach.PERMISSION, Reach.SUPERUSER}:
        asking = [fact for fact in known if fact.reach is Reach.PERMISSION]
        if all(len(fact.permissions) == 1 or fact.any_of for fact in asking):
            names = dict.fromkeys(each for fact in asking for each in fact.permissions)
            return (Fact(Reach.PERMISSION, name, tuple(names), any_of=len(names) > 1),)
    return (Fact(Reach.AUTHENTICATED, name, partial=True),)


_ORDER = (Reach.CUSTOM, Reach.TOKEN, Reach.AUTHENTICATED, Reach.STAFF, Reach.PERMISSION,
          Reach.OBJECT, Reach.SUPERUSER, Reach.NOBODY)  # fmt: skip


def strongest(facts: Facts) -> Fact | None:
    """The narrowest of several facts; None if none of them counts."""
    counting = [fact for fact in facts if fact.counts]
    return max(counting, key=lambda fact: _ORDER.index(fact.reach), default=None)


def _atom(test: ast.expr, words: Words) -> Facts:
    if is_user(test, words):
        return (Fact(Reach.AUTHENTICATED, text(test), dead=_TRUTHY),)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test, words)
    if isinstance(test, ast.Call):
        return _called(test, words)
    if isinstance(test, ast.Attribute) and is_user(test.value, words):
        return (_flag(test),)
    return _other(test, words)


def _flag(test: ast.Attribute) -> Fact:
    if test.attr == "is_anonymous":
        return Fact(Reach.AUTHENTICATED, text(test), negated=True)
    if test.attr in _FLAGS:
        return Fact(_FLAGS[test.attr], text(test))
    if test.attr in _ON_NOBODY:
        dead = _SHOULD_BE_CALLED if test.attr.startswith(("has_", "get_")) else _TRUTHY
        return Fact(Reach.AUTHENTICATED, text(test), dead=dead)
    return Fact(Reach.AUTHENTICATED, text(test), partial=True)


def _other(test: ast.expr, words: Words) -> Facts:
    if of_user(test, words) and not isinstance(test, ast.Name):
        return (Fact(Reach.AUTHENTICATED, text(test), partial=True),)
    if mentions_user(test, words):
        return (Fact(Reach.CUSTOM, text(test)),)
    if isinstance(test, ast.Constant):
        return ()
    return (Fact(Reach.CUSTOM, text(test), weak=not _authorizing(test, words)),)


def _authorizing(test: ast.expr, words: Words) -> bool:
    """Whether something that is asked sounds as if it were about who asks."""
    name = called_name(test, words) if isinstance(test, ast.Call) else dotted(test, words)
    last = name.rpartition(".")[2].lower()
    return any(word in last for word in _AUTHORIZING) and not last.startswith("has_changed")


def _called(test: ast.Call, words: Words) -> Facts:
    function = test.func
    if isinstance(function, ast.Attribute) and is_user(function.value, words):
        if function.attr in _ASKING:
            return (_asked(test, function.attr),)
        if function.attr in ("is_authenticated", "is_anonymous"):
            return (_flag(function),)
        if function.attr not in _ON_NOBODY:
            return (Fact(Reach.AUTHENTICATED, text(test), partial=True),)
        return (Fact(Reach.CUSTOM, text(test)),)
    name = called_name(test, words).rpartition(".")[2]
    if name in _SIGNED:
        return (Fact(Reach.TOKEN, text(test)),)
    if name == "isinstance" and len(test.args) == 2 and is_user(test.args[0], words):
        if dotted(test.args[1], words).endswith("AnonymousUser"):
            return (Fact(Reach.AUTHENTICATED, text(test), negated=True),)
        return (Fact(Reach.AUTHENTICATED, text(test), partial=True),)
    if name in ("exists", "aexists", "count", "first", "contains"):
        found = queried(test, words)
        if found is not None:
            return (found,)
    if _with_secret(test) and not mentions_user(test, words):
        return (Fact(Reach.TOKEN, hidden(test)),)
    return _other(test, words)


def _asked(test: ast.Call, method: str) -> Fact:
    """`has_perm(…)`, which may be asked for one object."""
    argument = test.args[0] if test.args else None
    for keyword in test.keywords:
        if keyword.arg in ("perm", "perm_list", "app_label"):
            argument = keyword.value
    if isinstance(argument, (ast.List, ast.Tuple, ast.Set)):
        names = tuple(_constant(each) for each in argument.elts)
        if not names:
            return Fact(Reach.PERMISSION, text(test), dead="no permission is asked for")
    else:
        names = (_constant(argument),) if argument is not None else ()
    if method == "has_module_perms":
        return Fact(Reach.AUTHENTICATED, text(test), partial=True)
    reach = Reach.OBJECT if len(test.args) > 1 else Reach.PERMISSION
    return Fact(reach, text(test), names)


def _constant(node: ast.expr) -> str:
    """A permission as it stands there; {its text} if it is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return f"{{{text(node)}}}"


def _compared(test: ast.Compare, words: Words) -> Facts:
    left, right, operator = test.left, test.comparators[0], test.ops[0]
    equal = isinstance(operator, (ast.Eq, ast.Is, ast.In))
    if not equal and not isinstance(operator, (ast.NotEq, ast.IsNot, ast.NotIn)):
        return _other(test, words)
    if isinstance(right, ast.Constant) and isinstance(right.value, bool):
        return told(left, right.value is equal, words)
    if isinstance(right, ast.Constant) and right.value is None:
        held = words.assigned.get(left.id) if isinstance(left, ast.Name) else left
        if isinstance(held, ast.Call) and _tells(held, words):
            return told(held, not equal, words)
    return tuple(_turned(fact, equal) for fact in _same(test, left, right, operator, words))


def _tells(call: ast.Call, words: Words) -> bool:
    """Whether a call gives nothing to those for whom there is nothing."""
    return queried(call, words) is not None or _with_secret(call)


def _with_secret(call: ast.Call) -> bool:
    """Whether something is looked up by a secret: `for_api_key(api_key)`."""
    name = ast.unparse(call.func).rpartition(".")[2]
    said = [
        name,
        *(ast.unparse(each) for each in call.args),
        *(each.arg or "" for each in call.keywords),
    ]
    return any(word in each.lower() and "csrf" not in each.lower() and "captcha" not in each.lower()
               for each in said for word in _SECRET)  # fmt: skip


def _same(
    test: ast.Compare, left: ast.expr, right: ast.expr, operator: ast.cmpop, words: Words
) -> Facts:
    said = text(test)
    if isinstance(operator, (ast.In, ast.NotIn)):
        if is_user(left, words) or of_user(right, words):
            return (Fact(Reach.OBJECT, said),)
    for this, other in ((left, right), (right, left)):
        if is_user(this, words):
            if isinstance(other, ast.Call):
                called = called_name(other, words)
                if called.endswith("AnonymousUser"):
                    return (Fact(Reach.AUTHENTICATED, said, negated=True),)
            if isinstance(other, ast.Constant):
                return (Fact(Reach.AUTHENTICATED, said, negated=True, dead=_TRUTHY),)
            return (Fact(Reach.OBJECT, said),)
        if key_of_user(this, words):
            if isinstance(other, ast.Constant):
                if not other.value:
                    return (Fact(Reach.AUTHENTICATED, said, negated=True),)
                return (Fact(Reach.AUTHENTICATED, said, partial=True),)
            return (Fact(Reach.OBJECT, said),)
        if of_user(this, words):
            if isinstance(other, (ast.Constant, ast.List, ast.Tuple, ast.Set)):
                return (Fact(Reach.AUTHENTICATED, said, partial=True),)
            return (Fact(Reach.OBJECT, said),)
    if any(_token(*pair, words) for pair in ((left, right), (right, left))):
        return (Fact(Reach.TOKEN, hidden(test)),)
    return _other(test, words)


def _token(given: ast.expr, held: ast.expr, words: Words) -> bool:
    """Whether something that the request brings is compared with a secret."""
    if isinstance(held, ast.Constant):
        return isinstance(held.value, str) and bool(held.value) and _secret(given, words)
    return _secret(held, words) and (_from_request(given, words) or _secret(given, words))


def _secret(node: ast.expr, words: Words) -> bool:
    """Whether something is a secret by its name."""
    if isinstance(node, ast.Constant):
        return False
    said = text(node)
    if isinstance(node, ast.Name) and node.id in words.assigned:
        said += text(words.assigned[node.id])
    said = said.lower()
    return any(word in said for word in _SECRET)


def _from_request(node: ast.expr, words: Words) -> bool:
    if isinstance(node, ast.Name) and node.id in words.assigned:
        node = words.assigned[node.id]
    return any(
        isinstance(each, ast.Attribute)
        and each.attr in ("headers", "META", "GET", "POST", "body", "query_params", "data")
        and _is_request(each.value)
        for each in nodes_in(node)
    )


# -- queries ---------------------------------------------------------------------------------------

_NARROWING = ("filter", "get", "aget", "get_object_or_404", "aget_object_or_404", "get_or_404")


def queried(node: ast.Call, words: Words) -> Fact | None:
    """What a query demands of who asks: rows that belong to the user. None if nothing.

    What nobody has makes it fail: `filter(owner=AnonymousUser())` raises TypeError.
    """
    link: ast.expr = node
    while isinstance(link, ast.Call):
        name = called_name(link, words).rpartition(".")[2]
        if name in _NARROWING:
            fact = _narrowed(link, name, words)
            if fact is not None:
                return fact
        if not isinstance(link.func, ast.Attribute):
            return None
        link = link.func.value
        if isinstance(link, ast.Attribute) and of_user(link, words):
            return Fact(Reach.OBJECT, text(node))
    return None


def _narrowed(call: ast.Call, name: str, words: Words) -> Fact | None:
    single = name != "filter"
    if "get_object_or_404" in name and call.args:
        first = call.args[0]
        if of_user(first, words):
            return Fact(Reach.OBJECT, text(call))
        if isinstance(first, ast.Call):
            inner = queried(first, words)
            if inner is not None:
                return inner
    for keyword in call.keywords:
        if keyword.arg is None:
            continue
        if of_user(keyword.value, words) and not is_anybody(keyword.arg):
            return Fact(Reach.OBJECT, text(call))
        if single and key_of_user(keyword.value, words):
            return Fact(Reach.OBJECT, text(call))
        if single and any(word in keyword.arg.lower() for word in ("token", "secret", "api_key")):
            return Fact(Reach.TOKEN, text(call))
    return None


def is_anybody(keyword: str) -> bool:
    """Whether a lookup keeps the rows of others: `owner__ne=…`, `exclude`-like names."""
    return keyword.endswith(("__ne", "__not"))


# -- texts -----------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=50_000)
def nodes_in(node: ast.AST) -> tuple[ast.AST, ...]:
    """The node and all below it. One function is read for each method and from each of its callers,
    and to walk it anew each time is most of what that takes."""
    return tuple(ast.walk(node))


@functools.lru_cache(maxsize=50_000)
def text(node: ast.AST) -> str:
    """The code, on one line and not longer than a line of a report."""
    said = " ".join(ast.unparse(node).split())
    return said if len(said) <= 120 else said[:117] + "..."


def hidden(node: ast.AST) -> str:
    """The same, without the texts in it: one may be a secret."""
    kept = ast.parse(ast.unparse(node), mode="eval")
    for each in ast.walk(kept):
        if isinstance(each, ast.Constant) and isinstance(each.value, (str, bytes)):
            each.value = "…"
    return text(kept)


def once_assigned(function: ast.AST) -> dict[str, ast.expr]:
    """The names that a function gives a value in one place only, with that value."""
    found: dict[str, ast.expr] = {}
    several: set[str] = set()
    for name, value in _assignments(function):
        if name in found or value is None:
            several.add(name)
        if value is not None:
            found.setdefault(name, value)
    return {name: value for name, value in found.items() if name not in several}


def _assignments(function: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    for node in nodes_in(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, (ast.Tuple, ast.List)):
                    yield from ((n.id, None) for n in ast.walk(target) if isinstance(n, ast.Name))
        elif isinstance(node, (ast.NamedExpr, ast.AnnAssign)):
            if isinstance(node.target, ast.Name):
                yield node.target.id, node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, None
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield from ((n.id, None) for n in ast.walk(node.target) if isinstance(n, ast.Name))
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield node.optional_vars.id, None
        elif isinstance(node, ast.arg):
            yield node.arg, None
