"""`python benchmarks/access`: are the routes of `hardango access` all that there are, and does reading
claim what loading denies?

Each project of projects.toml is loaded in an environment of its own, its resolver is walked by brute
force, and the loaded and the static matrix are held against that and against each other. Writes
docs/access-completeness.md; ends with 1 if a route of the resolver is missing from a loaded matrix.

The trees are looked for in `--trees` (default: .cache/access): a checkout of each repository at the
commit that projects.toml names. The environments are made there, too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = os.path.join(REPOSITORY, "src")

from hardango.access import static  # noqa: E402
from hardango.access.loaded import loaded  # noqa: E402
from hardango.audit import CannotRead, Request, read  # noqa: E402
from hardango.local.launch import Wish, within  # noqa: E402
from hardango.matrix import Matrix, Operation, Reach, worded  # noqa: E402

PAGE = os.path.join(REPOSITORY, "docs", "access-completeness.md")
MADE = "<!-- Made by `python3 dev.py bench access`: change benchmarks/access there. -->"
UNSURE = (Reach.CUSTOM, Reach.UNKNOWN)
_NARROWNESS = (
    Reach.ANONYMOUS, Reach.TOKEN, Reach.AUTHENTICATED, Reach.STAFF, Reach.PERMISSION, Reach.OBJECT,
    Reach.SUPERUSER, Reach.NOBODY,
)  # fmt: skip

HEAD = """{made}

# Completeness of hardango access

Each project was loaded in an environment of its own, without a database, as
`hardango access --python …` does. *Resolver* counts the patterns that a walk of Django's resolver
finds, by code that knows nothing of Hardango; *loaded* how many of them the loaded matrix has, and
*more* what it has besides. *Alone* is the share of them that the static matrix finds in the project's
files, without running a line, as `hardango access` does; *packages* the share that it finds with
`--environment`, the packages at hand as files.

The last columns compare what is loaded and what is read with packages, of each operation that both
have: *same*; *less*, where
reading claims less than loading does, or says that it does not know; *differ*, where both claim
something, and reading claims that fewer get in. Each of those is looked at: either reading claims a
guard that is not there, or loading has overlooked one.

| project | Django | resolver | loaded | more | seconds | alone | packages | operations | same | less | differ |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


class Row(NamedTuple):
    """What was measured of one project; `differing` are operations with what each says of them."""

    name: str
    version: str
    resolver: int
    found: int
    more: int
    seconds: float
    alone: int
    packages: int
    compared: Counter[str]
    differing: tuple[str, ...]
    missing: tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/access", description=__doc__)
    parser.add_argument("--trees", default=os.path.join(REPOSITORY, ".cache", "access"))
    parser.add_argument("--environments", metavar="DIR")
    parser.add_argument("--only", metavar="NAME", action="append")
    parser.add_argument("--show", action="store_true", help="print each operation that differs")
    asked = parser.parse_args(arguments)
    with open(os.path.join(HERE, "projects.toml"), "rb") as opened:
        projects = tomllib.load(opened)["project"]
    rows = []
    for project in projects:
        if asked.only and project["name"] not in asked.only:
            continue
        row = _measured(project, asked.trees, asked.environments or asked.trees)
        if row is None:
            continue
        rows.append(row)
        print(_line(row), flush=True)
        if not asked.only:
            _write(rows)
        for each in (*row.missing, *(row.differing if asked.show else ())):
            print("   ", each)
    return 1 if any(each.missing for each in rows) else 0


def _measured(project: dict[str, Any], trees: str, environments: str) -> Row | None:
    tree = os.path.join(trees, project["name"])
    path = os.path.join(tree, project.get("path", ""))
    if not os.path.isdir(path):
        print(f"{project['name']}: not in {trees}; get it by: {_command(project, tree)}")
        return None
    python = _python(project, tree, environments)
    if python is None:
        print(f"{project['name']}: its environment could not be made")
        return None
    reading = read(
        Request(path=path, module=project.get("module"), given=project.get("variables", {}))
    )
    began = time.monotonic()
    try:
        matrix = loaded(reading, python)
    except CannotRead as error:
        print(f"{project['name']}: {error}")
        return None
    seconds = time.monotonic() - began
    with within(
        reading, Wish(python=python), [os.path.join(HERE, "child")], database=False
    ) as inside:
        resolver = Counter(inside.ask("access_walker.every", 120.0))
        version = inside.python.packages.get("django", "")
    packages = static.libraries(reading, os.path.dirname(os.path.dirname(python)))
    still = static.matrix_of(reading, packages)
    row = _row(project["name"], version, resolver, matrix, still, seconds)
    return row._replace(alone=_found(resolver, static.matrix_of(reading)))


