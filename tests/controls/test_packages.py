"""Whether a package is used, and in which version."""

from __future__ import annotations

import pytest

from hardango.controls.packages import LISTS, at_least, could_be_used, in_use, installed, used
from hardango.findings import Place
from hardango.project.model import Deployment, Package, Project
from hardango.settings.conditions import Space, TooComplex
from hardango.settings.outcomes import Settings, Unknown

SOME = Unknown("read from APPS", several=True)


def deployment(*names: str) -> Deployment:
    place = Place("requirements.txt", 1)
    return Deployment(packages={name: Package(name, None, "", place) for name in names})


NOBODY_TELLS = Deployment()
WITH, WITHOUT = deployment("django-cors-headers"), deployment("django")


@pytest.mark.parametrize(
    "values, deployed, sure, why",
    [
        ({"INSTALLED_APPS": ["corsheaders"]}, NOBODY_TELLS, True, "INSTALLED_APPS has"),
        ({"INSTALLED_APPS": ["corsheaders.apps.CorsHeadersAppConfig"]}, WITHOUT, True, "INSTALLED_APPS has"),
        ({"MIDDLEWARE": ["corsheaders.middleware.CorsMiddleware"]}, WITHOUT, True, "MIDDLEWARE has"),
        ({"AUTHENTICATION_BACKENDS": ["corsheaders.Backend"]}, WITHOUT, True, "AUTHENTICATION_BACKENDS has"),
        ({}, NOBODY_TELLS, False, "not among the apps"),
        ({"INSTALLED_APPS": ["corsheaders2", "shop.corsheaders", "cors"]}, NOBODY_TELLS, False, "not among"),
        # What is installed and not listed is not used.
        ({}, WITH, False, "not among the apps"),
        ({"INSTALLED_APPS": ["a", SOME]}, NOBODY_TELLS, None, "an item of INSTALLED_APPS"),
        ({"INSTALLED_APPS": ["a", SOME]}, WITH, None, "read from APPS"),
        # What is not installed hides in no list.
        ({"INSTALLED_APPS": ["a", SOME]}, WITHOUT, False, "not among the requirements"),
        ({"INSTALLED_APPS": Unknown("read from APPS")}, NOBODY_TELLS, None, "could not be read"),
        ({"INSTALLED_APPS": ["a", Unknown("x", "str", prefix="shop.")]}, NOBODY_TELLS, False, "not among"),
        ({"INSTALLED_APPS": ["a", Unknown("x", "str", choices=("b", "c"))]}, NOBODY_TELLS, False, "not among"),
        ({"INSTALLED_APPS": ["a", Unknown("x", "str", choices=("b", "corsheaders"))]}, NOBODY_TELLS, None, "item"),
    ],
)  # fmt: skip
def test_an_app(
    values: dict[str, object], deployed: Deployment, sure: bool | None, why: str
) -> None:
    settings = Settings.of(values)
    (case,) = settings.cases(*LISTS)
    found = used(settings, case, deployed, app="corsheaders", package="django-cors-headers")
    assert (found.sure, why in found.why) == (sure, True), found


@pytest.mark.parametrize(
    "imports, deployed, sure",
    [
        ("sentry_sdk", NOBODY_TELLS, True),
        ("sentry_sdk.integrations.django", WITHOUT, True),
        ("sentry_sdk_extra", WITHOUT, False),
        ("", deployment("sentry-sdk"), True),
        ("", WITHOUT, False),
        ("", NOBODY_TELLS, None),
    ],
)
def test_a_module(imports: str, deployed: Deployment, sure: bool | None) -> None:
    space = Space()
    settings = Settings({}, {}, space=space, imported={imports: space.true} if imports else {})
    (case,) = settings.cases()
    assert used(settings, case, deployed, package="sentry-sdk", module="sentry_sdk").sure is sure


def test_only_in_the_cases_in_which_it_is_listed() -> None:
    settings = Settings.of({"INSTALLED_APPS": {"if DEBUG is set": ["silk"], "else": []}})
    found = {
        case.when: used(settings, case, NOBODY_TELLS, app="silk", package="django-silk").sure
        for case in settings.cases(*LISTS)
    }
    assert found == {("DEBUG is set",): True, ("not (DEBUG is set)",): False}


def test_the_version() -> None:
    place = Place("uv.lock", 3)
    csp = Package("django-csp", (3, 8), "3.8", place, True)
    deployed = Deployment(packages={"django-csp": csp})
    assert in_use(deployed, "django-csp") is csp
    assert at_least(deployed, "django-csp", (4, 0)) is False
    assert at_least(deployed, "django-csp", (3, 0)) is True
    assert at_least(deployed, "django-axes", (3, 0)) is None
    assert installed(deployed, "django-csp").why == "uv.lock:3 names django-csp"


PROJECT = Project("/project", "/project", ("/project",), None, (), NOBODY_TELLS, None, None)
KNOWN = PROJECT._replace(deployment=WITHOUT)


@pytest.mark.parametrize(
    "values, project, expected",
    [
        ({}, PROJECT, False),
        ({"INSTALLED_APPS": ["shop.corsheaders", "corsheaders2"]}, PROJECT, False),
        ({"CORS_ALLOW_ALL_ORIGINS": True}, PROJECT, False),
        ({"INSTALLED_APPS": ["a", SOME]}, KNOWN, False),
        ({"INSTALLED_APPS": ["a", Unknown("x", "str", prefix="shop.")]}, PROJECT, False),
        ({}, PROJECT._replace(installed=frozenset({"corsheaders"})), True),
        ({"INSTALLED_APPS": ["a", SOME]}, PROJECT, True),
        ({"INSTALLED_APPS": {"if X": ["corsheaders"], "else": []}}, KNOWN, True),
        ({"INSTALLED_APPS": ["corsheaders.apps.CorsHeadersAppConfig"]}, PROJECT, True),
        ({"A": {"B": [Unknown("x", "str", choices=("z", "corsheaders.c"))]}}, KNOWN, True),
        ({"A": {"B": [("corsheaders.c",)]}}, KNOWN, True),
    ],
)  # fmt: skip
def test_what_could_be_used_at_all(values: dict[str, object], project, expected: bool) -> None:
    assert could_be_used(Settings.of(values), project)("corsheaders") is expected


def test_what_is_too_complicated_to_tell_could_be_used(monkeypatch) -> None:
    def cases(*names: str) -> None:
        raise TooComplex("more than 3 steps on conditions")

    settings = Settings.of({})
    monkeypatch.setattr(settings, "cases", cases)
    assert could_be_used(settings, PROJECT)("corsheaders")
    assert not could_be_used(settings, KNOWN)("corsheaders")


def test_what_is_imported_could_be_used() -> None:
    space = Space()
    settings = Settings({}, {}, space=space, imported={"corsheaders.defaults": space.true})
    assert could_be_used(settings, PROJECT)("corsheaders")
    assert not could_be_used(settings, PROJECT)("cors")


def test_a_value_that_holds_itself_is_looked_at_once() -> None:
    value: list[object] = ["corsheaders.x"]
    for _ in range(60):
        value = [value, value]
    value.append(value)
    assert "corsheaders" in Settings.of({"A": value}).mentioned()


@pytest.mark.parametrize(("module", "expected"), [("strawberry", True), ("straw", False)])
def test_what_a_package_brings_could_be_used(module: str, expected: bool) -> None:
    project = PROJECT._replace(installed=frozenset(("strawberry_django",)))
    assert could_be_used(Settings.of({}), project)(module) is expected
