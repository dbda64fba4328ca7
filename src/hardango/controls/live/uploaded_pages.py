"""What users upload does not run as a page of the site.

A file that comes from the site's own address is one of its pages to a browser. If somebody uploads an
HTML page or an SVG image with a script and sends its address to another user, the script acts as that
user: it reads their data and sends forms in their name. No template escapes it, and the checks of
`ImageField` let an SVG or a file that is both an image and HTML through.

Django's documentation asks for another top-level domain for uploads (`usercontent-example.com`). Where
that can't be, the server sends `Content-Disposition: attachment`, or a policy with `sandbox`.

The proof of a local project keeps a page and an image with a script where its users' files are, in the
throw-away copy, and asks for them as a visitor would. What breaks with `attachment`: files that are
linked open in no tab any more; images in a page are still shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import URL, Exchange, Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

UPLOADED_PAGES = Control(
    "uploaded-pages",
    title="Uploads that are pages",
    weakness="An uploaded page runs as one of the site's own",
    severity=Severity.MEDIUM,
    settings=("MEDIA_URL", "MEDIA_ROOT", "STORAGES"),
    attack="A script in an uploaded page or image acts as whoever opens it, with their login.",
    remedy="Serve uploads from another domain; or let the server send Content-Disposition: attachment, or "
    "Content-Security-Policy: sandbox, with them.",
    references=(
        asvs("5.4.1"), asvs("3.2.1"), cwe(434), cwe(79),
        docs("topics/security/#user-uploaded-content"),
    ),
)  # fmt: skip

_RUNS = frozenset(("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml",
                   "application/xml"))  # fmt: skip
"""Types of which a browser runs the scripts."""


@UPLOADED_PAGES.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import host_of, main

    if not site.known.uploads:
        if site.vantage != URL:
            yield inconclusive("no file could be kept where production serves uploads from")
        return
    asked = []
    for address in site.known.uploads:
        if address.startswith(("http://", "https://", "//")) and host_of(address) not in (
            host_of(main(site)), host_of(site.http)):  # fmt: skip
            yield proven(f"uploads come from another host, {host_of(address)}")
            return
        path = (
            address
            if address.startswith("/")
            else "/" + address.partition("://")[2].partition("/")[2]
        )
        answer = site.get(path, base=main(site))
        asked.append(answer)
        kind = _run(answer)
        if kind and not _stopped(answer):
            yield refuted(f"an upload comes as {kind}, and its script runs as the site's own", answer,
                          marks=(kind,))  # fmt: skip
            return
    shown = [each for each in asked if each.status == 200]
    kept = next((each for each in shown if "'self'" in _stopped(each)), None)
    if kept:
        yield inconclusive("the policy stops the script in an upload, and not one that is uploaded beside it",
                           kept)  # fmt: skip
    elif shown:
        yield proven("no script in an upload runs", *shown)
    elif any(each.status in (401, 403) for each in asked):
        yield proven("an upload is not for everybody", *asked)
    else:
        missing = next((each for each in asked if each.response is not None), asked[0])
        yield unanswered(missing) if missing.response is None else inconclusive(
            f"an upload gets {missing.status}: who serves them in production is not here", missing)  # fmt: skip


def _run(answer: Exchange) -> str:
    """The type as which a browser would run an upload; "" if it would not."""
    if answer.status != 200 or answer.response is None or "<script>" not in answer.text:
        return ""
    if answer.get("Content-Disposition").lower().lstrip().startswith("attachment"):
        return ""
    kind = answer.response.kind
    sniffed = not kind and answer.get("X-Content-Type-Options").lower() != "nosniff"
    return kind if kind in _RUNS else "nothing" if sniffed else ""


def _stopped(answer: Exchange) -> tuple[str, ...]:
    """What a policy that stops the script in an upload lets run all the same; () without one."""
    from hardango.controls.policy_proofs import directives

    if not _run(answer):
        return ()
    for policy in directives(answer):
        if "sandbox" in policy and "allow-scripts" not in policy["sandbox"]:
            return ("'none'",)
        sources = policy.get("script-src", policy.get("default-src"))
        if sources is not None and "'unsafe-inline'" not in sources:
            return sources or ("'none'",)
    return ()
