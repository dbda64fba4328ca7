"""Kubernetes manifests and the values of Helm charts.

https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardango.findings import Place
from hardango.light import Any
from hardango.patterns import Pattern
from hardango.project.dockerfile import Image, container_of, script_finder_of
from hardango.project.launch import Launch
from hardango.project.model import Container, Variable
from hardango.project.names import is_aside, role_of_path, words
from hardango.project.platforms import in_container, yaml_variables
from hardango.project.python_entry import SETTINGS
from hardango.project.shell import follow_argv
from hardango.project.starts import Start, script_finder
from hardango.project.tree import Tree, parent
from hardango.project.yaml_text import get, line_of, load_yaml

MAX_FILES = 300
"""YAML files that are opened to see whether they are manifests."""

_DIRECTORY = Pattern(
    r"(?i)(^|/)\.?(k8s|kube|kubernetes|helm|charts?|manifests?|deploy(ment)?s?|kustomize|overlays?|"
    r"infra(structure)?|ops|devops|argocd|gitops|production|prod)(/|$)"
)
_KINDS = Pattern(
    r"(?m)^\s*(- )?kind:\s*['\"]?(Deployment|StatefulSet|DaemonSet|Pod|CronJob|Job|ConfigMap|Rollout|"
    r"ReplicaSet|Service)\b"
)
_WEB = frozenset("web app application django backend api server site gunicorn uwsgi asgi".split())
"""Words in the names of containers that run the project's image as it is."""

_VARIABLE = Pattern(r"[A-Z][A-Z0-9_]*")


def read_kubernetes(tree: Tree, image: Image | None) -> list[Start]:
    """What the manifests start, with the variables of their ConfigMaps."""
    documents: list[tuple[str, Any]] = []
    opened = 0
    values: list[Start] = []
    for file in list(tree.files):
        if not file.endswith((".yaml", ".yml")):
            continue
        directory, _, name = file.rpartition("/")
        if not _DIRECTORY.search(directory) and not re.search(
            r"(?i)k8s|kube|deploy|configmap", name
        ):
            continue
        opened += 1
        if (
            opened > MAX_FILES
            or (directory and is_aside(tree.inner(directory)))
            or ".github" in directory
        ):
            continue
        text = tree.read(file) or ""
        if _KINDS.search(text):
            documents += [(file, each) for each in load_yaml(tree, file)]
        elif name.startswith("values") and SETTINGS in text:
            values += _helm_values(tree, file)
    maps = _config_maps(tree, documents)
    starts: list[Start] = []
    for file, document in documents:
        for container in _containers(document):
            starts += _start(tree, file, document, container, maps, image)
    return starts + values


def _config_maps(tree: Tree, documents: list[tuple[str, Any]]) -> dict[str, dict[str, Variable]]:
    """The variables of each map by its name. A map can be there once for each environment: then
    production's counts; where that is not told, what differs is not known."""
    found: dict[str, list[tuple[str, dict[str, Variable]]]] = {}
    for file, document in documents:
        name = get(document, "metadata", "name")
        if get(document, "kind") == "ConfigMap" and isinstance(name, str):
            role = role_of_path(tree.inner(file))
            variables = yaml_variables(file, get(document, "data"))
            found.setdefault(str(name), []).append((role, variables))
    maps = {}
    for name, given in found.items():
        roles = {role for role, _ in given}
        best = next((each for each in ("production", "") if each in roles), None)
        maps[name] = _agreed([each for role, each in given if best is None or role == best])
    return maps


def _agreed(given: list[dict[str, Variable]]) -> dict[str, Variable]:
    agreed: dict[str, Variable] = {}
    for variables in given:
        for name, variable in variables.items():
            known = agreed.setdefault(name, variable)
            if known.value != variable.value:
                agreed[name] = known._replace(value=None)
    return agreed


def _containers(document: Any) -> Iterator[dict[Any, Any]]:
    """The containers of a workload."""
    if get(document, "kind") not in (
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Pod",
        "Rollout",
        "ReplicaSet",
    ):
        return
    spec = get(document, "spec", "template", "spec") or get(document, "spec")
    containers = get(spec, "containers")
    for each in containers if isinstance(containers, list) else ():
        if isinstance(each, dict):
            yield each


def _variables(
    file: str, container: dict[Any, Any], maps: dict[str, dict[str, Variable]]
) -> dict[str, Variable]:
    """The variables of a container, those of the maps that it names included."""
    variables: dict[str, Variable] = {}
    for source in container.get("envFrom") or ():
        name = get(source, "configMapRef", "name")
        if isinstance(name, str):
            variables.update(maps.get(name, {}))
    for each in container.get("env") or ():
        name = get(each, "name")
        if not isinstance(name, str):
            continue
        place = Place(file, line_of(name))
        reference = get(each, "valueFrom", "configMapKeyRef")
        if reference is not None:
            held = maps.get(str(get(reference, "name")), {}).get(str(get(reference, "key")))
            variables[str(name)] = Variable(
                str(name), held.value if held else None, held.place if held else place
            )
        else:
            value = get(each, "value")
            known = str(value) if isinstance(value, str) and "$(" not in value else None
            variables[str(name)] = Variable(str(name), known, place)
    return variables