def _command(project: dict[str, Any], tree: str) -> str:
    if "command" in project:
        return f"{project['command']}, with {project['install'][0]}, in {tree}"
    where = f"https://github.com/{project['repository']}"
    return f"git clone {where} {tree} && git -C {tree} checkout {project['commit']}"


def _python(project: dict[str, Any], tree: str, environments: str) -> str | None:
    """The Python of the project's environment, made with what projects.toml says."""
    folder = os.path.join(environments, f"{project['name']}-venv")
    python = os.path.join(folder, "bin", "python")
    if os.path.isfile(python):
        return python
    base = project.get("python", sys.executable)
    steps = [[base, "-m", "venv", folder],
             [python, "-m", "pip", "install", "--quiet", *project["install"]]]  # fmt: skip
    for step in steps:
        if subprocess.run(step, cwd=tree).returncode:
            return None
    return python


def _row(
    name: str, version: str, resolver: Counter[str], matrix: Matrix, still: Matrix, seconds: float
) -> Row:
    have = Counter(each.pattern for each in matrix.routes if each.kind != "websocket")
    compared: Counter[str] = Counter()
    differing = []
    for at, one, other in _pairs(matrix, still):
        kind = _compared(one, other)
        compared[kind] += 1
        if kind == "differ":
            differing.append(f"{at}: read {_said(other)}, loaded {_said(one)}")
    return Row(
        name, version, resolver.total(), (resolver & have).total(), (have - resolver).total(), seconds,
        0, _found(resolver, still), compared,
        tuple(differing), tuple((resolver - have).elements()),
    )  # fmt: skip


def _found(resolver: Counter[str], still: Matrix) -> int:
    """How many patterns of the resolver a static matrix has."""
    read_ = {each.pattern for each in still.routes if not each.unresolved}
    return sum(count for pattern, count in resolver.items() if pattern in read_)


def _said(operation: Operation) -> str:
    return worded(operation.reach, operation.permissions, operation.any_of)


def _pairs(matrix: Matrix, still: Matrix) -> Iterator[tuple[str, Operation, Operation]]:
    """The operations that both have, the loaded one first."""
    known: dict[str, dict[str, Operation]] = {}
    for route in still.routes:
        known.setdefault(route.pattern, {each.method: each for each in route.operations})
    seen = set()
    for route in matrix.routes:
        if route.pattern in seen:
            continue
        seen.add(route.pattern)
        others = known.get(route.pattern, {})
        for each in route.operations:
            other = others.get(each.method) or others.get("*")
            if each.method == "*" and other is None:
                other = others.get("GET")
            if other is not None:
                yield f"{each.method} {route.pattern}", each, other


def _compared(one: Operation, other: Operation) -> str:
    """How what is read compares with what is loaded."""
    if (one.reach, one.permissions) == (other.reach, other.permissions):
        return "same"
    if other.reach in UNSURE or one.reach in UNSURE:
        return "less"
    if (
        other.reach is one.reach
        and set(other.permissions) < set(one.permissions)
        and not one.any_of
    ):
        return "less"
    narrower = _NARROWNESS.index(other.reach) - _NARROWNESS.index(one.reach)
    return "less" if narrower < 0 else "differ"


def _line(row: Row) -> str:
    total = row.compared.total()
    alone, packages = _share(row.alone, row.resolver), _share(row.packages, row.resolver)
    return (f"| {row.name} | {row.version} | {row.resolver} | {row.found} | {row.more} | "
            f"{row.seconds:.0f} | {alone} | {packages} | {total} | {row.compared['same']} | "
            f"{row.compared['less']} | {row.compared['differ']} |")  # fmt: skip


def _share(found: int, of: int) -> str:
    return f"{100 * found / max(1, of):.0f} %"


def _write(rows: list[Row]) -> None:
    resolver, found = sum(each.resolver for each in rows), sum(each.found for each in rows)
    alone, packages = sum(each.alone for each in rows), sum(each.packages for each in rows)
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(HEAD.format(made=MADE))
        page.writelines(_line(each) + "\n" for each in rows)
        page.write(f"\nAll together {resolver} patterns, of which the loaded matrices have {found}, "
                   f"and reading finds {alone} alone ({_share(alone, resolver)}) and {packages} with "
                   f"packages ({_share(packages, resolver)}).\n")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
