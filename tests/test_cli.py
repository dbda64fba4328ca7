"""The command line, as a user types it."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import hardango.cli
from hardango import __version__
from hardango.cli import VERBS
from hardango.controls.catalogue import catalogue
from hardango.report.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., Any]
Write = Callable[[Mapping[str, str]], Path]

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n'
SOUND = """
import os
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["www.example.com"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
INSTALLED_APPS = ["django.contrib.sessions"]
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ROOT_URLCONF = "conf.urls"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
"""
WEAK = SOUND.replace("DEBUG = False", 'DEBUG = os.environ.get("DEBUG", "1")')


KEY = "k3j#%f2-ab9d@x7_!kq0vz+w8(r5" * 2


@pytest.fixture
def project(write: Write) -> Callable[..., Path]:
    """A project with these settings."""

    def make(settings: str = SOUND, **files: str) -> Path:
        return write(
            {"manage.py": MANAGE, "conf/__init__.py": "", "conf/settings.py": settings,
             "conf/urls.py": "urlpatterns = []\n", "requirements.txt": "django==5.2\n", **files}
        )  # fmt: skip

    return make


# -- exit codes and errors -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--fail-on", "critical"], 1),
        (["--fail-on", "never"], 0),
        (["--env", "DEBUG="], 0),
        (["--control", "frame-options"], 0),
        (["--control", "frame-options", "--control", "debug"], 1),
        (["-q"], 1),
        (["--format", "json"], 1),
    ],
)
def test_exit_code_of_an_audit(
    hardango: Run, project: Callable[..., Path], arguments: list[str], code: int
) -> None:
    ran = hardango("audit", project(WEAK), *arguments)
    assert ran.err == ""
    assert ran.code == code, ran.out


def test_what_is_not_known_does_not_fail(hardango: Run, project: Callable[..., Path]) -> None:
    ran = hardango(
        project("import thing\n" + SOUND.replace("DEBUG = False", "DEBUG = thing.on()")),
        "--format",
        "json",
    )
    assert {each["verdict"] for each in ran.json["findings"]} == {"pass", "unknown"}
    assert ran.code == 0


def one_sentence(ran: Any) -> str:
    """What was said on stderr: one sentence, nothing else, exit code 2."""
    assert ran.code == 2
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert 1 <= len(lines) <= 2, ran.err
    assert lines[0].startswith("hardango: ")
    assert "Traceback" not in ran.err
    return ran.err.removeprefix("hardango: ")


@pytest.mark.parametrize("verb", ["audit", "settings"])
@pytest.mark.parametrize(
    ("files", "path", "says"),
    [
        ({"README": "x"}, "missing", "missing"),
        ({}, ".", "empty"),
        ({"app.py": "print(1)", "README.md": "x"}, ".", "Django"),
        ({"notes.txt": "x"}, "notes.txt", "Django"),
        ({"manage.py": MANAGE}, ".", "conf.settings"),
        ({"manage.py": MANAGE, "conf/settings.py": "def broken(:\n"}, ".", "conf/settings.py"),
        ({"manage.py": MANAGE, "conf/settings.py": "x = 1\0"}, ".", "conf/settings.py"),
        ({"manage.py": MANAGE, "conf/settings.py": "raise ValueError('no')\n"}, ".", "raises ValueError"),
    ],
)  # fmt: skip
def test_a_project_that_cannot_be_read(
    hardango: Run, write: Write, verb: str, files: dict[str, str], path: str, says: str
) -> None:
    said = one_sentence(hardango(verb, path, cwd=write(files)))
    assert says in said


def test_a_directory_that_may_not_be_read(hardango: Run, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    if os.access(closed, os.R_OK):
        pytest.skip("root may read everything")
    assert "closed" in one_sentence(hardango("audit", closed))


def test_a_link_loop(hardango: Run, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert "loop" in one_sentence(hardango("audit", tmp_path / "loop"))


@pytest.mark.parametrize(
    "target, said",
    [
        ("settings.py", "a link that leads back to itself"),
        ("nothing.py", "a link that leads nowhere"),
        ("/etc/hosts", "a link to a place outside the project"),
        (None, "not in this directory"),
    ],
)
def test_settings_that_cannot_be_reached(
    hardango: Run, tmp_path: Path, target: str | None, said: str
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "manage.py").write_text(
        'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n'
    )
    if target is not None:
        (tmp_path / "site" / "settings.py").symlink_to(target)
    sentence = one_sentence(hardango("audit", tmp_path))
    assert "site.settings" in sentence and said in sentence


def test_a_link_loop_inside_a_project(hardango: Run, project: Callable[..., Path]) -> None:
    root = project()
    (root / "again").symlink_to(root)
    (root / "loop").symlink_to("loop")
    assert hardango("audit", root).err == ""


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("settings.py", "leads back to itself"),
        ("nowhere.py", "leads nowhere"),
        ("/etc/hostname", "a place outside"),
        ("..", "no regular file"),
    ],
)
@pytest.mark.parametrize("named", [[], ["--settings", "conf.settings"]])
def test_settings_that_are_a_link(
    hardango: Run, project: Callable[..., Path], target: str, says: str, named: list[str]
) -> None:
    root = project()
    (root / "conf/settings.py").unlink()
    (root / "conf/settings.py").symlink_to(target)
    said = one_sentence(hardango("audit", root, *named))
    assert "conf/settings.py" in said
    assert says in said


def shell(command: str, cwd: Path) -> Any:
    """A command of the shell, in which $H is hardango."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8",
                   "H": f"{sys.executable} -m hardango"}  # fmt: skip
    return subprocess.run(["sh", "-c", command], cwd=cwd, env=environment, capture_output=True,
                          text=True, timeout=60)  # fmt: skip


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
@pytest.mark.parametrize("verb", ["audit", "audit --format json", "settings", "explain", "--help"])
def test_a_full_disk(project: Callable[..., Path], verb: str) -> None:
    done = shell(f"$H {verb} > /dev/full", project())
    assert done.stderr == "hardango: the output cannot be written: No space left on device\n"
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("$H audit >&-", 1, ""),
        ("$H settings >&-", 0, ""),
        ("$H audit missing 2>&-", 2, ""),
        ("$H audit -q <&-", 1, ""),
        ("env -u HOME $H audit -q", 1, ""),
        ("mkdir gone; cd gone; rmdir ../gone; $H", 2,
         "hardango: the current directory does not exist any more\n"),
        ("mkdir gone; cd gone; rmdir ../gone; $H settings . --settings conf.settings", 2,
         "hardango: the current directory does not exist any more\n"),
        ("$H audit ''", 2, "hardango: the path is empty\n"),
    ],
)  # fmt: skip
def test_an_odd_surrounding(
    project: Callable[..., Path], command: str, code: int, says: str
) -> None:
    done = shell(command, project(WEAK))
    assert done.stderr == says
    assert done.returncode == code


