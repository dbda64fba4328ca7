"""The secret key is secret, random, and only Django's.

With SECRET_KEY Django signs what it hands out and takes back: password-reset links, signed
cookies, messages, with signed_cookies whole sessions. Whoever knows the key writes a reset link
for any account without being sent a mail. A key in the source is known to everyone who ever saw
the repository, an image of the container or a backup, and stays in the history for ever.

The key belongs into the environment or a secret store, with settings that do not load without it
(`SECRET_KEY = os.environ["SECRET_KEY"]`). A fallback in the source for the case that the variable
is missing means that a typing error in the deployment runs production on a public key, silently.
A key that is made anew at each start ends every session with each restart, and two workers do not
accept what the other one signed. A key that signs for something else as well (the tokens of an
API) cannot be changed for one without the other, and leaks with either.

To change the key without logging everybody out, put the old one in SECRET_KEY_FALLBACKS (Django
4.1) for as long as what it signed has to live, and then take it out: it is as powerful as the
new one. hardango never shows a key, only where it stands and how long it is; of a key that comes
from the environment it cannot see whether it is good.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    django_check,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.values import alternatives, names_of, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

SECRET_KEY = Control(
    "secret-key",
    title="Secret key",
    weakness="The secret key is not a secret of production's own",
    severity=Severity.CRITICAL,
    settings=("SECRET_KEY", "SECRET_KEY_FALLBACKS"),
    attack="Whoever knows the key writes valid password-reset links and signed cookies for any "
    "account.",
    remedy='Read it from the environment without a fallback, as in os.environ["SECRET_KEY"], and '
    "give production a new one: django.core.management.utils.get_random_secret_key() makes it.",
    references=(
        django_check("security.W009"), django_check("security.W025"), asvs("13.3.1"), cwe(798),
        cwe(321), docs("ref/settings/#secret-key"), docs("topics/signing/"),
    ),
)  # fmt: skip

LENGTH, DIFFERENT = 50, 5
"""A key has at least so many characters, and so many different ones, says security.W009."""

INSECURE = "django-insecure-"
"""What `startproject` puts before the key that it writes into the settings."""

FLAG = "--"
"""How the place of a variable begins that was given on the command line."""

SHARED_FROM = 8
"""A text shorter than that is not taken for a shared key: it can be there by chance."""

OF_THE_MACHINE = frozenset((
    "ALLOWED_HOSTS", "CI", "DEBUG", "DJANGO_DEBUG", "DJANGO_SETTINGS_MODULE", "DYNO",
    "ENVIRONMENT", "FLY_APP_NAME", "GIT_COMMIT", "HEROKU_APP_NAME", "HOME", "HOST", "HOSTNAME",
    "LANG", "LOGNAME", "PATH", "PORT", "PWD", "RENDER_GIT_COMMIT", "SERVER_NAME", "SHELL",
    "TZ", "USER", "USERNAME",
))  # fmt: skip
"""Variables of which others know the value."""

OTHER_USES = frozenset((
    "AWS", "BROKER", "CELERY", "DATABASE", "DB", "DSN", "EMAIL", "GITHUB", "GOOGLE",
    "MAILGUN", "MYSQL", "OPENAI", "PG", "POSTGRES", "POSTGRESQL", "RABBITMQ", "REDIS", "SENDGRID",
    "SLACK", "SMTP", "STRIPE", "TWILIO",
))  # fmt: skip
"""Words in the name of a variable that holds a secret for something else than Django."""

GUESSABLE = (
    "gethostname()", "getfqdn()", "the name of the host", "an address of the host", "os.uname()",
    "the network address of the host", "the time of the start", "date.today()", "datetime.now()",
    "datetime.today()", "datetime.utcnow()", "the process id", "the name of the user",
    "platform.node()",
)  # fmt: skip
"""How the evaluation names what differs from machine to machine and is no secret."""

NO_KEY = "There is no secret key: Django does not start"
NO_KEY_GAINS = (
    "Nothing by itself; but whoever has to get the site up in a hurry writes a key into the source."
)

RANDOM = "The secret key is another one at each start"
RANDOM_GAINS = "Nothing by itself; but whoever has to keep the site up until the next start writes a key into the source."

NODES, DEPTH = 5000, 6
"""How much of the other settings is looked through for the key."""


@SECRET_KEY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    outcomes = list(alternatives(settings, "SECRET_KEY"))
    refuses = not all(truth(outcome.value) is False for outcome in outcomes)
    for outcome in outcomes:
        if truth(outcome.value) is False:
            yield empty(outcome, refuses=refuses)
        else:
            yield from of_key(settings, outcome, "SECRET_KEY", outcome.value)
            yield from shared(settings, outcome)
    if "SECRET_KEY_FALLBACKS" in settings.defaults and "SECRET_KEY_FALLBACKS" in settings:
        for outcome in alternatives(settings, "SECRET_KEY_FALLBACKS"):
            yield from of_fallbacks(settings, outcome)


def empty(outcome: Outcome, *, refuses: bool) -> Judgement:
    """There is no key in this case, and Django does not start without one."""
    if refuses:
        return good(outcome, "Without SECRET_KEY Django refuses to start")
    state = "not set" if outcome.default else "empty"
    message = f"SECRET_KEY is {state}: Django refuses to start"
    found = bad(outcome, message, severity=Severity.LOW)
    return found._replace(weakness=NO_KEY, attack=NO_KEY_GAINS)


def of_key(settings: Settings, outcome: Outcome, name: str, value: object) -> Iterator[Judgement]:
    """One key, without a word of what it says. `name` is the setting or the item of a list."""
    if isinstance(value, Unknown):
        yield of_unknown(outcome, name, value)
        return
    if not isinstance(value, (str, bytes)):
        yield bad(outcome, f"{name} is no text", severity=Severity.MEDIUM)
        return
    flaws = weaknesses(value)
    committed = tuple(reading for reading in outcome.readings if in_project(reading.place.file))
    if outcome.readings and not committed:
        if flaws:
            message = f"{name} {' and '.join(flaws)}"
            yield bad(outcome, message, severity=Severity.HIGH)
        else:
            yield good(outcome, f"{name} was given to this audit, and is long and varied")
        return
    also = f"; it {' and '.join(flaws)}" if flaws else f"; it is {len(value)} characters long"
    outcome = outcome._replace(readings=committed)
    if committed:
        yield bad(outcome, f"{name} has a value that stands in a file of the project{also}")
    elif outcome.condition.certain or settings.loads.implies(outcome.condition):
        yield bad(outcome, f"{name} stands in the source, for everyone who sees it{also}")
    else:
        yield bad(outcome, f"{name} falls back to a key that stands in the source{also}")


def in_project(file: str) -> bool:
    """Whether a value was read in the project, and not given to this audit: as a flag, or in a
    file elsewhere."""
    return not file.startswith((FLAG, "/", ".."))


def of_unknown(outcome: Outcome, name: str, value: Unknown) -> Judgement:
    """A key that is not in the repository, as it should be, or that could not be read."""
    if value.fresh and value.kept:
        return good(outcome, f"{name} is made at random and kept in a file for the next start")
    if value.fresh:
        message = (
            f"{name} is random at each start: a restart ends all sessions and reset links, and "
            "workers do not accept what another one signed"
        )
        return bad(outcome, message, severity=Severity.LOW)._replace(
            weakness=RANDOM, attack=RANDOM_GAINS
        )
    if value.prefix.startswith(INSECURE):
        return bad(outcome, f'{name} starts with "{INSECURE}"', severity=Severity.HIGH)
    if value.longest is not None and value.longest < LENGTH:
        source = f" of {names_of(value.variables)}" if value.variables else ""
        message = f"{name} is a part{source} of at most {counted(value.longest, 'character')}"
        return bad(outcome, message, severity=Severity.HIGH)
    foreign = of_another_use(value)
    if foreign:
        return bad(outcome, f"{name} {foreign[0]}", severity=foreign[1])
    if value.variables:
        return good(
            outcome,
            f"{name} comes from {names_of(value.variables)}, which is not in the repository "
            "(hardango cannot see whether it is long and random)",
        )
    if any(word in f"{value.reason} {value.subject}" for word in GUESSABLE):
        message = f"{name} is made of what can be guessed: {value.subject}"
        return bad(outcome, message, severity=Severity.HIGH)
    return unreadable(outcome, why_unknown(name, value))


def of_another_use(value: Unknown) -> tuple[str, Severity] | None:
    """What the names of the variables tell that a key is read from, if that is no key of
    Django's, and how bad that is."""
    if not value.variables:
        return None
    names = [(variable, set(variable.upper().split("_"))) for variable in value.variables]
    source = names_of(value.variables)
    if value.reason == f"read from {source}" and all("FILE" in words for _, words in names):
        return f"is what {source} says, by its name where to find it and not the key", Severity.HIGH
    if all(variable in OF_THE_MACHINE for variable, _ in names):
        return f"is made of {source}, which is no secret", Severity.HIGH
    if all(not words.isdisjoint(OTHER_USES) and "DJANGO" not in words for _, words in names):
        return (
            f"is made of {source}, by its name for another use: neither can be changed without "
            "the other, and a leak of one is a leak of both"
        ), Severity.MEDIUM
    return None


