"""The server doesn't repeat what it is sent.

TRACE answers with the request as it arrived, headers that proxies add included. What they add is
not meant for the client: addresses inside the network, tokens between proxy and application.

Django answers TRACE like any method that a view doesn't know, and repeats nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, rfc
from hardango.evidence import Proof, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

REQUEST_METHODS = Control(
    "request-methods",
    title="Methods that servers answer",
    weakness="The server repeats requests with what proxies added to them",
    severity=Severity.LOW,
    attack="Whoever asks reads headers that were meant for the application only.",
    remedy="Turn TRACE off in the web server (Apache: TraceEnable off).",
    references=(asvs("13.4.4"), cwe(693), rfc(9110, "9.3.8")),
)


@REQUEST_METHODS.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import main

    token = site.missing.strip("/")
    answer = site.send(site.request("/", "TRACE", (("X-Hardango", token),), base=main(site)))
    kind = answer.response.kind if answer.response else ""
    if answer.response is None:
        yield unanswered(answer)
    elif answer.status == 200 and token in answer.text and kind == "message/http":
        yield refuted(
            "TRACE is answered with the request itself", answer, marks=(f"X-Hardango: {token}",)
        )
    else:
        yield proven(f"TRACE gets {answer.status} and repeats nothing", answer)
