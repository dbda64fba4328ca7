"""Other sites cannot load this one's responses into their own pages.

A page of another site can load an address of this one as if it were a picture or a script, with the
visitor's cookies. It cannot read it, but it brings the content into its own process, where attacks
such as Spectre read memory, and it learns from size and errors. `Cross-Origin-Resource-Policy:
same-origin` makes the browser refuse.

Django has no setting for it: a middleware of the project's own or the proxy adds the header. What
breaks are pictures, fonts and scripts that other sites are meant to load from here; those want
"cross-origin". So this is hardening beyond the common need.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    bad,
    cwe,
    docs,
    elsewhere,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import Wanted, look_alike, stack_setting
from hardango.controls.topology import adds_header
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

CROSS_ORIGIN_RESOURCE_POLICY = Control(
    "cross-origin-resource-policy",
    title="Cross-origin resource policy",
    weakness="Other sites may load responses of this one into their pages",
    severity=Severity.LOW,
    settings=("MIDDLEWARE",),
    attack="A page of another site loads private responses with the visitor's cookies, and learns of "
    "them by side channels.",
    remedy="Let a middleware or the proxy add Cross-Origin-Resource-Policy: same-origin, and "
    "cross-origin for what other sites are meant to load.",
    person="only the project knows which responses other sites are meant to load",
    references=(
        cwe(1021), docs("https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header"),
    ),
)  # fmt: skip

HEADER = "Cross-Origin-Resource-Policy"

SENDING = Wanted(
    "",
    hints=("resourcepolicy", "corpmiddleware", "securityheader", "crossorigin"),
    words=(HEADER.lower(),),
)
"""What can send the header; Django has nothing that does."""


@CROSS_ORIGIN_RESOURCE_POLICY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    by_proxy = adds_header(deployment, HEADER)
    for case in settings.cases(stack):
        value: object = case[stack]
        items = value if isinstance(value, (list, tuple)) else ()
        if by_proxy:
            yield elsewhere(case, by_proxy, stack)
        elif other := look_alike(settings, case, stack, SENDING):
            yield unreadable(case, f"Whether {HEADER} is sent is not known: {other}", stack)
        elif isinstance(value, Unknown) or any(isinstance(item, Unknown) for item in items):
            yield unreadable(case, f"{stack} could not be read whole", stack)
        else:
            yield bad(case, f"Django sends no {HEADER}", stack)


@CROSS_ORIGIN_RESOURCE_POLICY.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.header_proofs import prove_header

    def wrong(value: str) -> str:
        good = value.strip().lower() in ("same-origin", "same-site")
        return "" if good else "lets other sites load what is here"

    yield from prove_header(site, "Cross-Origin-Resource-Policy", wrong, html=True)
