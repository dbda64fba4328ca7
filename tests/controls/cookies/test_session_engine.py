"""Session store: where sessions are kept, and what reads them."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Unknown

USED = {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}
BACKENDS = "django.contrib.sessions.backends."
REDIS = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
PICKLE = "django.contrib.sessions.serializers.PickleSerializer"
JSON = "django.contrib.sessions.serializers.JSONSerializer"


def files(directory: object) -> dict[str, object]:
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    return {"default": {"BACKEND": backend, "LOCATION": directory}}


def engine(name: str, **more: object) -> dict[str, object]:
    return {**USED, "SESSION_ENGINE": BACKENDS + name, **more}


@pytest.mark.parametrize(
    "settings",
    [
        USED,
        engine("db"),
        engine("db", CACHES=LOCAL),
        engine("cached_db", CACHES=REDIS),
        engine("cache", CACHES=REDIS),
        engine("cache", CACHES={**LOCAL, "s": REDIS["default"]}, SESSION_CACHE_ALIAS="s"),
        engine("file", SESSION_FILE_PATH="/var/lib/shop/sessions"),
        {**USED, "SESSION_ENGINE": "qsessions.backends.cached_db"},
        {**USED, "SESSION_SERIALIZER": JSON},
        engine("cache", CACHES=files("/var/cache/shop")),
        engine("cached_db", CACHES=files("/tmp/cache")),
    ],
)
def test_kept_on_the_server(judged, settings: dict[str, object]) -> None:
    finding = judged("session-engine", settings)
    assert (finding.verdict, finding.applies) == (Verdict.PASS, True), finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (engine("signed_cookies"), Severity.MEDIUM, "works after logging out"),
        (engine("cache"), Severity.MEDIUM, "a restart ends them all"),
        (engine("cache", CACHES=LOCAL), Severity.MEDIUM, "in the memory of each process"),
        (engine("cache", CACHES=DUMMY), Severity.MEDIUM, "keeps nothing"),
        # Then there are no sessions: nothing is gained by that.
        (engine("cache", SESSION_CACHE_ALIAS="s"), Severity.LOW, "CACHES does not have"),
        (engine("cached_db", CACHES={}), Severity.LOW, "CACHES does not have"),
        (engine("cached_db", CACHES=LOCAL), Severity.LOW, "goes on in the others"),
        (engine("file"), Severity.MEDIUM, "every local user can list them"),
        (engine("file", SESSION_FILE_PATH="/tmp/s"), Severity.MEDIUM, "every local user"),
        (
            engine("file", SESSION_FILE_PATH="/srv/media/s", MEDIA_ROOT="/srv/media/"),
            Severity.HIGH, "below MEDIA_ROOT",
        ),
        (engine("cache", CACHES=files("/tmp/cache")), Severity.HIGH, "runs code on the server"),
        (
            engine("cache", CACHES=files("/srv/media/c"), MEDIA_ROOT="/srv/media"),
            Severity.HIGH, "below MEDIA_ROOT",
        ),
        ({**USED, "SESSION_SERIALIZER": PICKLE}, Severity.HIGH, "runs what it reads"),
        (
            engine("signed_cookies", SESSION_SERIALIZER=PICKLE),
            Severity.CRITICAL, "whoever learns SECRET_KEY runs code",
        ),
    ],
)  # fmt: skip
def test_kept_where_they_should_not_be(
    judged, settings: dict[str, object], severity: Severity, words: str
) -> None:
    finding = judged("session-engine", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {**USED, "SESSION_ENGINE": "shop.sessions"},
        {**USED, "SESSION_ENGINE": Unknown("read from ENGINE", variables=("ENGINE",))},
        {**USED, "SESSION_SERIALIZER": Unknown("read from SERIALIZER")},
        {**USED, "SESSION_SERIALIZER": "lib.serializers.FastSerializer"},
        engine("cache", CACHES=files(Unknown("read from CACHE", variables=("CACHE",)))),
        engine("cache", CACHES={"default": Unknown("env.cache()", type="dict")}),
        engine("cache", CACHES=Unknown("env.cache()")),
        engine("file", SESSION_FILE_PATH=Unknown("read from PATH", type="str")),
        {"MIDDLEWARE": Unknown("stack()"), "SESSION_ENGINE": BACKENDS + "signed_cookies"},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("session-engine", settings).verdict is Verdict.UNKNOWN


def test_no_sessions(judged) -> None:
    finding = judged("session-engine", {"SESSION_ENGINE": BACKENDS + "signed_cookies"})
    assert (finding.verdict, finding.applies) == (Verdict.PASS, False)


def test_one_store_in_one_case(judged) -> None:
    settings = {
        **USED,
        "CACHES": {"if REDIS_URL is set": REDIS, "else": LOCAL},
        "SESSION_ENGINE": BACKENDS + "cache",
    }
    finding = judged("session-engine", settings)
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("not (REDIS_URL is set)",)


def test_each_engine_that_the_operator_can_choose_is_judged(judged) -> None:
    either = Unknown("one of two", choices=(BACKENDS + "db", BACKENDS + "file"), subject="ENGINE")
    finding = judged("session-engine", {**USED, "SESSION_ENGINE": either})
    assert finding.verdict is Verdict.CONDITIONAL


STORE = "from django.contrib.sessions.backends.{} import SessionStore as Base\n"


@pytest.mark.parametrize(
    ("store", "serializer", "verdict"),
    [
        (STORE.format("db") + "class SessionStore(Base):\n    pass\n", "", Verdict.PASS),
        (STORE.format("file") + "class SessionStore(Base):\n    pass\n", "", Verdict.FAIL),
        ("class SessionStore:\n    pass\n", "", Verdict.UNKNOWN),
        ("", "", Verdict.UNKNOWN),
        (None, "import json\nclass Ours:\n    def dumps(self, it):\n        return json.dumps(it)\n",
         Verdict.PASS),
        (None, "import pickle\nclass Ours:\n    def loads(self, it):\n        return pickle.loads(it)\n",
         Verdict.FAIL),
        (None, ("from django.contrib.sessions.serializers import PickleSerializer\n"
         "class Ours(PickleSerializer):\n    pass\n"), Verdict.FAIL),
    ],
)  # fmt: skip
def test_what_the_project_makes_itself(
    judged, tmp_path, store: str | None, serializer: str, verdict: Verdict
) -> None:
    (tmp_path / "stores.py").write_text(store or "")
    (tmp_path / "serializers.py").write_text(serializer)
    more = "" if store is None else "SESSION_ENGINE = 'stores'\n"
    more += "SESSION_SERIALIZER = 'serializers.Ours'\n" if serializer else ""
    (tmp_path / "production.py").write_text(f"MIDDLEWARE = {USED['MIDDLEWARE']!r}\n{more}")
    settings = evaluate("production", root=str(tmp_path), import_roots=(str(tmp_path),))
    finding = judged("session-engine", settings)
    assert finding.verdict is verdict, finding.message
