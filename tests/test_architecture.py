"""The house stands: what may import what, what may load at start-up, what may never run."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "hardango"

# Each floor and what it may stand on. `findings` is the plain data that all share. A new
# top-level name has no floor until it is given one here, with a reason in docs/architecture.md.
FLOORS = {
    "light": set(),
    "syntax": set(),
    "bytecode": {"", "light"},
    "findings": {"light"},
    "patterns": {"light"},
    "newer": {"light", "patterns"},
    "source": {"newer", "syntax"},
    "spelling": set(),
    "schedule": set(),
    "uncommitted": {"light"},
    "replace": set(),
    "variables": {"light"},
    "support": set(),
    "inventory": {"light", "findings"},
    "matrix": {"light", "findings"},
    "project": {"source", "syntax", "light", "findings", "patterns", "uncommitted"},
    "settings": {"schedule", "source", "syntax", "light", "findings", "patterns", "uncommitted"},
    "edits": {"light"},
    "evidence": {"light", "findings"},
    "client": {"light", "evidence"},
    "controls": {"light", "findings", "patterns", "settings", "project.model", "edits", "evidence",
                 "support", "dependencies.offline", "dependencies.cache", "access.policy"},
    "fix": {"light", "findings", "project", "settings", "controls", "edits", "audit",
            "replace", "variables"},
    "local": {"light", "findings", "patterns", "evidence", "client", "project", "settings", "controls", "audit"},
    "probe": {"light", "findings", "patterns", "evidence", "client", "project", "settings", "controls",
              "audit", "local"},
    "access": {"light", "findings", "patterns", "spelling", "source", "evidence", "matrix", "project",
               "settings", "controls", "configuration", "audit", "local", "replace"},
    "dependencies": {"light", "findings", "patterns", "project", "settings", "controls", "inventory",
                     "support", "configuration", "audit", "runs"},
    "report": {"light", "findings", "evidence", "inventory", "matrix"},
    "configuration": {"light", "findings", "patterns", "spelling", "project.model",
                      "controls.catalogue"},
    "audit": {"light", "findings", "project", "settings", "controls", "configuration", "source",
              "spelling"},
    "baseline": {"light", "findings"},
    "runs": {"light", "findings", "configuration", "audit", "baseline"},
}  # fmt: skip
TOP = {
    "arguments",
    "cli",
    "completion",
    "parsers",
    "django",
    "pytest_plugin",
    "pytest_access",
    "__main__",
}

# What `import ast` costs is the yardstick of start-up; each of these costs a good part of it.
# They are imported where they are used, inside the function that needs them.
HEAVY = {
    "asyncio", "concurrent", "configparser", "csv", "dataclasses", "datetime", "decimal",
    "difflib", "email", "hashlib", "http", "importlib.metadata", "importlib.resources", "inspect",
    "ipaddress", "logging", "multiprocessing", "packaging", "pathlib", "pprint", "random",
    "shutil", "socket", "ssl", "statistics", "subprocess", "tempfile", "tomllib", "unittest",
    "urllib", "uuid", "xml", "yaml", "zipfile",
}  # fmt: skip

# A model is loaded only when audited settings import what it describes.
MODELS = ("settings.stdlib.", "settings.libraries.")

LONGEST_FUNCTION = 60
LONGEST_MODULE = 800


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """The full name of everything imported, `from a import b` as `a.b`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_import_time(node: ast.AST) -> Iterator[ast.AST]:
    """The statements that run when the module is imported: all but those inside functions
    and under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from at_import_time(child)


def within(name: str, allowed: set[str]) -> bool:
    return any(name == each or name.startswith(each + ".") for each in allowed)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_never_run_back_up(path: Path) -> None:
    floor = name_of(path).split(".")[0]
    if floor in TOP or not floor:
        return
    assert floor in FLOORS, f"{floor} has no floor: give it one in FLOORS and say why in the docs"
    allowed = FLOORS[floor] | {floor}
    ours = [name.removeprefix("hardango.") for name in imports(ast.walk(tree_of(path)))
            if name.startswith("hardango.") and name != "hardango.__version__"]  # fmt: skip
    wrong = [name for name in ours if not within(name, allowed)]
    assert not wrong, f"{floor} stands on {sorted(allowed)}, but {path.name} imports {wrong}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_heavy_import_when_a_module_loads(path: Path) -> None:
    name = name_of(path)
    lazy = {
        "access",
        "pytest_access",
        "client",
        "django",
        "fix",
        "local",
        "probe",
        "dependencies",
        "schedule",
    }
    if name.split(".")[0] in lazy or name.startswith(MODELS):
        return
    loaded = set(imports(at_import_time(tree_of(path))))
    assert not [name for name in loaded if within(name, HEAVY)]


def test_an_audit_loads_nothing_heavy() -> None:
    """Nor by way of a standard module that loads another one."""
    clean = ROOT / "tests" / "projects" / "check_deploy_clean"
    script = (
        "import sys; before = set(sys.modules); import contextlib, io\n"
        "from hardango.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main(['audit', {str(clean)!r}])\n"
        "print(' '.join(sorted(set(sys.modules) - before)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n{script}"],
        capture_output=True, text=True,
    )  # fmt: skip
    loaded = set(done.stderr.split())
    assert "hardango.controls" in loaded, done.stderr[:500]
    assert sorted(loaded & HEAVY) == []


# What the audit of a new project goes without; each takes a hundredth or more of its time.
UNNEEDED = {
    "argparse", "fnmatch", "gettext", "importlib.resources", "ipaddress", "json", "locale",
    "pathlib", "tokenize", "typing", "unicodedata", "urllib", "weakref", "yaml",
    "hardango.completion", "hardango.edits", "hardango.evidence", "hardango.newer",
    "hardango.parsers", "hardango.spelling",
    "hardango.project.deployment", "hardango.project.launch", "hardango.project.requirements",
    "hardango.settings.classes", "hardango.settings.effects", "hardango.settings.execution",
    "hardango.settings.managers",
}  # fmt: skip
MOST_MODULES, MOST_PATTERNS = 72, 12
"""How many of our modules an audit of a new project loads, controls apart, and how many patterns
it compiles: some more than it does now. A control is counted by its own story, not here."""


def test_the_audit_of_a_new_project_loads_little(tmp_path: Path) -> None:
    """A new import or pattern on this path makes every audit slower: look whether it can wait."""
    new = [sys.executable, "-m", "django", "startproject", "shop", str(tmp_path)]
    subprocess.run(new, check=True, capture_output=True)
    script = (
        "import sys; before = set(sys.modules); import io\n"
        "from hardango.cli import main\n"
        "shown, sys.stdout = sys.stdout, io.StringIO()\n"
        f"main(['audit', {str(tmp_path)!r}])\n"
        "import re; sys.stdout = shown\n"
        "print(len(re._cache), *sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n{script}"],
        capture_output=True, text=True,
    )  # fmt: skip
    patterns, *loaded = done.stdout.split()
    assert "hardango.controls.start.debug" in loaded, done.stderr[:500]
    assert sorted(name for name in loaded if within(name, UNNEEDED)) == []
    models = {name for name in loaded if name.startswith(tuple(f"hardango.{m}" for m in MODELS))}
    assert models <= {
        "hardango.settings.stdlib.pathlib",
        "hardango.settings.libraries.django",
        "hardango.settings.libraries.django_urls",
    }
    ours = [name for name in loaded if within(name, {"hardango"})]
    assert len([name for name in ours if not within(name, {"hardango.controls"})]) <= MOST_MODULES
    assert int(patterns) <= MOST_PATTERNS


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_nothing_can_run_what_it_reads(path: Path) -> None:
    """The static half has no call that could run or import code of an audited project."""
    # git is asked what is committed, and told to run nothing that the repository names; the
    # package loads its own bytecode and, by name, its own modules; `syntax` compiles to a tree.
    running, loading = {"fix.git", "syntax"}, {"", "light", "bytecode"}
    starts = {"django", "probe", "local", "access.child", "access.loaded", "access.prove"}
    if within(name_of(path), starts) or name_of(path) in running | loading:
        return
    tree = tree_of(path)
    builtins = {"exec", "eval", "compile", "__import__"}
    os_calls = ("os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn", "os.fork")
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    wrong = [call for call in calls if call in builtins or call.startswith(os_calls)]
    modules = {"subprocess", "runpy", "pickle", "shelve", "marshal", "code", "imp", "ctypes"}
    wrong += [name for name in imports(ast.walk(tree)) if within(name, modules)]
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_functions_fit_a_screen(path: Path) -> None:
    tree = tree_of(path)
    long = {
        node.name: size
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := lines_of_code(node)) > LONGEST_FUNCTION
    }
    assert not long, f"longer than {LONGEST_FUNCTION} lines without docstring and tables: {long}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_stay_readable(path: Path) -> None:
    """A module is split before it becomes a god module; tables of data do not count."""
    tree = tree_of(path)
    code = [node for node in tree.body if not isinstance(node, ast.Assign | ast.AnnAssign)]
    size = sum(span(node) for node in code)
    assert size <= LONGEST_MODULE, f"{path.name} has {size} lines of code"


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, less the docstring, its tables (literals of more than five lines) and one line
    for each case of a `match`, which is a table too."""
    size = span(function)
    if ast.get_docstring(function) is not None:
        size -= span(function.body[0])
    tables = [n for n in ast.walk(function) if isinstance(n, ast.Dict | ast.List | ast.Tuple)]
    outermost = [n for n in tables if not any(n is not m and holds(m, n) for m in tables)]
    size -= sum(span(n) - 1 for n in outermost if span(n) > 5)
    return size - sum(len(n.cases) for n in ast.walk(function) if isinstance(n, ast.Match))


def holds(outer: ast.expr, inner: ast.expr) -> bool:
    return any(node is inner for node in ast.walk(outer))


def span(node: ast.stmt | ast.expr) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.name
)
def test_lock_pins_by_hash_and_names_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "index" not in text
