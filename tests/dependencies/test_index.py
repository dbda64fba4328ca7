"""What is outdated: the index as pip and uv are configured for it, in JSON and in HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from advisories import PROJECT, Lay
from osv_server import Service, serve

from hardango.cli import main
from hardango.dependencies import index as indexes
from hardango.dependencies.index import configured
from hardango.inventory import Release

JSON = "application/vnd.pypi.simple.v1+json"
SECRET = "hunter2-s3cr3t"


def wheel(version: str, day: str = "", **more: Any) -> dict[str, Any]:
    uploaded = {"upload-time": f"{day}T00:00:00Z"} if day else {}
    return {"filename": f"django-{version}-py3-none-any.whl", **uploaded, **more}


DJANGO = [
    wheel("4.2.1", "2023-05-01"), wheel("4.2.15", "2024-08-06"), wheel("4.2.16", "2024-09-03", yanked="broken"),
    wheel("5.2.1", "2025-05-07", **{"requires-python": ">=3.10"}),
    wheel("6.0", "2025-12-03", **{"requires-python": ">=3.13"}), wheel("6.1a1", "2026-05-01"),
    {"filename": "django-4.2.1.tar.gz"}, {"filename": "other-9.whl"}, {"filename": "django-nonsense.whl"},
]  # fmt: skip
HTML = """<!DOCTYPE html><html><body>
<a href="../../files/django-4.2.1-py3-none-any.whl#sha256=00">django-4.2.1-py3-none-any.whl</a>
<a href="/x/django-4.2.15.tar.gz" data-requires-python="&gt;=3.8">x</a>
<a href="/x/django-5.2.1-py3-none-any.whl" data-yanked="">x</a>
<a href="/x/django-6.0-py3-none-any.whl" data-requires-python="&gt;=3.13">x</a>
</body></html>"""


@pytest.fixture
def index(archive: Path) -> Iterator[Service]:
    with serve(Service(archive)) as running:
        running.files["/simple/django/"] = (JSON, json.dumps({"files": DJANGO}).encode())
        yield running


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that this machine is configured for."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX",
                 "UV_EXTRA_INDEX_URL", "PIP_CERT", "PIP_CONFIG_FILE", "NETRC"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "none"))
    monkeypatch.setattr(indexes, "_usual", lambda: "")


def asked(
    lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str], requirements: str, *arguments: str
) -> Any:
    root = lay({**PROJECT, "requirements.txt": requirements})
    main(
        [
            "deps",
            str(root),
            "--database",
            str(archive),
            "--format",
            "json",
            "--outdated",
            *arguments,
        ]
    )
    return json.loads(capsys.readouterr().out)


def test_json(index: Service, lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = asked(lay, archive, capsys, "Django==4.2.1\n", "--index-url", f"{index.url}/simple")
    (package,) = data["packages"]
    # 6.0 needs another Python than the Dockerfile's, 4.2.16 was yanked, 6.1a1 is none.
    assert package["index"] == {"latest": "5.2.1", "in_series": "4.2.15", "days_behind": 737,
                                "yanked": None, "failure": None}  # fmt: skip
    assert data["index"] == f"{index.url}/simple"
    assert index.headers[-1]["accept"].startswith(JSON)
    assert "14 patch levels behind 4.2.15" in data["support"][0]["message"]
    assert package["fix"]["version"] == "4.2.15"


def test_html(index: Service, lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index.files["/simple/django/"] = ("text/html", HTML.encode())
    data = asked(lay, archive, capsys, "Django==4.2.1\n", "--index-url", f"{index.url}/simple/")
    (package,) = data["packages"]
    assert package["index"] == {"latest": "4.2.15", "in_series": "4.2.15", "days_behind": 0,
                                "yanked": None, "failure": None}  # fmt: skip


@pytest.mark.parametrize(
    "version, expected",
    [
        ("5.2.1", Release(latest="5.2.1", in_series="5.2.1")),
        ("4.2.16", Release(latest="5.2.1", in_series="4.2.15", behind=246, yanked="broken")),
        ("9.9", Release(latest="5.2.1", failure="the index does not have this version")),
        ("6.1a1", Release(latest="6.1a1", in_series="6.1a1")),
    ],
)
def test_versions(version: str, expected: Release) -> None:
    files = [file for each in DJANGO if (file := indexes._file(each, "django"))]
    assert indexes.release(version, files, (3, 12))._replace(versions=()) == expected


def test_one_of_several_indexes_has_it(
    index: Service, lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(lay, archive, capsys, "Django==4.2.1\nmissing==1.0\n", "--index-url", f"{index.url}/other",
                  "--extra-index-url", f"{index.url}/simple")  # fmt: skip
    django, missing = found["packages"]
    assert django["index"]["latest"] == "5.2.1"
    assert missing["index"]["failure"] == "no index that is configured has it"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"files": 3}', b"[" * 100_000, b"\xff"])
def test_nonsense(
    index: Service, lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    index.files["/simple/django/"] = (JSON, content)
    data = asked(lay, archive, capsys, "Django==4.2.1\n", "--index-url", f"{index.url}/simple")
    assert any("what is outdated is not known" in each["message"] for each in data["notes"])


def test_no_index_is_known(lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = asked(lay, archive, capsys, "Django==4.2.1\n")
    assert any("no package index is configured" in each["message"] for each in data["notes"])


@pytest.mark.parametrize(
    "variables, files, urls",
    [
        ({}, {}, ()),
        ({"PIP_INDEX_URL": "https://a.invalid/simple"}, {}, ("https://a.invalid/simple",)),
        ({"PIP_INDEX_URL": "https://a.invalid", "PIP_EXTRA_INDEX_URL": "https://b.invalid https://c.invalid"}, {},
         ("https://a.invalid", "https://b.invalid", "https://c.invalid")),
        ({"UV_DEFAULT_INDEX": "https://a.invalid", "UV_INDEX": "own=https://b.invalid/x=y"}, {},
         ("https://a.invalid", "https://b.invalid/x=y")),
        ({}, {"config/pip/pip.conf": "[global]\nindex-url = https://a.invalid\nextra-index-url =\n  https://b.invalid\n  file:///opt\n"},
         ("https://a.invalid", "https://b.invalid")),
        ({}, {"config/pip/pip.conf": "[global]\nindex-url = https://a.invalid\n[install]\nindex-url = https://b.invalid\n"},
         ("https://b.invalid",)),
        ({"PIP_INDEX_URL": "https://c.invalid"}, {"config/pip/pip.conf": "[global]\nindex-url = https://a.invalid\n"},
         ("https://c.invalid",)),
        ({}, {"config/pip/pip.conf": "no section"}, ()),
        ({}, {"config/uv/uv.toml": '[[index]]\nurl = "https://b.invalid"\n[[index]]\nurl = "https://a.invalid"\ndefault = true\n'},
         ("https://a.invalid", "https://b.invalid")),
        ({}, {"config/uv/uv.toml": 'index-url = "https://a.invalid"\n'}, ("https://a.invalid",)),
        ({}, {"config/uv/uv.toml": "[["}, ()),
        ({"PIP_INDEX_URL": "https://a.invalid/simple"}, {"home/.netrc": f"machine a.invalid login me password {SECRET}\n"},
         (f"https://me:{SECRET}@a.invalid/simple",)),
        # One that names its own user needs no other.
        ({"PIP_INDEX_URL": "https://you:x@a.invalid"}, {"home/.netrc": f"machine a.invalid login me password {SECRET}\n"},
         ("https://you:x@a.invalid",)),
    ],
)  # fmt: skip
def test_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str],
    files: dict[str, str], urls: tuple[str, ...],
) -> None:  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    assert configured().urls == urls
    assert SECRET not in configured().said


def test_what_the_project_says_of_indexes_is_not_followed(
    index: Service, lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = asked(lay, archive, capsys, f"--index-url {index.url}/simple\nDjango==4.2.1\n")
    assert any("no package index is configured" in each["message"] for each in data["notes"])
    assert not index.asked


@pytest.mark.parametrize(
    "form", ["text", "json", "sarif", "github", "gitlab", "markdown", "cyclonedx"]
)
def test_credentials_are_sent_and_never_shown(
    index: Service, lay: Lay, archive: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    url = index.url.replace("//", f"//user:{SECRET}@")
    root = lay({**PROJECT, "requirements.txt": "Django==4.2.1\nmissing==1.0\n"})
    main(
        [
            "deps",
            str(root),
            "--database",
            str(archive),
            "--format",
            form,
            "--index-url",
            f"{url}/simple",
            "-v",
        ]
    )
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    assert all("authorization" in each for each in index.headers)
    index.fail = [401] * 9
    main(
        [
            "deps",
            str(root),
            "--database",
            str(archive),
            "--format",
            form,
            "--index-url",
            f"{url}/simple",
        ]
    )
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
