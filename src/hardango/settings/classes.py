"""What Python calls when a class is made or an object of it: `__set_name__`, `__init_subclass__`,
metaclasses, and the special methods that no operation here stands for."""

from __future__ import annotations

from hardango.settings.callbacks import hand_over
from hardango.settings.interpreter import Interpreter
from hardango.settings.objects import bind_member, class_member
from hardango.settings.values import (
    MISSING,
    Bound,
    Class,
    Descriptor,
    Function,
    Instance,
    Native,
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
        given = {name: value for name, value in keywords.items() if name != "metaclass"}
        interpreter.call(hook, [cls], given)
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
