"""A new line looks as if it had always been there: its place, its quotes, its imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import SOUND, fixed, lay, read

from hardango.fix.lines import add_import
from hardango.fix.source import Source

HEAD = 'SECRET_KEY = "x"\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n'
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
MAIL = "django.core.mail.backends."
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"


# A control, a file, and what stands there instead of which part of it ("" in front of everything).
PLACES = [
    # what belongs together stands together
    ("session-cookie-secure", f"{HEAD}CSRF_COOKIE_SECURE = True\nTIME_ZONE = 'UTC'\n{SOUND}",
     {"CSRF_COOKIE_SECURE = True\n": "CSRF_COOKIE_SECURE = True\nSESSION_COOKIE_SECURE = True\n"}),
    ("allowed-hosts", f'import os\n\nDEBUG = False\nALLOWED_POPUPS = []\n{SOUND}SECRET_KEY = "x"\nA = 1\n',
     {'KEY = "x"\n': 'KEY = "x"\nALLOWED_HOSTS = os.environ["DJANGO_ALLOWED_HOSTS"].split(",")\n'}),
    # a comment of its own makes a paragraph
    ("hsts", f'{HEAD}SILENCED_SYSTEM_CHECKS = ["a.W1"]\nSESSION_COOKIE_SAMESITE = "Lax"\n\nTIME_ZONE = "UTC"\n{SOUND}',
     {'["a.W1"]': '["a.W1", "security.W021"]',
      '"Lax"\n': '"Lax"\n\n# Then 86400, 604800, 2592000, and 31536000 (a year) when nothing broke.\n'
      "SECURE_HSTS_SECONDS = 3600\nSECURE_HSTS_INCLUDE_SUBDOMAINS = True\n"}),
    # what developers see already is not logged twice
    ("logging", f'{HEAD}{SOUND}\nimport os\n\nDEBUG = os.environ.get("DEBUG") == "1"\nA = 1\n',
     {"\nA = 1\n": '\nA = 1\n\nLOGGING = {} if DEBUG else {\n    "version": 1,\n    "disable_existing_loggers": False,\n'
      '    "handlers": {"console": {"class": "logging.StreamHandler"}},\n'
      '    "root": {"handlers": ["console"], "level": "WARNING"},\n}\n'}),
    # a part that development needs otherwise follows DEBUG
    ("email-backend", (f'{HEAD}{SOUND}import os\n\nDEBUG = os.environ.get("DEBUG") == "1"\nMAILERS = {{\n'
     f'    "default": {{\n        "BACKEND": "{MAIL}console.EmailBackend",\n    }}\n}}\n'),
     {f'"{MAIL}console.EmailBackend",': f'(\n            "{MAIL}console.EmailBackend"\n            if DEBUG\n'
      f'            else "{MAIL}smtp.EmailBackend"\n        ),'}),
    # the quotes of the statement, also where the file has others
    ("secret-key", f"import os\n\nSECRET_KEY = 'x'\nDEBUG = False\n{SOUND}",
     {"SECRET_KEY = 'x'": "SECRET_KEY = os.environ['DJANGO_SECRET_KEY']"}),
]  # fmt: skip


@pytest.mark.parametrize(("control", "text", "changes"), PLACES)
def test_place_and_quotes(tmp_path: Path, control: str, text: str, changes: dict[str, str]) -> None:
    files = {"site/__init__.py": "", "site/settings.py": text, "requirements.txt": "Django==6.1\n"}
    root = lay(tmp_path / "p", files)
    fixed(root, only=(control,))
    for old, new in changes.items():
        text = text.replace(old, new, 1)
    assert read(root)["site/settings.py"] == text


IMPORTS = [
    # as the others are written
    ("import sys\n", "import os", "import os\nimport sys\n"),
    ("import os\n", "import os", "import os\n"),
    ("from os import path\n", "import os", "import os\nfrom os import path\n"),
    ("from .base import *\n", "import os", "import os\n\nfrom .base import *\n"),
    ('"""Settings."""\n\nfrom pathlib import Path\n', "import os", '"""Settings."""\n\nimport os\nfrom pathlib import Path\n'),
    ("from __future__ import annotations\nimport sys\n", "import os", "from __future__ import annotations\nimport os\nimport sys\n"),
    # what begins the file stays its beginning
    ("#!/usr/bin/env python\nimport sys\n", "import os", "#!/usr/bin/env python\nimport os\nimport sys\n"),
    ("# ruff: noqa: E501\nfrom .base import *\n", "import os", "# ruff: noqa: E501\nimport os\n\nfrom .base import *\n"),
    ("import a\n# about b\nimport b\n", "import os", "import os\nimport a\n# about b\nimport b\n"),
    # a name more of the same package
    ("from decouple import config\n", "from decouple import Csv", "from decouple import Csv, config\n"),
    ("from decouple import config, undefined\n", "from decouple import Csv", "from decouple import Csv, config, undefined\n"),
    ("from decouple import (\n    config,\n)\n", "from decouple import Csv",
     "from decouple import Csv\nfrom decouple import (\n    config,\n)\n"),
    ("from decouple import Csv\n", "from decouple import Csv", "from decouple import Csv\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "statement", "after"), IMPORTS)
def test_imports(before: str, statement: str, after: str) -> None:
    source = Source(before.encode())
    assert source.spliced(add_import(source, statement)).decode() == after


BESIDE_STAR = [
    # each name in a statement of its own
    ("from .base import *\nfrom .base import DATABASES\nfrom .base import env\n",
     "from .base import *\nfrom .base import DATABASES\nfrom .base import MIDDLEWARE\nfrom .base import env\n"),
    ("from .base import *\nfrom .base import env\n",
     "from .base import *\nfrom .base import MIDDLEWARE\nfrom .base import env\n"),
    ("from .base import *\nfrom .base import MIDDLEWARE\n", "from .base import *\nfrom .base import MIDDLEWARE\n"),
    # a file that relies on the star
    ("from .base import *\n", "from .base import *\n"),
    ("from .base import *\nfrom .other import DATABASES\n", "from .base import *\nfrom .other import DATABASES\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), BESIDE_STAR)
def test_a_file_that_names_what_it_uses(tmp_path: Path, before: str, after: str) -> None:
    base = HEAD + SOUND.replace('    "django.middleware.security.SecurityMiddleware",\n', "")
    root = lay(tmp_path / "p", {
        "site/__init__.py": "", "site/settings/__init__.py": "", "site/settings/other.py": "DATABASES = {}\n",
        "site/settings/base.py": f"{base}DATABASES = {{}}\nenv = 1\n",
        "site/settings/development.py": "from .base import *\n",
        "site/settings/production.py": before,
        "Dockerfile": "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=site.settings.production\nCMD gunicorn a\n",
    }, "site.settings.development")  # fmt: skip
    fixed(root, only=("security-middleware",))
    line = '\nMIDDLEWARE.insert(0, "django.middleware.security.SecurityMiddleware")\n'
    assert read(root)["site/settings/production.py"] == after + line


def test_a_long_call_has_its_arguments_in_lines(tmp_path: Path) -> None:
    base = HEAD + SOUND
    root = lay(tmp_path / "p", {
        "site/__init__.py": "", "site/settings/__init__.py": "", "requirements.txt": "django==6.0\n",
        "site/settings/base.py": base, "site/settings/development.py": "from .base import *\n",
        "site/settings/production.py": "from .base import *\n",
        "Dockerfile": "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=site.settings.production\nCMD gunicorn a\n",
    }, "site.settings.development")  # fmt: skip
    fixed(root, only=("content-security-policy",))
    call = f'MIDDLEWARE.insert(\n    MIDDLEWARE.index("{SESSION}"),\n    "{CSP}",\n)\n'
    assert call in read(root)["site/settings/production.py"]


class TestADevelopersMachine:
    """What a local file says for everybody is overruled, for production; not for developers."""

    def test_debug_is_on_there(self, tmp_path: Path) -> None:
        root = lay(tmp_path / "p", {
            "site/__init__.py": "", "site/local_settings.py": "DEBUG = True\n",
            "site/settings.py": f"{HEAD}{SOUND}\nfrom .local_settings import *\nA = 1\n",
        })  # fmt: skip
        fixed(root, only=("debug",))
        files = read(root)
        assert 'os.environ.setdefault("DJANGO_DEBUG", "1")' in files["manage.py"]
        assert files["site/settings.py"].startswith("import os\n")