def of_fallbacks(settings: Settings, outcome: Outcome) -> Iterator[Judgement]:
    """The keys that are still accepted. Yields only what is wrong or not known."""
    name, value = "SECRET_KEY_FALLBACKS", outcome.value
    if isinstance(value, Unknown):
        if not value.variables:
            yield unreadable(outcome, why_unknown(name, value))
        return
    if not isinstance(value, (list, tuple)):
        message = f"{name} is no list: Django refuses to start"
        yield bad(outcome, message, severity=Severity.LOW)
        return
    for number, item in enumerate(value):
        for judgement in of_key(settings, outcome, f"{name}[{number}]", item):
            if judgement.opinion is not Opinion.GOOD:
                yield judgement


def weaknesses(key: str | bytes) -> list[str]:
    """What makes a key guessable, as sentences without a subject."""
    text = key.decode("latin-1") if isinstance(key, bytes) else key
    found = []
    if text.startswith(INSECURE):
        found.append(f'starts with "{INSECURE}"')
    if len(text) < LENGTH:
        found.append(f"is only {counted(len(text), 'character')} long")
    if len(set(text)) < DIFFERENT:
        found.append(f"has only {counted(len(set(text)), 'different character')}")
    return found


def shared(settings: Settings, key: Outcome) -> Iterator[Judgement]:
    """Where the same key is used for something else as well."""
    value = key.value
    if isinstance(value, (str, bytes)) and len(value) < SHARED_FROM:
        return
    left = [NODES]
    for name in settings.names():
        # Nobody else reads a private name: it holds the key for SECRET_KEY itself.
        if name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS") or name.startswith("_"):
            continue
        for outcome in settings[name]:
            where = find(outcome.value, value, name, left, DEPTH)
            if not where:
                continue
            both = outcome._replace(condition=key.condition & outcome.condition, readings=())
            if both.condition.possible:
                yield bad(
                    both,
                    f"SECRET_KEY is used as {where} too: neither can be changed without the other, "
                    "and a leak of one is a leak of both",
                    severity=Severity.MEDIUM,
                )


