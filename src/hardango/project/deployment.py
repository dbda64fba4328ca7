"""Every file that starts the project, read by the reader that knows it."""

from __future__ import annotations

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.project.compose import dockerfiles, is_ours, read_compose, read_dockerfiles
from hardango.project.dockerfile import Image, deployed_stage, read_images
from hardango.project.kubernetes import read_kubernetes
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


def read_starts(sources: Sources, base: str) -> Starts:
    """Read all deployment files of the tree for the project in the directory `base`."""
    tree = sources.tree
    compose, only_development = read_compose(tree, base)
    images = _images(tree, base)
    image = images[0] if images and _role(tree, images[0]) in ("", "production") else None
    read = [
        *read_platforms(sources, base, image),
        *read_kubernetes(tree, image),
        *compose,
        *read_dockerfiles(tree, base, only_development),
        *read_services(sources),
        *read_workflows(tree),
    ]
    versions = [each for each in images if each.python is not None]
    return Starts(
        tuple(with_configuration(sources, each) for each in read),
        versions[0].python if versions else None,
        versions[0].python_place if versions else None,
    )


def _role(tree: Tree, image: Image) -> str:
    return role_of_path(tree.inner(image.file))


def _images(tree: Tree, base: str) -> list[Image]:
    """The images that hold the project, production's first."""
    found = []
    for file in dockerfiles(tree):
        image = deployed_stage(read_images(tree, file, base=base))
        if image is not None and is_ours(tree, image, base):
            found.append(image)
    return sorted(found, key=lambda each: _role(tree, each) in ("development", "test"))
