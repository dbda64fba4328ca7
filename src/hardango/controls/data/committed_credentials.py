"""Passwords, keys and tokens do not stand in the source.

What is committed is known to everybody who ever had the repository: colleagues who left, the machine that
builds, an image of the container, a backup, the world if it becomes public. Programs search new commits for
keys within minutes and use what they find: they send mail with it, read the bucket, start servers on the
bill. It stays in the history for ever.

Credentials belong into the environment or a secret store, with settings that do not load without them
(`os.environ["DB_PASSWORD"]`). A value in the source as a fallback means that production runs on it,
silently, when the variable is missing. A committed `.env` file is source, too.

To mend it, make a new credential where it is used, and only then take the old one out of the source: taking
it out alone changes nothing for those who have it. What breaks: every place that has the old one.

hardango takes a literal for a credential if the name says so and the value looks like one: placeholders
("changeme", "your-api-key", "<token>"), known test keys and well-known words against a service on the same
machine are left out, and public values (site keys, DSNs, client ids) as well. SECRET_KEY has a control of
its own, and so have passwords that are the first to be tried. No value is ever shown, only its name, place
and length.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good_at,
    unreadable_at,
)  # fmt: skip
from hardango.controls.services import Where, address, is_trivial, locate
from hardango.controls.start.secret_key import in_project
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.patterns import Pattern
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings
from hardango.settings.secret_names import WORDS, is_secret_name
from hardango.settings.secret_shapes import CLASS_PATH, can_be_password, looks_chosen, looks_random

if TYPE_CHECKING:
    from hardango.edits import Edit

COMMITTED_CREDENTIALS = Control(
    "committed-credentials",
    title="Credentials outside the source",
    weakness="A credential of production stands in the source",
    severity=Severity.HIGH,
    settings=(
        "DATABASES", "CACHES", "STORAGES", "EMAIL_HOST_PASSWORD", "AWS_SECRET_ACCESS_KEY",
        "CELERY_BROKER_URL",
    ),
    attack="Whoever gets to see the repository, an image or a backup uses the service in the "
    "application's name.",
    remedy="Make a new credential, read it from the environment without a fallback, as in "
    'os.environ["DB_PASSWORD"], and withdraw the old one: it stays in the history.',
    references=(
        asvs("13.3.1"), cwe(798), cwe(540), docs("howto/deployment/checklist/"),
        docs("https://12factor.net/config"),
    ),
)  # fmt: skip

OWNED = frozenset(("SECRET_KEY", "SECRET_KEY_FALLBACKS"))
"""What `secret-key` judges, and settings that have a secret's name and hold none."""

PUBLIC = frozenset((
    "SITE", "PUBLIC", "PUBLISHABLE", "MAPS", "MAP", "MAPBOX", "SENTRY", "ANALYTICS", "CLIENT",
    "DSN", "TEST", "TESTS", "TESTING", "SANDBOX", "VERSION", "HEADER", "COOKIE", "SESSION", "CACHE",
    "CSRF", "ALGOLIA", "FIELD", "PARAM", "TTL", "PREFIX", "MODEL", "CLASS", "URL", "RECAPTCHA_SITE",
))  # fmt: skip
"""Words in a name that say: what it holds is public, or only about a secret. A "client secret" is
one all the same."""

ACTIONS = frozenset(("CHANGE", "RESET", "FORGOT", "SET", "CONFIRM", "CREATE", "VERIFY", "REFRESH"))
"""First words of names that speak of what is done with a secret: "change_password"."""

STRONG = frozenset((
    "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "SECRET", "TOKEN", "APIKEY", "CREDENTIALS",
))  # fmt: skip
"""Last words of names that surely hold a secret."""

