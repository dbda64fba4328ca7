"""What git ignores is not in the repository: held against git itself."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardango.audit import Request, audit
from hardango.findings import Verdict
from hardango.uncommitted import Uncommitted, rules

Write = Callable[[Mapping[str, str]], Path]


def git(root: Path, *arguments: str, ok: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", *arguments],
        cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode in ok, done.stderr
    return done.stdout


FILES = (".env", "a/.env", "a/b/.env", "env/x", "a/env/x", ".envs/.production/.django",
         ".envs/.local/.django", "prod.env", "a/prod.env", "a/b/c/d.env", "#x.env")  # fmt: skip
RULES = (".env", "/.env", "*.env", ".env*", "env/", "/env/", "a/.env", "a/*", "a/**", "**/b/.env",
         "a/**/d.env", ".envs/*", "!.envs/.local/", "!.env", "!a/.env", "# .env", "", "   ", "\\#x.env",
         "a/", "!a/", "b", ".[e]nv", "prod.en?", "**/.env", "**", "*", "!*", "x/", "/a/b", "[!a]*",
         "env", ".envs", "!.envs")  # fmt: skip


@given(
    top=st.lists(st.sampled_from(RULES), max_size=5),
    inner=st.lists(st.sampled_from(RULES), max_size=2),
)
@settings(max_examples=60)
def test_it_is_what_git_says(
    tmp_path_factory: pytest.TempPathFactory, top: list[str], inner: list[str]
) -> None:
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "--quiet")
    for file in FILES:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("")
    (root / "kept").write_text("")
    git(root, "add", "--force", "kept")
    (root / ".gitignore").write_text("\n".join(top) + "\n")
    (root / "a" / ".gitignore").write_text("\n".join(inner) + "\n")
    said = git(root, "check-ignore", "--no-index", *FILES, ok=(0, 1)).splitlines()
    uncommitted = Uncommitted(str(root))
    assert [file for file in FILES if uncommitted(file)] == said


@pytest.fixture
def repository(write: Write) -> Path:
    root = write({".gitignore": ".env\n", ".env": "A=1\n", "a/.env": "A=1\n", "kept.env": ""})
    git(root, "init", "--quiet")
    git(root, "add", ".")
    return root


def test_what_is_added_all_the_same_is_committed(repository: Path) -> None:
    assert Uncommitted(str(repository))("a/.env")
    git(repository, "add", "--force", "a/.env")
    assert not Uncommitted(str(repository))("a/.env")
    assert not Uncommitted(str(repository))("kept.env")


@pytest.mark.parametrize(
    "prepare",
    [
        lambda root: (root / ".git" / "index").unlink(),
        lambda root: git(root, "update-index", "--index-version", "4"),
        lambda root: git(root, "update-index", "--split-index"),
        lambda root: (root / ".git" / "index").write_bytes(b"DIRC"),
        lambda root: (root / ".gitignore").unlink(),
        lambda root: (root / ".gitignore").write_text(".e\\nv\n"),
        lambda root: (root / ".gitignore").write_text(" " * 300_000 + "\n.env\n"),
        lambda root: git(root / "a", "init", "--quiet"),
    ],
    ids=["no index", "packed", "split", "broken", "no rules", "escapes", "too long", "another"],
)
def test_where_it_cannot_be_told_a_file_counts_as_committed(
    repository: Path, prepare: Callable[[Path], Any]
) -> None:
    prepare(repository)
    assert not Uncommitted(str(repository))("a/.env")


def test_a_hostile_rule_is_quick() -> None:
    (rule,) = rules("*a" * 2000 + "\n" + "**/" * 50 + "x\n")
    from hardango.uncommitted import fits

    assert not fits(rule, ["a" * 250 + "b"])


# -- in an audit -----------------------------------------------------------------------------------

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n'
HEAD = "from pathlib import Path\nROOT = Path(__file__).resolve().parent.parent\nALLOWED_HOSTS = ['x.example']\n"
SETTINGS = {
    "environ": "import environ\nenv = environ.Env(DEBUG=(bool, False))\n"
    "environ.Env.read_env(ROOT / '.env')\nDEBUG = env('DEBUG')\nSECRET_KEY = env('KEY')\n",
    "decouple": "from decouple import config\nDEBUG = config('DEBUG', default=False, cast=bool)\n"
    "SECRET_KEY = config('KEY')\n",
    "dotenv": "import os\nfrom dotenv import load_dotenv\nload_dotenv(ROOT / '.env')\n"
    "DEBUG = os.environ.get('DEBUG') == 'True'\nSECRET_KEY = os.environ['KEY']\n",
    "found": "import os\nfrom dotenv import load_dotenv\nload_dotenv()\n"
    "DEBUG = os.environ.get('DEBUG') == 'True'\nSECRET_KEY = os.environ['KEY']\n",
    "values": "from dotenv import dotenv_values\nread = dotenv_values(ROOT / '.env')\n"
    "DEBUG = read.get('DEBUG') == 'True'\nSECRET_KEY = read['KEY']\n",
    "environs": "from environs import Env\nenv = Env()\nenv.read_env()\n"
    "DEBUG = env.bool('DEBUG', False)\nSECRET_KEY = env('KEY')\n",
    "pydantic": "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
    "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_file='.env')\n"
    "    DEBUG: bool = False\n    KEY: str\ns = S()\nDEBUG = s.DEBUG\nSECRET_KEY = s.KEY\n",
    "compose": "import os\nDEBUG = os.environ.get('DEBUG') == 'True'\n"
    "SECRET_KEY = os.environ['KEY']\n",
}
COMPOSE = "services:\n  web:\n    image: x\n    command: gunicorn conf.wsgi\n    env_file: .env\n"


def weak(root: Path) -> dict[str, Verdict]:
    report = audit(Request(str(root), only=("debug", "secret-key")))
    return {each.control: each.verdict for each in report.findings if each.weak}


@pytest.mark.parametrize("library", SETTINGS)
def test_what_a_file_of_this_machine_says_is_not_production_s(write: Write, library: str) -> None:
    files = {"manage.py": MANAGE, "conf/__init__.py": "", "conf/settings.py": HEAD + SETTINGS[library],
             ".gitignore": ".env\n", ".env": "DEBUG=True\nKEY=dev\n"}  # fmt: skip
    if library == "compose":
        files |= {"compose.yml": COMPOSE, "conf/wsgi.py": MANAGE}
    root = write(files)
    assert set(weak(root)) == {"debug", "secret-key"}  # without a repository it is all there is
    git(root, "init", "--quiet")
    git(root, "add", ".")
    assert weak(root) == {}
    said = [each.message for each in audit(Request(str(root))).notes]
    assert len([each for each in said if ".env is ignored by git" in each]) == 1
    given = audit(Request(str(root), only=("debug",), env_file=str(root / ".env")))
    assert library == "values" or given.findings[0].verdict is Verdict.FAIL
    git(root, "add", "--force", ".env")
    assert set(weak(root)) == {"debug", "secret-key"}


LOCAL = {
    "guarded": "try:\n    from .local import *\nexcept ImportError:\n    pass\n",
    "demanded": "from .local import *\n",
    "absolute": "try:\n    from conf.local import *\nexcept ImportError:\n    pass\n",
}


@pytest.mark.parametrize("how", LOCAL)
def test_local_settings_are_those_of_this_machine(write: Write, how: str) -> None:
    root = write({
        "manage.py": MANAGE, "conf/__init__.py": "", ".gitignore": "local*\n",
        "conf/settings.py": f"DEBUG = False\nSECRET_KEY = 'x'\n{LOCAL[how]}",
        "conf/local.py": "DEBUG = True\n",
    })  # fmt: skip
    assert weak(root) == {"debug": Verdict.FAIL, "secret-key": Verdict.FAIL}
    git(root, "init", "--quiet")
    git(root, "add", ".")
    assert "debug" not in weak(root)
    report = audit(Request(str(root), only=("debug",)))
    assert report.findings[0].verdict is Verdict.UNKNOWN
    fresh = [each.message for each in report.notes if "ignored by git" in each.message]
    (root / "conf" / "local.py").rename(root / "away.py")
    clone = audit(Request(str(root), only=("debug",)))
    assert clone.findings[0].message == report.findings[0].message  # here, in CI, the same
    assert len(fresh) == 1 and len(report.notes) == len(clone.notes) + 1


def test_what_the_user_names_is_judged_though_git_ignores_it(write: Write) -> None:
    root = write({
        "manage.py": MANAGE, "conf/__init__.py": "", ".gitignore": "settings.py\n",
        "conf/settings.py": "DEBUG = True\n",
    })  # fmt: skip
    git(root, "init", "--quiet")
    git(root, "add", ".")
    assert weak(root)["debug"] is Verdict.FAIL
