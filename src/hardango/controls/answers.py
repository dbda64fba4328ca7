"""The kinds of answers that a site gives, one of each: headers have to be on all that browsers show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.controls.seen import (
    INVALID,
    absent,
    asset,
    cookie_header,
    debug_marks,
    jar,
    login,
    main,
    of_server,
    plain_django_error,
    redirected,
    refused,
    start,
)  # fmt: skip
from hardango.evidence import URL, Exchange
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.evidence import Site

_MOST_PATHS = 6


class Sample(NamedTuple):
    """A kind of answer, with one of it. `shown` is whether a visitor's browser shows or runs what
    comes: not so a redirect, or the answer for a host that nobody has."""

    name: str
    exchange: Exchange
    shown: bool = True

    @property
    def html(self) -> bool:
        return self.exchange.response is not None and self.exchange.response.kind == "text/html"


def samples(site: Site) -> list[Sample]:
    """One answer of each kind that was to be had and that browsers show."""
    return [each for each in answers(site) if each.shown]


def answers(site: Site) -> list[Sample]:
    """One answer of each kind that was to be had. A debug page goes past what protects the others, and is
    a finding of its own; what a server says when the application fails is not the site's."""
    found = [*_usual(site), *(_more(site) if site.thorough else ())]
    return [each for each in found if each.exchange.status
            and not debug_marks(each.exchange) and not of_server(each.exchange)
            and not (each.shown and 300 <= each.exchange.status < 400)]  # fmt: skip


def names_of(found: Iterable[Sample]) -> str:
    """ "the start page, the login page and a static file"."""
    names = [each.name for each in found]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def only_errors(found: Iterable[Sample]) -> bool:
    """Whether no answer is one that a visitor would stay on."""
    return not any(each.exchange.status < 400 for each in found)


def without(site: Site, header: str, judged: Iterable[Sample]) -> str:
    """What else comes without a header, where that does no harm, as the end of a sentence."""
    bare = [each for each in answers(site) if not each.shown and each not in judged
            and each.exchange.request.secure and not each.exchange.get(header)]  # fmt: skip
    return f"; not on {names_of(bare)}, which no browser shows" if bare else ""


# -- the kinds -------------------------------------------------------------------------------------


def _usual(site: Site) -> Iterator[Sample]:
    """What other oracles ask for as well."""
    yield Sample("the start page", start(site))
    yield Sample("a page that doesn't exist", absent(site))
    entrance = login(site)
    if entrance:
        yield Sample("the login page", entrance.exchange)
    file = asset(site)
    if file:
        yield Sample("a static file", file)
    forged = refused(site)
    if forged.status == 403:
        yield Sample("a form that is refused", forged)
    # On the internet it may be another site that answers for a host that nobody has.
    foreign = site.get("/", ("Host", INVALID), base=main(site))
    if plain_django_error(foreign) or (site.vantage != URL and foreign.status == 400):
        yield Sample("a refused host", foreign, shown=False)
    if site.http and site.https:
        yield from _redirect("the redirect to HTTPS", site.get("/", base=site.http))


def _redirect(name: str, exchange: Exchange) -> Iterator[Sample]:
    if redirected(exchange):
        yield Sample(name, exchange, shown=False)


def _more(site: Site) -> Iterator[Sample]:
    """What has to be asked for on purpose."""
    yield from _redirect("the redirect of the start page", site.get("/", base=main(site)))
    entrance = login(site)
    if entrance and entrance.exchange.request.path.endswith("/"):
        bare = entrance.exchange.request.url.partition("?")[0].rstrip("/")
        yield from _redirect("the redirect to a slash", site.send(site.request(bare)))
    file = asset(site)
    if file and file.response is not None:
        again = [(asks, file.get(tells)) for asks, tells in _KEPT if file.get(tells)]
        kept = site.send(site.request(file.request.url, headers=tuple(again)))
        if again and kept.status == 304:
            yield Sample("a file that is kept", kept, shown=False)
    head = site.send(start(site).request._replace(method="HEAD"))
    if head.status < 400:
        yield Sample("HEAD", head, shown=False)
    yield Sample("OPTIONS", site.send(site.request("/", "OPTIONS", base=main(site))), shown=False)
    yield from _known(site)


_KEPT = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))


def _known(site: Site) -> Iterator[Sample]:
    """What only the project itself can tell of."""
    for path in site.known.admin[:1]:
        entered = site.get(path, base=main(site))
        yield from _redirect("the redirect of the admin", entered)
        if redirected(entered):
            yield Sample("the admin", site.get(f"{path}login/", base=main(site)))
    if site.known.fails:
        failed = site.get(site.known.fails, base=main(site))
        if failed.status == 500:
            yield Sample("an error of the server", failed)
    entrance = login(site)
    if entrance and site.vantage != URL:
        held = jar(entrance.exchange.response)
        token = ("X-CSRFToken", entrance.form.token)
        headers = (*cookie_header(held), token, ("Origin", main(site)),
                   ("Referer", entrance.exchange.request.url))  # fmt: skip
        answer = site.send(site.request(entrance.action, "DELETE", headers))
        if answer.status == 405:
            yield Sample("a method that isn't allowed", answer, shown=False)
    yield from _data(site)


def _data(site: Site) -> Iterator[Sample]:
    """An answer that is no page, of an address without parameters."""
    likely = sorted(site.known.paths, key=lambda path: "api" not in path)
    for path in likely[:_MOST_PATHS]:
        answer = site.get(path, base=main(site))
        kind = answer.response.kind if answer.response else ""
        if kind.endswith("json") and answer.status != 404:
            yield Sample("an answer in JSON", answer)
            return
