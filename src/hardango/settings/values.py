"""The values that an evaluated program computes with.

Immutable Python values (None, booleans, numbers, strings, tuples, paths, dates, …) stand for
themselves. Everything else has a class here: containers that can change (`Box`), alternatives
under conditions (`Union`), functions, classes, instances and modules of the evaluated program,
and `Thing`, an object whose behaviour a model describes. What is not known is an
`outcomes.Unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hardango import syntax as ast
from hardango.findings import Place
from hardango.light import TYPE_CHECKING, Any, TypeAlias
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Reading, Unknown

if TYPE_CHECKING:
    from hardango.settings.interpreter import Interpreter

Value: TypeAlias = Any
"""Any value of the evaluated program, as described above."""

Chain: TypeAlias = tuple[Place, ...]


class Missing:
    """The marker for "there is no value": an unset variable, an argument that was not given."""

    def __repr__(self) -> str:
        return "<missing>"


MISSING = Missing()


ANYWHERE = "names of any module"
"""The type of an unknown through which a program reaches names of modules (the frame of a caller,
a traceback): what is read from it leads there, too, and who writes to it may write any name."""


class Union:
    """Alternatives under conditions that do not overlap: `alternatives` holds
    (condition, value), at least two of them."""

    __slots__ = ("alternatives",)

    def __init__(self, alternatives: list[tuple[Condition, Value]]) -> None:
        self.alternatives = alternatives

    def __repr__(self) -> str:
        return f"<union {self.alternatives}>"


class Box:
    """A list, dict or set: an object with an identity, whose content can change.

    `variants` holds (condition, native content): the content differs between conditions once a
    change happened under one. `born` is the condition under which the object was made;
    `touched` where it was changed after that; `kind` its type (list, dict, set), `type_name`
    the name of its type if that is another one (OrderedDict).
    """

    __slots__ = (
        "kind",
        "variants",
        "born",
        "touched",
        "readings",
        "type_name",
        "default",
        "pending",
        "filled",
    )

    def __init__(self, content: list[Value] | dict[Value, Value] | set[Value], born: Condition):
        self.kind = type(content)
        self.variants: list[tuple[Condition, Any]] = [(born.space.true, content)]
        self.born = born
        self.touched: tuple[tuple[Condition, Place], ...] = ()
        self.readings: tuple[Reading, ...] = ()
        self.type_name = self.kind.__name__
        self.default: Value = MISSING
        self.pending: Callable[[], Value] | None = None
        """What makes the items of an iterator, and the cases in which it has: see `laziness`."""
        self.filled = born

    def __repr__(self) -> str:
        return f"<{self.type_name} {self.variants}>"


class Alternative:
    """One binding of a name: the value, when it holds, where it was bound."""

    __slots__ = ("condition", "value", "chain", "readings")

    def __init__(
        self,
        condition: Condition,
        value: Value,
        chain: Chain = (),
        readings: tuple[Reading, ...] = (),
    ) -> None:
        self.condition, self.value = condition, value
        self.chain, self.readings = chain, readings


class Scope:
    """Names bound to alternatives that do not overlap; where none holds, the name is unbound."""

    __slots__ = ("names", "parent", "declared_global", "declared_nonlocal", "opaque", "opaque_when")

    def __init__(self, parent: Scope | None = None) -> None:
        self.names: dict[str, list[Alternative]] = {}
        self.parent = parent
        self.declared_global: set[str] = set()
        self.declared_nonlocal: set[str] = set()
        self.opaque: Unknown | None = None
        """Set if names that nobody saw may be bound here (a star import that is not known)."""
        self.opaque_when: Condition | None = None

    def bind(
        self,
        name: str,
        value: Value,
        condition: Condition,
        chain: Chain = (),
        readings: tuple[Reading, ...] = (),
    ) -> None:
        """Bind `name` where `condition` holds; elsewhere it keeps what it was bound to."""
        new = Alternative(condition, value, chain, readings)
        old = self.names.get(name)
        if old and not condition.certain:
            kept = []
            for each in old:
                rest = each.condition & ~condition
                if rest.possible:
                    kept.append(Alternative(rest, each.value, each.chain, each.readings))
            self.names[name] = [*kept, new]
        else:
            self.names[name] = [new]

    def unbind(self, name: str, condition: Condition) -> None:
        """Undo the binding of `name` where `condition` holds."""
        kept = []
        for each in self.names.get(name, ()):
            rest = each.condition & ~condition
            if rest.possible:
                kept.append(Alternative(rest, each.value, each.chain, each.readings))
        if kept:
            self.names[name] = kept
        else:
            self.names.pop(name, None)

    def bound(self, name: str, condition: Condition) -> list[Alternative]:
        """The bindings of `name` that are possible where `condition` holds."""
        found = self.names.get(name)
        if not found:
            return []
        if len(found) == 1 and found[0].condition.certain:
            return found
        return [each for each in found if each.condition.meets(condition)]


class Module:
    """A module of the project. `done` is the condition under which its body has run; a model of
    a module that is not the project's is a `Thing`."""

    __slots__ = ("name", "file", "scope", "done", "running", "failures", "is_package", "path")

    def __init__(self, name: str, file: str, done: Condition) -> None:
        self.name, self.file, self.done = name, file, done
        self.scope = Scope()
        self.running = False
        self.failures: list[tuple[Condition, Failure]] = []
        self.is_package = False
        self.path: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<module {self.name}>"


