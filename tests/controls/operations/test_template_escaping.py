"""Templates escape what users write."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

DJANGO = "django.template.backends.django.DjangoTemplates"
JINJA = "django.template.backends.jinja2.Jinja2"


def engine(backend: object = DJANGO, **options: object) -> dict[str, object]:
    return {"BACKEND": backend, "APP_DIRS": True, "OPTIONS": options}


def made_by(*words: str, bases: tuple[str, ...] = (), overrides: tuple[str, ...] = ()) -> Settings:
    """An environment of the project, or a backend, with these words in its source."""
    found = Definition(
        Place("shop/jinja.py", 4), bases, frozenset(overrides), frozenset(words), None
    )
    engines = [engine(JINJA, environment="shop.jinja.environment"), engine("shop.jinja.Backend")]
    return Settings.of(
        {"TEMPLATES": engines[:1] if words or "jinja2.Environment" in bases else engines[1:]},
        definition=lambda dotted: found if dotted.startswith("shop.jinja") else None,
    )


@pytest.mark.parametrize(
    "engines",
    [
        [engine()],
        [{"BACKEND": DJANGO}],
        [engine(autoescape=True)],
        [engine(context_processors=[Unknown("read from X")])],
        [engine(JINJA)],
        [engine(JINJA, environment="jinja2.sandbox.SandboxedEnvironment")],
        [engine(JINJA, autoescape=Unknown("the result of jinja2.select_autoescape() at s.py:3"))],
        [engine("django_jinja.backend.Jinja2"), engine()],
        {"if X": [engine()], "else": [engine(), engine(JINJA)]},
    ],
)
def test_escaped(judged, engines: object) -> None:
    finding = judged("template-escaping", {"TEMPLATES": engines})
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    "settings",
    [
        made_by("Environment", "options"),
        made_by("Environment", "kwargs", "static"),
        made_by(bases=("jinja2.Environment",)),
        made_by(bases=(DJANGO,)),
    ],
)
def test_escaped_by_what_the_project_makes(judged, settings: Settings) -> None:
    finding = judged("template-escaping", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("engines", "words"),
    [
        ([engine(autoescape=False)], "OPTIONS['autoescape'] of DjangoTemplates is False"),
        ([engine(autoescape=0)], "of DjangoTemplates is 0"),
        ([engine(JINJA, autoescape=False), engine()], "of Jinja2 is False"),
    ],
)
def test_not_escaped(judged, engines: object, words: str) -> None:
    finding = judged("template-escaping", {"TEMPLATES": engines})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH)
    assert words in finding.message


def test_an_engine_for_texts_is_told_on_demand(judged) -> None:
    settings = {"TEMPLATES": [engine(), {**engine(autoescape=False), "NAME": "text"}]}
    finding = judged("template-escaping", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert judged("template-escaping", settings, pedantic=False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"TEMPLATES": Unknown("read from X")},
        {"TEMPLATES": [Unknown("the result of f()")]},
        {"TEMPLATES": [{"BACKEND": DJANGO, "OPTIONS": Unknown("read from X")}]},
        {"TEMPLATES": [engine(autoescape=Unknown("read from X", type="bool"))]},
        {"TEMPLATES": [engine(JINJA, environment="shop.jinja.environment")]},
        {"TEMPLATES": [engine("mako.Backend")]},
        made_by("Environment", "autoescape", "options"),
        made_by("Environment", "loader"),
        made_by(bases=("jinja2.Environment",), overrides=("__init__",)),
        made_by(bases=(DJANGO,), overrides=("__init__",)),
    ],
)
def test_not_known(judged, settings: object) -> None:
    assert judged("template-escaping", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    engines = {"if X": [engine(autoescape=False)], "else": [engine()]}
    finding = judged("template-escaping", {"TEMPLATES": engines})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


@pytest.mark.parametrize("settings", [{}, {"TEMPLATES": []}])
def test_without_an_engine(judged, settings: dict[str, object]) -> None:
    finding = judged("template-escaping", settings)
    assert (finding.verdict, finding.applies) == (Verdict.PASS, False)
