"""Holds a model against the library that it models: both run the same settings, in the same
environment, and must say the same."""

from __future__ import annotations

import os
import runpy
import warnings
from collections.abc import Mapping
from pathlib import PurePath
from unittest import mock

from tests.settings.evaluating import Source, written

from hardango.settings.environment import Environment
from hardango.settings.evaluate import evaluate


def both(source: Source, env: Mapping[str, str] = {}) -> tuple[object, object]:
    """What the library makes of the settings, and what the model makes of them: the values of
    the upper-case names, or the name of the exception."""
    with written(source) as root:
        return _library(root, env), _model(root, env)


def _library(root: str, env: Mapping[str, str]) -> object:
    before = os.getcwd()
    os.chdir(root)
    try:
        with mock.patch.dict(os.environ, env, clear=True), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = runpy.run_path(os.path.join(root, "settings.py"))
    except Exception as problem:  # what the library raises is its answer
        return type(problem).__name__
    finally:
        os.chdir(before)
    return {name: plain(value, root) for name, value in names.items() if name.isupper()}


def _model(root: str, env: Mapping[str, str]) -> object:
    settings = evaluate(
        "settings",
        root=root,
        import_roots=(root,),
        environment=Environment.of(env, closed=True),
        django=(5, 2),
        strict=True,
    )
    if not settings.loads.possible:
        return settings.failures[0][1].partition(":")[0]
    found = {}
    for name in settings.names():
        outcomes = [each for each in settings[name] if not each.default]
        assert len(outcomes) == 1, f"{name} has several outcomes: {outcomes}"
        found[name] = plain(outcomes[0].value, root)
    return found


def plain(value: object, root: str) -> object:
    """A value with its types written out, so that 1, True and 1.0 are three things."""
    if isinstance(value, dict):
        return {key: plain(each, root) for key, each in value.items()}
    if isinstance(value, (list, tuple)) and type(value).__name__ in ("list", "tuple"):
        return type(value)(plain(each, root) for each in value)
    if isinstance(value, (str, PurePath)) or hasattr(value, "__fspath__"):
        return str(value).replace(root, "ROOT")
    return f"{value!r}"
