"""Which methods of a class-based view truly run, and the guards that they are.

A method runs if it is the first of its name in the order of the bases (the MRO), or if one that
runs calls it by `super()`, or by its class. What is not called protects nothing, whatever the list
of bases says. Facts in, guards out: the facts come from the source, or from the loaded classes.

https://docs.python.org/3/howto/mro.html, and the source of django.views.generic.base.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from hardango.access.answers import returned
from hardango.access.asked import Names, Words, decided, dotted, nodes_in, once_assigned
from hardango.access.bodies import Lookup, checking, guards_in, passing
from hardango.access.digests import digest
from hardango.access.guards import MIXINS, Known, guard
from hardango.findings import Place
from hardango.light import NamedTuple, TypeAlias
from hardango.matrix import Guard, Reach

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

DISPATCHERS = frozenset({
    "django.views.generic.base.View", "rest_framework.views.APIView",
})  # fmt: skip
"""Classes whose `dispatch` calls the method that is named as the request's."""

FRAMEWORKS = ("django.", "rest_framework.")
"""Packages whose views ask nothing in their own code of who asks, their decorators apart."""

_AFTER = "stands after {}, whose {}() calls no other"
_ACTED = "looks after the view has acted"
_SOMETIMES = "only on some ways through {}.{}()"
_HANDLED = "handle_no_permission() answers as if there were permission"


class Definition(NamedTuple):
    """One method, as one class defines it.

    `function` is its code, None if that cannot be read; `names` resolves the names of its module,
    `file` is where it is ("" outside of the project, whose places are not shown). `guards` are
    those of the decorators around it, the outermost first. `jumps` is the class whose method it is
    by assignment ("dispatch = View.dispatch") or in what decorators are put around (`guards`), "" for
    one of its own. `lookup` finds what it calls.
    """

    owner: str
    function: Function | None = None
    names: Names = str
    file: str = ""
    guards: tuple[Guard, ...] = ()
    jumps: str = ""
    lookup: Lookup | None = None


class Base(NamedTuple):
    """One class of a view's bases: its dotted name, and the methods that it defines itself."""

    name: str
    methods: Mapping[str, Definition] = {}


class View(NamedTuple):
    """A class-based view: `bases` in the order in which methods are looked for, its own class
    first, `object` left out. `permissions` gives the permissions in an attribute ("zoo.view_doc",
    or several), None if they cannot be read; `flag` whether an attribute is true."""

    bases: tuple[Base, ...]
    permissions: Callable[[str], tuple[str, ...] | None] = lambda name: None
    flag: Callable[[str], bool] = lambda name: False


class Step(NamedTuple):
    """A definition that runs; `certain` is false if it does on some ways only, and then `through`
    is the method that decides."""

    definition: Definition
    certain: bool = True
    through: str = ""


class Chain(NamedTuple):
    """The definitions of one name that run, in their order; those that never do; and the class
    whose definition is the last."""

    steps: tuple[Step, ...] = ()
    skipped: tuple[Definition, ...] = ()
    last: str = ""

    @property
    def effective(self) -> Definition | None:
        return self.steps[0].definition if self.steps else None


def chain(bases: Sequence[Base], name: str, method: str = "") -> Chain:
    """What runs if `name` is called on an instance, with the HTTP method `method`."""
    steps: list[Step] = []
    at: int | None = 0
    certain, through = True, ""
    while at is not None:
        at = next((i for i in range(at, len(bases)) if name in bases[i].methods), None)
        if at is None or len(steps) > len(bases):
            break
        definition = bases[at].methods[name]
        if definition.jumps:
            if definition.guards:
                steps.append(Step(definition, certain, through))
            at = _position(bases, definition.jumps)
            continue
        steps.append(Step(definition, certain, through))
        at, always = _next(bases, at, definition, name, method)
        if not always and certain:
            certain, through = False, definition.owner
    ran = {each.definition.owner for each in steps}
    skipped = tuple(
        each.methods[name] for each in bases if name in each.methods and each.name not in ran
    )
    return Chain(tuple(steps), skipped, steps[-1].definition.owner if steps else "")


