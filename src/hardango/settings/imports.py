"""Finding and running the modules that an `import` names: the project's own from their source,
the standard library's and the settings libraries' from their models, any other one unknown."""

from __future__ import annotations

import os
import sys

from hardango import syntax as ast
from hardango.findings import Place
from hardango.settings.bounded import bounded
from hardango.settings.conditions import Condition, TooComplex
from hardango.settings.files import of_this_machine, read_bytes
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Class,
    Dead,
    Failure,
    Frame,
    Function,
    Lazy,
    Module,
    Raised,
    Stopped,
    Thing,
    Value,
)
from hardango.source import Unparsable, template_of
from hardango.source import parse as parse_text


class Unreadable(Exception):
    """A source file that cannot be read as Python; the text says why."""


def parse(interpreter: Interpreter, file: str) -> ast.Module:
    """The syntax tree of a source file inside the root. Raises Unreadable."""
    # The settings module is asked for its tree up to three times, and a tree can be large.
    first, tree = interpreter.state.get("the first tree", (None, None))
    if first == file and tree is not None:
        return tree  # type: ignore[no-any-return]
    source = read_bytes(interpreter, file)
    if isinstance(source, Unknown):
        raise Unreadable(source.reason)
    tree = parse_source(source, interpreter.relative(file))
    interpreter.state.setdefault("the first tree", (file, tree))
    return tree


def parse_source(source: bytes | str, shown: str) -> ast.Module:
    """The syntax tree of a source text; `shown` names it in the message of Unreadable."""
    try:
        return parse_text(source)
    except Unparsable as problem:
        line = f":{problem.line}" if problem.line else ""
        raise Unreadable(f"{shown}{line}: {problem}") from None


def find_source(
    interpreter: Interpreter, name: str, within: tuple[str, ...] | None = None
) -> tuple[str | None, str | None]:
    """The source file of a module of the project and, if it is a package, its directory."""
    *parents, last = name.split(".")
    roots = interpreter.import_roots if within is None else within
    if within is None and parents and not interpreter.placed.files:
        # Most modules that are asked for are not the project's: that is one look.
        roots = [root for root in roots if os.path.isdir(os.path.join(root, *parents))]
    for root in roots:
        base = os.path.join(root, *(parents if within is None else ()), last)
        full = interpreter.inside(base)
        if full is None and not os.path.islink(base):
            continue
        package = os.path.join(base, "__init__.py")
        if _is_file(interpreter, package):
            return package, base
        if _is_file(interpreter, base + ".py"):
            return base + ".py", None
    for root in roots:
        base = os.path.join(root, *(parents if within is None else ()), last)
        if interpreter.inside(base) and os.path.isdir(base) and _holds_source(base):
            return None, base
    return None, None


def _is_file(interpreter: Interpreter, path: str) -> bool:
    """Whether there is a file inside the root, in the repository or in production."""
    full = interpreter.inside(path)
    return full is not None and os.path.isfile(full)


def _holds_source(directory: str) -> bool:
    try:
        with os.scandir(directory) as entries:
            return any(entry.name.endswith(".py") or entry.is_dir() for entry in entries)
    except OSError:
        return False


def import_module(interpreter: Interpreter, name: str) -> Value:
    """The module `name`, its parents imported first. Raises Raised(ModuleNotFoundError) in the
    cases in which it is not there."""
    model = model_of(interpreter, name)
    if model is not None:
        _imported(interpreter, name)
        return model
    parts = name.split(".")
    module: Value = MISSING
    for index in range(len(parts)):
        module = _import_one(interpreter, ".".join(parts[: index + 1]), module)
        if isinstance(module, (Unknown, Thing)) and index + 1 < len(parts):
            if isinstance(module, Thing):
                return _below_model(interpreter, name)
            rest = ".".join(parts[index + 1 :])
            return Unknown(f"{module.subject}.{rest}", "module", subject=f"{module.subject}.{rest}")
    return module


