"""A view of the API that says nothing about permissions is closed.

Django REST framework asks each view for its `permission_classes`, and takes `DEFAULT_PERMISSION_CLASSES` where
a view has none. The default of that is AllowAny: everybody may read, write and delete. One forgotten line in a
new view then opens it to the internet, and no test fails.

With IsAuthenticated as the default, a view that should be open has to say so, which a reviewer sees. An empty
list asks nothing and is AllowAny under another name. With IsAuthenticatedOrReadOnly or
DjangoModelPermissionsOrAnonReadOnly, everybody reads what a view forgets; hardango says that only with
`--pedantic`. DjangoModelPermissions asks nothing of who reads but to be logged in.

What breaks: views that were open because nobody said anything, such as sign-up and health checks. Give them
`permission_classes = [AllowAny]`. LoginRequiredMiddleware does not cover these views: they are exempt from it.
Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.api_permissions import ALLOW_ANY, demand
from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.options import (
    REST_FRAMEWORK,
    classes,
    judged_where_used,
    option,
    stated_classes,
)
from hardango.controls.values import said
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

REST_FRAMEWORK_PERMISSIONS = Control(
    "rest-framework-permissions",
    title="Default permission of the API",
    weakness="A view of the API that says nothing is open to everybody",
    severity=Severity.LOW,
    settings=("REST_FRAMEWORK", "INSTALLED_APPS"),
    attack="Whoever finds a view that was forgotten reads and writes its data without a login.",
    remedy='Set "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"] in '
    "REST_FRAMEWORK, and open single views by their own permission_classes.",
    references=(
        asvs("8.2.1"), cwe(862), cwe(276),
        docs("https://www.django-rest-framework.org/api-guide/permissions/"),
    ),
)  # fmt: skip


@REST_FRAMEWORK_PERMISSIONS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(
        settings, deployment, REST_FRAMEWORK, lambda case: of_default(settings, case)
    )


def of_default(settings: Settings, case: Case) -> Iterator[Judgement]:
    """What a view demands that says nothing. All classes of the list must agree."""
    found = option(case, "REST_FRAMEWORK", "DEFAULT_PERMISSION_CLASSES", [ALLOW_ANY])
    names = classes(found.value)
    if names is None:
        why = found.unread or f"{found.name} is {said(found.value)}"
        yield unreadable(case, why, found.setting)
        return
    kinds = {name: demand(settings, name) for name in names}
    for name, kind in kinds.items():
        if kind == "closed":
            yield good(case, f"A view that says nothing demands {plain(name)}", found.setting)
            return
    doubtful = next((name for name, kind in kinds.items() if kind == "unknown"), None)
    if doubtful is not None:
        what = said(doubtful) if doubtful else "an item that could not be read"
        yield unreadable(
            case, f"{found.name} has {what}: what it demands is not known", found.setting
        )
    elif "reading" in kinds.values():
        message = f"{stated_classes(found)}: everybody reads what a view says nothing about"
        yield bad(case, message, found.setting, severity=Severity.INFO, pedantic=True)
    else:
        yield bad(case, f"{stated_classes(found)}: everybody may do everything", found.setting)


def plain(name: str) -> str:
    return name.rpartition(".")[2]


@REST_FRAMEWORK_PERMISSIONS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Entry

    yield Entry(
        "REST_FRAMEWORK",
        ("DEFAULT_PERMISSION_CLASSES",),
        ["rest_framework.permissions.IsAuthenticated"],
        safe=False,
        risk="views that say nothing of permissions, and were meant for everybody, ask for a login",
    )
