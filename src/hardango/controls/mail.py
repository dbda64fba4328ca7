"""How a project sends mail: the settings EMAIL_*, or MAILERS from Django 6.1."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.services import entries, get, item
from hardango.light import NamedTuple
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

SMTP = "django.core.mail.backends.smtp.EmailBackend"
BACKENDS = "django.core.mail.backends."

OLD = (
    "EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL",
    "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD",
)  # fmt: skip


BY_SETTINGS = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")


class Mailer(NamedTuple):
    """One way of sending mail: `case` where it is configured so, `setting` the leading name,
    `name` what to call it, `alias` its key in MAILERS, and what its backend is given."""

    case: Case
    setting: str
    name: str
    alias: str
    old: bool
    backend: object
    host: object
    port: object
    tls: object
    ssl: object


def mailers(settings: Settings) -> Iterator[Mailer]:
    """Every way of sending mail that Django would use, in each case."""
    new = settings.django >= (6, 1) and "MAILERS" in settings
    for case in settings.cases("MAILERS") if new else ():
        value: object = case["MAILERS"]
        if value is None and case.outcomes["MAILERS"].default:
            yield from _by_settings(settings.given(case.condition))
            continue
        for alias, entry in entries(value):
            options = get(entry, "OPTIONS", {})
            yield Mailer(
                case, "MAILERS", item("MAILERS", alias), str(alias), False,
                get(entry, "BACKEND", SMTP),
                get(options, "host"), get(options, "port"), get(options, "use_tls"),
                get(options, "use_ssl"),
            )  # fmt: skip
    if not new:
        yield from _by_settings(settings)


def none_at_all(settings: Settings) -> Iterator[Outcome]:
    """Where MAILERS is empty: no mail is sent."""
    if settings.django >= (6, 1) and "MAILERS" in settings:
        yield from (each for each in settings["MAILERS"] if each.value == {})


def _by_settings(settings: Settings) -> Iterator[Mailer]:
    """By the settings EMAIL_*: first how, then where, so that few combinations are looked at."""
    for how in settings.cases("EMAIL_BACKEND", "EMAIL_USE_TLS", "EMAIL_USE_SSL"):
        for where in settings.given(how.condition).cases("EMAIL_HOST", "EMAIL_PORT"):
            both = Case({**how.outcomes, **where.outcomes}, how.condition & where.condition)
            if both.condition.possible:
                values = (both.outcomes[name].value for name in BY_SETTINGS)
                yield Mailer(both, "EMAIL_HOST", "EMAIL_HOST", "", True, *values)


def delivers_by_smtp(settings: Settings, backend: object) -> bool | None:
    """Whether a backend speaks SMTP with the settings that Django's does; None: not known."""
    if isinstance(backend, Unknown) or not isinstance(backend, str):
        return None
    if backend == SMTP:
        return True
    if backend.startswith(BACKENDS):
        return False
    definition = settings.definition(backend)
    if definition is not None:
        return True if SMTP in definition.bases else None
    return None if any(word in backend.lower() for word in WRAPPERS) else False


WRAPPERS = ("celery", "post_office", "queue", "smtp", "mailer", "async", "gmail", "log", "debug",
            "multi")  # fmt: skip
"""What is in the name of a backend that hands mail on to another one, or speaks SMTP itself."""
