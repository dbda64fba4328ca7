"""The API answers programs, not browsers.

Django REST framework renders each answer as a web page for whoever asks with a browser: with the names of all
fields and views, forms to send every request, and choices filled from the database. That is made for developers.

In production it shows a stranger the whole shape of the API, takes more queries than the answer itself, and
is one more place where HTML is made of data. With JSONRenderer alone the API answers JSON to everybody.

What breaks: staff who use these pages. Give them a renderer list of their own on the views that need it. It is the
framework's default, so hardango says it only with `--pedantic`. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    from hardango.evidence import Proof, Site

REST_FRAMEWORK_RENDERERS = Control(
    "rest-framework-renderers",
    title="Web pages of the API",
    weakness="The API shows its pages for developers",
    severity=Severity.INFO,
    settings=("REST_FRAMEWORK", "INSTALLED_APPS"),
    attack="A stranger reads the fields, choices and views of the API from its own pages.",
    remedy='Set "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"] in production.',
    references=(
        asvs("13.4.5"), cwe(200), cwe(489),
        docs("https://www.django-rest-framework.org/topics/browsable-api/"),
    ),
)  # fmt: skip

OWN = "rest_framework.renderers."
PAGES = tuple(OWN + name for name in ("BrowsableAPIRenderer", "AdminRenderer"))
TOLD = ("browsable", "adminrenderer")
"""What is in the names of classes that are such pages, where the class itself was not read."""


@REST_FRAMEWORK_RENDERERS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(
        settings, deployment, REST_FRAMEWORK, lambda case: of_default(settings, case)
    )


def of_default(settings: Settings, case: Case) -> Iterator[Judgement]:
    default = [f"{OWN}JSONRenderer", PAGES[0]]
    found = option(case, "REST_FRAMEWORK", "DEFAULT_RENDERER_CLASSES", default)
    names = classes(found.value)
    if names is None or "" in names:
        why = found.unread or f"{found.name} could not be read as a whole"
        yield unreadable(case, why, found.setting)
        return
    for name in names:
        definition = None if name.startswith(OWN) else settings.definition(name)
        bases = (name,) if definition is None else definition.bases
        page = next((base for base in bases if base in PAGES), None)
        if page is not None:
            what = stated_classes(found) if found.default else f"{found.name} has {said(name)}"
            yield bad(
                case, f"{what}: browsers get pages with forms for every request", found.setting
            )
            return
        if definition is None and any(each in name.lower() for each in TOLD):
            why = f"{found.name} has {said(name)}, which could not be read"
            yield unreadable(case, f"{why}, and seems to be such a page", found.setting)
            return
    yield good(case, f"{found.name} has no pages for developers", found.setting)


@REST_FRAMEWORK_RENDERERS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Entry

    yield Entry(
        "REST_FRAMEWORK", ("DEFAULT_RENDERER_CLASSES",), [f"{OWN}JSONRenderer"], safe=False,
        risk="browsers get JSON where they got pages, and other formats are gone",
    )  # fmt: skip


@REST_FRAMEWORK_RENDERERS.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.open_pages import BROWSABLE, prove_closed

    yield from prove_closed(site, BROWSABLE, "no web page of an API is open at the usual addresses")
