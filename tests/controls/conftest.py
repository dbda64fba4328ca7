"""How the tests of controls judge settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hardango.controls.catalogue import catalogue
from hardango.controls.judge import judge
from hardango.findings import Finding
from hardango.project.model import Deployment, Project
from hardango.settings.outcomes import Settings

Judge = Callable[..., Finding]

PROJECT = Project(
    root="/project", base="/project", import_roots=("/project",), manage_py="manage.py",
    settings_modules=(), deployment=Deployment(module="settings"), django=(6, 1),
    django_source=None,
)  # fmt: skip


def judge_one(
    name: str,
    settings: Mapping[str, object] | Settings,
    *,
    django: tuple[int, int] = (6, 1),
    deployment: Deployment = PROJECT.deployment,
    pedantic: bool = True,
) -> Finding:
    if not isinstance(settings, Settings):
        settings = Settings.of(settings, django=django)
    controls = catalogue(lambda each: each == name)
    (finding,) = judge(
        settings, PROJECT._replace(deployment=deployment), controls, pedantic=pedantic
    )
    return finding


@pytest.fixture(scope="session")
def judged_once() -> Judge:
    """`judged`, for property tests: a fixture of theirs must not be made anew for each example."""
    return judge_one


@pytest.fixture
def judged() -> Judge:
    """`judged("debug", {"DEBUG": True})`: the finding of one control on these settings, given
    as `Settings.of` takes them."""
    return judge_one
