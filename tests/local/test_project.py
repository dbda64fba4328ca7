"""The hardened shop is started and proven: nothing is refuted, and nobody disagrees."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from probe_local import ROOT, digest

from hardango.audit import Request, judged
from hardango.controls.catalogue import catalogue
from hardango.evidence import Live, Verdict
from hardango.local import nginx
from hardango.local.launch import Wish
from hardango.probe import project

HARDENED = ROOT / "tests" / "probe" / "projects" / "hardened"

NGINX = """
server_tokens off;
server {
    listen 80;
    server_name shop.example;
    return 301 https://$host$request_uri;
}
server {
    listen 80 default_server;
    listen 443 ssl default_server;
    return 400;
}
server {
    listen 443 ssl;
    server_name shop.example;
    location / {
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        MORE
        proxy_pass http://web:8000;
    }
}
"""
GUNICORN = "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=shop.settings\nCMD gunicorn shop.wsgi\n"
UVICORN = "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=shop.settings\nCMD uvicorn shop.asgi:application --no-server-header\n"


def prove(
    tmp_path: Path, dockerfile: str, conf: str = "", only: frozenset[str] = frozenset()
) -> Live:
    root = tmp_path / "shop"
    shutil.copytree(HARDENED, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "Dockerfile").write_text(dockerfile)
    if conf:
        (root / "nginx.conf").write_text(conf)
    before = digest(root)
    found = judged(Request(path=str(root)))
    controls = catalogue(only.__contains__ if only else None, pedantic=False)
    live = project.prove_project(found, controls, Wish(python=sys.executable), project.Manner(True))
    assert digest(root) == before
    return live


real = pytest.mark.skipif(
    nginx.program() is None, reason="nginx is not installed (apt-get install nginx-light)"
)
SOME = frozenset(("hsts", "ssl-redirect", "csrf-protection", "session-cookie-secure", "debug",
                  "server-trust", "secure-requests", "allowed-hosts"))  # fmt: skip
"""What stands in front decides these, too; the others are looked at once for each server."""
BEHIND = NGINX.replace("MORE", "")
RUNS = [
    pytest.param("gunicorn", GUNICORN, "", frozenset(), id="gunicorn"),
    pytest.param("gunicorn", GUNICORN, BEHIND, SOME, id="gunicorn-nginx", marks=real),
    pytest.param("uvicorn", UVICORN, "", SOME, id="uvicorn"),
    pytest.param("uvicorn", UVICORN, BEHIND, frozenset(), id="uvicorn-nginx", marks=real),
]


@pytest.mark.parametrize("server, dockerfile, conf, only", RUNS)
def test_nothing_of_the_hardened_shop_is_refuted(
    tmp_path: Path, server: str, dockerfile: str, conf: str, only: frozenset[str]
) -> None:
    live = prove(tmp_path, dockerfile, conf, only)
    assert live.server == server
    bad = [each.proof for each in live.joined if each.proof.verdict is Verdict.REFUTED]
    assert [(each.control, each.message) for each in bad] == []
    good = {each.proof.control for each in live.joined if each.proof.verdict is Verdict.PROVEN}
    assert good >= SOME
    (hsts,) = [each.proof for each in live.joined if each.proof.control == "hsts"]
    assert "an error of the server" in hsts.message
    assert live.disagreements == ()
    assert live.refused == ()


@real
def test_a_header_that_the_proxy_drops_is_a_disagreement(tmp_path: Path) -> None:
    drops = NGINX.replace("MORE", "proxy_hide_header Strict-Transport-Security;")
    live = prove(tmp_path, GUNICORN, drops, frozenset(("hsts",)))
    (found,) = live.disagreements
    assert (found.refuted.control, found.refuted.vantage) == ("hsts", "proxy")
    assert found.proven.vantage == "in-process"
    assert found.message.startswith("Django does it by itself (in-process)")
    assert "through the proxy" in found.message
