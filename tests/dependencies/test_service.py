"""The OSV API and the archive, from a server on this machine: batches, pages, failures."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from advisories import RECORDS, Lay
from osv_server import Service, serve

from hardango.cli import main
from hardango.dependencies import fetch as fetching
from hardango.dependencies.fetch import CannotFetch, Limits, fetch
from hardango.dependencies.service import ask

VULNERABLE = "django==4.2.1\npillow==10.2.0\nrequests==2.0\n"


@pytest.fixture
def service(archive: Path) -> Iterator[Service]:
    with serve(Service(archive)) as running:
        yield running


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.01)


def names(service: Service, *asked: tuple[str, str]) -> dict[str, list[str]]:
    found = ask(asked, service.url, 5)
    assert not found.failed
    return {name: [each.id for each in records] for (name, _), records in found.published.items()}


DJANGO = ["GHSA-aaaa", "PYSEC-2024-1", "PYSEC-2024-2"]


def test_batches(service: Service) -> None:
    assert names(service, ("django", "4.2.1"), ("pillow", "10.2.0"), ("requests", "2.0")) == {
        "django": DJANGO, "pillow": ["PYSEC-2024-3"], "requests": []}  # fmt: skip
    assert service.asked["/v1/querybatch"] == 1


def test_many_packages_are_several_batches(service: Service) -> None:
    asked = [(f"package-{number}", "1.0") for number in range(1201)]
    assert len(names(service, *asked)) == 1201
    assert service.asked["/v1/querybatch"] == 3


def test_pages(archive: Path) -> None:
    with serve(Service(archive, page=1)) as paged:
        assert names(paged, ("django", "4.2.1"), ("pillow", "10.2.0"))["django"] == DJANGO
        assert paged.asked["/v1/querybatch"] == 3


def test_records_are_fetched_once(service: Service) -> None:
    for _ in range(2):
        names(service, ("django", "4.2.1"))
    assert service.asked["/v1/vulns/GHSA-aaaa"] == 1


@pytest.mark.parametrize("statuses", [[503], [503, 429], [500, 502]])
def test_what_fails_is_tried_again(service: Service, statuses: list[int]) -> None:
    service.fail = list(statuses)
    assert names(service, ("django", "4.2.1"))["django"] == DJANGO


@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_is_refused_is_not(service: Service, status: int) -> None:
    service.fail = [status]
    found = ask([("django", "4.2.1")], service.url, 5)
    assert found.failed == {("django", "4.2.1"): f"{service.url}/v1/querybatch answered {status}"}
    assert service.asked["/v1/querybatch"] == 1


def test_a_record_that_cannot_be_read_leaves_its_package_unknown(service: Service) -> None:
    del service.by_id["PYSEC-2024-2"]
    found = ask([("django", "4.2.1"), ("pillow", "10.2.0")], service.url, 5)
    assert list(found.failed) == [("django", "4.2.1")]
    assert [name for name, _ in found.published] == ["pillow"]


# -- the command -----------------------------------------------------------------------------------


def test_online_says_what_the_database_says(
    service: Service, archive: Path, lay: Lay, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay({"requirements.txt": VULNERABLE})
    told = []
    for arguments in (["--service", service.url], ["--database", str(archive)]):
        assert main(["deps", str(root), "--format", "json", *arguments]) == 1
        told.append(json.loads(capsys.readouterr().out)["packages"])
    assert told[0] == told[1]


def test_update(service: Service, lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay({"requirements.txt": VULNERABLE})
    assert main(["deps", str(root), "--update", "--service", service.url, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["database"]["date"], data["database"]["records"]) == ("2026-11-20", len(RECORDS))
    # Nothing of the project was sent.
    assert dict(service.asked) == {"/PyPI/all.zip": 1}
    assert main(["deps", str(root), "-q"]) == 1


def test_a_bad_archive_does_not_replace_a_good_one(
    service: Service, lay: Lay, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(lay({"requirements.txt": VULNERABLE}))
    assert main(["deps", root, "--update", "--service", service.url]) == 1
    service.archive = b"<html>an error page</html>"
    assert main(["deps", root, "--update", "--service", service.url]) == 2
    assert "the database was not updated" in capsys.readouterr().err
    assert main(["deps", root]) == 1


def test_no_network(lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = str(lay({"requirements.txt": "requests==2.0\n"}))
    assert main(["deps", root, "--service", f"http://127.0.0.1:{port}"]) == 2
    shown = " ".join(capsys.readouterr().out.split())
    assert "NOTHING WAS JUDGED" in shown
    assert "refuses connections" in shown


def test_a_black_hole(lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that takes the connection and never says a word."""
    root = str(lay({"requirements.txt": "requests==2.0\n"}))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert main(["deps", root, "--service", url, "--timeout", "0.5"]) == 2
        assert time.monotonic() - started < 5
    assert "did not answer within 0.5 seconds" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "url, said",
    [("ftp://x.invalid", "none of http:// or https://"), ("file:///etc/passwd", "none of http"),
     ("x", "none of http"), ("http://[", "none of http"), ("http://", "none of http")],
)  # fmt: skip
def test_addresses(url: str, said: str) -> None:
    with pytest.raises(CannotFetch, match=said):
        fetch(url, Limits())


# -- fetching --------------------------------------------------------------------------------------


def test_too_much(service: Service) -> None:
    service.files["/big"] = ("text/plain", b"x" * 100_000)
    with pytest.raises(CannotFetch, match="sends more than 1000 bytes"):
        fetch(f"{service.url}/big", Limits(size=1000))


def test_credentials_go_to_their_host_and_into_no_message(service: Service, archive: Path) -> None:
    service.files["/there"] = ("text/plain", b"x")
    url = service.url.replace("//", "//user:p%40ss@")
    fetch(f"{url}/there", Limits())
    assert service.headers[-1]["authorization"] == "Basic dXNlcjpwQHNz"
    with pytest.raises(CannotFetch) as caught:
        fetch(f"{url}/gone?token=s3cr3t", Limits())
    assert str(caught.value) == f"{service.url}/gone answered 404"
    with serve(Service(archive)) as other:
        other.files["/there"] = ("text/plain", b"y")
        service.redirects["/away"] = f"{other.url}/there"
        assert fetch(f"{url}/away", Limits()).body == b"y"
        assert "authorization" not in other.headers[-1]


def test_no_endless_redirects(service: Service) -> None:
    service.redirects["/a"] = "/a"
    with pytest.raises(CannotFetch):
        fetch(f"{service.url}/a", Limits())
