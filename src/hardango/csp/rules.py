"""What a report means for a policy: noise that is not of the site, what is refused and what to do
instead, and what can be allowed.

Nothing is allowed that would let an injected script run (https://www.w3.org/TR/CSP3/): what a page needs
of that is told with the way without it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hardango.light import NamedTuple

EXTENSIONS = frozenset(
    "chrome-extension moz-extension safari-extension safari-web-extension ms-browser-extension "
    "edge-extension webkit-masked-url resource chrome chromenull chromeinvoke user-script sandbox "
    "jar mx mbinit gsa webviewprogressproxy".split()
)
"""Schemes of what a browser or its extensions put into a page."""

INJECTED = {
    "kaspersky-labs.com": "an antivirus puts it into every page",
    "translate.googleapis.com": "the browser's translation puts it into the page",
    "translate.google.com": "the browser's translation puts it into the page",
    "joinhoney.com": "an extension puts it into shops",
    "infird.com": "adware puts it into every page",
}
"""Hosts, subdomains included, that visitors' machines add."""

FETCH = frozenset(
    "child-src connect-src default-src font-src frame-src img-src manifest-src media-src "
    "script-src style-src worker-src".split()
)
FALLBACKS = {
    "worker-src": ("child-src", "script-src", "default-src"),
    "frame-src": ("child-src", "default-src"),
    **dict.fromkeys(FETCH - {"worker-src", "frame-src", "default-src"}, ("default-src",)),
}
"""What rules where a directive is not there (CSP level 3, §6.8)."""

SCRIPT_INLINE = (
    "an injected script would be inline, too. Give each <script> of a template "
    'nonce="{{ csp_nonce }}", or put it into a file; one that never changes can have its hash'
)
INLINE = {
    "script-src-elem": SCRIPT_INLINE,
    "script-src": SCRIPT_INLINE,
    "script-src-attr": "an injected onclick would run, too, and no nonce covers it: "
    "addEventListener in a script file",
    "style-src-elem": 'give each <style> nonce="{{ csp_nonce }}", or put it into a file',
    "style-src": 'give each <style> nonce="{{ csp_nonce }}", or put it into a file; a style="…" needs '
    "a class",
    "style-src-attr": 'no nonce covers style="…": a class, or element.style in a script file',
}
EVAL = (
    "eval makes scripts of texts, an injected one's too: find the library (source and line in the "
    "report), and take its build without eval"
)
WASM = "only if the page is to run WebAssembly: add 'wasm-unsafe-eval' by hand"
TEXTS = {
    "data": ("img-src", "font-src", "media-src"),
    "blob": ("img-src", "media-src", "worker-src"),
}
"""Schemes of content that a page itself makes, and where that cannot run as a script of the page."""
WORKER = "a worker that a script of the page makes; it cannot touch the page"
PLUGIN = "no browser has plugins any more: an injected <object> or <embed> is what asks for it"
BASE = "an injected <base> moves the site's relative addresses"
FRAMED = "another site frames the page: add its origin by hand if that is meant"
NONCED = ("script-src", "script-src-elem", "style-src", "style-src-elem")


class Meaning(NamedTuple):
    """What a report says: `source` as a policy writes it. Without `allowed`, `reason` says why not."""

    directive: str
    source: str
    allowed: bool
    reason: str


def noise(blocked: str, source: str) -> str:
    """Why a report is not of the site, "" if it may be."""
    for text in (blocked, source):
        scheme = text.partition(":")[0].lower()
        if scheme in EXTENSIONS:
            return "a browser extension"
        host = _host(text)
        for known, why in INJECTED.items():
            if host == known or host.endswith("." + known):
                return why
    if blocked.partition(":")[0] == "about":
        return "an empty frame that no page of a site loads"
    return ""


def meaning(directive: str, blocked: str) -> Meaning:
    """What is to be said of a violation that is no noise."""
    base = re.sub(r"-(elem|attr)$", "", directive)
    word = blocked.rstrip(":").lower()

    def refused(source: str, reason: str) -> Meaning:
        return Meaning(base, source, False, reason)

    if word == "inline":
        why = INLINE.get(directive, "what is inline cannot be told from what was injected")
        return Meaning(directive, "'unsafe-inline'", False, why)
    if word == "eval":
        return refused("'unsafe-eval'", EVAL)
    if word == "wasm-eval":
        return refused("'wasm-unsafe-eval'", WASM)
    if word.startswith("trusted-types"):
        return refused(word, "a script writes text into the page: mend the script")
    if word == "self":
        plugin = base == "object-src"
        return Meaning(base, "'self'", not plugin, PLUGIN if plugin else "the site itself")
    if word in TEXTS:
        if base in TEXTS[word]:
            worker = base == "worker-src"
            return Meaning(base, f"{word}:", True, WORKER if worker else "made by the page itself")
        return refused(f"{word}:", f"{word}: is what an injected script would use, too")
    return _of_origin(base, blocked)


def _of_origin(base: str, blocked: str) -> Meaning:
    def no(reason: str) -> Meaning:
        return Meaning(base, blocked, False, reason)

    if not _host(blocked):
        return no("it names no origin")
    if base == "frame-ancestors":
        return no(FRAMED)
    if base in ("base-uri", "object-src"):
        return no(PLUGIN if base == "object-src" else BASE)
    if base not in FETCH and base != "form-action":
        return no("nothing that a list of sources mends")
    scheme = urlsplit(blocked).scheme
    if scheme not in ("https", "wss"):
        return no("over plain HTTP anybody on the way can change it: load it by HTTPS")
    if scheme == "wss" and base != "connect-src":
        return no("a web socket is no such source")
    if base == "script-src":
        return Meaning(base, blocked, True, "scripts from there can do all that the site's own can")
    return Meaning(base, blocked, True, "these pages use it")


def allows(sources: tuple[str, ...], source: str) -> bool:
    """Whether a list of sources has one already, as it is or by a scheme or a wildcard."""
    if source in sources or ("*" in sources and not source.endswith(":")):
        return True
    scheme, host = urlsplit(source).scheme, _host(source)
    for each in sources:
        if scheme and each == f"{scheme}:":
            return True
        wild = re.fullmatch(r"(?:(https?|wss?)://)?\*\.([^/:]+)", each)
        if wild and host.endswith("." + wild[2]) and wild[1] in (None, scheme):
            return True
        if host and each in (host, f"{host}:443"):
            return True
    return False


def _host(text: str) -> str:
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""
