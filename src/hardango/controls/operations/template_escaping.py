"""What users write is text on a page, never code.

A name such as `<script src=//evil.example></script>`, shown as it is, runs in the browser of everybody who
sees the page, with their session: it reads, sends and changes whatever they can. Django's templates turn
`<` into `&lt;` wherever a value is put in, unless the template says otherwise (`|safe`, `mark_safe`).

One word turns that off for a whole engine: `"autoescape": False` in the OPTIONS of TEMPLATES, from then on
every template has to escape by itself, and none does. Jinja2 alone does not escape; Django's backend for it
tells it to, and hands that on to the function or class named by `environment`, which has to pass its options on.

An engine for plain texts (mails, configuration files) rightly escapes nothing. Give it its own NAME and its own
directory, after the engine for pages, so that no page is found by it; hardango tells of such an engine with
`--pedantic` only. No check of Django looks at any of this.
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
from hardango.controls.stack import Presence
from hardango.controls.templates import options_of
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

TEMPLATE_ESCAPING = Control(
    "template-escaping",
    title="Escaping in templates",
    weakness="Templates put what users write into pages as HTML",
    severity=Severity.HIGH,
    settings=("TEMPLATES",),
    attack="Whoever can write a text that others see runs a script in their browsers, with their sessions.",
    remedy='Remove "autoescape" from the OPTIONS of TEMPLATES, and pass the options on in a function that '
    "makes a Jinja2 environment.",
    references=(
        asvs("1.2.1"), cwe(79), docs("ref/settings/#templates"),
        docs("topics/templates/#django.template.backends.django.DjangoTemplates"),
        docs("ref/templates/language/#automatic-html-escaping"),
    ),
)  # fmt: skip

ESCAPING = frozenset((
    "django.template.backends.django.DjangoTemplates",
    "django.template.backends.dummy.TemplateStrings",
    "django_jinja.backend.Jinja2", "django_jinja.jinja2.Jinja2",
))  # fmt: skip
"""Backends that escape unless they are told not to."""

JINJA = "django.template.backends.jinja2.Jinja2"
"""The backend that tells an environment to escape; whether it does is up to that."""

ENVIRONMENTS = frozenset((
    "jinja2.Environment", "jinja2.environment.Environment", "jinja2.sandbox.SandboxedEnvironment",
    "jinja2.sandbox.ImmutableSandboxedEnvironment", "jinja2.nativetypes.NativeEnvironment",
))  # fmt: skip

PASSED_ON = frozenset(("options", "kwargs", "opts", "params", "config"))
"""How functions name what they pass on."""


@TEMPLATE_ESCAPING.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in settings["TEMPLATES"]:
        value = outcome.value
        if isinstance(value, Unknown):
            yield unreadable(outcome, why_unknown("TEMPLATES", value), severity=Severity.LOW)
        elif not value or not isinstance(value, (list, tuple)):
            yield not_applicable(outcome, "TEMPLATES names no engine")
        else:
            yield from of_engines(settings, outcome, list(value))


def of_engines(settings: Settings, outcome: Outcome, engines: list[object]) -> Iterator[Judgement]:
    """What the engines do; the first one that has a template renders it."""
    for number, engine in enumerate(engines):
        found = escapes(settings, engine)
        if found.sure is False:
            yield bad(
                outcome, found.why, severity=Severity.LOW if number else None, pedantic=number > 0
            )
        elif found.sure is None:
            yield unreadable(outcome, found.why, severity=Severity.MEDIUM)
    yield good(outcome, "Templates escape what they are given")


def escapes(settings: Settings, engine: object) -> Presence:
    """Whether an engine escapes what it puts into a page."""
    if not isinstance(engine, dict):
        reason = f": {engine.reason}" if isinstance(engine, Unknown) else ""
        return Presence(None, f"An engine in TEMPLATES could not be read{reason}")
    options = engine.get("OPTIONS", {})
    if not isinstance(options, dict) or any(isinstance(key, Unknown) for key in options):
        return Presence(None, "The OPTIONS of an engine in TEMPLATES could not be read")
    backend = engine.get("BACKEND")
    if not isinstance(backend, str):
        return Presence(None, "The BACKEND of an engine in TEMPLATES could not be read")
    plain = backend.rpartition(".")[2]
    if "autoescape" in options:
        return said_so(plain, options["autoescape"])
    if backend == JINJA:
        return of_environment(settings, options.get("environment", "jinja2.Environment"))
    if backend in ESCAPING:
        return Presence(True)
    return of_backend(settings, backend)


def said_so(backend: str, value: object) -> Presence:
    """What an engine makes of its option."""
    on = truth(value)
    if isinstance(value, Unknown) and "select_autoescape" in value.reason:
        return Presence(True)
    if on is None:
        assert isinstance(value, Unknown)
        return Presence(None, why_unknown(f"OPTIONS['autoescape'] of {backend}", value))
    return Presence(on, f"OPTIONS['autoescape'] of {backend} is {said(value)}")


def of_environment(settings: Settings, name: object) -> Presence:
    """Whether a Jinja2 environment is made with the options that Django gives."""
    if not isinstance(name, str):
        return Presence(None, "The environment of Jinja2 in TEMPLATES could not be read")
    if name in ENVIRONMENTS:
        return Presence(True)
    definition = settings.definition(name)
    if definition is None:
        return Presence(None, f"Whether {name} makes Jinja2 escape is not known")
    if "autoescape" in definition.words:
        message = f"{name} decides by itself whether Jinja2 escapes: see {definition.place}"
        return Presence(None, message)
    heir = not ENVIRONMENTS.isdisjoint(definition.bases)
    if (heir and "__init__" not in definition.overrides) or PASSED_ON & definition.words:
        return Presence(True)
    message = f"Whether {name} passes on that Jinja2 is to escape is not known"
    return Presence(None, f"{message}: see {definition.place}")


def of_backend(settings: Settings, backend: str) -> Presence:
    """Whether a backend from elsewhere, or of the project, escapes as the one that it extends."""
    definition = settings.definition(backend)
    if definition is not None and not ESCAPING.isdisjoint(definition.bases):
        if "__init__" not in definition.overrides:
            return Presence(True)
    return Presence(None, f"Whether the template backend {backend} escapes is not known")


@TEMPLATE_ESCAPING.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    for path, value in options_of(settings, "autoescape"):
        if truth(value) is False:
            yield Drop("TEMPLATES", path, safe=False, risk="HTML that views pass to templates as "
                       "plain text is shown as text, until it is marked as safe")  # fmt: skip
