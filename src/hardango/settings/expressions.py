"""Expressions: one function for each class of `ast`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hardango import syntax as ast
from hardango.light import Any
from hardango.settings import limits, operations
from hardango.settings.conditions import Condition
from hardango.settings.injection import injected
from hardango.settings.interpreter import Interpreter
from hardango.settings.laziness import lazily
from hardango.settings.likeness import unknowns_of
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Box,
    Dead,
    Frame,
    Function,
    NotPlain,
    Raised,
    Scope,
    Split,
    Stopped,
    Thing,
    Union,
    Value,
)


def evaluate(interpreter: Interpreter, node: ast.expr, frame: Frame) -> Value:
    """The value of an expression in the current case. Raises Raised, Dead, Stopped."""
    interpreter.tick()
    return EXPRESSIONS[type(node)](interpreter, node, frame)


# -- names -----------------------------------------------------------------------------------------


def lookup(interpreter: Interpreter, frame: Frame, name: str) -> Value:
    """What `name` means here: local, enclosing, global, built in. Raises Raised(NameError)."""
    scope: Scope | None = frame.scope
    if name in frame.scope.declared_global:
        scope = frame.module.scope
    rest = interpreter.pc
    found: list[tuple[Any, Value]] = []
    while scope is not None:
        bound = scope.bound(name, rest)
        if (
            len(bound) == 1
            and not found
            and (bound[0].condition.certain or rest.implies(bound[0].condition))
        ):
            if bound[0].chain:
                interpreter.trace.append(bound[0].chain)
            if bound[0].readings:
                interpreter.read_from(bound[0].readings)
            return interpreter.resolve(bound[0].value)
        for each in bound:
            if each.chain:
                interpreter.trace.append(each.chain)
            interpreter.read_from(each.readings)
            found.append((each.condition & rest, each.value))
        for each in bound:
            rest = rest & ~each.condition
        if not rest.possible:
            break
        if scope.opaque is not None and not name.startswith("__"):
            from hardango.settings.builtins import BUILTINS

            if name not in BUILTINS:
                found.append(
                    (
                        rest,
                        interpreter.unknown(
                            f"{name} from {scope.opaque.reason}", scope.opaque, subject=name
                        ),
                    )
                )
                rest = interpreter.space.false
                break
        scope = scope.parent
    if rest.possible:
        builtin = _builtin(interpreter, frame, name)
        # Where something binds it in other cases, it failed in these.
        if builtin is MISSING and not found and not name.startswith("__"):
            builtin = injected(interpreter, frame, name)
        if builtin is not MISSING:
            found.append((rest, builtin))
        elif not found:
            raise interpreter.error(NameError, f"name {name!r} is not defined")
        else:
            interpreter.fail(
                rest, interpreter.error(NameError, f"name {name!r} is not defined").failure
            )
    return interpreter.resolve(interpreter.merge(found))


def _builtin(interpreter: Interpreter, frame: Frame, name: str) -> Value:
    from hardango.settings.builtins import BUILTINS
    from hardango.settings.imports import model_of

    changed = interpreter.modules.get("builtins")
    known = changed.attributes if isinstance(changed, Thing) else BUILTINS
    found = known.get(name, MISSING)
    if found is not MISSING:
        return found
    special = {
        "__name__": frame.module.name,
        "__file__": frame.module.file,
        "__doc__": None,
        "__spec__": None,
        "__loader__": None,
        "__path__": interpreter.wrap(list(frame.module.path))
        if frame.module.is_package
        else MISSING,
        "__annotations__": interpreter.box({}),
        "__builtins__": model_of(interpreter, "builtins") if name == "__builtins__" else None,
        "__package__": frame.module.name
        if frame.module.is_package
        else frame.module.name.rpartition(".")[0],
    }
    return special.get(name, MISSING)


def _name(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return lookup(interpreter, frame, node.id)


def _attribute(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return interpreter.get(evaluate(interpreter, node.value, frame), node.attr)


def _subscript(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    value = evaluate(interpreter, node.value, frame)
    return operations.get_item(interpreter, value, evaluate(interpreter, node.slice, frame))


def _slice(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    parts = [
        None if part is None else evaluate(interpreter, part, frame)
        for part in (node.lower, node.upper, node.step)
    ]

    def build(_: Value = None) -> Value:
        try:
            return slice(*(interpreter.plain(part) for part in parts))
        except Split as split:
            return interpreter.each(split.union, build)
        except NotPlain:
            return interpreter.unknown("a slice", *parts)

    return build()


# -- literals --------------------------------------------------------------------------------------


def _constant(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    value = node.value
    if type(value) is int and value.bit_length() > limits.INTEGER_BITS:
        return interpreter.unknown("a number that is too long", type="int")
    return value


def _elements(interpreter: Interpreter, nodes: list[ast.expr], frame: Frame) -> list[Value]:
    items: list[Value] = []
    for each in nodes:
        if isinstance(each, ast.Starred):
            items += operations.items_of(interpreter, evaluate(interpreter, each.value, frame))
        else:
            items.append(evaluate(interpreter, each, frame))
    if len(items) > limits.ITEMS:
        raise Stopped("because a container grows without bound")
    return items


def _list(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return _spread(interpreter, node.elts, frame, interpreter.box)


def _tuple(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return _spread(interpreter, node.elts, frame, interpreter.tuple_of)


def _set(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.methods import set_of

    return set_of(interpreter, _elements(interpreter, node.elts, frame))


def _spread(
    interpreter: Interpreter,
    nodes: list[ast.expr],
    frame: Frame,
    build: Callable[[list[Value]], Value],
) -> Value:
    """A list or tuple; where a starred part differs between cases, so does the whole."""
    parts: list[Value] = []
    starred: list[int] = []
    for each in nodes:
        if isinstance(each, ast.Starred):
            starred.append(len(parts))
            parts.append(evaluate(interpreter, each.value, frame))
        else:
            parts.append(evaluate(interpreter, each, frame))

    def put(_: Value = None) -> Value:
        items: list[Value] = []
        for index, part in enumerate(parts):
            if index not in starred:
                items.append(part)
                continue
            part = interpreter.resolve(part)
            if type(part) is Union:
                return interpreter.each(part, put)
            if isinstance(part, Box) and part.type_name != "iterator":
                try:
                    items += interpreter.content(part)
                except Split as split:
                    return interpreter.each(split.union, put)
            else:
                items += operations.items_of(interpreter, part)
        if len(items) > limits.ITEMS:
            raise Stopped("because a container grows without bound")
        return build(items)

    return put()


def _dict(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.methods import DICT_METHODS

    made = interpreter.box({})
    for key, item in zip(node.keys, node.values):
        if key is None:
            DICT_METHODS["update"](interpreter, made, [evaluate(interpreter, item, frame)], {})
        else:
            operations.set_item(
                interpreter,
                made,
                evaluate(interpreter, key, frame),
                evaluate(interpreter, item, frame),
            )
    made.touched, made.readings = (), ()
    return made


def _joined_text(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    parts = [evaluate(interpreter, each, frame) for each in node.values]

    def put(*texts: str) -> str:
        if sum(map(len, texts)) > limits.TEXT:
            raise Stopped("because a text grows without bound")
        return "".join(texts)

    found = interpreter.pure("f-string", put, parts, type="str")
    return interpreter.each(found, lambda one: _with_prefix(interpreter, one, parts))


def _with_prefix(interpreter: Interpreter, found: Value, parts: list[Value]) -> Value:
    if isinstance(found, Unknown) and not found.prefix:
        for part in parts:
            part = interpreter.resolve(part)
            if isinstance(part, str):
                found.prefix += part
            else:
                found.prefix += part.prefix if isinstance(part, Unknown) else ""
                break
        shown = "".join(
            part if isinstance(part, str) else "{" + getattr(part, "subject", "…") + "}"
            for part in map(interpreter.resolve, parts)
        )
        found.reason = found.subject = (
            f"a text with {shown}" if len(shown) < 60 else "a text with unknown parts"
        )
    return found


def _formatted(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.builtins import text_of

    value = evaluate(interpreter, node.value, frame)
    if node.conversion == ord("r") or node.conversion == ord("a"):
        value = interpreter.pure("repr", repr, [value], type="str")
    elif node.conversion == ord("s"):
        value = text_of(interpreter, value)
    if node.format_spec is None:
        return text_of(interpreter, value)
    spec = evaluate(interpreter, node.format_spec, frame)

    def put(native: Any, wanted: str) -> str:
        from hardango.settings.methods import _has_wide_field

        if _has_wide_field("{:" + wanted):
            raise Stopped("because a text grows without bound")
        return format(native, wanted)

    return interpreter.pure("format", put, [value, spec], type="str")


# -- operators -------------------------------------------------------------------------------------


def _binary(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    # A long chain `a + b + c + …` leans to the left: walk it down without recursion.
    spine: list[Any] = []
    each = node
    while isinstance(each, ast.BinOp):
        spine.append(each)
        each = each.left
    value = evaluate(interpreter, each, frame)
    for each in reversed(spine):
        interpreter.tick()
        right = evaluate(interpreter, each.right, frame)
        value = operations.binary(interpreter, type(each.op), value, right)
    return value


def _unary(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return operations.unary(interpreter, type(node.op), evaluate(interpreter, node.operand, frame))


def _boolean(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    stop_when = isinstance(node.op, ast.Or)

    def rest_from(index: int) -> Value:
        value = evaluate(interpreter, node.values[index], frame)
        if index + 1 == len(node.values):
            return value
        holds = interpreter.truth(value)
        stops = holds if stop_when else ~holds
        return interpreter.branch(
            stops, lambda: interpreter.resolve(value), lambda: rest_from(index + 1)
        )

    return rest_from(0)


def _compare(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    def rest_from(index: int, left: Value) -> Value:
        right = evaluate(interpreter, node.comparators[index], frame)
        found = operations.compare(interpreter, type(node.ops[index]), left, right)
        if index + 1 == len(node.ops):
            return found
        return interpreter.branch(
            interpreter.truth(found), lambda: rest_from(index + 1, right), lambda: False
        )

    return rest_from(0, evaluate(interpreter, node.left, frame))


def _conditional(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    test = interpreter.truth(evaluate(interpreter, node.test, frame))
    return interpreter.branch(
        test,
        lambda: evaluate(interpreter, node.body, frame),
        lambda: evaluate(interpreter, node.orelse, frame),
    )


def _walrus(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.statements import bind_name

    value = evaluate(interpreter, node.value, frame)
    outer = frame
    while outer.outer is not None:
        outer = outer.outer
    bind_name(interpreter, outer, node.target.id, value)
    return value


# -- functions and calls ---------------------------------------------------------------------------


def _lambda(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return make_function(interpreter, "<lambda>", node, frame)


def make_function(interpreter: Interpreter, name: str, node: Any, frame: Frame) -> Function:
    defaults = [evaluate(interpreter, each, frame) for each in node.args.defaults]
    keyword_defaults = [
        MISSING if each is None else evaluate(interpreter, each, frame)
        for each in node.args.kw_defaults
    ]
    scope = frame.scope.parent if frame.is_class and frame.scope.parent is not None else frame.scope
    return Function(name, node, defaults, keyword_defaults, scope, frame.module)


def _call(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    function = evaluate(interpreter, node.func, frame)
    arguments = _elements(interpreter, node.args, frame)
    keywords: dict[str, Value] = {}
    for each in node.keywords:
        value = evaluate(interpreter, each.value, frame)
        if each.arg is not None:
            keywords[each.arg] = value
            continue
        for key, item in operations.pairs_of(interpreter, value):
            keywords[key if isinstance(key, str) else "**"] = item
    interpreter.frame, interpreter.line = frame, node.lineno
    if isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES:
        _keep(node.func.value, arguments)
    return interpreter.call(function, arguments, keywords)


_WRITES = frozenset(("write", "writelines", "write_text", "write_bytes"))
"""Methods of files and paths that keep what they are given."""


def _keep(target: ast.expr, arguments: list[Value]) -> None:
    """Random values that are written to a file are there at the next start, wherever it lies."""
    if isinstance(target, ast.Attribute) and target.attr in ("stdout", "stderr"):
        return
    for argument in arguments:
        for each in unknowns_of(argument):
            for one in (each, *each.made_of):
                one.written = True


# -- comprehensions --------------------------------------------------------------------------------


def _comprehension(
    interpreter: Interpreter,
    node: Any,
    frame: Frame,
    empty: Callable[[], Any],
    add: Callable[[Frame, Box], None],
) -> Value:
    """A new container, to which `add` adds for each turn of the generators of `node`, in the
    cases in which it happens."""
    first = evaluate(interpreter, node.generators[0].iter, frame)
    return _comprehended(interpreter, node, frame, first, empty, add)


def _comprehended(
    interpreter: Interpreter,
    node: Any,
    frame: Frame,
    first: Value,
    empty: Callable[[], Any],
    add: Callable[[Frame, Box], None],
) -> Value:
    """What a comprehension makes of its first iterable."""

    def build(items: list[Value]) -> Value:
        made = interpreter.box(empty())
        _turns(interpreter, node, frame, items, lambda inner: add(inner, made))
        made.touched, made.readings = (), ()
        return made

    return operations.each_items(interpreter, first, build)


def _turns(
    interpreter: Interpreter,
    node: Any,
    frame: Frame,
    first: list[Value],
    add: Callable[[Frame], None],
) -> None:
    # What a class body binds is not seen inside.
    around = frame.scope.parent if frame.is_class and frame.scope.parent else frame.scope
    inner = Frame(Scope(around), frame.module)
    inner.function, inner.receiver, inner.outer = frame.function, frame.receiver, frame

    def turn(index: int) -> None:
        if index == len(node.generators):
            add(inner)
            return
        generator = node.generators[index]
        values = (
            first
            if index == 0
            else list(
                operations.items_of(interpreter, evaluate(interpreter, generator.iter, inner))
            )
        )
        for count, item in enumerate(values):
            if count > limits.LOOP_TURNS:
                raise Stopped("because a loop does not end")
            interpreter.tick()
            one_turn(generator, item, index)

    def one_turn(generator: Any, item: Value, index: int) -> None:
        from hardango.settings.statements import assign

        outer_splice = inner.splice
        inner.splice = outer_splice or (
            item if isinstance(item, Unknown) and item.several else None
        )
        base = interpreter.pc
        assign(interpreter, generator.target, single(item), inner)
        for test in generator.ifs:
            condition = interpreter.truth(evaluate(interpreter, test, inner))
            if inner.splice is not None and not condition.certain:
                # Some of the unknown items pass, or none does.
                inner.splice = some_of(interpreter, inner.splice)
                continue
            interpreter.pc = interpreter.pc & condition
            if not interpreter.pc.possible:
                break
        interpreter.pc = _where_it_went_on(interpreter, base, lambda: turn(index + 1))
        inner.splice = outer_splice

    turn(0)


def _where_it_went_on(
    interpreter: Interpreter, base: Condition, run: Callable[[], None]
) -> Condition:
    """Run a turn in the cases that passed its tests; the cases of `base` that go on after it."""
    passed = interpreter.pc
    if not passed.possible:
        return base
    try:
        run()
    except Raised as raised:
        if base.implies(passed):
            raise
        interpreter.sinks[-1].append((passed, raised.failure))
    except Dead:
        if base.implies(passed):
            raise
    else:
        return base
    return base & ~passed


def single(item: Value) -> Value:
    """One of several unknown items."""
    if isinstance(item, Unknown) and item.several:
        return Unknown(
            item.reason,
            item.type,
            item.variables,
            item.prefix,
            fresh=item.fresh,
            subject=item.subject,
        )
    return item


def some_of(interpreter: Interpreter, items: Unknown) -> Unknown:
    """Those of several unknown items that pass a test."""
    said = f"what a filter leaves of {items.subject}"
    if items.subject.startswith("what a filter leaves of "):
        said = items.subject.partition(" (")[0]
    left = interpreter.unknown(
        items.reason, items, type=items.type, subject=interpreter.distinct(said)
    )
    left.several, left.prefix = True, items.prefix
    return left


def _several(interpreter: Interpreter, frame: Frame, item: Value) -> Value:
    """What a comprehension makes of several unknown items is several items, too."""
    if frame.splice is None:
        return item
    made = interpreter.unknown(
        item.reason if isinstance(item, Unknown) else frame.splice.reason,
        frame.splice,
        item,
        type=item.type if isinstance(item, Unknown) else None,
        subject=frame.splice.subject,
    )
    made.several = True
    if isinstance(item, Unknown):
        made.prefix = item.prefix
    return made


def _list_comprehension(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return _comprehension(interpreter, node, frame, list, partial(_add_item, interpreter, node))


def _add_item(interpreter: Interpreter, node: Any, inner: Frame, made: Box) -> None:
    item = _several(interpreter, inner, evaluate(interpreter, node.elt, inner))
    interpreter.change(made, lambda content: content.append(item))


def _generator(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    first = evaluate(interpreter, node.generators[0].iter, frame)
    add = partial(_add_item, interpreter, node)
    return lazily(interpreter, lambda: _comprehended(interpreter, node, frame, first, list, add))


def _set_comprehension(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.methods import key_of

    def add(inner: Frame, made: Box) -> None:
        item = _several(interpreter, inner, evaluate(interpreter, node.elt, inner))
        interpreter.each(
            item,
            lambda one: interpreter.change(
                made, lambda content: content.add(key_of(interpreter, one))
            ),
        )

    return _comprehension(interpreter, node, frame, set, add)


def _dict_comprehension(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    def add(inner: Frame, made: Box) -> None:
        key = evaluate(interpreter, node.key, inner)
        item = evaluate(interpreter, node.value, inner)
        if inner.splice is not None:
            key = interpreter.unknown(
                inner.splice.reason, inner.splice, subject=inner.splice.subject
            )
        operations.set_item(interpreter, made, key, item)

    return _comprehension(interpreter, node, frame, dict, add)


# -- what is left ----------------------------------------------------------------------------------


def _yield(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.methods import repeated

    value = None if node.value is None else evaluate(interpreter, node.value, frame)
    if frame.at_yield is not None:
        body, frame.at_yield = frame.at_yield, None
        body(value)
        return None
    if frame.yields is not None:
        if len(frame.yields) > limits.LOOP_TURNS:
            raise Stopped("because a generator does not end")
        frame.yields.append((interpreter.pc, repeated(interpreter, value)))
    return None


def _yield_from(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    from hardango.settings.methods import repeated

    for item in operations.items_of(interpreter, evaluate(interpreter, node.value, frame)):
        if frame.yields is not None:
            frame.yields.append((interpreter.pc, repeated(interpreter, item)))
    return None


def _await(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return interpreter.unknown(f"the result of an await{interpreter.here()}")


def _starred(interpreter: Interpreter, node: Any, frame: Frame) -> Value:
    return evaluate(interpreter, node.value, frame)


EXPRESSIONS: dict[type, Callable[[Interpreter, Any, Frame], Value]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Constant: _constant,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.JoinedStr: _joined_text,
    ast.FormattedValue: _formatted,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.Lambda: _lambda,
    ast.Call: _call,
    ast.ListComp: _list_comprehension,
    ast.SetComp: _set_comprehension,
    ast.DictComp: _dict_comprehension,
    ast.GeneratorExp: _generator,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Await: _await,
    ast.Starred: _starred,
}
