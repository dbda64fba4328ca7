"""The matrix of a project that is loaded: its own interpreter walks its URLconf.

The settings are production's, loaded as `hardango.local` loads them: in a copy of the tree, with
nothing within reach that could be harmed. There is no database: the walk asks for none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from hardango.access.code import Facts
from hardango.access.facts import Concluding
from hardango.audit import CannotRead, Reading
from hardango.local.inside import Failed
from hardango.local.launch import CannotStart, Wish, Within, within
from hardango.matrix import Guard, Matrix, Model

CHILD = os.path.join(os.path.dirname(__file__), "child")
SECONDS = 120.0
"""How long the walk may take."""


def loaded(
    reading: Reading,
    python: str | None,
    tell: Callable[[str], None] = lambda doing: None,
    *,
    folders: Sequence[str] = (),
    then: Callable[[Matrix, Within], Matrix] | None = None,
) -> Matrix:
    """The routes as the project's own interpreter has them; `python` names it, None for that of
    its virtual environment. With `then` there is a database, and it goes on with the matrix in the
    same process, where the files of `folders` are as well. Raises CannotRead."""
    began = time.monotonic()
    project = reading.project
    top = project.within or project.root
    try:
        with within(reading, Wish(python=python), [CHILD, *folders], database=then is not None,
                    tell=tell) as inside:  # fmt: skip
            tell("walking its routes")
            facts = inside.ask("hardango_routes.walk", SECONDS)
            tell("reading what its views demand")
            matrix = matrix_of(facts, reading.module, project.root, inside.copy, top)
            models = inside.ask("hardango_models.every", SECONDS)
            if then is not None:
                matrix = then(matrix, inside)
            said = inside.said
    except Failed as error:
        lines = "".join(f"\n  {reading.masker.text(each)}" for each in error.lines[-6:])
        raise CannotRead(
            f"its routes cannot be walked: {reading.masker.text(str(error))}{lines}"
        ) from None
    except CannotStart as error:
        lines = "".join(f"\n  {each}" for each in error.lines[-6:])
        raise CannotRead(f"{error}{lines}") from None
    masked = tuple(map(reading.masker.text, said))
    return matrix._replace(
        said=(*masked, *matrix.said), seconds=time.monotonic() - began,
        models=tuple(map(_model, models["models"])), permissions_known=models["alone"],
    )  # fmt: skip


def _model(said: dict[str, Any]) -> Model:
    return Model(
        said["dotted"], said["label"], tuple(said["permissions"]), tuple(said["named"]),
        tuple(said["owners"]),
    )  # fmt: skip


def matrix_of(facts: Facts, module: str, root: str, copy: str, top: str) -> Matrix:
    """What the facts come to. `copy` is where the project ran, a copy of `top`; places are told
    from `root`."""

    def shown(file: str) -> str:
        below = os.path.relpath(os.path.realpath(file), os.path.realpath(copy))
        if below.startswith("..") or "site-packages" in below:
            return ""
        return os.path.relpath(os.path.join(top, below), root).replace(os.sep, "/")

    concluding = Concluding(facts, shown)
    routes = tuple(map(concluding.route, facts["routes"]))
    sockets = tuple(map(concluding.socket, facts["sockets"]))
    always: tuple[Guard, ...] = concluding.middleware({})
    return Matrix(
        os.path.basename(root), module, "loaded", (*routes, *sockets),
        middleware=always, said=tuple(concluding.said()),
    )  # fmt: skip
