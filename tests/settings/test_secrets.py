"""What is secret by name, by shape and by value, and that none of it is ever shown."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.settings.outcomes import Unknown
from hardango.settings.secret_names import is_secret_name
from hardango.settings.secret_shapes import (
    _HEX,
    _PAIRS,
    _could_match,
    _has_hex_run,
    looks_random,
    mask_shapes,
)
from hardango.settings.secrets import Masker, _is_plain_word, _is_telling

KEY = "k3j#%f2-ab9d@x7_!kq0vz+w8(r5"  # as startproject makes them
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"


@pytest.mark.parametrize("name", [
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DJANGO_SECRET_KEY", "STRIPE_SECRET_KEY_LIVE",
    "PASSWORD", "DB_PASSWORD", "DB_PASSWORD_PROD", "EMAIL_HOST_PASSWORD", "PGPASSWORD", "MYSQL_PWD",
    "password", "passwd", "DB_PASS", "AUTH_TOKEN", "ACCESS_TOKENS", "TOKEN", "API_KEY", "apiKey",
    "stripeApiKey", "X-Api-Key", "GOOGLE_MAPS_KEY", "SIGNING_KEY", "PRIVATE_KEY", "CREDENTIALS",
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SENTRY_DSN", "DSN", "SALT", "HASHIDS_SALT",
    "SECRET_STRIPE", "FERNET_KEYS", "Authorization", "BASIC_AUTH", "CLIENTSECRET", "KEY", "MFA_BYPASS_CODE",
    "ELASTIC_AUTH", "BASICAUTH_USERS",
    "SECRET_KEY_BASE64", "AZURE_CONNECTION_STRING", "JWT_SECRET", "PASSPHRASE",
])  # fmt: skip
def test_a_secret_by_name(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", [
    "AUTH_PASSWORD_VALIDATORS", "PASSWORD_HASHERS", "PASSWORD_RESET_TIMEOUT", "KEY_PREFIX",
    "CSRF_COOKIE_NAME", "CSRF_HEADER_NAME", "SESSION_COOKIE_NAME", "KEY_FUNCTION", "NAME", "USER",
    "CACHE_MIDDLEWARE_KEY_PREFIX", "MAKE_KEY_FUNCTION", "HOST", "DATABASES", "DEBUG", "ENGINE",
    "SECRET_KEY_FILE", "SECRET_NAME", "AWS_SECRET_NAME", "PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY",
    "PRIMARY_KEY", "TOKEN_MODEL", "REST_AUTH_TOKEN_MODEL", "BYPASS", "COMPASS", "MONKEY", "AUTHOR",
    "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "DEFAULT_AUTO_FIELD", "TOKEN_EXPIRED_AFTER", "",
    "EMAIL_HOST_USER", "PASSWORD_RESET_URL", "SIGNED_COOKIE_LEGACY_SALT_FALLBACK_DAYS", "_", "7",
])  # fmt: skip
def test_no_secret_by_name(name: str) -> None:
    assert not is_secret_name(name)


# Joined here, so that a scanner of this repository has nothing to find.
@pytest.mark.parametrize("token", [
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc", "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a",
    "github_" + "pat_11ABCDEFG0abcdefghijkl_mnopqrst", "AK" + "IAIOSFODNN7EXAMPLE",
    "xo" + "xb-123456789012-abcdefghijkl", "AI" + "zaSyA1234567890abcdefghijklmnopqrstu",
    "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N", "gl" + "pat-abcdefghij0123456789",
    "SG" + ".ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8", HEX,
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIEow",
])  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "key={} end", "('{}')", "Bearer {}"])
def test_a_secret_by_shape(token: str, around: str) -> None:
    shown = mask_shapes(around.format(token))
    assert token[8:20] not in shown
    assert "***" in shown


@pytest.mark.parametrize(("text", "shown"), [
    ("postgres://shop:hunter2@db:5432/shop", "postgres://shop:***@db:5432/shop"),
    ("redis://:hunter2@redis:6379/1", "redis://:***@redis:6379/1"),
    ("amqp://u:p@ss/w0rd@mq//", "amqp://u:***@mq//"),
    ("smtp://me@x.example:hunter2@mail:25", "smtp://me@x.example:***@mail:25"),
    ("mysql --password hunter2 -u root", "mysql --password *** -u root"),
    ('{"user": "me", "password": "hunter2"}', '{"user": "me", "password": "***"}'),
    ("ssh://git@github.com:22/a", "ssh://git@github.com:22/a"),
    ("password=None key=get_key()", "password=None key=get_key()"),
    ("https://0123456789abcdef0123@sentry.example/4", "https://***@sentry.example/4"),
    ("https://git@github.com/a/b", "https://git@github.com/a/b"),
    ("redis://:{PASSWORD}@redis:6379/1", "redis://:{PASSWORD}@redis:6379/1"),
    ("postgres://u:${DB_PASSWORD}@db", "postgres://u:${DB_PASSWORD}@db"),
    ("host=db user=me password=hunter2 port=1", "host=db user=me password=*** port=1"),
    ("https://api.example/?page=2&api_key=abc123&x=1", "https://api.example/?page=2&api_key=***&x=1"),
    ("Authorization: Bearer abc123def456", "Authorization: Bearer ***"),
    ("https://hooks.slack.com/services/T000/B000/XXXX", "https://hooks.slack.com/services/***"),
])  # fmt: skip
def test_the_secret_part_is_masked(text: str, shown: str) -> None:
    assert mask_shapes(text) == shown


@pytest.mark.parametrize("text", [
    "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
    "/srv/shop/releases/20240131/static/app.3f2a9c81d4e5b6a7980c1d2e3f405162.js",
    "static/app.3f2a9c81d4e5b6a7980c1d2e3f405162.js", "https://example.com/very/long/path/to/a/page/1",
    r"^/api/v1/(?P<slug>[a-z0-9-]+)/items/(?P<pk>\d+)$", "%(asctime)s %(levelname)s %(message)s",
    "{levelname} {asctime} {module} {process:d}", "DATABASE_URL is unset", "en-gb", "Bearer tokens",
    "550e8400-e29b-41d4-a716-446655440000", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "utf8mb4_unicode_520_ci", "max-age=31536000; includeSubDomains; preload", "192.168.100.100:8000",
    "THE_QUICK_BROWN_FOX_JUMPS_OVER_13_LAZY_DOGS", "postgresql+psycopg2://db/shop",
    "MyVeryLongCamelCaseClassNameForVersion2", "config.settings.production", "a=b",
    "accept-encoding,authorization,x-csrftoken", "shop-production-eu-west-1.example.amazonaws.com",
])  # fmt: skip
def test_no_secret_by_shape(text: str) -> None:
    assert mask_shapes(text) == text
    assert not looks_random(text)


@pytest.mark.parametrize("text", [
    KEY, HEX, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY9", "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg==9X",
    "4eC39HqLyjWDarjtT1zdp7dcQw9",
])  # fmt: skip
def test_looks_random(text: str) -> None:
    assert looks_random(text)


@pytest.mark.parametrize(("name", "value", "shown"), [
    ("DEBUG", True, True),
    ("SESSION_COOKIE_AGE", 1209600, 1209600),
    ("ALLOWED_HOSTS", (".example.com", "localhost"), [".example.com", "localhost"]),
    ("X", {"b", "a", "c"}, ["a", "b", "c"]),
    ("X", {1: None, ("a", 1): 2.5}, {"1": None, "('a', 1)": 2.5}),
    ("X", b"abc", "b'abc'"),
    ("X", float("inf"), "inf"),
    ("X", 2**100, 2**100),
    ("X", Unknown("read from X"), {"unknown": "read from X"}),
    ("X", ["a", Unknown("read from X")], ["a", {"unknown": "read from X"}]),
    ("SECRET_KEY", KEY, {"secret": True, "length": 28}),
    ("SECRET_KEY", "", {"secret": True, "length": 0}),
    ("SECRET_KEY", b"abc", {"secret": True, "length": 3}),
    ("SECRET_KEY", None, None),
    ("REQUIRE_TOKEN", False, False),
    ("ADMIN_PIN", 1234, {"secret": True, "length": 4}),
    ("MAX_TOKENS", 4000, 4000),
    ("SECRET_KEY", Unknown("read from KEY"), {"unknown": "read from KEY"}),
    ("SECRET_KEY_FALLBACKS", ["abcd"], [{"secret": True, "length": 4}]),
    ("DATABASES", {"default": {"NAME": "shop", "PASSWORD": "shop"}},
     {"default": {"NAME": "shop", "PASSWORD": {"secret": True, "length": 4}}}),
    ("API_TOKENS", ["shop.tokens.Token"], ["shop.tokens.Token"]),
    ("PASSWORD_HASHERS", ["django.contrib.auth.hashers.Argon2PasswordHasher"],
     ["django.contrib.auth.hashers.Argon2PasswordHasher"]),
    ("DATABASE_URL", "postgres://u:hunter2@db/x", "postgres://u:***@db/x"),
    ("PLAIN", KEY, {"secret": True, "length": 28}),
    ("GIT_COMMIT", HEX, HEX),
])  # fmt: skip
def test_value(name: str, value: Any, shown: Any) -> None:
    masker = Masker()
    masker.learn(name, value)
    assert masker.value(name, value) == shown


@pytest.mark.parametrize("text", ["x", "a-", "://a:", "me:", "password ", '"a",', "curl -u ", "x="])
def test_a_long_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    Masker().source_line(text * (20_000 // len(text)))
    assert time.process_time() - started < 1


def test_a_huge_number_is_no_error() -> None:
    assert Masker().value("X", 10**5000) == {"unknown": "a number of 16610 bits"}


def test_a_container_that_holds_itself_is_no_error() -> None:
    loop: list[Any] = []
    loop.append(loop)
    masker = Masker()
    masker.learn("X", loop)
    assert "nested too deeply" in json.dumps(masker.value("X", loop))


@pytest.mark.parametrize(("text", "shown"), [
    ("redis://:s3cretpw@h", "redis://:***@h"),
    ("ValueError: bad key 's3cretpw'", "ValueError: bad key '***'"),
    ("s3cretpwx", "***x"),
    (f"starts with {KEY[:12]}", "starts with ***"),
    (f"… {KEY[9:20]} …", "… *** …"),
    (f"django-insecure-{KEY}", "django-insecure-***"),
    ("s%2Fcr%40t%2Bpw in a URL", "*** in a URL"),
    ("the postgres server of the shop", "the postgres server of the shop"),
    ("abc1 abc12", "*** abc12"),
])  # fmt: skip
def test_a_secret_by_value_is_masked_everywhere(text: str, shown: str) -> None:
    masker = Masker()
    masker.learn("SECRET_KEY", "django-insecure-" + KEY)
    masker.learn("DATABASES", {"default": {"USER": "shop", "PASSWORD": "s3cretpw"}})
    masker.learn("CACHES", {"default": {"PASSWORD": "s/cr@t+pw"}})
    # Too ordinary to be masked wherever it stands: that would tell more than it hides.
    masker.learn("OTHER_PASSWORD", "postgres")
    masker.learn("SHOP_PASSWORD", "shop")
    masker.learn("SHORT_PASSWORD", "abc1")
    assert masker.text(text) == shown


@pytest.mark.parametrize("text", [
    "Django needs a SECRET_KEY in some environments", "the SECRET_KEY of production", "WEBLATE_GITEA_HOST is set",
])  # fmt: skip
def test_words_of_a_sentence_are_no_secret(text: str) -> None:
    masker = Masker()
    masker.learn("password", ["", "A boolean that sets SECRET_KEY for a Django installation."])
    masker.learn("TOKENS", {Unknown("WEBLATE_GITEA_HOST in some environments"): "s3cretpw"})
    assert masker.text(text) == text
    assert masker.text("it is s3cretpw") == "it is ***"


def test_what_is_known_of_an_unknown_is_masked_too() -> None:
    masker = Masker()
    masker.learn("API_KEY", Unknown("…", prefix="s3cretprefix-", choices=("choice0ne", 1)))
    assert (
        masker.text("it starts with s3cretprefix-, or is choice0ne")
        == "it starts with ***, or is ***"
    )


@pytest.mark.parametrize(("line", "shown"), [
    ('SECRET_KEY = "abc"', 'SECRET_KEY = "***"'),
    ("SECRET_KEY = 'django-insecure-abc'", "SECRET_KEY = 'django-insecure-***'"),
    ('SECRET_KEY = os.environ["SECRET_KEY"]', 'SECRET_KEY = os.environ["SECRET_KEY"]'),
    ('SECRET_KEY = env("DJANGO_SECRET_KEY", default="abc")',
     'SECRET_KEY = env("DJANGO_SECRET_KEY", default="***")'),
    ('SECRET_KEY = os.getenv("KEY", "abc")  # was: def', 'SECRET_KEY = os.getenv("KEY", "***")'),
    ("SECRET_KEY = 'abc' 'def'", "SECRET_KEY = '***' '***'"),
    ('SECRET_KEY = """abc', 'SECRET_KEY = """***'),
    ('SECRET_KEY = "', 'SECRET_KEY = "'),
    ("SECRET_KEY = b'abc'", "SECRET_KEY = b'***'"),
    ('    "PASSWORD": "abc",', '    "PASSWORD": "***",'),
    ('DATABASES["default"]["PASSWORD"] = "abc"', 'DATABASES["default"]["PASSWORD"] = "***"'),
    ('SECRET_KEY = f"{PREFIX}-abc-{TAIL}"', 'SECRET_KEY = f"{PREFIX}***{TAIL}"'),
    ('URL = f"redis://:{PASSWORD}@h"', 'URL = f"redis://:{PASSWORD}@h"'),
    ('URL = "redis://:abc@h"', 'URL = "redis://:***@h"'),
    (f'X = "{KEY}"', 'X = "***"'),
    (f'X = 1  # {HEX}', "X = 1  # ***"),
    ('connect(password="abc")', 'connect(password="***")'),
    ('DEBUG = env.bool("DEBUG", True)  # see docs', 'DEBUG = env.bool("DEBUG", True)  # see docs'),
    ('SESSION_ENGINE = "django.contrib.sessions.backends.db"',
     'SESSION_ENGINE = "django.contrib.sessions.backends.db"'),
    ('SECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")',
     'SECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")'),
    ("SECRET_KEY = get_random_secret_key()", "SECRET_KEY = get_random_secret_key()"),
    ('for key in keys: print("a")', 'for key in keys: print("a")'),
])  # fmt: skip
def test_a_line_of_python(line: str, shown: str) -> None:
    assert Masker().source_line(line) == shown


@pytest.mark.parametrize(("line", "shown"), [
    ("ENV SECRET_KEY=abc DEBUG=1", "ENV SECRET_KEY=*** DEBUG=1"),
    ("ENV SECRET_KEY abc", "ENV SECRET_KEY ***"),
    ('ENV SECRET_KEY="a b" DEBUG=1', 'ENV SECRET_KEY="***" DEBUG=1'),
    ("      - SECRET_KEY=abc", "      - SECRET_KEY=***"),
    ("      SECRET_KEY: abc", "      SECRET_KEY: ***"),
    ("SECRET_KEY=a b c", "SECRET_KEY=***"),
    ("export TOKEN='abc'", "export TOKEN='***'"),
    ('  "SECRET_KEY": "abc",', '  "SECRET_KEY": "***",'),
    ("- {name: DB_PASSWORD, value: abc}", "- {name: DB_PASSWORD, value: ***}"),
    ("SECRET_KEY=${SECRET_KEY}", "SECRET_KEY=${SECRET_KEY}"),
    ("SECRET_KEY=${SECRET_KEY:-abc}", "SECRET_KEY=***"),
    ("SECRET_KEY: ${{ secrets.KEY }}", "SECRET_KEY: ${{ secrets.KEY }}"),
    ("web: SECRET_KEY=abc gunicorn shop.wsgi", "web: SECRET_KEY=***"),
    ("DATABASE_URL=postgres://u:abc@db/x", "DATABASE_URL=postgres://u:***@db/x"),
    ("DJANGO_SETTINGS_MODULE=config.settings", "DJANGO_SETTINGS_MODULE=config.settings"),
    ('CMD ["gunicorn", "shop.wsgi"]', 'CMD ["gunicorn", "shop.wsgi"]'),
])  # fmt: skip
def test_a_line_of_another_file(line: str, shown: str) -> None:
    assert Masker().source_line(line, "Dockerfile") == shown


SECRET = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*(-_=+)'\"\\/é", min_size=16, max_size=60).map(lambda text: "x7Q" + text)  # fmt: skip
WORDS = st.sampled_from(["NAME", "HOST", "OPTIONS", "default", "LOCATION", "BACKEND"])
LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=8)


def holding(secret: str) -> st.SearchStrategy[Any]:
    """Structures that hold the secret somewhere, alone or inside other text."""
    embedded = st.sampled_from(["{}", "redis://:{}@h/1", "x {} y", "'{}'", "a={}&b"]).map(
        lambda around: around.format(secret)
    )
    return st.recursive(
        LEAF
        | embedded
        | embedded.map(Unknown)
        | embedded.map(lambda text: Unknown("", prefix=text)),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.tuples(inner, inner)
            | st.dictionaries(WORDS | embedded, inner, max_size=3)
        ),
        max_leaves=8,
    )


@given(data=st.data(), secret=SECRET)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_planted_secret_is_never_shown(data: st.DataObject, secret: str) -> None:
    value = data.draw(holding(secret))
    masker = Masker()
    masker.learn("SECRET_KEY", secret)
    masker.learn("PLAIN", value)
    shown = [
        json.dumps(masker.value("PLAIN", value), ensure_ascii=False),
        masker.text(repr(value)),
        masker.text(f"read from {secret}"),
        masker.source_line(f"X = {secret!r}"),
        masker.source_line(f"X={secret}", ".env"),
    ]
    for text in shown:
        assert secret not in text
        assert repr(secret)[1:-1] not in text
        assert json.dumps(secret, ensure_ascii=False)[1:-1] not in text


# What is asked without a pattern says the same as the pattern would, or lets it decide.

TEXTS = st.text(st.sampled_from("aZ_09 -:=.\"'\n\t/@#ä…"), max_size=24)
ASSIGNED = st.builds(
    "{}{}{}{}".format, TEXTS, st.sampled_from(["KEY", "-key", "- key"]),
    st.sampled_from(["=", " = ", ": ", ":\t", " ", "='"]), TEXTS,
)  # fmt: skip


@given(TEXTS | ASSIGNED)
@settings(max_examples=500)
def test_what_a_pattern_of_pairs_matches_is_never_left_out(text: str) -> None:
    for pattern in _PAIRS:
        if re.search(pattern, text):
            assert _could_match(pattern, text)


@given(st.text(st.sampled_from("0f9aFxX.- /"), max_size=40), st.sampled_from(["", "0a" * 16]))
def test_a_row_of_hexadecimal_digits_is_never_left_out(text: str, row: str) -> None:
    if _HEX.search(text + row):
        assert _has_hex_run(text + row)


@given(st.text(st.sampled_from("aZzB09_ ./:-!(\t…"), min_size=1, max_size=12))
def test_words_and_telling_parts(text: str) -> None:
    if len(text) > 1:
        word = re.fullmatch(r"[a-z]{1,11}|[A-Z]{1,11}|[A-Z][a-z]{1,10}", text)
        assert _is_plain_word(text) == bool(word)
    telling = re.search(r"[0-9]|[a-z].*[A-Z]|[A-Z].*[a-z]|[^\w\s./:-]", text)
    assert _is_telling(text) == bool(telling)


@pytest.mark.parametrize(("source", "text", "shown"), [
    ("for env_key in ['SHOP_' + name, 'OLD_SHOP_' + name]:", "SHOP_DEBUG is unset", "SHOP_DEBUG is unset"),
    ("prefix = key or 'OLD_SHOP_'", "OLD_SHOP_DEBUG is unset", "OLD_SHOP_DEBUG is unset"),
    ("api_key = 'OLD_s3cretpw_'", "it is OLD_s3cretpw_", "it is ***"),
])  # fmt: skip
def test_how_names_of_variables_start_is_no_secret(source: str, text: str, shown: str) -> None:
    masker = Masker()
    masker.learn_source(source.encode(), "settings.py")
    assert masker.text(text) == shown
