"""Attributes, items, calls and classes, as Python's data model has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FunctionType, ModuleType

from hardango import syntax as ast
from hardango.light import Any
from hardango.settings import limits
from hardango.settings.bounded import bounded, havoc_reached
from hardango.settings.callbacks import hand_over
from hardango.settings.calls import remember
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.laziness import lazily
from hardango.settings.likeness import short
from hardango.settings.outcomes import Unknown
from hardango.settings.secret_shapes import is_literal_secret
from hardango.settings.values import (
    ANYWHERE,
    MISSING,
    Bound,
    Box,
    Class,
    Dead,
    Descriptor,
    Failure,
    Frame,
    Function,
    Instance,
    Module,
    Native,
    Raised,
    Scope,
    Thing,
    Union,
    Value,
)

# -- attributes ------------------------------------------------------------------------------------


def get_attribute(interpreter: Interpreter, value: Value, name: str) -> Value:
    """`value.name`, in every case. Raises Raised(AttributeError)."""
    return interpreter.each(value, lambda one: _attribute(interpreter, one, name))


def _attribute(interpreter: Interpreter, value: Value, name: str) -> Value:
    found = attribute_or_gap(interpreter, value, name)
    if found is MISSING:
        raise interpreter.error(
            AttributeError, f"{_type_name(value)!r} object has no attribute {name!r}"
        )
    return found


def attribute_or_gap(interpreter: Interpreter, value: Value, name: str) -> Value:
    """As `try_attribute`, but what every object of this type has in Python is there, though
    nothing is known of it."""
    found = try_attribute(interpreter, value, name)
    if found is MISSING and name in ("__setattr__", "__delattr__", "__getattribute__"):
        return _special(name, value)
    if found is MISSING and name.startswith("__") and hasattr(_python_type(value), name):
        said = f"{short(value)}.{name}"
        return interpreter.unknown(said, subject=said)
    return found


def _special(name: str, value: Value) -> Native:
    """A special method that every object or every container of its kind has, bound."""
    from hardango.settings.methods import special_method

    def run(owner: Value, interpreter: Interpreter, arguments: list[Value], keywords: Any) -> Value:
        return special_method(interpreter, name, owner, arguments, keywords)

    return Native(name, partial(run, value))


def _python_type(value: Value) -> type:
    """The type of Python that a value has, or that its type is derived from."""
    if isinstance(value, (Function, Native, Bound)):
        return FunctionType
    if isinstance(value, Module):
        return ModuleType
    if isinstance(value, Class):
        return type
    if isinstance(value, Failure):
        return BaseException
    if isinstance(value, (Instance, Descriptor)):
        return object
    return value.kind if isinstance(value, Box) else type(value)


def try_attribute(interpreter: Interpreter, value: Value, name: str) -> Value:
    """`value.name` for a value without alternatives, MISSING if there is none."""
    kind = type(value)
    if kind is Unknown:
        return _attribute_of_unknown(interpreter, value, name)
    if kind is Module:
        return _attribute_of_module(interpreter, value, name)
    if kind is Thing:
        found = _attribute_of_thing(interpreter, value, name)
        if found is MISSING and not name.startswith("__"):
            # A model is not the whole object: what it leaves out is not known.
            return interpreter.unknown(f"{value.name}.{name}", subject=f"{value.name}.{name}")
        return found
    if kind is Instance:
        return _attribute_of_instance(interpreter, value, name)
    if kind is Class:
        return _attribute_of_class(interpreter, value, name)
    if kind is Failure:
        return _attribute_of_failure(interpreter, value, name)
    if kind in (Function, Native, Bound):
        return _attribute_of_function(interpreter, value, name)
    from hardango.settings.methods import native_attribute

    return native_attribute(interpreter, value, name)


def write_anywhere(interpreter: Interpreter, value: Unknown) -> None:
    """Something is written through an unknown that leads to the names of modules."""
    why = f"may be set through {value.subject}{interpreter.here()}"
    for module in list(interpreter.modules.values()):
        if isinstance(module, Module):
            havoc_scope(interpreter, module.scope, why)


def _attribute_of_unknown(interpreter: Interpreter, value: Unknown, name: str) -> Value:
    if value.type in ("module", ANYWHERE):
        why = value.reason
        named = f"{name} of {why}" if ", which" in why else f"{why}.{name}"
        return Unknown(
            named,
            ANYWHERE if value.type == ANYWHERE else None,
            value.variables,
            subject=f"{value.subject}.{name}",
        )
    if value.type in ("str", "path"):
        from hardango.settings.methods import unknown_text_attribute

        found = unknown_text_attribute(interpreter, value, name)
        if found is not MISSING:
            return found
    return interpreter.unknown(f"{value.reason}.{name}", value, subject=f"{value.subject}.{name}")


def _attribute_of_module(interpreter: Interpreter, module: Module, name: str) -> Value:
    from hardango.settings.imports import submodule

    found = read_scope(interpreter, module.scope, name)
    if found is not MISSING:
        return found
    special = {"__name__": module.name, "__file__": module.file, "__doc__": None}
    if name in special:
        return special[name]
    if name == "__package__":
        return module.name if module.is_package else module.name.rpartition(".")[0]
    if name in ("__spec__", "__loader__", "__cached__", "__builtins__"):
        return interpreter.unknown(f"{module.name}.{name}")
    if name == "__dict__":
        return namespace(interpreter, module.scope)
    if name == "__path__" and module.is_package:
        return interpreter.wrap(list(module.path))
    found = submodule(interpreter, module, name, load=False)
    if found is MISSING:
        hook = read_scope(interpreter, module.scope, "__getattr__")
        if hook is not MISSING:
            return interpreter.call(hook, [name], {})
    return found


def _attribute_of_thing(interpreter: Interpreter, thing: Thing, name: str) -> Value:
    each: Thing | None = thing
    while each is not None:
        if name in each.attributes:
            return each.attributes[name]
        if each.attribute is not None:
            found = each.attribute(interpreter, name)
            if found is not MISSING:
                return found
        each = each.base
    if name == "__name__":
        return thing.name.rpartition(".")[2]
    if name == "__class__":
        return thing.base or thing
    parts = {
        "__getitem__": thing.item,
        "__setitem__": thing.set_item,
        "__delitem__": thing.delete_item,
        "__contains__": thing.contains,
        "__ior__": thing.set_item,
    }
    return MISSING if parts.get(name) is None else _special(name, thing)


def _attribute_of_instance(interpreter: Interpreter, instance: Instance, name: str) -> Value:
    hook = class_member(interpreter, instance.cls, "__getattribute__")
    if isinstance(hook, Function):
        return interpreter.call(Bound(hook, instance), [name], {})
    return own_attribute(interpreter, instance, name)


def own_attribute(interpreter: Interpreter, instance: Instance, name: str) -> Value:
    """What `object.__getattribute__` finds, then `__getattr__`; MISSING if neither does."""
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return namespace(interpreter, instance.scope)
    in_class = class_member(interpreter, instance.cls, name)
    if isinstance(in_class, Descriptor) and in_class.kind == "property":
        return interpreter.call(in_class.function, [instance], {})
    if _has(interpreter, in_class, "__get__") and _has(interpreter, in_class, "__set__"):
        return bind_member(interpreter, in_class, instance, instance.cls)
    own = read_scope(interpreter, instance.scope, name)
    if own is not MISSING:
        return own
    if isinstance(in_class, Descriptor) and in_class.kind == "cached property":
        found = interpreter.call(in_class.function, [instance], {})
        instance.scope.bind(name, found, interpreter.pc)
        return found
    if in_class is not MISSING:
        return bind_member(interpreter, in_class, instance, instance.cls)
    if instance.payload is not MISSING:
        found = try_attribute(interpreter, instance.payload, name)
        if found is not MISSING:
            return found
    hook = class_member(interpreter, instance.cls, "__getattr__")
    if hook is not MISSING and not isinstance(hook, Unknown):
        return interpreter.call(Bound(hook, instance), [name], {})
    return _of_a_model(interpreter, instance.cls, name)


def _of_a_model(interpreter: Interpreter, cls: Class, name: str) -> Value:
    """What a class derived from a modelled one, or made by a metaclass, may have beside what is
    known of it: not known. MISSING for other classes."""
    if name.startswith("__") or not any(
        isinstance(each, Thing) or (isinstance(each, Class) and "metaclass" in each.keywords)
        for each in cls.mro
    ):
        return MISSING
    return interpreter.unknown(f"{cls.name}.{name}", subject=f"{cls.name}.{name}")


def _attribute_of_class(interpreter: Interpreter, cls: Class, name: str) -> Value:
    if name in ("__name__", "__qualname__"):
        return cls.name
    if name == "__module__":
        return cls.module.name if cls.module else "builtins"
    if name == "__mro__":
        return tuple(cls.mro)
    if name == "__dict__":
        return namespace(interpreter, cls.scope)
    if name == "__bases__":
        return tuple(cls.bases)
    if name == "as_view" and "views" in interpreter.state:
        from hardango.settings.libraries.django_urls import as_view

        return as_view(interpreter, cls)
    found = class_member(interpreter, cls, name)
    if found is MISSING:
        return _of_a_model(interpreter, cls, name)
    if _has(interpreter, found, "__get__"):
        return bind_member(interpreter, found, None, cls)
    if isinstance(found, Descriptor):
        return (
            Bound(found.function, cls)
            if found.kind == "classmethod"
            else (found.function if found.kind == "staticmethod" else found)
        )
    unread = next((each for each in cls.mro if isinstance(each, Unknown)), None)
    if unread is None and any(
        isinstance(each, Class) and isinstance(each.keywords.get("metaclass"), Class)
        for each in cls.mro
    ):
        unread = Unknown(f"the metaclass of {cls.name}")
    if unread is not None and not isinstance(found, (Function, Native, Class, Unknown)):
        # A base that is not known may have a metaclass that makes something else of it.
        said = f"{cls.name}.{name}"
        return interpreter.unknown(f"{said}, as {unread.reason} has it", found, subject=said)
    return found


def _attribute_of_function(interpreter: Interpreter, function: Value, name: str) -> Value:
    if isinstance(function, Function) and function.attributes is not None:
        found = read_scope(interpreter, function.attributes, name)
        if found is not MISSING:
            return found
    if name in ("__name__", "__qualname__"):
        return function.name
    if name == "__doc__":
        return None
    if name == "__call__":
        return function
    if name == "__get__":
        return Native(name, lambda _, arguments, __: Bound(function, arguments[0]))
    if isinstance(function, Bound):
        known = {"__func__": function.function, "__self__": function.receiver}
        return known[name] if name in known else interpreter.get(function.function, name)
    if isinstance(function, Function):
        if name == "__wrapped__":
            return function
        if name == "__globals__":
            return namespace(interpreter, function.module.scope)
        if name == "__dict__":
            function.attributes = function.attributes or Scope()
            return namespace(interpreter, function.attributes)
    if not isinstance(function, Function) and not name.startswith("__"):
        # What a model gives as a function may be a class or an object in the library.
        return interpreter.unknown(f"{function.name}.{name}", subject=f"{function.name}.{name}")
    return MISSING


def _attribute_of_failure(interpreter: Interpreter, failure: Failure, name: str) -> Value:
    if name == "args":
        return tuple(failure.arguments)
    if name in ("__traceback__", "tb_frame"):
        return Unknown("a traceback", ANYWHERE)
    if name == "__class__":
        return failure.cls
    if name.startswith("__"):
        return MISSING
    if isinstance(failure.value, Instance):
        own = read_scope(interpreter, failure.value.scope, name)
        if own is not MISSING:
            return own
    # Who raised it may have given it anything; a class of the program says what all of its have.
    found = MISSING
    if isinstance(failure.cls, Class):
        found = class_member(interpreter, failure.cls, name)
    if found is MISSING or isinstance(found, (Function, Native, Descriptor)):
        return interpreter.unknown(f"{failure.name}.{name}")
    return found


def class_member(interpreter: Interpreter, cls: Class, name: str, after: Value = None) -> Value:
    """`name` as the class or a base of it defines it, not yet bound; MISSING if none does. With
    `after`, only the bases that follow that class (what `super()` sees)."""
    skipping = after is not None
    for each in cls.mro:
        if skipping:
            skipping = each is not after
            continue
        if isinstance(each, Class):
            found = read_scope(interpreter, each.scope, name)
        elif isinstance(each, Unknown):
            if name.startswith("__") and name.endswith("__"):
                continue
            return interpreter.unknown(
                f"{each.reason}.{name}", each, subject=f"{each.subject}.{name}"
            )
        elif isinstance(each, Thing):
            found = (
                _attribute_of_thing(interpreter, each, name)
                if name not in ("__name__", "__class__")
                else MISSING
            )
        elif isinstance(each, type) and each is not object and hasattr(each, name):
            if name.startswith("__"):
                continue
            found = Native(name, _payload_method(each, name))
        else:
            continue
        if found is not MISSING:
            return found
    return MISSING


def _payload_method(cls: type, name: str) -> Callable[..., Value]:
    def run(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        receiver, rest = arguments[0], arguments[1:]
        payload = receiver.payload if isinstance(receiver, Instance) else receiver
        if payload is MISSING:
            return interpreter.unknown(f"{cls.__name__}.{name}")
        return interpreter.call(interpreter.get(payload, name), rest, keywords)

    return run


def bind_member(interpreter: Interpreter, member: Value, receiver: Value, cls: Class) -> Value:
    """A member of a class as it looks when read from an instance."""
    if isinstance(member, Descriptor):
        if member.kind == "property":
            return interpreter.call(member.function, [receiver], {})
        if member.kind == "classmethod":
            return Bound(member.function, cls)
        return member.function
    if isinstance(member, (Function, Native)):
        return Bound(member, receiver)
    if _has(interpreter, member, "__get__"):
        return interpreter.call(interpreter.get(member, "__get__"), [receiver, cls], {})
    if type(member) is Union:
        return interpreter.each(member, lambda one: bind_member(interpreter, one, receiver, cls))
    return member


def _has(interpreter: Interpreter, value: Value, method: str) -> bool:
    """Whether a value is an object of a class of the program that defines a special method."""
    return isinstance(value, Instance) and isinstance(
        class_member(interpreter, value.cls, method), (Function, Native)
    )


def find_method(interpreter: Interpreter, instance: Instance, name: str) -> Value:
    """A special method of an instance, bound; MISSING if its class has none of its own."""
    member = class_member(interpreter, instance.cls, name)
    if member is MISSING or isinstance(member, Unknown):
        return MISSING
    return bind_member(interpreter, member, instance, instance.cls)


def read_scope(interpreter: Interpreter, scope: Scope, name: str) -> Value:
    """What `name` is bound to in `scope` itself; MISSING if it is not, in any case."""
    found = scope.bound(name, interpreter.pc)
    if found:
        if len(found) == 1 and found[0].condition.certain:
            value = interpreter.resolve(found[0].value)
        else:
            value = interpreter.resolve(
                interpreter.merge([(each.condition, each.value) for each in found])
            )
        if found[0].chain:
            interpreter.trace.append(found[0].chain)
        for each in found:
            interpreter.read_from(each.readings)
        return value
    if scope.opaque is not None and not name.startswith("__"):
        return interpreter.unknown(
            f"{name} from {scope.opaque.reason}",
            scope.opaque,
            subject=f"{scope.opaque.subject}.{name}",
        )
    return MISSING


def namespace(interpreter: Interpreter, scope: Scope) -> Thing:
    """`globals()`, `vars(module)` and the like: a mapping that is the scope."""
    from hardango.settings.namespaces import scope_mapping

    return scope_mapping(scope)


def set_attribute(interpreter: Interpreter, value: Value, name: str, new: Value) -> None:
    """`value.name = new`, in every case."""

    def assign(one: Value) -> Value:
        if isinstance(one, Instance):
            member = class_member(interpreter, one.cls, name)
            hook = class_member(interpreter, one.cls, "__setattr__")
            if isinstance(hook, Function):
                return interpreter.call(Bound(hook, one), [name, new], {})
            if _has(interpreter, member, "__set__"):
                return interpreter.call(interpreter.get(member, "__set__"), [one, new], {})
            if isinstance(member, Descriptor) and member.kind == "property":
                if member.setter is MISSING:
                    raise interpreter.error(AttributeError, f"property {name!r} has no setter")
                return interpreter.call(member.setter, [one, new], {})
        return bind_attribute(interpreter, one, name, new)

    interpreter.each(value, assign)


def bind_attribute(interpreter: Interpreter, one: Value, name: str, new: Value) -> None:
    """What `object.__setattr__` does, for a value without alternatives."""
    chain = (interpreter.place,) if interpreter.place else ()
    if name == "__class__" and isinstance(one, Module):
        havoc_scope(interpreter, one.scope, f"{one.name} gets another class{interpreter.here()}")
    elif name == "__class__" and isinstance(one, Instance) and isinstance(new, Class):
        one.cls = new
    elif isinstance(one, (Module, Instance, Class)):
        if interpreter.journal is not None:
            interpreter.journal.append((one.scope, name))
        one.scope.bind(name, new, interpreter.pc, chain, tuple(interpreter.readings))
    elif isinstance(one, Function):
        if one.attributes is None:
            one.attributes = Scope()
        one.attributes.bind(name, new, interpreter.pc)
    elif isinstance(one, Unknown):
        if one.type == ANYWHERE:
            write_anywhere(interpreter, one)
    elif isinstance(one, Thing):
        if one.set_attribute is not None:
            one.set_attribute(interpreter, name, new)
            return
        cases = [(interpreter.pc, new)]
        if not interpreter.pc.certain:
            before = one.attributes.get(name, Unknown(f"{one.name}.{name}"))
            cases.append((~interpreter.pc, before))
        one.attributes[name] = interpreter.merge(cases)


def set_unknown_name(interpreter: Interpreter, owner: Value, name: Value) -> None:
    """An attribute is set or deleted whose name is not known."""
    if isinstance(owner, Module):
        said = f"a name that {short(name)} gives is set{interpreter.here()}"
        havoc_scope(interpreter, owner.scope, said)


def delete_attribute(interpreter: Interpreter, value: Value, name: str) -> None:
    """`del value.name`, in every case."""

    def delete(one: Value) -> Value:
        if isinstance(one, Instance):
            member = class_member(interpreter, one.cls, name)
            hook = class_member(interpreter, one.cls, "__delattr__")
            if isinstance(hook, Function):
                return interpreter.call(Bound(hook, one), [name], {})
            if _has(interpreter, member, "__delete__"):
                return interpreter.call(interpreter.get(member, "__delete__"), [one], {})
            if isinstance(member, Descriptor) and member.deleter is not MISSING:
                return interpreter.call(member.deleter, [one], {})
        return unbind_attribute(interpreter, one, name)

    interpreter.each(value, delete)


def unbind_attribute(interpreter: Interpreter, one: Value, name: str) -> None:
    """What `object.__delattr__` does, for a value without alternatives."""
    if isinstance(one, (Module, Instance, Class)):
        one.scope.unbind(name, interpreter.pc)


# -- calls -----------------------------------------------------------------------------------------


def call(
    interpreter: Interpreter, function: Value, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """`function(*arguments, **keywords)`, in every case."""
    return interpreter.each(function, lambda one: _call(interpreter, one, arguments, keywords))


def _call(
    interpreter: Interpreter, function: Value, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    interpreter.tick()
    kind = type(function)
    if kind is Function:
        return call_function(interpreter, function, arguments, keywords)
    if kind is Native:
        return function.run(interpreter, arguments, keywords)
    if kind is Bound:
        return _call(interpreter, function.function, [function.receiver, *arguments], keywords)
    if kind is Class:
        from hardango.settings.classes import instantiate

        return instantiate(interpreter, function, arguments, keywords)
    if kind is Thing:
        return _call_thing(interpreter, function, arguments, keywords)
    if kind is Instance:
        method = find_method(interpreter, function, "__call__")
        if method is not MISSING:
            return interpreter.call(method, arguments, keywords)
        return interpreter.unknown(f"{function.cls.name}()(){interpreter.here()}")
    if kind is Unknown:
        return call_unknown(interpreter, function, arguments, keywords)
    if kind is Descriptor:
        return _call(interpreter, function.function, arguments, keywords)
    if isinstance(function, type):
        from hardango.settings.builtins import construct_native

        return construct_native(interpreter, function, arguments, keywords)
    raise interpreter.error(TypeError, f"{_type_name(function)!r} object is not callable")


def _call_thing(
    interpreter: Interpreter, thing: Thing, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    each: Thing | None = thing
    while each is not None:
        if each.call is not None:
            return each.call(interpreter, arguments, keywords)
        each = each.base
    hand_over(interpreter, f"{thing.name}()", (*arguments, *keywords.values()))
    return interpreter.unknown(f"{thing.name}(…){interpreter.here()}", *arguments)


def call_unknown(
    interpreter: Interpreter, function: Unknown, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """A call of something that is not known: its result is not known either, and what it was
    given to change may have changed."""
    if "views" in interpreter.state:
        from hardango.settings.libraries.django_urls import called

        made = called(interpreter, function, arguments, keywords)
        if made is not None:
            return made
    remember(interpreter, function.subject, arguments, keywords)
    name = f"{_without_places(function.subject)}()"
    values = (*arguments, *keywords.values())
    subject = interpreter.distinct(f"{name}{interpreter.here()}")
    result = interpreter.unknown(f"the result of {name}", function, *values, subject=subject)
    for each in values:
        scope = each.state if isinstance(each, Thing) and each.name == "globals()" else None
        own = isinstance(each, Module) and each.name in interpreter.family
        if scope := each.scope if own else scope:
            scope.opaque = None
            havoc_scope(interpreter, scope, f"{name} may have set it{interpreter.here()}")
            interpreter.note(f"{name} gets all settings and may change each of them")
    if function.type == ANYWHERE:
        result.type = ANYWHERE
        if function.subject.rpartition(".")[2] in MAPPING_WRITES:
            write_anywhere(interpreter, function)
    hand_over(interpreter, name, values)
    return result


MAPPING_WRITES = frozenset(
    "update setdefault pop popitem clear __setitem__ __delitem__ __ior__ __setattr__".split()
)


def _without_places(subject: str) -> str:
    """`f() at a.py:3.g` as `f().g`, cut where it gets long."""
    words = subject.split(" at ")
    kept = words[0] + "".join(
        "." + word.partition(":")[2].partition(".")[2]
        for word in words[1:]
        if word.partition(":")[2].partition(".")[2]
    )
    return kept if len(kept) <= 60 else "…" + kept[-58:]


def havoc_scope(interpreter: Interpreter, scope: Scope, reason: str) -> None:
    """Every name of `scope` may now be bound to something else."""
    for name in list(scope.names):
        if name.isupper() or name.replace("_", "").isupper():
            scope.bind(
                name,
                Unknown(reason, subject=name),
                interpreter.pc,
                (interpreter.place,) if interpreter.place else (),
            )
    scope.opaque = Unknown(reason)
    before = scope.opaque_when
    scope.opaque_when = interpreter.pc if before is None else before | interpreter.pc


def call_function(
    interpreter: Interpreter, function: Function, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """Call a function of the program; one that a module calls is given up if it takes long."""
    if interpreter.call_depth:
        return run_function(interpreter, function, arguments, keywords)
    name = f"{function.name}(){interpreter.here()}"

    def instead(why: str) -> Value:
        havoc_reached(interpreter, function, arguments + list(keywords.values()), why)
        return interpreter.unknown(
            f"the result of {function.name}(), which is too complicated to follow",
            *arguments,
            subject=interpreter.distinct(name),
        )

    return bounded(
        interpreter,
        lambda: run_function(interpreter, function, arguments, keywords),
        name,
        instead,
    )


def run_function(
    interpreter: Interpreter,
    function: Function,
    arguments: list[Value],
    keywords: dict[str, Value],
    at_yield: Callable[[Value], None] | None = None,
) -> Value:
    """Run the body of a function of the program, to a bounded depth. `at_yield` runs where it
    yields first."""
    if interpreter.call_depth >= limits.CALL_DEPTH:
        return interpreter.unknown(
            f"{function.name}(…) calls itself too deeply{interpreter.here()}"
        )
    frame = Frame(Scope(function.scope), function.module)
    frame.function, frame.at_yield = function, at_yield
    bind_arguments(interpreter, function, frame, arguments, keywords)
    if arguments and function.owner is not None:
        frame.receiver = arguments[0]
    generator = interpreter.generators.get(function.node)
    if generator is None:
        generator = interpreter.generators[function.node] = is_generator(function.node)
    if not generator:
        return _run_body(interpreter, function, frame)
    frame.yields = []
    if at_yield is not None:
        return _yielded(interpreter, function, frame)
    return lazily(interpreter, lambda: _yielded(interpreter, function, frame))


def _run_body(interpreter: Interpreter, function: Function, frame: Frame) -> Value:
    from hardango.settings.expressions import evaluate
    from hardango.settings.statements import execute_all

    node, place = function.node, interpreter.place
    interpreter.call_depth += 1
    try:
        if isinstance(node, ast.Lambda):
            return evaluate(interpreter, node.body, frame)
        try:
            execute_all(interpreter, node.body, frame)
            frame.returns.append((interpreter.pc, None))
        except Dead:
            pass
        except Raised as raised:
            if not frame.returns:
                raise
            interpreter.sinks[-1].append((interpreter.pc, raised.failure))
    finally:
        interpreter.call_depth -= 1
        interpreter.place = place
    ended = interpreter.space.false
    for condition, _ in frame.returns:
        ended = ended | condition
    interpreter.pc = ended
    if not frame.returns:
        raise Dead
    return interpreter.merge(frame.returns)


def _yielded(interpreter: Interpreter, function: Function, frame: Frame) -> Value:
    """A list of what a generator yields."""
    _run_body(interpreter, function, frame)
    made, ended = interpreter.box([]), interpreter.pc
    for condition, value in frame.yields or ():
        interpreter.pc = ended & condition
        if interpreter.pc.possible:
            interpreter.change(made, partial(_append, value))
    interpreter.pc = ended
    made.touched, made.readings = (), ()
    return made


def _append(item: Value, content: list[Value]) -> None:
    content.append(item)


def is_generator(node: ast.AST) -> bool:
    todo = list(ast.iter_child_nodes(node))
    while todo:
        each = todo.pop()
        if isinstance(each, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(each))
    return False


def bind_arguments(
    interpreter: Interpreter,
    function: Function,
    frame: Frame,
    arguments: list[Value],
    keywords: dict[str, Value],
) -> None:
    """Bind the arguments of a call to the parameters. Raises Raised(TypeError) on a mismatch."""
    spec = function.node.args
    pc = interpreter.pc
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    given = dict(zip(names, arguments))
    extra = arguments[len(names) :]
    keywords = dict(keywords)
    unknown_keywords = keywords.pop("**", MISSING)
    if spec.vararg:
        frame.scope.bind(spec.vararg.arg, tuple(extra), pc)
    elif extra:
        raise interpreter.error(
            TypeError,
            f"{function.name}() takes {len(names)} arguments but {len(arguments)} were given",
        )
    only = [each.arg for each in spec.kwonlyargs]
    for name in (*names, *only):
        if name in keywords:
            given[name] = keywords.pop(name)
    if spec.kwarg:
        rest = interpreter.box(dict(keywords))
        if unknown_keywords is not MISSING:
            rest.variants[0][1][unknown_keywords] = unknown_keywords
        frame.scope.bind(spec.kwarg.arg, rest, pc)
    elif keywords:
        raise interpreter.error(
            TypeError,
            f"{function.name}() got an unexpected keyword argument {next(iter(keywords))!r}",
        )
    defaults = dict(zip(names[len(names) - len(function.defaults) :], function.defaults))
    defaults.update(
        {
            name: default
            for name, default in zip(only, function.keyword_defaults)
            if default is not MISSING
        }
    )
    for name in (*names, *only):
        if name in given:
            if is_literal_secret(name, given[name]):
                interpreter.secrets.append(given[name])
            frame.scope.bind(name, given[name], pc)
        elif unknown_keywords is not MISSING:
            frame.scope.bind(
                name, interpreter.unknown(f"the argument {name}", unknown_keywords), pc
            )
        elif name in defaults:
            frame.scope.bind(name, defaults[name], pc)
        else:
            raise interpreter.error(
                TypeError, f"{function.name}() missing 1 required argument: {name!r}"
            )


# -- classes ---------------------------------------------------------------------------------------


def make_failure(interpreter: Interpreter, cls: Value, arguments: tuple[Value, ...]) -> Failure:
    failure = Failure(cls, arguments)
    failure.place = interpreter.place
    return failure


def is_subclass(cls: Value, parent: Value) -> bool | None:
    """Whether `cls` is `parent` or derives from it; None if that is not known."""
    if cls is parent or parent is object:
        return True
    if isinstance(cls, type) and isinstance(parent, type):
        return issubclass(cls, parent)
    if isinstance(parent, Class) and _decides_itself(parent):
        return None
    if isinstance(cls, Class):
        unknown = False
        for each in cls.mro[1:]:
            if isinstance(each, Unknown):
                unknown = True
            elif is_subclass(each, parent):
                return True
        return None if unknown else False
    if isinstance(cls, Thing):
        return cls.base is not None and bool(is_subclass(cls.base, parent))
    if isinstance(cls, Unknown) or isinstance(parent, Unknown):
        if (
            isinstance(cls, Unknown)
            and isinstance(parent, Unknown)
            and cls.subject == parent.subject
        ):
            return True
        return None
    return False


def _decides_itself(parent: Class) -> bool:
    """Whether a class, or its metaclass, says by a function what is an object of it."""
    names = ("__instancecheck__", "__subclasscheck__", "__subclasshook__")
    meta = [each.keywords.get("metaclass") for each in parent.mro if isinstance(each, Class)]
    return any(
        name in each.scope.names
        for each in (*parent.mro, *meta)
        if isinstance(each, Class)
        for name in names
    )


ITERATOR = Thing("iterator")
"""The type of generators, of what `map` gives, and so on."""


def class_of(value: Value) -> Value:
    """`type(value)`: a native type, a `Class`, a `Thing`, or an Unknown."""
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Box):
        return ITERATOR if value.type_name == "iterator" else value.kind
    if isinstance(value, Failure):
        return value.cls
    if isinstance(value, Module):
        from hardango.settings.stdlib.types import MODULE_TYPE

        return MODULE_TYPE
    if isinstance(value, Thing):
        return value.base or Unknown(f"the type of {value.name}")
    if isinstance(value, Unknown):
        known: dict[str, Any] = {
            "str": str,
            "bool": bool,
            "int": int,
            "float": float,
            "list": list,
            "dict": dict,
            "tuple": tuple,
            "bytes": bytes,
            "set": set,
        }
        return known.get(value.type or "", Unknown(f"the type of {value.subject}"))
    if isinstance(value, Class):
        return type
    return type(value)


def _type_name(value: Value) -> str:
    cls = class_of(value)
    return str(getattr(cls, "__name__", None) or getattr(cls, "name", "object"))


def failure_matches(failure: Failure, handler: Value) -> Condition | bool | None:
    """Whether an `except handler` clause catches `failure`; None if that is not known."""
    if isinstance(handler, tuple):
        results = [failure_matches(failure, each) for each in handler]
        if any(each is True for each in results):
            return True
        return None if any(each is None for each in results) else False
    return is_subclass(failure.cls, handler)
