"""What production runs: the container, its user, the options of the application server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hardango.light import TYPE_CHECKING
from hardango.project.model import Container, Deployment, Flag

if TYPE_CHECKING:
    from hardango.project.starts import Start


def with_running(deployment: Deployment, starts: Sequence[Start], main: Start | None) -> Deployment:
    """The deployment, with what its web servers run in; `main` is the start that decided."""
    webs = _webs(starts, main)
    # What starts the image says more than the image: it can name another user.
    ordered = sorted(webs, key=lambda each: each.kind == "Dockerfile")
    containers = [each.container for each in ordered if each.container is not None]
    if not webs:
        containers = [
            each.container
            for each in starts
            if each.role == "production" and each.launch is None and each.container is not None
        ]
    found: dict[Flag, None] = {}
    for start in webs:
        found.update(dict.fromkeys(start.flags))
    container: Container | None = containers[0] if containers else None
    return deployment._replace(container=container, flags=tuple(found))


def _webs(starts: Iterable[Start], main: Start | None) -> list[Start]:
    """What answers requests in production, the start that decided first; the development server
    only if there is nothing else."""
    webs = [
        each
        for each in starts
        if each.role == "production" and each.launch is not None and each.launch.web
    ]
    real = [each for each in webs if each.launch and not each.launch.runserver]
    return sorted(real or webs, key=lambda each: each is not main)
