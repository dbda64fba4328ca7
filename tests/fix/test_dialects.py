"""The new line reads the environment as the project's other lines do, and the old one stays as it
is, but for what was wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import SOUND, fixed, lay, read

ENVIRON = "import environ\n\nenv = environ.Env()\n"
ENVIRONS = "from environs import Env\n\nenv = Env()\nenv.read_env()\n"
DECOUPLE = "from decouple import config\n\n"

# A control, a settings file, and what the line is afterwards that the control speaks of.
IN_PLACE = [
    # debug
    ("debug", "DEBUG = True\n", 'DEBUG = os.environ.get("DJANGO_DEBUG", "").lower() in ("1", "true", "yes", "on")'),
    ("debug", 'import os\nDEBUG = os.environ.get("DEBUG", True)\n', 'DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on")'),
    ("debug", 'import os\nDEBUG = os.environ.get("DEBUG", "True") == "True"\n', 'DEBUG = os.environ.get("DEBUG", "False") == "True"'),
    ("debug", "import os\nDEBUG = bool(int(os.getenv('DEBUG', 1)))\n", "DEBUG = bool(int(os.getenv('DEBUG', 0)))"),
    ("debug", "import os\nDEBUG = bool(os.getenv('DEBUG', 'False'))\n", "DEBUG = os.environ.get('DEBUG', '').lower() in ('1', 'true', 'yes', 'on')"),
    ("debug", ENVIRON + 'DEBUG = env.bool("DEBUG", default=True)\n', 'DEBUG = env.bool("DEBUG", default=False)'),
    ("debug", ENVIRON + 'DEBUG = env.bool("DEBUG", True)  # on\n', 'DEBUG = env.bool("DEBUG", False)  # on'),
    ("debug", ENVIRON + 'NAME = env("SHOP_SECRET_KEY", default="")\nDEBUG = True\n', 'DEBUG = env.bool("SHOP_DEBUG", default=False)'),
    ("debug", ENVIRONS + 'DEBUG = env.bool("DEBUG", True)\n', 'DEBUG = env.bool("DEBUG", False)'),
    ("debug", DECOUPLE + "DEBUG = config('DEBUG', default=True, cast=bool)\n", "DEBUG = config('DEBUG', default=False, cast=bool)"),
    ("debug", DECOUPLE + "DEBUG = config('DEBUG', default='True')\n", "DEBUG = config('DEBUG', default=False, cast=bool)"),
    # secret-key
    ("secret-key", 'SECRET_KEY = "xxx"\n', 'SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]'),
    ("secret-key", 'import os\nSECRET_KEY = os.environ.get("KEY_OF_DJANGO", "xxx")\n', 'SECRET_KEY = os.environ["KEY_OF_DJANGO"]'),
    ("secret-key", 'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "xxx")\n', 'SECRET_KEY = os.environ["SECRET_KEY"]'),
    ("secret-key", ENVIRON + 'SECRET_KEY = env("SECRET_KEY", default="xxx")\n', 'SECRET_KEY = env("SECRET_KEY")'),
    ("secret-key", ENVIRON + 'SECRET_KEY = "xxx"\n', 'SECRET_KEY = env("DJANGO_SECRET_KEY")'),
    ("secret-key", ENVIRONS + 'SECRET_KEY = env.str("SECRET_KEY", "xxx")\n', 'SECRET_KEY = env.str("SECRET_KEY")'),
    ("secret-key", DECOUPLE + "SECRET_KEY = config('SECRET_KEY', 'xxx')\n", "SECRET_KEY = config('SECRET_KEY')"),
    ("secret-key", DECOUPLE + "SECRET_KEY = 'xxx'\n", "SECRET_KEY = config('DJANGO_SECRET_KEY')"),
    ("secret-key", "from configurations import Configuration, values\n\nSECRET_KEY = values.Value('xxx', environ_name='KEY', environ_prefix=None)\n", "SECRET_KEY = values.Value(environ_name='KEY', environ_prefix=None, environ_required=True)"),
    # allowed-hosts
    ("allowed-hosts", "ALLOWED_HOSTS = ['*']\n", "ALLOWED_HOSTS = os.environ['DJANGO_ALLOWED_HOSTS'].split(',')"),
    ("allowed-hosts", ENVIRON + 'ALLOWED_HOSTS = env.list("HOSTS", default=["*"])\n', 'ALLOWED_HOSTS = env.list("HOSTS")'),
    ("allowed-hosts", ENVIRON + 'ALLOWED_HOSTS = ["*"]\n', 'ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS")'),
    # a number
    ("hsts", "SECURE_HSTS_SECONDS = 60\n", "SECURE_HSTS_SECONDS = 3600"),
    ("hsts", ENVIRON + 'SECURE_HSTS_SECONDS = env.int("HSTS", default=60)\n', 'SECURE_HSTS_SECONDS = env.int("HSTS", default=3600)'),
    # the key of a header
    ("hsts", 'SECURE_HSTS_SECONDS = 3600\nSECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")\n', 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'),
    # a switch
    ("session-cookie-secure", "SESSION_COOKIE_SECURE = False\n", "SESSION_COOKIE_SECURE = True"),
    ("session-cookie-secure", ENVIRON + 'SESSION_COOKIE_SECURE = env.bool("SECURE", default=False)\n', 'SESSION_COOKIE_SECURE = env.bool("SECURE", default=True)'),
    ("content-type-nosniff", "SECURE_CONTENT_TYPE_NOSNIFF = False\n", "SECURE_CONTENT_TYPE_NOSNIFF = True"),
    ("frame-options", "X_FRAME_OPTIONS = 'ALLOWALL'\n", "X_FRAME_OPTIONS = 'DENY'"),
]  # fmt: skip


def sound(text: str) -> str:
    """The rest of the settings, in the quotes of these lines."""
    return SOUND.replace('"', "'") if text.count("'") > text.count('"') else SOUND


@pytest.mark.parametrize(("control", "text", "line"), IN_PLACE)
def test_in_place(tmp_path: Path, control: str, text: str, line: str) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text + sound(text)})
    done = fixed(root, only=(control,))
    after = read(root)["site/settings.py"]
    assert line in after.splitlines(), done.diff or [each.why for each in done.remaining]
    assert [each.finding.control for each in done.repairs] == [control]


@pytest.mark.parametrize(("control", "text", "line"), IN_PLACE)
def test_a_second_run_changes_nothing(tmp_path: Path, control: str, text: str, line: str) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text + sound(text)})
    fixed(root, only=(control,))
    once = read(root)
    done = fixed(root, only=(control,))
    assert not done.repairs
    assert read(root) == once


FIELDS = [
    ("debug", "    debug: bool = True\n", "    debug: bool = False\n"),
    ("debug", "    debug: bool = Field(True)\n", "    debug: bool = Field(True)\n"),
    ("secret-key", '    secret_key: str = "x"  # of ours\n', "    secret_key: str  # of ours\n"),
    ("allowed-hosts", '    allowed_hosts: list[str] = ["*"]\n', "    allowed_hosts: list[str]\n"),
    ("session-cookie-secure", "    secure: bool = False\n", "    secure: bool = True\n"),
    ("hsts", "    hsts: int = 60\n", "    hsts: int = 3600\n"),
]
NAMES = {"debug": "DEBUG", "secret_key": "SECRET_KEY", "allowed_hosts": "ALLOWED_HOSTS",
         "secure": "SESSION_COOKIE_SECURE", "hsts": "SECURE_HSTS_SECONDS"}  # fmt: skip


def of_pydantic(tmp_path: Path, field: str) -> Path:
    name = field.strip().partition(":")[0]
    return lay(tmp_path / "p", {
        "site/__init__.py": "",
        "site/config.py": "from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\n\n"
        f'class Config(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="SITE_")\n{field}',
        "site/settings.py": f"from site.config import Config\n\nconfig = Config()\n{NAMES[name]} = config.{name}\n{SOUND}",
    })  # fmt: skip


@pytest.mark.parametrize(("control", "field", "after"), FIELDS)
def test_the_fields_of_pydantic(tmp_path: Path, control: str, field: str, after: str) -> None:
    root = of_pydantic(tmp_path, field)
    fixed(root, only=(control,))
    files = read(root)
    assert files["site/config.py"].endswith(f'="SITE_")\n{after}')
    assert not fixed(root, only=(control,)).repairs


def test_a_variable_with_a_known_value_is_not_overruled(tmp_path: Path) -> None:
    root = of_pydantic(tmp_path, "    hsts: int = 31536000\n")
    (root / "Dockerfile").write_text("FROM python:3.13\nENV SITE_HSTS=60\nCMD gunicorn site.wsgi\n")
    before = read(root)
    done = fixed(root, only=("hsts",))
    assert "SECURE_HSTS_SECONDS = 3600" not in read(root)["site/settings.py"], done.diff
    assert read(root)["site/config.py"] == before["site/config.py"]


# What the environment decides in a way of the project's own is left to a person.
LEFT = [
    ("session-cookie-secure", 'import os\nSESSION_COOKIE_SECURE = "NO_TLS" not in os.environ\n'),
    ("debug", 'import os\nDEBUG = os.getenv("ENV") != "production"\n'),
]


@pytest.mark.parametrize(("control", "text"), LEFT)
def test_left_to_a_person(tmp_path: Path, control: str, text: str) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text + sound(text)})
    before = read(root)
    done = fixed(root, only=(control,))
    assert not done.repairs
    assert any("the environment decides" in each.why for each in done.remaining)
    assert read(root) == before
