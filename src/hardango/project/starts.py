"""One way in which a file of the project starts one of its processes."""

from __future__ import annotations

from collections.abc import Mapping

from hardango.findings import Place
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.launch import Launch
from hardango.project.model import Container, Flag, Variable
from hardango.project.shell import Find
from hardango.project.tree import Tree, join

if TYPE_CHECKING:
    from hardango.project.dockerfile import Copy


class Start(NamedTuple):
    """A process that a deployment file starts, or the variables of one that it does not start.

    `place` is what started it, `launch` what that is (None: the file only sets variables);
    `unsure` names variables that are set under a test that could not be decided; `sure` is false
    if the whole command is under one. `directory` is the working directory and `paths` what
    PYTHONPATH adds, relative to the root, None if they lie outside the repository.
    `entry` is the place of the deployment file itself, `service` the name that it gives;
    `container` what it runs in, `flags` the options of the server; `placed` the files that stand
    elsewhere there than in the repository, by the path in the repository where they stand there.
    """

    kind: str
    role: str
    place: Place
    variables: Mapping[str, Variable]
    launch: Launch | None = None
    unsure: frozenset[str] = frozenset()
    sure: bool = True
    directory: str | None = None
    paths: tuple[str, ...] = ()
    entry: Place | None = None
    service: str = ""
    container: Container | None = None
    flags: tuple[Flag, ...] = ()
    placed: Mapping[str, Copy] = {}


def script_finder(tree: Tree, *directories: str | None) -> Find:
    """Finds the scripts of the project that a command line names, from working directories."""

    def find(word: str) -> tuple[str, str] | None:
        for directory in directories:
            if directory is None or word.startswith("/"):
                continue
            file = join(directory, word)
            if file is not None:
                text = script_text(tree, file)
                if text is not None:
                    return file, text
        return None

    return find


def script_text(tree: Tree, file: str) -> str | None:
    """The text of a shell script; None if the file is none."""
    name = file.rpartition("/")[2]
    if file not in tree.files or ("." in name and not name.endswith((".sh", ".bash"))):
        return None
    text = tree.read(file)
    if text is None or "\0" in text:
        return None
    first = text[:200].split("\n", 1)[0]
    if first.startswith("#!"):
        return text if "sh" in first else None
    return text if name.endswith((".sh", ".bash")) else None
