"""Evaluates settings in a process of its own, bounded and watched.

Run as a script it reads tasks, one JSON line each, and evaluates every one in a fork of itself
with an audit hook (PEP 578), which sees every import, execution, opened file, process and
connection, whatever code causes it. It answers with what happened, what was claimed, how long it
took and how much memory it held.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from typing import Any

SECONDS = 20
"""A task that has not ended after this time is killed."""

QUIET = 0.004
"""What `yardstick` takes on a machine that does nothing else."""

SLOWEST = 4
"""More than this many times slower than that no machine is taken to be."""

BYTES = 3 << 30
"""Address space of a task: far more than it may really hold."""

HARMLESS = frozenset(
    "compile object.__getattr__ object.__setattr__ object.__delattr__ sys._getframe builtins.id "
    "marshal.loads sys.unraisablehook cpython.run_file".split()
)
"""What may happen anywhere: parsing among it (running what was parsed is `exec`)."""

PLACES = frozenset("open os.listdir os.scandir import exec glob.glob glob.glob/2".split())
"""What may happen inside the audited root or in Python's and Hardango's own files only."""


def yardstick() -> float:
    """How many times slower than a quiet machine this process is now, at work like that of an
    evaluation; at least 1."""
    import ast

    text = "X = [1, 2]\n" * 600
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        ast.parse(text)
        best = min(best, time.process_time() - started)
    return min(max(best / QUIET, 1.0), SLOWEST)


def watch(root: str, seen: list[str]) -> None:
    """Write down in `seen` whatever an evaluation of `root` must never do."""
    own = tuple(
        os.path.realpath(path) + os.sep
        for path in (sys.prefix, sys.base_prefix, sys.argv[1], *sys.path)
        if path
    )
    inside = (root + os.sep, *own)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in HARMLESS:
            return
        if event not in PLACES:
            seen.append(f"{event} {arguments!r:.100}")
            return
        path = arguments[0]
        if event == "exec":
            path = path.co_filename
        elif event == "import":
            path = arguments[1]
        if path in (None, "") or isinstance(path, int):
            return
        path = os.fsdecode(path)
        if event in ("exec", "import"):
            generated = path.startswith("<") and not path.startswith("<string>")
            named_tuple = event == "exec" and any(
                getattr(each, "co_varnames", ())[:1] == ("_cls",) for each in arguments[0].co_consts
            )
            allowed = generated or named_tuple or os.path.realpath(path).startswith(own)
        else:
            allowed = (os.path.realpath(path) + os.sep).startswith(inside)
        if event == "open" and arguments[1] is not None and set(arguments[1]) & set("wax+"):
            allowed = False
        if not allowed:
            seen.append(f"{event} {path}")

    sys.addaudithook(hook)


def evaluated(task: dict[str, Any]) -> dict[str, Any]:
    """Evaluate one task and say everything about its settings that a report could say."""
    from hardango.settings.environment import Environment
    from hardango.settings.evaluate import CannotEvaluate, evaluate

    try:
        found = evaluate(
            "settings",
            root=task["root"],
            import_roots=(task["root"],),
            environment=Environment(),
            seconds=task["limit"],
        )
    except CannotEvaluate as problem:
        return {"unreadable": str(problem)}
    claims = {
        name: [[repr(outcome.value)[:300], *outcome.when] for outcome in found[name]]
        for name in found.names()
    }
    for _ in found.cases("DEBUG", "ALLOWED_HOSTS", "SECRET_KEY"):
        pass
    routes = found.routes()
    return {
        "routes": [each.pattern[:300] for each in routes.found],
        "unresolved": [each.reason for each in routes.unresolved],
        "claims": claims,
        "loads": found.loads.describe(),
        "notes": [note.message for note in found.notes],
        "failures": [message for _, message, _ in found.failures],
    }


def run(task: dict[str, Any], answer: int) -> None:
    """One task, in this process; the answer goes to the file descriptor `answer`."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(SECONDS)
    seen: list[str] = []
    watch(task["root"], seen)
    slower, started = yardstick(), time.process_time()
    try:
        said = evaluated(task)
    except BaseException as problem:
        import traceback

        said = {"crash": traceback.format_exc()[-1500:] or repr(problem)}
    said["cpu"] = time.process_time() - started
    said["slower"] = max(slower, yardstick())
    said["seen"] = list(seen)
    with os.fdopen(answer, "w") as file:
        json.dump(said, file)


def main() -> None:
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    import hardango.settings.evaluate  # noqa: F401

    for line in sys.stdin:
        task = json.loads(line)
        reading, writing = os.pipe()
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                run(task, writing)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as file:
            text = file.read()
        _, status, used = os.wait4(child, 0)
        said = json.loads(text) if text else {"crash": f"killed: {status}"}
        said["seconds"] = time.monotonic() - started
        said["megabytes"] = used.ru_maxrss / 1024
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
