"""Requests that name a host which is not the site's, plainly and in ways that a proxy and Django may
read differently (RFC 9110 §7.2, RFC 9112 §3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.seen import INVALID, absent, host_of, main, redirected, same_page
from hardango.evidence import Exchange, Proof, Request, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

ODD_FORMS = "odd forms of Host"
_ODD_PORT = "1337"


def foreign(site: Site) -> Proof:
    """Whether a host that nobody has is answered like the site's own."""
    for path, own in (("/", site.get("/", base=main(site))), (site.missing, absent(site))):
        odd = site.get(path, ("Host", INVALID), base=main(site))
        if odd.response is None:
            if own.response is None or odd.failure not in ("reset", "nonsense"):
                return unanswered(odd)
            return proven("a request for another host gets no answer", odd)
        if mark := _reflected(odd):
            message = "any host name is answered, and stands in the site's own links"
            return refuted(message, odd, marks=(mark,))
        if odd.status >= 400 and odd.status not in (404, own.status):
            return proven(f"a request for another host gets {odd.status}", odd)
        leads = redirected(odd)
        if leads and host_of(leads) == host_of(main(site)) and not redirected(own):
            return proven("a request for another host is sent to the site's own", odd)
        if same_page(own, odd) and own.status < 400:
            return refuted("a request for another host is answered like one for the site's own", odd,
                           severity=Severity.MEDIUM)  # fmt: skip
    return inconclusive(
        f"a request for another host gets {odd.status}, which may come from another site on the "
        "same server", odd,
    )  # fmt: skip


def _reflected(answer: Exchange) -> str:
    """The foreign host as it stands in the links of a page; "" where it doesn't."""
    if answer.response is None or answer.status >= 400:
        return ""
    if INVALID in host_of(redirected(answer)):
        return redirected(answer)
    return next((mark for mark in (f"//{INVALID}", f"@{INVALID}") if mark in answer.text), "")


def odd_forms(site: Site) -> Iterator[Proof]:
    """Whether a foreign host comes through beside the site's own; and what becomes of a port."""
    own = site.get("/", base=main(site))
    if not site.thorough or own.response is None or own.status >= 400 or _reflected(own):
        return
    asked = []
    for what, request in _forms(site):
        answer = site.send(request)
        asked.append(answer)
        if mark := _reflected(answer):
            yield refuted(f"{what} the foreign one stands in the site's own links", answer,
                          marks=(mark,), about=ODD_FORMS)  # fmt: skip
            return
        if request.get("Host") in _foreign_names(site) and same_page(own, answer):
            yield refuted(f"{what} the foreign one is answered like the site's own", answer,
                          severity=Severity.MEDIUM, about=ODD_FORMS)  # fmt: skip
            return
    answered = [each for each in asked if each.response is not None]
    silent = [each for each in asked if each.response is None]
    if any(each.failure not in ("reset", "nonsense") for each in silent):
        yield unanswered(silent[0], ODD_FORMS)
        return
    yield proven("two of them, one in the request line, one behind an @, one below the site's name, one with "
                 "a dot: no foreign host stands in the site's links", *(answered or asked),
                 about=ODD_FORMS)  # fmt: skip
    yield from _port(site)


def _forms(site: Site) -> Iterator[tuple[str, Request]]:
    """What is asked, each in words."""
    host = host_of(main(site))
    name = host.partition(":")[0]
    two = (("Host", host), ("Host", INVALID))
    whole = main(site) + "/"

    def to(*headers: tuple[str, str]) -> Request:
        return site.request("/", headers=headers, base=main(site))

    yield "of two Host headers", to(*two)
    yield "of two Host headers", to(*reversed(two))
    yield (
        "of the host in the request line and that in Host",
        to(("Host", INVALID))._replace(target=whole),
    )
    yield ("of the host in the request line and that in Host",
           to()._replace(target=whole.replace(host, INVALID, 1)))  # fmt: skip
    yield "of a host before and one behind an @", to(("Host", f"{name}@{INVALID}"))
    yield "of a host before and one behind an @", to(("Host", f"{name}:80@{INVALID}"))
    for each in _foreign_names(site):
        yield f"of names that end in {INVALID}", to(("Host", each))


def _foreign_names(site: Site) -> tuple[str, ...]:
    """Names of hosts that a careless comparison takes for the site's."""
    name = host_of(main(site)).partition(":")[0]
    return f"{name}.{INVALID}", f"{INVALID}."


def _port(site: Site) -> Iterator[Proof]:
    """Django takes any port, and a dot at the end, with a name that it knows."""
    name = host_of(main(site)).partition(":")[0]
    if name.startswith("[") or site.get("/", base=main(site)).status >= 300:
        return  # a redirect to HTTPS may name any port
    odd = f"{name}:{_ODD_PORT}"
    answer = site.get("/", ("Host", odd), base=main(site))
    if answer.status < 400 and f"//{odd}" in answer.text:
        yield refuted("the port that a request names stands in the site's own links, also one where nothing "
                      "answers", answer, marks=(f"//{odd}",), severity=Severity.LOW,
                      about=ODD_FORMS)._replace(pedantic=True)  # fmt: skip
