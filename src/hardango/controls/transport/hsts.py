"""Browsers are told to come back over HTTPS only.

Until a browser has seen this header, one request over plain HTTP is enough for someone on the
same network to take the session: the redirect to HTTPS is itself an answer over HTTP, and can be
replaced. `Strict-Transport-Security: max-age=N` makes the browser use HTTPS by itself for N
seconds, and forbids clicking a certificate warning away.

It has to last: a year is what the preload list and ASVS ask for. It also cannot be taken back
before N seconds have passed, so it is raised in steps, with a week of nothing going wrong at each:
an hour, a day, a week, a month, a year. `includeSubDomains` covers every name below the domain,
also those that another team serves over HTTP. `preload` asks for a place in the list that
browsers ship with, which takes months to leave again; it needs a year and includeSubDomains.

Django writes the value as it is: the text "0" is true in Python, so the header is sent and says
`max-age=0`, which switches HSTS off in browsers that had it on. A float, a negative number or
True make a header that browsers ignore. The header is sent on HTTPS only: behind a proxy that ends
TLS it needs SECURE_PROXY_SSL_HEADER. A proxy can send it as well: if it does,
say so in the configuration (`headers`).
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    django_check,
    docs,
    elsewhere,
    good,
    rfc,
    unreadable,
)  # fmt: skip
from hardango.controls.proxy_header import corrected, judge_header
from hardango.controls.stack import (
    SECURITY,
    SECURITY_HINTS,
    Wanted,
    look_alike,
    middleware,
    stack_setting,
)  # fmt: skip
from hardango.controls.switches import state
from hardango.controls.topology import adds_header, moved
from hardango.controls.values import alternatives, said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, Any
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site


HSTS = Control(
    "hsts",
    title="HTTP Strict Transport Security",
    weakness="Browsers are not told to stay on HTTPS",
    severity=Severity.MEDIUM,
    settings=(
        "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "MIDDLEWARE",
        "SECURE_PROXY_SSL_HEADER",
    ),
    attack="Someone on the same network keeps a visitor on plain HTTP and reads passwords and "
    "sessions, even though the site redirects to HTTPS.",
    remedy="Raise SECURE_HSTS_SECONDS in steps: 3600, 86400, 604800, 2592000, and 31536000 (a year) "
    "once nothing broke. Add SECURE_HSTS_INCLUDE_SUBDOMAINS when every subdomain is on HTTPS, and "
    "SECURE_HSTS_PRELOAD last.",
    references=(
        django_check("security.W004"), django_check("security.W005"),
        django_check("security.W021"), asvs("3.4.1"), cwe(319), rfc(6797),
        docs("ref/middleware/#http-strict-transport-security"),
        docs("https://hstspreload.org/#submission-requirements"),
    ),
)  # fmt: skip

HOUR = 3600
HALF_A_YEAR = 180 * 24 * HOUR
YEAR = 365 * 24 * HOUR

SENDING = Wanted(
    SECURITY,
    hooks=("process_response",),
    hints=(*SECURITY_HINTS, "hsts", "stricttransport"),
    words=("strict-transport-security",),
)
"""The middleware that sends the header."""


@HSTS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    sent = settings.space.false
    by_proxy = adds_header(deployment, "Strict-Transport-Security")
    for case in settings.cases(stack):
        found = middleware(settings, case, stack, SENDING)
        if found.sure:
            sent = sent | case.condition
        elif by_proxy:
            yield elsewhere(case, by_proxy, stack)
        elif found.sure is None:
            yield unreadable(
                case, f"Whether Django sends the header is not known: {found.why}", stack
            )
        else:
            message = f"SecurityMiddleware is not in {stack}, so that nothing sends the header"
            yield bad(case, message, stack)
    for outcome in alternatives(settings, "SECURE_HSTS_SECONDS"):
        where_sent = outcome._replace(condition=outcome.condition & sent)
        if where_sent.condition.possible:
            yield from of_seconds(settings, where_sent, stack, by_proxy)
    yield from of_preload(settings)
    meant = sent & settings.where("SECURE_HSTS_SECONDS", lambda value: truth(value) is not False)
    for outcome in alternatives(settings, "SECURE_PROXY_SSL_HEADER"):
        where_meant = outcome._replace(condition=outcome.condition & meant)
        if where_meant.condition.possible:
            then = ", and HSTS is never sent"
            wrong = judge_header(where_meant, deployment, then, settings.django)
            yield from moved(wrong, by_proxy)


def of_seconds(
    settings: Settings, outcome: Outcome, stack: str, by_proxy: str
) -> Iterator[Judgement]:
    """What header follows from SECURE_HSTS_SECONDS, where SecurityMiddleware is installed."""
    name, value = "SECURE_HSTS_SECONDS", outcome.value
    stated = state(Case({name: outcome}, outcome.condition), name)
    if isinstance(value, Unknown) and truth(value) is None:
        yield unreadable(outcome, why_unknown(name, value))
        return
    seconds = seconds_of(value)
    if not truth(value):
        yield from moved(no_header(settings, outcome, stack, stated), by_proxy)
    elif seconds is None:
        yield bad(
            outcome,
            f"{name} is {said(value)}, of which Django makes a header that browsers ignore",
        )
    elif hasattr(value, "rollback"):
        yield of_stage(outcome, stated, value)
    elif seconds == 0:
        yield bad(
            outcome,
            f"{name} is {said(value)}, a text and so true in Python: the header says max-age=0, "
            "which switches HSTS off where a browser had it on",
        )
    elif seconds < HOUR:
        yield bad(outcome, f"{stated}: after {seconds} seconds a browser forgets it again")
    elif seconds < HALF_A_YEAR:
        yield bad(
            outcome,
            f"{stated}, a stage on the way to a year: a visitor who comes back after "
            f"{span(seconds)} is unprotected",
            severity=Severity.LOW,
        )
    else:
        short = "; a year (31536000) is what ASVS and the preload list ask for"
        yield good(outcome, stated + (short if seconds < YEAR else ""))


def of_stage(outcome: Outcome, stated: str, stage: Any) -> Judgement:
    """What `hsts.schedule()` gives on the day of the audit."""
    if stage.rollback:
        return bad(outcome, "The schedule is rolled back: browsers are told to forget HSTS",
                   severity=Severity.LOW)  # fmt: skip
    if stage.full is None:
        return bad(outcome, f"{stated}, and the schedule is held at a stage below a year",
                   severity=Severity.LOW)  # fmt: skip
    return good(outcome, f"{stated} today; the schedule has a year from {stage.full} on")


def no_header(settings: Settings, outcome: Outcome, stack: str, stated: str) -> Iterator[Judgement]:
    """The setting is off; another middleware could still send the header."""
    for case in settings.cases(stack):
        both = outcome._replace(condition=outcome.condition & case.condition)
        if not both.condition.possible:
            continue
        other = look_alike(settings, case, stack, SENDING)
        if other:
            yield unreadable(both, f"{stated}, and {other}")
        else:
            yield bad(both, f"{stated}: Django sends no HSTS header")


def of_preload(settings: Settings) -> Iterator[Judgement]:
    """Whether a header that asks for preloading fulfils the list's terms. Yields only what is
    wrong."""
    for case in settings.cases(
        "SECURE_HSTS_PRELOAD", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS"
    ):
        if truth(case["SECURE_HSTS_PRELOAD"]) is not True or not truth(case["SECURE_HSTS_SECONDS"]):
            continue
        seconds = seconds_of(case["SECURE_HSTS_SECONDS"])
        missing = []
        if seconds and seconds < YEAR:
            missing.append("a year in SECURE_HSTS_SECONDS")
        if truth(case["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) is False:
            missing.append("SECURE_HSTS_INCLUDE_SUBDOMAINS")
        if missing:
            yield bad(
                case,
                f"SECURE_HSTS_PRELOAD is on without {' and '.join(missing)}: the preload list "
                "refuses the site",
                "SECURE_HSTS_PRELOAD",
                severity=Severity.LOW,
            )


def seconds_of(value: object) -> int | None:
    """The max-age that browsers read from what Django writes; None if they ignore the header.

    RFC 6797 §6.1.1 wants digits and nothing else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip() if isinstance(value, str) else str(value) if value < 10**12 else "9"
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        return None
    return int(text)


