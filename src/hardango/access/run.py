"""What `hardango access` does: reads the routes, tells what is wrong with them, and lays them beside
access.toml."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from hardango.access.choose import Filter, NoSuchRole, chosen
from hardango.access.findings import Facts, findings
from hardango.access.lookups import with_lookups
from hardango.access.masking import masked
from hardango.access.policy import FILE, BadPolicy, Policy, parsed, renewed, text_of
from hardango.access.review import changes
from hardango.access.weaknesses import REFUTED
from hardango.audit import CannotRead, Reading, Request, folder_of, read
from hardango.controls.catalogue import catalogue
from hardango.controls.judge import judge_control
from hardango.controls.packages import could_be_used
from hardango.findings import Severity, Verdict
from hardango.light import NamedTuple
from hardango.matrix import Matrix
from hardango.replace import CannotWrite, replace


class Wish(NamedTuple):
    """What the user asked for: `python` the project's interpreter, to load it; `environment` a
    virtual environment whose packages are read where nothing is loaded; `prove` whether
    requests are sent, `bodies` "safe" or "all", of which methods the views run; `write` and `check`
    whether access.toml is made, or compared."""

    python: str | None = None
    prove: bool = False
    bodies: str = "safe"
    write: bool = False
    check: bool = False
    filter: Filter = Filter()
    environment: str | None = None


def access(request: Request, wish: Wish, tell: Callable[[str], None]) -> Matrix:
    """The routes of a project with all that there is to say of them, as far as the user wants to see
    them. Raises CannotRead."""
    reading = read(request)
    root = reading.project.root
    try:
        text = text_of(root) or ""
        policy = parsed(text) if text.strip() else None
        if policy is None and (wish.check or wish.filter.changed):
            raise CannotRead(f"there is no {FILE} in {os.path.basename(root)} to compare with; "
                             "`hardango access --write` makes it")  # fmt: skip
        matrix = matrix_of(reading, wish, tell)._replace(folder=folder_of(root))
        matrix = masked(with_lookups(matrix, reading), reading.masker.text)
        matrix = matrix._replace(findings=findings(matrix, _facts(reading, matrix, policy)))
        if policy is not None:
            matrix = _compared(matrix, policy)
        if wish.write:
            matrix = _kept(matrix, text, root)
        return chosen(matrix, wish.filter)
    except (BadPolicy, CannotWrite, NoSuchRole) as error:
        raise CannotRead(str(error)) from None


def _compared(matrix: Matrix, policy: Policy) -> Matrix:
    """The matrix with how it differs from access.toml."""
    matrix = matrix._replace(changes=changes(matrix, policy))
    if policy.source == matrix.source:
        return matrix
    made = "of the loaded project (--python)" if policy.source == "loaded" else "from the source"
    said = f"{FILE} was made {made}: who gets in is compared, the guards are not"
    return matrix._replace(said=(*matrix.said, said))


def _facts(reading: Reading, matrix: Matrix, policy: Policy | None) -> Facts:
    """What the findings need beside the matrix."""
    models = matrix.models if matrix.permissions_known else None
    known = [name for each in models or () for name in (*each.permissions, *each.named)]
    return Facts(
        open_by_default=_open_by_default(reading),
        permissions=frozenset(known) if models is not None else None,
        custom_permissions=frozenset(
            name
            for each in models or ()
            for name in each.named
            if _own(each.dotted, reading.project.import_roots)
        ),
        hints=could_be_used(reading.settings, reading.project),
        public={line.key: line.public for line in (policy.lines if policy else ()) if line.public},
    )


def _open_by_default(reading: Reading) -> bool:
    """Whether it is known that REST framework's default permission lets everybody in."""
    (control,) = catalogue("rest-framework-permissions".__eq__)
    settings, deployment = reading.settings, reading.project.deployment
    found = judge_control(control, settings, deployment, pedantic=False)
    return found.verdict is Verdict.FAIL


def _own(dotted: str, roots: Iterable[str]) -> bool:
    """Whether a model lies in the project, rather than in a package."""
    top = dotted.partition(".")[0]
    return any(
        os.path.lexists(os.path.join(root, name)) for root in roots for name in (top, f"{top}.py")
    )


def _kept(matrix: Matrix, text: str, root: str) -> Matrix:
    """The matrix once access.toml is written. Raises BadPolicy, CannotWrite."""
    fresh = renewed(text, matrix)
    if fresh == text:
        return matrix._replace(said=(*matrix.said, f"{FILE} is up to date; it was not written"))
    replace(os.path.join(root, FILE), fresh.encode(), root)
    return matrix._replace(said=(*matrix.said, f"{FILE} was written; review it, and commit it"))


def matrix_of(reading: Reading, wish: Wish, tell: Callable[[str], None]) -> Matrix:
    """The matrix, proven, loaded or read from the source. Raises CannotRead."""
    if wish.prove:
        from hardango.access.prove import Options, proven
        from hardango.access.prove.roles import named

        options = Options(bodies=wish.bodies, roles=named(reading.configuration))
        return proven(reading, wish.python, options, tell)
    if wish.python is not None:
        from hardango.access.loaded import loaded

        return loaded(reading, wish.python, tell)
    from hardango.access import static

    return static.matrix_of(reading, static.libraries(reading, wish.environment))


def fails(matrix: Matrix, least: Severity | None, *, checked: bool) -> bool:
    """Whether the run fails: by what is wrong, from severity `least` on, or, where access.toml was
    `checked`, by what asks for a review, and by what requests have refuted."""
    if checked:
        refuted = [each for each in matrix.findings if each.control in REFUTED and each.fresh]
        return bool(refuted) or any(each.fails for each in matrix.changes or ())
    return least is not None and any(
        each.fresh and each.severity >= least for each in matrix.findings
    )
