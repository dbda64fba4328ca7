"""What a view is wrapped in: the functions that a request goes through, by their code objects.

Names lie (`functools.wraps` gives a wrapper the name of what it wraps), closures don't: a layer's
code says which of the callables that it holds is handed the request, and that is the next one.
"""

import ast
import functools
import sys
import types

_MOST_LAYERS = 40
_LONGEST = 300
_DEEPEST = 4
_FRAMEWORKS = frozenset(sys.builtin_module_names) | {"django", "rest_framework"} | frozenset(
    getattr(sys, "stdlib_module_names", ()))  # fmt: skip
_PATH_VIEW = "ninja.operation.PathView"
_APPLIED = "django.utils.decorators._multi_decorate"


class Facts:
    """Everything that is told, each function and each class once."""

    def __init__(self):
        self.codes, self.code_numbers = [], {}
        self.classes, self.class_numbers = [], {}
        self.callees = {}
        self.trees = {}
        self.kept = []
        self.todo = []
        self.nested = 0

    # -- code --

    def code(self, function):
        """The number of what is known of a function's code."""
        code = function.__code__
        if code not in self.code_numbers:
            self.code_numbers[code] = len(self.codes)
            self.codes.append(None)
            module = function.__globals__.get("__name__", "")
            node = self.node(code)
            self.codes[self.code_numbers[code]] = {
                "module": module, "qualname": self.qualname(code), "name": code.co_name,
                "file": code.co_filename, "line": code.co_firstlineno, "at": _position(code),
                "names": self.names(function, node),
            }  # fmt: skip
        return self.code_numbers[code]

    def qualname(self, code):
        known = getattr(code, "co_qualname", None)
        if known is not None:
            return known
        return self.tree(code.co_filename)[1].get((code.co_firstlineno, code.co_name), code.co_name)

    def tree(self, file):
        """The functions of a file by their first line and name, and their qualified names."""
        if file not in self.trees:
            nodes, names = {}, {}
            try:
                with open(file, "rb") as opened:
                    tree = ast.parse(opened.read())
            except (OSError, SyntaxError, ValueError, RecursionError):
                tree = ast.Module(body=[], type_ignores=[])
            _collect(tree, "", nodes, names)
            self.trees[file] = nodes, names
        return self.trees[file]

    def node(self, code):
        """The syntax tree of a function, None if it cannot be told."""
        found = self.tree(code.co_filename)[0].get((code.co_firstlineno, code.co_name), [])
        return found[0] if len(found) == 1 else None

    def names(self, function, node):
        """The dotted names of what a function's code names, and what it calls, for later."""
        found = {}
        code = function.__code__
        for name in _names_in(code):
            value = _held(function, name)
            if value is not _NOTHING:
                dotted = dotted_name(value)
                if dotted:
                    found[name] = dotted
        module = function.__globals__.get("__name__", "")
        if node is not None and module.partition(".")[0] not in _FRAMEWORKS:
            for path in _paths_called(node):
                value = _held(function, path[0])
                for part in path[1:]:
                    inner = isinstance(value, (types.ModuleType, type))
                    value = getattr(value, part, _NOTHING) if inner else _NOTHING
                key = ".".join([found.get(path[0], path[0]), *path[1:]])
                if isinstance(value, types.FunctionType):
                    self.callee(key, value)
        return found

    def callee(self, key, function):
        """Note a function that is called by a name, with what it is wrapped in."""
        module = _innermost(function).__globals__.get("__name__", "")
        if key not in self.callees and module.partition(".")[0] not in _FRAMEWORKS:
            self.callees[key] = None
            self.todo.append((key, function))

    def finish(self):
        """Tell of the functions that are called, and of those that these call."""
        while self.todo and len(self.callees) < 5000:
            key, function = self.todo.pop()
            self.callees[key] = self.layers(function)

    # -- classes --

    def cls(self, cls):
        """The number of what is known of a class."""
        if cls not in self.class_numbers:
            self.class_numbers[cls] = len(self.classes)
            self.classes.append(None)
            own = {name: value for name, value in vars(cls).items() if not name.startswith("__")
                   or name in ("__call__",)}  # fmt: skip
            fact = {"name": dotted_name(cls), "methods": {}, "mro": []}
            self.classes[self.class_numbers[cls]] = fact
            fact["mro"] = [self.cls(each) for each in cls.__mro__ if each is not object]
            for name, value in own.items():
                if isinstance(value, (staticmethod, classmethod)):
                    value = value.__func__
                if isinstance(value, (types.FunctionType, functools.partial)):
                    fact["methods"][name] = {
                        "layers": self.layers(value),
                        "jumps": self.jumps(cls, name, value),
                    }
                elif isinstance(value, property) and isinstance(value.fget, types.FunctionType):
                    fact["methods"][name] = {"layers": self.layers(value.fget), "jumps": None}
        return self.class_numbers[cls]

    def jumps(self, cls, name, value):
        """The class further on whose method this is by assignment, None for one of its own."""
        for each in cls.__mro__[1:]:
            if vars(each).get(name) is value:
                return self.cls(each)
        return None

    # -- layers --

    def layers(self, view):
        """What a request goes through, the outermost first, the view's own code last."""
        found, seen = [], set()
        while view is not None and len(found) < _MOST_LAYERS and id(view) not in seen:
            seen.add(id(view))
            self.kept.append(view)
            layer, view = self.layer(view)
            found += layer
        if view is not None:
            found.append({"kind": "unread", "why": "it is wrapped too often"})
        return found

    def layer(self, view):
        """One layer, or several, and what they hand the request to."""
        if isinstance(view, functools.partial):
            return [], view.func
        served = self.served_by_ninja(view)
        if served is not None:
            return [served], None
        if isinstance(view, types.MethodType):
            return self.method(view)
        if isinstance(view, types.FunctionType):
            return self.function(view)
        if isinstance(view, type):
            return [{"kind": "class", "class": self.cls(view), "given": {}, "actions": None}], None
        inner = getattr(view, "__wrapped__", None)
        if type(view).__module__.startswith("asgiref."):
            inner = vars(view).get("func") or vars(view).get("awaitable")
        if callable(inner):
            return [], inner
        return self.instance(view)

    def function(self, function):
        cells = cells_of(function)
        fact = {"kind": "function", "code": self.code(function), "cells": {}}
        factory = factory_of(self.codes[fact["code"]])
        if factory == "django.views.generic.base.View.as_view" and "cls" in cells:
            return [self.view_class(cells, None)], None
        if factory == "rest_framework.viewsets.ViewSetMixin.as_view" and "cls" in cells:
            return [self.view_class(cells, cells.get("actions"))], None
        if factory.endswith(".as_view") and _is_view(cells.get("cls")):
            # A project's own way to make a view of a class: which of its methods act is not known.
            return [{**self.view_class({"cls": cells["cls"]}, None), "own": True}], None
        fact["cells"] = {name: self.told(value) for name, value in cells.items()}
        if factory == _APPLIED and "method" in cells:
            return [*self.applied(cells["decorators"], cells["method"]), fact], cells["method"]
        node = self.node(function.__code__)
        if node is None:
            return [fact], _only_inner(function, cells)
        inner, through, fact["inner"] = self.handed(function, node, cells, _NOTHING)
        if through is not None:
            fact["through"] = through
        return [fact], inner

    def method(self, method):
        function = method.__func__
        if not isinstance(function, types.FunctionType):
            return [], function if callable(function) else None
        layers = self.layers(function)
        owner = method.__self__
        layers[-1]["bound"] = self.cls(owner if isinstance(owner, type) else type(owner))
        for each in layers:
            self.on_admin(each, owner)
        return layers, None

    def instance(self, view):
        """A view that is an object: its class has `__call__`."""
        call = getattr(type(view), "__call__", None)
        if not isinstance(call, types.FunctionType):
            return [
                {"kind": "unread", "why": "%s is not written in Python" % dotted_name(type(view))}
            ], None
        fact = {"kind": "function", "code": self.code(call), "bound": self.cls(type(view)),
                "cells": {name: self.told(value) for name, value in _attributes(view).items()}}  # fmt: skip
        node = self.node(call.__code__)
        if node is None:
            return [fact], None
        inner, through, fact["inner"] = self.handed(call, node, {}, view)
        if through is not None:
            fact["through"] = through
        return [fact], inner

    def on_admin(self, layer, owner):
        """Say for which model and which site a page of an admin is."""
        if type(owner).__module__ == "builtins" or isinstance(owner, type):
            return
        model, site = getattr(owner, "model", None), getattr(owner, "admin_site", None)
        if hasattr(model, "_meta") and site is not None:
            layer["admin"] = {"model": model._meta.label, "site": self.cls(type(site)),
                              "class": self.cls(type(owner))}  # fmt: skip
        elif hasattr(owner, "_registry") and hasattr(owner, "admin_view"):
            layer["admin"] = {"model": "", "site": self.cls(type(owner)), "class": None}

    def view_class(self, cells, actions):
        cls = cells["cls"]
        given = cells.get("initkwargs") or {}
        return {"kind": "class", "class": self.cls(cls), "actions": actions,
                "given": {key: self.told(value) for key, value in given.items()},
                "view": (cls, given, actions)}  # fmt: skip

    def served_by_ninja(self, view):
        """What django-ninja answers a path with, None if that is other code than its own. Each of
        its versions makes a view of a path in another way: as a method, or as a closure."""
        held, module = _held_by(view)
        for each in held:
            bases = type(each).__mro__
            if _PATH_VIEW in map(dotted_name, bases) and module in [a.__module__ for a in bases]:
                return self.operations(each)
        if module == _PATH_VIEW.rpartition(".")[0]:
            return _not_known(view)
        return None

    def operations(self, path_view):
        told = []
        for each in getattr(path_view, "operations", ()):
            try:
                methods, function, asked = each.methods, each.view_func, each.auth_callbacks
            except AttributeError:
                return _not_known(each)
            told.append({
                "methods": sorted(methods),
                "layers": self.layers(function),
                "auth": [self.told(auth) for auth in asked],
                "own": _own_run(type(each)),
            })  # fmt: skip
        return {"kind": "ninja", "operations": told} if told else _not_known(path_view)

    def applied(self, decorators, method):
        """What `method_decorator` does: its decorators, put around a view of our own to be seen."""
        several = decorators if isinstance(decorators, (list, tuple)) else [decorators]

        def probe(request, *args, **kwargs):
            raise NotImplementedError

        wrapped = probe
        for each in several:
            try:
                wrapped = each(wrapped)
            except Exception as error:
                said = "%s: %s" % (type(error).__name__, error)
                return [
                    {"kind": "unread", "why": "a decorator cannot be put on: " + said[:_LONGEST]}
                ]
        mine = self.code(probe)
        return [each for each in self.layers(wrapped) if each.get("code") != mine]

    def handed(self, function, node, cells, instance):
        """What a layer hands the request to, what it puts around it first, and how its code calls
        it. None for a view."""
        found, whole = [], []
        requests = _requests(node)
        for call, kept in _calls(node):
            if not kept or not _hands_on(call, requests):
                continue
            for target, around, named in self.targets(call, function, cells, instance, node):
                if not any(target is each[0] for each in found):
                    found.append((target, around, named))
                    if any(isinstance(each, ast.Starred) for each in call.args):
                        whole.append((target, around, named))
        wrapped = vars(function).get("__wrapped__")
        if len(found) > 1 and wrapped is not None:
            # What hands it to the view on a side way is further away.
            away = [(self.away(each[0], wrapped), at) for at, each in enumerate(found)]
            nearest, at = min(away)
            if nearest < _MOST_LAYERS:
                return found[at]
        # A view is handed all that there is; a helper is handed the request.
        for certain in (found, whole):
            if len(certain) == 1:
                return certain[0]
        return None, None, None

    def away(self, view, wanted):
        """How many layers there are between one callable and another that it leads to."""
        for steps in range(_MOST_LAYERS):
            if view is None or self.nested > _DEEPEST:
                break
            if view is wanted or view == wanted:
                return steps
            self.nested += 1
            try:
                view = self.layer(view)[1]
            finally:
                self.nested -= 1
        return _MOST_LAYERS

    def targets(self, call, function, cells, instance, node):
        """The callables of ours that a call hands the request to, and their names in the code."""
        value = self.value(call.func, function, cells, instance, node)
        if value is not _NOTHING and callable(value):
            yield value, None, _path(call.func)
            return
        if isinstance(call.func, ast.Call):
            everything = {**function.__globals__, **cells}
            around = self.value(call.func.func, function, everything, instance, node, True)
            for argument in call.func.args:
                value = self.value(argument, function, cells, instance, node)
                if value is not _NOTHING and callable(value):
                    told = self.told(around) if around is not _NOTHING else None
                    yield value, told, _path(argument)
        for argument in call.args:
            value = self.value(argument, function, cells, instance, node)
            if value is not _NOTHING and callable(value) and not isinstance(value, type):
                yield value, None, _path(argument)

    def value(self, node, function, cells, instance, view, deep=False):
        """What an expression is that names something that a layer holds."""
        if isinstance(node, ast.Name):
            arguments = view.args.args if hasattr(view, "args") else []
            if instance is not _NOTHING and arguments and node.id == arguments[0].arg:
                return instance
            return cells.get(node.id, _NOTHING)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value, function, cells, instance, view, deep)
            if owner is _NOTHING:
                return _NOTHING
            if not deep:
                return _attributes(owner).get(node.attr, _NOTHING)
            try:
                return getattr(owner, node.attr, _NOTHING)
            except Exception:
                return _NOTHING
        return _NOTHING

    # -- values --

    def told(self, value, depth=0):
        """A value as the parent reads it."""
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, str):
            return str(value)[:_LONGEST]
        if isinstance(value, (list, tuple, set, frozenset)) and depth < _DEEPEST:
            return {"list": [self.told(each, depth + 1) for each in list(value)[:50]]}
        if isinstance(value, type):
            return (
                {"class": self.cls(value)} if depth < _DEEPEST else {"object": dotted_name(value)}
            )
        if (
            isinstance(value, (types.FunctionType, types.MethodType, functools.partial))
            and depth < 2
        ):
            return {"function": self.plain(value, depth)}
        if depth < 2 and type(value).__module__ != "builtins":
            return {"object": dotted_name(type(value)), "type": self.cls(type(value))}
        return {"object": dotted_name(type(value))}

    def plain(self, function, depth):
        """A function that a layer holds, with what it holds itself."""
        bound = None
        if isinstance(function, types.MethodType):
            owner = function.__self__
            bound = self.cls(owner if isinstance(owner, type) else type(owner))
            function = function.__func__
        function = _innermost_partial(function)
        if not isinstance(function, types.FunctionType):
            return None
        cells = {name: self.told(value, depth + 1) for name, value in cells_of(function).items()}
        return {"code": self.code(function), "cells": cells, "bound": bound}