def import_lazy(interpreter: Interpreter, lazy: Lazy) -> Value:
    """What a lazily imported name is bound to. Raises Raised(ImportError)."""
    if lazy.deferred is not None:
        from hardango.settings.deferred import run_deferred

        return run_deferred(interpreter, lazy)
    if "views" not in interpreter.state:
        return _import_lazy(interpreter, lazy)
    base, sinks = interpreter.pc, interpreter.sinks
    interpreter.sinks = [[]]
    try:
        return _import_lazy(interpreter, lazy)
    except (Raised, Dead):
        name = lazy.module if lazy.attribute is None else f"{lazy.module}.{lazy.attribute}"
        return Unknown(name, "module" if lazy.attribute is None else None, subject=name)
    finally:
        interpreter.pc, interpreter.sinks = base, sinks


def _import_lazy(interpreter: Interpreter, lazy: Lazy) -> Value:
    module = import_module(interpreter, lazy.module)
    if lazy.attribute is None:
        return module
    if isinstance(module, Module):
        found = submodule(interpreter, module, lazy.attribute)
        bound = module.scope.bound(lazy.attribute, interpreter.pc)
        if found is not MISSING and not bound:
            return found
        if not bound and module.running:
            return Unknown(f"{module.name}.{lazy.attribute}, from a module that is being imported")
    return interpreter.get(module, lazy.attribute)


def _below_model(interpreter: Interpreter, name: str) -> Value:
    return model_of(interpreter, name) or Unknown(name, "module", subject=name)


def _import_one(interpreter: Interpreter, name: str, parent: Value) -> Value:
    known = interpreter.modules.get(name)
    if isinstance(known, Module):
        return run_module(interpreter, known)
    if known is not None:
        return known
    model = model_of(interpreter, name)
    if model is not None:
        return model
    within = parent.path if isinstance(parent, Module) else None
    if isinstance(parent, Module) and not parent.is_package:
        raise interpreter.error(ModuleNotFoundError, f"No module named {name!r}")
    file, directory = find_source(
        interpreter, name.rpartition(".")[2] if within is not None else name, within
    )
    if file is None and directory is None:
        if isinstance(parent, Module) and parent.file:
            return _absent(interpreter, name, parent.path)
        foreign = _foreign(interpreter, name)
        _imported(interpreter, name)
        return foreign
    # The module that the user names is judged, whatever git does with it.
    beside = isinstance(parent, Module) and not f"{interpreter.judged}.".startswith(f"{name}.")
    if beside and file is not None and of_this_machine(interpreter, file):
        return _absent(interpreter, name, parent.path)
    module = Module(name, file or "", interpreter.space.false)
    if directory is not None:
        module.is_package, module.path = True, (directory,)
    interpreter.modules[name] = module
    return run_module(interpreter, module)


def absent_part(interpreter: Interpreter, package: Module, name: str) -> Value:
    """What `from package import name` gives if the repository has no such name: a module that
    only production has, or MISSING if it cannot be one."""
    if not package.is_package or not package.path or not name.islower():
        return MISSING
    failure = Failure(ImportError, (f"cannot import name {name!r} from {package.name!r}",))
    can = "what it holds is not known"
    return _absent(interpreter, f"{package.name}.{name}", package.path, failure, can)


def _absent(
    interpreter: Interpreter,
    name: str,
    within: tuple[str, ...],
    failure: Failure | None = None,
    can: str = "where it exists, it can override settings",
) -> Value:
    """A module of the project that is not in the repository: it may be there in production."""
    last = name.rpartition(".")[2]
    file = os.path.join(within[0], last + ".py")
    there = interpreter.may_be_made(interpreter.relative(file))
    failure = failure or Failure(ModuleNotFoundError, (f"No module named {name!r}",))
    if not interpreter.catching_import:
        # Nobody prepares for its absence, so production has it: a file kept out of the repository.
        if interpreter.closed:
            interpreter.fail(interpreter.space.true, failure)
    else:
        interpreter.fail(~there, failure)
    shown = interpreter.relative(file)
    made = template_of(file)
    from_ = f", which has {interpreter.relative(made)} for it" if made else ""
    interpreter.note(f"{shown} is not in the repository{from_}; {can}")
    return Unknown(f"{shown}, which is not in the repository", "module", subject=name)


