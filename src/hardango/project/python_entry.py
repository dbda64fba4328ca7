"""What manage.py, wsgi.py and their like say, read from their syntax tree.

The file is followed statement by statement, with the strings that it can know: constants, names
assigned from them, paths made from `__file__`, defaults of environment variables. A test that
cannot be decided is followed both ways. Calls into modules of the project are followed too,
since many a manage.py only hands over to one. Nothing is ever imported or run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from hardango import syntax as ast
from hardango.findings import Note, Place
from hardango.light import NamedTuple
from hardango.project.model import Variable
from hardango.project.modules import module_file
from hardango.project.tree import Tree, parent
from hardango.source import Unparsable
from hardango.source import parse as parse_text

MAX_STEPS = 5_000
"""Statements and calls that are followed from one file."""

MAX_VALUES = 8
"""Different strings that one expression is followed with."""

MAX_CALLS = 6
"""Calls inside calls."""

SETTINGS = "DJANGO_SETTINGS_MODULE"
CONFIGURATION = "DJANGO_CONFIGURATION"

_APPLICATIONS = frozenset(
    "get_wsgi_application get_asgi_application get_default_application WSGIHandler ASGIHandler "
    "StaticFilesHandler ASGIStaticFilesHandler".split()
)
_COMMANDS = frozenset("execute_from_command_line execute_manager ManagementUtility".split())
_DOTENV = frozenset("load_dotenv read_dotenv read_env load_dotenv_file".split())


class Named(NamedTuple):
    """A settings module that a file names. `certain` is false if a test that could not be
    decided, or a variable that is not known, can make it another one."""

    module: str
    place: Place
    default: bool
    certain: bool


class Entry(NamedTuple):
    """What one Python file says about starting Django.

    `application` tells that it makes a WSGI or ASGI application, `command` that it runs
    management commands; `variables` are those that it sets for certain, `defaults` those that it
    sets if they are unset; `paths` are directories that it puts on sys.path, relative to the
    root, in their order there; `dotenv` the files that it loads into the environment.
    """

    file: str
    modules: tuple[Named, ...] = ()
    configurations: tuple[Named, ...] = ()
    variables: Mapping[str, Variable] = {}
    defaults: Mapping[str, Variable] = {}
    paths: tuple[str, ...] = ()
    dotenv: tuple[str, ...] = ()
    application: bool = False
    command: bool = False

    @property
    def django(self) -> bool:
        return bool(self.modules) or self.application or self.command


class Sources:
    """The parsed Python files of a tree, each parsed once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.failures: dict[str, Note] = {}
        self._parsed: dict[str, ast.Module | None] = {}

    def parse(self, file: str) -> ast.Module | None:
        """The syntax tree of a file; None, and a note in `failures`, if Python
        cannot parse it."""
        if file not in self._parsed:
            text = self.tree.read(file)
            self._parsed[file] = None
            if text is not None:
                self._parsed[file] = self._parse(file, text)
        return self._parsed[file]

    def place(self, file: str, source: str) -> None:
        """Let `file` be what `source` is: production has it there."""
        self.tree.place(file, source)
        self._parsed.pop(file, None)

    def _parse(self, file: str, text: str) -> ast.Module | None:
        if "{%" in text or "{{ cookiecutter" in text or "{{ project_name" in text:
            text = _without_template(text)
        try:
            return parse_text(text)
        except Unparsable as problem:
            said = f"the file could not be read: {problem}"
            self.failures[file] = Note(said, Place(file, max(problem.line, 1)))
            return None


def _without_template(text: str) -> str:
    """A project template's Python file without the lines that only its template engine reads."""
    return "\n".join("" if line.lstrip().startswith("{%") else line for line in text.split("\n"))


def read_entry(
    sources: Sources, file: str, roots: tuple[str, ...], environ: Mapping[str, str] = {}
) -> Entry:
    """Follow one file. `roots` are the import roots in which modules of the project are looked
    up; `environ` the environment variables whose value is known."""
    reader = _Reader(sources, file, roots, environ)
    parsed = sources.parse(file)
    if parsed is None:
        return Entry(file)
    scope = reader.module_scope(file)
    main = file.rpartition("/")[2] not in ("wsgi.py", "asgi.py", "__init__.py")
    scope.main = main
    try:
        reader.run(parsed.body, scope, True, 0)
        if not reader.modules:
            # An entry point of the package's metadata calls it: nothing in the file does.
            for name, function in list(scope.functions.items()):
                if name not in reader.called:
                    reader.run(function.body, _Scope(scope), True, 1)
    except (RecursionError, _Enough):
        pass
    return reader.entry()