def _start(
    tree: Tree,
    file: str,
    document: Any,
    container: dict[Any, Any],
    maps: dict[str, dict[str, Variable]],
    image: Image | None,
) -> list[Start]:
    variables = _variables(file, container, maps)
    argv: list[str] = []
    for key in ("command", "args"):
        given = container.get(key)
        if isinstance(given, list):
            argv += [str(word) for word in given if isinstance(word, str)]
    entry = Place(file, line_of(container))
    role = role_of_path(tree.inner(file)) or "production"
    find = script_finder_of(tree, image) if image is not None else script_finder(tree, "")
    known_variables = {**(image.variables if image is not None else {}), **variables}
    if argv:
        place = Place(file, line_of(container.get("command") or container.get("args")))
        started = follow_argv(tuple(argv), place, find, known_variables)
        if image is not None and not started and not container.get("command"):
            started = []
        return [
            Start(
                "kubernetes",
                role,
                each.place,
                each.variables,
                each.launch,
                each.unsure,
                each.sure,
                "",
                (),
                entry,
                _service(document, container),
                _container(file, document, container, image, each.launch),
            )
            for each in started
        ]
    named = str(container.get("image") or "")
    foreign = re.search(r"nginx|postgres|redis|mysql|rabbitmq|memcached|envoy|proxy", named)
    if SETTINGS not in variables and foreign:
        return []
    service = _service(document, container)
    if image is not None and (SETTINGS in variables or _WEB & set(words(service))):
        ran = in_container(tree, "kubernetes", entry, variables, image)
        return [
            each._replace(
                service=service,
                role=role,
                container=_container(file, document, container, image, each.launch),
            )
            for each in ran
        ]
    if SETTINGS in variables or (image is not None and variables):
        made = _container(file, document, container, image, None)
        return [
            Start(
                "kubernetes",
                role,
                entry,
                variables,
                entry=entry,
                service=service,
                container=made,
            )
        ]
    return []


def _container(
    file: str,
    document: Any,
    container: dict[Any, Any],
    image: Image | None,
    launch: Launch | None,
) -> Container | None:
    """The container, as the security contexts of it and of its pod have it.

    https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
    """
    found = container_of(image, launch) if image is not None else None
    if found is None:
        return None
    spec = get(document, "spec", "template", "spec") or get(document, "spec")
    contexts = [get(container, "securityContext"), get(spec, "securityContext")]
    for key in ("runAsUser", "runAsNonRoot"):
        given = next((get(each, key) for each in contexts if get(each, key) is not None), None)
        if isinstance(given, str):
            place = Place(file, line_of(given))
            if key == "runAsUser":
                return found._replace(
                    user=str(given) if given.isdigit() else None, user_place=place
                )
            if given.lower() == "true" and found.user in ("", "root", "0", None):
                # Kubernetes starts no container of root then: who it is, another file says.
                return found._replace(user="not root", user_place=place)
    return found


def _service(document: Any, container: dict[Any, Any]) -> str:
    """What a container is called: by itself, by its image, by its workload."""
    image = str(container.get("image") or "").rpartition("/")[2].partition(":")[0]
    said = (container.get("name"), image, get(document, "metadata", "name"))
    return " ".join(str(each) for each in said if each)


def _helm_values(tree: Tree, file: str) -> list[Start]:
    """A mapping or list of variables in a chart's values that names the settings module."""
    directory = parent(file)
    if not any(f"{each}/Chart.yaml" in tree.files for each in (directory, parent(directory))):
        return []
    for document in load_yaml(tree, file)[:1]:
        todo: list[Any] = [document]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if id(node) in seen or not isinstance(node, (dict, list)):
                continue
            seen.add(id(node))
            if isinstance(node, dict):
                if SETTINGS in node:
                    found = yaml_variables(file, node)
                    variables = {k: v for k, v in found.items() if _VARIABLE.fullmatch(k)}
                    place = variables[SETTINGS].place if SETTINGS in variables else Place(file, 1)
                    return [
                        Start(
                            "helm", role_of_path(tree.inner(file)) or "production", place, variables
                        )
                    ]
                todo += node.values()
            else:
                pairs = [each for each in node if isinstance(each, dict) and "name" in each]
                if any(each["name"] == SETTINGS for each in pairs):
                    variables = {}
                    for each in pairs:
                        name, value = str(each["name"]), each.get("value")
                        known = str(value) if isinstance(value, str) else None
                        variables[name] = Variable(name, known, Place(file, line_of(each["name"])))
                    place = variables[SETTINGS].place
                    return [
                        Start(
                            "helm", role_of_path(tree.inner(file)) or "production", place, variables
                        )
                    ]
                todo += node
    return []
