"""Wherever a secret stands in a project, it is in no output; and what is no secret stays readable."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.cli import main
from hardango.settings.secrets import Masker

# None of them looks random: what gives them away is where they stand.
SECRETS = ("Zq7wKp9x", "zebrawombatquokka", "Zq7w$Kp@9x#Vj!2", "Zq7w/Kp:9xV@jQ?2")
MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n'
FROM_ENV = 'SECRET_KEY = os.environ["SECRET_KEY"]\nDEBUG = os.environ["SECRET_KEY"]'
KUBERNETES = """apiVersion: v1
kind: Secret
metadata: {name: app}
stringData:
  SECRET_KEY: "<S>"
data:
  LICENCE: <B>
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          command: [gunicorn, conf.wsgi]
          envFrom:
            - secretRef: {name: app}
"""

# <S> is the secret, <Q> the same in a URL, <B> in base64.
IN_SETTINGS = {
    "literal": 'SECRET_KEY = "<S>"',
    "used in every setting": 'SECRET_KEY = "<S>"\nALLOWED_HOSTS = [SECRET_KEY]\nX_FRAME_OPTIONS = SECRET_KEY\n'
    "SESSION_ENGINE = 'x.' + SECRET_KEY\nMIDDLEWARE = [SECRET_KEY]\nSECURE_HSTS_SECONDS = SECRET_KEY",
    "nested": 'SOCIAL = {"google": {"client_secret": "<S>", "x": [("a", "<S>")]}}',
    "auth": 'ES_HTTP_AUTH = ("me", "<S>")\nPROXY_AUTH = "me:<S>"\nX = {"auth": ("me", "<S>")}',
    "named by the item before": 'X = ["mysql", "--password", "<S>"]\nY = [("API_TOKEN", "<S>")]',
    "named by another item": 'X = {"name": "DB_PASSWORD", "value": "<S>"}',
    "userinfo": 'X = "redis://me:<S>@redis.example:6379/1"\nY = ["amqp://a:<S>@b//"]',
    "an @ in the user": 'X = "smtp://me@host.example:<S>@mail.example:25"',
    "query": 'X = "https://x.example/?a=1&api_key=<Q>&sig=<Q>#x"',
    "dsn": 'X = "host=db password=<S> dbname=x"\nY = "Server=db;PWD=<S>;Encrypt=yes"',
    "dsn, quoted": 'X = "host=db password=\'<S>\' dbname=x"',
    "option": 'X = "mysql --password <S> -u root"',
    "option with a sign": 'X = "mysql --password=<S> -u root"',
    "walrus": 'if password := "<S>":\n    X = password',
    "loop": 'for password in ["<S>", "b"]:\n    X = password',
    "looked up": 'DEBUG = {"<S>": True}.get(os.environ.get("API_TOKEN"), False)',
    "comment in words": 'DEBUG = True  # the token is <S>',
    "command": 'X = "mysql -u root -p<S> db"\nY = "curl -u me:<S> https://x.example/"',
    "JSON in a text": """X = '{"user": "me", "password": "<S>"}'""",
    "Python in a text": """X = "{'user': 'me', 'password': '<S>'}\"""",
    "YAML in a text": 'X = """user: me\npassword: <S>\nx: 1"""',
    "header": 'X = "Authorization: Token <S>"\nY = [("X-Api-Key", "<S>")]',
    "bytes": 'SECRET_KEY = b"<S>"\nX = [SECRET_KEY]\nY = SECRET_KEY.decode()',
    "f-string": 'SECRET_KEY = f"<S>-{1}"\nX = f"a{SECRET_KEY}b"',
    "joined": 'SECRET_KEY = "<S>" + os.environ.get("X", "")\nDEBUG = SECRET_KEY',
    "base64": 'import base64\nSECRET_KEY = base64.b64decode("<B>").decode()\nX = SECRET_KEY',
    "private key": 'X = "-----BEGIN RSA PRIVATE KEY-----\\n<S>\\n-----END RSA PRIVATE KEY-----"\n'
    'Y = ["-----BEGIN RSA PRIVATE KEY-----", "<S>"]',
    "default of a parameter": 'def f(password="<S>"):\n    return {"v": password}\nX = f()',
    "argument by place": 'def f(host, password):\n    return host + password\nX = f("x", "<S>")',
    "argument": 'def f(host, password):\n    return host + password\nX = f("x", password="<S>")',
    "variable of a function": 'def f():\n    password = "<S>"\n    return [password]\nX = f()',
    "attribute": 'class C:\n    api_token: str = "<S>"\nX = C.api_token\nDEBUG = C().api_token',
    "third party": 'import lib\nX = lib.connect(password="<S>")\nSECRET_KEY = lib.get("<S>")',
    "compared": 'if os.environ.get("API_TOKEN") == "<S>":\n    DEBUG = True',
    "compared by size": 'if os.environ.get("API_TOKEN", "") < "<S>":\n    DEBUG = True',
    "case": 'match os.environ.get("API_TOKEN"):\n    case "<S>":\n        DEBUG = True',
    "pattern": 'import re\nif re.match("<S>", os.environ["API_TOKEN"]):\n    DEBUG = True',
    "raised": 'SECRET_KEY = "<S>"\nif not os.environ.get("X"):\n    raise ValueError("<S>" + SECRET_KEY)',
    "raised always": 'SECRET_KEY = "<S>"\nraise KeyError("bad " + SECRET_KEY)',
    "missing key": 'SECRET_KEY = "<S>"\nX = {}[SECRET_KEY]',
    "no number": 'SECRET_KEY = "<S>"\nX = int(SECRET_KEY)',
    "no file": 'SECRET_KEY = "<S>"\nX = open(SECRET_KEY).read()',
    "asserted": 'SECRET_KEY = "<S>"\nassert os.environ.get("X"), SECRET_KEY',
    "default of a variable": 'X = os.environ.get("DB_PASSWORD", "<S>")\nDEBUG = X',
    "django-environ": 'import environ\nenv = environ.Env(SECRET_KEY=(str, "<S>"))\nSECRET_KEY = env("SECRET_KEY")\n'
    'DATABASES = {"default": env.db("DB", default="postgres://me:<Q>@db/x")}',
    "pydantic": "from pydantic import SecretStr\nfrom pydantic_settings import BaseSettings\n"
    'class C(BaseSettings):\n    licence: SecretStr = SecretStr("<S>")\nX = C().licence.get_secret_value()',
    "one line": 'DEBUG = True; SECRET_KEY = "<S>"; ALLOWED_HOSTS = ["*"]',
    "comment": 'DEBUG = True  # postgres://me:<S>@db',
    "several lines": 'DEBUG = os.environ.get(\n "DB_PASSWORD",\n "<S>",\n)\nSECRET_KEY = (\n "<S>"\n)',
    "long line": 'SECRET_KEY = "<S>" + "' + "x" * 3000 + '"\nDEBUG = SECRET_KEY',
    "syntax error": 'SECRET_KEY = "<S>\n',
    "syntax error, later": 'SECRET_KEY = <S>" x = = "<S>"\n',
}  # fmt: skip
IN_FILES: dict[str, dict[str, str]] = {
    ".env": {".env": "SECRET_KEY='<S>'\nBAD <S>\n",
             "conf/settings.py": "import environ\nenv = environ.Env()\nenv.read_env('.env')\n"
             "SECRET_KEY = env('SECRET_KEY')\nDEBUG = env('SECRET_KEY')\n"},
    "UTF-16": {"conf/settings.py": "from dotenv import load_dotenv\nload_dotenv('utf16.env')\n"
               "import os\nSECRET_KEY = os.environ.get('SECRET_KEY')\n", "utf16.env": "SECRET_KEY=<S>\n"},
    "compose, a map": {"docker-compose.yml": "services:\n  web:\n    command: gunicorn conf.wsgi\n"
                       "    environment:\n      SECRET_KEY: '<S>'\n"},
    "compose, a list": {"docker-compose.yml": "services:\n  web:\n    command: gunicorn conf.wsgi\n"
                        "    environment:\n      - 'SECRET_KEY=<S>'\n"},
    "compose, broken": {"docker-compose.yml": "services:\n  web:\n    environment:\n      SECRET_KEY: *<S>\n"},
    "Dockerfile": {"Dockerfile": 'FROM python\nARG API_TOKEN="<S>"\nENV SECRET_KEY="<S>"\n'
                   'CMD SECRET_KEY="<S>" gunicorn conf.wsgi\n'},
    "Kubernetes": {"k8s/app.yaml": KUBERNETES},
    "Procfile": {"Procfile": "web: SECRET_KEY='<S>' gunicorn conf.wsgi --env TOKEN='<S>'\n"},
    "shell": {"Dockerfile": 'FROM python\nCMD ["./start.sh"]\n',
              "start.sh": "#!/bin/sh\nexport SECRET_KEY='<S>'\nexec gunicorn conf.wsgi\n"},
    "systemd": {"deploy/app.service": '[Service]\nEnvironment="SECRET_KEY=<S>"\nExecStart=gunicorn conf.wsgi\n'},
    "decouple": {"settings.ini": "[settings]\nSECRET_KEY=<S>\n",
                 "conf/settings.py": "from decouple import config\nSECRET_KEY = config('SECRET_KEY')\n"
                 "DEBUG = config('SECRET_KEY', cast=bool)\n"},
    "dynaconf": {".secrets.toml": '[default]\nLICENCE = "<S>"\n',
                 "conf/settings.py": "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n"},
    "secrets.json": {"secrets.json": '{"LICENCE": "<S>"}',
                     "conf/settings.py": "import json\nC = json.load(open('secrets.json'))\nX = C['LICENCE']\n"},
    "broken JSON": {"config.json": '{"SECRET_KEY": "<S>", bad <S>',
                    "conf/settings.py": "import json\nDEBUG = json.load(open('config.json'))['SECRET_KEY']\n"},
}  # fmt: skip
PLACES = {**{name: {"conf/settings.py": text} for name, text in IN_SETTINGS.items()}, **IN_FILES}