class _Enough(Exception):
    """More steps than one file is worth."""


class _Scope:
    """The names of one module or one call."""

    def __init__(self, outer: _Scope | None, file: str = "") -> None:
        self.outer = outer
        self.file: str = outer.file if outer else file
        self.main: bool = outer.main if outer else False
        self.names: dict[str, tuple[str, ...]] = {}
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.imports: dict[str, tuple[str, str]] = {}

    def look(self, name: str) -> tuple[str, ...] | None:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def module(self) -> _Scope:
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope


class _Reader:
    def __init__(
        self, sources: Sources, file: str, roots: tuple[str, ...], environ: Mapping[str, str]
    ) -> None:
        self.sources, self.tree = sources, sources.tree
        self.file, self.roots, self.environ = file, roots, environ
        self.modules: list[Named] = []
        self.configurations: list[Named] = []
        self.variables: dict[str, Variable] = {}
        self.defaults: dict[str, Variable] = {}
        self.unsure: set[str] = set()
        self.settled: set[str] = set()
        self.paths: list[str] = []
        self.dotenv: list[str] = []
        self.application = self.command = False
        self.called: set[str] = set()
        self.scopes: dict[str, _Scope] = {}
        self.steps = 0

    def entry(self) -> Entry:
        sure = {name: each for name, each in self.variables.items() if name not in self.unsure}
        defaults = {name: each for name, each in self.defaults.items() if name not in self.unsure}
        return Entry(
            self.file,
            tuple(dict.fromkeys(self.modules)),
            tuple(dict.fromkeys(self.configurations)),
            sure,
            defaults,
            tuple(dict.fromkeys(self.paths)),
            tuple(dict.fromkeys(self.dotenv)),
            self.application,
            self.command,
        )

    def module_scope(self, file: str) -> _Scope:
        if file not in self.scopes:
            scope = self.scopes[file] = _Scope(None, file)
            scope.names["__file__"] = (self.tree.absolute(file),)
        return self.scopes[file]

    def imported_scope(self, file: str) -> _Scope | None:
        """The scope of another module: its functions, imports and constants, without effects."""
        known = file in self.scopes
        scope = self.module_scope(file)
        if not known:
            parsed = self.sources.parse(file)
            if parsed is None:
                return None
            quiet = _Reader(self.sources, file, self.roots, self.environ)
            quiet.scopes = {file: scope}
            quiet.run(parsed.body, scope, True, MAX_CALLS)
        return scope

    # Statements

    def run(self, body: list[ast.stmt], scope: _Scope, certain: bool, depth: int) -> None:
        for statement in body:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise _Enough
            self.statement(statement, scope, certain, depth)

    def statement(self, node: ast.stmt, scope: _Scope, certain: bool, depth: int) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.functions[node.name] = node
            case ast.Import() | ast.ImportFrom():
                self.imports(node, scope)
            case ast.If():
                truth = self.truth(node.test, scope)
                if truth is True:
                    self.run(node.body, scope, certain, depth)
                elif truth is False:
                    self.run(node.orelse, scope, certain, depth)
                else:
                    self.either(node.body, node.orelse, scope, certain, depth)
            case ast.Try():
                self.either(
                    node.body + node.orelse,
                    [each for handler in node.handlers for each in handler.body],
                    scope,
                    certain,
                    depth,
                    first=certain,
                )
                self.run(node.finalbody, scope, certain, depth)
            case ast.With() | ast.AsyncWith():
                self.run(node.body, scope, certain, depth)
            case ast.For() | ast.While():
                self.run(node.body, scope, False, depth)
            case ast.Assign(targets=targets, value=value):
                self.calls(value, scope, certain, depth)
                for target in targets:
                    self.assign(target, value, scope, certain)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.calls(value, scope, certain, depth)
                self.assign(target, value, scope, certain)
            case ast.AugAssign(target=ast.Name(id=name)):
                scope.names[name] = ()
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                self.calls(value, scope, certain, depth)
            case _:
                pass

    def either(
        self,
        body: list[ast.stmt],
        other: list[ast.stmt],
        scope: _Scope,
        certain: bool,
        depth: int,
        first: bool = False,
    ) -> None:
        """Follow both branches, and keep the values of both."""
        before = dict(scope.names)
        self.run(body, scope, first, depth)
        after = scope.names
        scope.names = before
        self.run(other, scope, False, depth)
        for name, values in after.items():
            old = scope.names.get(name)
            scope.names[name] = values if old is None else _merged(old, values)

    def imports(self, node: ast.Import | ast.ImportFrom, scope: _Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                scope.imports[alias.asname or alias.name] = (alias.name, "")
            return
        module = node.module or ""
        if node.level:
            parts = parent(scope.file).split("/") if parent(scope.file) else []
            parts = parts[: len(parts) - node.level + 1]
            module = "/" + "/".join(parts + module.split(".") if module else parts)
        for alias in node.names:
            scope.imports[alias.asname or alias.name] = (module, alias.name)

    def assign(self, target: ast.expr, value: ast.expr, scope: _Scope, certain: bool) -> None:
        if isinstance(target, ast.Name):
            scope.names[target.id] = self.values(value, scope)
        elif isinstance(target, ast.Subscript) and _is_environ(target.value):
            for name in self.values(target.slice, scope):
                self.set(name, value, scope, certain, default=False)

    # Effects

    def calls(self, expression: ast.expr, scope: _Scope, certain: bool, depth: int) -> None:
        for node in ast.walk(expression):
            if isinstance(node, ast.Call):
                self.steps += 1
                if self.steps > MAX_STEPS:
                    raise _Enough
                self.call(node, scope, certain, depth)

    def call(self, node: ast.Call, scope: _Scope, certain: bool, depth: int) -> None:
        name = _chain(node.func)
        last = name.rpartition(".")[2]
        arguments = node.args
        if name.endswith("environ.setdefault") and len(arguments) == 2:
            for each in self.values(arguments[0], scope):
                self.set(each, arguments[1], scope, certain, default=True)
        elif name in ("os.putenv", "putenv") and len(arguments) == 2:
            for each in self.values(arguments[0], scope):
                self.set(each, arguments[1], scope, certain, default=False)
        elif name.endswith("environ.update"):
            self.update(node, scope, certain)
        elif name == "sys.path.insert" and len(arguments) == 2:
            self.path(arguments[1], scope, first=True)
        elif name in ("sys.path.append", "site.addsitedir", "addsitedir") and arguments:
            self.path(arguments[0], scope, first=False)
        elif (
            name == "sys.path.extend"
            and arguments
            and isinstance(arguments[0], (ast.List, ast.Tuple))
        ):
            for item in arguments[0].elts:
                self.path(item, scope, first=False)
        elif last in _APPLICATIONS:
            self.application = True
        elif last in _COMMANDS or name == "django.setup":
            self.command = True
        elif last in _DOTENV:
            self.load(node, scope)
        elif depth < MAX_CALLS:
            self.follow(name, node, scope, certain, depth)

    def set(
        self, name: str, value: ast.expr, scope: _Scope, certain: bool, *, default: bool
    ) -> None:
        place = Place(scope.file, value.lineno, value.col_offset + 1)
        values = self.values(value, scope)
        # `os.environ["X"] = os.environ.get("X", "…")` is a default, whatever its form.
        default = default or self.reads(value, scope, name)
        sure = certain and len(values) == 1 and not self.open(value, scope)
        if name in (SETTINGS, CONFIGURATION):
            found = self.modules if name == SETTINGS else self.configurations
            if default and name in self.settled:
                return
            if certain and values:
                # A later setdefault has no effect.
                self.settled.add(name)
            found += [Named(each, place, default, sure) for each in values if each]
            return
        variable = Variable(name, values[0] if sure else None, place)
        if not certain or (default and not sure):
            self.unsure.add(name)
        elif default:
            self.defaults.setdefault(name, variable)
        else:
            self.variables[name] = variable

    def update(self, node: ast.Call, scope: _Scope, certain: bool) -> None:
        for keyword in node.keywords:
            if keyword.arg:
                self.set(keyword.arg, keyword.value, scope, certain, default=False)
        if node.args and isinstance(node.args[0], ast.Dict):
            for key, value in zip(node.args[0].keys, node.args[0].values, strict=True):
                for name in self.values(key, scope) if key else ():
                    self.set(name, value, scope, certain, default=False)

    def path(self, expression: ast.expr, scope: _Scope, *, first: bool) -> None:
        for value in self.values(expression, scope):
            absolute = os.path.join(self.tree.absolute(parent(self.file)), value)
            relative = self.tree.relative(absolute)
            if relative is not None and relative in self.tree.directories:
                self.paths.insert(0, relative) if first else self.paths.append(relative)

    def load(self, node: ast.Call, scope: _Scope) -> None:
        """A .env file that is loaded; without a path it is looked for upwards, as python-dotenv
        does."""
        given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in _PATH_ARGUMENTS)]
        for expression in given:
            for value in self.values(expression, scope):
                absolute = os.path.join(self.tree.absolute(parent(scope.file)), value)
                relative = self.tree.relative(absolute)
                if relative in self.tree.files and relative:
                    self.dotenv.append(relative)
        if not given:
            directory = parent(scope.file)
            while True:
                file = f"{directory}/.env" if directory else ".env"
                if file in self.tree.files:
                    self.dotenv.append(file)
                    return
                if not directory:
                    return
                directory = parent(directory)

    def follow(self, name: str, node: ast.Call, scope: _Scope, certain: bool, depth: int) -> None:
        """Follow a call of a function of this file or of another module of the project."""
        found = self.function(name, scope.module())
        if found is None:
            return
        home, function = found
        self.called.add(name)
        inner = _Scope(home)
        parameters = [each.arg for each in function.args.args]
        for parameter, value in zip(parameters, node.args, strict=False):
            inner.names[parameter] = self.values(value, scope)
        for keyword in node.keywords:
            if keyword.arg:
                inner.names[keyword.arg] = self.values(keyword.value, scope)
        defaults = function.args.defaults
        for parameter, value in zip(
            parameters[len(parameters) - len(defaults) :], defaults, strict=True
        ):
            inner.names.setdefault(parameter, self.values(value, home))
        self.run(function.body, inner, certain, depth + 1)

    def function(
        self, name: str, home: _Scope
    ) -> tuple[_Scope, ast.FunctionDef | ast.AsyncFunctionDef] | None:
        """A function by its name in a module: of that module, or imported from another one."""
        if name in home.functions:
            return home, home.functions[name]
        return self.imported(name, home) if name else None

    def imported(
        self, name: str, scope: _Scope, hops: int = 4
    ) -> tuple[_Scope, ast.FunctionDef | ast.AsyncFunctionDef] | None:
        """A function of another module of the project, re-exports followed."""
        found = self.origin(name, scope)
        if found is None or hops == 0:
            return None
        other, attribute = found
        if attribute in other.functions:
            return other, other.functions[attribute]
        return self.imported(attribute, other, hops - 1) if attribute in other.imports else None

    def origin(self, name: str, scope: _Scope) -> tuple[_Scope, str] | None:
        """The module scope that a dotted name leads to, and the attribute in it."""
        if name in scope.imports and scope.imports[name][1]:
            module, attribute = scope.imports[name]
        else:
            head, _, attribute = name.rpartition(".")
            if head not in scope.imports:
                return None
            module, part = scope.imports[head]
            module = f"{module}.{part}" if part else module
        file = self.locate(module, scope)
        if file is None or file == scope.file:
            return None
        other = self.imported_scope(file)
        return None if other is None else (other, attribute)

    def locate(self, module: str, scope: _Scope) -> str | None:
        if module.startswith("/"):
            path = module[1:].replace(".", "/")
            for file in (f"{path}/__init__.py", f"{path}.py"):
                if file in self.tree.files:
                    return file
            return None
        return module_file(self.tree, (parent(self.file), *self.paths, *self.roots), module)

    # Values

    def values(self, node: ast.expr, scope: _Scope, hops: int = 40) -> tuple[str, ...]:
        """The strings that an expression can have; () if that is not known. Paths are strings."""
        if hops == 0:
            return ()
        step = hops - 1
        match node:
            case ast.Constant(value=str(text)):
                return (text,)
            case ast.Name(id="ENVIRONMENT_VARIABLE"):
                return (SETTINGS,)
            case ast.Name(id=name):
                known = scope.look(name)
                return known if known is not None else self.imported_value(name, scope)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                truth = self.truth(test, scope)
                yes = self.values(body, scope, step) if truth is not False else ()
                no = self.values(orelse, scope, step) if truth is not True else ()
                return _merged(yes, no)
            case ast.BoolOp(op=ast.Or(), values=parts):
                known_parts = [self.values(part, scope, step) for part in parts]
                return next((each for each in known_parts if each), ())
            case ast.JoinedStr(values=parts):
                return _product([self.values(part, scope, step) for part in parts])
            case ast.FormattedValue(value=value, format_spec=None):
                return self.values(value, scope, step)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _product([self.values(left, scope, step), self.values(right, scope, step)])
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                pairs = _pairs(self.values(left, scope, step), self.values(right, scope, step))
                return _bounded(os.path.join(one, two) for one, two in pairs)
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
                items = right.elts if isinstance(right, ast.Tuple) else [right]
                pieces = text.split("%s")
                if len(pieces) != len(items) + 1 or "%" in "".join(pieces):
                    return ()
                mixed: list[tuple[str, ...]] = [(pieces[0],)]
                for item, piece in zip(items, pieces[1:], strict=True):
                    mixed += [self.values(item, scope, step), (piece,)]
                return _product(mixed)
            case ast.Attribute(value=value, attr="parent"):
                return _bounded(map(os.path.dirname, self.values(value, scope, step)))
            case ast.Subscript(
                value=ast.Attribute(value=value, attr="parents"),
                slice=ast.Constant(value=int(number)),
            ) if 0 <= number < 30:
                found = self.values(value, scope, step)
                for _ in range(number + 1):
                    found = _bounded(map(os.path.dirname, found))
                return found
            case ast.Subscript(value=value, slice=key) if _is_environ(value):
                known_names = self.values(key, scope, step)
                return tuple(self.environ[each] for each in known_names if each in self.environ)
            case ast.Call():
                return self.called_value(node, scope, step)
        return ()

    def called_value(self, node: ast.Call, scope: _Scope, step: int) -> tuple[str, ...]:
        name = _chain(node.func)
        last = name.rpartition(".")[2]
        arguments = [self.values(each, scope, step) for each in node.args]
        if name in _READS or (last == "get" and name.endswith("environ.get")):
            default = [k.value for k in node.keywords if k.arg == "default"]
            for each in arguments[0] if arguments else ():
                if each in self.environ:
                    return (self.environ[each],)
            if default:
                return self.values(default[0], scope, step)
            return arguments[1] if len(arguments) > 1 else ()
        if last == "join" and "path" in name:
            return _bounded(os.path.join(*parts) for parts in _all_pairs(arguments))
        if last in ("Path", "PurePath"):
            return _bounded(os.path.join(*parts) for parts in _all_pairs(arguments))
        if last == "dirname" and len(arguments) == 1:
            return _bounded(map(os.path.dirname, arguments[0]))
        if last in ("abspath", "realpath", "normpath") and len(arguments) == 1:
            base = self.tree.absolute(parent(self.file))
            return _bounded(os.path.normpath(os.path.join(base, each)) for each in arguments[0])
        if last in ("str", "fspath") and len(arguments) == 1:
            return arguments[0]
        function = self.function(name, scope.module())
        if function is not None:
            home, defined = function
            returned = [each.value for each in ast.walk(defined) if isinstance(each, ast.Return)]
            found: tuple[str, ...] = ()
            for expression in returned:
                values = self.values(expression, home, step // 2) if expression is not None else ()
                if not values:  # such as a parameter: what else is returned is not all there is
                    return ()
                found = _merged(found, values)
            return found
        if not isinstance(node.func, ast.Attribute):
            return ()
        own = self.values(node.func.value, scope, step)
        if last in ("resolve", "absolute"):
            base = self.tree.absolute(parent(self.file))
            return _bounded(os.path.normpath(os.path.join(base, each)) for each in own)
        if last == "as_posix":
            return own
        if last == "joinpath":
            return _bounded(os.path.join(*parts) for parts in _all_pairs([own, *arguments]))
        if last in ("lower", "upper", "strip") and not arguments:
            return _bounded(getattr(each, last)() for each in own)
        if last == "format" and len(own) == 1 and own[0].count("{}") == len(arguments):
            pieces = own[0].split("{}")
            if "{" in "".join(pieces) or node.keywords:
                return ()
            mixed: list[tuple[str, ...]] = [(pieces[0],)]
            for argument, piece in zip(arguments, pieces[1:], strict=True):
                mixed += [argument, (piece,)]
            return _product(mixed)
        return ()

    def imported_value(self, name: str, scope: _Scope) -> tuple[str, ...]:
        found = self.origin(name, scope.module()) if name in scope.module().imports else None
        return found[0].names.get(found[1], ()) if found else ()

    def reads(self, node: ast.expr, scope: _Scope, name: str) -> bool:
        """Whether an expression takes the environment variable `name` if it is set."""
        return any(
            (_chain(each.func) in _READS or _chain(each.func).endswith("environ.get"))
            and name in self.values(each.args[0], scope)
            for each in ast.walk(node)
            if isinstance(each, ast.Call) and each.args
        )

    def open(self, node: ast.expr, scope: _Scope) -> bool:
        """Whether an expression depends on an environment variable that is not known."""
        for each in ast.walk(node):
            if (
                isinstance(each, ast.Call)
                and each.args
                and (_chain(each.func) in _READS or _chain(each.func).endswith("environ.get"))
            ):
                names = self.values(each.args[0], scope)
                if not names or any(name not in self.environ for name in names):
                    return True
        return False

    def truth(self, node: ast.expr, scope: _Scope) -> bool | None:
        """Whether a test holds in production; None if that is not known."""
        match node:
            case ast.Constant(value=value):
                return bool(value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.truth(operand, scope)
                return None if inner is None else not inner
            case ast.BoolOp(op=operation, values=parts):
                truths = [self.truth(part, scope) for part in parts]
                ends = isinstance(operation, ast.Or)
                if ends in truths:
                    return ends
                return None if None in truths else not ends
            case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
                return scope.main
            case ast.Compare(left=left, ops=[operation], comparators=[right]):
                return self.compared(left, operation, right, scope)
        values = self.values(node, scope)
        return bool(values[0]) if len(values) == 1 and not self.open(node, scope) else None

    def compared(
        self, left: ast.expr, operation: ast.cmpop, right: ast.expr, scope: _Scope
    ) -> bool | None:
        if any(_chain(each) == "sys.argv" for side in (left, right) for each in ast.walk(side)):
            # Production serves; it is no test run and no other command. A comparison with the
            # number of arguments says nothing.
            if isinstance(operation, (ast.Eq, ast.In)):
                return False
            return True if isinstance(operation, (ast.NotEq, ast.NotIn)) else None
        one = self.values(left, scope)
        if isinstance(operation, (ast.In, ast.NotIn)):
            if _is_environ(right) and len(one) == 1:
                held = True if one[0] in self.environ else None
            elif isinstance(right, (ast.Tuple, ast.List, ast.Set)) and len(one) == 1:
                items = [self.values(item, scope) for item in right.elts]
                if self.open(left, scope) or any(len(item) != 1 for item in items):
                    return None
                held = one in items
            else:
                return None
            return held if held is None or isinstance(operation, ast.In) else not held
        two = self.values(right, scope)
        if len(one) != 1 or len(two) != 1 or self.open(left, scope) or self.open(right, scope):
            return None
        if isinstance(operation, ast.Eq):
            return one == two
        return one != two if isinstance(operation, ast.NotEq) else None


_PATH_ARGUMENTS = ("dotenv_path", "dotenv", "env_file", "path", "stream")
_READS = frozenset(("os.getenv", "getenv", "config", "env", "env.str", "decouple.config", "Config"))


def _is_environ(node: ast.expr) -> bool:
    return _chain(node) in ("os.environ", "environ")


def _chain(node: ast.AST) -> str:
    """`a.b.c` as text, "" if it is anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return "." + parts[0] if parts else ""
    return ".".join([node.id, *reversed(parts)])


def _merged(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one + two))[:MAX_VALUES]


def _bounded(values: object) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:  # type: ignore[attr-defined]
        if len(value) > 1000 or len(found) >= MAX_VALUES:
            break
        found[value] = None
    return tuple(found)


def _pairs(one: tuple[str, ...], two: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(first, second) for first in one for second in two]


def _all_pairs(parts: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every combination, [] if a part is not known."""
    found: list[tuple[str, ...]] = [()]
    for part in parts:
        found = [(*head, value) for head in found for value in part][:MAX_VALUES]
    return found if parts else []


def _product(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    return _bounded("".join(each) for each in _all_pairs(parts))