def test_what_a_path_says_does_not_steer_the_terminal(hardango: Run, tmp_path: Path) -> None:
    said = one_sentence(hardango("audit", "a\nb\x1b[31m\u202ec", cwd=tmp_path))
    assert said == "a b\\x1b[31m\\u202ec does not exist\n"


@pytest.mark.parametrize("verb", ["audit -v", "audit -q", "audit --format json", "settings --all",
                                  "settings --format json"])  # fmt: skip
def test_what_a_project_says_does_not_steer_the_terminal(
    hardango: Run, write: Write, verb: str
) -> None:
    evil = "\x1b]0;x\x07\x9b31m\u202e"
    folder = f"{evil}\nb"
    settings = (
        f"import os\nDEBUG = os.environ.get('{evil}')  # {evil}\nALLOWED_HOSTS = ['{evil}']\n"
        f"globals()['A{evil}'] = {{'{evil}': 1}}\nSESSION_ENGINE = '{evil}'\nfrom .xxx import *\n"
    )
    root = write({
        f"{folder}/manage.py": MANAGE, f"{folder}/conf/__init__.py": "",
        f"{folder}/conf/settings.py": settings, f"{folder}/.env": f"A{evil}={evil}\nB={evil}\n",
        f"{folder}/docker-compose.yml": f'services:\n  "{evil}":\n    image: x\n',
    })  # fmt: skip
    ran = hardango(*verb.split(), root)
    assert ran.code in (0, 1), ran.err
    assert not [char for char in ran.out + ran.err if char != "\n" and not char.isprintable()]


