"""`manage.py check --deploy`, `manage.py hardango`, rotation, events."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sites import KEY, Site


def test_a_site_loads_nothing_but_django_for_it(tmp_path: Path) -> None:
    """And none of the controls, unless they are asked for."""
    loaded = set(Site(tmp_path).tell("import sys; print(json.dumps(sorted(sys.modules)))"))
    foreign = {"yaml", "libcst", "packaging", "trustme", "cryptography", "h11", "httpx", "requests"}
    assert not loaded & foreign
    assert not any(each.startswith(("hardango.controls.", "hardango.settings.")) for each in loaded)


CHECKED = """
from django.core import checks
found = checks.run_checks(include_deployment_checks=True)
print(json.dumps(sorted(each.id for each in found if each.id.startswith("hardango."))))
"""


@pytest.mark.parametrize(
    ("more", "ids"),
    [
        ("", []),
        ("DEBUG = True\n", ["hardango.debug"]),
        ("SESSION_COOKIE_SECURE = False\n", ["hardango.session-cookie-secure"]),
        ("X_FRAME_OPTIONS = 'ALLOWALL'\n", ["hardango.frame-options"]),
        ("SECURE_HSTS_SECONDS = 0\n", ["hardango.hsts"]),
        ("SECURE_HSTS_SECONDS = 0\nHARDANGO['ignore'] = {'hsts': 'the proxy sends it'}\n", []),
        ("HARDANGO['gard'] = 'warn'\n", ["hardango.setting"]),
    ],
)
def test_each_weakness_is_a_check_of_its_own(tmp_path: Path, more: str, ids: list[str]) -> None:
    logs = "LOGGING = __import__('hardango.django.events').django.events.logging()\n"
    site = Site(tmp_path, logs + more)
    # What keeps the app from starting is told by the start itself.
    if ids == ["hardango.setting"]:
        assert "did you mean 'guard'?" in site.run("manage.py", "check").stderr
    else:
        assert site.tell(CHECKED) == ids


def test_access_toml_is_judged_by_a_check(tmp_path: Path) -> None:
    site = Site(
        tmp_path, "LOGGING = __import__('hardango.django.events').django.events.logging()\n"
    )
    line = '{ route = "/x/", view = "shop.x", POST = "%s"%s },\n'
    for who, public, ids in (
        ("anonymous", "", ["hardango.access-control"]),
        ("anonymous", ', public = "a contact form"', []),
        ("staff", "", []),
    ):
        text = f'schema = 1\nsource = "static"\nroutes = [\n{line % (who, public)}]\n'
        (tmp_path / "access.toml").write_text(text)
        assert site.tell(CHECKED) == ids


BOTH = """
from django.core import checks
from django.test import override_settings
from hardango.django.loaded import replaced
changes = {changes}
bare = [each for each in settings.MIDDLEWARE if "Security" not in each and "Frame" not in each]
def told(**changed):
    with override_settings(**changed):
        return sorted(each.id for each in checks.run_checks(include_deployment_checks=True)
                      if each.id.startswith(("security.", "hardango.")))
