"""Pages that nobody but a developer should see, each told by what stands in it."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.seen import main, start
from hardango.evidence import Exchange, Proof, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.evidence import Site


class Open(NamedTuple):
    """An address, what it is, and words that all stand in it where it is open;"""

    path: str
    what: str
    marks: tuple[str, ...]
    severity: Severity | None = None
    accept: str = ""


TOOLS = (
    Open("/", "django-debug-toolbar is on the page", ('id="djDebug"',)),
    Open("/silk/", "django-silk shows the requests of all visitors", ("<title>Silky",)),
    Open("/metrics", "the metrics of the site are open", ("# HELP ", "# TYPE "), Severity.LOW),
)
SCHEMAS = tuple(
    Open(f"{path}?query={{__schema{{queryType{{name}}}}}}", "GraphQL tells its whole schema",
         ('"__schema"', '"queryType"'), Severity.LOW, "application/json")
    for path in ("/graphql/", "/graphql")
)  # fmt: skip
DESCRIPTIONS = (
    Open("/api/schema/", "the description of the API is open", ("openapi: 3",), accept="*/*"),
    Open("/api/schema/", "the description of the API is open", ('"openapi":"3',), accept="*/*"),
    Open("/swagger.json", "the description of the API is open", ('"swagger"',), accept="*/*"),
    Open("/api/docs/", "the description of the API is open", ("swagger-ui",)),
)
BROWSABLE = (
    Open("/api/", "the API has web pages", ("Django REST framework</title>",)),
    Open("/api/v1/", "the API has web pages", ("Django REST framework</title>",)),
)


def prove_closed(site: Site, pages: tuple[Open, ...], closed: str) -> Iterator[Proof]:
    """Whether one of these is open; `closed` is said if none is."""
    asked: list[Exchange] = []
    bad = False
    for each in pages:
        answer = _asked(site, each)
        asked.append(answer)
        if answer.status == 200 and all(mark in answer.text for mark in each.marks):
            bad = True
            where = "" if each.path == "/" else f" at {each.path.partition('?')[0]}"
            yield refuted(f"{each.what}{where}", answer, marks=each.marks, severity=each.severity)
    answered = [each for each in dict.fromkeys(asked) if each.response is not None]
    left = [each for each in asked if each.response is None]
    if bad:
        return
    if left:
        yield unanswered(left[0])
    else:
        yield proven(f"{closed} ({len({each.path for each in pages})} tried)", *answered)


def _asked(site: Site, each: Open) -> Exchange:
    if each.path == "/":
        return start(site)
    headers = (("Accept", each.accept),) if each.accept else ()
    return site.get(each.path, *headers, base=main(site))