def _foreign(interpreter: Interpreter, name: str) -> Value:
    """A module that is neither the project's nor modelled."""
    if name.partition(".")[0] in sys.stdlib_module_names or not interpreter.catching_import:
        return Unknown(name, "module", subject=name)
    if name in interpreter.installed:
        return Unknown(name, "module", subject=name)
    if _local_looking(name) and not interpreter.closed:
        there = interpreter.space.fact(f"{name}.py exists", f"{name}.py does not exist", about=name)
        interpreter.note(
            f"{name}.py is not in the repository; where it exists, it can override settings"
        )
    elif _local_looking(name):
        there = interpreter.space.false
    else:
        there = interpreter.space.fact(
            f"{name} is installed", f"{name} is not installed", about=name
        )
    interpreter.fail(~there, Failure(ModuleNotFoundError, (f"No module named {name!r}",)))
    return Unknown(name, "module", subject=name)


def _imported(interpreter: Interpreter, name: str) -> None:
    """Note that a module of a package is imported in these cases."""
    known = interpreter.imported.get(name, interpreter.space.false)
    interpreter.imported[name] = known | interpreter.pc


def _local_looking(name: str) -> bool:
    """Whether a module that nobody installs is meant: `local_settings` beside the settings."""
    return "settings" in name or name.startswith("local") or name.endswith(("_local", "_config"))


def run_module(interpreter: Interpreter, module: Module) -> Module:
    """Run the body of `module` in the cases in which it has not run yet, and raise in those in
    which it fails."""
    missing = interpreter.pc & ~module.done
    if module.running or not missing.possible:
        _raise_again(interpreter, module)
        return module
    if not module.file:
        module.done = interpreter.space.true
        return module
    if module.name in interpreter.family:
        run_body(interpreter, module, missing)
    else:
        _run_helper(interpreter, module)
    return module


def _run_helper(interpreter: Interpreter, module: Module) -> None:
    """Run a module that only defines things: once, for all cases, whatever branch imports it.
    What it does to the environment it does in the cases in which it is imported."""
    base, sinks, effects = interpreter.pc, interpreter.sinks, interpreter.effects
    interpreter.effects = effects & base
    interpreter.pc, interpreter.sinks = interpreter.space.true, [[]]
    try:
        bounded(
            interpreter,
            lambda: run_body(interpreter, module, interpreter.space.true),
            f"the module {module.name}",
            lambda why: None,
        )
    except Dead:
        pass
    finally:
        module.failures = interpreter.sinks[0]
        interpreter.pc, interpreter.sinks, interpreter.effects = base, sinks, effects
    _raise_again(interpreter, module)


def _raise_again(interpreter: Interpreter, module: Module) -> None:
    if "views" in interpreter.state:
        # A site that serves has imported its views: one that fails here was not understood.
        if module.failures and module.scope.opaque is None:
            why = f"{module.name}, which fails with {module.failures[0][1].name}"
            module.scope.opaque = Unknown(why, subject=module.name)
        return
    for condition, failure in module.failures:
        interpreter.fail(condition, failure)


def run_body(interpreter: Interpreter, module: Module, missing: Condition) -> None:
    from hardango.settings.statements import execute_all

    base, place = interpreter.pc, interpreter.place
    module.running = True
    module.done = module.done | missing
    interpreter.pc = missing
    frame = Frame(module.scope, module)
    trace, readings = interpreter.trace, interpreter.readings
    catching, interpreter.catching_import = interpreter.catching_import, 0
    interpreter.trace, interpreter.readings = [], []
    try:
        tree = parse(interpreter, module.file)
        if "views" in interpreter.state and module.name not in interpreter.state["urlconfs"]:
            from hardango.settings.deferred import defer

            defer(interpreter, module, tree.body)
        else:
            execute_all(interpreter, tree.body, frame)
    except Unreadable as problem:
        file = interpreter.relative(module.file)
        interpreter.note(f"{problem}; what it sets is not known", Place(file, 1))
        module.scope.opaque = Unknown(f"{file}, which cannot be read,", subject=module.name)
    except Dead:
        interpreter.pc = interpreter.space.false
    except Raised as raised:
        interpreter.sinks[-1].append((interpreter.pc, raised.failure))
        interpreter.pc = interpreter.space.false
    except (Stopped, TooComplex):
        _leave_unfinished(module, interpreter.space.true)
        raise
    finally:
        module.running = False
        interpreter.place = place
        interpreter.catching_import = catching
        interpreter.trace, interpreter.readings = trace, readings
    interpreter.pc = (base & ~missing) | interpreter.pc
    if not interpreter.pc.possible:
        raise Dead


