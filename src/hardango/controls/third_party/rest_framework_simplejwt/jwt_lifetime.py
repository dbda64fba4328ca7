"""A token that was stolen is soon worth nothing.

An access token of djangorestframework-simplejwt is believed for what is written in it: until it expires, nobody
asks the database whether it was taken back. Neither a logout nor a new password ends it. The refresh token, which
gives new access tokens, lives longer, and can be taken back only where a blacklist is kept.

So the access token lives for minutes (`ACCESS_TOKEN_LIFETIME`, 5 by default). With `ROTATE_REFRESH_TOKENS` each use
of a refresh token gives a new one; the old one is only refused with `BLACKLIST_AFTER_ROTATION`, and that needs
`rest_framework_simplejwt.token_blacklist` in INSTALLED_APPS: without it the library goes on without a word.

What breaks: clients that do not refresh are logged out when their token expires. hardango says of an access token
that lives longer than an hour, and of a missing blacklist, only with `--pedantic`. No check of Django looks at it.
`CHECK_REVOKE_TOKEN` (5.5) at least ends tokens when the password changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.options import SIMPLE_JWT, Option, judged_where_used, option
from hardango.controls.stack import app
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

JWT_LIFETIME = Control(
    "jwt-lifetime",
    title="Life of API tokens",
    weakness="A stolen API token works for a long time",
    severity=Severity.LOW,
    settings=("SIMPLE_JWT", "INSTALLED_APPS"),
    attack="Whoever gets hold of a token, from a log, a device or a script in a page, acts as its user for as "
    "long as it lives, whatever the user does.",
    remedy="Keep ACCESS_TOKEN_LIFETIME at minutes and set ROTATE_REFRESH_TOKENS and BLACKLIST_AFTER_ROTATION, with "
    '"rest_framework_simplejwt.token_blacklist" in INSTALLED_APPS.',
    references=(
        asvs("7.3.2"), asvs("7.4.1"), cwe(613),
        docs("https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html"),
    ),
)  # fmt: skip

HOUR, DAY = 3600, 86400
ACCESS = (HOUR, DAY, 30 * DAY)
"""From where on an access token lives too long for the pedant, for anybody, and for a medium."""
REFRESH = (90 * DAY, 365 * DAY, None)
BLACKLIST = "rest_framework_simplejwt.token_blacklist"


@JWT_LIFETIME.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(settings, deployment, SIMPLE_JWT, of_tokens, "INSTALLED_APPS")


def of_tokens(case: Case) -> Iterator[Judgement]:
    access = option(case, "SIMPLE_JWT", "ACCESS_TOKEN_LIFETIME")
    refresh = option(case, "SIMPLE_JWT", "REFRESH_TOKEN_LIFETIME")
    found = [
        *of_lifetime(case, access, "an access token", ACCESS),
        *of_lifetime(case, refresh, "a refresh token", REFRESH),
        *of_blacklist(case),
    ]
    yield from found
    if not found:
        yield good(case, "Tokens live shortly, and old ones are refused", "SIMPLE_JWT")


def of_lifetime(
    case: Case, found: Option, what: str, limits: tuple[int, int, int | None]
) -> Iterator[Judgement]:
    """Whether a token lives too long; the defaults do not."""
    if found.default:
        return
    seconds = getattr(found.value, "total_seconds", None)
    if seconds is None:
        why = found.unread or f"{found.name} is no timedelta"
        yield unreadable(case, why, found.setting)._replace(pedantic=True)
        return
    pedant, anybody, medium = limits
    if seconds() <= pedant:
        return
    severity = Severity.MEDIUM if medium is not None and seconds() >= medium else Severity.LOW
    message = f"{found.name} is {spelled(seconds())}: for so long {what} works, whoever has it"
    yield bad(case, message, found.setting, severity=severity, pedantic=seconds() <= anybody)


def spelled(seconds: float) -> str:
    days, hours = int(seconds // DAY), int(seconds % DAY // HOUR)
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{hours} hour{'s' if hours > 1 else ''}"


def of_blacklist(case: Case) -> Iterator[Judgement]:
    """Whether an old refresh token is refused."""
    rotated = option(case, "SIMPLE_JWT", "ROTATE_REFRESH_TOKENS", False)
    listed = option(case, "SIMPLE_JWT", "BLACKLIST_AFTER_ROTATION", False)
    there = app(case, BLACKLIST)
    if truth(rotated.value) and truth(listed.value):
        if there.sure is False:
            message = (
                f"{listed.name} is on, and {BLACKLIST} is not in INSTALLED_APPS: old refresh tokens"
            )
            yield bad(case, f"{message} are not refused", listed.setting)
        elif there.sure is None:
            yield unreadable(
                case, f"Whether {BLACKLIST} is installed: {there.why}", "INSTALLED_APPS"
            )
    elif rotated.unread or listed.unread:
        why = rotated.unread or listed.unread
        yield unreadable(case, why, rotated.setting)._replace(pedantic=True)
    elif truth(rotated.value):
        message = f"{listed.stated}: a refresh token works on after it was exchanged for a new one"
        yield bad(case, message, listed.setting, pedantic=True)
    elif there.sure is False:
        message = f"{BLACKLIST} is not in INSTALLED_APPS: no refresh token can be taken back"
        yield bad(case, message, "INSTALLED_APPS", pedantic=True)


@JWT_LIFETIME.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop, Include

    kinds = (("ACCESS_TOKEN_LIFETIME", ACCESS[1]), ("REFRESH_TOKEN_LIFETIME", REFRESH[1]))
    for case in settings.cases("SIMPLE_JWT", "INSTALLED_APPS"):
        for key, limit in kinds:
            seconds = getattr(option(case, "SIMPLE_JWT", key).value, "total_seconds", None)
            if seconds is not None and limit is not None and seconds() > limit:
                yield Drop("SIMPLE_JWT", (key,), safe=False, risk="clients that don't renew their "
                           "tokens are logged out after the package's default")  # fmt: skip
        both = [truth(option(case, "SIMPLE_JWT", key, False).value)
                for key in ("ROTATE_REFRESH_TOKENS", "BLACKLIST_AFTER_ROTATION")]  # fmt: skip
        if all(both) and app(case, BLACKLIST).sure is False:
            yield Include("INSTALLED_APPS", BLACKLIST, safe=False,
                          risk="renewing a token fails until `manage.py migrate` was run")  # fmt: skip
        return
