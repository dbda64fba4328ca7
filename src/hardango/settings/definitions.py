"""What a class or a function of the project is made of, read from its source.

Settings name middleware by a dotted path and never import it. What Django will find there is
looked up as an import would find it, and only read: which classes it leads to, what it overrides,
what it speaks of, whether it answers requests itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardango import syntax as ast
from hardango.findings import Place
from hardango.light import NamedTuple, TypeAlias
from hardango.settings.export_values import answer_of
from hardango.settings.imports import Unreadable, find_source, parse
from hardango.settings.interpreter import Interpreter
from hardango.settings.values import Stopped

MAX_READ = 200
"""How many definitions of one project are looked at."""

MAX_DEPTH = 8
"""How many bases and re-exports are followed one after another."""

LONGEST_WORD = 200


class Definition(NamedTuple):
    """A class or a function that is defined in the project; or, where `module:name` was asked for,
    whatever is bound to that name there, of which only `words` are known.

    `bases` are the dotted names of the classes elsewhere that it leads to through those of the
    project, "" for one that could not be followed; `overrides` what it and the project's classes
    below it define, but for methods that only call the inherited one; `words` the names and texts
    in them; `answers` the place where it gives a response of its own to a request, None if none;
    `result` what a function that only decides returns, "" if that is not plain.
    """

    place: Place
    bases: tuple[str, ...]
    overrides: frozenset[str]
    words: frozenset[str]
    answers: Place | None
    result: str = ""


Node: TypeAlias = "ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef"


class Source(NamedTuple):
    """A module of the project: what its names are bound to (a statement, or the dotted name of
    what is imported), and what it star-imports."""

    file: str
    names: dict[str, list[ast.stmt | str]]
    stars: list[str]


def reader(interpreter: Interpreter) -> Callable[[str], Definition | None]:
    """A function that gives the definition behind a dotted path; None if it is not the project's
    or could not be read."""
    sources: dict[str, Source | None] = {}
    found: dict[str, Definition | None] = {}

    def read(dotted: str) -> Definition | None:
        if dotted not in found:
            found[dotted] = None
            if len(found) <= MAX_READ:
                try:
                    found[dotted] = _define(_Lookup(interpreter, sources), dotted)
                except (Stopped, RecursionError, MemoryError):
                    pass
        return found[dotted]

    return read


class _Lookup(NamedTuple):
    interpreter: Interpreter
    sources: dict[str, Source | None]

    def source(self, module: str) -> Source | None:
        if module not in self.sources:
            self.sources[module] = None
            file, directory = find_source(self.interpreter, module)
            if file is not None:
                try:
                    tree = parse(self.interpreter, file)
                except Unreadable:
                    return None
                shown = self.interpreter.relative(file)
                package = module if directory is not None else module.rpartition(".")[0]
                self.sources[module] = read_names(shown, tree, package)
        return self.sources[module]


def _define(lookup: _Lookup, dotted: str) -> Definition | None:
    if ":" in dotted:
        module, _, name = dotted.partition(":")
        return _bound(lookup, module, name, 0)
    found = _find(lookup, *_split(dotted), 0)
    if found is None or isinstance(found, str):
        return None
    source, node = found
    bases, overrides, words = _gather(lookup, source, node, 0)
    answer = next(_answers(node), None)
    return Definition(
        Place(source.file, node.lineno),
        tuple(dict.fromkeys(bases)),
        frozenset(overrides),
        frozenset(words),
        Place(source.file, answer.lineno) if answer is not None else None,
        answer_of(node),
    )


def _bound(lookup: _Lookup, module: str, name: str, depth: int) -> Definition | None:
    """What is spoken of where a name is assigned, with the full names of what is imported for it;
    None if it is not, or that could not be followed."""
    source = lookup.source(module) if module and depth <= MAX_DEPTH else None
    bound = source.names.get(name, []) if source is not None else []
    if source is None or not bound:
        return None
    words: set[str] = set()
    for each in bound:
        if isinstance(each, str):
            return _bound(lookup, *_split(each), depth + 1) if len(bound) == 1 else None
        words |= _words(source, each)
    full = [each for word in words for each in source.names.get(word, ()) if isinstance(each, str)]
    words.update(full)
    last = bound[-1]
    line = last.lineno if isinstance(last, ast.stmt) else 1
    return Definition(Place(source.file, line), (), frozenset(), frozenset(words), None)


def _split(dotted: str) -> tuple[str, str]:
    module, _, name = dotted.rpartition(".")
    return module, name


# -- names -----------------------------------------------------------------------------------------


def read_names(file: str, tree: ast.Module, package: str) -> Source:
    """What the names of a module are bound to; `package` is what relative imports start from."""
    source = Source(file, {}, [])
    for node in _statements(tree.body):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            source.names.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    source.names.setdefault(target.id, []).append(node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                source.names.setdefault(name, []).append(alias.name if alias.asname else name)
        elif isinstance(node, ast.ImportFrom):
            module = _imported_from(node, package)
            for alias in node.names:
                if alias.name == "*":
                    source.stars.append(module)
                else:
                    bound = source.names.setdefault(alias.asname or alias.name, [])
                    bound.append(f"{module}.{alias.name}" if module else alias.name)
    return source


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those inside of `if` and `try` too."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            yield from _statements([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _statements([*node.body, *node.orelse, *node.finalbody])
            for handler in node.handlers:
                yield from _statements(handler.body)


def _imported_from(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    kept = parts[: len(parts) - (node.level - 1)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _find(lookup: _Lookup, module: str, name: str, depth: int) -> tuple[Source, Node] | str | None:
    """The statement that defines a name; a dotted name if it is defined elsewhere; None if that
    could not be found out."""
    if depth > MAX_DEPTH:
        return None
    source = lookup.source(module) if module else None
    if source is None:
        top = module.partition(".")[0]
        foreign = top in ("", "django") or find_source(lookup.interpreter, top) == (None, None)
        return None if not foreign else f"{module}.{name}".lstrip(".")
    bound = source.names.get(name)
    if bound is None:
        if len(source.stars) != 1:
            return None
        return _find(lookup, source.stars[0], name, depth + 1)
    # `except ImportError: MiddlewareMixin = object` stands for an old Django only.
    telling = [each for each in bound if not isinstance(each, ast.Assign)]
    if len(telling) != 1:
        return None
    (one,) = telling
    if isinstance(one, str):
        return _find(lookup, *_split(one), depth + 1)
    assert isinstance(one, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    return source, one


def _dotted(source: Source, node: ast.expr) -> str:
    """The full name that an expression stands for, "" if that is not known."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    bound = source.names.get(node.id, [])
    if len(bound) == 1 and isinstance(bound[0], str):
        return ".".join([bound[0], *attributes])
    return ""


