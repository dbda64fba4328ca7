"""Which files of a project hold a private key. The keys here are random letters, and open nothing."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

import pytest

from hardango.project.key_files import read_key_files
from hardango.project.tree import Tree

LETTERS = "".join(random.Random(3).choices(string.ascii_letters + string.digits + "+/", k=800))


def pem(kind: str = "", body: str = LETTERS) -> str:
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    mark = f"{kind} PRIVATE KEY".strip()
    return f"-----BEGIN {mark}-----\n{lines}\n-----END {mark}-----\n"


OPENSSH = pem("OPENSSH", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU" + LETTERS)
ACCOUNT = json.dumps({"type": "service_account", "private_key": pem()})


def kinds(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return [key.kind for key in read_key_files(Tree(str(root)))]


@pytest.mark.parametrize(
    ("file", "text", "kind"),
    [
        ("nginx/shop.key", pem(), "private"),
        ("certs/server.pem", pem("RSA"), "private"),
        ("certs/server.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + pem("EC"), "private"),
        ("deploy/id_rsa", pem("RSA"), "ssh"),
        ("deploy/id_ed25519", OPENSSH, "ssh"),
        ("gcp-service-account.json", ACCOUNT, "service account"),
    ],
)  # fmt: skip
def test_found(tmp_path: Path, file: str, text: str, kind: str) -> None:
    assert kinds(tmp_path, {file: text}) == [kind]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("certs/server.pem", pem("ENCRYPTED")),
        ("id_rsa", pem("RSA").replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n", 1)),
        ("id_ed25519", pem("OPENSSH")),  # with a password
        ("certs/server.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("public.pem", pem().replace("PRIVATE", "PUBLIC")),
        ("server.key", pem(body="x" * 400)),
        ("server.key", "-----BEGIN PRIVATE KEY-----\n<your key here>\n-----END PRIVATE KEY-----"),
        ("notes.key", "a presentation"),
        ("README.md", pem()),
        ("id_rsa.pub", "ssh-rsa AAAA"),
        ("tests/keys/server.key", pem()),
        ("docs/server.key", pem()),
        ("examples/nginx/server.key", pem()),
        ("certs/localhost.key", pem()),
        ("nginx/example.com+5-key.pem", pem()),
        ("docker/dev/server.key", pem()),
        ("ssl-cert-snakeoil.key", pem()),
        ("credentials.json", json.dumps({"type": "authorized_user", "private_key": pem()})),
        ("package.json", ACCOUNT),
    ],
)
def test_nothing_of_the_kind(tmp_path: Path, file: str, text: str) -> None:
    assert kinds(tmp_path, {file: text}) == []


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    assert kinds(tmp_path, {"big.key": pem() + "x" * 30_000}) == []


def test_what_git_ignores_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"DIRC\0\0\0\2" + b"\0" * 40)
    assert kinds(tmp_path, {".gitignore": "*.key\n", "a.key": pem(), "b.pem": pem()}) == ["private"]
