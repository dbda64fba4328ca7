"""The URLconf of a package, read from its source where that is at hand: the calls of `path()` in its
lists, each under the tests around it. What is made by code there is said to be missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hardango.access.sources import Module, Sources
from hardango.light import NamedTuple

MAX_DEPTH = 6
_ROUTING = ("path", "re_path", "url")


class Listed(NamedTuple):
    """One `path()`: its whole pattern below the include, its view (None: it could not be read), the
    tests under which it exists, and what is put around all of its list afterwards, the outermost
    first."""

    pattern: str
    view: ast.expr | None
    module: Module
    name: str = ""
    when: tuple[str, ...] = ()
    why: str = ""
    around: tuple[tuple[ast.expr, Module], ...] = ()


def listed(sources: Sources, name: str, depth: int = 0) -> list[Listed]:
    """The routes of the URLconf `name`; none if its source is not at hand."""
    module = sources.module(name)
    if module is None or depth > MAX_DEPTH:
        return []
    return [*_of_block(sources, module, module.tree.body, "urlpatterns", "", (), depth)]


def _of_block(
    sources: Sources, module: Module, body: list[ast.stmt], name: str, prefix: str,
    when: tuple[str, ...], depth: int,
) -> list[Listed]:  # fmt: skip
    found: list[Listed] = []
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value is None or not any(
                isinstance(each, ast.Name) and each.id == name for each in targets
            ):
                continue
            if isinstance(node, ast.Assign) and _wraps(node.value, name):
                found = [_wrapped(each, node.value, module) for each in found]
            else:
                found += _of_list(sources, module, node.value, prefix, when, depth)
        elif isinstance(node, ast.If):
            text = " ".join(ast.unparse(node.test).split())[:80]
            found += _of_block(sources, module, node.body, name, prefix, (*when, text), depth)
            other = (*when, f"not ({text})")
            found += _of_block(sources, module, node.orelse, name, prefix, other, depth)
        elif isinstance(node, ast.Try):
            found += _of_block(sources, module, node.body, name, prefix, when, depth)
        elif isinstance(node, ast.For) and name in ast.unparse(node):
            why = "some of its routes are made in a loop"
            found.append(Listed(prefix, None, module, when=when, why=why))
    return found


def _wraps(node: ast.expr, name: str) -> bool:
    """`urlpatterns = decorate(urlpatterns, …)`."""
    return isinstance(node, ast.Call) and any(
        isinstance(each, ast.Name) and each.id == name for each in node.args
    )


def _wrapped(each: Listed, node: ast.expr, module: Module) -> Listed:
    """A route whose list was handed to a function: with the decorator that it was handed with, or
    as one of which nothing is known."""
    assert isinstance(node, ast.Call)
    if "decorat" in _last(node.func) and len(node.args) == 2:
        return each._replace(around=((node.args[1], module), *each.around))
    why = f"its list is changed by {' '.join(ast.unparse(node).split())[:80]}"
    return each._replace(view=None, why=each.why or why)


def _of_list(
    sources: Sources, module: Module, node: ast.expr, prefix: str, when: tuple[str, ...], depth: int
) -> Iterator[Listed]:
    if isinstance(node, (ast.List, ast.Tuple)):
        for each in node.elts:
            inner = each.value if isinstance(each, ast.Starred) else each
            yield from _of_list(sources, module, inner, prefix, when, depth)
    elif isinstance(node, ast.BinOp):
        yield from _of_list(sources, module, node.left, prefix, when, depth)
        yield from _of_list(sources, module, node.right, prefix, when, depth)
    elif isinstance(node, ast.Call) and _last(node.func) in _ROUTING and len(node.args) > 1:
        yield from _of_path(sources, module, node, prefix, when, depth)
    elif isinstance(node, ast.Name) and node.id in module.names and depth <= MAX_DEPTH:
        if node.id != "urlpatterns":
            body = module.tree.body
            yield from _of_block(sources, module, body, node.id, prefix, when, depth + 1)
    elif not (isinstance(node, ast.Name) and node.id == "urlpatterns"):
        why = f"not known: {' '.join(ast.unparse(node).split())[:80]}"
        yield Listed(prefix, None, module, when=when, why=why)


def _of_path(
    sources: Sources, module: Module, call: ast.Call, prefix: str, when: tuple[str, ...], depth: int
) -> Iterator[Listed]:
    given, view = call.args[0], call.args[1]
    text = given.value if isinstance(given, ast.Constant) else None
    if isinstance(given, ast.Call) and given.args and isinstance(given.args[0], ast.Constant):
        text = given.args[0].value  # a translated pattern
    if not isinstance(text, str):
        yield Listed(prefix, None, module, when=when, why="a pattern that is computed")
        return
    pattern = prefix + text.removeprefix("^")
    if not (isinstance(view, ast.Call) and _last(view.func) == "include"):
        name = next((str(each.value.value) for each in call.keywords
                     if each.arg == "name" and isinstance(each.value, ast.Constant)), "")  # fmt: skip
        yield Listed(pattern, view, module, name, when)
        return
    target = view.args[0] if view.args else None
    if isinstance(target, (ast.Tuple, ast.List)) and target.elts and not _is_path(target.elts[0]):
        target = target.elts[0]
    urlconf = str(target.value) if isinstance(target, ast.Constant) else ""
    if isinstance(target, (ast.Name, ast.Attribute)) and not urlconf:
        dotted = sources.name(module, target)
        urlconf = dotted if sources.module(dotted) is not None else ""
    if urlconf:
        inner = listed(sources, urlconf, depth + 1)
        if not inner:
            why = f"the routes of {urlconf} are not at hand"
            yield Listed(pattern, None, module, when=when, why=why)
        for each in inner:
            yield each._replace(pattern=pattern + each.pattern, when=(*when, *each.when))
    elif target is not None:
        yield from _of_list(sources, module, target, pattern, when, depth + 1)


def _is_path(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _last(node.func) in _ROUTING


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