def test_settings_that_cannot_load_say_how_to_make_them(
    hardango: Run, project: Callable[..., Path]
) -> None:
    root = project()
    said = one_sentence(hardango("audit", root, "--closed-env"))
    assert said.startswith("conf/settings.py:3 raises KeyError")
    assert "--env SECRET_KEY=…" in said
    assert hardango("audit", root, "--closed-env", "--env", f"SECRET_KEY={KEY}").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit", "--control", "alowed-hosts"], "did you mean 'allowed-hosts'?"),
        (["audit", "--control", "xyz"], "hardango explain"),
        (["explain", "hst"], "did you mean 'hsts'?"),
        (["audti"], "did you mean 'audit'?"),
        (["--env", "DEBUG"], "expected NAME=VALUE"),
        (["--env", "=1"], "expected NAME=VALUE"),
        (["--env"], "expected one argument"),
        (["--django", "five"], "expected a version"),
        (["--format", "xml"], "invalid choice"),
        (["--fail-on", "bad"], "invalid choice"),
        (["--nonsense"], "there is no option --nonsense"),
        (["audit", ".", "another"], "another does not exist"),
        (["explain", "hsts", "another"], "too many arguments"),
        (["audit", "--exclude", "alowed-hosts"], "did you mean 'allowed-hosts'?"),
        (["audit", "--control", "hsts", "--exclude", "hsts"], "no control is left"),
        (["audit", "--min-severity", "never"], "invalid choice"),
        (["audit", "--baseline", "missing.json"], "missing.json: No such file"),
        (["audit", "--write-baseline", "missing/known.json"], "missing/known.json: No such file"),
        (["diff", "missing.json", "missing.json"], "missing.json: No such file"),
        (["--env-file", "missing.env"], "missing.env: No such file"),
        (["--env-file", "conf"], "conf: Is a directory"),
        (["--settings", "conf.setings"], "did you mean 'conf.settings'?"),
        (["settings", ".", "DEBUGG"], "'DEBUGG'"),
        (["--output", "missing/report.txt"], "missing/report.txt: No such file"),
        (["completion", "csh"], "invalid choice"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(
    hardango: Run, project: Callable[..., Path], arguments: list[str], says: str
) -> None:
    assert says in one_sentence(hardango(*arguments, cwd=project()))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--env", "hunter2hunter2"],
        ["--evn=SECRET_KEY=hunter2hunter2"],
        ["--evn", "SECRET_KEY=hunter2hunter2"],
        ["--settings", "https://me:hunter2hunter2@example.com/"],
    ],
)
def test_wrong_use_does_not_repeat_a_secret(
    hardango: Run, project: Callable[..., Path], arguments: list[str]
) -> None:
    assert "hunter2" not in one_sentence(hardango("audit", *arguments, cwd=project()))


def test_nothing_tells_the_module(hardango: Run, write: Write) -> None:
    root = write(
        {
            "manage.py": "from django.core.management import execute_from_command_line\n",
            "conf/__init__.py": "",
            "conf/one.py": "INSTALLED_APPS = []\nROOT_URLCONF = 'x'\nDATABASES = {}\n",
            "conf/two.py": "INSTALLED_APPS = []\nROOT_URLCONF = 'x'\nDATABASES = {}\n",
        }
    )
    ran = hardango("audit", root)
    assert ran.code in (1, 2)
    if ran.code == 2:
        assert "--settings" in one_sentence(ran)


def test_a_defect_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def broken(options: object) -> int:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setitem(hardango.cli.VERBS, "audit", broken)
    assert hardango.cli.main(["audit"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ZeroDivisionError in test_cli.py:" in said
    assert "hunter2" not in said
    monkeypatch.setenv("HARDANGO_DEBUG", "1")
    assert hardango.cli.main(["audit"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def interrupted(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(hardango.cli.VERBS, "audit", interrupted)
    assert hardango.cli.main(["audit"]) == 130
    assert capsys.readouterr() == ("", "")


# -- what it is told -------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["."], ["audit"], ["audit", "."], ["--no-color"],
                                       ["manage.py"], ["conf/settings.py"]])  # fmt: skip
def test_an_audit_is_the_default(
    hardango: Run, project: Callable[..., Path], arguments: list[str]
) -> None:
    root = project(WEAK)
    assert hardango(*arguments, cwd=root).out == hardango("audit", cwd=root).out != ""


def debug(ran: Any) -> Any:
    return ran.json["settings"]["DEBUG"]["outcomes"]


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["--closed-env"], "1"),
        (["--env", "DEBUG=no"], "no"),
        (["--env", "DEBUG="], ""),
        (["--env", "DEBUG=a=b"], "a=b"),
        (["--env", "DEBUG=no", "--env", "DEBUG=yes"], "yes"),
        (["--env-file", "my.env"], "from file"),
        (["--env-file", "my.env", "--env", "DEBUG=flag"], "flag"),
        (["--env", "DEBUG=flag", "--env-file", "my.env", "--closed-env"], "flag"),
    ],
)
def test_variables(
    hardango: Run, project: Callable[..., Path], arguments: list[str], value: str
) -> None:
    root = project(
        WEAK.replace('["SECRET_KEY"]', '.get("SECRET_KEY")'), **{"my.env": "DEBUG='from file'\n"}
    )
    ran = hardango("settings", ".", *arguments, "--format", "json", cwd=root)
    assert debug(ran) == [{"value": value, "when": []}], ran.err


