"""Fetches pinned projects from PyPI and unpacks or renders them into a cache directory."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO

from benchmarks.truth.pip import pip
from benchmarks.truth.projects import SAMPLES, Project

# What settings never read: leaving these out keeps hundreds of megabytes off the disk.
LEFT_OUT = re.compile(
    r"\.(js|mjs|ts|tsx|jsx|vue|css|scss|less|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|eot|otf"
    r"|mo|po|pyc|so|pdf|gz|bz2|xz|mp4|webm|wasm|geojson|shp|dbf)$",
    re.IGNORECASE,
)
# What `startproject` fills in. The key is made up and constant, so that runs can be compared.
TEMPLATE_VALUES = {
    "project_name": "mysite",
    "project_directory": "mysite",
    "camel_case_project_name": "Mysite",
    "sitename": "My site",
    "domain": "www.example.com",
    "domain_nowww": "example.com",
    "docs_version": "5.2",
    "secret_key": "django-insecure-%s" % ("k3y!" * 12 + "ab"),
    "nevercache_key": "n3v3r!" * 8,
}
PLACEHOLDER = re.compile(r"\{\{ *(\w+)(?:\|\w+)? *\}\}")
# "{% load %}" and the like, which only the HTML of a template uses, and Python in a few places.
TEMPLATE_TAG = re.compile(r"\{% *(?:load|verbatim|endverbatim)[^%]*%\}\n?")


class CannotCollect(Exception):
    """A project could not be had; the text says which and why."""


def collect(project: Project, cache: str, *, offline: bool = False) -> str:
    """The directory of the project's tree, fetched and unpacked unless it is there already.

    Raises CannotCollect if pip has no such distribution, or offline if it is not in the cache.
    """
    if not project.requirement:
        return os.path.join(SAMPLES, project.name.removeprefix("sample-").replace("-", "_"))
    # Made again whenever the project's entry says something else of what is unpacked.
    entry = repr(project._replace(scenarios=()))
    stamp = hashlib.sha256(entry.encode()).hexdigest()[:8]
    tree = os.path.join(cache, "trees", project.name, f"{project.version}-{stamp}")
    if os.path.isdir(tree):
        return tree
    archive = _download(project, os.path.join(cache, "archives"), offline)
    unfinished = tree + ".part"
    shutil.rmtree(unfinished, ignore_errors=True)
    _unpack(archive, project.keep, unfinished)
    if project.template:
        _render(project, unfinished)
    elif project.replace:
        source = os.path.join(
            unfinished, project.path, project.import_roots[0], *project.module.split(".")
        )
        _render_file(source + ".py", source + ".py", project.replace)
    for name, text in project.files.items():
        path = os.path.join(unfinished, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    os.rename(unfinished, tree)
    return tree


def _download(project: Project, folder: str, offline: bool) -> str:
    """The path of the archive in `folder`, which pip fetches if it is not there yet."""
    folder = os.path.join(folder, project.archive, project.requirement.replace("==", "-"))
    os.makedirs(folder, exist_ok=True)
    if not os.listdir(folder):
        if offline:
            raise CannotCollect(f"{project.name}: {project.requirement} is not in the cache")
        # The code is never installed, so whether this Python suits it does not matter.
        kind = {
            "wheel": ["--only-binary", ":all:", "--python-version", "3.14"],
            "sdist": ["--no-binary", ":all:", "--ignore-requires-python"],
        }[project.archive]
        command = [*pip(), "download", "--quiet", "--no-deps", *kind]
        result = subprocess.run(
            [*command, "--dest", folder, project.requirement], capture_output=True, text=True
        )
        if result.returncode:
            lines = result.stderr.strip().splitlines() or ["pip failed"]
            raise CannotCollect(f"{project.name}: {lines[-1]}")
    return os.path.join(folder, os.listdir(folder)[0])


def _unpack(archive: str, keep: tuple[str, ...], target: str) -> None:
    """Write the plain files of `archive` below `target`, nothing else and nowhere else."""
    for name, file in _members(archive):
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            continue
        if keep and parts[0] not in keep and not parts[0].endswith(".dist-info"):
            continue
        path = os.path.join(target, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not LEFT_OUT.search(name):
            with open(path, "wb") as output:
                shutil.copyfileobj(file, output)


def _members(archive: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Names and contents; of an sdist without its top directory."""
    if archive.endswith((".whl", ".zip")):
        with zipfile.ZipFile(archive) as wheel:
            for item in wheel.infolist():
                if not item.is_dir():
                    with wheel.open(item) as file:
                        yield item.filename, file
        return
    with tarfile.open(archive) as sdist:
        for member in sdist:
            content = sdist.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name.partition("/")[2], content


def _render(project: Project, tree: str) -> None:
    """Replace the tree by the project that its template makes, as `startproject` would."""
    rendered = tree + ".rendered"
    shutil.rmtree(rendered, ignore_errors=True)
    template = os.path.join(tree, *project.template.split("/"))
    for folder, _, files in os.walk(template):
        for file in files:
            source = os.path.join(folder, file)
            relative = os.path.relpath(source, template).replace("project_name", "mysite")
            target = os.path.join(rendered, re.sub(r"(-tpl|\.template)$", "", relative))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _render_file(source, target, project.replace)
    if project.beside:
        package = project.template.split("/")[0]
        for name in os.listdir(tree):
            if name == package or name.endswith(".dist-info"):
                shutil.move(os.path.join(tree, name), os.path.join(rendered, name))
    shutil.rmtree(tree)
    os.rename(rendered, tree)


def _render_file(source: str, target: str, replace: dict[str, str]) -> None:
    with open(source, "rb") as file:
        data = file.read()
    try:
        text = TEMPLATE_TAG.sub("", data.decode())
    except UnicodeDecodeError:
        shutil.copyfile(source, target)
        return
    text = PLACEHOLDER.sub(lambda match: TEMPLATE_VALUES.get(match[1], match[0]), text)
    for placeholder, value in replace.items():
        text = text.replace(placeholder, value)
    with open(target, "w", encoding="utf-8") as output:
        output.write(text)