_PLACEHOLDER = Pattern(
    r"(?i)change.?(me|it|this)|your|example|placeholder|insert|replace|dummy|fake|todo|fixme|x{3,}|\.{3}"
    r"|\*{3}|not.?(set|real|used|a|secret)|unused|<|>|\{|\$\(|\$\{|%\(|^(none|null|n/a|na|unset|empty|false|true"
    r"|undefined|invalid|missing|mock|sample|foo|bar|baz|foobar|abc|abc123|0+|secret_?key|api_?key|token)$"
    r"|insecure|test|^AIza|^6LeIxAcTAAAAA|^dev|development|local|demo"
)
_TOKEN = Pattern(
    r"(?:sk|rk)_live_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}"
    r"|xox[bpars]-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|pypi-[\w-]{32,}|dop_v1_\w{32,}|shpat_\w{16,}"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?s:.*)"
)
_STARTS = ("sk_", "rk_", "gh", "glpat-", "xox", "SG.", "pypi-", "dop_", "shpat_", "-----BEGIN ")
"""Values that are a credential whatever they are called, and how each of them starts: a pattern of
which no text needs to be asked is not compiled."""

NODES, DEPTH = 4000, 6
IN_ADDRESS = "The password in "


class Found(NamedTuple):
    """A credential: where it stands, its text, and the host that it opens ("?" for any other); the
    `keys` that lead to it in its setting, and the `whole` text that it is a part of."""

    name: str
    text: str
    host: object = "?"
    keys: tuple[object, ...] = ()
    whole: str = ""


@COMMITTED_CREDENTIALS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    yield good_at(settings, "No credential was found in the source")
    left = [NODES]
    for _, outcome, found in all_credentials(settings, left):
        yield from judged(settings, outcome, found, deployment)
    if left[0] <= 0:
        yield unreadable_at(settings, "There are too many settings to look through all of them")


def all_credentials(settings: Settings, left: list[int]) -> Iterator[tuple[str, Outcome, Found]]:
    """The credentials in every setting that the project sets."""
    keys = {
        outcome.value
        for name in OWNED
        if name in settings
        for outcome in settings[name]
        if isinstance(outcome.value, (str, bytes))
    }
    for name in settings.names():
        if name in OWNED:
            continue
        for outcome in settings[name]:
            if outcome.default or left[0] <= 0:
                continue
            for found in credentials(name, (), outcome.value, left, DEPTH):
                if found.text not in keys:
                    yield name, outcome, found


def judged(
    settings: Settings, outcome: Outcome, found: Found, deployment: Deployment
) -> Iterator[Judgement]:
    """What a credential in the source gives away. Nothing is said of one that was given to this
    audit."""
    committed = tuple(each for each in outcome.readings if in_project(each.place.file))
    if outcome.readings and not committed:
        return
    where = Where.PUBLIC if found.host == "?" else locate(found.host, "", deployment).where
    sure = outcome.condition.certain or settings.loads.implies(outcome.condition)
    severity = Severity.HIGH if sure else Severity.MEDIUM
    here = where is Where.HERE
    if here or where is Where.UNSURE:
        severity = Severity.LOW if here else Severity.MEDIUM
    verb = "has a value that stands in a file of the project" if committed else (
        "stands in the source" if sure else "falls back to a value that stands in the source"
    )  # fmt: skip
    also = ", though it opens a service of the same machine only" if here else ""
    length = f"{len(found.text)} characters long"
    yield bad(
        outcome._replace(readings=committed),
        f"{found.name} {verb}, {length}{also}",
        severity=severity,
        pedantic=here and (not sure or found.name.startswith(IN_ADDRESS)),
    )


def credentials(
    setting: str,
    keys: tuple[object, ...],
    value: object,
    left: list[int],
    depth: int,
    host: object = "?",
) -> Iterator[Found]:
    """The credentials in one setting, with the path to each."""
    left[0] -= 1
    name = next((each for each in reversed(keys) if isinstance(each, str)), setting)
    path = setting + "".join(f"[{each!r}]" for each in keys)
    if left[0] < 0 or depth < 0:
        return
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        for found in of_text(path, name, value, host):
            yield found._replace(keys=keys, whole=value)
    elif isinstance(value, dict):
        near = value.get("HOST", host) if "ENGINE" in value else host
        others = value.get("USER"), value.get("NAME")
        for key, item in value.items():
            trivial = isinstance(item, str) and "ENGINE" in value and is_trivial(item, *others)
            if isinstance(key, str) and not trivial:
                yield from credentials(setting, (*keys, key), item, left, depth - 1, near)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from credentials(setting, (*keys, number), item, left, depth - 1, host)