def test_a_variable_that_nobody_gives_is_not_known(
    hardango: Run, project: Callable[..., Path]
) -> None:
    outcomes = debug(hardango("settings", project(WEAK), "--format", "json"))
    assert {"value": "1", "when": ["DEBUG is unset"]} in outcomes
    assert [each["when"] for each in outcomes if "unknown" in each] == [["DEBUG is set"]]


def test_another_settings_module(hardango: Run, project: Callable[..., Path]) -> None:
    root = project(**{"conf/local.py": "from conf.settings import *\nDEBUG = 'local'\n"})
    for name in ("conf.local", "conf/local.py"):
        ran = hardango("settings", root, "--settings", name, "--format", "json")
        assert ran.json["module"] == "conf.local"
        assert debug(ran) == [{"value": "local", "when": []}]


def test_assumptions_start_with_the_module(hardango: Run, project: Callable[..., Path]) -> None:
    assumed = hardango(project(), "--format", "json", "--env", "A=1").json["environment"]["assumed"]
    assert next(iter(assumed.items())) == ("DJANGO_SETTINGS_MODULE", "conf.settings")
    assert assumed["A"] == "1"


def test_the_version_of_django_can_be_given(hardango: Run, project: Callable[..., Path]) -> None:
    ran = hardango("settings", project(), "--django", "3.2", "--all", "--format", "json")
    assert ran.json["django"] == "3.2 (--django)"
    assert ran.json["settings"]["USE_L10N"]["outcomes"] == [{"value": False, "when": []}]


def test_settings_by_name(hardango: Run, project: Callable[..., Path]) -> None:
    root = project()
    ran = hardango("settings", root, "DEBUG", "--format", "json", "X_FRAME_OPTIONS")
    assert list(ran.json["settings"]) == ["DEBUG", "X_FRAME_OPTIONS"]
    assert ran.json["settings"]["X_FRAME_OPTIONS"]["at"] == []
    assert "DEBUG" in hardango("settings", root, "DEBUG").out


def test_defaults_only_with_all(hardango: Run, project: Callable[..., Path]) -> None:
    root = project()
    assert "USE_TZ" not in hardango("settings", root, "--format", "json").json["settings"]
    assert "USE_TZ" in hardango("settings", root, "--format", "json", "--all").json["settings"]


