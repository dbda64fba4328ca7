"""Which project is found, where its imports start, and what is said when there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardango.project import Project, ProjectError, find_project
from hardango.project.find import find_bases
from hardango.project.python_entry import Sources
from hardango.project.tree import Tree

Find = Callable[[Mapping[str, str]], Project]
Write = Callable[[Mapping[str, str]], Path]

SETTINGS = 'INSTALLED_APPS = []\nROOT_URLCONF = "urls"\n'
MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
WSGI = (
    "from django.core.wsgi import get_wsgi_application\nimport os\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
    "application = get_wsgi_application()\n"
)


def roots(project: Project) -> list[str]:
    return [os.path.relpath(each, project.root) for each in project.import_roots]


@pytest.mark.parametrize(
    "files, base, module",
    [
        ({"manage.py": MANAGE.format("a.settings"), "a/settings.py": SETTINGS}, ".", "a.settings"),
        (
            {"backend/manage.py": MANAGE.format("a.settings"), "backend/a/settings.py": SETTINGS},
            "backend",
            "a.settings",
        ),
        # Without manage.py, the import root is where the module that wsgi.py names is found.
        (
            {"code/a/wsgi.py": WSGI.format("a.settings"), "code/a/settings.py": SETTINGS},
            "code",
            "a.settings",
        ),
        # Only settings: the directory above the outermost package.
        (
            {"a/__init__.py": "", "a/conf/__init__.py": "", "a/conf/settings.py": SETTINGS},
            ".",
            "a.conf.settings",
        ),
        # manage.py above a src/ layout.
        (
            {"manage.py": MANAGE.format("a.settings"), "src/a/settings.py": SETTINGS},
            ".",
            "a.settings",
        ),
        # A manage.py that hands over to a module of the project.
        (
            {
                "manage.py": "from a.cli import main\nmain()\n",
                "a/__init__.py": "",
                "a/cli.py": "import os\ndef main():\n    "
                'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.settings")\n',
                "a/settings.py": SETTINGS,
            },
            ".",
            "a.settings",
        ),
    ],
)
def test_layouts(find: Find, files: dict[str, str], base: str, module: str) -> None:
    project = find(files)
    assert os.path.relpath(project.base, project.root) == base
    assert project.deployment.module == module
    assert [each.name for each in project.settings_modules] == [module]


def test_settings_are_named_as_those_beside_them_are(find: Find) -> None:
    manage = 'import sys\nsys.path.append("src")\n' + MANAGE.format("settings.develop")
    settings = {f"src/settings/{each}.py": SETTINGS for each in ("develop", "production")}
    project = find({"manage.py": manage, "src/settings/__init__.py": "", **settings})
    assert [each.name for each in project.settings_modules] == [
        "settings.develop", "settings.production",
    ]  # fmt: skip


def test_settings_below_src_are_found_there(find: Find) -> None:
    project = find({"manage.py": MANAGE.format("a.settings"), "src/a/settings.py": SETTINGS})
    assert roots(project) == [".", "src"]
    assert project.settings_modules[0].file == "src/a/settings.py"


def test_sys_path_edits_are_import_roots(find: Find) -> None:
    manage = (
        "import os, sys\nfrom pathlib import Path\n"
        "HERE = os.path.dirname(os.path.abspath(__file__))\n"
        'sys.path.insert(0, os.path.join(HERE, "apps"))\n'
        'sys.path.append(str(Path(__file__).resolve().parent / "lib"))\n'
        'sys.path.append("/usr/lib/elsewhere")\n'
    )
    project = find(
        {
            "manage.py": manage + MANAGE.format("a.settings"),
            "a/settings.py": SETTINGS,
            "apps/shop/models.py": "",
            "lib/x.py": "",
        }
    )
    assert roots(project) == [".", "apps", "lib"]


def test_the_product_is_chosen_and_the_others_are_listed(find: Find) -> None:
    project = find(
        {
            "server/manage.py": MANAGE.format("a.settings"),
            "server/a/settings.py": SETTINGS,
            "example/manage.py": MANAGE.format("b.settings"),
            "example/b/settings.py": SETTINGS,
            "tests/manage.py": MANAGE.format("c.settings"),
            "tests/c/settings.py": SETTINGS,
        }
    )
    assert os.path.relpath(project.base, project.root) == "server"
    assert project.others == ("example", "tests")
    assert project.notes[0].message.startswith("of several Django projects, server was judged")


def test_a_project_that_is_only_an_example_is_read_with_its_deployment_files(find: Find) -> None:
    project = find(
        {
            "examples/shop/manage.py": MANAGE.format("a.settings"),
            "examples/shop/a/settings.py": SETTINGS,
            "examples/shop/a/wsgi.py": WSGI.format("a.settings"),
            "examples/shop/Dockerfile": "FROM python:3.12\nCOPY . /app\nENV DEBUG=1\n"
            "CMD gunicorn a.wsgi\n",
        }
    )
    assert project.deployment.variables["DEBUG"].value == "1"
    assert project.python == (3, 12)


def test_a_second_manage_py_for_the_same_settings_is_no_other_project(find: Find) -> None:
    project = find(
        {
            "manage.py": MANAGE.format("a.settings"),
            "a/__init__.py": "",
            "a/manage.py": MANAGE.format("a.settings"),
            "a/settings.py": SETTINGS,
        }
    )
    assert project.others == ()


def test_a_file_leads_to_its_project(write: Write) -> None:
    root = write({"web/manage.py": MANAGE.format("a.settings"), "web/a/settings.py": SETTINGS})
    project = find_project(str(root / "web" / "a" / "settings.py"))
    assert project.root == str(root / "web")


def test_a_directory_inside_a_project_leads_to_it(write: Write) -> None:
    root = write(
        {
            "manage.py": MANAGE.format("a.settings"),
            "a/settings.py": SETTINGS,
            "a/templates/x.html": "",
        }
    )
    assert find_project(str(root / "a" / "templates")).root == str(root)


@pytest.mark.parametrize("skipped", ["node_modules", ".venv", "venv", "lib/site-packages", ".git"])
def test_other_peoples_code_is_not_looked_at(write: Write, skipped: str) -> None:
    root = write({f"{skipped}/x/manage.py": MANAGE.format("a.settings"), "readme": ""})
    with pytest.raises(ProjectError):
        find_project(str(root))


def test_a_flask_script_is_no_django_project(write: Write) -> None:
    root = write({"manage.py": "from flask_script import Manager\nManager(app).run()\n"})
    with pytest.raises(ProjectError, match="no Django project"):
        find_project(str(root))


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "readme").write_text("")
    os.mkfifo(tmp_path / "pipe")
    said = {}
    for name in ("missing", "empty", "loop", "other", "pipe", "nul\0"):
        with pytest.raises(ProjectError) as caught:
            find_project(str(tmp_path / name))
        said[name] = str(caught.value).replace(str(tmp_path) + "/", "")
    assert said["missing"] == "missing does not exist"
    assert said["empty"] == "empty is an empty directory"
    assert said["loop"] == "loop cannot be read: it is a link that leads back to itself"
    assert said["other"] == "other has no Django project in it or around it"
    assert said["pipe"] == "pipe is neither a file nor a directory"
    assert said["nul\0"].endswith("is not a path")


def test_links_out_of_the_root_are_not_followed(write: Write, tmp_path_factory: object) -> None:
    root = write({"project/manage.py": MANAGE.format("a.settings"), "secret/settings.py": SETTINGS})
    inside = root / "project"
    (inside / "a").symlink_to(root / "secret")
    (inside / "around").symlink_to(inside)
    (inside / ".env.production").symlink_to(root / "secret" / "settings.py")
    project = find_project(str(inside))
    assert project.settings_modules == ()
    assert project.deployment.module is None
    assert project.deployment.variables == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_a_note(write: Write) -> None:
    root = write(
        {"manage.py": MANAGE.format("a.settings"), "a/settings.py": SETTINGS, "Procfile": ""}
    )
    (root / "Procfile").chmod(0)
    notes = find_project(str(root)).notes
    assert [str(note.place) for note in notes] == ["Procfile:1"]


def test_a_settings_module_that_does_not_parse_is_a_note(find: Find) -> None:
    project = find(
        {
            "manage.py": MANAGE.format("a.settings"),
            "a/settings.py": SETTINGS + 'print "Python 2"\n',
        }
    )
    assert [(note.message, str(note.place)) for note in project.notes] == [
        ("the file could not be read: it is Python 2", "a/settings.py:3")
    ]


PLACING = {
    "manage.py": MANAGE.format("shop.settings"),
    "shop/__init__.py": "",
    "shop/base.py": SETTINGS,
    "shop/wsgi.py": "",
    "deploy/live.py": "from .base import *\nDEBUG = False\n",
    "deploy/other.py": "from .base import *\nDEBUG = True\n",
}
IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n{}CMD gunicorn shop.wsgi\n"


@pytest.mark.parametrize(
    ("files", "module"),
    [
        ({"Dockerfile": IMAGE.format("COPY deploy/live.py shop/settings.py\n")}, "shop.settings"),
        (
            {
                "Dockerfile": IMAGE.format(""),
                "compose.yml": "services:\n  web:\n    build: .\n    restart: always\n"
                "    volumes:\n      - ./deploy/live.py:/app/shop/settings.py:ro\n",
            },
            "shop.settings",
        ),
        ({"Dockerfile.dev": IMAGE.format("COPY deploy/live.py shop/settings.py\n")}, None),
        (
            {
                "a/Dockerfile": IMAGE.format("COPY deploy/live.py shop/settings.py\n"),
                "b/Dockerfile": IMAGE.format("COPY deploy/other.py shop/settings.py\n"),
            },
            None,
        ),
        ({"Dockerfile": IMAGE.format("")}, None),
    ],
)
def test_a_settings_module_that_the_deployment_puts_in_place(
    find: Find, files: dict[str, str], module: str | None
) -> None:
    project = find({**PLACING, **files})
    placed = {file: source for file, (source, _) in project.placed.items()}
    assert placed == ({"shop/settings.py": "deploy/live.py"} if module else {})
    assert (project.deployment.module == "shop.settings") == bool(module)


@pytest.mark.parametrize(
    ("named", "own", "bases"),
    [
        ("settings", "settings", [""]),
        # It has the module itself, or names another one: a project of its own.
        ("settings", "conf.settings", ["", "shop"]),
        ("settings", "others", ["", "shop"]),
    ],
)
def test_a_wsgi_py_that_names_what_manage_py_names(
    write: Write, named: str, own: str, bases: list[str]
) -> None:
    files = {
        "manage.py": MANAGE.format(named),
        "shop/app/__init__.py": "",
        "shop/app/wsgi.py": WSGI.format(own),
        "shop/conf/__init__.py": "",
        "shop/conf/settings.py": SETTINGS,
    }
    found = find_bases(Sources(Tree(str(write(files)))))
    assert sorted(each.directory for each in found) == bases


INNER = {"api/" + name: text for name, text in PLACING.items() if "deploy" not in name}
INNER["api/shop/settings.py"] = SETTINGS
SERVES = "services:\n  web:\n    build: {}\n    command: gunicorn shop.wsgi\n    environment:\n      A: b\n"


@pytest.mark.parametrize(
    ("files", "top", "entry"),
    [
        ({"compose.yml": SERVES.format("api"), "api/Dockerfile": IMAGE.format("")}, ".", "compose.yml"),
        ({"Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY api .\nCMD gunicorn shop.wsgi\n"}, ".", "Dockerfile"),
        # What starts another application, and what lies inside, says nothing of what is around.
        ({"compose.yml": "services:\n  web:\n    build: web\n    command: node x\n", "web/Dockerfile": "FROM node\nCOPY . .\n"}, "api", None),
        ({"api/Dockerfile": IMAGE.format("")}, "api", "Dockerfile"),
        ({"compose.dev.yml": SERVES.format("api"), "api/Dockerfile": IMAGE.format("")}, "api", "Dockerfile"),
        ({}, "api", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("named", ["api", "api/shop/settings.py"])
def test_the_repository_around_what_is_named(
    write: Write, files: dict[str, str], top: str, entry: str | None, named: str
) -> None:
    root = write({".git/HEAD": "", **INNER, **files})
    project = find_project(str(root / named))
    assert os.path.relpath(project.root, root) == top
    starts = [each.place.file for each in project.deployment.entry_points if each.server]
    assert starts[:1] == ([entry] if entry else []) or entry in starts
    assert project.within == (str(root / "api") if top == "." else "")
    outside = f"{entry} outside api/ starts it"
    assert any(note.message.startswith(outside) for note in project.notes) == (top == ".")


def test_without_a_repository_nothing_around_is_read(write: Write) -> None:
    root = write({"compose.yml": SERVES.format("api"), "api/Dockerfile": IMAGE.format(""), **INNER})
    assert find_project(str(root / "api")).root == str(root / "api")


def test_what_is_named_reads_nothing_around_it(write: Write) -> None:
    read = "from dotenv import load_dotenv\nload_dotenv('{}')\n"
    for path, known in (("../../.env", False), ("../.env", True)):
        files = {
            **INNER,
            "compose.yml": SERVES.format("api"),
            "api/Dockerfile": IMAGE.format(""),
            "api/shop/wsgi.py": WSGI.format("shop.settings") + read.format(path),
            ".env": "OUTER=1\n",
            "api/.env": "OUTER=1\n",
        }
        project = find_project(str(write({".git/HEAD": "", **files}) / "api"))
        assert project.within and ("OUTER" in project.deployment.variables) == known


def test_a_wsgi_py_that_names_nothing_has_several_projects_around_it(find: Find) -> None:
    bare = (
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
    )
    files = {
        "manage.py": MANAGE.format("web.settings"),
        "web/__init__.py": "",
        "web/manage.py": MANAGE.format("settings"),
        "web/settings.py": SETTINGS,
        "web/deep/wsgi.py": bare,
    }
    assert find(files).base
