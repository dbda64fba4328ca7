"""Secret key: where it comes from, how strong it is, and that it is never shown."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Outcome, Reading, Settings, Unknown

STRONG = "k3y0fThisT3st-aZ9#qLw2&xVb7!mNc5$rTy8*uIp4@sDf6^gHj1"
BY_VARIABLE = Unknown("read from SECRET_KEY", type="str", variables=("SECRET_KEY",))
FRESH = Unknown("random", type="str", fresh=True)


def read_from(file: str, line: int, text: str) -> Settings:
    """SECRET_KEY = os.environ["KEY"], with a value that stands in `file`."""
    empty = Settings.of({})
    outcome = Outcome(
        text, empty.space.true, (Place("settings.py", 3),),
        readings=(Reading("KEY", Place(file, line)),),
    )  # fmt: skip
    return Settings({"SECRET_KEY": [outcome]}, empty.defaults, space=empty.space)


@pytest.mark.parametrize(
    "key",
    [
        BY_VARIABLE,
        # os.environ.get("SECRET_KEY"), None when unset: Django refuses to start without a key.
        {"if SECRET_KEY is unset": None, "else": BY_VARIABLE},
        {"if SECRET_KEY is unset": "", "else": BY_VARIABLE},
    ],
)
def test_from_the_environment(judged, key: object) -> None:
    finding = judged("secret-key", {"SECRET_KEY": key})
    assert finding.verdict is Verdict.PASS, finding.message
    assert "cannot see whether it is long and random" in str(finding.message)


def test_made_once_and_kept_in_a_file(judged) -> None:
    key = Unknown("random", type="str", fresh=True)
    key.written = True
    finding = judged("secret-key", {"SECRET_KEY": key})
    assert finding.verdict is Verdict.PASS
    assert finding.message == "SECRET_KEY is made at random and kept in a file for the next start"


def test_given_on_the_command_line(judged) -> None:
    finding = judged("secret-key", read_from("--env", 0, STRONG))
    assert finding.verdict is Verdict.PASS
    finding = judged("secret-key", read_from("/srv/production.env", 4, STRONG))
    assert finding.verdict is Verdict.PASS
    finding = judged("secret-key", read_from("--env-file", 0, "short"))
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH)


@pytest.mark.parametrize(
    ("key", "severity", "words"),
    [
        (
            STRONG,
            Severity.CRITICAL,
            f"stands in the source, for everyone who sees it; it is {len(STRONG)}",
        ),
        (STRONG.encode(), Severity.CRITICAL, "stands in the source"),
        ("django-insecure-" + STRONG, Severity.CRITICAL, 'it starts with "django-insecure-"'),
        ("short", Severity.CRITICAL, "only 5 characters long"),
        ("ab" * 30, Severity.CRITICAL, "only 2 different characters"),
        (FRESH, Severity.LOW, "random at each start"),
        (Unknown("x", type="str", prefix="django-insecure-"), Severity.HIGH, "django-insecure-"),
        ("", Severity.LOW, "empty: Django refuses to start"),
        (None, Severity.LOW, "Django refuses to start"),
        (12345, Severity.MEDIUM, "no text"),
    ],
)
def test_weak_or_known(judged, key: object, severity: Severity, words: str) -> None:
    finding = judged("secret-key", {"SECRET_KEY": key})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


SOURCE = (
    "import base64, datetime, getpass, hashlib, os, platform, secrets, socket, time, uuid\n"
    "from pathlib import Path\nBASE_DIR = Path(__file__).parent\n"
)


@pytest.mark.parametrize(
    ("source", "severity", "words"),
    [
        ('os.environ["SECRET_KEY"]', None, "comes from SECRET_KEY"),
        ('os.environ["APP_KEY"].strip()', None, "comes from APP_KEY"),
        ('os.environ["DJANGO_DB_SECRET_KEY"]', None, "comes from"),
        ('os.environ["SECRET_KEY"][:64]', None, "comes from"),
        ('os.environ["SECRET_KEY"][1:]', None, "comes from"),
        ('os.environ["SECRET_KEY"] * 2', None, "comes from"),
        ('os.environ["SECRET_KEY"] + socket.gethostname()', None, "comes from"),
        ('hashlib.sha256(os.environ["SECRET_KEY"].encode()).hexdigest()', None, "comes from"),
        ('base64.b64decode(os.environ["KEY"])', None, "comes from"),
        ('Path("/run/secrets/db_key").read_text()', None, "comes from"),
        ('open(os.environ.get("SECRET_KEY_FILE", "/run/secrets/k")).read()', None, ""),
        ('os.environ["SECRET_KEY"] * 0', Severity.LOW, "empty: Django refuses to start"),
        ('os.environ["SECRET_KEY"][:10]', Severity.HIGH, "a part of SECRET_KEY of at most 10"),
        ('os.environ["SECRET_KEY"][-8:]', Severity.HIGH, "at most 8"),
        ('os.environ["SECRET_KEY"][2:10]', Severity.HIGH, "at most 8"),
        ('os.environ["SECRET_KEY"][0]', Severity.HIGH, "at most 1 character"),
        ('os.environ["SECRET_KEY_FILE"]', Severity.HIGH, "where to find it and not the key"),
        ('os.environ["HOSTNAME"] * 9', Severity.HIGH, "which is no secret"),
        ('os.environ["DATABASE_URL"]', Severity.MEDIUM, "by its name for another use"),
        ('os.environ["AWS_SECRET_ACCESS_KEY"]', Severity.MEDIUM, "by its name for another use"),
        ('hashlib.sha256(os.environ["POSTGRES_PASSWORD"].encode()).hexdigest()', Severity.MEDIUM,
         "by its name for another use"),
        ('hashlib.md5(b"shop").hexdigest()', Severity.CRITICAL, "stands in the source"),
        ('"x" * 50', Severity.CRITICAL, "only 1 different character"),
        ('str(BASE_DIR) * 9', Severity.CRITICAL, "stands in the source"),
        ('socket.gethostname() * 9', Severity.HIGH, "can be guessed"),
        ('hashlib.sha256(platform.node().encode()).hexdigest()', Severity.HIGH, "can be guessed"),
        ('f"shop-{datetime.date.today()}" * 5', Severity.HIGH, "can be guessed"),
        ('datetime.datetime.now().isoformat() * 5', Severity.HIGH, "can be guessed"),
        ('str(time.time())', Severity.HIGH, "can be guessed"),
        ('str(uuid.getnode())', Severity.HIGH, "can be guessed"),
        ('str(os.getpid())', Severity.HIGH, "can be guessed"),
        ('getpass.getuser()', Severity.HIGH, "can be guessed"),
        ('secrets.token_hex(32)', Severity.LOW, "random at each start"),
        ('str(uuid.uuid4())', Severity.LOW, "random at each start"),
    ],
)  # fmt: skip
def test_what_a_key_is_made_of(
    judged, tmp_path, source: str, severity: Severity | None, words: str
) -> None:
    (tmp_path / "production.py").write_text(f"{SOURCE}SECRET_KEY = {source}\n")
    settings = evaluate("production", root=str(tmp_path), import_roots=(str(tmp_path),))
    finding = judged("secret-key", settings)
    assert words in finding.message
    if severity is None:
        assert finding.verdict in (Verdict.PASS, Verdict.UNKNOWN), finding.message
    else:
        assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message


def test_never_set(judged) -> None:
    finding = judged("secret-key", {})
    assert finding.verdict is Verdict.FAIL
    assert finding.message == "SECRET_KEY is not set: Django refuses to start"
    assert finding.title == "There is no secret key: Django does not start"
    assert finding.attack.startswith("Nothing by itself")


def test_committed_with_the_environment(judged) -> None:
    finding = judged("secret-key", read_from(".env", 4, STRONG))
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.CRITICAL)
    assert "stands in a file of the project" in finding.message
    assert "KEY is set at .env:4" in finding.message


def test_a_fallback_in_the_source(judged) -> None:
    """SECRET_KEY = env("SECRET_KEY", default="…")"""
    finding = judged(
        "secret-key", {"SECRET_KEY": {"if SECRET_KEY is unset": STRONG, "else": BY_VARIABLE}}
    )
    assert (finding.verdict, finding.severity) == (Verdict.CONDITIONAL, Severity.CRITICAL)
    assert finding.when == ("SECRET_KEY is unset",)
    assert "falls back to a key that stands in the source" in finding.message


def test_not_known(judged) -> None:
    finding = judged("secret-key", {"SECRET_KEY": Unknown("result of vault.read()")})
    assert finding.verdict is Verdict.UNKNOWN
    assert "result of vault.read()" in finding.message


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"SIMPLE_JWT": {"SIGNING_KEY": BY_VARIABLE}}, "SIMPLE_JWT['SIGNING_KEY']"),
        ({"JWT_KEYS": ["other", BY_VARIABLE]}, "JWT_KEYS[1]"),
        ({"JWT_SECRET": {"if X": "other", "else": BY_VARIABLE}}, "JWT_SECRET"),
    ],
)
def test_used_for_something_else_too(judged, settings: dict[str, object], where: str) -> None:
    finding = judged("secret-key", {"SECRET_KEY": BY_VARIABLE, **settings})
    assert finding.verdict in (Verdict.FAIL, Verdict.CONDITIONAL)
    assert finding.severity is Severity.MEDIUM
    assert f"is used as {where} too" in finding.message


def test_a_private_name_is_no_other_use(judged) -> None:
    """_KEY = os.environ["KEY"], then SECRET_KEY = _KEY"""
    settings = {"_KEY": BY_VARIABLE, "SECRET_KEY": BY_VARIABLE}
    assert judged("secret-key", settings).verdict is Verdict.PASS


def test_another_key_is_another_key(judged) -> None:
    other = Unknown("read from JWT_KEY", type="str", variables=("JWT_KEY",))
    settings = {"SECRET_KEY": BY_VARIABLE, "SIMPLE_JWT": {"SIGNING_KEY": other}}
    assert judged("secret-key", settings).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("fallbacks", "django", "verdict"),
    [
        ([], (6, 1), Verdict.PASS),
        ([BY_VARIABLE], (6, 1), Verdict.PASS),
        (Unknown("read from OLD", type="list", variables=("OLD",)), (6, 1), Verdict.PASS),
        ([STRONG], (6, 1), Verdict.FAIL),
        (["short"], (6, 1), Verdict.FAIL),
        ([BY_VARIABLE, STRONG], (6, 1), Verdict.FAIL),
        ([Unknown("read from DB", type="str", variables=("DATABASE_URL",))], (6, 1), Verdict.FAIL),
        ([FRESH], (6, 1), Verdict.FAIL),
        (["x" * 60], (6, 1), Verdict.FAIL),
        ([Unknown("result of f()")], (6, 1), Verdict.UNKNOWN),
        (Unknown("result of f()"), (6, 1), Verdict.UNKNOWN),
        (STRONG, (6, 1), Verdict.FAIL),
        ([STRONG], (4, 0), Verdict.PASS),  # not read before Django 4.1
    ],
)
def test_fallbacks(judged, fallbacks: object, django: tuple[int, int], verdict: Verdict) -> None:
    settings = {"SECRET_KEY": BY_VARIABLE, "SECRET_KEY_FALLBACKS": fallbacks}
    finding = judged("secret-key", settings, django=django)
    assert finding.verdict is verdict, finding.message


def test_the_key_is_never_shown(judged) -> None:
    for settings in (
        {"SECRET_KEY": STRONG, "JWT": {"KEY": STRONG}},
        {"SECRET_KEY": BY_VARIABLE, "SECRET_KEY_FALLBACKS": [STRONG]},
        {"SECRET_KEY": BY_VARIABLE, "SECRET_KEY_FALLBACKS": STRONG},
        {"SECRET_KEY": {"if X": STRONG, "else": [STRONG]}},
        {"SECRET_KEY": Unknown("one of two", choices=(STRONG, STRONG[::-1]), subject="KEY")},
    ):
        shown = repr(judged("secret-key", settings))
        assert STRONG not in shown
        assert STRONG[::-1] not in shown
