"""Whoever comes over plain HTTP is sent to HTTPS.

A page that is served over HTTP can be read and changed by everyone on the way: the Wi-Fi, the
provider, a hotel's router. With `SECURE_SSL_REDIRECT = True` SecurityMiddleware answers such a
request with a permanent redirect before any view runs. Many set-ups redirect in the proxy
instead, which is as good; hardango cannot see the proxy and judges what Django itself does, unless
the configuration says that the proxy redirects.

What undoes it, without a warning from `check --deploy`:

- `SECURE_REDIRECT_EXEMPT` is a list of regular expressions, searched for anywhere in the path
  without its leading slash. An empty one, as `"".split(",")` leaves it, exempts everything; so
  does a text in place of the list, of which every character is an expression.
- `SECURE_PROXY_SSL_HEADER` names a key of `request.META`: "HTTP_X_FORWARDED_PROTO", not
  "X-Forwarded-Proto". With a wrong name Django takes every request that a proxy passes on for
  plain HTTP: the redirect goes round in circles, and HSTS is never sent.
- `SECURE_SSL_HOST` is a bare host name; an address with "https://" leads nowhere.

Turned on behind a proxy that ends TLS, the redirect loops until SECURE_PROXY_SSL_HEADER says how
the proxy tells the scheme. That header must be set or removed by the proxy for every request,
or any client can claim HTTPS. Health checks over HTTP get a redirect: exempt their one path.
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
    unreadable,
)  # fmt: skip
from hardango.controls.patterns import TooIntricate, matching
from hardango.controls.proxy_header import corrected, judge_header
from hardango.controls.stack import (
    SECURITY,
    SECURITY_HINTS,
    Presence,
    Wanted,
    look_alike,
    middleware,
    stack_setting,
)  # fmt: skip
from hardango.controls.switches import judge_switch, state
from hardango.controls.topology import moved
from hardango.controls.topology import redirects as redirects_in_front
from hardango.controls.values import alternatives, said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

SSL_REDIRECT = Control(
    "ssl-redirect",
    title="Redirect to HTTPS",
    weakness="Django does not send plain HTTP requests to HTTPS",
    severity=Severity.MEDIUM,
    settings=(
        "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT", "SECURE_SSL_HOST",
        "SECURE_PROXY_SSL_HEADER", "MIDDLEWARE",
    ),
    attack="Someone on the same network reads and changes pages, passwords and session cookies of "
    "whoever types the address without https://, unless a proxy redirects first.",
    remedy="Set SECURE_SSL_REDIRECT = True, exempt at most the path of the health check, and behind "
    'a proxy that ends TLS set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https").',
    references=(
        django_check("security.W008"), asvs("4.1.2"), asvs("12.2.1"), cwe(319),
        docs("ref/settings/#secure-ssl-redirect"),
        docs("ref/settings/#secure-proxy-ssl-header"),
    ),
)  # fmt: skip

REDIRECTING = Wanted(
    SECURITY,
    hooks=("process_request",),
    hints=(
        *SECURITY_HINTS, "sslify", "sslredirect", "httpsredirect", "forcessl", "forcehttps",
        "sslmiddleware",
    ),
    words=("is_secure", "https:", "x-forwarded-proto", "x_forwarded_proto"),
)  # fmt: skip
"""The middleware that redirects."""

PRIVATE = ("accounts/login/", "admin/login/", "login", "api/v1/orders/42")
"""Paths, as Django matches them, over which something private goes in many projects."""

ANY = (*PRIVATE, "checkout/pay", "x7Q-zz~9_w")


@SSL_REDIRECT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    by_proxy = redirects_in_front(deployment)
    for case in settings.cases("SECURE_SSL_REDIRECT", stack):
        yield from moved([redirects(settings, case, stack)], by_proxy)
    on = settings.where("SECURE_SSL_REDIRECT", lambda value: truth(value) is not False)
    for outcome in settings["SECURE_REDIRECT_EXEMPT"]:
        where_on = outcome._replace(condition=outcome.condition & on)
        if where_on.condition.possible:
            yield from moved(of_exemptions(where_on), by_proxy)
    for outcome in alternatives(settings, "SECURE_SSL_HOST"):
        where_on = outcome._replace(condition=outcome.condition & on)
        if where_on.condition.possible:
            yield from of_host(where_on)
    loops = on & ~settings.where("SECURE_REDIRECT_EXEMPT", exempts_everything)
    for outcome in alternatives(settings, "SECURE_PROXY_SSL_HEADER"):
        for condition, then in ((loops, ", and the redirect loops"), (~loops, "")):
            there = outcome._replace(condition=outcome.condition & condition)
            if there.condition.possible:
                yield from judge_header(there, deployment, then, settings.django)


def redirects(settings: Settings, case: Case, stack: str) -> Judgement:
    """Whether the redirect is on, and there is a middleware that sends it."""
    name = "SECURE_SSL_REDIRECT"
    found = middleware(settings, case, stack, REDIRECTING)
    if found.sure is False:
        return bad(
            case, f"SecurityMiddleware is not in {stack}, so that nothing redirects", stack, name
        )
    if found.sure is None and truth(case[name]) is not None:
        return unreadable(case, f"{state(case, name)}, and {found.why}", stack, name)
    other = look_alike(settings, case, stack, REDIRECTING)
    if other and truth(case[name]) is False:
        return unreadable(case, f"{state(case, name)}, and {other}", stack, name)
    off = "Django answers over plain HTTP, unless a proxy in front redirects"
    return judge_switch(settings, case, name, Presence(True), off=off, unneeded="")


def of_exemptions(outcome: Outcome) -> Iterator[Judgement]:
    """Whether SECURE_REDIRECT_EXEMPT leaves anything to redirect. Yields only what is wrong."""
    name, value = "SECURE_REDIRECT_EXEMPT", outcome.value
    if isinstance(value, Unknown):
        yield unreadable(outcome, why_unknown(name, value))
        return
    if not isinstance(value, (list, tuple, set, frozenset, str)):
        yield bad(
            outcome, f"{name} is no list of texts: Django cannot start", severity=Severity.LOW
        )
        return
    for pattern in value:
        if isinstance(pattern, Unknown):
            yield unreadable(outcome, why_unknown(f"An item of {name}", pattern))
            continue
        if not isinstance(pattern, str):
            yield unreadable(outcome, f"An item of {name} is no text")
            continue
        try:
            exempt = matching(pattern, ANY)
        except TooIntricate:
            yield unreadable(outcome, f"{said(pattern)} in {name} is too intricate to be tried")
            continue
        except ValueError:
            message = f"{said(pattern)} in {name} is no regular expression: Django cannot start"
            yield bad(outcome, message, severity=Severity.LOW)
            continue
        if isinstance(value, str) and exempt:
            yield bad(
                outcome,
                f"{name} is a text instead of a list, of which each character is a regular "
                f"expression: {said(pattern)} alone exempts /{exempt[0]}",
            )
            return
        if len(exempt) == len(ANY):
            yield bad(outcome, f"{said(pattern)} in {name} exempts every path from the redirect")
        elif any(path in PRIVATE for path in exempt):
            yield bad(outcome, f"{said(pattern)} in {name} exempts paths such as /{exempt[0]}")


def of_host(outcome: Outcome) -> Iterator[Judgement]:
    """Whether SECURE_SSL_HOST, if it is set, is a bare host. Yields only what is wrong."""
    value = outcome.value
    if isinstance(value, Unknown):
        if truth(value) is not False:
            yield unreadable(outcome, why_unknown("SECURE_SSL_HOST", value))
    elif value and not isinstance(value, str):
        yield bad(outcome, f"SECURE_SSL_HOST is no text but {said(value)}")
    elif isinstance(value, str) and ("/" in value or value != value.strip()):
        yield bad(
            outcome,
            f"SECURE_SSL_HOST is {said(value)} instead of a bare host name: the redirect leads to "
            f"https://{value[:40]}",
        )


def exempts_everything(value: object) -> bool:
    """Whether a list of exemptions surely leaves nothing to redirect."""
    for pattern in value if isinstance(value, (list, tuple, set, frozenset, str)) else ():
        try:
            if isinstance(pattern, str) and len(matching(pattern, ANY)) == len(ANY):
                return True
        except (TooIntricate, ValueError):
            continue
    return False


@SSL_REDIRECT.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Exclude

    topology = deployment.topology
    if topology.redirect == "proxy":
        return
    header = topology.scheme_header.upper().replace("-", "_")
    if header:
        yield Assign("SECURE_PROXY_SSL_HEADER", (f"HTTP_{header.removeprefix('HTTP_')}", "https"))
    else:
        yield from corrected(settings)
    certain = bool(header) or topology.tls == "server"
    yield Assign(
        "SECURE_SSL_REDIRECT", True, development=False, safe=certain,
        risk="" if certain else "behind a proxy that ends TLS and does not tell Django so, every "
        "request is redirected for ever; `[tool.hardango.deployment]` says how it is",
    )  # fmt: skip
    if topology.health_check:
        import re

        path = re.escape(topology.health_check.lstrip("/"))
        yield Assign("SECURE_REDIRECT_EXEMPT", [f"^{path}$"])
        return
    exempt = {pattern for outcome in settings["SECURE_REDIRECT_EXEMPT"]
              if isinstance(outcome.value, (list, tuple)) for pattern in outcome.value
              if isinstance(pattern, str) and exempts_everything([pattern])}  # fmt: skip
    for pattern in sorted(exempt):
        yield Exclude("SECURE_REDIRECT_EXEMPT", pattern, safe=False,
                      risk="health checks over plain HTTP get a redirect")  # fmt: skip


@SSL_REDIRECT.prove
def prove(site: Site) -> Iterator[Proof]:
    """Several paths and methods over plain HTTP: each must lead to HTTPS on the same host."""
    from hardango.controls.seen import host_of, redirected
    from hardango.evidence import inconclusive, proven, refuted, unanswered

    if not site.http or not site.https:
        lacking = "plain HTTP" if not site.http else "HTTPS"
        yield inconclusive(f"no address of the site with {lacking} is known")
        return
    asked = [site.get("/", base=site.http), site.get(site.missing, base=site.http),
             site.send(site.request("/", "POST", base=site.http))]  # fmt: skip
    if asked[0].failure == "refused" and site.get("/", base=site.https).response is not None:
        yield proven("nothing answers over plain HTTP", asked[0])
        return
    served = []
    for each in asked:
        target = redirected(each)
        if (
            target.startswith("https://")
            and host_of(target).partition(":")[0] != host_of(site.https).partition(":")[0]
        ):
            yield refuted("plain HTTP leads to another host first, which browsers don't remember as "
                          "this one's", each, marks=(target,), severity=Severity.LOW)  # fmt: skip
            return
        if each.response is not None and not target.startswith("https://"):
            served.append(each)
    if served and (served[0].status < 400 or len(served) < len(asked)):
        for each in served[:1]:
            what = f"{each.request.method} {'/' if each.request.path == '/' else 'a deep path'}"
            yield refuted(f"{what} is answered over plain HTTP with {each.status}", each)
    elif served:
        yield inconclusive(f"plain HTTP is answered with {served[0].status}: neither a page nor a "
                           "redirect", served[0])  # fmt: skip
    elif any(each.response is None for each in asked):
        yield unanswered(next(each for each in asked if each.response is None))
    else:
        yield proven("plain HTTP is sent to HTTPS: pages, paths that don't exist, and POST", *asked)
