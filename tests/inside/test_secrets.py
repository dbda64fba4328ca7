"""Where a secret comes from, and when there is none."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hardango.django.secrets import command, fallbacks, secret

NAME = "HARDANGO_TEST_SECRET"


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gunicorn"])
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(f"{NAME}_FILE", raising=False)


def test_a_variable_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, "of the variable")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "none"))
    assert secret(NAME) == "of the variable"


@pytest.mark.parametrize("text", ["of the file", "of the file\n", "of the file\r\n"])
def test_then_a_mounted_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(text.encode())
    file.chmod(0o444)  # as Docker mounts it
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    assert secret(NAME) == "of the file"


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"x", 0o646, "chmod go-w"),
        (b"x", 0o660, "chmod go-w"),
        (b"\n", 0o600, "empty"),
        (b"\xff", 0o600, "no text"),
        (b"x" * 70_000, 0o600, "larger"),
        (None, 0, "No such file"),
    ],
)
def test_a_file_that_will_not_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, mode: int, said: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=said):
        secret(NAME)


def test_a_pipe_does_not_hang(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "pipe"))
    with pytest.raises(ImproperlyConfigured, match="no file"):
        secret(NAME)


def test_a_manager_is_asked_last() -> None:
    assert secret(NAME, manager=lambda: "of the manager") == "of the manager"


def test_without_any_the_settings_do_not_load() -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is not set, nor {NAME}_FILE"):
        secret(NAME)


@pytest.mark.parametrize("name", ["collectstatic", "compilemessages"])
def test_an_image_build_gets_a_new_one_each_time(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["manage.py", name, "--noinput"])
    one, other = secret(NAME), secret(NAME, manager=lambda: "never asked")
    assert one != other
    assert min(len(one), len(other)) >= 50


@pytest.mark.parametrize("name", ["migrate", "runserver", "shell"])
def test_other_commands_need_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "argv", ["manage.py", name])
    with pytest.raises(ImproperlyConfigured):
        secret(NAME)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["manage.py", "migrate"], "migrate"),
        (["/srv/app/manage.py", "collectstatic", "--noinput"], "collectstatic"),
        (["manage.py"], "help"),
        (["/usr/bin/django-admin", "check"], "check"),
        (["/lib/django/__main__.py", "check"], "check"),
        (["/lib/uvicorn/__main__.py", "shop.asgi"], ""),
        (["gunicorn", "collectstatic"], ""),
        ([], ""),
    ],
)
def test_which_command_runs(arguments: list[str], found: str) -> None:
    assert command(arguments) == found


def test_fallbacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert fallbacks(NAME) == []
    monkeypatch.setenv(NAME, "one, two,,")
    assert fallbacks(NAME) == ["one", "two"]
    monkeypatch.delenv(NAME)
    (tmp_path / "old").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "old").chmod(0o600)
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "old"))
    assert fallbacks(NAME) == ["one", "two"]
