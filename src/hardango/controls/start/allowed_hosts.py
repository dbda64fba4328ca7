"""Django answers only to the host names of this site.

The Host header is written by whoever sends the request. Django builds absolute addresses from it:
the link in a password-reset mail, redirects, feeds, canonical URLs. If any name is accepted, an
attacker asks for a password reset of somebody else with `Host: evil.example`; the mail that
arrives carries the site's name, the victim's token and the attacker's address. With a shared
cache in front, one such request poisons a page for everybody.

ALLOWED_HOSTS is the list of names that are accepted, everything else is answered with 400. An
item is compared as a whole, without the port; one that starts with a dot stands for the domain
and every name below it; "*" stands for every name. There is no other wildcard: "10.0.*" and
"*.example.com" match nothing. A suffix that other people can register names under (".com",
".herokuapp.com") is nearly as wide as "*".

The usual reason for "*" is a health check that calls the server by its address. Let the probe send
the site's name as its Host header, answer it in a middleware that stands before CommonMiddleware
and never asks for the host, or add the one address that the platform tells at start-up. An
empty list with DEBUG off means that every request is answered with 400.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    bad,
    cwe,
    django_check,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.suffixes import too_broad
from hardango.controls.topology import checks_hosts, moved
from hardango.controls.values import alternatives, said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

ALLOWED_HOSTS = Control(
    "allowed-hosts",
    title="Allowed hosts",
    weakness="Requests for host names that are not this site's are answered",
    severity=Severity.HIGH,
    settings=("ALLOWED_HOSTS",),
    attack="A request with a foreign Host header makes Django write links to the attacker's site, "
    "for instance into a password-reset mail that carries the victim's token.",
    remedy='List the exact names of the site, such as ["www.example.com"]. For a health check that '
    "calls by address, let the probe send the Host header, or answer it in a middleware that "
    "stands before CommonMiddleware.",
    references=(
        django_check("security.W020"), cwe(20), cwe(640), docs("ref/settings/#allowed-hosts"),
        docs("topics/security/#host-header-validation"),
    ),
)  # fmt: skip

REFUSES_OTHER_TYPES = (4, 0)
"""Since this version Django does not start if ALLOWED_HOSTS is neither a list nor a tuple."""

IN_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
"""The signs that Django accepts in a Host header; a name in another script comes in punycode."""

NOBODY = "No host name is accepted: with DEBUG off the site answers nothing"
NOBODY_GAINS = (
    'Nothing by itself; but who finds a site that answers nothing often opens it with "*" or DEBUG.'
)

USELESS = "A name in ALLOWED_HOSTS matches nothing"
USELESS_GAINS = "Nothing by itself; but who misses the name that was meant may open the list wider."


@ALLOWED_HOSTS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    by_proxy = checks_hosts(deployment)
    for outcome in alternatives(settings, "ALLOWED_HOSTS"):
        value = outcome.value
        if isinstance(value, (list, tuple)):
            foreign = list(of_foreign(outcome, value))
            yield from moved(foreign, by_proxy)
            yield from of_names(outcome, value, known=not foreign)
        elif isinstance(value, Unknown) and value.type in (None, "list", "tuple"):
            why = unreadable(outcome, why_unknown("ALLOWED_HOSTS", value))
            yield from moved([why], by_proxy)
        else:
            yield of_other_type(settings, outcome, value)


def of_foreign(outcome: Outcome, hosts: list[object] | tuple[object, ...]) -> Iterator[Judgement]:
    """What in a list accepts names of other people, or could. Yields only that."""
    if "*" in hosts:
        others = "" if len(hosts) == 1 else ", whatever else is in it"
        yield bad(outcome, f'"*" is in ALLOWED_HOSTS: every host name is accepted{others}')
    broad = [message for message in map(too_broad, hosts) if message]
    for message in dict.fromkeys(broad):
        yield bad(outcome, message, severity=Severity.MEDIUM)
    for item in unknown_names(hosts):
        yield unreadable(outcome, why_unknown("An item of ALLOWED_HOSTS", item))


def of_names(
    outcome: Outcome, hosts: list[object] | tuple[object, ...], *, known: bool
) -> Iterator[Judgement]:
    """What in a list matches nothing; `known` if no name of other people is accepted."""
    useless = [message for message in map(matches_nothing, hosts) if message]
    if not unknown_names(hosts) and len(useless) == len(hosts):
        found = bad(outcome, nobody(useless), severity=Severity.LOW)
        yield found._replace(weakness=NOBODY, attack=NOBODY_GAINS)
    else:
        for message in dict.fromkeys(useless):
            found = bad(outcome, message, severity=Severity.LOW)
            yield found._replace(weakness=USELESS, attack=USELESS_GAINS)
    if known and not useless:
        yield good(outcome, f"ALLOWED_HOSTS accepts {accepted(hosts)}")


def unknown_names(hosts: list[object] | tuple[object, ...]) -> list[Unknown]:
    """The items that could be "*" or a suffix."""
    return [item for item in hosts if isinstance(item, Unknown) and not is_one_name(item)]


def of_other_type(settings: Settings, outcome: Outcome, value: object) -> Judgement:
    """A value that is no list: Django refuses to start, an older one takes it apart."""
    kind = value.type if isinstance(value, Unknown) else type(value).__name__
    if settings.django >= REFUSES_OTHER_TYPES:
        return bad(
            outcome,
            f"ALLOWED_HOSTS is of type {kind}: Django refuses to start unless it is a list or a "
            "tuple",
            severity=Severity.MEDIUM,
        )
    if isinstance(value, str):
        if "*" in value:
            return bad(outcome, 'ALLOWED_HOSTS is a text with "*": every host name is accepted')
        return bad(
            outcome,
            "ALLOWED_HOSTS is a text instead of a list: Django compares the host with each of its "
            "characters, so that every request is answered with 400",
            severity=Severity.MEDIUM,
        )
    return unreadable(outcome, f"ALLOWED_HOSTS is of type {kind} instead of a list")


def nobody(useless: list[str]) -> str:
    """What is said of a list that accepts nothing."""
    if not useless:
        return (
            "ALLOWED_HOSTS is empty: with DEBUG off every request is answered with 400, with "
            "DEBUG on only localhost is accepted"
        )
    return f"Nothing in ALLOWED_HOSTS can match, every request is answered with 400: {useless[0]}"


def accepted(hosts: list[object] | tuple[object, ...]) -> str:
    names = [said(host) for host in hosts if isinstance(host, str)]
    more = len(hosts) - len(names[:3])
    return ", ".join(names[:3]) + (f" and {more} more" if more and names else "") or "known names"


def is_one_name(item: Unknown) -> bool:
    """Whether an item that is not known is surely neither "*" nor a suffix."""
    if item.choices:
        return not any(too_broad(each) or each == "*" for each in item.choices)
    return bool(item.prefix) and item.prefix[0] not in ".*"


def matches_nothing(host: object) -> str:
    """Why no Host header can equal the item; "" if one can."""
    if isinstance(host, Unknown) or host == "*":
        return ""
    if not isinstance(host, str):
        return f"{said(host)} in ALLOWED_HOSTS is no text"
    if not host.strip():
        return "an item of ALLOWED_HOSTS is empty, as splitting an empty text leaves it"
    if "*" in host:
        return f"{said(host)} in ALLOWED_HOSTS matches nothing: Django knows no such wildcard"
    if "/" in host:
        return f"{said(host)} in ALLOWED_HOSTS matches nothing: it is no bare host name"
    if host != host.strip():
        return f"{said(host)} in ALLOWED_HOSTS matches nothing: it has a space in it"
    if host.startswith("["):
        closed = host.endswith("]")
        return (
            "" if closed else f"{said(host)} in ALLOWED_HOSTS matches nothing: no port is compared"
        )
    if host.count(":") > 1:
        return f"{said(host)} in ALLOWED_HOSTS matches nothing: an IPv6 address stands in brackets"
    if ":" in host:
        return f"{said(host)} in ALLOWED_HOSTS matches nothing: the port is not compared"
    if host.endswith("."):
        return (
            f"{said(host)} in ALLOWED_HOSTS matches nothing: Django takes the last dot off a name"
        )
    if not set(host.lower()) <= IN_A_NAME:
        return (
            f"{said(host)} in ALLOWED_HOSTS matches nothing: Django accepts no such sign in a name"
        )
    return ""


@ALLOWED_HOSTS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import FromEnvironment

    yield FromEnvironment(
        "ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS", "list",
        development="localhost,127.0.0.1,[::1]", example="www.example.com",
        risk="production needs its host names in a variable, or it does not start; --hosts names "
        "them here",
    )  # fmt: skip


@ALLOWED_HOSTS.prove
def prove(site: Site) -> Iterator[Proof]:
    """A request for a host that nobody has: whether it is answered like one for the site's own; and
    the ways to name a host that are read differently by a proxy and by Django."""
    from hardango.controls.host_forms import foreign, odd_forms
    from hardango.evidence import Verdict

    plain = foreign(site)
    yield plain
    if plain.verdict is not Verdict.REFUTED:
        yield from odd_forms(site)
