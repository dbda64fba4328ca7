"""Which modules of a tree are settings modules."""

from __future__ import annotations

import re

from hardango import syntax as ast
from hardango.patterns import Pattern
from hardango.project.names import PRODUCTION, role_of_name, words
from hardango.project.python_entry import Sources

MAX_OPENED = 400
"""Files whose name allows settings that are opened to see."""

_STEMS = frozenset(
    "conf base common default defaults main local dev devel development live deploy deployment "
    "heroku staging stage docker test tests testing ci server aws".split()
)
_DIRECTORIES = frozenset("conf config configs configuration env envs".split())
_MARKS = ("INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "SECRET_KEY", "DATABASES", "DEBUG")
_NAMES = frozenset(_MARKS) | {"ALLOWED_HOSTS", "TEMPLATES", "WSGI_APPLICATION", "STATIC_URL"}


def settings_files(sources: Sources) -> list[str]:
    """The files that are settings modules by their name and what they assign."""
    tree = sources.tree
    opened = 0
    found = []
    for file in tree.files:
        if not file.endswith(".py"):
            continue
        directory, _, name = file.rpartition("/")
        last = directory.rpartition("/")[2].lower()
        inside = "settings" in last or last in _DIRECTORIES
        named = "settings" in words(name)
        if not (named or inside or _can_be_settings(name.removesuffix(".py").lower())):
            continue
        opened += 1
        if opened > MAX_OPENED:
            break
        if _looks_like_settings(sources, file, likely=named or inside):
            found.append(file)
    return found


def _can_be_settings(stem: str) -> bool:
    """Whether the name of a file, without its ending, is one that settings modules have."""
    if stem in _STEMS or stem.startswith(("global", "django")):
        return True
    return any(word in stem for word in ("settings", "config", "prod"))


def _looks_like_settings(sources: Sources, file: str, *, likely: bool) -> bool:
    """Whether a file assigns what settings assign, or stars in what does.

    `likely` files (settings.py, settings/*.py) count with less: one name, or a star import.
    """
    text = sources.tree.read(file)
    if text is None or not any(mark in text for mark in _MARKS):
        # settings/production.py may only import and override two names.
        if text is None or not likely or not re.search(r"(?m)^from \S+ import \*", text):
            return False
    if not likely and not re.search(r"(?m)^\s*(INSTALLED_APPS|ROOT_URLCONF)\b", text):
        return False
    parsed = sources.parse(file)
    if parsed is None:
        return likely and re.search(r"(?m)^(INSTALLED_APPS|ROOT_URLCONF)\s*\+?=", text) is not None
    names = assigned(parsed)
    if "INSTALLED_APPS" in names or "ROOT_URLCONF" in names:
        return True
    if not likely:
        return False
    said = names & _NAMES or role_of_name(file.rpartition("/")[2].removesuffix(".py"))
    return len(names & _NAMES) > 1 or bool(said and _stars(parsed))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def assigned(parsed: ast.Module) -> set[str]:
    """The upper-case names that a module, or a class in it, assigns."""
    found: set[str] = set()
    todo: list[ast.stmt] = list(parsed.body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id for each in targets if isinstance(each, ast.Name)}
        elif not isinstance(node, (ast.Expr, ast.Import, ast.ImportFrom, *_FUNCTIONS)):
            for field in ("body", "orelse", "finalbody"):
                todo += [each for each in getattr(node, field, []) if isinstance(each, ast.stmt)]
    return {name for name in found if name.isupper()}


def _stars(parsed: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and any(alias.name == "*" for alias in node.names)
        and (node.level > 0 or "settings" in (node.module or ""))
        for node in parsed.body
    )


_INDIRECT = Pattern(
    r"\*|\b(include|globals|locals|vars|setattr|exec|eval|import_module|modules|Configuration|"
    r"LazySettings|\w*Dynaconf|BaseSettings|add_type|__getattr__)\b|load_settings"
)
"""Words without which a module can set nothing but what it assigns under a name."""


def sets_nothing(sources: Sources, file: str) -> bool:
    """Whether a module surely sets nothing that Django needs: it can be a package of settings
    modules, but production cannot load it."""
    parsed = sources.parse(file)
    if parsed is None or assigned(parsed) & _NAMES:
        return False
    for node in ast.walk(parsed):
        if isinstance(node, ast.ImportFrom) and _imports_settings(node):
            return False
    return _INDIRECT.search(_without_texts(parsed)) is None


def _imports_settings(node: ast.ImportFrom) -> bool:
    return any(alias.name == "*" or alias.name in _NAMES for alias in node.names)


def _without_texts(parsed: ast.Module) -> str:
    """The names that a module uses, without its texts and comments."""
    found = []
    for node in ast.walk(parsed):
        for field in ("id", "attr", "name", "module"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                found.append(name)
    return " ".join(found)


def said_role(sources: Sources, file: str) -> str:
    """What a settings module says of its own use in the first line of its docstring, or all of
    its classes that say something in theirs."""
    parsed = sources.parse(file)
    if parsed is None:
        return ""
    role = _role_of_words(parsed)
    classes = [each for each in parsed.body if isinstance(each, ast.ClassDef)]
    roles = {_role_of_words(each) or role_of_name(each.name) for each in classes} - {""}
    return role or ("development" if roles == {"development"} else "")


def _role_of_words(node: ast.Module | ast.ClassDef) -> str:
    first = (ast.get_docstring(node, clean=False) or "").strip().partition("\n")[0]
    said = set(words(first))
    role = role_of_name(first)
    if role == "development" and (PRODUCTION & said or not _FOR_DEVELOPERS & said):
        return ""
    return role


_FOR_DEVELOPERS = frozenset("development developers developer dev".split())


def classes_of(sources: Sources, file: str) -> tuple[str, ...]:
    """The names of the classes that a module defines or imports by name."""
    parsed = sources.parse(file)
    found: list[str] = []
    for node in parsed.body if parsed is not None else ():
        if isinstance(node, ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.ImportFrom):
            found += [alias.asname or alias.name for alias in node.names]
    return tuple(dict.fromkeys(found))
