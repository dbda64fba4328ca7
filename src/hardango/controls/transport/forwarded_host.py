"""Nobody but the proxy says which host was asked for.

Links in password mails, redirects and caches are made with the host of the request. With
`USE_X_FORWARDED_HOST = True` Django takes it from the header X-Forwarded-Host, which any client can
send: unless the proxy sets or removes it on every request, whoever asks for a password reset chooses
where its link points. `USE_X_FORWARDED_PORT` does the same for the port.

ALLOWED_HOSTS is checked against that header then, so an exact list limits the damage; a wildcard does
not. Most proxies pass the original Host header on, and neither setting is needed; nginx wants
`proxy_set_header Host $host`.

What a proxy does cannot be read from the settings: hardango takes a trusted header for a weakness
unless the list of hosts is exact.
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
    elsewhere,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.topology import checks_hosts
from hardango.controls.values import operator_decides, stated, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

FORWARDED_HOST = Control(
    "forwarded-host",
    title="Whose word counts for the host",
    weakness="Clients can say which host they asked for",
    severity=Severity.MEDIUM,
    settings=("USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT", "ALLOWED_HOSTS"),
    attack="Whoever asks for a password reset with a header of their own gets a link into the mail that "
    "leads to their site, token included.",
    remedy="Let the proxy pass the Host header on and leave USE_X_FORWARDED_HOST and "
    "USE_X_FORWARDED_PORT at False; where they are needed, the proxy must set both headers on every "
    "request, and ALLOWED_HOSTS must be exact.",
    references=(
        asvs("4.1.3"), cwe(20), cwe(640), docs("ref/settings/#use-x-forwarded-host"),
        docs("topics/security/#host-header-validation"),
    ),
)  # fmt: skip


@FORWARDED_HOST.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for case in settings.cases("USE_X_FORWARDED_HOST", "ALLOWED_HOSTS"):
        yield of_host(settings, deployment, case)
    name = "USE_X_FORWARDED_PORT"
    for outcome in settings[name]:
        known = truth(outcome.value)
        if known is None:
            yield unreadable(outcome, operator_decides(settings[name], outcome))
        elif known:
            message = f"{stated(outcome, name)}: any client can choose the port of links"
            yield bad(outcome, message, severity=Severity.LOW)
        else:
            yield good(outcome, stated(outcome, name))


def of_host(settings: Settings, deployment: Deployment, case: Case) -> Judgement:
    """Whether a client can choose the host, and among how many."""
    name = "USE_X_FORWARDED_HOST"
    outcome = case.outcomes[name]
    known = truth(outcome.value)
    if known is None:
        return unreadable(case, operator_decides(settings[name], outcome), name)
    if not known:
        return good(case, stated(outcome, name), name)
    by_proxy = checks_hosts(deployment)
    if by_proxy:
        return elsewhere(case, f"{stated(outcome, name)}. {by_proxy}", name)
    trusted = f"{stated(outcome, name)}: Django takes the host from a header that clients can send"
    hosts: object = case["ALLOWED_HOSTS"]
    if isinstance(hosts, (list, tuple)) and not hosts:
        return good(case, f"{stated(outcome, name)}, and ALLOWED_HOSTS accepts no name", name)
    answer = exact(hosts)
    if answer is None:
        return unreadable(case, f"{trusted}, and ALLOWED_HOSTS could not be read", name)
    if answer:
        message = f"{trusted}, and ALLOWED_HOSTS limits it to the site's own names"
        return bad(case, message, name, severity=Severity.LOW)
    return bad(case, f"{trusted}, and ALLOWED_HOSTS accepts names of others", name)


def exact(hosts: object) -> bool | None:
    """Whether a list of hosts names hosts only; None if that is not known."""
    if isinstance(hosts, Unknown) or not isinstance(hosts, (list, tuple, set, frozenset)):
        return None
    if any(isinstance(host, str) and (host == "*" or host.startswith(".")) for host in hosts):
        return False
    return None if any(isinstance(host, Unknown) for host in hosts) else True


@FORWARDED_HOST.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    for name in ("USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT"):
        if any(truth(each.value) for each in settings[name]):
            what = name.rpartition("_")[2].lower()
            yield Assign(name, False, safe=False, risk=f"links carry the {what} that the proxy asks "
                         "with, where it doesn't pass the Host header on")  # fmt: skip


@FORWARDED_HOST.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import INVALID, main, redirected, same_page
    from hardango.evidence import inconclusive, proven, refuted, unanswered

    own = site.get("/", base=main(site))
    forged = site.get("/", ("X-Forwarded-Host", INVALID), base=main(site))
    if own.response is None or forged.response is None:
        yield unanswered(forged if own.response else own)
    elif INVALID in redirected(forged) or f"//{INVALID}" in forged.text:
        yield refuted("the host that a client writes into X-Forwarded-Host stands in the site's own "
                      "links", forged, marks=(f"//{INVALID}",))  # fmt: skip
    elif forged.status == 400 != own.status:
        yield refuted(
            "X-Forwarded-Host is believed, whoever writes it: only ALLOWED_HOSTS limits which host "
            "it can name", forged, severity=Severity.LOW,
        )  # fmt: skip
    elif same_page(own, forged):
        yield proven("what a client writes into X-Forwarded-Host changes nothing", forged)
    else:
        yield inconclusive(f"with X-Forwarded-Host the answer is {forged.status}, without it "
                           f"{own.status}", own, forged)  # fmt: skip
