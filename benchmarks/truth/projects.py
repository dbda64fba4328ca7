"""The projects that the truth harness loads, as `projects.toml` lists them."""

from __future__ import annotations

import os
import tomllib
from typing import Any, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "projects.toml")
SAMPLES = os.path.join(HERE, "samples")


class Scenario(NamedTuple):
    """One environment in which a project is loaded: a name for the table, and its variables."""

    name: str
    variables: dict[str, str]


class Project(NamedTuple):
    """One settings module of one pinned project.

    `requirement` is "name==version" on PyPI, or empty for a sample of our own; `archive` says
    "wheel" or "sdist"; `template` is the directory in the archive that is rendered as
    `startproject` would, and `beside` keeps the package itself next to what was rendered
    (a game or site that subclasses its framework's settings); `keep` are the only top-level
    directories of the archive that are unpacked besides its metadata (all if empty). `path` is the project in the tree, where both
    sides start, and `import_roots` are relative to it; `absent` are top-level modules that a deployment may add and this one has not, so
    importing them fails instead of giving a stub; `stubbed` are packages of which the archive has
    only a part, so that the rest is stubbed, and modules that need what no wheel can bring (GDAL). `replace` is what a template has filled in beyond
    `startproject`'s own placeholders, or, without a template, what a deployment edits in the
    settings module; `files` are what a deployment adds to the tree.
    """

    name: str
    style: str
    requirement: str
    archive: str
    module: str
    django: str
    path: str
    import_roots: tuple[str, ...]
    template: str
    beside: bool
    keep: tuple[str, ...]
    absent: tuple[str, ...]
    stubbed: tuple[str, ...]
    replace: dict[str, str]
    files: dict[str, str]
    configuration: str
    scenarios: tuple[Scenario, ...]

    @property
    def version(self) -> str:
        return self.requirement.partition("==")[2]


def read_projects(path: str = DATA) -> list[Project]:
    """The projects of `path`, in its order. Raises KeyError or ValueError if it is not well formed."""
    with open(path, "rb") as file:
        data = tomllib.load(file)
    projects = [_project(entry) for entry in data["project"]]
    names = [project.name for project in projects]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"listed twice: {', '.join(sorted(twice))}")
    return projects


def _project(entry: dict[str, Any]) -> Project:
    environments = entry.get("environments", {"empty": {}})
    return Project(
        name=entry["name"],
        style=entry["style"],
        requirement=entry.get("requirement", ""),
        archive=entry.get("archive", "wheel"),
        module=entry["module"],
        django=entry.get("django", "5.2"),
        path=entry.get("path", "."),
        import_roots=tuple(entry.get("import_roots", ["."])),
        template=entry.get("template", ""),
        beside=entry.get("beside", False),
        keep=tuple(entry.get("keep", [])),
        absent=tuple(entry.get("absent", [])),
        stubbed=tuple(entry.get("stubbed", [])),
        replace=dict(entry.get("replace", {})),
        files=dict(entry.get("files", {})),
        configuration=entry.get("configuration", ""),
        scenarios=tuple(Scenario(name, dict(env)) for name, env in environments.items()),
    )
