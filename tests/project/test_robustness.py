"""Nothing that a file can hold makes the search fail, or take long."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.project import find_project

NAMES = [
    "manage.py", "shop/wsgi.py", "shop/settings.py", "gunicorn.conf.py", "setup.py",
    "Dockerfile", "docker-compose.yml", "compose.prod.yaml", "start.sh", "Procfile", "Makefile",
    "app.json", "fly.toml", "render.yaml", "app.yaml", "railway.json", "railway.toml",
    "vercel.json", "zappa_settings.json", "nixpacks.toml", "heroku.yml", "apprunner.yaml",
    ".ebextensions/a.config", "k8s/web.yaml", "charts/a/Chart.yaml", "charts/a/values.yaml",
    "deploy/web.service", "supervisord.conf", "uwsgi.ini", "apache/site.conf",
    ".github/workflows/deploy.yml", ".env", ".env.production", "requirements.txt",
    "requirements/base.in", "uv.lock", "poetry.lock", "Pipfile.lock", "Pipfile",
    "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "runtime.txt", ".python-version",
]  # fmt: skip

SNIPPETS = st.sampled_from(
    [
        "DJANGO_SETTINGS_MODULE", "=", ":", "\n", " ", "  ", "- ", "$", "${", "}", "(", ")", "[",
        "]", "{", '"', "'", "\\\n", "gunicorn", "shop.wsgi", "shop.settings", "FROM python AS a\n",
        "COPY . .\n", "CMD ", "ENTRYPOINT ", "ENV ", "services", "environment", "env", "if ",
        "then\n", "fi\n", "case ", "esac", "exec ", '"$@"', "import os\n", "os.environ", "def f():",
        "kind: Deployment\n", "&a", "*a", "<<: ", "\t", "\0", "é", "%s", "!!python/object:os.system",
        "[Service]\n", "ExecStart=", "[tool.poetry.dependencies]\n", "==", ">=5.2", "Django", "-r ",
    ]
)  # fmt: skip


def write(root: str, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


BASE = {
    "manage.py": b'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/settings.py": b"INSTALLED_APPS = []\n",
}


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(
            st.binary(max_size=80),
            st.lists(SNIPPETS, max_size=30).map(lambda parts: "".join(parts).encode()),
        ),
        max_size=8,
    )
)
def test_no_file_makes_it_fail(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as root:
        write(root, {**files, **BASE})
        project = find_project(root)
        assert project.base == os.path.realpath(root)
        assert all(project.root not in note.message for note in project.notes)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "name, text",
    [
        ("docker-compose.yml", BOMB + "services: *i\n"),
        ("docker-compose.yml", "services: " + "[" * 100_000),
        ("docker-compose.yml", "services: " + "{a: " * 100_000),
        ("docker-compose.yml", "- " * 50_000),
        ("docker-compose.yml", "services: &a\n  web: *a\n"),
        ("docker-compose.yml", "services: &a {web: {<<: *a, build: *a, environment: *a}}\n"),
        ("docker-compose.yml", "a: " + "x" * 5_000_000),
        ("k8s/a.yaml", "kind: Deployment\nspec: &a {template: *a, spec: *a, containers: [*a]}\n"),
        ("fly.toml", "a = " + "[" * 100_000),
        ("app.json", "[" * 100_000),
        ("Dockerfile", "FROM a\n" + "ENV A=$A$A$A$A$A$A$A$A\n" * 2000),
        ("Dockerfile", "FROM a\nENV A=x\n" + "ENV A=$A$A$A$A$A$A$A$A\n" * 2000),
        ("Procfile", "web: A=x; " + "A=$A$A$A$A$A$A$A$A; " * 2000),
        (".env.production", "A=x\n" + "A=$A$A$A$A$A$A$A$A\n" * 2000),
        ("Dockerfile", "FROM a AS a\n" * 3000),
        ("Procfile", "web: " + "sh -c '" * 500),
        ("Procfile", "web: " + "(" * 20_000),
        ("requirements.txt", "-r requirements.txt\n"),
        ("requirements.txt", "Django" + ">=1.0," * 20_000),
        ("shop/settings.py", "x = " + "(" * 20_000),
        ("shop/settings.py", "x = " + "-" * 20_000 + "1"),
        (".env.production", "A=${A:-" * 3000),
        ("uwsgi.ini", "\\\n" * 50_000),
    ],
)
def test_hostile_files_end_soon(tmp_path: Path, name: str, text: str) -> None:
    write(str(tmp_path), {**BASE, name: text.encode()})
    started = time.process_time()
    find_project(str(tmp_path))
    assert time.process_time() - started < 2


def test_calls_of_scripts_end(tmp_path: Path) -> None:
    write(
        str(tmp_path),
        {
            **BASE,
            "Procfile": b"web: ./a.sh",
            "a.sh": b"./b.sh\n./b.sh\n",
            "b.sh": b"./a.sh\n./a.sh\n",
        },
    )
    find_project(str(tmp_path))
