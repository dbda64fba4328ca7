"""WhiteNoise looks for files once, when the application starts.

With WHITENOISE_AUTOREFRESH it looks for the file on the disk anew with each request, whatever was asked
for. Its documentation says: "This is designed to be used in development only"; it is slow, and whoever asks
often keeps the disk busy. With WHITENOISE_USE_FINDERS it also serves files of every app that nobody has
collected, among them what was deliberately left out.

Both follow DEBUG unless they are set, and so are off in production by themselves. What breaks without them:
new files are served after a restart, and only what `collectstatic` has collected.

hardango looks at the settings only; a class that extends WhiteNoise's middleware can set them, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.options import WHITENOISE, judged_where_used
from hardango.controls.values import truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

WHITENOISE_AUTOREFRESH = Control(
    "whitenoise-autorefresh",
    title="How WhiteNoise finds files",
    weakness="WhiteNoise runs in production as in development",
    severity=Severity.LOW,
    settings=("WHITENOISE_AUTOREFRESH", "WHITENOISE_USE_FINDERS"),
    attack="Whoever asks for many addresses keeps disk and workers busy.",
    remedy="Remove WHITENOISE_AUTOREFRESH and WHITENOISE_USE_FINDERS from the settings of production: "
    "they follow DEBUG.",
    references=(
        asvs("13.4.2"), cwe(489), cwe(400),
        docs("https://whitenoise.readthedocs.io/en/stable/django.html#WHITENOISE_AUTOREFRESH"),
    ),
)  # fmt: skip

SAYS = {
    "WHITENOISE_AUTOREFRESH": "it looks on the disk with each request",
    "WHITENOISE_USE_FINDERS": "it serves files that nobody has collected",
}  # fmt: skip


@WHITENOISE_AUTOREFRESH.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for name in SAYS:
        yield from judged_where_used(
            settings, deployment, WHITENOISE, partial(of_switch, name), name
        )


def of_switch(name: str, case: Case) -> Iterator[Judgement]:
    """One switch for development, in one case."""
    value: object = case[name]
    on = truth(value)
    if on is False:
        yield good(case, f"{name} is off", name)
    elif on is None and isinstance(value, Unknown):
        yield unreadable(case, why_unknown(name, value), name)
    else:
        pedantic = name == "WHITENOISE_USE_FINDERS"
        yield bad(case, f"{name} is on: {SAYS[name]}", name, pedantic=pedantic)


@WHITENOISE_AUTOREFRESH.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    for name in SAYS:
        if any(truth(case[name]) for case in settings.cases(name)):
            yield Drop(name, safe=False,
                       risk="files that `collectstatic` has not collected are not served")  # fmt: skip
