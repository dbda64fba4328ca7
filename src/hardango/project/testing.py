"""Settings modules that test runners, type checkers and linters are configured with."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.findings import Place
from hardango.patterns import Pattern
from hardango.project.model import EntryPoint
from hardango.project.modules import is_dotted
from hardango.project.tree import Tree, parent

FILES = (
    "pytest.ini",
    ".pytest.ini",
    "tox.ini",
    "setup.cfg",
    "pyproject.toml",
    "mypy.ini",
    ".coveragerc",
    "pytest.toml",
)

_NAMES = (
    Pattern(r"""^\s*DJANGO_SETTINGS_MODULE\s*[:=]\s*["']?([\w.]+)"""),
    Pattern(r"""^\s*django_settings_module\s*=\s*["']?([\w.]+)"""),
    Pattern(r"""--ds[= ]["']?([\w.]+)"""),
    Pattern(r"""DJANGO_SETTINGS_MODULE\s*=\s*["']?([\w.]+)"""),
)


def read_test_configuration(tree: Tree, base: str) -> Iterator[EntryPoint]:
    """The modules that the configuration files of a project's directory, and of those above it,
    name. The files have many dialects; a line that names the module looks alike in all."""
    directory = base
    while True:
        for name in FILES:
            file = f"{directory}/{name}" if directory else name
            if file in tree.files:
                yield from _read(tree, file)
        if not directory:
            return
        directory = parent(directory)


def _read(tree: Tree, file: str) -> Iterator[EntryPoint]:
    text = tree.read(file) or ""
    if "jango" not in text and "JANGO" not in text and "--ds" not in text:
        return
    said: set[str] = set()
    for number, row in enumerate(text.split("\n"), 1):
        if row.lstrip().startswith(("#", ";")):
            continue
        for pattern in _NAMES:
            found = pattern.search(row)
            if found and is_dotted(found[1]) and found[1] not in said:
                said.add(found[1])
                name = file.rpartition("/")[2]
                yield EntryPoint(name, "test", Place(file, number), found[1])
                break
