"""Which file production installs from, and how that is known.

What a Dockerfile or a build script installs decides. Where none tells, a lock file comes before
requirements, and the nearest before those above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.project.model import Container, Installs
from hardango.project.names import is_aside, role_of_name, role_of_path
from hardango.project.python_entry import Sources
from hardango.project.requirements import (
    lock_files,
    manifests,
    read_requirements,
    requirement_files,
)
from hardango.project.tree import Tree

_SCRIPTS = ("build.sh", "build_files.sh", "render.yaml", "nixpacks.toml", "railway.toml",
            ".platform.app.yaml", "heroku.yml", "Procfile")  # fmt: skip
"""Files beside a Dockerfile that say what is installed when production is built."""

_FILES = Pattern(r"(?:^|\s)(?:-r|--requirements?)[\s=]*[\"']?([^\s\"']+)")
_PIP = Pattern(r"\b(?:pip[\d.]*|pip-sync)\s")
_SYNC = Pattern(r"\b(?:uv\s+pip\s+sync|pip-sync)\s+(?:-\S+\s+)*([^\s-]\S*)")
_MANAGERS = {
    "uv": (Pattern(r"\buv\s+(?:sync|export|run)\b"), ("uv.lock", "pyproject.toml")),
    "poetry": (Pattern(r"\bpoetry\s+(?:[-\w=]+\s+)*(?:install|sync|export)\b"),
               ("poetry.lock", "pyproject.toml")),
    "pdm": (Pattern(r"\bpdm\s+(?:install|sync|export)\b"), ("pdm.lock", "pyproject.toml")),
    "pipenv": (Pattern(r"\bpipenv\s+(?:install|sync|requirements)\b"), ("Pipfile.lock", "Pipfile")),
}  # fmt: skip
"""What installs from a lock file, and which file that is, or what stands in for it."""
_OWN = Pattern(r"\bpip[\d.]*\s+install\s+(?:-\S+\s+)*[\"']?\.(?:\[[^\]]*\])?[\"']?(?=\s|$)")


class _Said(NamedTuple):
    """An instruction that installs: from which files, where it stands, and how it reads."""

    files: tuple[str, ...]
    place: Place
    text: str


def installs(sources: Sources, base: str, container: Container | None) -> Installs | None:
    """What production installs, and how that is known; None if no file tells."""
    tree = sources.tree
    known = _known(tree, base)
    if not known:
        return None
    said = [each for each in _said(tree, base, container) if each.files]
    files = list(dict.fromkeys(file for each in said for file in each.files))
    if files:
        first = next(each for each in said if files[0] in each.files)
        reason, place = f"{first.place} installs it: {first.text}", first.place
    else:
        files, place = known[:1], None
        others = known[1:]
        reason = "it is the only file that tells" if not others else "no build file says which"
    unread: list[Place] = []
    found = [each for file in files for each in read_requirements(sources, file, unread)]
    read = {*files, *(each.place.file for each in found)}
    others = [each for each in known if each not in read]
    return Installs(tuple(files), reason, place, tuple(found), tuple(unread), tuple(others))


def _known(tree: Tree, base: str) -> list[str]:
    """The files that can tell, the most telling first."""
    asked = [file for file, use in requirement_files(tree, base) if use == "production"]
    if asked and role_of_path(tree.inner(asked[0])) != "production":
        plain = f"{asked[0].rpartition('/')[0]}/requirements.txt".lstrip("/")
        asked.sort(key=lambda file: file != plain)
    found = [*lock_files(tree, base), *asked, *manifests(tree, base)]
    # What is made of another file comes before it: a .txt before its .in.
    return list(dict.fromkeys(found))


def _said(tree: Tree, base: str, container: Container | None) -> Iterator[_Said]:
    """The instructions that install, of production's image or of the scripts that build it."""
    found = list(_of_image(tree, base, container.file)) if container is not None else []
    if not found:
        files = [
            file
            for file in tree.files
            if file.rpartition("/")[2].lower().startswith(("dockerfile", "containerfile"))
            and role_of_path(tree.inner(file)) not in ("development", "test")
            and not is_aside(tree.inner(file))
        ]
        found = [each for file in files[:1] for each in _of_image(tree, base, file)]
    if not found:
        for name in _SCRIPTS:
            for file in tree.named(name)[:1]:
                for number, row in enumerate((tree.read(file) or "").split("\n"), 1):
                    found += _of_command(tree, base, row, Place(file, number))
    yield from found


def _of_image(tree: Tree, base: str, file: str) -> Iterator[_Said]:
    """The instructions of a Dockerfile that install what production runs."""
    from hardango.project.dockerfile import instructions

    names: dict[str, str] = {}
    stage = ""
    for each in instructions(tree.read(file) or ""):
        if each.name == "FROM":
            stage = each.text.lower().rpartition(" as ")[2] if " as " in each.text.lower() else ""
        elif each.name in ("ARG", "ENV"):
            names |= dict(re.findall(r"(\w+)[= ][\"']?([^\s\"']+)", each.text))
        elif each.name == "RUN" and role_of_name(stage) not in ("development", "test"):
            yield from _of_command(tree, base, _filled(each.text, names), Place(file, each.line))


def _filled(text: str, names: Mapping[str, str]) -> str:
    """A command with the build arguments that are known."""
    return re.sub(r"\$\{?(\w+)\}?", lambda match: names.get(match[1], match[0]), text)


def _of_command(tree: Tree, base: str, text: str, place: Place) -> Iterator[_Said]:
    """What the commands of a line install."""
    for command in re.split(r"&&|\|\||;|\|", text):
        files: list[str] = []
        if _PIP.search(command):
            named = [*_FILES.findall(command), *_SYNC.findall(command)]
            files += [found for each in named if (found := _path(tree, base, each))]
            # Tools of developers are not production's.
            files = [each for each in files
                     if role_of_path(tree.inner(each)) not in ("development", "test")]  # fmt: skip
            if not named and _OWN.search(command):
                own = (
                    _first(tree, base, [each])
                    for each in ("pyproject.toml", "setup.cfg", "setup.py")
                )
                files += [each for found in own for each in found]
        for mark, names in _MANAGERS.values():
            if mark.search(command):
                files += _first(tree, base, names)
        if files:
            yield _Said(tuple(files), place, _shown(command))


def _first(tree: Tree, base: str, names: Iterable[str]) -> list[str]:
    """The first of the names that is there, near the project."""
    for name in names:
        files = tree.named(name)
        near = [each for each in files if base.startswith(each.rpartition("/")[0])]
        if near or files:
            return [max(near, key=len) if near else files[0]]
    return []


def _path(tree: Tree, base: str, written: str) -> str | None:
    """A path in an image as a file of the repository, by its tail."""
    parts = [each for each in written.replace("\\", "/").split("/") if each not in ("", ".", "..")]
    for at in range(len(parts)):
        tail = "/".join(parts[at:])
        found = [each for each in tree.files if each == tail or each.endswith("/" + tail)]
        found = [each for each in found if not is_aside(tree.inner(each.rpartition("/")[0]))]
        if found:
            near = [each for each in found if base and each.startswith(base + "/")]
            return min(near or found, key=lambda each: each.count("/"))
    return None


def _shown(command: str) -> str:
    """A command as it is told: without mounts and the like, and not too long."""
    text = " ".join(re.sub(r"--mount=\S+", "", command).split())
    return text if len(text) <= 80 else text[:79].rstrip() + "…"