# -- classes ---------------------------------------------------------------------------------------


def _gather(
    lookup: _Lookup, source: Source, node: Node, depth: int
) -> tuple[list[str], set[str], set[str]]:
    """The bases elsewhere, what is overridden and what is spoken of, through all classes of the
    project that a definition leads to."""
    words = _words(source, node)
    if not isinstance(node, ast.ClassDef):
        return [], set(), words
    overrides = set(_overrides(node))
    bases: list[str] = []
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id == "object":
            continue
        found = _base(lookup, source, base, depth + 1)
        if isinstance(found, tuple):
            above, more, spoken = _gather(lookup, *found, depth + 1)
            bases += above
            overrides |= more
            words |= spoken
        else:
            bases.append(found or "")
    return bases, overrides, words


def _base(
    lookup: _Lookup, source: Source, node: ast.expr, depth: int
) -> tuple[Source, Node] | str | None:
    if depth > MAX_DEPTH:
        return None
    if isinstance(node, ast.Name):
        bound = [each for each in source.names.get(node.id, []) if not isinstance(each, ast.Assign)]
        if len(bound) == 1 and isinstance(bound[0], ast.ClassDef):
            return source, bound[0]
        if len(bound) == 1 and isinstance(bound[0], str):
            return _find(lookup, *_split(bound[0]), depth)
        if not bound and len(source.stars) == 1:
            return _find(lookup, source.stars[0], node.id, depth)
        return None
    dotted = _dotted(source, node)
    return _find(lookup, *_split(dotted), depth) if dotted else None


def _overrides(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not _only_inherits(each):
                yield each.name
        elif isinstance(each, ast.Assign):
            yield from (target.id for target in each.targets if isinstance(target, ast.Name))
    if node.decorator_list or node.keywords:
        yield "__call__"  # a decorator or a metaclass can change anything


def _only_inherits(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method does nothing but call the one that it overrides."""
    body = [
        each
        for each in node.body
        if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
    ]
    if len(body) != 1 or node.decorator_list or not isinstance(body[0], (ast.Return, ast.Expr)):
        return False
    if isinstance(body[0], ast.Expr) and node.name != "__init__":
        return False
    return _is_super(body[0].value, node.name)


def _is_super(node: ast.expr | None, name: str) -> bool:
    """Whether an expression is `super().name(…)`."""
    if isinstance(node, ast.Await):
        node = node.value
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and isinstance(node.func.value, ast.Call)
        and isinstance(node.func.value.func, ast.Name)
        and node.func.value.func.id == "super"
    )


def _words(source: Source, node: ast.stmt) -> set[str]:
    """Names and texts in a definition, and in what of its module it uses by name."""
    words = set(_spoken(node))
    for name in sorted(words & source.names.keys()):
        for each in source.names[name]:
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign)):
                words.update(_spoken(each))
    return words


def _spoken(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value[:LONGEST_WORD]


# -- answers ---------------------------------------------------------------------------------------

_RESPONDING = ("redirect", "render", "serve")


def _answers(node: Node) -> Iterator[ast.Return]:
    """Where a middleware gives a response of its own before the next one is asked."""
    if not isinstance(node, ast.ClassDef):
        inner = (each for each in ast.walk(node) if each is not node)
        for each in inner:
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from _responses(each)
        return
    for each in node.body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if each.name == "process_request":
                yield from _returned(each)
            elif each.name in ("__call__", "__acall__"):
                yield from _responses(each)


def _returned(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Return]:
    """Django takes whatever `process_request` returns for the response, but None."""
    for each in ast.walk(node):
        if isinstance(each, ast.Return) and each.value is not None:
            nothing = isinstance(each.value, ast.Constant) and each.value.value is None
            if not nothing and not _is_super(each.value, node.name):
                yield each


def _responses(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Return]:
    """`return HttpResponse(…)`, and the like."""
    for each in ast.walk(node):
        if isinstance(each, ast.Return) and isinstance(each.value, ast.Call):
            function = each.value.func
            name = function.id if isinstance(function, ast.Name) else ""
            if name in _RESPONDING or "Response" in name:
                yield each
