"""The errors that a site can be made to answer with, and which of them are Django's own."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.seen import INVALID, absent, main, refused, start
from hardango.evidence import Exchange
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site


def errors(site: Site) -> Iterator[Exchange]:
    """A page that does not exist, the same for a program, a host that nobody has, a form without
    its token, a view that fails; and the start page, which tells where there are no URLs."""
    yield absent(site)
    yield site.get(site.missing, ("Accept", "application/json"), base=main(site))
    yield site.get("/", ("Host", INVALID), base=main(site))
    yield refused(site)
    if site.known.fails:
        yield site.get(site.known.fails, base=main(site))
        yield site.get(site.known.fails, ("Accept", "application/json"), base=main(site))
    yield start(site)
