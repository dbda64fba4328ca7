"""Which settings module production loads, why, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hardango.project import Project

Find = Callable[[Mapping[str, str]], Project]

IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n"
WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
    "application = get_wsgi_application()\n"
)
SETTINGS = 'INSTALLED_APPS = []\nROOT_URLCONF = "urls"\n'
LOCAL, PRODUCTION = "shop.settings.local", "shop.settings.production"


@pytest.mark.parametrize(
    "files, module, reason",
    [
        ({}, PRODUCTION, "shop/wsgi.py:5 defaults to shop.settings.production"),
        (
            {"Procfile": "web: gunicorn shop.wsgi\n"},
            PRODUCTION,
            "Procfile:1 starts gunicorn, and shop/wsgi.py:5 defaults to shop.settings.production",
        ),
        (
            {
                "Dockerfile": IMAGE
                + f"ENV DJANGO_SETTINGS_MODULE={PRODUCTION}\nCMD gunicorn shop.wsgi"
            },
            PRODUCTION,
            f"Dockerfile:4 sets DJANGO_SETTINGS_MODULE={PRODUCTION}",
        ),
        # What is deployed decides, whatever it is called.
        (
            {"Dockerfile": IMAGE + f"ENV DJANGO_SETTINGS_MODULE={LOCAL}\nCMD gunicorn shop.wsgi"},
            LOCAL,
            f"Dockerfile:4 sets DJANGO_SETTINGS_MODULE={LOCAL}",
        ),
        # A default named for development loses against a module named for production.
        (
            {"shop/wsgi.py": WSGI.format(LOCAL)},
            PRODUCTION,
            f"{PRODUCTION} is the module that is named for production",
        ),
        # One that is named for a platform is production's only where that platform is.
        (
            {
                "shop/wsgi.py": WSGI.format(LOCAL),
                "shop/settings/heroku.py": "from .production import *\n",
            },
            PRODUCTION,
            f"{PRODUCTION} is the module that is named for production",
        ),
        (
            {
                "shop/wsgi.py": WSGI.format(LOCAL),
                "shop/settings/heroku.py": "from .production import *\n",
                "Procfile": "web: gunicorn shop.wsgi\n",
            },
            "shop.settings.heroku",
            "shop.settings.heroku is the module that is named for production",
        ),
        # Or against one that says so itself.
        (
            {
                "shop/wsgi.py": WSGI.format(LOCAL),
                "shop/settings/production.py": "",
                "shop/settings/cloud.py": '"""Settings of the production site."""\n'
                "from .base import *\nDEBUG = False\n",
            },
            "shop.settings.cloud",
            "shop/settings/cloud.py says in its first line that it is for production",
        ),
        # The package of the settings modules sets nothing.
        (
            {"shop/wsgi.py": WSGI.format("shop.settings")},
            PRODUCTION,
            f"{PRODUCTION} is the module that is named for production",
        ),
        # It does, if it includes them.
        (
            {
                "shop/wsgi.py": WSGI.format("shop.settings"),
                "shop/settings/__init__.py": "from split_settings.tools import include\n"
                "include('base.py')\n",
            },
            "shop.settings",
            "shop/wsgi.py:3 defaults to shop.settings",
        ),
        # CI and developers' files say nothing of production.
        (
            {
                ".github/workflows/ci.yml": "jobs:\n  test:\n    env:\n"
                f"      DJANGO_SETTINGS_MODULE: {LOCAL}\n",
                "docker-compose.yml": "services:\n  web:\n    build: .\n    environment:\n"
                f"      DJANGO_SETTINGS_MODULE: {LOCAL}\n    command: manage.py runserver\n",
                "pytest.ini": f"[pytest]\nDJANGO_SETTINGS_MODULE = {LOCAL}\n",
            },
            PRODUCTION,
            "shop/wsgi.py:5 defaults to shop.settings.production",
        ),
    ],
)
def test_the_module(split: Find, files: dict[str, str], module: str, reason: str) -> None:
    deployment = split(files).deployment
    assert deployment.module == module
    assert deployment.reasons[0] == reason


def test_usual_practice_is_no_disagreement(split: Find) -> None:
    """manage.py for developers, wsgi.py for production, another module in CI."""
    files = {
        "Procfile": "web: gunicorn shop.wsgi\n",
        "Procfile.windows": "web: python manage.py runserver\n",
    }
    assert split(files).deployment.disagreements == ()


@pytest.mark.parametrize(
    "files, said, place",
    [
        (
            {"Dockerfile": IMAGE + "CMD python manage.py runserver"},
            (
                "Dockerfile:4 starts runserver, and manage.py:4 defaults to shop.settings.local, "
                "unless DJANGO_SETTINGS_MODULE is set, "
                "but shop/wsgi.py:5 defaults to shop.settings.production"
            ),
            "manage.py:4",
        ),
        (
            {"Dockerfile": IMAGE + f"ENV DJANGO_SETTINGS_MODULE={LOCAL}\nCMD gunicorn shop.wsgi"},
            (
                f"Dockerfile:4 sets DJANGO_SETTINGS_MODULE={LOCAL}, "
                "a module that is named for development"
            ),
            "Dockerfile:4",
        ),
        (
            {"shop/wsgi.py": WSGI.format(LOCAL)},
            (
                "shop/wsgi.py:3 defaults to shop.settings.local if DJANGO_SETTINGS_MODULE is not set, "
                "but production's module is shop.settings.production: where the variable is missing, "
                "shop.settings.local is loaded"
            ),
            "shop/wsgi.py:3",
        ),
        (
            {"Procfile": "release: python manage.py migrate\nweb: python manage.py runserver\n"},
            (
                "Procfile:2 starts runserver, and manage.py:4 defaults to shop.settings.local, "
                "unless DJANGO_SETTINGS_MODULE is set, "
                "but shop/wsgi.py:5 defaults to shop.settings.production"
            ),
            "manage.py:4",
        ),
        (
            {"shop/wsgi.py": WSGI.format("shop.settings")},
            (
                "shop/wsgi.py:3 defaults to shop.settings, which sets nothing itself: where "
                "DJANGO_SETTINGS_MODULE is not set, Django does not start"
            ),
            "shop/wsgi.py:3",
        ),
        (
            {"Procfile": "web: DJANGO_SETTINGS_MODULE=elsewhere.settings gunicorn shop.wsgi\n"},
            (
                "Procfile:1 sets DJANGO_SETTINGS_MODULE=elsewhere.settings, "
                "which is not in the repository"
            ),
            "Procfile:1",
        ),
    ],
)
def test_disagreements(split: Find, files: dict[str, str], said: str, place: str) -> None:
    notes = {note.message: str(note.place) for note in split(files).deployment.disagreements}
    assert notes[said] == place


def test_a_variable_that_chooses_the_module(find: Find) -> None:
    files = {
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', "
        "'a.settings.' + os.environ.get('ENV', 'dev'))\n",
        "a/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', "
        "'a.settings.' + os.environ.get('ENV', 'dev'))\napplication = get_wsgi_application()\n",
        "a/settings/dev.py": "INSTALLED_APPS = []\nDEBUG = 1\n",
        "a/settings/live.py": "INSTALLED_APPS = []\nDEBUG = 0\n",
        "Dockerfile": IMAGE + "ENV ENV=live\nCMD gunicorn a.wsgi\n",
    }
    assert find(files).deployment.module == "a.settings.live"


def test_what_contradicts_itself_is_not_claimed(split: Find) -> None:
    project = split(
        {
            "Dockerfile": IMAGE + "ENV A=1\nCMD gunicorn shop.wsgi\n",
            "fly.toml": "[env]\nA = '2'\n[processes]\napp = 'gunicorn shop.wsgi'\n",
        }
    )
    assert "A" not in project.deployment.variables
    assert any("A is set differently" in note.message for note in project.notes)


def test_the_class_of_django_configurations(split: Find) -> None:
    text = "FROM python:3.12\nCOPY . /app\nENV DJANGO_CONFIGURATION=Prod\nCMD gunicorn shop.wsgi\n"
    assert split({"Dockerfile": text}).deployment.configuration == "Prod"


CLASSES = "class Base(Configuration):\n    pass\nclass Development(Base):\n    pass\n"


@pytest.mark.parametrize(
    "classes, default, env, expected",
    [
        ("Production PreProduction", "Development", "", "Production"),
        ("Prod", "Local", "", "Prod"),
        # A variable decides, whatever it is called, and so does a default for anything else.
        ("Production", "Development", "Development", "Development"),
        ("Production", "Base", "", "Base"),
        # Which of two is meant is not known, nor whether there is one at all.
        ("Production Live", "Development", "", "Development"),
        ("PreProduction", "Development", "", "Development"),
    ],
)
def test_a_default_class_for_developers(
    split: Find, classes: str, default: str, env: str, expected: str
) -> None:
    settings = CLASSES + "".join(f"class {each}(Base):\n    pass\n" for each in classes.split())
    files = {
        "shop/wsgi.py": WSGI.format(PRODUCTION).replace(
            "import os\n",
            f"import os\nos.environ.setdefault('DJANGO_CONFIGURATION', '{default}')\n",
        ),
        "shop/settings/production.py": SETTINGS + settings,
        "Dockerfile": IMAGE + (f"ENV DJANGO_CONFIGURATION={env}\n" if env else "ENV A=1\n"),
    }
    deployment = split(files).deployment
    assert deployment.configuration == expected
    assert expected in deployment.reasons[0]
    told = any("where the variable is missing" in note.message for note in deployment.disagreements)
    assert told is (not env and expected != default)


def test_a_dotenv_file_that_wsgi_py_loads(split: Find) -> None:
    wsgi = WSGI.format(PRODUCTION).replace(
        "import os\n", "import os\nfrom dotenv import load_dotenv\nload_dotenv()\n"
    )
    variables = split({"shop/wsgi.py": wsgi, ".env": "A=1\n"}).deployment.variables
    assert (variables["A"].value, str(variables["A"].place)) == ("1", ".env:1")
    assert variables["A"].default


RENDER = "services:\n- type: web\n  runtime: python\n  startCommand: gunicorn shop.wsgi\n"


@pytest.mark.parametrize(
    "files, expected",
    [
        ({"render.yaml": RENDER}, {"RENDER": "true", "RENDER_EXTERNAL_HOSTNAME": None}),
        # Two ways to deploy: which one is used is not known.
        ({"render.yaml": RENDER, "Dockerfile": IMAGE + "CMD gunicorn shop.wsgi"}, {}),
        (
            {"Procfile": "web: gunicorn shop.wsgi\n", "app.json": '{"env": {"A": "1"}}'},
            {"A": "1", "DYNO": None, "PORT": None},
        ),
        # A Procfile alone is used elsewhere, too.
        ({"Procfile": "web: gunicorn shop.wsgi\n"}, {}),
    ],
)
def test_what_the_platform_sets(
    split: Find, files: dict[str, str], expected: dict[str, str | None]
) -> None:
    variables = split(files).deployment.variables
    assert {name: variables[name].value for name in expected} == expected
    assert bool(expected) is bool({"RENDER", "DYNO"} & set(variables))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"""Settings for development with Docker."""', True),
        ('class A:\n    """Settings for local development"""', True),
        ('class A:\n    """Development"""\nclass B:\n    """Production"""', False),
        ('class A:\n    """Development"""\nclass Production(A):\n    x = 1', False),
        ('"""Settings for development and production."""', False),
        ('"""Settings; see the docs."""', False),
        ('"""The local settings are in local.py."""', False),
        ("# Settings for development", False),
    ],
)
def test_a_default_that_says_it_is_for_development(find: Find, text: str, said: bool) -> None:
    module = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.compose')\n"
    project = find(
        {
            "manage.py": f"import os\n{module}",
            "shop/wsgi.py": f"import os, django\n{module}",
            "shop/compose.py": f"{text}\nINSTALLED_APPS = []\nROOT_URLCONF = 'a'\n",
        }
    )
    notes = [note.message for note in project.deployment.disagreements]
    assert any("says of itself that it is for development" in each for each in notes) == said


DISPATCH = (
    '#!/bin/sh\ncase "$1" in\ndev) exec ./manage.py runserver ;;\n'
    "prod) exec gunicorn shop.wsgi ;;\nesac\n"
)


@pytest.mark.parametrize(
    ("script", "roles"),
    [
        (DISPATCH, {"runserver": "development", "gunicorn": "production"}),
        ("#!/bin/sh\n./manage.py runserver\n", {"runserver": "production"}),
        (
            '#!/bin/sh\nif [ "$X" ]; then ./manage.py runserver; else echo; fi\n',
            {"runserver": "production"},
        ),
    ],
)
def test_a_script_that_starts_one_server_or_another(
    split: Find, script: str, roles: dict[str, str]
) -> None:
    image = 'FROM python:3.12\nCOPY . /app\nWORKDIR /app\nENTRYPOINT ["/app/start.sh"]\n'
    project = split({"Dockerfile": image, "start.sh": script})
    points = project.deployment.entry_points
    assert {each.server: each.role for each in points if each.server} == roles


def test_what_supervisor_starts_has_the_variables_of_its_container(split: Find) -> None:
    image = "FROM python:3.12\nCOPY . /app\nWORKDIR /app\nENV A=1\nCMD supervisord -c s.conf\n"
    conf = "[program:web]\ncommand = gunicorn shop.wsgi\nenvironment = B=2\n"
    variables = split({"Dockerfile": image, "supervisord.conf": conf}).deployment.variables
    assert {name: each.value for name, each in variables.items()} == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("wsgi", "module"),
    [
        # What production adds to the base, in a file that is made for it, is not known.
        ("os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings.production'\n", None),
        ("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.production')\n", None),
        ("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.local')\n",
         "shop.settings.base"),
        ("", "shop.settings.base"),
    ],
)  # fmt: skip
def test_no_other_module_stands_for_one_that_is_not_here(
    find: Find, wsgi: str, module: str | None
) -> None:
    project = find(
        {
            "manage.py": "import os, django\n",
            "shop/wsgi.py": f"import os, django\n{wsgi}",
            "shop/__init__.py": "",
            "shop/settings/__init__.py": "",
            "shop/settings/base.py": SETTINGS,
            "shop/settings/development.py": f"from .base import *\n{SETTINGS}",
        }
    )
    assert project.deployment.module == module
