"""Guards of a project, broken one at a time: what a mutant is, found by the source alone.

Nothing here knows how Hardango reads guards: a mutant is an edit that a tired person could make.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

DECORATORS = re.compile(
    r"(login|permission|permissions|staff|staff_member|superuser|manager|member|admin|owner|editor|user|"
    r"moderator|reviewer|participant)\w*_required$|^(any_)?permission_required|user_passes_test$|"
    r"^(authorize|authenticate)\w*$"
)
MIXINS = re.compile(r"(Login|Permission|PermissionsRequired|UserPasses|Staff|Superuser|Manager|Admin|Owner|"
                    r"Moderator|Privilege|Restricted)\w*(Mixin|Required|Test)\w*$")  # fmt: skip
SKIPPED = re.compile(
    r"(^|/)(tests?|migrations|node_modules|docs?|examples?)(/|$)|(^|/)(test_\w+|conftest)\.py$"
)


class Mutant(NamedTuple):
    """One broken guard: the file, its new text, what was done, the line, and the name of the function
    or class that was guarded."""

    file: str
    text: str
    kind: str
    line: int
    subject: str


def mutants(root: str) -> Iterator[Mutant]:
    """Every mutant of the Python files below `root`, file by file."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            file = os.path.relpath(os.path.join(folder, name), root)
            if not name.endswith(".py") or SKIPPED.search(file):
                continue
            with open(
                os.path.join(folder, name), encoding="utf-8", errors="surrogateescape"
            ) as opened:
                text = opened.read()
            try:
                tree = ast.parse(text)
            except SyntaxError:
                continue
            yield from _Source(file, text).in_body(tree.body)


class _Source:
    """The mutants of one file."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.starts = [0]
        for line in text.encode().splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def edited(
        self, start: int, end: int, new: str, kind: str, node: ast.AST, subject: str
    ) -> Mutant:
        data = self.text.encode()
        text = (data[:start] + new.encode() + data[end:]).decode()
        return Mutant(self.file, text, kind, getattr(node, "lineno", 0), subject)

    def replaced(self, node: ast.expr, new: str, kind: str, subject: str) -> Mutant:
        start = self.at(node.lineno, node.col_offset)
        end = self.at(node.end_lineno or 0, node.end_col_offset or 0)
        return self.edited(start, end, new, kind, node, subject)

    def in_body(self, body: list[ast.stmt]) -> Iterator[Mutant]:
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield from self.decorated(node)
                yield from self.of_class(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from self.decorated(node)
                yield from self.of_function(node, node.name)

    # -- decorators --

    def decorated(
        self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[Mutant]:
        for decorator in node.decorator_list:
            inner = decorator
            if _name(decorator) == "method_decorator" and isinstance(decorator, ast.Call):
                inner = decorator.args[0] if decorator.args else decorator
            if not DECORATORS.search(_name(inner)):
                continue
            start = self.at(decorator.lineno, 0)
            end = self.at((decorator.end_lineno or 0) + 1, 0)
            yield self.edited(start, end, "", "decorator removed", decorator, node.name)
            call = inner if isinstance(inner, ast.Call) else None
            if call and "permission_required" in _name(inner) and call.args:
                if isinstance(call.args[0], ast.Constant):
                    yield self.replaced(call.args[0], "[]", "no permission asked for", node.name)
            if call and _name(inner) == "user_passes_test" and call.args:
                yield self.replaced(
                    call.args[0], "lambda user: True", "a test that all pass", node.name
                )

    # -- classes --

    def of_class(self, node: ast.ClassDef) -> Iterator[Mutant]:
        bases = node.bases
        for at, base in enumerate(bases):
            if not MIXINS.search(_name(base)) or len(bases) < 2:
                continue
            others = [ast.unparse(each) for each in bases if each is not base]
            span = self.at(bases[0].lineno, bases[0].col_offset), self.at(
                bases[-1].end_lineno or 0, bases[-1].end_col_offset or 0)  # fmt: skip
            yield self.edited(*span, ", ".join(others), "mixin removed", base, node.name)
            if at < len(bases) - 1:
                last = ", ".join([*others, ast.unparse(base)])
                yield self.edited(*span, last, "mixin after the view", base, node.name)
        for each in node.body:
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                yield from self.attribute(each.targets[0].id, each.value, node.name)
            elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from self.decorated(each)
                yield from self.of_function(each, node.name)

    def attribute(self, name: str, value: ast.expr, subject: str) -> Iterator[Mutant]:
        if name == "permission_classes" and _asks(value):
            yield self.replaced(value, "[]", "permission classes emptied", subject)
        elif name == "permission_required" and isinstance(value, ast.Constant) and value.value:
            yield self.replaced(value, "()", "permission emptied", subject)

    # -- bodies --

    def of_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, subject: str
    ) -> Iterator[Mutant]:
        for each in ast.walk(node):
            if isinstance(each, ast.If) and _refuses(each):
                yield self.replaced(each.test, "False", "check switched off", subject)
            elif isinstance(each, ast.Call) and _name(each) == "get_object_or_404":
                for keyword in each.keywords:
                    if keyword.arg and ast.unparse(keyword.value) in (
                        "request.user",
                        "self.request.user",
                    ):
                        start = self.at(keyword.lineno, keyword.col_offset)
                        end = self.at(
                            keyword.value.end_lineno or 0, keyword.value.end_col_offset or 0
                        )
                        yield self.edited(start, end, f"{keyword.arg}__isnull=False",
                                          "owner no longer asked for", keyword, subject)  # fmt: skip
            elif (
                isinstance(each, ast.Return) and node.name == "test_func" and each.value is not None
            ):
                yield self.replaced(each.value, "True", "a test that all pass", subject)


def _name(node: ast.expr) -> str:
    """The last name of what is used or called."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _asks(value: ast.expr) -> bool:
    names = {_name(each) for each in ast.walk(value) if isinstance(each, (ast.Name, ast.Attribute))}
    return bool(names - {"AllowAny", "permissions"})


def _refuses(node: ast.If) -> bool:
    """`if not request.user.is_staff: raise PermissionDenied`, and the like."""
    test = ast.unparse(node.test)
    if not re.search(r"request\.user\.(is_|has_perm|can_)|request\.user\s*(!=|==|not in)", test):
        return False
    if not isinstance(node.test, (ast.UnaryOp, ast.BoolOp, ast.Compare)) or len(node.body) != 1:
        return False
    said = ast.unparse(node.body[0])
    refusal = re.search(r"PermissionDenied|Http404|HttpResponseForbidden|403|login", said)
    return isinstance(node.body[0], (ast.Raise, ast.Return)) and bool(refusal)
