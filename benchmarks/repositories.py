"""Public repositories at a commit, for benchmarks that read what others wrote."""

from __future__ import annotations

import os
import subprocess

MEDIA = (".gif", ".png", ".jpg", ".jpeg", ".svg", ".mp4", ".pdf", ".gz", ".zip", ".po", ".mo", ".js",
         ".json", ".woff", ".woff2", ".ttf", ".css", ".map")  # fmt: skip
"""What no audit reads."""


def git_directory(repository: str, mirrors: str | None, cache: str) -> str:
    """The git directory of a repository. Raises CalledProcessError."""
    if mirrors:
        return os.path.join(mirrors, repository.replace("/", "+"), "repo")
    directory = os.path.join(cache, repository.replace("/", "+"))
    if not os.path.isdir(directory):
        address = f"https://github.com/{repository}"
        subprocess.run(["git", "clone", "--quiet", "--bare", address, directory], check=True)
    return directory


def check_out(directory: str, commit: str, place: str) -> None:
    """Write the texts of a commit into a directory: a copy may lack what is large."""
    listing = git(directory, "ls-tree", "-r", "-z", "--full-tree", commit).decode().split("\0")
    files = [entry.split(None, 3)[2:] for entry in listing if entry and entry.split()[1] == "blob"]
    files = [(name, path) for name, path in files if not path.endswith(MEDIA)]
    asked = "".join(f"{name}\n" for name, _ in files).encode()
    given = git(directory, "cat-file", "--batch", "--buffer", input=asked)
    at = 0
    for _, path in files:
        head, _, _ = given[at : at + 200].partition(b"\n")
        at += len(head) + 1
        if head.endswith(b"missing"):
            continue
        size = int(head.split()[-1])
        target = os.path.join(place, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(given[at : at + size])
        at += size + 1


def git(directory: str, *arguments: str, input: bytes = b"") -> bytes:
    command = ["git", f"--git-dir={directory}", *arguments]
    return subprocess.run(command, input=input, stdout=subprocess.PIPE, check=True).stdout
