"""Only sites that are meant to can read the answers with their scripts.

A browser lets the script of one site send a request to another one, and keeps the answer from it, unless
that answer says that this origin may read it. django-cors-headers adds what says so. With
`CORS_ALLOW_CREDENTIALS` the request carries the visitor's cookies, and the answer is what the visitor would
see.

`CORS_ALLOW_ALL_ORIGINS` with credentials is therefore no CORS at all: every page that a visitor opens can read,
and with the token that it reads also write, whatever the visitor can. What holds it back is the SameSite
attribute of the session cookie alone, which other sites on the same domain get round. Without
credentials, all origins read what anybody can; that is right for a public API, and still opens what only the
network protects. The origin `null` is that of every sandboxed frame, so it is everybody; an entry without a
scheme is compared with the empty parts of `null` and matches it. A regular expression is matched from its
start only: without `$` it accepts `https://shop.example.attacker.example`, and a dot that is not escaped
accepts any sign. An `http://` origin is whatever somebody on the way makes of it.

What breaks: a front end on another domain that isn't listed. List its exact origins. django-cors-headers has
checks for the form of entries (corsheaders.E013), Django none for what they allow.
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
    doubted,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.options import of_maybe, whole
from hardango.controls.origin_patterns import TooIntricate, accepts_http, stranger
from hardango.controls.packages import at_least
from hardango.controls.stack import Wanted, middleware, stack_setting
from hardango.controls.suffixes import is_local
from hardango.controls.switches import any_text, state
from hardango.controls.values import operator_decides, said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

ALL = ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
LIST = ("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST")
PATTERNS = ("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST")
CREDENTIALS = "CORS_ALLOW_CREDENTIALS"
COOKIE, URLS = "SESSION_COOKIE_SAMESITE", "CORS_URLS_REGEX"
NAMES = (*ALL, *LIST, *PATTERNS, CREDENTIALS, URLS)
PACKAGE = "django-cors-headers"

CORS_ORIGINS = Control(
    "cors-origins",
    title="Sites whose scripts read the answers",
    weakness="Scripts of other sites can read the answers",
    severity=Severity.MEDIUM,
    settings=(*ALL, *LIST, *PATTERNS, CREDENTIALS, COOKIE, "MIDDLEWARE"),
    attack="A page that a visitor opens reads, with the visitor's login where credentials are allowed, what "
    "the site answers.",
    remedy="List the exact https:// origins of the front ends in CORS_ALLOWED_ORIGINS, and turn "
    "CORS_ALLOW_CREDENTIALS off where no cookie is needed; end regular expressions with $ and escape dots.",
    person="which front ends the site has is not in the files",
    references=(
        asvs("3.4.2"), cwe(942), cwe(346),
        docs("https://github.com/adamchainz/django-cors-headers#configuration"),
        docs("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS"),
    ),
)  # fmt: skip

CORS = Wanted("corsheaders.middleware.CorsMiddleware", ("add_response_headers", "process_response"))


@CORS_ORIGINS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    # 3.5.0 brought the newer names; before, nothing reads them.
    first = 1 if at_least(deployment, PACKAGE, (3, 5)) is False else 0
    for case in settings.cases(stack, *NAMES, COOKIE):
        there = middleware(settings, case, stack, CORS)
        if there.sure is False:
            yield not_applicable(case, f"CorsMiddleware is not in {stack}", stack)
            continue
        open_to, listed, patterns = (
            in_effect(case, each[first:]) for each in (ALL, LIST, PATTERNS)
        )
        found = list(of_switch(settings, case, open_to))
        if not found or not truth(case[open_to]):
            found += of_list(case, listed, deployment)
            found += of_patterns(case, patterns)
        for each in found:
            unnamed = not there.sure and not any(name in settings for name in NAMES)
            yield of_maybe(doubted(each, "" if there.sure else there.why), unnamed)
        if not found:
            yield good(case, "Only the origins that are listed read answers", listed, patterns)


def in_effect(case: Case, names: tuple[str, ...]) -> str:
    """Which of two names of one setting counts: the first that the project sets."""
    return next((name for name in names if not case.outcomes[name].default), names[-1])


def gain(case: Case) -> Severity:
    """What reading the answers gives: with credentials, what the visitor's cookies open."""
    if truth(case[CREDENTIALS]) is not True:
        return Severity.LOW
    same: object = case[COOKIE]
    held = isinstance(same, Unknown) or (
        isinstance(same, str) and same.lower() in ("lax", "strict")
    )
    return Severity.MEDIUM if held else Severity.HIGH


def how(case: Case) -> str:
    """How much of an answer is read, as the end of a sentence."""
    on = truth(case[CREDENTIALS])
    if on is None:
        return f"reads the answers; whether {CREDENTIALS} is on is not known"
    if not on:
        return "reads what is answered without a login"
    if gain(case) is Severity.HIGH:
        return f"reads what a visitor's login gives ({CREDENTIALS} is on)"
    return f"reads what cookies give that browsers send to other sites ({CREDENTIALS} is on)"


