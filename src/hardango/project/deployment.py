"""Every file that starts the project, read by the reader that knows it."""

from __future__ import annotations

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.project.belonging import belongs, is_neighbours
from hardango.project.compose import dockerfiles, is_ours, read_compose, read_dockerfiles
from hardango.project.dockerfile import Image, deployed_stage, read_images
from hardango.project.kubernetes import read_kubernetes
from hardango.project.launch import RUNSERVERS
from hardango.project.names import role_of_path
from hardango.project.platforms import read_platforms
from hardango.project.python_entry import Sources
from hardango.project.services import read_services, with_configuration
from hardango.project.starts import Start
from hardango.project.tree import Tree
from hardango.project.workflows import read_workflows


class Starts(NamedTuple):
    """What deployment files start, and the Python version that production's image has."""

    starts: tuple[Start, ...]
    python: tuple[int, int] | None
    python_place: Place | None
    hosts: frozenset[str] = frozenset()


def read_starts(sources: Sources, base: str, roots: tuple[str, ...]) -> Starts:
    """What deployment files start of the project in the directory `base`, whose import roots are
    `roots`; what they start of its neighbours is left out."""
    tree = sources.tree
    compose, only_development, hosts = read_compose(tree, base)
    images = _images(tree, base)
    deployed = [each for each in images if _role(tree, each) in ("", "production")]
    read = [
        *read_platforms(sources, base, deployed),
        *read_kubernetes(tree, deployed[0] if deployed else None),
        *compose,
        *read_dockerfiles(tree, base, only_development),
        *read_services(sources),
        *read_workflows(tree),
    ]
    configured = [with_configuration(sources, each) for each in _without_alternatives(read)]
    versions = [each for each in images if each.python is not None]
    return Starts(
        tuple(each for each in configured if belongs(tree, roots, each)),
        versions[0].python if versions else None,
        versions[0].python_place if versions else None,
        hosts,
    )


def _without_alternatives(starts: list[Start]) -> list[Start]:
    """Where a script starts the development server in some cases and another server in others,
    the first is what developers ask it for."""
    served = {
        (start.entry, start.place.file)
        for start in starts
        if start.launch is not None and start.launch.web and start.launch.server not in RUNSERVERS
    }
    return [
        start._replace(role="development")
        if start.launch is not None
        and start.launch.server in RUNSERVERS
        and not start.sure
        and (start.entry, start.place.file) in served
        else start
        for start in starts
    ]


def _role(tree: Tree, image: Image) -> str:
    return role_of_path(tree.inner(image.file))


def _images(tree: Tree, base: str) -> list[Image]:
    """The images that hold the project, production's first."""
    found = []
    for file in dockerfiles(tree):
        image = deployed_stage(read_images(tree, file, base=base))
        if image is not None and is_ours(tree, image, base):
            inside = image.repository_path(".")
            if not is_neighbours(tree, inside if inside is not None else file):
                found.append(image)
    return sorted(found, key=lambda each: _role(tree, each) in ("development", "test"))
