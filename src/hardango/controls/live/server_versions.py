"""Answers don't say which version of what they come from.

`Server: nginx/1.18.0` or `X-Powered-By: PHP/7.4` tells programs that look for a version with a
known hole that this one has it.

It is no hole by itself, and hiding it mends none: it only costs those programs more tries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe
from hardango.evidence import Proof, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

SERVER_VERSIONS = Control(
    "server-versions",
    title="Versions in answers",
    weakness="Answers name the version of the server",
    severity=Severity.LOW,
    attack="Programs that look for a version with a known hole find it without trying.",
    remedy="nginx: server_tokens off; Apache: ServerTokens Prod; remove X-Powered-By.",
    references=(asvs("13.4.6"), cwe(200)),
)

HEADERS = ("Server", "X-Powered-By", "X-AspNet-Version", "X-Generator", "Via")


@SERVER_VERSIONS.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.answers import answers
    from hardango.controls.seen import start

    found = answers(site)
    if not found:
        yield unanswered(start(site))
        return
    for sample in found:
        for name in HEADERS:
            for value in sample.exchange.all(name):
                # "1.1 vegur" is the version of HTTP, which Via has to name.
                said = re.sub(r"^(HTTP/)?[\d.]+ ", "", value) if name == "Via" else value
                if re.search(r"[A-Za-z]+/v?\d+\.\d+", said):
                    yield refuted(f"{name} names a version", sample.exchange, marks=(value,))
                    return
    yield proven("no answer names a version", found[0].exchange)