def find(value: object, key: object, at: str, left: list[int], depth: int) -> str:
    """Where in a setting the key stands ("SIMPLE_JWT['SIGNING_KEY']"), "" if nowhere."""
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        return ""
    if value is key or (
        isinstance(key, (str, bytes)) and type(value) is type(key) and value == key
    ):
        return at
    if isinstance(value, dict):
        items = [(f"{at}[{name!r}]", item) for name, item in value.items()]
    elif isinstance(value, (list, tuple)):
        items = [(f"{at}[{number}]", item) for number, item in enumerate(value)]
    else:
        return ""
    for place, item in items:
        found = find(item, key, place, left, depth - 1)
        if found:
            return found
    return ""


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@SECRET_KEY.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import FromEnvironment

    yield FromEnvironment(
        "SECRET_KEY", "DJANGO_SECRET_KEY", secret=True, development="only for development",
        risk="production needs its key in a variable, or it does not start; a new key ends all "
        "sessions, unless the old one is kept in SECRET_KEY_FALLBACKS for a while",
    )  # fmt: skip
    if "SECRET_KEY_FALLBACKS" in settings.defaults:  # Django 4.1
        yield FromEnvironment(
            "SECRET_KEY_FALLBACKS", "DJANGO_SECRET_KEY_FALLBACKS", kind="list", secret=True,
            optional=True, rotation=True, risk="a key in SECRET_KEY_FALLBACKS is as powerful as the "
            "new one: take it out as soon as what it signed has run out",
        )  # fmt: skip
