"""What the tests of the evaluator share: settings given as text, and their outcomes.

    outcomes('DEBUG = os.environ.get("DEBUG", False)')["DEBUG"]

is `[(False, ("DEBUG is unset",)), (<unknown: read from DEBUG>, ("DEBUG is set",))]`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hardango.settings.environment import Environment
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Settings, Unknown

Source = str | Mapping[str, str | bytes]
"""The text of settings.py, or of several files by their paths, settings.py among them."""


def evaluated(
    source: Source,
    env: Mapping[str, str] | None = None,
    *,
    closed: bool = False,
    module: str = "settings",
    strict: bool = True,
    configuration: str | None = None,
    installed: frozenset[str] = frozenset(),
    inside: str = ".",
) -> Settings:
    """The settings of `module`, written to a directory of its own. `env` are the variables that
    are set; with `closed` every other one is unset, else it is not known. `inside` is the
    directory to import from, if it is not the root."""
    with written(source) as root:
        return evaluate(
            module,
            root=root,
            import_roots=(os.path.normpath(os.path.join(root, inside)),),
            environment=Environment.of(env or {}, closed=closed),
            configuration=configuration,
            installed=installed,
            strict=strict,
        )


@contextmanager
def written(source: Source) -> Iterator[str]:
    """The source files in a directory that is there for as long as they are needed."""
    files = {"settings.py": source} if isinstance(source, str) else source
    with tempfile.TemporaryDirectory() as root:
        for name, content in files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = content.encode()
            path.write_bytes(content)
        yield os.path.realpath(root)


def outcomes(
    source: Source,
    env: Mapping[str, str] | None = None,
    closed: bool = False,
    **more: object,
) -> dict[str, list[tuple[object, tuple[str, ...]]]]:
    """For each name that the module sets: (value, the facts under which it holds)."""
    found = evaluated(source, env, closed=closed, **more)  # type: ignore[arg-type]
    return {
        name: [(outcome.value, outcome.when) for outcome in found[name]] if name in found else []
        for name in found.names()
    }


def values(
    source: Source,
    env: Mapping[str, str] | None = None,
    closed: bool = True,
    **more: object,
) -> dict[str, object]:
    """For each name that the module sets its one value; of several, a list is an error."""
    found = {}
    for name, cases in outcomes(source, env, closed, **more).items():
        assert len(cases) == 1, f"{name} has several outcomes: {cases}"
        found[name] = cases[0][0]
    return found


def told(value: object) -> object:
    """A value as a test can write it down: an unknown is `"unknown: …"`, containers likewise."""
    if isinstance(value, Unknown):
        return f"unknown: {value.reason}"
    if isinstance(value, list):
        return [told(each) for each in value]
    if isinstance(value, tuple):
        return tuple(told(each) for each in value)
    if isinstance(value, dict):
        return {told(key): told(each) for key, each in value.items()}
    return value
