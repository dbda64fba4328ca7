"""A project is started as production would start it, does no harm, and leaves nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from probe_local import ROOT, digest, left_of, reading, waits_until

from hardango.client import client
from hardango.evidence import Request
from hardango.local.launch import CannotStart, Started, Wish, started
from hardango.local.supervise import kernel_confines

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

Tiny = Callable[..., Path]


def wish(**given: object) -> Wish:
    return Wish(python=sys.executable, seconds=20.0)._replace(**given)


def get(run: Started, path: str, *headers: tuple[str, str], secure: bool = True) -> Request:
    base = run.https if secure else run.http
    host = base.partition("://")[2]
    return Request(base + path, headers=(("Host", host), *headers, ("Connection", "close")))


def directory_of(run: Started) -> str:
    return os.path.dirname(os.path.dirname(run.way.ca_file))


def test_the_shop_runs_as_in_production_and_stays_what_it_was(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "shop", shop, ignore=shutil.ignore_patterns("__pycache__"))
    (shop / "db.sqlite3").write_bytes(b"the data of the user")
    before = digest(shop)
    with started(reading(shop), wish()) as run:
        send = client(run.way)
        directory = directory_of(run)
        login = send(get(run, "/admin/login/"))
        assert run.https == "https://shop.example"
        assert login.status == 200
        assert login.get("Server") == "gunicorn"
        assert login.tls is not None
        assert login.tls.problem == ""
        assert run.inside(get(run, "/admin/login/")).status == 200
        assert run.known.admin == ("/admin/",)
        assert run.known.login == "/account/login/"
        assert run.canary is not None
        assert run.made_up == {"DATABASE_URL"}
        assert any("EMAIL_BACKEND" in each for each in run.said)
        assert left_of(directory)
        assert run.refused() == []
    assert digest(shop) == before
    assert left_of(directory) == []
    assert not os.path.exists(directory)


# What a proxy in front makes of a request, by who is to be believed: the file that starts the
# server, what the client sends, whether Django then sees HTTPS, the addresses that it sees.
TRUST = [
    # Heroku's buildpack makes gunicorn believe every proxy.
    ("web: gunicorn tiny.wsgi", True, (), True, "127.0.0.2"),
    ("web: gunicorn tiny.wsgi", False, (("X-Forwarded-Proto", "https"),), False, "127.0.0.2"),
    ("web: uvicorn --interface wsgi tiny.wsgi", True, (), True, None),
]


@pytest.mark.parametrize("procfile, secure, headers, believed, peer", TRUST)
def test_the_proxy_tells_the_scheme(
    tiny: Tiny, procfile: str, secure: bool, headers: tuple[tuple[str, str], ...], believed: bool,
    peer: str | None,
) -> None:  # fmt: skip
    root = tiny(Procfile=procfile + "\n")
    with started(reading(root), wish()) as run:
        answer = client(run.way)(get(run, "/", *headers, secure=secure))
        assert answer.status == 200, (answer, run.said)
        seen = json.loads(answer.text)
        assert seen["secure"] is believed
        assert seen["host"] == "tiny.example.org"
        assert seen["for"] == "127.0.0.1"
        assert peer in (None, seen["peer"])


# What the settings import when they load (unseen by the audit, which would say it before), other
# files, what is said.
STARTS_BADLY = [
    ("raise RuntimeError('no licence')", {}, "the settings do not load: RuntimeError: no licence"),
    ("import sys; sys.exit(3)", {}, "the settings do not load: it exits (3)"),
    ("import os; os._exit(4)", {}, "the settings do not load: it ends with exit code 4"),
    ("import time; time.sleep(60)", {}, "the settings do not load: it takes longer than 5 seconds"),
    ("", {"tiny/urls.py": "import gone"}, "its URLs do not load: ModuleNotFoundError"),
    ("", {"tiny/wsgi.py": "raise RuntimeError('no wsgi')"}, "the server ends with exit code"),
    ("", {"tiny/wsgi.py": "print('x' * 10_000_000, flush=True); 1 / 0"},
     "the server ends with exit code 3 while it starts"),
    ("", {"tiny/wsgi.py": "import time; time.sleep(60)"}, "the server does not answer within 5"),
]  # fmt: skip


@pytest.mark.parametrize("crash, files, said", STARTS_BADLY, ids=[each[2] for each in STARTS_BADLY])
def test_a_project_that_does_not_start_gives_a_clear_line(
    tiny: Tiny, crash: str, files: dict[str, str], said: str
) -> None:
    late = "import importlib; importlib.import_module(os.uname().nodename[:0] + 'tiny.crash')"
    root = tiny(late, **{"tiny/crash.py": crash, **files})
    with (
        pytest.raises(CannotStart) as caught,
        started(reading(root), wish(seconds=5.0 if "sleep" in str((crash, files)) else 20.0)),
    ):
        pass
    assert said in str(caught.value), caught.value.lines
    assert len("\n".join(caught.value.lines)) < 30_000
    assert "\n" not in str(caught.value)


def test_a_variable_that_is_missing_is_made_up_when_it_is_missed(tiny: Tiny) -> None:
    late = "import importlib; importlib.import_module(os.uname().nodename[:0] + 'tiny.late')"
    root = tiny(late, **{"tiny/late.py": "import os; os.environ['LICENCE_CODE']"})
    with started(reading(root), wish()) as run:
        assert "LICENCE_CODE" in run.made_up


REACHES_OUT = """
import ctypes, os, socket, subprocess, sqlite3
from django.http import JsonResponse
from django.urls import path

