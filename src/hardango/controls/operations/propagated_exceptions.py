"""Django answers its own errors.

Where a view fails, Django logs the error, tells `ADMINS`, and answers with the plain page of `handler500`. With
`DEBUG_PROPAGATE_EXCEPTIONS = True` it lets the exception through to the server instead, as tests of a server
want it. Then the server decides what the visitor gets: most answer an empty 500, one that is set up for
debugging shows the traceback. What is sure is what is lost: Django logs nothing to `django.request`, mails nobody,
and shows no page of the project.

So an attacker who looks for holes by trial, whose requests end in errors, leaves fewer traces, and may read more.

What needs the setting is testing, and some servers of platforms that report exceptions by themselves; set it in
their settings only. No check of Django looks at it; Sentry's signal still comes, for it is sent before.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.switches import state
from hardango.controls.values import operator_decides, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

NAME = "DEBUG_PROPAGATE_EXCEPTIONS"
PROPAGATED_EXCEPTIONS = Control(
    "propagated-exceptions",
    title="Errors answered by Django",
    weakness="Errors go past Django to the server",
    severity=Severity.LOW,
    settings=(NAME,),
    attack="Whoever tries what breaks the site leaves no trace in Django's log, and may be shown the "
    "traceback by the server.",
    remedy=f"Remove {NAME} from the settings of production.",
    references=(
        asvs("16.5.1"), cwe(209), cwe(778), docs("ref/settings/#debug-propagate-exceptions"),
    ),
)  # fmt: skip


@PROPAGATED_EXCEPTIONS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for case in settings.cases(NAME):
        on = truth(case[NAME])
        if on:
            message = f"{state(case, NAME)}: Django neither logs an error nor answers it"
            yield bad(case, message, NAME)
        elif on is None:
            why = operator_decides(settings[NAME], case.outcomes[NAME])
            yield unreadable(case, why, NAME)
        else:
            yield good(case, "Django logs and answers its own errors", NAME)


@PROPAGATED_EXCEPTIONS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign(
        NAME, False, safe=False,
        risk="what the server, or a tool around the application, did with errors no longer happens",
    )  # fmt: skip
