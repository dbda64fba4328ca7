"""Template engines are not set up for debugging.

Three options of TEMPLATES help while a template is written, and tell more than they should later.
`"debug": True` keeps the source of each template for its errors, so that mails about errors carry it, and
makes rendering slower; left alone it follows DEBUG. `"string_if_invalid"` with `%s` puts the names of variables that
are missing into the page, for everybody to read: names of fields and of what the author forgot to pass.
Jinja2's `DebugUndefined` does the same.

None of them opens the site by itself, and the context processor `django.template.context_processors.debug`,
which older project templates list, does nothing where DEBUG is off. So hardango looks at them with
`--pedantic` only. No check of Django does.

Nothing breaks without them; the admin even says that it may show wrong values with `string_if_invalid`.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.templates import options_of
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

TEMPLATE_DEBUG = Control(
    "template-debug",
    title="Debugging of templates",
    weakness="Templates are set up for debugging",
    severity=Severity.LOW,
    settings=("TEMPLATES",),
    attack="Pages and mails about errors tell how the site is made.",
    remedy='Remove "debug", "string_if_invalid" and a debugging "undefined" from the OPTIONS of TEMPLATES.',
    references=(
        asvs("13.4.2"), cwe(489), docs("ref/templates/api/#django.template.Engine"),
        docs("ref/templates/api/#how-invalid-variables-are-handled"),
    ),
)  # fmt: skip


@TEMPLATE_DEBUG.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in settings["TEMPLATES"]:
        value = outcome.value
        if isinstance(value, Unknown):
            yield unreadable(outcome, why_unknown("TEMPLATES", value))
        elif not value or not isinstance(value, (list, tuple)):
            yield not_applicable(outcome, "TEMPLATES names no engine")
        else:
            for engine in value:
                yield from of_engine(outcome, engine)


def of_engine(outcome: Outcome, engine: object) -> Iterator[Judgement]:
    """What the options of one engine tell."""
    options = engine.get("OPTIONS", {}) if isinstance(engine, dict) else None
    if not isinstance(options, dict):
        yield unreadable(outcome, "The OPTIONS of an engine in TEMPLATES could not be read")
        return
    debug = options.get("debug", False)
    on = truth(debug)
    if on:
        yield bad(outcome, f"OPTIONS['debug'] of a template engine is {said(debug)}")
    elif on is None:
        assert isinstance(debug, Unknown)
        yield unreadable(outcome, why_unknown("OPTIONS['debug'] of a template engine", debug))
    shown = options.get("string_if_invalid", "")
    if isinstance(shown, str) and "%s" in shown:
        message = f"string_if_invalid is {said(shown)}: pages show the names of missing variables"
        yield bad(outcome, message)
    elif isinstance(shown, Unknown):
        yield unreadable(outcome, why_unknown("string_if_invalid", shown))
    undefined = options.get("undefined", "")
    if "DebugUndefined" in (undefined.reason if isinstance(undefined, Unknown) else str(undefined)):
        yield bad(outcome, "Jinja2's DebugUndefined shows the names of missing variables in pages")
    yield good(outcome, "Templates are not set up for debugging")


@TEMPLATE_DEBUG.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    for path, _ in options_of(settings, "debug", "string_if_invalid", "undefined"):
        yield Drop("TEMPLATES", path)
