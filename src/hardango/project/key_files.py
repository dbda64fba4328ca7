"""Private keys among the files of a project: of servers, of SSH, of service accounts.

A file counts if its name says that it can hold a key, its content is one that no password protects, git
does not ignore it, and its path does not speak of tests, examples or development.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from hardango.findings import Place
from hardango.patterns import Pattern
from hardango.project.model import KeyFile
from hardango.project.names import is_aside, role_of_path, words
from hardango.project.tree import Tree

MAX_BYTES = 20_000
MAX_FILES = 60
"""Files that are read."""

NO_USE = frozenset(
    "localhost example snakeoil dummy fake mock mocks insecure invalid selfsigned spec specs "
    "testdata".split()
)
"""Words in a path that say: this key opens nothing."""

SSH = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")
_ACCOUNTS = ("account", "credential", "firebase", "gcp", "google", "key", "secret", "auth")
"""Words in the names of files with the key of a service account."""

_KEY = Pattern(
    r"-----BEGIN (?P<kind>(?:RSA |EC |DSA |OPENSSH )?)PRIVATE KEY-----(?P<body>[A-Za-z0-9+/=\s\\]{60,})"
    r"-----END"
)
_BARE_SSH = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"
"""How an OpenSSH key begins that no password protects."""

VARIETY = 24
"""So many different characters a key has at least, and no placeholder."""


def read_key_files(tree: Tree) -> Iterator[KeyFile]:
    """The keys, in the order of their files."""
    read = 0
    for file in tree.files:
        inner = tree.inner(file)
        if not _could_hold(file) or is_aside(inner) or _is_for_trying(inner) or tree.ignored(file):
            continue
        read += 1
        kind = _kind(file, _text(tree, file)) if read <= MAX_FILES else ""
        if kind:
            yield KeyFile(kind, Place(file, 1))


def _could_hold(file: str) -> bool:
    name = file.rpartition("/")[2].lower()
    if name.endswith(".json"):
        return any(word in name for word in _ACCOUNTS)
    return name.endswith((".pem", ".key")) or name in SSH


def _is_for_trying(file: str) -> bool:
    """Whether a path says that a key is there for development or tests."""
    return role_of_path(file) in ("development", "test") or not NO_USE.isdisjoint(words(file))


def _text(tree: Tree, file: str) -> str:
    """A small file; "" for one that is larger than a key."""
    try:
        small = os.path.getsize(tree.absolute(file)) <= MAX_BYTES
    except OSError:
        return ""
    return (tree.read(file) or "") if small else ""


def _kind(file: str, text: str) -> str:
    """What sort of key a text is; "" if it is none, or a password protects it."""
    match = _KEY.search(text)
    if match is None or "ENCRYPTED" in text:
        return ""
    body = "".join(match["body"].replace("\\n", "").split())
    if len(set(body)) < VARIETY:
        return ""
    if file.endswith(".json"):
        return "service account" if '"service_account"' in text else ""
    if match["kind"].startswith("OPENSSH"):
        return "ssh" if body.startswith(_BARE_SSH) else ""
    return "ssh" if file.rpartition("/")[2] in SSH else "private"
