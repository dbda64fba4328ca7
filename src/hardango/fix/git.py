"""Whether a project's files are committed, as git says it."""

from __future__ import annotations

import shutil
import subprocess


def changed(root: str) -> list[str] | None:
    """The tracked files below `root` that were changed since the last commit; None if this is no
    git repository, or there is no git."""
    done = _git(root, "status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--",
                ".")  # fmt: skip
    if done is None or done.returncode:
        return None
    entries = done.stdout.decode("utf-8", "replace").split("\0")
    return [entry[3:] for entry in entries if len(entry) > 3]


def ignores(root: str, file: str) -> bool:
    """Whether git surely ignores `file`."""
    return _agrees(root, "check-ignore", "-q", "--", file)


def tracks(root: str, file: str) -> bool:
    """Whether `file` is in the repository."""
    return _agrees(root, "ls-files", "--error-unmatch", "--", file)


def is_repository(root: str) -> bool:
    return _agrees(root, "rev-parse", "--is-inside-work-tree")


def _agrees(root: str, *arguments: str) -> bool:
    done = _git(root, *arguments)
    return done is not None and done.returncode == 0


def _git(root: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """What git says, without what a repository's own configuration could make it start; None if
    there is no git, or no answer."""
    git = shutil.which("git")
    if git is None:
        return None
    quiet = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
    try:
        return subprocess.run(
            [git, *quiet, "-C", root, *arguments], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