print(json.dumps([replaced(), [[id, told(**eval(changed))] for id, changed in changes.items()]]))
"""
DOUBLES = {
    "security.W001": "dict(MIDDLEWARE=bare)",
    "security.W002": "dict(MIDDLEWARE=bare)",
    "security.W003": "dict(MIDDLEWARE=[each for each in settings.MIDDLEWARE if 'csrf' not in each])",
    "security.W004": "dict(SECURE_HSTS_SECONDS=0)",
    "security.W006": "dict(SECURE_CONTENT_TYPE_NOSNIFF=False)",
    "security.W008": "dict(SECURE_SSL_REDIRECT=False)",
    "security.W009": "dict(SECRET_KEY='short')",
    "security.W012": "dict(SESSION_COOKIE_SECURE=False)",
    "security.W015": "dict(SESSION_COOKIE_HTTPONLY=False)",
    "security.W016": "dict(CSRF_COOKIE_SECURE=False)",
    "security.W018": "dict(DEBUG=True)",
    "security.W020": "dict(ALLOWED_HOSTS=[])",
    "security.W022": "dict(SECURE_REFERRER_POLICY=None)",
    "security.W025": "dict(SECRET_KEY_FALLBACKS=['short'])",
    "security.E023": "dict(SECURE_REFERRER_POLICY='unknown')",
    "security.E024": "dict(SECURE_CROSS_ORIGIN_OPENER_POLICY='unknown')",
}  # fmt: skip

OTHERWISE = {"security.W005", "security.W019", "security.W021"}
"""What the control judges by more than the check asks (docs/checks.md)."""


def test_a_control_replaces_what_django_tells(tmp_path: Path) -> None:
    """Whatever makes a check of Django speak makes its control speak, too."""
    start = "from django.conf import settings\n"
    replaced, told = Site(tmp_path).tell(start + BOTH.format(changes=DOUBLES))
    by_id = {each: name for name, ids in replaced.items() for each in ids}
    assert len(by_id) == sum(map(len, replaced.values()))
    sessions = {f"security.W{number:03}" for number in (10, 11, 13, 14)}  # parts of W012 and W015
    policy = {"security.E026", "security.W027"}  # of a newer Django
    assert set(by_id) - set(DOUBLES) - sessions - policy == OTHERWISE
    for double, ids in told:
        assert double in ids
        assert f"hardango.{by_id[double]}" in ids, double


def test_every_check_of_django_has_its_control() -> None:
    """But for those of CSRF_FAILURE_VIEW, which Django tells without --deploy."""
    from django.core.checks import security

    from hardango.controls.catalogue import catalogue

    files = Path(security.__file__).parent.glob("*.py")
    known = set(re.findall(r'id="(security\.\w+)"', "".join(each.read_text() for each in files)))
    replaced = {double for each in catalogue() for double in each.replaces}
    assert known - replaced == {"security.E101", "security.E102"}


def test_doubles_are_silent_where_that_is_asked_for(tmp_path: Path) -> None:
    more = "SESSION_COOKIE_SECURE = False\nSILENCED_SYSTEM_CHECKS = ['security.W018']\n"
    site = Site(tmp_path, more)
    said = site.run("manage.py", "check", "--deploy").stderr
    assert "(security.W012)" in said
    assert "(hardango.session-cookie-secure)" in said
    assert "Replaces security.W010, security.W011, security.W012." in said
    settings = tmp_path / "shop" / "settings.py"
    settings.write_text(settings.read_text() + "HARDANGO['replace'] = True\n", encoding="utf-8")
    said = site.run("manage.py", "check", "--deploy").stderr
    assert "(security." not in said
    assert "(hardango.session-cookie-secure)" in said
    # What the project itself has silenced is still judged, and nothing else.
    assert "SILENCED_SYSTEM_CHECKS hides security.W018 (DEBUG)\n" in said.replace(".\n", "\n")


def test_the_audit_says_the_same(tmp_path: Path) -> None:
    """One catalogue, two ways to the settings."""
    more = "DEBUG = True\nSESSION_COOKIE_SECURE = False\nSECURE_HSTS_SECONDS = 60\n"
    site = Site(
        tmp_path, more + "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']\n"
    )
    loaded = {each.removeprefix("hardango.") for each in site.tell(CHECKED)}
    done = site.run("-m", "hardango", "audit", ".", "--format", "json")
    findings = json.loads(done.stdout)["findings"]
    audited = {each["control"] for each in findings if each["verdict"] in ("fail", "conditional")}
    assert loaded == audited
    assert {"debug", "session-cookie-secure", "hsts", "password-hashers"} <= loaded


def test_manage_py_runs_hardango(tmp_path: Path) -> None:
    done = Site(tmp_path).run(
        "manage.py", "hardango", "audit", "--control", "debug", "--format", "json"
    )
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["control"], finding["verdict"], done.returncode) == ("debug", "pass", 0)


def test_manage_py_shows_who_reaches_what(tmp_path: Path) -> None:
    """With the project's own interpreter and its settings, without being told either."""
    site = Site(tmp_path)
    (tmp_path / "shop" / "urls.py").write_text(
        "from django.contrib.auth.decorators import login_required\n"
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "def view(request):\n    return HttpResponse()\n"
        "urlpatterns = [path('open/', view), path('mine/', login_required(view))]\n"
    )
    done = site.run("manage.py", "hardango", "access", "--format", "json")
    told = json.loads(done.stdout)
    reached = {each["pattern"]: [o["reach"] for o in each["operations"]] for each in told["routes"]}
    assert reached == {"open/": ["anonymous"], "mine/": ["authenticated"]}
    assert told["source"] == "loaded"


