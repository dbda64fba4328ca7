"""hardango prove URL, as a user types it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import CANARY, Front, Ground, arguments_for, served

from hardango.cli import main
from hardango.evidence import Exchange, Request, Response
from hardango.probe import hsts_plan
from hardango.probe.site import Site

BROKEN = {"settings": {"DEBUG": True, "SECURE_HSTS_SECONDS": 60}}


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["prove", *arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def sound(base: Ground) -> Iterator[list[str]]:
    with served(base) as site:
        yield arguments_for(base, site)


@pytest.fixture(scope="module")
def broken(base: Ground) -> Iterator[list[str]]:
    with served(base, BROKEN, front=Front(scheme="append")) as site:
        yield arguments_for(base, site)


def test_a_sound_site_is_proven_within_the_usual_number_of_requests(sound: list[str]) -> None:
    code, out, err = run(*sound, "--format", "json")
    assert code == 0, out
    assert "at most 40 requests" in err
    said = json.loads(out)
    assert said["requests"] <= 40
    assert not [note for note in said["notes"] if "requests were used" in note]
    verdicts = {each["control"]: each["verdict"] for each in said["proofs"]}
    assert "refuted" not in verdicts.values()
    assert "logout" not in verdicts
    assert any("what only a login shows was not asked" in note for note in said["notes"])
    assert verdicts["debug"] == verdicts["hsts"] == verdicts["tls-certificate"] == "proven"
    assert said["observatory"]["grade"] == "A+"
    lines = [
        line for each in said["proofs"] for one in each["evidence"] for line in one["response"]
    ]
    cookies = [line for line in lines if line.startswith("Set-Cookie: __Host-csrftoken=")]
    assert cookies
    assert all(line.startswith("Set-Cookie: __Host-csrftoken=…;") for line in cookies)


def test_what_is_broken_is_told_worst_first_with_its_evidence(broken: list[str]) -> None:
    code, out, _ = run(*broken)
    assert code == 1
    at = [
        out.index(text)
        for text in ("CRITICAL Debug mode is on", "MEDIUM   Browsers are not told", "proven:")
    ]
    assert at == sorted(at)
    assert "request  GET https://shop.example/hardango-" in out
    assert "answer   max-age=60; includeSubDomains; preload" in out
    code, out, _ = run(*broken, "-v")
    assert "> X-Forwarded-Proto: https" in out
    assert "$ curl -si -H 'User-Agent: hardango/" in out
    assert "csrfmiddlewaretoken" not in out


@pytest.mark.parametrize(("level", "code"), [("critical", 1), ("never", 0), ("low", 1)])
def test_the_exit_code_is_that_of_the_level(broken: list[str], level: str, code: int) -> None:
    assert run(*broken, "--fail-on", level, "-q")[0] == code


@pytest.mark.parametrize("form", ["html", "markdown", "sarif", "junit", "github", "gitlab"])
def test_every_format_tells_what_failed(broken: list[str], form: str) -> None:
    code, out, _ = run(*broken, "--format", form)
    assert code == 1
    assert "debug" in out
    assert "Debug mode is on in production" in out
    if form == "html":
        assert "HTTP/1.1 404 Not Found" in out


def test_the_stage_of_hsts(sound: list[str], broken: list[str]) -> None:
    code, out, _ = run(*broken, "--hsts")
    assert code == 0
    assert "stage    less than an hour (max-age=60" in out
    assert "SECURE_HSTS_SECONDS = 3600" in out
    code, out, _ = run(*sound, "--hsts", "--format", "json")
    assert (code, json.loads(out)["stage"]) == (0, "preload")


def test_a_subdomain_that_does_not_answer_over_https_stops_the_plan(sound: list[str]) -> None:
    code, out, err = run(*sound, "--hsts", "--subdomain", "www.shop.example")
    assert code == 1
    assert "www.shop.example: " in " ".join(out.split())
    assert "one to each of https://www.shop.example" in err


@pytest.mark.parametrize(
    ("header", "answers", "holds"),
    [
        ("max-age=31536000", True, True), ("max-age=60", True, True), ("max-age=31536000", False, False),
        ("max-age=60; includeSubDomains", False, False),
        # Where the header does not speak of subdomains yet, and the next stage won't, nothing is lost.
        ("max-age=60", False, None), ("max-age=31536000", None, None),
    ],
)  # fmt: skip
def test_what_named_subdomains_mean(header: str, answers: bool | None, holds: bool | None) -> None:
    response = Response(200, headers=(("Strict-Transport-Security", header),))
    site = Site("https://shop.example", lambda request: Exchange(request, response))
    below = Request("https://www.shop.example/")
    asked = [] if answers is None else [Exchange(below, response if answers else None, "refused")]
    found = hsts_plan.steps(site, [], asked)
    assert found.holds[-1].holds is holds, found.holds[-1]


def test_one_control_is_proven_alone(sound: list[str]) -> None:
    _, out, _ = run(*sound, "--control", "hsts", "--format", "json")
    assert {each["control"] for each in json.loads(out)["proofs"]} == {"hsts"}


def test_a_login_is_proven_with_the_account_of_a_file(sound: list[str], tmp_path: Path) -> None:
    file = tmp_path / "canary"
    file.write_text(f"{CANARY.user}:{CANARY.password}\n", encoding="utf-8")
    code, out, err = run(*sound, "--active", "--canary", str(file), "--requests", "90", "-v")
    assert code == 0, out
    assert "log in as canary, with at most 2 wrong passwords" in err
    assert "the login sets another __Host-sessionid" in " ".join(out.split())
    assert CANARY.password not in out + err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["shop.example"], "if a site is meant: https://shop.example"),
        (["https://shop.example/page"], "names a page"), (["--hsts", "."], "--hsts is for a site"),
        (["http://127.0.0.1", "--active"], "--active needs an account"),
        (["http://127.0.0.1", "--control", "hstss"], "did you mean 'hsts'"),
        (["http://127.0.0.1", "--control", "secret-key"], "none of these controls can be proven"),
        (["http://127.0.0.1", "--canary", "/nonexistent"], "No such file"),
        (["http://127.0.0.1:1", "--ca", "/nonexistent"], "/nonexistent"),
        (["http://127.0.0.1", "--subdomain", "www.shop.example"], "--subdomain names what --hsts asks"),
        (["https://shop.example", "--address", "127.0.0.1:1", "--hsts", "--subdomain", "evil.example"], "expected a name below shop.example"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_clear_line(arguments: list[str], said: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