class Function:
    """A function of the evaluated program, with the scope in which it was made."""

    __slots__ = (
        "name",
        "node",
        "defaults",
        "keyword_defaults",
        "scope",
        "module",
        "owner",
        "attributes",
    )

    def __init__(
        self,
        name: str,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        defaults: Sequence[Value],
        keyword_defaults: Sequence[Value],
        scope: Scope,
        module: Module,
    ) -> None:
        self.name, self.node = name, node
        self.defaults, self.keyword_defaults = defaults, keyword_defaults
        self.scope, self.module = scope, module
        self.owner: Class | None = None
        self.attributes: Scope | None = None

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class Bound:
    """A method with the object that it was read from."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Value, receiver: Value) -> None:
        self.function, self.receiver = function, receiver

    @property
    def name(self) -> str:
        return str(getattr(self.function, "name", "method"))


class Descriptor:
    """A property, class method or static method: `kind` says which. `setter` and `deleter` are
    those of a property, MISSING if it has none."""

    __slots__ = ("kind", "function", "setter", "deleter")

    def __init__(
        self, kind: str, function: Value, setter: Value = MISSING, deleter: Value = MISSING
    ) -> None:
        self.kind, self.function = kind, function
        self.setter, self.deleter = setter, deleter


class Class:
    """A class of the evaluated program. `mro` starts with the class itself and may hold native
    types, `Thing`s and `Unknown`s."""

    __slots__ = ("name", "bases", "scope", "module", "mro", "place", "fields", "keywords")

    def __init__(self, name: str, bases: list[Value], module: Module | None) -> None:
        self.name, self.bases, self.module = name, bases, module
        self.scope = Scope()
        self.mro: list[Value] = [self]
        self.place: Place | None = None
        self.fields: list[tuple[str, ast.expr, bool]] = []
        """The annotated names of the body in order: name, annotation, whether it has a value."""
        self.keywords: dict[str, Value] = {}

    def __repr__(self) -> str:
        return f"<class {self.name}>"


class Instance:
    """An object of a class of the evaluated program; `payload` is the native value of one that
    derives from a native type (a dict subclass, an exception)."""

    __slots__ = ("cls", "scope", "payload")

    def __init__(self, cls: Class, payload: Value = MISSING) -> None:
        self.cls, self.payload = cls, payload
        self.scope = Scope()

    def __repr__(self) -> str:
        return f"<{self.cls.name} instance>"


class Native:
    """A function that a model implements: `run(interpreter, arguments, keywords)`."""

    __slots__ = ("name", "run")

    def __init__(
        self, name: str, run: Callable[[Interpreter, list[Value], dict[str, Value]], Value]
    ) -> None:
        self.name, self.run = name, run

    def __repr__(self) -> str:
        return f"<native {self.name}>"


class Lazy:
    """A name that an import in a helper module binds: the module runs when the name is first
    used. `attribute` is None for the module itself; `deferred` are the statements that bind the
    name, if that is all that runs: see `deferred`."""

    __slots__ = ("attribute", "module", "deferred")

    def __init__(self, module: str, attribute: str | None, deferred: Any = None) -> None:
        self.module, self.attribute, self.deferred = module, attribute, deferred


class Thing:
    """An object whose behaviour a model describes; each part may be left out.

    `attributes` maps names to values; `attribute(interpreter, name)` gives the ones that are not
    there, MISSING if there is none; `call`, `item`, `set_item`, `delete_item`, `contains`,
    `iterate`, `truth` do what their names say; `construct(interpreter, class, arguments,
    keywords)` makes an instance if this is a class that the program derives from and
    `derived(interpreter, class)` is told of each class that does; `base` is the `Thing` that it
    is an instance or a subclass of; `suppresses` the exceptions that it swallows
    as a context manager; `around(interpreter, body)` runs the body of a `with` by itself, with
    what is entered; `export` its value as plain data.
    """

    __slots__ = (
        "name",
        "attributes",
        "attribute",
        "call",
        "item",
        "set_item",
        "delete_item",
        "contains",
        "iterate",
        "truth",
        "construct",
        "derived",
        "base",
        "suppresses",
        "export",
        "state",
        "set_attribute",
        "enter",
        "around",
    )

    def __init__(
        self,
        name: str,
        attributes: dict[str, Value] | None = None,
        *,
        attribute: Callable[[Interpreter, str], Value] | None = None,
        call: Callable[[Interpreter, list[Value], dict[str, Value]], Value] | None = None,
        item: Callable[[Interpreter, Value], Value] | None = None,
        set_item: Callable[[Interpreter, Value, Value], None] | None = None,
        delete_item: Callable[[Interpreter, Value], None] | None = None,
        set_attribute: Callable[[Interpreter, str, Value], None] | None = None,
        contains: Callable[[Interpreter, Value], Value] | None = None,
        iterate: Callable[[Interpreter], Iterable[Value]] | None = None,
        truth: Callable[[Interpreter], Condition] | None = None,
        construct: Callable[[Interpreter, Class, list[Value], dict[str, Value]], Value]
        | None = None,
        derived: Callable[[Interpreter, Class], None] | None = None,
        base: Thing | None = None,
        suppresses: tuple[Value, ...] = (),
        enter: Value = None,
        around: Callable[[Interpreter, Callable[[Value], None]], None] | None = None,
        export: Value = MISSING,
        state: Any = None,
    ) -> None:
        self.name = name
        self.attributes = {} if attributes is None else attributes
        self.attribute, self.call, self.item, self.set_item = attribute, call, item, set_item
        self.delete_item, self.set_attribute = delete_item, set_attribute
        self.contains, self.iterate, self.truth = contains, iterate, truth
        self.construct, self.derived = construct, derived
        self.base, self.suppresses = base, suppresses
        self.enter, self.around = enter, around
        self.export, self.state = export, state

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Failure:
    """An exception of the evaluated program: its class (a native exception type or a `Class`),
    its arguments and where it was raised."""

    __slots__ = ("cls", "arguments", "place", "value")

    def __init__(
        self, cls: Value, arguments: tuple[Value, ...] = (), value: Value = MISSING
    ) -> None:
        self.cls, self.arguments, self.value = cls, arguments, value
        self.place: Place | None = None

    @property
    def name(self) -> str:
        return str(getattr(self.cls, "__name__", None) or getattr(self.cls, "name", self.cls))

    def __repr__(self) -> str:
        return f"<{self.name}{self.arguments}>"


class Raised(Exception):
    """Control flow of the interpreter: the evaluated program raises here, in every case that is
    still possible."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.name)
        self.failure = failure


