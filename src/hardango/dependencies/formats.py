"""Files that are no package manager's own: an SBOM, a conda environment, an installed one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from urllib.parse import unquote

from hardango.audit import CannotRead
from hardango.findings import Place
from hardango.inventory import Pin
from hardango.light import Any
from hardango.project.environments import site_packages
from hardango.project.tree import MAX_LOCK_BYTES, Tree
from hardango.project.versions import Requirement, normalised

_MOST_METADATA = 200_000


def sbom(tree: Tree, file: str) -> Iterator[Pin]:
    """The packages of PyPI in a CycloneDX or SPDX document in JSON. Raises CannotRead.

    https://cyclonedx.org/docs/1.6/json/, https://spdx.github.io/spdx-spec/v2.3/,
    https://github.com/package-url/purl-spec
    """
    text = tree.read(file, MAX_LOCK_BYTES)
    if text is None:
        return
    try:
        data = json.loads(text)
    except RecursionError:
        raise CannotRead(f"{file}: it is nested too deeply") from None
    except ValueError as error:
        raise CannotRead(f"{file}: it is no JSON: {error}") from None
    if isinstance(data, dict) and data.get("bomFormat") == "CycloneDX":
        urls = [each.get("purl") for each in _components(data)]
    elif isinstance(data, dict) and "spdxVersion" in data:
        urls = [reference.get("referenceLocator") for each in _dicts(data.get("packages"))
                for reference in _dicts(each.get("externalRefs"))]  # fmt: skip
    else:
        raise CannotRead(f"{file}: it is neither a CycloneDX nor an SPDX document")
    at = 0
    for url in urls:
        if not isinstance(url, str):
            continue
        found = re.match(r"pkg:pypi/([^@?#]+)(?:@([^?#]+))?", url)
        if found is None:
            continue
        at = max(text.find(url, at), 0)
        place = Place(file, text.count("\n", 0, at) + 1)
        yield Pin(normalised(unquote(found[1])), unquote(found[2] or ""), place)


def _components(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The components, those inside of others too."""
    waiting = _dicts(data.get("components"))
    while waiting:
        each = waiting.pop(0)
        yield each
        waiting += _dicts(each.get("components"))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def conda(tree: Tree, file: str) -> Iterator[Pin]:
    """The packages of a conda environment: those that pip installs have the names of PyPI. Raises
    CannotRead."""
    from hardango.dependencies.pins import pins
    from hardango.project.requirements import row_of
    from hardango.project.yaml_text import get, line_of, load_yaml

    documents = load_yaml(tree, file)
    listed = get(documents[0], "dependencies") if documents else None
    if not isinstance(listed, list):
        raise CannotRead(f"{file}: it is no environment.yml: it has no list of dependencies")
    asked: list[Requirement] = []
    for each in listed:
        if isinstance(each, str):
            name, _, rest = re.sub(r"\s", "", each).rpartition("::")[2].partition("=")
            if re.match(r"[\w.-]+$", name) and name not in ("python", "pip"):
                version = rest.lstrip("=").partition("=")[0]
                yield Pin(normalised(name), version, Place(file, line_of(each)), origin="conda")
        for item in get(each, "pip") or () if isinstance(each, dict) else ():
            if isinstance(item, str):
                asked += row_of(item, Place(file, line_of(item)), "production")
    yield from pins(asked)


def environment(path: str) -> tuple[str, list[Pin]]:
    """What is installed in a virtual environment, by the metadata in it, and where: nothing of it
    is run. Raises CannotRead.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    folders = list(site_packages(path))
    if not folders:
        raise CannotRead(f"{path} is no virtual environment: it has no site-packages")
    found = [pin for folder in folders for pin in _installed(path, folder)]
    return folders[0], found


def _installed(path: str, folder: str) -> Iterator[Pin]:
    for entry in sorted(os.listdir(folder)):
        if entry.endswith(".dist-info"):
            file = os.path.join(folder, entry, "METADATA")
        elif entry.endswith(".egg-info"):
            file = os.path.join(folder, entry)
            file = os.path.join(file, "PKG-INFO") if os.path.isdir(file) else file
        else:
            continue
        try:
            with open(file, encoding="utf-8", errors="replace") as opened:
                head = opened.read(_MOST_METADATA).partition("\n\n")[0]
        except OSError:
            head = ""
        fields = dict(re.findall(r"(?m)^(Name|Version): *(\S+)", head))
        name, _, version = entry.rpartition(".")[0].partition("-")
        shown = Place(os.path.relpath(file, os.path.realpath(path)).replace(os.sep, "/"), 1)
        yield Pin(normalised(fields.get("Name", name)), fields.get("Version", version), shown)
