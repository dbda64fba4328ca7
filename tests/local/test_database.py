"""`--database URL`: a new database on that server, which is gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from probe_local import free_port, reading, waits_until

from hardango.local.launch import CannotStart, Wish, started

Tiny = Callable[..., Path]

ONLY_POSTGRES = """
from django.db import migrations

class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE SEQUENCE of_postgres")]
"""
APP = {"tiny/migrations/0001_initial.py": ONLY_POSTGRES, "tiny/migrations/__init__.py": ""}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of the test's own."""
    pytest.importorskip("psycopg")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = shutil.which("initdb") or (str(programs[-1] / "initdb") if programs else None)
    if initdb is None or not os.path.isfile(initdb):
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder, owner = tempfile.mkdtemp(prefix="hardango-test-"), {}
    if os.geteuid() == 0:  # as root it does not run
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data, port = os.path.join(folder, "data"), free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **owner}
    subprocess.run([initdb, "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"],
                   check=True, **quiet)  # type: ignore[call-overload]  # fmt: skip
    postgres = os.path.join(os.path.dirname(os.path.realpath(initdb)), "postgres")
    process = subprocess.Popen(
        [postgres, "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
         "-c", "fsync=off"], **quiet,
    )  # type: ignore[call-overload]  # fmt: skip
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}/"
        assert waits_until(lambda: accepts(url))
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def accepts(url: str) -> bool:
    """Whether the server is there and no longer starting up."""
    import psycopg

    try:
        psycopg.connect(url + "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def databases(url: str) -> set[str]:
    import psycopg

    with psycopg.connect(url + "postgres") as connection:
        return {each for (each,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_new_database_is_used_and_dropped(tiny: Tiny, server: str) -> None:
    root = tiny("INSTALLED_APPS = ['tiny']", **APP)
    before = databases(server)
    wish = Wish(python=sys.executable, database=server, seconds=20.0)
    with started(reading(root), wish) as run:
        assert any("DATABASES" in each for each in run.said)
        assert len(databases(server) - before) == 1
    # The server counts a session a moment longer than it lasts.
    assert waits_until(lambda: databases(server) == before)


def test_what_sqlite_cannot_do_asks_for_a_server(tiny: Tiny) -> None:
    root = tiny("INSTALLED_APPS = ['tiny']", **APP)
    with pytest.raises(CannotStart, match="--database URL"), \
         started(reading(root), Wish(python=sys.executable, seconds=20.0)):  # fmt: skip
        pass


ENDED = """
import sys, time
sys.path[:0] = {path!r}
from pathlib import Path
from probe_local import reading
from hardango.local.launch import Wish, started
with started(reading(Path({root!r})), Wish(python=sys.executable, database={server!r})):
    print("runs", flush=True)
    time.sleep(60)
"""


def test_it_is_dropped_when_hardango_is_killed(tiny: Tiny, server: str) -> None:
    root = tiny("INSTALLED_APPS = ['tiny']", **APP)
    before = databases(server)
    script = ENDED.format(path=sys.path, root=str(root), server=server)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "runs\n"
        run.kill()
    assert waits_until(lambda: databases(server) == before, 15)


def test_a_server_that_does_not_answer(tiny: Tiny) -> None:
    url = f"postgresql://postgres@127.0.0.1:{free_port()}/"
    began = time.monotonic()
    with pytest.raises(CannotStart, match="the database cannot be prepared"), \
         started(reading(tiny()), Wish(python=sys.executable, database=url, seconds=20.0)):  # fmt: skip
        pass
    assert time.monotonic() - began < 20