def _leave_unfinished(module: Module, everywhere: Condition) -> None:
    """What a module would have bound is not known where its body is given up: neither what comes
    after, nor whether a value that it has given a name stays."""
    why = f"{module.name}, which is too complicated to follow"
    for name, bound in module.scope.names.items():
        if not all(isinstance(each.value, (Class, Function, Module, Lazy)) for each in bound):
            module.scope.bind(name, Unknown(f"{name} of {why}"), everywhere)
    module.scope.opaque, module.scope.opaque_when = Unknown(why, subject=module.name), None


def model_of(interpreter: Interpreter, name: str) -> Value:
    """The model of a module of the standard library or of a settings library; None if none."""
    known = interpreter.modules.get(name)
    if known is not None:
        return None if isinstance(known, Module) else known
    from hardango.settings.models import find_model

    if _is_hidden(interpreter, name.partition(".")[0]):
        return None
    attributes = find_model(interpreter, name)
    if attributes is None:
        return None

    def other(interpreter: Interpreter, attribute: str) -> Value:
        below = model_of(interpreter, f"{name}.{attribute}")
        if below is not None:
            return below
        if attribute == "__dict__":
            rest = Unknown(f"{name}.__dict__", several=True)
            return interpreter.box({rest: rest, **thing.attributes})
        if attribute.startswith("__"):
            return {"__name__": name, "__file__": Unknown(f"{name}.__file__", "str")}.get(
                attribute, Unknown(f"{name}.{attribute}")
            )
        return Unknown(f"{name}.{attribute}", subject=f"{name}.{attribute}")

    thing = Thing(name, attributes, attribute=other)
    interpreter.modules[name] = thing
    return thing


def _is_hidden(interpreter: Interpreter, top: str) -> bool:
    """Whether a module of the project stands before the library that has a model."""
    from hardango.settings.models import FILES

    if top == "django" or not FILES.get(top, "").startswith("libraries."):
        return False
    # Only beside the settings' own top-level package: manage.py inside that package puts it on
    # sys.path, too, but production does not start by manage.py.
    return find_source(interpreter, top, tuple(interpreter.import_roots[:1]))[0] is not None


def submodule(interpreter: Interpreter, parent: Value, name: str, *, load: bool = True) -> Value:
    """`parent.name` as a module; MISSING if there is none. Without `load`, only if it has been
    imported before."""
    if isinstance(parent, Module) and parent.is_package:
        full = f"{parent.name}.{name}" if parent.name else name
        known = interpreter.modules.get(full)
        if known is not None:
            return run_module(interpreter, known) if isinstance(known, Module) and load else known
        if not load:
            # Without an __init__.py it is open to what is installed under the same name.
            return MISSING if parent.file else Unknown(full, subject=full)
        file, directory = find_source(interpreter, name, parent.path)
        if file is None and directory is None:
            return MISSING
        return _import_one(interpreter, full, parent)
    return MISSING


def absolute_name(interpreter: Interpreter, module: Module, name: str | None, level: int) -> str:
    """The full name that a `from ...name import` in `module` means. Raises Raised(ImportError)."""
    if level == 0:
        return name or ""
    parts = module.name.split(".")
    if not module.is_package:
        parts = parts[:-1]
    if level - 1 >= len(parts) and not (level - 1 == 0 and parts):
        raise interpreter.error(ImportError, "attempted relative import beyond top-level package")
    base = parts[: len(parts) - (level - 1)]
    return ".".join([*base, *([name] if name else [])])
