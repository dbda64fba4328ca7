"""The main job, on a project that Django's own check calls clean."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLEAN = Path(__file__).parent / "projects" / "check_deploy_clean"
SHOP = Path(__file__).parents[1] / "examples" / "shop"
SETTINGS = "site_config/settings.py"

# Each protection that is broken there, and the text of the lines that break it.
BROKEN = {
    "allowed-hosts": ["ALLOWED_HOSTS = "],
    "security-middleware": ["MIDDLEWARE = ", '"django.middleware.security.SecurityMiddleware"'],
    "ssl-redirect": ["SECURE_REDIRECT_EXEMPT = ", "SECURE_PROXY_SSL_HEADER = "],
    "session-engine": ["SESSION_ENGINE = "],
    "secret-key": ["SECRET_KEY = "],
    "hsts": ["SECURE_HSTS_SECONDS = ", "SECURE_HSTS_PRELOAD = "],
}
# And what is in order: Django's check demands at least these.
SOUND = {
    "debug",
    "session-cookie-secure",
    "session-cookie-httponly",
    "csrf-cookie-secure",
    "content-type-nosniff",
    "frame-options",
}
NOT_YET = {"dependencies", "access-control"}


@pytest.fixture(scope="module")
def report(hardango: Callable[..., Any]) -> Any:
    ran = hardango("audit", CLEAN, "--format", "json")
    assert ran.code == 1, ran.err
    return ran.json


@pytest.fixture(scope="module")
def shop(hardango: Callable[..., Any]) -> Any:
    return hardango("audit", SHOP, "--format", "json").json


def finding(report: Any, control: str) -> Any:
    (one,) = [each for each in report["findings"] if each["control"] == control]
    return one


def lines_with(texts: list[str]) -> set[int]:
    source = (CLEAN / SETTINGS).read_text(encoding="utf-8").splitlines()
    return {
        number
        for number, line in enumerate(source, 1)
        if any(line.strip().startswith(text) for text in texts)
    }


def test_check_deploy_finds_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=CLEAN,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize("control", BROKEN)
def test_a_broken_protection_is_reported_at_its_line(report: Any, control: str) -> None:
    found = finding(report, control)
    assert found["verdict"] == "fail"
    assert found["when"] == []
    assert found["location"]["file"] == SETTINGS
    assert found["location"]["line"] in lines_with(BROKEN[control])
    assert found["message"]
    assert found["fingerprint"]


@pytest.mark.parametrize("control", sorted(SOUND))
def test_a_sound_protection_passes(report: Any, control: str) -> None:
    assert finding(report, control)["verdict"] == "pass"


@pytest.mark.parametrize("control", sorted(NOT_YET))
def test_what_is_not_judged_is_never_shown_as_passed(report: Any, control: str) -> None:
    assert finding(report, control)["verdict"] == "unknown"


def test_the_module_and_the_reason_are_said(report: Any) -> None:
    assert report["schema"] == 1
    assert report["tool"]["name"] == "hardango"
    assert report["module"] == "site_config.settings"


def test_what_is_assumed_is_said_with_its_source(shop: Any) -> None:
    assert shop["module"] == "config.settings.production"
    assert shop["environment"]["assumed"]["DJANGO_DEBUG"] == "False"
    assert any(source.startswith("docker-compose.yml:") for source in shop["environment"]["source"])


# The mistakes of the example shop, each real: the README of the shop says so.
MISTAKES = {
    "debug": ("fail", "config/settings/production.py", "DEBUG = "),
    "allowed-hosts": ("conditional", "config/settings/production.py", "ALLOWED_HOSTS = "),
    "ssl-redirect": (None, "config/settings/production.py", "SECURE_"),
    "hsts": (None, "config/settings/production.py", "SECURE_"),
    "session-cookie-secure": (
        "conditional",
        "config/settings/production.py",
        "SESSION_COOKIE_SECURE = ",
    ),
    "csrf-cookie-secure": ("fail", "config/settings/production.py", "CSRF_COOKIE_SECURE = "),
    "frame-options": ("fail", "config/settings/production.py", "X_FRAME_OPTIONS = "),
    "session-engine": ("fail", "config/settings/base.py", "SESSION_ENGINE = "),
    "secret-key": ("conditional", "config/settings/base.py", ""),
    "security-middleware": ("fail", "config/settings/base.py", ""),
}


@pytest.mark.parametrize("control", MISTAKES)
def test_the_shop_has_its_mistakes(shop: Any, control: str) -> None:
    verdict, file, text = MISTAKES[control]
    found = finding(shop, control)
    assert found["verdict"] == (verdict or found["verdict"]) != "pass"
    assert found["location"]["file"] == file
    source = (SHOP / file).read_text(encoding="utf-8").splitlines()
    assert source[found["location"]["line"] - 1].strip().startswith(text)


@pytest.mark.parametrize(
    ("apps", "arguments", "expected"),
    [
        (["corsheaders"], (), True),
        (["corsheaders.apps.CorsHeadersAppConfig"], (), True),
        ([], (), False),
        (["shop.corsheaders"], (), False),
        # Who asks for a control by its name gets it.
        ([], ("--control", "cors-origins"), True),
    ],
)
def test_the_control_for_a_package_is_judged_where_that_is_used(
    hardango, write, apps: list[str], arguments: tuple[str, ...], expected: bool
) -> None:
    root = write({
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n",
        "settings.py": f"INSTALLED_APPS = {apps!r}\n",
    })  # fmt: skip
    report = hardango("audit", root, "--format", "json", *arguments).json
    assert ("cors-origins" in {each["control"] for each in report["findings"]}) is expected