def of_text(path: str, name: str, value: str, host: object) -> Iterator[Found]:
    """Whether a text is a credential, or an address with a password in it."""
    if not 4 <= len(value) <= 8000:
        return
    bare = value.strip()
    if bare.startswith(_STARTS) and _TOKEN.fullmatch(bare):
        yield Found(path, value, host)
    elif "://" in value:
        yield from of_address(path, value)
    elif is_credential(name, value):
        yield Found(path, value, host)


def of_address(path: str, value: str) -> Iterator[Found]:
    """The password in an address; that of an error reporter (Sentry) is public."""
    for one in value.split(";"):
        match = _USERINFO.match(one.strip())
        if match is None or match["scheme"].lower() in ("http", "https"):
            continue
        host, password = address(one).host, match["password"]
        if not (is_trivial(password, match["user"]) or _PLACEHOLDER.search(password)):
            yield Found(f"{IN_ADDRESS}{path}", password, host)


_USERINFO = Pattern(r"(?P<scheme>[\w+.-]+)://(?P<user>[^/?#@:]*):(?P<password>[^/?#]+)@")


def is_credential(name: str, value: str) -> bool:
    """Whether a literal is a secret by its name and its look."""
    if not is_secret_name(name) or not can_be_password(value) or _PLACEHOLDER.search(value):
        return False
    words = [word.upper() for word in WORDS.findall(name)]
    strong = words[-1] in STRONG or tuple(words[-2:]) in (("SECRET", "KEY"), ("ACCESS", "KEY"))
    if words[0] in ACTIONS:
        return False
    if not PUBLIC.isdisjoint(words) and words[-1] not in ("SECRET", "PASSWORD"):
        return False
    if " " in value or "/" in value[:1] or _NO_SECRET.fullmatch(value):
        return False
    if looks_random(value) or (strong and looks_chosen(value)):
        return True
    return strong and words[-1] not in ("TOKEN", "PASS") and _VARIED.fullmatch(value) is not None


_NO_SECRET = Pattern(
    rf"{CLASS_PATH}|[\w-]+(?:\.[a-z_][\w-]*)+|[A-Z_]+|[a-z]+(?:[_-][a-z]+)+|\d{{1,5}}"
)
_VARIED = Pattern(r"(?=.*[A-Za-z])(?=.*[\d!@#$%^&*?+=~])[^/\s]{6,}")


@COMMITTED_CREDENTIALS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import FromEnvironment

    moved = set()
    for name, outcome, found in all_credentials(settings, [NODES]):
        if outcome.readings or found.whole in moved:  # a file of variables is no Python
            continue
        moved.add(found.whole)
        yield FromEnvironment(
            name, variable_for(name, found.keys), secret=True, text=found.whole, keys=found.keys,
            development="only for development",
            risk="production needs its credentials in variables, or it does not start",
        )  # fmt: skip


_SERVICES = {"DATABASES": "DB", "CACHES": "CACHE", "CHANNEL_LAYERS": "CHANNELS"}
"""What a service is called in the name of a variable."""

_SAID = {"DEFAULT": "", "OPTIONS": "", "LOCATION": "URL"}
"""How a key is said in the name of a variable, if not as it is."""

_SEPARATORS = Pattern(r"[^A-Za-z0-9]+")

_OF_THEMSELVES = 3
"""A key of so many words says by itself what it is for: MAILGUN_API_KEY."""


def variable_for(name: str, keys: tuple[object, ...]) -> str:
    """The variable for what stands there: DB_PASSWORD, DB_REPLICA_PASSWORD, EMAIL_HOST_PASSWORD."""
    words = [str(_SEPARATORS.sub("_", each)).strip("_") for each in keys if isinstance(each, str)]
    words = [each.upper() for each in words]
    if words and words[-1].count("_") >= _OF_THEMSELVES - 1:
        return words[-1]
    words = [_SAID.get(each, each) for each in words]
    return "_".join([_SERVICES.get(name, name), *filter(None, words)])
