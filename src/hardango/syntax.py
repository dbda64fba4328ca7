"""The nodes of `ast`, and the few functions that an audit needs of it.

Half of what importing `ast` costs is for what an audit has no use of: unparsing, visitors, context
managers, the nodes of Python 2. The nodes themselves are made in C. A type checker sees the real
module here, and so does at run time who asks for more of it.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from ast import *  # noqa: F403
else:
    from _ast import *  # noqa: F403
    from _ast import AST, Constant, Expr, PyCF_ONLY_AST

    def parse(source, filename="<unknown>"):
        """As `ast.parse`, of a module."""
        return compile(source, filename, "exec", PyCF_ONLY_AST)

    def iter_child_nodes(node):
        """As `ast.iter_child_nodes`."""
        for name in node._fields:
            field = getattr(node, name, None)
            if isinstance(field, AST):
                yield field
            elif isinstance(field, list):
                yield from [each for each in field if isinstance(each, AST)]

    def walk(node):
        """As `ast.walk`, in the same order: level by level."""
        todo = [node]
        for each in todo:
            todo.extend(iter_child_nodes(each))
            yield each

    def get_docstring(node, clean=True):
        """As `ast.get_docstring`."""
        first = node.body[0] if node.body else None
        if isinstance(first, Expr) and isinstance(first.value, Constant):
            if isinstance(first.value.value, str) and not clean:
                return first.value.value
            return __getattr__("get_docstring")(node)
        return None

    def __getattr__(name):
        import ast

        return getattr(ast, name)
