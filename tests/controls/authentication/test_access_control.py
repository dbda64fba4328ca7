"""Who reaches which route, as access.toml says it: never a pass, since a file is a promise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardango.controls.authentication.access_control import ACCESS_CONTROL
from hardango.controls.judge import judge_control
from hardango.findings import Finding, Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.conditions import Space
from hardango.settings.outcomes import Settings

HEAD = 'schema = 1\nsource = "static"\nroutes = [\n'


def judged(folder: Path, *lines: str, text: str = "") -> Finding:
    body = text or HEAD + "".join(f"  {{ {line} }},\n" for line in lines) + "]\n"
    (folder / "access.toml").write_text(body, encoding="utf-8")
    return judge_control(ACCESS_CONTROL, settings(folder), Deployment())


def settings(folder: Path) -> Settings:
    file = "config/settings.py"
    return Settings({}, {}, space=Space(), file=file, path=f"{folder}/{file}")


ORDERS = 'route = "/orders/", view = "shop.views.orders", '


@pytest.mark.parametrize(
    "lines, verdict",
    [
        # Everything is closed, or says why it is open.
        (('GET = "authenticated", guards = "login_required #1"',), Verdict.ELSEWHERE),
        (('GET = "authenticated", POST = "permission: shop.add_order"',), Verdict.ELSEWHERE),
        (('any = "anonymous", public = "the price list"',), Verdict.ELSEWHERE),
        (('POST = "anonymous", public = "a contact form"',), Verdict.ELSEWHERE),
        (('POST = "token"',), Verdict.ELSEWHERE),
        (('POST = "object"',), Verdict.ELSEWHERE),
        # Nobody says whether it is meant, or what asks.
        (('any = "anonymous"',), Verdict.UNKNOWN),
        (('GET = "anonymous", POST = "authenticated"',), Verdict.UNKNOWN),
        (('GET = "authenticated", POST = "custom"',), Verdict.UNKNOWN),
        (('any = "unknown"',), Verdict.UNKNOWN),
        (('unresolved = "not here"',), Verdict.UNKNOWN),
        # It changes something.
        (('GET = "authenticated", POST = "anonymous"',), Verdict.FAIL),
        (('DELETE = "anonymous"',), Verdict.FAIL),
    ],
)  # fmt: skip
def test_verdicts(tmp_path: Path, lines: tuple[str, ...], verdict: Verdict) -> None:
    found = judged(tmp_path, *(ORDERS + line for line in lines))
    assert found.verdict is verdict, found.message
    assert found.judged


def test_django_s_own_way_in_is_open_by_nature(tmp_path: Path) -> None:
    login = 'route = "/login/", view = "django.contrib.auth.views.LoginView", POST = "anonymous"'
    assert judged(tmp_path, login).verdict is Verdict.ELSEWHERE


def test_a_weakness_says_which_line(tmp_path: Path) -> None:
    found = judged(
        tmp_path, ORDERS + 'GET = "staff"', 'route = "/x/", view = "x", POST = "anonymous"'
    )
    assert found.message == "POST /x/ is open to anybody, and access.toml does not say why"
    assert str(found.place) == "access.toml:5"
    assert found.problems[0].severity is Severity.MEDIUM


def test_a_file_that_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    found = judged(tmp_path, text="schema = 1\nrouts = []\n")
    assert found.verdict is Verdict.UNKNOWN
    assert "access.toml:2: there is no key 'routs' here" in found.message


def test_without_the_file_nothing_is_judged_and_nothing_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "hardango.access.policy", raising=False)
    found = judge_control(ACCESS_CONTROL, settings(tmp_path), Deployment())
    assert not found.judged and "hardango access --write makes it" in found.message
    assert "hardango.access.policy" not in sys.modules


def test_settings_without_a_file_know_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "access.toml").write_text(HEAD + "]\n")
    monkeypatch.chdir(tmp_path)
    assert not judge_control(ACCESS_CONTROL, Settings.of({}), Deployment()).judged


def test_an_audit_judges_it(tmp_path: Path, hardango: Callable[..., Any]) -> None:
    (tmp_path / "manage.py").write_text(
        'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'
    )
    (tmp_path / "settings.py").write_text('SECRET_KEY = "x"\nROOT_URLCONF = "urls"\n')
    (tmp_path / "access.toml").write_text(HEAD + f'  {{ {ORDERS} PUT = "anonymous" }},\n]\n')
    report = hardango("audit", tmp_path, "--control", "access-control", "--format", "json").json
    (found,) = report["findings"]
    assert found["verdict"] == "fail"
    assert found["location"] == {"file": "access.toml", "line": 4, "column": 1}
