"""Nothing of an audited project runs, and nothing outside it is read: seen by Python itself.

The audit runs in a process with an audit hook (PEP 578), which sees every import, execution,
opened file, new process and connection, whatever code causes it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

WATCHED = """
import json, os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import hardango.cli
seen = []
def hook(event, args):
    if event == "exec":
        code = args[0]
        if any(getattr(each, "co_varnames", ())[:1] == ("_cls",) for each in code.co_consts):
            return  # what a named tuple generates for itself
        seen.append((event, code.co_filename))
    elif event == "import":
        seen.append((event, str(args[1])))
    elif event == "open" and isinstance(args[0], (str, bytes)):
        seen.append((event, os.path.realpath(os.fsdecode(args[0]))))
    elif event.split(".")[0] in ("subprocess", "socket", "shutil", "ctypes", "pty", "urllib"):
        seen.append((event, ""))
    elif event in ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename",
                   "os.mkdir", "os.chmod", "os.putenv", "os.symlink"):
        seen.append((event, ""))
sys.addaudithook(hook)
try:
    code = hardango.cli.main(sys.argv[2:])
except SystemExit as stop:
    code = stop.code
print(json.dumps({"code": code, "seen": seen}), file=sys.stderr)
"""

HOSTILE = """
import os
import subprocess
import sys
from .helper import *

try:
    LEAKED = open("/etc/passwd").read()
    LEAKED = open(os.path.join(os.path.dirname(__file__), "link.txt")).read()
except OSError:
    pass
os.system("touch ran")
os.mkdir("made")
subprocess.run(["touch", "ran"])
exec("open('ran', 'w')")
eval("__import__('os').system('touch ran')")
__import__("conf.other")
os.environ["RAN"] = "1"
open("ran", "w").write("1")
SECRET_KEY = "x" * 60
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
"""


@pytest.fixture
def hostile(write: Callable[[Mapping[str, str]], Path], tmp_path: Path) -> Path:
    root = write(
        {
            "outside.txt": "not to be read",
            "project/manage.py": (
                'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n'
            ),
            "project/conf/__init__.py": "open('ran', 'w')\n",
            "project/conf/settings.py": HOSTILE,
            "project/conf/helper.py": "import conf.other\nopen('ran', 'w')\n",
            "project/conf/other.py": "open('ran', 'w')\n",
            "project/sitecustomize.py": "open('ran', 'w')\n",
            "project/yaml.py": "open('ran', 'w')\n",
            "project/json.py": "open('ran', 'w')\n",
            "project/docker-compose.yml": (
                "services:\n  web:\n    build: .\n"
                "    environment: !!python/object/apply:os.system ['touch ran']\n"
            ),
        }
    )
    (root / "project" / "conf" / "link.txt").symlink_to(tmp_path / "outside.txt")
    (root / "project" / "loop").symlink_to(root / "project")
    (root / "project" / "Dockerfile").symlink_to("/etc/hostname")
    return root / "project"


@pytest.mark.parametrize(
    "arguments",
    [["audit"], ["audit", "--format", "json"], ["settings"], ["settings", "--closed-env"]],
    ids=" ".join,
)
def test_nothing_runs_and_nothing_outside_is_read(hostile: Path, arguments: list[str]) -> None:
    before = sorted(hostile.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-I", "-c", WATCHED, str(ROOT / "src"), *arguments, str(hostile)],
        cwd=hostile,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said, _, last = done.stderr.rstrip("\n").rpartition("\n")
    watched = json.loads(last)
    assert (watched["code"], said) in [(0, ""), (1, "")]
    assert "not to be read" not in done.stdout

    inside = str(hostile.resolve())
    python = tuple(str(Path(path).resolve()) for path in (sys.prefix, sys.base_prefix, ROOT))
    wrong = []
    for event, path in watched["seen"]:
        if event in ("exec", "import"):
            allowed = path in ("", "None") or path.startswith((*python, "<frozen "))
        else:
            allowed = event == "open" and path.startswith((inside, *python))
        if not allowed:
            wrong.append((event, path))
    assert not wrong
    assert sorted(hostile.rglob("*")) == before


@pytest.mark.parametrize("module", ["yaml", "json", "argparse", "tomllib", "difflib", "hashlib"])
def test_no_module_of_the_current_directory_stands_in_for_a_real_one(
    hostile: Path, module: str
) -> None:
    """`python -m` would look there first; the command `hardango` never does."""
    for each in ("yaml", "json"):
        (hostile / f"{each}.py").unlink()
    (hostile / f"{module}.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    (hostile / "hardango.toml").write_text("fail-on = 'never'\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hardango", "audit", "--format", "sarif"],
        cwd=hostile, env={"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert not (hostile / "ran").exists()