def span(seconds: int) -> str:
    """A length of time in words, for people: "7 days"."""
    days, hours = seconds // 86400, seconds // HOUR
    return f"{days} days" if days > 1 else f"{hours} hours" if hours > 1 else "an hour"


def is_short(value: object) -> bool:
    return not isinstance(value, Unknown) and (seconds_of(value) or 0) < HOUR


@HSTS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Include

    short = settings.where("SECURE_HSTS_SECONDS", is_short)
    if short.possible:
        yield Assign(
            "SECURE_HSTS_SECONDS", HOUR, development=0,
            beside=("Then 86400, 604800, 2592000, and 31536000 (a year) when nothing broke.",),
        )  # fmt: skip
    yield from corrected(settings)
    yield Assign(
        "SECURE_HSTS_INCLUDE_SUBDOMAINS", True, development=False, safe=False,
        risk="a subdomain that answers over plain HTTP only can't be reached by who was here",
    )  # fmt: skip
    if settings.where("SECURE_HSTS_PRELOAD", lambda value: truth(value) is True).possible:
        return
    yield Include(
        "SILENCED_SYSTEM_CHECKS", "security.W021", safe=False,
        risk="manage.py check no longer reminds of preloading, which takes months to leave again",
        beside=("Preloading is decided for good, once a year of HSTS went well.",),
    )  # fmt: skip