def test_several_formats_in_one_run(
    hardango: Run, project: Callable[..., Path], tmp_path: Path
) -> None:
    root = project(WEAK)
    given = [f"--output={name}={tmp_path / name}" for name in FORMATS]
    ran = hardango("audit", root, *given, "--control", "debug")
    assert "conf/settings.py:4" in ran.out and ran.err == ""
    assert all("conf/settings.py" in (tmp_path / name).read_text() for name in FORMATS)
    assert (tmp_path / "text").read_text() == ran.out
    only_files = hardango(
        "audit",
        root,
        "--format=json",
        "--output",
        tmp_path / "a",
        f"--output=html={tmp_path / 'b'}",
    )
    assert (only_files.out, only_files.err, only_files.code) == ("", "", 1)
    assert json.loads((tmp_path / "a").read_text())["grade"]
    assert "<title>" in (tmp_path / "b").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "sarf=x"], "there is no format 'sarf'; there is text, json, sarif"),
        (["--output", "a.txt", "--output", "b.txt"], "--output FILE can be given once"),
        (["--output", "html="], "--output html= names no file"),
        (["--format", "pdf"], "invalid choice: 'pdf'"),
    ],
)
def test_a_wrong_output_is_said_before_the_work(
    hardango: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    ran = hardango("audit", tmp_path / "no project here", *arguments)
    assert said in ran.err and ran.code == 2 and ran.out == ""


@pytest.mark.parametrize(
    ("repository", "project", "file"),
    [
        ("", "", "conf/settings.py"),
        ("", "services/shop", "services/shop/conf/settings.py"),
        ("services", "services/shop", "shop/conf/settings.py"),
        (None, "services/shop", "conf/settings.py"),
    ],
)
def test_code_hosts_get_paths_of_the_repository(
    hardango: Run, write: Write, repository: str | None, project: str, file: str
) -> None:
    prefix = f"{project}/" if project else ""
    root = write({f"{prefix}manage.py": MANAGE, f"{prefix}conf/__init__.py": "",
                  f"{prefix}conf/settings.py": "DEBUG = True\n"})  # fmt: skip
    if repository is not None:
        (root / repository / ".git").mkdir()
    ran = hardango("audit", root / project, "--format", "github", "--control", "debug")
    assert f"::error file={file},line=1," in ran.out
    ran = hardango("audit", root / project, "--format", "json", "--control", "debug")
    assert ran.json["findings"][0]["location"]["file"] == "conf/settings.py"


def test_output_to_a_file(hardango: Run, project: Callable[..., Path], tmp_path: Path) -> None:
    root = project(WEAK)
    target = tmp_path / "report.json"
    ran = hardango("audit", root, "--format", "json", "--output", target)
    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert target.read_text() == hardango("audit", root, "--format", "json").out


def test_the_same_input_gives_the_same_bytes(hardango: Run, project: Callable[..., Path]) -> None:
    root = project(WEAK + "X = {'b', 'a', 'c', 'd'}\n")
    for arguments in (["audit", root], ["audit", root, "--format", "json"], ["settings", root]):
        first, second = (hardango(*arguments, env={"PYTHONHASHSEED": seed}) for seed in "12")
        assert first == second


def test_worst_first(hardango: Run) -> None:
    findings = hardango("audit", ROOT / "examples" / "shop", "--format", "json").json["findings"]
    rank = ["info", "low", "medium", "high", "critical"]
    weak = [each for each in findings if each["verdict"] in ("fail", "conditional")]
    assert findings[: len(weak)] == weak
    severities = [rank.index(each["severity"]) for each in weak]
    assert severities == sorted(severities, reverse=True)


# -- how it is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "arguments", "coloured"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": ""}, [], False),
    ],
)
def test_colour(
    hardango: Run, project: Callable[..., Path], environment: dict[str, str],
    arguments: list[str], coloured: bool,
) -> None:  # fmt: skip
    ran = hardango("audit", project(WEAK), *arguments, env={"NO_COLOR": "", **environment})
    assert ("\x1b[" in ran.out) == coloured


@pytest.mark.parametrize(("term", "coloured"), [("xterm", True), ("dumb", False)])
def test_colour_on_a_terminal(project: Callable[..., Path], term: str, coloured: bool) -> None:
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "TERM": term}
    with subprocess.Popen(
        [sys.executable, "-m", "hardango", str(project(WEAK))],
        stdout=child, stderr=child, stdin=child, env=environment,
    ) as process:  # fmt: skip
        os.close(child)
        shown = b"".join(_read_all(parent))
    assert process.returncode == 1
    assert (b"\x1b[" in shown) == coloured