def _position(bases: Sequence[Base], name: str) -> int | None:
    return next((i for i, each in enumerate(bases) if each.name == name), None)


def _next(
    bases: Sequence[Base], at: int, definition: Definition, name: str, method: str
) -> tuple[int | None, bool]:
    """Where the search goes on from a definition, None if it calls no other; and whether it does
    so on every way on which it turns nobody away."""
    if definition.owner in DISPATCHERS or definition.function is None:
        return None, True
    named = (each for each in nodes_in(definition.function) if isinstance(each, ast.Attribute))
    if not any(each.attr == name for each in named):
        return None, True
    goals = [
        goal
        for node in _nodes(definition, method)
        if (goal := _goal(bases, at, node, definition, name)) is not None
    ]
    if not goals:
        return None, True
    return max(goals), _always(bases, at, definition, name, method)


def _goal(
    bases: Sequence[Base], at: int, node: ast.AST, definition: Definition, name: str
) -> int | None:
    """Where `super().name`, `super(Class, self).name` or `Class.name` lead."""
    if not isinstance(node, ast.Attribute) or node.attr != name:
        return None
    words = Words(definition.names)
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        if value.func.id != "super":
            return None
        if not value.args:
            return at + 1
        named = _position(bases, dotted(value.args[0], words))
        return (at if named is None else named) + 1
    if isinstance(value, (ast.Name, ast.Attribute)):
        return _position(bases, dotted(value, words))
    return None


def _always(bases: Sequence[Base], at: int, definition: Definition, name: str, method: str) -> bool:
    assert definition.function is not None
    words = Words(definition.names, assigned=once_assigned(definition.function), method=method)

    def leads(node: ast.AST) -> bool:
        return any(_goal(bases, at, each, definition, name) is not None for each in ast.walk(node))

    ends = [each for each in _nodes(definition, method) if isinstance(each, ast.Return)]
    assigned = {key for key, value in words.assigned.items() if leads(value)}
    leading = [
        each for each in ends
        if each.value is not None
        and (leads(each.value) or any(isinstance(n, ast.Name) and n.id in assigned
                                      for n in ast.walk(each.value)))
    ]  # fmt: skip
    if not leading:
        # It is called for what it does: in a statement that always runs.
        return any(leads(each) for each in _straight(definition.function.body))
    others = [each for each in ends if each not in leading]
    return all(each.value is None or returned(each.value, words) for each in others)