@HSTS.prove
def prove(site: Site) -> Iterator[Proof]:
    """The header as browsers read it, on each kind of answer."""
    from hardango.controls.answers import answers, names_of, without
    from hardango.controls.seen import redirected
    from hardango.evidence import inconclusive, proven, refuted, unanswered

    if not site.https:
        yield inconclusive("no address of the site with HTTPS is known")
        return
    found = [each for each in answers(site) if each.exchange.request.secure
             and (each.shown or redirected(each.exchange))]  # fmt: skip
    if not found:
        yield unanswered(site.get("/", base=site.https))
        return
    first = found[0].exchange
    bare = [each for each in found if not each.exchange.get("Strict-Transport-Security")]
    if len(bare) == len(found):
        yield refuted("no answer has Strict-Transport-Security", first)
        return
    sent = next(each.exchange for each in found if each not in bare)
    headers = sent.all("Strict-Transport-Security")
    seconds, subdomains, preload = header_of(headers[0])
    if seconds is None:
        yield refuted("browsers ignore this header", sent, marks=headers)
    elif seconds < HOUR:
        yield refuted(f"after {seconds} seconds a browser forgets it again", sent, marks=headers)
    elif seconds < HALF_A_YEAR:
        yield refuted(f"a visitor who comes back after {span(seconds)} is unprotected", sent,
                      marks=headers, severity=Severity.LOW)  # fmt: skip
    elif len({" ".join(each.lower().split()) for each in headers}) > 1:
        yield refuted("it is sent twice with different values, of which browsers take the first",
                      sent, marks=headers, severity=Severity.LOW)  # fmt: skip
    elif preload and (seconds < YEAR or not subdomains):
        missing = "a year" if seconds < YEAR else "includeSubDomains"
        yield refuted(f"it asks for preloading without {missing}: the list refuses the site", sent,
                      marks=headers, severity=Severity.LOW)  # fmt: skip
    elif bare:
        yield refuted(f"{bare[0].name} comes without it", bare[0].exchange, severity=Severity.LOW)
    else:
        where = names_of(found) + without(site, "Strict-Transport-Security", found)
        yield proven(f"browsers stay on HTTPS for {span(seconds)}: {where}", sent, marks=headers)


def header_of(value: str) -> tuple[int | None, bool, bool]:
    """max-age, includeSubDomains and preload of a header; None where browsers ignore it."""
    given: dict[str, str] = {}
    for each in value.split(";"):
        name, _, said = each.partition("=")
        if name.strip():
            given.setdefault(name.strip().lower(), said.strip().strip('"'))
    return seconds_of(given.get("max-age", "")), "includesubdomains" in given, "preload" in given
