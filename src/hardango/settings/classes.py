"""Making classes and objects of them, with what Python calls then: `__set_name__`,
`__init_subclass__`, metaclasses, `__init__`, and the special methods that no operation stands for."""

from __future__ import annotations

from hardango.settings.callbacks import hand_over
from hardango.settings.interpreter import Interpreter
from hardango.settings.objects import bind_member, class_member, make_failure
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Bound,
    Class,
    Descriptor,
    Function,
    Instance,
    Native,
    Thing,
    Value,
)

CALLED = frozenset(
    "__init__ __new__ __post_init__ __call__ __get__ __set__ __delete__ __set_name__ "
    "__getattr__ __getattribute__ __setattr__ __delattr__ __getitem__ __setitem__ __delitem__ "
    "__contains__ __iter__ __str__ __bool__ __len__ __enter__ __exit__ __init_subclass__ "
    "__class_getitem__ __add__ __sub__ __mul__ __truediv__ __or__ __and__ __mod__ "
    "__neg__ __pos__ __invert__ __missing__".split()
)
"""Special methods that are called where Python calls them."""


def class_made(interpreter: Interpreter, cls: Class, keywords: dict[str, Value]) -> Value:
    """What is called once the body of a class has run; what the name of the class is bound to."""
    meta = metaclass_of(cls)
    keywords = {name: value for name, value in keywords.items() if name != "metaclass"}
    if isinstance(meta, (Function, Bound, Native)):
        from hardango.settings.objects import namespace

        names = interpreter.call(interpreter.get(namespace(interpreter, cls.scope), "copy"), [], {})
        return interpreter.call(meta, [cls.name, tuple(cls.bases), names], keywords)
    if isinstance(meta, Class):
        hand_over(interpreter, f"class {cls.name}", [meta])
    for name, alternatives in list(cls.scope.names.items()):
        for each in alternatives:
            if isinstance(each.value, Instance):
                hook = class_member(interpreter, each.value.cls, "__set_name__")
                if isinstance(hook, Function):
                    interpreter.call(Bound(hook, each.value), [cls, name], {})
    hook = class_member(interpreter, cls, "__init_subclass__", after=cls)
    if isinstance(hook, Descriptor):
        hook = hook.function
    if isinstance(hook, Function):
        interpreter.call(hook, [cls], keywords)
    return cls


def metaclass_of(cls: Class) -> Value:
    """The metaclass that a class or a base of it names; None if none does."""
    for each in cls.mro:
        if isinstance(each, Class) and "metaclass" in each.keywords:
            return each.keywords["metaclass"]
    return None


def object_made(interpreter: Interpreter, instance: Instance) -> None:
    """The special methods that Python may call at any time are handed over to it."""
    for each in instance.cls.mro:
        if not isinstance(each, Class):
            continue
        for name in each.scope.names:
            if name.startswith("__") and name.endswith("__") and name not in CALLED:
                member = class_member(interpreter, instance.cls, name)
                if isinstance(member, (Function, Descriptor)):
                    bound = bind_member(interpreter, member, instance, instance.cls)
                    hand_over(interpreter, f"{instance.cls.name}.{name}", [bound])


def item_of_class(interpreter: Interpreter, cls: Class, key: Value) -> Value:
    """`cls[key]`: what `__class_getitem__` makes of it, else the class, as an annotation."""
    hook = class_member(interpreter, cls, "__class_getitem__")
    function = hook.function if isinstance(hook, Descriptor) else hook
    if isinstance(function, Function):
        return interpreter.call(function, [cls, key], {})
    return cls if hook is MISSING or metaclass_of(cls) is None else interpreter.unknown(cls.name)


