"""The parts of a local start, each by itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hardango.findings import Place
from hardango.local import databases, servers, variables
from hardango.local.front import Manner, forwarded
from hardango.local.in_front import scheme_headers
from hardango.local.interpreter import OLDEST, Interpreter, NoInterpreter, find
from hardango.local.launch import _names
from hardango.local.workplace import Workplace, workplace
from hardango.project.model import Deployment, EntryPoint, Flag
from hardango.settings.environment import Environment, Value
from hardango.settings.outcomes import Settings, Unknown

CHILD = Path(databases.__file__).parent / "child"
AT = Place("Dockerfile", 3)
ALL = ("django", "gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress")

# The server, its options, what of its command line must be and must not be there.
COMMANDS = [
    ("uvicorn", {"forwarded_allow_ips": "*", "workers": "4", "host": "0.0.0.0"},
     ["-m uvicorn --host 127.0.0.1 --port 8100", "--forwarded-allow-ips=*", " shop.asgi:application"],
     ["workers", "0.0.0.0"]),
    ("uvicorn", {"proxy_headers": "false"}, ["--no-proxy-headers"], ["--proxy-headers="]),
    ("uvicorn", {"interface": "wsgi"}, ["--interface=wsgi", "shop.wsgi:application"], ["asgi"]),
    ("hypercorn", {"bind": "0.0.0.0:80", "root_path": "/shop"},
     ["-m hypercorn --bind 127.0.0.1:8100", "--root-path=/shop"], ["0.0.0.0"]),
    ("daphne", {"bind": "0.0.0.0", "proxy_headers": "true"},
     ["-b 127.0.0.1 -p 8100", "--proxy-headers"], ["0.0.0.0"]),
    ("granian", {"interface": "wsgi", "workers": "4"},
     ["--interface=wsgi", "shop.wsgi:application"], ["--workers", "asgi"]),
    ("waitress-serve", {"trusted_proxy": "10.0.0.1", "port": "80"},
     ["--listen=127.0.0.1:8100", "--trusted-proxy=10.0.0.1"], ["--port"]),
    ("runserver", {}, ["-m django runserver --noreload --skip-checks 127.0.0.1:8100"], []),
    ("uwsgi", {}, ["hardango_server.py 8100 shop.wsgi:application"], ["uwsgi"]),
]  # fmt: skip


@pytest.mark.parametrize("name, options, there, absent", COMMANDS)
def test_the_servers_own_options_are_kept(
    tmp_path: Path, name: str, options: dict[str, str], there: list[str], absent: list[str]
) -> None:
    server = started_by(tmp_path, name, options, ALL)
    line = " ".join(server.argv)
    assert [each for each in there if each not in line] == []
    assert [each for each in absent if each in line] == []


def started_by(
    tmp_path: Path, name: str, options: dict[str, str], packages: tuple[str, ...], kind: str = "Dockerfile"
) -> servers.Server:  # fmt: skip
    deployment = Deployment(
        entry_points=(EntryPoint(kind, "production", AT, server=name),),
        flags=tuple(Flag(name, option, value, AT) for option, value in options.items()),
    )
    python = Interpreter("/venv/bin/python", (3, 12), dict.fromkeys(packages, "1"))
    applications = ("shop.wsgi:application", "shop.asgi:application")
    place = Workplace(str(tmp_path), str(tmp_path / "project"))
    return servers.server(deployment, python, applications, servers.Where(8100), place)


def test_gunicorn_keeps_its_configuration_and_what_its_command_line_says(tmp_path: Path) -> None:
    options = {"forwarded_allow_ips": "10.0.0.1", "workers": "4", "worker_class": "uvicorn.Worker"}
    server = started_by(tmp_path, "gunicorn", options, ALL)
    written = (tmp_path / "gunicorn.conf.py").read_text()
    assert server.argv[-1] == "shop.asgi:application"
    assert "'forwarded_allow_ips': '10.0.0.1,127.0.0.2'" in written
    assert "'workers'" not in written
    assert any("10.0.0.1" in each for each in server.said)
    names: dict[str, object] = {}
    exec(written, names)
    assert names["workers"] == 1
    assert names["worker_class"] == "uvicorn.Worker"
    assert "user" not in names


# Where production's server is not there, or not known, that is said.
STANDS_FOR = [
    ("gunicorn", ("django",), "gunicorn is not installed"),
    ("uwsgi", ALL, "uwsgi is not run here"),
]


@pytest.mark.parametrize("name, packages, said", STANDS_FOR)
def test_a_built_in_server_stands_for_another(
    tmp_path: Path, name: str, packages: tuple[str, ...], said: str
) -> None:
    server = started_by(tmp_path, name, {}, packages)
    assert server.name == "a built-in server"
    assert said in server.said[0]


# Whether the proxy is on the machine of the server, which decides whether it is believed.
BESIDE = [
    ("systemd", {}, True),
    ("Dockerfile", {"bind": "127.0.0.1:8000"}, True),
    ("Dockerfile", {"bind": "unix:/run/shop.sock"}, True),
    ("Dockerfile", {"bind": "0.0.0.0:8000"}, False),
    ("Dockerfile", {}, False),
]


@pytest.mark.parametrize("kind, options, beside", BESIDE)
def test_where_the_proxy_is(
    tmp_path: Path, kind: str, options: dict[str, str], beside: bool
) -> None:
    assert started_by(tmp_path, "gunicorn", options, ALL, kind).beside is beside


# -- what a proxy passes on ------------------------------------------------------------------------

PROTO = (("X-Forwarded-Proto", "https", "http"),)
HEADS = [
    ("GET / HTTP/1.1\nHost: a.example", True,
     ["Host: a.example", "X-Forwarded-For: 10.9.9.9", "X-Forwarded-Proto: https"], []),
    ("GET / HTTP/1.1\nHost: a.example\nx-forwarded-proto: https", False,
     ["X-Forwarded-Proto: http"], ["X-Forwarded-Proto: https"]),
    ("GET / HTTP/1.1\nHost: a\nX-Forwarded-For: 1.1.1.1\nX-Forwarded-For: 2.2.2.2", True,
     ["X-Forwarded-For: 1.1.1.1, 2.2.2.2, 10.9.9.9"], []),
    ("GET / HTTP/1.1\nHost: a\nHost: b\nX-Forwarded-Host: c\nX_Forwarded_Proto: https", False,
     ["Host: a", "Host: b", "X-Forwarded-Host: c", "X_Forwarded_Proto: https"], []),
    ("POST / HTTP/1.1\nHost: a\nConnection: keep-alive\nContent-Length: 3", True,
     ["Connection: close", "Content-Length: 3"], ["keep-alive"]),
]  # fmt: skip


@pytest.mark.parametrize("head, secure, there, absent", HEADS)
def test_the_proxy_passes_on(head: str, secure: bool, there: list[str], absent: list[str]) -> None:
    data = head.replace("\n", "\r\n").encode()
    lines = forwarded(data, "10.9.9.9", secure, Manner(PROTO)).decode().split("\r\n")
    assert lines[0] == head.split("\n")[0]
    assert [each for each in there if each not in lines] == []
    assert [each for each in absent if any(each.lower() in one.lower() for one in lines)
            and each not in there] == []  # fmt: skip


SCHEMES = [
    ("", [], PROTO),
    ("", ["HTTP_X_FORWARDED_PROTO", "https"], PROTO),
    ("", ["HTTP_X_FORWARDED_SSL", "on"], (*PROTO, ("X-Forwarded-Ssl", "on", "off"))),
    ("", ["X-Forwarded-Proto", "https"], PROTO),  # misspelt: Django never sees it
    ("X-Scheme", [], (("X-Scheme", "https", "http"),)),
    ("X-Forwarded-Ssl", ["HTTP_X_FORWARDED_SSL", "on"], (("X-Forwarded-Ssl", "on", "off"),)),
    # What the configuration says of the proxy holds, whatever Django believes.
    ("X-Scheme", ["HTTP_X_FORWARDED_PROTO", "https"], (("X-Scheme", "https", "http"),)),
]


@pytest.mark.parametrize("said, believed, headers", SCHEMES)
def test_how_the_proxy_tells_the_scheme(
    said: str, believed: list[str], headers: tuple[tuple[str, str, str], ...]
) -> None:
    assert scheme_headers(said, tuple(believed)) == headers


NAMES = [
    (["shop.example"], [], "shop.example"),
    (["localhost", "127.0.0.1", "shop.example"], [], "shop.example"),
    ([".shop.example"], [], "shop.example"),
    (["a.example", "b.example"], ["https://b.example"], "b.example"),
    (["*"], ["https://shop.example:8443"], "shop.example"),
    (["*"], ["https://*.shop.example"], variables.HOST),
    (["localhost"], [], "localhost"),
    ([], [], "localhost"),  # with DEBUG
]


@pytest.mark.parametrize("allowed, trusted, name", NAMES)
def test_the_name_of_the_site(allowed: list[str], trusted: list[str], name: str) -> None:
    assert (
        _names({"allowed_hosts": allowed, "trusted_origins": trusted, "debug": not allowed})[0]
        == name
    )


# -- variables -------------------------------------------------------------------------------------

INVENTED = [
    ("EMAIL_PORT", "", "1025"),
    ("CACHE_TIMEOUT", "", "60"),
    ("WORKERS", "int", "60"),
    ("USE_TLS", "bool", "False"),
    ("DATABASE_URL", "", "sqlite:////tmp/x/made-up.sqlite3"),
    ("REDIS_URL", "", "redis://127.0.0.1:6379/0"),
    ("EMAIL_URL", "", "smtp://127.0.0.1:1025"),
    ("DB_HOST", "", "127.0.0.1"),
    ("DJANGO_ALLOWED_HOSTS", "", variables.HOST),
    ("SITE_URL", "", f"https://{variables.HOST}"),
    ("MEDIA_DIR", "", "/tmp/x/media_dir"),
    ("DEFAULT_FROM_EMAIL", "", "someone@hardango.invalid"),
    ("DB_NAME", "", "hardango"),
]


@pytest.mark.parametrize("name, type, value", INVENTED)
def test_a_made_up_value_fits_its_name(name: str, type: str, value: str) -> None:
    assert variables.invented(name, type, "/tmp/x") == value


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "FERNET_KEY", "DB_PASSWORD"]
)
def test_a_made_up_secret_is_new_each_time(name: str) -> None:
    one, other = (variables.invented(name, "", "/tmp/x") for _ in range(2))
    assert one != other
    assert len(one) >= 40


def test_what_production_has_is_taken_and_what_is_elsewhere_made_up() -> None:
    environment = Environment({
        "DEBUG": Value("False", AT), "DATABASE_URL": Value(None, AT), "PATH": Value("/evil", AT),
        "PYTHONPATH": Value("/app", AT), "LD_PRELOAD": Value("/evil.so", AT),
    })  # fmt: skip
    found = variables.variables(Settings.of({"ALLOWED_HOSTS": ["shop.example"]}), environment, "/x")
    assert found.values == {"DEBUG": "False", "DATABASE_URL": "sqlite:////x/made-up.sqlite3"}
    assert found.made_up == {"DATABASE_URL"}


HOSTS = [
    ({"ALLOWED_HOSTS": Unknown("read from HOSTS", variables=("HOSTS",))}, {"HOSTS": variables.HOST}),
    ({"ALLOWED_HOSTS": Unknown("read from HOSTS", variables=("HOSTS",)),
      "CSRF_TRUSTED_ORIGINS": ["https://shop.example"]}, {"HOSTS": "shop.example"}),
    ({"ALLOWED_HOSTS": ["shop.example", Unknown("read from HOSTS", variables=("HOSTS",))]}, {}),
    ({"ALLOWED_HOSTS": {"if HOSTS is set": Unknown("read from HOSTS", variables=("HOSTS",)),
                        "else": ["*"]}}, {}),
    ({"ALLOWED_HOSTS": []}, {}),
    ({"ALLOWED_HOSTS": [Unknown("read", variables=("ALLOWED_HOSTS", "SITE_ROOT"))]},
     {"ALLOWED_HOSTS": variables.HOST}),
    ({"ALLOWED_HOSTS": [Unknown("read", variables=("SITE_ROOT",))]},
     {"SITE_ROOT": f"https://{variables.HOST}"}),
]  # fmt: skip


@pytest.mark.parametrize("settings, made_up", HOSTS)
def test_a_host_is_made_up_only_where_nobody_would_be_let_in(
    settings: dict[str, object], made_up: dict[str, str]
) -> None:
    assert variables.variables(Settings.of(settings), Environment(), "/x").values == made_up


MISSED = [
    ("KeyError: 'LICENCE_CODE'", "LICENCE_CODE"),
    ("ImproperlyConfigured: Set the LICENCE_CODE environment variable", "LICENCE_CODE"),
    ("UndefinedValueError: LICENCE_CODE not found. Declare it as envvar", "LICENCE_CODE"),
    ('EnvError: Environment variable "LICENCE_CODE" not set', "LICENCE_CODE"),
    ("KeyError: 'HOME'", None),  # it is set
    ("KeyError: 'name'", None),
    ("ValueError: invalid literal for int() with base 10: 'hardango'", None),
]


@pytest.mark.parametrize("message, name", MISSED)
def test_the_variable_that_an_exception_complains_of(message: str, name: str | None) -> None:
    assert variables.missing(message, {"HOME": "/x"}) == name


# -- the rest --------------------------------------------------------------------------------------


def test_the_copy_holds_the_project_and_not_the_users_data(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    for name in ("shop/settings.py", "db.sqlite3", ".git/config", "venv/pyvenv.cfg", "conf/prod.py",
                 "node_modules/a.js", ".env"):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    (root / "inside").symlink_to(root / "shop")
    (root / "outside").symlink_to(tmp_path)
    with workplace(str(root), {"shop/local.py": "conf/prod.py"}) as place:
        copy = Path(place.copy)
        files = {str(each.relative_to(copy)) for each in copy.rglob("*") if each.is_file()}
        assert files >= {"shop/settings.py", ".env", "conf/prod.py", "shop/local.py"}
        assert not [each for each in files if each.startswith(("db", ".git", "venv", "node"))]
        assert (copy / "inside").resolve() == copy / "shop"
        assert (copy / "outside").resolve() == tmp_path
    assert not copy.exists()


def test_no_interpreter_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoInterpreter, match="--python"):
        find(None, str(tmp_path))
    with pytest.raises(NoInterpreter, match="no such program"):
        find(str(tmp_path / "python"), str(tmp_path))


URLS = [
    ("postgresql://me:p%40ss@db.example:5433/shop",
     ("django.db.backends.postgresql", "db.example", "5433", "me", "p@ss"),
     (("db.example", 5433), ("db.example", None))),
    ("postgres:///", ("django.db.backends.postgresql", "", "", "", ""), ()),
    ("mysql://me@127.0.0.1/", ("django.db.backends.mysql", "127.0.0.1", "", "me", ""),
     (("127.0.0.1", 3306), ("127.0.0.1", None))),
]  # fmt: skip


@pytest.mark.parametrize("url, settings, reachable", URLS)
def test_the_url_of_a_database_server(
    url: str, settings: tuple[str, ...], reachable: tuple[tuple[str, int | None], ...]
) -> None:
    database = databases.read(url)
    keys = ("ENGINE", "HOST", "PORT", "USER", "PASSWORD")
    assert tuple(database.settings[key] for key in keys) == settings
    assert database.reachable == reachable
    assert str(database.settings["NAME"]).startswith("hardango_")


@pytest.mark.parametrize(
    "url", ["shop", "sqlite:///db.sqlite3", "oracle://a/b", "postgres://a:b:c"]
)
def test_what_is_no_database_server(url: str) -> None:
    with pytest.raises(databases.BadDatabase):
        databases.read(url)


@pytest.mark.parametrize("file", sorted(CHILD.glob("*.py")), ids=lambda each: each.name)
def test_what_runs_in_the_projects_python_runs_in_an_old_one(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"), str(file), feature_version=OLDEST)