ASKED = (
    ["audit", "-v"],
    ["audit", "--format", "json", "--env", "OTHER_TOKEN=<S>"],
    ["audit", "--format", "sarif"],
    ["audit", "--format", "html"],
    ["settings", "--all", "-v"],
    ["settings", "--format", "json", "--closed-env", "--env", "SECRET_KEY=<S>"],
)


def forms(secret: str) -> Iterator[str]:
    """A secret as it is, in part, and in disguise."""
    coded = base64.b64encode(secret.encode()).decode().rstrip("=")
    yield from (secret[::-1], secret[:4], secret[-4:], quote(secret, safe=""), quote(secret))
    yield from (repr(secret)[1:-1], json.dumps(secret)[1:-1], coded, secret.encode().hex())
    yield from (secret[start : start + 6] for start in range(len(secret) - 5))


def said(arguments: list[str]) -> str:
    """All that the command writes, in this process."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        main(arguments)
    assert out.getvalue()
    assert "Traceback" not in out.getvalue() and "defect" not in out.getvalue(), out.getvalue()
    return out.getvalue()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", SECRETS, ids=["short", "word", "symbols", "slash"])
def test_no_secret_is_shown(
    place: str, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"manage.py": MANAGE, "conf/__init__.py": "", "conf/settings.py": FROM_ENV, **PLACES[place]}  # fmt: skip
    coded = base64.b64encode(secret.encode()).decode()
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        text = text.replace("<S>", secret).replace("<Q>", quote(secret, safe=""))
        if name == "conf/settings.py" and "import os" not in text:
            text = f"import os\n{text}"
        encoding = "utf-16" if name.startswith("utf16") else "utf-8"
        path.write_bytes(text.replace("<B>", coded).encode(encoding))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for arguments in ASKED:
        shown = said([each.replace("<S>", secret) for each in arguments])
        leaks = [line for line in shown.splitlines() if any(form in line for form in forms(secret))]
        assert not leaks, arguments


@pytest.mark.parametrize("arguments", [
    ["audit", "-q", "--settings", "https://me:<S>@x.example/"], ["explain", "API_TOKEN=<S>"],
    ["audit", "no=such;password=<S>"], ["settings", ".", "API_TOKEN=<S>"], ["--env", "<S>"],
])  # fmt: skip
def test_a_complaint_does_not_repeat_a_secret(
    arguments: list[str],
    write: Callable[[Mapping[str, str]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(write({"manage.py": MANAGE, "conf/settings.py": "DEBUG = True\n"}))
    shown = said([each.replace("<S>", SECRETS[0]) for each in arguments])
    assert not [form for form in forms(SECRETS[0]) if form in shown]


def test_what_is_made_of_a_secret_is_not_shown() -> None:
    masker = Masker()
    secret = "Zq7w$Kp@9x#Vj!2"
    masker.learn("SECRET_KEY", secret)
    made = [secret[:4], secret[-5:], secret[::-1], secret.upper(), secret.swapcase(),
            base64.b64encode(secret.encode()).decode(), secret.encode().hex(), secret.encode()]  # fmt: skip
    for value in made:
        assert masker.value("X", value) == {"secret": True, "length": len(value)}
        shown = value.decode() if isinstance(value, bytes) else value
        assert masker.text(f"X accepts '{shown}'") == "X accepts '***'"


VISIBLE = """
SECRET_KEY = "Zq7wKp9x-and-more-of-it"
DATABASES = {"default": {"PASSWORD": "postgres", "USER": "admin", "HOST": "localhost"}}
X = ["False", "localhost", "admin", "DEBUG", "postgres", "root", "/srv/shop/static", "v2", "python3.12"]
HOSTS = ["db1.example.com", "redis://redis:6379/1", "https://example.com:8443/a?page=2&next=/b"]
MODULES = ["django.contrib.auth", "shop.tokens.TokenMiddleware", "django.contrib.sessions.backends.db"]
REST_AUTH = {"TOKEN_MODEL": "shop.models.Token", "JWT_AUTH_COOKIE": "shop-auth", "USE_JWT": True}
NAMES = ["API_TOKEN", "SECRET_KEY"]
HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
COOKIE_NAME = "csrftoken"
IMAGE = "registry.example.com/shop:1.25@sha256:0123"
GIT = "git@github.com:shop/shop.git"
TIME = "2026-01-02T03:04:05"
COMMAND = "gunicorn --bind 0.0.0.0:8000 --workers 3 --keep-alive 5 shop.wsgi"
FORMAT = "%(levelname)s %(asctime)s token=%(token)s key={key}"
TEXT = "Set the password: it must have ten characters"
CONNECTION = "host=db port=5432 dbname=shop"
REGEX = r"^(?P<key>[a-z]+)=(?P<value>.+)$"
"""


def test_what_is_no_secret_stays_readable(write: Callable[[Mapping[str, str]], Path]) -> None:
    root = write({"manage.py": MANAGE, "conf/__init__.py": "", "conf/settings.py": VISIBLE})
    shown = json.loads(said(["settings", str(root), "--format", "json"]))["settings"]
    real: dict[str, object] = {}
    exec(VISIBLE, real)
    for name in (each for each in shown if each not in ("SECRET_KEY", "DATABASES")):
        (outcome,) = shown[name]["outcomes"]
        assert outcome["value"] == json.loads(json.dumps(real[name]))
    database = shown["DATABASES"]["outcomes"][0]["value"]["default"]
    assert (database["USER"], database["HOST"]) == ("admin", "localhost")


@pytest.mark.parametrize(("line", "shown"), [
    ('if os.environ.get("X") == "hunter2zebra":', 'if os.environ.get("X") == "***":'),
    ('if env == "production":', 'if env == "production":'),
    ('if os.environ["ARCH"] == "x86_64":', 'if os.environ["ARCH"] == "x86_64":'),
    ('ENGINE = "utf8mb4_unicode"', 'ENGINE = "utf8mb4_unicode"'),
])  # fmt: skip
def test_what_a_harmless_name_is_compared_with(line: str, shown: str) -> None:
    assert Masker().source_line(line) == shown


AROUND = st.sampled_from([
    "redis://me:{}@h/1", "smtp://me@x.example:{}@h:25", "password={}", "a=1&token={}&b=2",
    "PWD={};x=1", '{{"api_key": "{}"}}', "'secret': '{}'", "mysql --password {} -u x",
    "X-Api-Key: {}", "a: 1\npassword: {}\nb: 2", "Authorization: Token {}",
])  # fmt: skip
CHOSEN = st.from_regex(r"Zq[a-zA-Z0-9_.!@#+-]{6,20}[a-z0-9]", fullmatch=True)


@given(around=AROUND, secret=CHOSEN)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_a_text_that_names_its_secret_does_not_show_it(around: str, secret: str) -> None:
    masker = Masker()
    text = around.format(secret)
    for shown in (masker.text(text), json.dumps(masker.value("X", [text]))):
        assert secret not in shown
        assert not any(secret[at : at + 6] in shown for at in range(len(secret) - 5))