def _read_all(terminal: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(terminal, 65536):
            yield chunk
    except OSError:
        return  # the other side has closed the terminal


def test_a_terminal_that_knows_only_ascii(hardango: Run, project: Callable[..., Path]) -> None:
    ran = hardango("audit", project(WEAK), env={"PYTHONIOENCODING": "ascii"})
    assert ran.out.isascii()
    assert "+ pass:" in ran.out


@pytest.mark.parametrize(("columns", "widest"), [("60", 60), ("80", 80), ("1000", 100), ("0", 80)])
def test_width(hardango: Run, project: Callable[..., Path], columns: str, widest: int) -> None:
    ran = hardango("audit", project(WEAK), env={"COLUMNS": columns})
    assert max(map(len, ran.out.splitlines())) <= widest


def test_a_broken_pipe_is_quiet(project: Callable[..., Path]) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-m", "hardango", "settings", str(project()), "--all"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_quiet_and_verbose(hardango: Run, project: Callable[..., Path]) -> None:
    root = project(WEAK)
    quiet, normal, verbose = (hardango(root, *flag).out for flag in (["-q"], [], ["-v"]))
    assert len(quiet) < len(normal) < len(verbose)
    assert "debug: " in quiet
    assert "\n  attack" not in quiet


def test_quiet_when_all_is_well(hardango: Run, project: Callable[..., Path]) -> None:
    ran = hardango(project())
    assert ran.code == 0
    assert len(ran.out.splitlines()) <= 16, ran.out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
@pytest.mark.parametrize(
    ("seconds", "stream", "shown"),
    [(0.0, Terminal, False), (0.7, Terminal, True), (0.7, io.StringIO, False)],
)
def test_progress_on_long_work_only_and_only_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, seconds: float, stream: type[io.StringIO], shown: bool
) -> None:
    monkeypatch.setattr(sys, "stderr", said := stream())
    monkeypatch.setenv("TERM", "xterm")
    with hardango.cli._Progress():
        time.sleep(seconds)
    assert bool(said.getvalue()) == shown
    if shown:
        assert said.getvalue().endswith("\r\x1b[K")  # and nothing of it stays
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


# -- help, version, explain, completion ------------------------------------------------------------


def test_version(hardango: Run) -> None:
    ran = hardango("--version")
    assert (ran.code, ran.out) == (0, f"hardango {__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["audit", "--help"], ["settings", "-h"]])
def test_help_shows_examples_and_exit_codes(hardango: Run, arguments: list[str]) -> None:
    ran = hardango(*arguments)
    assert ran.code == 0
    assert "hardango audit --env DJANGO_DEBUG=0" in ran.out
    assert "exit codes:" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_help_names_every_command(hardango: Run) -> None:
    shown = hardango("--help").out
    assert all(f"\n  {verb} " in shown for verb in VERBS)


def test_explain_tells_each_control(hardango: Run) -> None:
    listed = hardango("explain").out
    for control in catalogue():
        assert control.name in listed
        assert control.story or control.examine is None
    assert hardango("explain", "debug").out.startswith("debug: ")
    assert hardango("explain", "debug", "--format", "markdown").out.startswith("# debug\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_accepted_by_their_shell(hardango: Run, shell: str) -> None:
    ran = hardango("completion", shell)
    assert ran.code == 0
    assert "--closed-env" in ran.out or "closed-env" in ran.out
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([program, "-n"], input=ran.out, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("hardango exp", {"explain"}),
        ("hardango explain hst", {"hsts"}),
        ("hardango audit --fail-on cr", {"critical"}),
        ("hardango audit --format j", {"json", "junit"}),
        ("hardango settings --format ", {"text", "json"}),
        ("hardango audit --clo", {"--closed-env"}),
        ("hardango audit --exclude allowed", {"allowed-hosts"}),
        ("hardango audit --min-severity cr", {"critical"}),
        ("hardango settings --al", {"--all"}),
        ("hardango --vers", {"--version"}),
        ("hardango . --no-co", {"--no-color", "--no-config"}),
        ("hardango audit --control allowed", {"allowed-hosts"}),
        ("hardango completion z", {"zsh"}),
    ],
)
def test_completion_in_bash(hardango: Run, typed: str, offered: set[str]) -> None:
    words = typed.split(" ")
    script = hardango("completion", "bash").out + (
        f"\nCOMP_WORDS=({' '.join(repr(word) for word in words)})\n"
        f"COMP_CWORD={len(words) - 1}\n_hardango\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    )
    done = subprocess.run(["bash", "--norc"], input=script, capture_output=True, text=True)
    assert done.stderr == ""
    assert set(done.stdout.split()) == offered


def test_json_is_json_even_if_something_was_noted(hardango: Run, write: Write) -> None:
    root = write({"manage.py": MANAGE, "conf/settings.py": "from .missing import *\nDEBUG = True\n",
                  "broken.py": "\0"})  # fmt: skip
    ran = hardango(root, "--format", "json")
    if ran.code != 2:
        assert json.loads(ran.out)["schema"] == 1
