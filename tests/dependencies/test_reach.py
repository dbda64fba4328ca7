"""Which holes of Django cannot reach a project: only where its settings are known for sure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from advisories import PROJECT, Lay, record, write

from hardango.cli import main
from hardango.dependencies.reach import PARTS, unreached
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

POSTGRES = {"ENGINE": "django.db.backends.postgresql"}
ORACLE = {"ENGINE": "django.db.backends.oracle"}
NOT_KNOWN = Unknown("read from DATABASE_URL")
SIMILAR = {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"}
LENGTH = {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}


@pytest.mark.parametrize(
    "name, values, reached",
    [
        ("CVE-2020-9402", {"DATABASES": {"default": POSTGRES}}, False),
        ("CVE-2020-9402", {"DATABASES": {"default": POSTGRES, "old": ORACLE}}, True),
        ("CVE-2020-9402", {"DATABASES": {"default": NOT_KNOWN}}, True),
        ("CVE-2020-9402", {"DATABASES": NOT_KNOWN}, True),
        ("CVE-2020-9402", {"DATABASES": {"default": {"ENGINE": NOT_KNOWN}}}, True),
        ("CVE-2020-9402", {"DATABASES": {"default": {"ENGINE": "pool.db.backends.oracle"}}}, True),
        ("CVE-2020-9402", {"DATABASES": {"default": {"ENGINE": "psqlextra.backend"}}}, True),
        ("CVE-2020-9402", {"DATABASES": {"if ON_ORACLE is set": {"default": ORACLE}, "else": {"default": POSTGRES}}}, True),
        ("CVE-2022-28347", {"DATABASES": {"default": {"ENGINE": "django.contrib.gis.db.backends.postgis"}}}, True),
        ("CVE-2022-28347", {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, False),
        ("CVE-2020-13254", {}, False),  # Django's default is in the process
        ("CVE-2020-13254", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache"}}}, True),
        ("CVE-2020-13254", {"CACHES": {"default": {"BACKEND": "django_redis.cache.RedisCache"}}}, False),
        ("CVE-2020-13254", {"CACHES": {"default": {"BACKEND": "shop.cache.Cache"}}}, True),
        ("CVE-2021-33203", {"INSTALLED_APPS": ["django.contrib.admin"]}, False),
        ("CVE-2021-33203", {"INSTALLED_APPS": ["django.contrib.admindocs"]}, True),
        ("CVE-2021-33203", {"INSTALLED_APPS": ["django.contrib.admin", NOT_KNOWN]}, True),
        ("CVE-2019-12308", {"INSTALLED_APPS": ["django.contrib.auth"]}, False),
        ("CVE-2019-12308", {"INSTALLED_APPS": ["shop.apps.ShopAdminConfig"]}, True),
        ("CVE-2021-45115", {"AUTH_PASSWORD_VALIDATORS": [LENGTH]}, False),
        ("CVE-2021-45115", {"AUTH_PASSWORD_VALIDATORS": [LENGTH, SIMILAR]}, True),
        ("CVE-2021-45115", {"AUTH_PASSWORD_VALIDATORS": [{"NAME": "shop.validators.Similar"}]}, True),
        ("CVE-2016-9014", {"DEBUG": False}, False),
        ("CVE-2016-9014", {"DEBUG": {"if DEBUG is set": True, "else": False}}, True),
        ("CVE-2020-24583", {}, False),
        ("CVE-2020-24583", {"FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o755}, True),
        ("CVE-2015-3982", {}, False),
        ("CVE-2015-3982", {"SESSION_ENGINE": "django.contrib.sessions.backends.cached_db"}, True),
        ("CVE-2015-3982", {"SESSION_ENGINE": "shop.sessions"}, True),
        # Of every other hole nothing is said.
        ("CVE-2024-42005", {"DATABASES": {"default": POSTGRES}}, True),
    ],
)  # fmt: skip
def test_unreached(name: str, values: dict[str, Any], reached: bool) -> None:
    said = unreached(Settings.of(values), Deployment(), ("PYSEC-1", name))
    assert bool(said) is not reached
    assert not said or said.startswith("it can't reach this project: ")


def test_every_name_is_one_of_djangos(shared: Path) -> None:
    """Those that were published when the data was made, at least."""
    from hardango.dependencies.database import load

    records = load(str(shared)).look_up(["django"])["django"]
    known = {name for each in records for name in (each.id, *each.aliases)}
    assert {each for each in PARTS if each < "CVE-2024-4"} <= known


def test_it_is_ranked_lower_and_never_hidden(
    lay: Lay, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [
        record("PYSEC-1", "django", {"introduced": "0"}, {"fixed": "9"}, aliases=["CVE-2021-33203"],
               database_specific={"severity": "CRITICAL"}),
        record("PYSEC-2", "django", {"introduced": "0"}, {"fixed": "9"}, aliases=["CVE-2024-9"]),
    ]  # fmt: skip
    database = write(tmp_path / "all.zip", records)
    root = lay({**PROJECT, "requirements.txt": "django==5.2.1\n"})
    assert main(["deps", str(root), "--database", str(database), "--format", "json"]) == 1
    (package,) = json.loads(capsys.readouterr().out)["packages"]
    told = [
        (each["id"], each["severity"], bool(each["unreached"]))
        for each in package["vulnerabilities"]
    ]
    assert told == [("CVE-2024-9", "high", False), ("CVE-2021-33203", "low", True)]
    # Alone it is below the medium that fails a run; and it is there.
    write(database, records[:1])
    assert main(["deps", str(root), "--database", str(database)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "LOW django 5.2.1 has a known hole" in shown
    assert (
        "It can't reach this project: it is in admindocs, which INSTALLED_APPS does not have."
        in shown
    )