def _straight(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body that run on every way that gets to its end."""
    for each in body:
        if isinstance(each, (ast.With, ast.AsyncWith)):
            yield from _straight(each.body)
        elif not isinstance(each, (ast.If, ast.For, ast.While, ast.Try)):
            yield each


def _nodes(definition: Definition, method: str) -> Iterator[ast.AST]:
    """The code of a definition that may run with an HTTP method, functions in it left out."""
    assert definition.function is not None
    words = Words(definition.names, method=method)
    todo: list[ast.AST] = list(reversed(definition.function.body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If):
            known = decided(node.test, words)
            if known is not None:
                todo += reversed(node.body if known else node.orelse)
                continue
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            todo += reversed(list(ast.iter_child_nodes(node)))


# -- guards ----------------------------------------------------------------------------------------


def class_guards(
    view: View, method: str, handler: str = "", asked: tuple[Guard, ...] = ()
) -> tuple[Guard, ...]:
    """The guards of a class-based view for an HTTP method, in the order in which a request meets
    them, the dead ones at their place. `handler` is the method that acts, if it is not called as
    the HTTP method is (the action of a viewset); `asked` are guards that stand right before it."""
    handler = handler or {"HEAD": "get"}.get(method, method.lower())
    found: list[Guard] = []
    setup = chain(view.bases, "setup", method)
    for step in setup.steps:
        found += _sometimes(step, _of_definition(step.definition, "setup", method), "setup")
    dispatch = chain(view.bases, "dispatch", method)
    for step in dispatch.steps:
        found += _sometimes(step, _of_dispatch(view, step.definition, method), "dispatch")
    found += dead_by_order(view, dispatch, "dispatch")
    if not dispatch.steps or dispatch.last in DISPATCHERS or _calls(dispatch, handler):
        found += asked
        found += handler_guards(view, method, handler)
    return tuple(found)


def handler_guards(view: View, method: str, handler: str) -> tuple[Guard, ...]:
    """The guards of the method that acts."""
    acting = chain(view.bases, handler, method)
    found: list[Guard] = []
    for step in acting.steps:
        found += _sometimes(step, _of_definition(step.definition, handler, method), handler)
    return tuple(found)


def _calls(dispatch: Chain, handler: str) -> bool:
    """Whether a dispatch of one's own calls the handler itself."""
    last = dispatch.steps[-1].definition.function
    return last is not None and any(
        isinstance(each, ast.Attribute) and each.attr == handler for each in ast.walk(last)
    )


def _sometimes(step: Step, guards: tuple[Guard, ...], name: str) -> Iterator[Guard]:
    for each in guards:
        if step.certain or each.dead:
            yield each
        else:
            said = _SOMETIMES.format(step.through.rpartition(".")[2], name)
            yield each._replace(demands=Reach.CUSTOM, quote=f"{each.name}, {said}")


def dead_by_order(view: View, dispatch: Chain, name: str) -> Iterator[Guard]:
    """The known guards, and those of the project's own, whose method is never called."""
    if not dispatch.steps:
        return
    stops = dispatch.last.rpartition(".")[2]
    for each in dispatch.skipped:
        known = MIXINS.get(each.owner)
        why = _AFTER.format(stops, name)
        if known is not None and known.through == name:
            told = guard(known, each.owner, permissions=("",), layer="class")
            yield told._replace(dead=why, permissions=())
        elif each.owner not in DISPATCHERS:
            for own in (*each.guards, *_of_definition(each, name, "")):
                if not own.dead:
                    yield own._replace(dead=why, layer="class")


def _of_dispatch(view: View, definition: Definition, method: str) -> tuple[Guard, ...]:
    known = MIXINS.get(definition.owner)
    if known is not None and known.through == "dispatch":
        return (*definition.guards, *_of_mixin(view, known, definition.owner, method))
    return _of_definition(definition, "dispatch", method)


def _of_definition(definition: Definition, name: str, method: str) -> tuple[Guard, ...]:
    """The guards around a method and in its code."""
    if definition.function is None or definition.owner.startswith(FRAMEWORKS):
        return definition.guards
    inside = guards_in(
        definition.function, definition.names, definition.file, method=method,
        lookup=definition.lookup,
    )  # fmt: skip
    layer = "class" if name in ("dispatch", "setup") else "body"
    late = _acts_at(definition, name)
    told = []
    for each in inside:
        if late and each.place is not None and each.place.line > late and not each.dead:
            each = each._replace(demands=Reach.CUSTOM, quote=f"{each.name} {_ACTED}")
        told.append(shown(each._replace(layer=layer), definition.file))
    return (*definition.guards, *told)


def shown(found: Guard, file: str) -> Guard:
    """A guard without its place if that is not in the project."""
    return found if file else found._replace(place=None)


def _acts_at(definition: Definition, name: str) -> int:
    """The line in which a method has called the one that acts and goes on, 0 if it doesn't."""
    assert definition.function is not None
    if name not in ("dispatch", "get", "post", "put", "patch", "delete"):
        return 0
    for node in definition.function.body:
        if isinstance(node, (ast.Assign, ast.Expr, ast.AnnAssign)) and any(
            isinstance(each, ast.Attribute) and each.attr == name and _is_super(each.value)
            for each in ast.walk(node)
        ):
            return node.lineno
    return 0


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "super"


# -- mixins ----------------------------------------------------------------------------------------


def _of_mixin(view: View, known: Known, owner: str, method: str) -> tuple[Guard, ...]:
    """What a known mixin demands in this view, which may have replaced what it asks."""
    test = chain(view.bases, known.test, method) if known.test else Chain()
    told: tuple[Guard, ...]
    if test.effective is not None and test.effective.owner not in MIXINS:
        told = _replaced(view, known, owner, test, method)
    else:
        told = (_as_it_is(view, known, owner),)
    if _lets_through(view):
        told = tuple(each._replace(dead=each.dead or _HANDLED) for each in told)
    if view.flag("raise_exception"):
        told = tuple(each._replace(answer="403") for each in told)
    return told


def _as_it_is(view: View, known: Known, owner: str) -> Guard:
    permissions: tuple[str, ...] | None = None
    if known.permissions:
        own = chain(view.bases, "get_permission_required").effective
        replaced = own is not None and own.owner not in MIXINS
        permissions = constants(own) if replaced else view.permissions(known.permissions)
    return guard(known, owner, permissions=permissions, layer="class")


def _replaced(view: View, known: Known, owner: str, test: Chain, method: str) -> tuple[Guard, ...]:
    """A mixin whose test the view has written anew."""
    own = test.effective
    assert own is not None
    name = owner.rpartition(".")[2]
    if own.function is None:
        said = f"{own.owner}.{known.test}()"
        return (Guard(name, Reach.CUSTOM, "class", quote=said, answer=known.answer),)
    found = passing(own.function, own.names, own.file, method=method, lookup=own.lookup)
    mark = digest(own.function)
    told = [
        shown(each, own.file)._replace(name=f"{name}: {each.name}", layer="class",
                                       answer=known.answer, fingerprint=mark)
        for each in found
    ]  # fmt: skip
    if len(test.steps) > 1 and demands_super(own.function, known.test):
        told = [each for each in told if known.test not in each.quote]
        told.insert(0, _as_it_is(view, known, owner))
    if not told:
        place = Place(own.file, own.function.lineno) if own.file else None
        told = [Guard(name, Reach.CUSTOM, "class", place=place, answer=known.answer,
                      quote=f"{known.test}()", fingerprint=mark)]  # fmt: skip
    return tuple(told)


def demands_super(function: Function, name: str) -> bool:
    """Whether what is returned is `super().name(…) and …`."""
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None or len(_code(function)) > 1:
        return False
    value = last.value
    parts = (
        value.values if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And) else [value]
    )
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr == name
        and _is_super(each.func.value)
        for each in parts
    )