def of_switch(settings: Settings, case: Case, name: str) -> Iterator[Judgement]:
    """Whether all origins are allowed."""
    outcome = case.outcomes[name]
    if outcome.default:
        return
    on = truth(outcome.value)
    if on is None:
        if name in settings:
            why = any_text(name, outcome) or operator_decides(settings[name], outcome)
        else:
            why = whole(case, name).unread
        yield unreadable(case, why, name, severity=gain(case))
    elif on:
        where = f", where {URLS} matches" if isinstance(case[URLS], str) else ""
        message = f"{state(case, name)}: every site {how(case)}{where}"
        yield bad(case, message, name, CREDENTIALS, severity=gain(case))


def of_list(case: Case, name: str, deployment: Deployment) -> Iterator[Judgement]:
    """What entries of the list let others in."""
    value: object = case[name]
    if isinstance(value, Unknown):
        yield not_known(case, name, why_unknown(name, value))
        return
    for item in value if isinstance(value, (list, tuple, set, frozenset)) else ():
        if isinstance(item, Unknown):
            yield not_known(case, name, why_unknown(f"An item of {name}", item))
        elif isinstance(item, str):
            yield from of_origin(case, name, item, deployment)


def of_origin(case: Case, name: str, origin: str, deployment: Deployment) -> Iterator[Judgement]:
    """What one entry lets in that it should not."""
    scheme, separator, host = origin.partition("://")
    if origin == "null":
        message = f"{name} has 'null', the origin of every sandboxed frame: every site {how(case)}"
        yield bad(case, message, name, CREDENTIALS, severity=gain(case))
    elif not separator and at_least(deployment, PACKAGE, (3, 0)):
        message = (
            f"{name} has {said(origin)} without a scheme, which matches the origin 'null': every"
        )
        yield bad(case, f"{message} site {how(case)}", name, CREDENTIALS, severity=gain(case))
    elif scheme == "http":
        local = is_local(host)
        what = "whatever runs there" if local else "everybody on the way"
        yield weak(case, f"{name} has {said(origin)}: {what} {how(case)}", name, local)


def of_patterns(case: Case, name: str) -> Iterator[Judgement]:
    """What the regular expressions let in that they should not."""
    value: object = case[name]
    if isinstance(value, Unknown):
        yield not_known(case, name, why_unknown(name, value))
        return
    for item in value if isinstance(value, (list, tuple)) else ():
        pattern: object = getattr(item, "pattern", item)
        if isinstance(item, Unknown):
            yield not_known(case, name, why_unknown(f"An item of {name}", item))
        elif isinstance(pattern, str):
            yield from of_pattern(case, name, pattern)


def of_pattern(case: Case, name: str, pattern: str) -> Iterator[Judgement]:
    try:
        other, plain = stranger(pattern), accepts_http(pattern)
    except TooIntricate:
        message = f"{name} has {said(pattern)}, which is too intricate for hardango"
        yield not_known(case, name, message)
        return
    if other:
        message = f"{name} has {said(pattern)}, which also accepts {other}: such a site {how(case)}"
        severity = min(gain(case), Severity.MEDIUM)
        yield bad(case, message, name, CREDENTIALS, severity=severity)
    elif plain:
        message = f"{name} has {said(pattern)}, which accepts http://: everybody on the way"
        yield weak(case, f"{message} {how(case)}", name)


def weak(case: Case, message: str, name: str, local: bool = False) -> Judgement:
    """Somebody in between reads the answers: more than the common need without credentials."""
    pedantic = local or truth(case[CREDENTIALS]) is False
    return bad(case, message, name, CREDENTIALS, severity=Severity.LOW, pedantic=pedantic)


def not_known(case: Case, name: str, message: str) -> Judgement:
    """An entry that is not known: as bad as what credentials can open."""
    found = unreadable(case, message, name, severity=Severity.LOW)
    return found._replace(pedantic=truth(case[CREDENTIALS]) is False)


@CORS_ORIGINS.prove
def prove(site: Site) -> Iterator[Proof]:
    """Origins that a careless list or pattern lets in."""
    from hardango.controls.seen import host_of, main
    from hardango.evidence import proven, refuted, unanswered

    name = host_of(main(site)).partition(":")[0]
    asked = []
    for origin in (f"https://hardango{name}", "null"):
        for path in ("/", "/api/"):
            if path != "/" and origin == "null":
                continue
            answer = site.get(path, ("Origin", origin), base=main(site))
            asked.append(answer)
            allowed = answer.get("Access-Control-Allow-Origin").strip()
            trusted = answer.get("Access-Control-Allow-Credentials").strip().lower() == "true"
            if allowed == origin:
                yield refuted(
                    f"scripts from {origin} may read the answers"
                    + (", with the visitor's login" if trusted else ""), answer, marks=(allowed,),
                    severity=None if trusted else Severity.LOW,
                )  # fmt: skip
                return
    answered = [each for each in asked if each.response is not None]
    if not answered:
        yield unanswered(asked[0])
    else:
        yield proven("no script of another site may read the answers with a login", *answered)