SIGN = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.signed_cookies import SessionStore
user = User.objects.create_user("ann", password="pw")
store = SessionStore(); store["_auth_user_id"] = "1"; store.save()
from django.test import Client
client = Client(headers={"host": "shop.example", "x-forwarded-proto": "https"})
client.force_login(user)
print(json.dumps([default_token_generator.make_token(user), store.session_key,
                  client.cookies["sessionid"].value]))
"""
ACCEPT = """
import sys
token, cookie, session = {signed!r}
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import Client
client = Client(headers={{"host": "shop.example", "x-forwarded-proto": "https"}})
client.cookies["sessionid"] = session
print(json.dumps([
    default_token_generator.check_token(User.objects.get(), token),
    SessionStore(cookie).get("_auth_user_id") == "1",
    client.get("/me/").content.decode() == "ann",
]))
"""


def test_a_rotation_logs_nobody_out(tmp_path: Path) -> None:
    site = Site(tmp_path)
    signed = site.tell(SIGN)
    env = tmp_path / ".env"
    env.write_text(f"# variables\nDJANGO_SECRET_KEY={KEY}\nOTHER='1'\n", encoding="utf-8")
    env.chmod(0o640)
    done = site.run("manage.py", "hardango", "rotate-secret", "--file", str(env))
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout
    text = env.read_text(encoding="utf-8")
    variables = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert variables["DJANGO_SECRET_KEY"] not in (KEY, "")
    assert variables["DJANGO_SECRET_KEY_FALLBACKS"] == KEY
    assert variables["OTHER"] == "'1'" and text.startswith("# variables\n")
    assert env.stat().st_mode & 0o777 == 0o640
    del variables["OTHER"]
    assert site.tell(ACCEPT.format(signed=signed), **variables) == [True, True, True]
    without = {**variables, "DJANGO_SECRET_KEY_FALLBACKS": ""}
    assert site.tell(ACCEPT.format(signed=signed), **without) == [False, False, False]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("OTHER=1\n", "DJANGO_SECRET_KEY is not set there"),
        ("DJANGO_SECRET_KEY=a,b\n", "has a comma"),
        ("DJANGO_SECRET_KEY=a\nDJANGO_SECRET_KEY=b\n", "set twice"),
        ("DJANGO_SECRET_KEY=other$key # of June\n", "in different ways"),
        ("DJANGO_SECRET_KEY='other'\nDJANGO_SECRET_KEY_FALLBACKS=a b\n", "in different ways"),
    ],
)
def test_where_nothing_can_be_rotated(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / ".env").write_text(content, encoding="utf-8")
    done = Site(tmp_path).run("manage.py", "hardango", "rotate-secret", "--file", ".env")
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_key_that_the_settings_hold_is_the_old_one(tmp_path: Path) -> None:
    """However the line is read elsewhere."""
    (tmp_path / ".env").write_text(f"DJANGO_SECRET_KEY={KEY}$ # of June\n", encoding="utf-8")
    site = Site(tmp_path)
    done = site.run("manage.py", "hardango", "rotate-secret", "--file", ".env",
                    DJANGO_SECRET_KEY=f"{KEY}$")  # fmt: skip
    assert done.returncode == 0, done.stderr
    new, old = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    assert new.endswith(" # of June") and KEY not in new
    assert old == f"DJANGO_SECRET_KEY_FALLBACKS='{KEY}$'"


EVENTS = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory
given = {"host": "shop.example", "x-forwarded-proto": "https"}
client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=given)
client.get("/page/?token=in-the-query", headers={"host": "evil.example"})
client.post("/page/", {"password": "in-the-body"})
client.get("/broken/")
authenticate(RequestFactory().post("/login/"), username="ann", password="in-the-password\\n{}")
print("null")
"""


def test_events_are_one_json_object_a_line(tmp_path: Path) -> None:
    site = Site(tmp_path, "from hardango.django import events\nLOGGING = events.logging()\n")
    done = site.run("-c", "import django, json; django.setup()\n" + EVENTS)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()[:-1]]
    by_logger = {each["logger"]: each for each in events}
    assert by_logger["django.security.DisallowedHost"]["level"] == "ERROR"
    assert by_logger["django.security.csrf"]["path"] == "/page/"
    assert by_logger["django.request"]["exception"] == "RuntimeError"
    failed = by_logger["django.security.login_failed"]
    assert (failed["event"], failed["username"], failed["path"]) == (
        "login_failed",
        "ann",
        "/login/",
    )
    for word in ("in-the-query", "in-the-body", "in-the-password", KEY):
        assert word not in done.stdout + done.stderr
