"""The application does not run as root in its container.

Whoever runs code in a process that is root owns the whole container: its files, its packages, its
secrets, and every hole in the kernel or the container runtime is a way to the host. A container without
`USER` in its Dockerfile runs as root.

`USER app` after the packages are installed, and files of the application that this user cannot write,
leave an attacker with much less. What breaks: ports below 1024, and directories that the image made for
root (media, logs); give those to the user with `chown`.

A base image can name a user, and whoever starts the container can (`user:` in a compose file,
`runAsUser` in Kubernetes); hardango reads the files of the project only.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad_at,
    cwe,
    docs,
    good_at,
    nothing_to_protect,
    unreadable_at,
)  # fmt: skip
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

CONTAINER_USER = Control(
    "container-user",
    title="User of the container",
    weakness="The application runs as root in its container",
    severity=Severity.LOW,
    settings=(),
    attack="Whoever runs code through a hole in the application owns the container, and stands one "
    "step from its host.",
    remedy="Create a user in the Dockerfile and name it with USER before the command that starts the "
    "application.",
    person="who owns the files that the application writes is decided where the image is built",
    references=(
        asvs("13.2.2"), cwe(250), docs("https://docs.docker.com/reference/dockerfile/#user"),
        docs("https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"),
    ),
    assumes_debug_off=False,
)  # fmt: skip

ROOT = ("root", "0")


@CONTAINER_USER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    container = deployment.container
    if container is None:
        yield nothing_to_protect(settings, "No Dockerfile was found whose image holds the project")
        return
    user, place = container.user, container.user_place or container.place
    if user is None:
        yield unreadable_at(settings, f"The user of {container.file} is not known", place)
        return
    name = user.partition(":")[0]
    if not name:
        message = f"{container.file} names no USER: the application runs as root"
        yield bad_at(settings, message, container.place, about="USER")
    elif name in ROOT:
        yield bad_at(settings, f"USER is {name} in {container.file}", place, about="USER")
    else:
        yield good_at(settings, f"The application runs as {name}", place)