def instantiate(
    interpreter: Interpreter, cls: Class, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """Make an instance of a class of the program, or what the model of a base makes of it."""
    for base in cls.mro:
        if isinstance(base, Thing) and base.construct is not None:
            return base.construct(interpreter, cls, arguments, keywords)
    native = next((each for each in cls.mro if isinstance(each, type) and each is not object), None)
    if native is type or _calls_itself(interpreter, cls):
        hand_over(interpreter, f"{cls.name}()", [cls, *arguments, *keywords.values()])
        return interpreter.unknown(f"what {cls.name}() makes", *arguments)
    if native is not None and issubclass(native, BaseException):
        failure = make_failure(interpreter, cls, tuple(arguments))
        own = class_member(interpreter, cls, "__init__")
        if isinstance(own, Function):
            failure.value = Instance(cls)
            interpreter.call(Bound(own, failure.value), arguments, keywords)
        return failure
    payload: Value = MISSING
    if native in (dict, list, set, str, int, float, tuple, bytes):
        from hardango.settings.builtins import construct_native

        own_init = isinstance(class_member(interpreter, cls, "__init__"), Function)
        payload = construct_native(
            interpreter,
            native,
            [] if own_init and native in (dict, list, set) else arguments,
            {} if own_init else keywords,
        )
    return interpreter.each(
        payload, lambda one: _initialized(interpreter, Instance(cls, one), arguments, keywords)
    )


def _calls_itself(interpreter: Interpreter, cls: Class) -> bool:
    """Whether a metaclass says what a call of the class does."""
    meta = metaclass_of(cls)
    return isinstance(meta, Class) and isinstance(
        class_member(interpreter, meta, "__call__"), Function
    )


def _initialized(
    interpreter: Interpreter,
    instance: Instance,
    arguments: list[Value],
    keywords: dict[str, Value],
) -> Value:
    """A new instance after `__new__` and `__init__`."""
    cls = instance.cls
    constructor = class_member(interpreter, cls, "__new__")
    if isinstance(constructor, (Function, Descriptor)):
        if isinstance(constructor, Descriptor):
            constructor = constructor.function
        made = interpreter.call(constructor, [cls, *arguments], keywords)
        if not (isinstance(made, Instance) and made.cls is cls):
            return made
        instance = made
    object_made(interpreter, instance)
    initializer = class_member(interpreter, cls, "__init__")
    if isinstance(initializer, (Function, Native)):
        interpreter.call(Bound(initializer, instance), arguments, keywords)
    elif any(isinstance(each, Unknown) for each in cls.mro):
        hand_over(interpreter, f"{cls.name}()", [instance, *arguments, *keywords.values()])
    elif cls.keywords.get("dataclass"):
        _dataclass_fields(interpreter, cls, instance, arguments, keywords)
    return instance


def _dataclass_fields(
    interpreter: Interpreter,
    cls: Class,
    instance: Instance,
    arguments: list[Value],
    keywords: dict[str, Value],
) -> None:
    names: list[str] = []
    for each in reversed(cls.mro):
        if isinstance(each, Class):
            names += [name for name, _, _ in each.fields if name not in names]
    given = {**dict(zip(names, arguments)), **keywords}
    for name in names:
        value = given.get(name, MISSING)
        if value is MISSING:
            value = class_member(interpreter, cls, name)
        if value is MISSING:
            raise interpreter.error(TypeError, f"__init__() missing 1 required argument: {name!r}")
        instance.scope.bind(name, value, interpreter.pc)


def linearize(cls: Class) -> list[Value]:
    """The method resolution order (C3) of a class; bases that are no `Class` come last."""
    sequences: list[list[Value]] = []
    for base in cls.bases:
        sequences.append(list(base.mro) if isinstance(base, Class) else [base])
    sequences.append(list(cls.bases))
    order: list[Value] = [cls]
    if sum(map(len, sequences)) > 400:
        # No honest program has it, and the right order takes too long to find.
        distinct = {id(each): each for sequence in sequences for each in sequence}
        return [cls, *distinct.values()]
    while any(sequences):
        sequences = [each for each in sequences if each]
        for sequence in sequences:
            head = sequence[0]
            if not any(_holds(other[1:], head) for other in sequences):
                break
        else:
            head = sequences[0][0]
        order.append(head)
        sequences = [[each for each in sequence if each is not head] for sequence in sequences]
    return order


def _holds(values: list[Value], value: Value) -> bool:
    return any(each is value for each in values)
