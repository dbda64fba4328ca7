"""Every answer has its headers, from a sync and from an async stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sites import Site

ASK = """
import asyncio, logging
logging.disable(logging.CRITICAL)
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
User.objects.create_user("ann", password="pw")
given = dict(raise_request_exception=False, headers={"host": "shop.example", "x-forwarded-proto": "https"})
def tell(response): return [response.status_code, dict(response.headers)]
sync = Client(**given)
answers = {path: tell(sync.get(f"/{path}/")) for path in
           ("page", "apage", "own", "broken", "shared", "ashared", "framed", "missing", "me")}
answers["bad host"] = tell(sync.get("/page/", headers={"host": "evil.example"}))
answers["plain"] = tell(sync.get("/page/", headers={"x-forwarded-proto": "http"}))
answers["bad host, plain"] = tell(
    sync.get("/page/", headers={"host": "evil.example", "x-forwarded-proto": "http"}))
sync.force_login(User.objects.get())
answers["known"] = tell(sync.get("/me/"))
answers["known, not asked"] = tell(sync.get("/page/"))
answers["out"] = tell(sync.get("/out/"))
async def asked():
    client, headers = AsyncClient(raise_request_exception=False), {"x-forwarded-proto": "https"}
    return {f"async {path}": tell(await client.get(f"/{path}/", headers=headers))
            for path in ("page", "apage", "broken", "ashared", "missing")}
answers |= asyncio.run(asked())
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, dict[str, str]]]:
    more = 'HARDANGO["no_store"] = True\nALLOWED_HOSTS += ["testserver"]  # what AsyncClient asks\n'
    site = Site(tmp_path_factory.mktemp("site"), more)
    told: dict[str, Any] = site.tell(ASK)
    return told


ALWAYS = {
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
YEAR = {"Strict-Transport-Security": "max-age=31536000"}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("page", 200), ("apage", 200), ("broken", 500), ("missing", 404), ("bad host", 400),
        ("async page", 200), ("async apage", 200), ("async broken", 500), ("async missing", 404),
    ],
)  # fmt: skip
def test_every_answer_has_them_all(answers, asked: str, status: int) -> None:
    found, headers = answers[asked]
    assert found == status
    assert (ALWAYS | YEAR).items() <= headers.items()


@pytest.mark.parametrize(("asked", "status"), [("plain", 301), ("bad host, plain", 400)])
def test_over_plain_http_there_is_no_hsts(answers, asked: str, status: int) -> None:
    found, headers = answers[asked]
    assert found == status
    assert ALWAYS.items() <= headers.items()
    assert "Strict-Transport-Security" not in headers


def test_what_a_view_sets_wins(answers) -> None:
    assert answers["own"][1]["Permissions-Policy"] == "camera=(self)"


@pytest.mark.parametrize("asked", ["shared", "ashared", "async ashared"])
def test_a_view_can_have_its_own_by_decorator(answers, asked: str) -> None:
    headers = answers[asked][1]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert ("Origin-Agent-Cluster" in headers) == (asked != "shared")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_django_exempts_stays_exempt(answers) -> None:
    assert "X-Frame-Options" not in answers["framed"][1]


def test_pages_of_a_known_user_are_not_stored(answers) -> None:
    assert answers["known"][1]["Cache-Control"] == "no-store"
    assert "Cache-Control" not in answers["known, not asked"][1]
    assert "Cache-Control" not in answers["me"][1]  # nobody is logged in


def test_a_logout_clears_what_the_browser_kept(answers) -> None:
    assert answers["out"][1]["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in answers["page"][1]


def test_a_wrong_value_does_not_start(tmp_path: Path) -> None:
    site = Site(tmp_path, 'HARDANGO["headers"] = {"Permissions-Policy": {"camra": []}}\n')
    done = site.run("manage.py", "check")
    assert done.returncode == 1
    assert "camra" in done.stderr and "did you mean 'camera'?" in done.stderr


HSTS = """
import logging
logging.disable(logging.CRITICAL)
from django.core import checks
from django.test import Client
def sent(**headers):
    answer = Client(headers={"host": "shop.example", **headers}).get("/page/")
    return answer.headers.get("Strict-Transport-Security")
weak = [each.id for each in checks.run_checks(include_deployment_checks=True) if "hsts" in each.id]
print(json.dumps([sent(**{"x-forwarded-proto": "https"}), sent(), weak]))
"""
SCHEDULES = {
    'hsts.schedule("9000-01-01")': (None, ["hardango.hsts"]),
    'hsts.schedule("2020-01-01", hold="week")': ("max-age=604800", ["hardango.hsts"]),
    'hsts.schedule("2020-01-01")': ("max-age=31536000", []),
    'hsts.schedule("2020-01-01", rollback=True)': ("max-age=0", ["hardango.hsts"]),
}


@pytest.mark.parametrize("call", SCHEDULES)
def test_a_schedule_is_what_browsers_get(tmp_path: Path, call: str) -> None:
    """To forget, a browser needs the header with 0; where it is left out, it remembers. Each stage is
    judged by its seconds, loaded as well as read."""
    site = Site(tmp_path, f"SECURE_HSTS_SECONDS = {call}\n")
    header, weak = SCHEDULES[call]
    assert site.tell(HSTS) == [header, None, weak]
    done = site.run("-m", "hardango", "audit", ".", "--control", "hsts", "--format", "json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["verdict"] == "fail") == bool(weak)