# -- parts -----------------------------------------------------------------------------------------

_NOTHING = object()


def _held_by(view):
    """The objects that a view goes on with, and the module of its code."""
    if isinstance(view, types.MethodType):
        return [view.__self__], getattr(view.__func__, "__module__", None)
    if isinstance(view, types.FunctionType):
        return list(cells_of(view).values()), view.__globals__.get("__name__")
    return [view, *_attributes(view).values()], type(view).__module__


def _own_run(operation):
    """The class by which an operation of django-ninja runs in another way than ninja's."""
    for each in operation.__mro__:
        if {"run", "_run_checks", "_run_authentication"} & set(vars(each)):
            return None if each.__module__.startswith("ninja.") else dotted_name(each)
    return None


def _not_known(what):
    name = dotted_name(what) or dotted_name(type(what))
    return {"kind": "unread", "why": "what %s of this version does is not known" % name}


def _is_view(value):
    return isinstance(value, type) and callable(getattr(value, "dispatch", None))


def factory_of(code):
    """The dotted name of the function in which a code was made, or of itself."""
    return code["module"] + "." + code["qualname"].partition(".<locals>")[0]


def dotted_name(value):
    """The dotted name of what something is: a module, a class, a function."""
    if isinstance(value, types.ModuleType):
        return value.__name__
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None)
    if isinstance(module, str) and isinstance(name, str):
        return module + "." + name if module != "builtins" else name
    return ""


