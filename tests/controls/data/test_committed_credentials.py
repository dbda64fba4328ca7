"""Credentials outside the source."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.environment import Environment, Value
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Place, Unknown

PG = "django.db.backends.postgresql"
RANDOM = "wJalrXUtnFEMI7K8MDENG5bPxRfiCYzzKEY4q1"
CHOSEN = "Kx7!shopdb"


def database(password: object, host: str = "db.example.com") -> dict[str, object]:
    return {"default": {"ENGINE": PG, "USER": "u", "HOST": host, "PASSWORD": password}}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SECRET_KEY": RANDOM},
        {"SECRET_KEY": RANDOM, "SIMPLE_JWT": {"SIGNING_KEY": RANDOM}},
        {"DATABASES": database(Unknown("read from DB_PASSWORD", variables=("DB_PASSWORD",)))},
        {"DATABASES": database("postgres")},
        {"DATABASES": database("")},
        {"EMAIL_HOST_PASSWORD": ""},
        {"EMAIL_HOST_PASSWORD": "changeme"},
        {"EMAIL_HOST_PASSWORD": "your-password-1"},
        {"EMAIL_HOST_PASSWORD": "<password>"},
        {"AWS_SECRET_ACCESS_KEY": "XXXXXXXXXXXXXXXX"},
        {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7WWWWWWW"},
        {"STRIPE_SECRET_KEY": "sk_test_4eC39HqLyjWDarjtT1zdp7dc"},
        {"STRIPE_PUBLISHABLE_KEY": "pk_live_4eC39HqLyjWDarjtT1zdp7dc"},
        {"RECAPTCHA_PUBLIC_KEY": "6Lc1aZ0UAAAAAB9xkq0Yp1ZqW3e5r7t9y1u3i5o7"},
        {"RECAPTCHA_PRIVATE_KEY": "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"},
        {"GOOGLE_MAPS_API_KEY": "AIzaSyD3x9mQ2v7k4w1z8r5t0y6u3i9o2p4a7s1"},
        {"SENTRY_DSN": "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2"},
        {"CELERY_BROKER_URL": "amqp://guest:guest@localhost:5672//"},
        {"CELERY_BROKER_URL": "redis://redis:6379/0"},
        {"CSRF_COOKIE_NAME": "csrftoken", "CSRF_HEADER_NAME": "HTTP_X_CSRFTOKEN"},
        {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"]},
        {"AUTH_TOKEN": "shop.tokens.SignedToken"},
        {"PASSWORD_RESET_TOKEN": "reset_token_field"},
        {"CACHE_MIDDLEWARE_KEY_PREFIX": "shop1"},
        {"VAPID_KEY": "short"},
        {"RATE_LIMITS": {"change_password": "1/m/user", "login": "5/m"}},
        {"FRONTEND_PATHS": {"password": "auth/password?step=1"}},
        {"LOGIN_PASSWORD_HELP": "At least 8 characters, one of them a digit!"},
        {"API_TOKEN_FILE": "/run/secrets/api_token1"},
        {"API_SECRET": "/run/secrets/api_token1"},
        {"JWT_PUBLIC_KEY": "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----"},
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("committed-credentials", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "name"),
    [
        ({"DATABASES": database(CHOSEN)}, Severity.HIGH, "DATABASES['default']['PASSWORD']"),
        ({"DATABASES": database(CHOSEN, "localhost")}, Severity.LOW, "the same machine only"),
        ({"EMAIL_HOST_PASSWORD": CHOSEN}, Severity.HIGH, "EMAIL_HOST_PASSWORD"),
        ({"AWS_SECRET_ACCESS_KEY": RANDOM}, Severity.HIGH, "AWS_SECRET_ACCESS_KEY"),
        ({"STORAGES": {"default": {"OPTIONS": {"secret_key": RANDOM}}}}, Severity.HIGH, "secret_key"),
        ({"CELERY_BROKER_URL": f"amqp://u:{CHOSEN}@mq.example.com//"}, Severity.HIGH, "The password in"),
        ({"CACHES": {"default": {"LOCATION": [f"redis://:{CHOSEN}@r.example.com"]}}}, Severity.HIGH, "LOCATION"),
        ({"PAYMENT": "sk_live_4eC39HqLyjWDarjtT1zdp7dc"}, Severity.HIGH, "PAYMENT"),
        ({"FERNET_KEY": b"h1Kq9vZ2bX7mT4wR8yU3oP6aS5dF0gJlNcVeBnQkLzM="}, Severity.HIGH, "FERNET_KEY"),
        ({"GITHUB_CLIENT_SECRET": RANDOM}, Severity.HIGH, "GITHUB_CLIENT_SECRET"),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object], severity: Severity, name: str) -> None:
    finding = judged("committed-credentials", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert name in finding.message
    assert not any(each in finding.message for each in (CHOSEN, RANDOM, "sk_live"))


def test_an_address_on_the_same_machine_only_on_demand(judged) -> None:
    settings = {"PSQL_HOST": f"postgres://u:{CHOSEN}@localhost:5432/shop"}
    assert judged("committed-credentials", settings, pedantic=False).verdict is Verdict.PASS
    assert judged("committed-credentials", settings).verdict is Verdict.FAIL


def test_a_fallback(judged) -> None:
    asked = Unknown("read from KEY", variables=("KEY",))
    finding = judged("committed-credentials", {"API_SECRET": {"if KEY is unset": RANDOM, "else": asked}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("KEY is unset",))
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("file", "verdict"),
    [(".env", Verdict.FAIL), ("--env", Verdict.PASS), ("/run/prod.env", Verdict.PASS)],
)
def test_where_the_variable_is_set(judged, tmp_path, file: str, verdict: Verdict) -> None:
    (tmp_path / "production.py").write_text("import os\nMAIL_PASSWORD = os.environ['MAIL']\n")
    given = Environment({"MAIL": Value(CHOSEN, Place(file, 1))})
    root = str(tmp_path)
    settings = evaluate("production", root=root, import_roots=(root,), environment=given)
    finding = judged("committed-credentials", settings, deployment=Deployment())
    assert finding.verdict is verdict, finding.message