PORT, ROOT = {port}, {root!r}

def native_connect():
    libc = ctypes.CDLL(None, use_errno=True)
    number = libc.socket(2, 1, 0)
    address = (2).to_bytes(2, "little") + PORT.to_bytes(2, "big") + bytes((127, 0, 0, 1)) + bytes(8)
    done = libc.connect(number, address, 16)
    libc.close(number)
    if done:
        raise OSError(ctypes.get_errno(), "native")

def native_write():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.creat(os.path.join(ROOT, "native").encode(), 0o600) < 0:
        raise OSError(ctypes.get_errno(), "native")

ATTEMPTS = {{
    "connect": lambda: socket.create_connection(("127.0.0.1", PORT), 2),
    "resolve": lambda: socket.getaddrinfo("db.example.net", 5432),
    "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", PORT)),
    "listen": lambda: socket.create_server(("0.0.0.0", 0)),
    "write": lambda: open(os.path.join(ROOT, "written"), "w"),
    "append": lambda: open(os.path.join(ROOT, "manage.py"), "a"),
    "delete": lambda: os.remove(os.path.join(ROOT, "manage.py")),
    "rename": lambda: os.rename(os.path.join(ROOT, "manage.py"), os.path.join(ROOT, "other.py")),
    "directory": lambda: os.mkdir(os.path.join(ROOT, "made")),
    "database": lambda: sqlite3.connect(os.path.join(ROOT, "made.sqlite3")).execute("create table a (b)"),
    "program": lambda: subprocess.run(["touch", os.path.join(ROOT, "touched")], check=True),
    "shell": lambda: os.system("touch " + os.path.join(ROOT, "touched")),
    "signal": lambda: os.kill(os.getppid(), 0) or os.kill(1, 15),
    "native connect": native_connect,
    "native write": native_write,
    "own file": lambda: open(os.path.join(os.path.dirname(__file__), "own"), "w"),
    "temporary file": lambda: __import__("tempfile").NamedTemporaryFile(),
    "own name": lambda: socket.getaddrinfo("localhost", 80),
    "read": lambda: open(os.path.join(ROOT, "manage.py")),
}}

def home(request):
    done = {{}}
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
            done[name] = "allowed"
        except OSError as error:
            done[name] = "refused"
    return JsonResponse(done)

urlpatterns = [path("", home)]
"""
ALLOWED = {"own file", "temporary file", "own name", "read"}


def test_what_leaves_the_proof_is_refused(tiny: Tiny) -> None:
    root = tiny()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        tiny(**{"tiny/urls.py": REACHES_OUT.format(port=port, root=str(root))})
        before = digest(root)
        with started(reading(root), wish()) as run:
            done = json.loads(client(run.way)(get(run, "/")).text)
            refused = run.refused()
    if not kernel_confines():
        done = {name: each for name, each in done.items() if not name.startswith("native")}
    assert {name for name, each in done.items() if each == "allowed"} == ALLOWED
    assert digest(root) == before
    assert f"connect to 127.0.0.1:{port}" in refused
    assert "connect to db.example.net" in refused
    assert f"write {root}/written" in refused
    assert "run touch" in refused


ENDED = """
import sys, os, time
sys.path[:0] = {path!r}
from probe_local import reading
from hardango.local.launch import Wish, started
from pathlib import Path
with started(reading(Path({root!r})), Wish(python=sys.executable)) as run:
    print(os.path.dirname(os.path.dirname(run.way.ca_file)), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_when_hardango_is_ended(tiny: Tiny, how: signal.Signals) -> None:
    root = tiny()
    script = ENDED.format(root=str(root), path=sys.path)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL, start_new_session=True,
                          # What runs in the background of a shell ignores it, and so would this.
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:  # fmt: skip
        assert process.stdout is not None
        timer = threading.Timer(30, process.kill)
        timer.start()
        directory = process.stdout.readline().strip()
        timer.cancel()
        assert directory.startswith("/")
        assert left_of(directory)
        process.send_signal(how)
        process.wait(20)
    assert waits_until(lambda: not left_of(directory))
    assert waits_until(lambda: not os.path.exists(directory))