def cells_of(function):
    """What a closure holds, by name."""
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            pass
    return found


def _held(function, name):
    """What a name is for a function: of its closure, or of its module."""
    cells = cells_of(function)
    if name in cells:
        return cells[name]
    return function.__globals__.get(name, _NOTHING)


def _names_in(code):
    found = set(code.co_names) | set(code.co_freevars)
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            found |= _names_in(each)
    return found


def _attributes(value):
    try:
        return vars(value)
    except TypeError:
        return {}


def _innermost(function):
    """The function below all that says what it wraps."""
    for _ in range(_MOST_LAYERS):
        inner = getattr(function, "__wrapped__", None)
        if not isinstance(inner, types.FunctionType):
            break
        function = inner
    return function


def _innermost_partial(function):
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _only_inner(function, cells):
    """What a layer whose source is not at hand wraps, as far as that is certain."""
    wrapped = vars(function).get("__wrapped__")
    if wrapped is not None:
        return wrapped
    inner = [each for each in cells.values() if callable(each) and not isinstance(each, type)]
    return inner[0] if len(inner) == 1 else None


def _position(code):
    """Where the code of a lambda is: line and column of something in it."""
    if code.co_name != "<lambda>" or not hasattr(code, "co_positions"):
        return None
    for line, end, column, _ in code.co_positions():
        if line is not None and column is not None and column > 0 and end is not None:
            return [line, column]
    return None