def _code(function: Function) -> list[ast.stmt]:
    docstring = ast.get_docstring(function) is not None
    return function.body[1:] if docstring else function.body


def constants(definition: Definition | None) -> tuple[str, ...] | None:
    """The texts that a method returns, whatever happens; None for anything else."""
    if definition is None or definition.function is None:
        return None
    code = _code(definition.function)
    if len(code) != 1 or not isinstance(code[0], ast.Return) or code[0].value is None:
        return None
    value = code[0].value
    each = value.elts if isinstance(value, (ast.Tuple, ast.List, ast.Set)) else [value]
    if not all(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in each):
        return None
    return tuple(n.value for n in each if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _lets_through(view: View) -> bool:
    """Whether the answer for those without permission is the view's own."""
    own = chain(view.bases, "handle_no_permission").effective
    if own is None or own.function is None or not own.file:
        return False
    for node in ast.walk(own.function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr in _ACTING:
                return True
    return False


_ACTING = ("get", "post", "put", "patch", "delete", "dispatch")


def checks(view: View, name: str, method: str, ends: str) -> tuple[tuple[Guard, ...], bool]:
    """The guards that a method adds which raises for those who may not (`initial`,
    `check_permissions`), and whether the definition of class `ends`, which asks the permission
    classes, is always called."""
    ran = chain(view.bases, name, method)
    found: list[Guard] = []
    reached = False
    for step in ran.steps:
        definition = step.definition
        if definition.owner == ends:
            reached = step.certain
            continue
        found += definition.guards
        if definition.function is not None:
            told = checking(definition.function, definition.names, definition.file,
                            method=method, lookup=definition.lookup)  # fmt: skip
            found += (shown(each._replace(layer="class"), definition.file) for each in told)
    return tuple(found), reached or not ran.steps
