"""Django's defaults, against the Django that is installed and the release notes."""

from __future__ import annotations

import pytest

from hardango.settings.defaults import BEFORE, LANGUAGES_SINCE, NEWEST, defaults_of

VERSIONS = [
    (1, 11), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2), (5, 0),
    (5, 1), (5, 2), (6, 0), (6, 1),
]  # fmt: skip


def test_the_defaults_are_those_of_the_installed_django() -> None:
    django = pytest.importorskip("django")
    version = django.VERSION[:2]
    if version not in VERSIONS:
        pytest.skip(f"Django {version} is newer than the newest that is known")
    from django.conf import global_settings

    real = {name: getattr(global_settings, name) for name in dir(global_settings) if name.isupper()}

    assert dict(defaults_of(version)) == real


@pytest.mark.parametrize(
    ("name", "values"),
    # Each value from the version it is given for, until the next; None stands for itself, "-" for
    # a name that the version does not have. Source: Django's release notes.
    [
        ("SECURE_CONTENT_TYPE_NOSNIFF", {(1, 11): False, (3, 0): True}),
        ("X_FRAME_OPTIONS", {(1, 11): "SAMEORIGIN", (3, 0): "DENY"}),
        ("SECURE_REFERRER_POLICY", {(1, 11): "-", (3, 0): None, (3, 1): "same-origin"}),
        ("SECURE_CROSS_ORIGIN_OPENER_POLICY", {(1, 11): "-", (4, 0): "same-origin"}),
        ("SECURE_CSP", {(1, 11): "-", (6, 0): {}}),
        ("SECURE_BROWSER_XSS_FILTER", {(1, 11): False, (4, 0): "-"}),
        ("SESSION_COOKIE_SAMESITE", {(1, 11): "-", (2, 1): "Lax"}),
        ("CSRF_COOKIE_SAMESITE", {(1, 11): "-", (2, 1): "Lax"}),
        ("SECRET_KEY_FALLBACKS", {(1, 11): "-", (4, 1): []}),
        ("USE_TZ", {(1, 11): False, (5, 0): True}),
        ("USE_L10N", {(1, 11): False, (4, 0): True, (5, 0): "-"}),
        ("MIDDLEWARE", {(1, 11): None, (2, 0): []}),
        ("STATICFILES_STORAGE", {
            (1, 11): "django.contrib.staticfiles.storage.StaticFilesStorage", (5, 1): "-",
        }),
        ("DEFAULT_AUTO_FIELD", {
            (1, 11): "-", (3, 2): "django.db.models.AutoField",
            (6, 0): "django.db.models.BigAutoField",
        }),
        ("FILE_UPLOAD_PERMISSIONS", {(1, 11): None, (3, 0): 0o644}),
        ("PASSWORD_RESET_TIMEOUT", {(1, 11): "-", (3, 1): 259200}),
        ("PASSWORD_RESET_TIMEOUT_DAYS", {(1, 11): 3, (4, 0): "-"}),
        ("TASKS", {
            (1, 11): "-",
            (6, 0): {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}},
        }),
        # Named in 6.1, but without a default there.
        ("MAILERS", {(1, 11): "-"}),
    ],
)  # fmt: skip
def test_a_default_changes_with_its_version(
    name: str, values: dict[tuple[int, int], object]
) -> None:
    for version in VERSIONS:
        since = max(each for each in values if each <= version)
        assert defaults_of(version).get(name, "-") == values[since], version


def test_every_default_password_hasher_exists_in_its_version() -> None:
    def hashers(version: tuple[int, int]) -> list[str]:
        return [str(path).rpartition(".")[2] for path in defaults_of(version)["PASSWORD_HASHERS"]]  # type: ignore[attr-defined]

    assert hashers((6, 1))[-1] == "ScryptPasswordHasher"
    assert "ScryptPasswordHasher" not in hashers((3, 2))
    assert hashers((1, 11))[-1] == "BCryptPasswordHasher"
    assert all(hashers(version)[0] == "PBKDF2PasswordHasher" for version in VERSIONS)


def test_unknown_versions_are_answered_with_the_nearest() -> None:
    assert defaults_of((1, 8)) == defaults_of((1, 11))
    assert defaults_of((9, 0)) == defaults_of((6, 1)) == NEWEST


def test_languages_come_with_their_version() -> None:
    def codes(version: tuple[int, int]) -> set[str]:
        return {code for code, _ in defaults_of(version)["LANGUAGES"]}  # type: ignore[attr-defined]

    for code, since in LANGUAGES_SINCE.items():
        before = VERSIONS[VERSIONS.index(since) - 1]
        assert code in codes(since) and code not in codes(before)


def test_the_differences_are_told_newest_first() -> None:
    steps = [version for version, _ in BEFORE]
    assert steps == sorted(steps, reverse=True)