def _collect(node, prefix, nodes, names):
    for each in ast.iter_child_nodes(node):
        inner = prefix
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            name = getattr(each, "name", "<lambda>")
            lines = [each.lineno, *(d.lineno for d in getattr(each, "decorator_list", ()))]
            nodes.setdefault((min(lines), name), []).append(each)
            names[(min(lines), name)] = prefix + name
            inner = prefix + name + ".<locals>."
        elif isinstance(each, ast.ClassDef):
            inner = prefix + each.name + "."
        _collect(each, inner, nodes, names)


def _paths_called(node):
    """What is called in a function, as the parts of a dotted name."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            parts, inner = [], each.func
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name):
                yield [inner.id, *reversed(parts)]


def _path(node):
    """The text of a name or of an attribute of one."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _requests(node):
    """The names under which a function has the request: its first arguments, or all of them."""
    arguments = node.args
    names = [each.arg for each in (*getattr(arguments, "posonlyargs", ()), *arguments.args)]
    if names and names[0] in ("self", "cls", "_self", "instance"):
        names = names[1:]
    found = set(names[:1])
    if arguments.vararg is not None and (not names or names == []):
        found.add(arguments.vararg.arg)
    return found


def _hands_on(call, requests):
    for each in call.args:
        inner = each.value if isinstance(each, ast.Starred) else each
        if isinstance(inner, ast.Name) and inner.id in requests:
            return True
    return any(isinstance(each.value, ast.Name) and each.value.id in requests
               for each in call.keywords if each.arg is not None)  # fmt: skip


def _calls(node):
    """The calls in a function, and whether what they give is used."""
    dropped = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Expr):
            inner = each.value.value if isinstance(each.value, ast.Await) else each.value
            dropped.add(id(inner))
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield each, id(each) not in dropped