class Dead(Exception):
    """Control flow of the interpreter: no case is left in which the program goes on here."""


class Stopped(Exception):
    """The evaluation used up its steps, time or memory; the text says which."""


def unknown_in(value: Value) -> Unknown | None:
    """An unknown part of `value`, itself included; None if there is none."""
    todo = [value]
    seen: set[int] = set()
    while todo:
        part = todo.pop()
        if isinstance(part, Unknown):
            return part
        if id(part) in seen or not isinstance(part, (Union, Box, tuple)):
            continue
        seen.add(id(part))
        if isinstance(part, Union):
            todo += [each for _, each in part.alternatives]
        elif isinstance(part, tuple):
            todo += part
        else:
            for _, content in part.variants:
                todo += content.values() if isinstance(content, dict) else content
    return None


class Split(Exception):
    """A part of a value differs between the cases of the current path condition."""

    def __init__(self, union: Union) -> None:
        super().__init__("split")
        self.union = union


class NotPlain(Exception):
    """A value has a part that is no plain Python data."""

    def __init__(self, part: Value) -> None:
        super().__init__("not plain")
        self.part = part


class Frame:
    """One module body, class body or call that is being evaluated."""

    __slots__ = (
        "scope",
        "module",
        "returns",
        "breaks",
        "continues",
        "yields",
        "at_yield",
        "function",
        "receiver",
        "handling",
        "is_class",
        "outer",
        "splice",
        "fields",
    )

    def __init__(self, scope: Scope, module: Module) -> None:
        self.scope, self.module = scope, module
        self.returns: list[tuple[Condition, Value]] = []
        self.breaks: list[list[Condition]] = []
        self.continues: list[list[Condition]] = []
        self.yields: list[tuple[Condition, Value]] | None = None
        self.at_yield: Callable[[Value], None] | None = None
        """What runs in place of the first `yield`: the body of a `with`."""
        self.function: Function | None = None
        self.receiver: Value = MISSING
        self.handling: list[Failure] = []
        self.is_class = False
        self.outer: Frame | None = None
        """The frame around a comprehension."""
        self.splice: Unknown | None = None
        """The unknown number of items that a comprehension is walking."""
        self.fields: list[tuple[str, ast.expr, bool]] | None = None
