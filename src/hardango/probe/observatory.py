"""What MDN's HTTP Observatory would give: its table, algorithm 6, on what was seen here.

https://developer.mozilla.org/en-US/docs/Web/Security/Practical_implementation_guides. It looks at the
start page. Three of its results are known to be false, and are mended here: `frame-ancestors *`
counts there as protection from framing; so does frame-ancestors in a <meta>, which browsers
ignore (CSP3 §3.3); and a policy with 'strict-dynamic' on a page without a nonce, on which every
script is stopped, counts as invalid. Cookies of /robots.txt and the preload list are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.headers.referrer_policy import KEEPING, TELLING
from hardango.controls.policy_proofs import directives, parsed
from hardango.controls.seen import INVALID, absolute, host_of, page, redirected, start
from hardango.evidence import Cookie, Exchange, Score, Scored, cookies
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

_GRADES = (
    (100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"),
    (45, "C-"), (40, "D+"), (30, "D"), (25, "D-"), (0, "F"),
)  # fmt: skip
_BONUS_FROM = 90
"""Bonuses count only where penalties leave so much."""
_BROAD = frozenset({"*", "http:", "https:", "ftp:", "http://*", "https://*", "data:"})
_PRIVATE = frozenset(
    {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
)
_HALF_A_YEAR = 15_552_000


def score_of(site: Site) -> Score | None:
    """None for a site that the Observatory would not grade: no HTTPS, or a start page that is an
    error."""
    first = start(site)
    if first.response is None or not (200 <= first.status < 400 or first.status in (401, 403)):
        return None
    tests = (
        _policy(first), _cookies(site, first), _cors(site), _redirection(site), _referrer(first),
        _transport(site, first), _integrity(first), _sniffing(first), _framing(first),
        _isolation(first, "Cross-Origin-Resource-Policy", {"same-origin", "same-site"}, {"cross-origin"}),
        _isolation(first, "Cross-Origin-Opener-Policy",
                   {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}, {"unsafe-none"}),
        _isolation(first, "Cross-Origin-Embedder-Policy", {"require-corp", "credentialless"}, {"unsafe-none"}),
    )  # fmt: skip
    points = 100 + sum(each.points for each in tests if each.points < 0)
    if points >= _BONUS_FROM:
        points += sum(each.points for each in tests if each.points > 0)
    points = max(points, 0)
    rounded = min(points - points % 5, 100)
    return Score(points, next(grade for least, grade in _GRADES if rounded >= least), tests)


def _policy(first: Exchange) -> Scored:
    name = "content-security-policy"
    policies = [
        *directives(first),
        *(each for text in page(first).policies for each in parsed(text)),
    ]
    if not policies:
        if directives(first, "Content-Security-Policy-Report-Only"):
            return Scored(name, "only reported", -25)
        return Scored(name, "invalid" if first.all(name) else "none", -25)
    results = [_policy_result(name, each) for each in policies]
    return max(results, key=lambda each: each.points)


def _policy_result(name: str, policy: dict[str, tuple[str, ...]]) -> Scored:
    lower = {key: {value.lower() for value in values} for key, values in policy.items()}
    default = lower.get("default-src", {"*"})
    scripts, objects, styles = (
        lower.get(key, default) for key in ("script-src", "object-src", "style-src")
    )
    trusted = any(
        each.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for each in scripts
    )
    mended = ""
    if "'strict-dynamic'" in scripts:
        if not trusted:
            mended = "'strict-dynamic' without a nonce stops every script: not invalid"
        scripts = scripts - _BROAD - {"'unsafe-inline'", "'self'"}
    if trusted:
        scripts = scripts - {"'unsafe-inline'"}
    active = (
        "script-src",
        "object-src",
        "style-src",
        "frame-src",
        "connect-src",
        "font-src",
        "worker-src",
    )
    if "'unsafe-inline'" in scripts or scripts & _BROAD or objects & _BROAD:
        return Scored(name, "unsafe scripts or objects", -20, mended)
    if any(_insecure(lower.get(key, set())) for key in active):
        return Scored(name, "plain HTTP for what runs", -20, mended)
    if "'unsafe-eval'" in scripts | styles:
        return Scored(name, "'unsafe-eval'", -10, mended)
    if any(_insecure(lower.get(key, set())) for key in ("img-src", "media-src")):
        return Scored(name, "plain HTTP for images", -10, mended)
    if "'unsafe-inline'" in styles or styles & _BROAD:
        return Scored(name, "unsafe in style-src only", 0, mended)
    if default == {"'none'"}:
        return Scored(name, "nothing unsafe, default-src 'none'", 10, mended)
    return Scored(name, "nothing unsafe", 5, mended)


def _insecure(sources: set[str]) -> bool:
    return any(each == "http:" or each.startswith("http://") for each in sources)


def _cookies(site: Site, first: Exchange) -> Scored:
    chain = [each for each in site.exchanges if each.request.get("Cookie") == "" and each.request.method == "GET"
             and each.request.url in (first.request.url, f"{site.https}/", f"{site.http}/")]  # fmt: skip
    found = {
        cookie.name: cookie
        for each in chain
        for cookie in cookies(each.response)
        if not cookie.cleared
    }
    if not found:
        return Scored("cookies", "none", 0)
    results = [
        _cookie(each, bool(first.get("Strict-Transport-Security"))) for each in found.values()
    ]
    return min(results, key=lambda each: each.points)


def _cookie(cookie: Cookie, hsts: bool) -> Scored:
    name = cookie.name.lower()
    session, csrf = "sess" in name or "login" in name, "csrf" in name
    if session and not cookie.secure:
        return Scored("cookies", f"{cookie.name} without Secure", -10 if hsts else -40)
    if session and not cookie.httponly:
        return Scored("cookies", f"{cookie.name} without HttpOnly", -30)
    if not cookie.secure:
        return Scored("cookies", f"{cookie.name} without Secure", -5 if hsts else -20)
    if "samesite" in cookie.attributes and cookie.samesite not in ("lax", "strict", "none"):
        return Scored("cookies", f"{cookie.name} with a bad SameSite", -20)
    if csrf and not cookie.samesite:
        return Scored("cookies", f"{cookie.name} without SameSite", -20)
    return Scored("cookies", "all secure", 5 if cookie.samesite else 0)


def _cors(site: Site) -> Scored:
    """The Observatory asks with an origin of its own. Here that is asked for only if another one was
    let in before."""
    name = "cross-origin-resource-sharing"
    for each in list(site.exchanges):
        origin = each.request.get("Origin")
        if (
            origin
            and each.get("Access-Control-Allow-Origin") == origin
            and host_of(origin) != host_of(site.url)
        ):
            other = site.get("/", ("Origin", f"https://{INVALID}"), base=site.https)
            trusted = other.get("Access-Control-Allow-Credentials").lower() == "true"
            if other.get("Access-Control-Allow-Origin") == f"https://{INVALID}" and trusted:
                return Scored(name, "any origin, with credentials", -50)
    return Scored(name, "not for everybody", 0)


def _redirection(site: Site) -> Scored:
    name = "redirection"
    if not site.http:
        return Scored(name, "not looked at", 0)
    plain = site.get("/", base=site.http)
    if plain.response is None:
        return Scored(name, "nothing answers over plain HTTP", 0)
    target = redirected(plain)
    if not target:
        return Scored(name, "missing", -20)
    if target.startswith("http://"):
        return Scored(name, "to plain HTTP first", -10)
    if host_of(target) != host_of(site.https):
        return Scored(name, "to another host first", -5)
    return Scored(name, "to HTTPS on the same host", 0)


def _referrer(first: Exchange) -> Scored:
    name = "referrer-policy"
    said = [each for value in first.all(name) for each in value.lower().replace(" ", "").split(",")]
    known = [each for each in said if each in KEEPING | TELLING]
    if not said:
        return Scored(name, "none", 0)
    if not known:
        return Scored(name, "invalid", -5)
    return Scored(name, known[-1], 5 if known[-1] in _PRIVATE else -5)


def _transport(site: Site, first: Exchange) -> Scored:
    from hardango.controls.transport.hsts import header_of

    name = "strict-transport-security"
    headers = first.all(name)
    if not first.request.secure:
        return Scored(name, "no HTTPS", -20)
    if not headers:
        return Scored(name, "none", -20)
    seconds = header_of(headers[0])[0] if len(headers) == 1 else None
    if seconds is None:
        return Scored(name, "invalid", -20)
    if seconds < _HALF_A_YEAR:
        return Scored(name, f"{seconds} seconds", -10)
    return Scored(name, "half a year or more", 0)


def _integrity(first: Exchange) -> Scored:
    name = "subresource-integrity"
    results = list(_script_results(first))
    return (
        min(results, key=lambda each: each.points)
        if results
        else Scored(name, "no scripts from elsewhere", 0)
    )


def _script_results(first: Exchange) -> Iterator[Scored]:
    name = "subresource-integrity"
    for address, integrity in page(first).scripts:
        whole = absolute(first, address)
        if host_of(whole) == host_of(first.request.url):
            continue
        if not whole.startswith("https://"):
            yield Scored(name, "scripts over plain HTTP", -20 if integrity else -50)
        elif integrity:
            yield Scored(name, "scripts from elsewhere have it", 5)
        else:
            yield Scored(name, "scripts from elsewhere without it", -5)


def _sniffing(first: Exchange) -> Scored:
    name = "x-content-type-options"
    value = first.get(name).lower()
    return (
        Scored(name, "nosniff", 0)
        if value == "nosniff"
        else Scored(name, "invalid" if value else "none", -5)
    )


def _framing(first: Exchange) -> Scored:
    """Here are two of the three results that are mended."""
    name = "x-frame-options"
    ancestors = [each["frame-ancestors"] for each in directives(first) if "frame-ancestors" in each]
    value = first.get(name).strip().lower()
    if any(not _BROAD & set(each) for each in ancestors):
        return Scored(name, "frame-ancestors", 5)
    if ancestors:
        return Scored(
            name, "frame-ancestors for everybody", -20, "which the Observatory takes for protection"
        )
    if value in ("deny", "sameorigin"):
        return Scored(name, value, 5)
    in_page = any(
        "frame-ancestors" in each for text in page(first).policies for each in parsed(text)
    )
    mended = (
        "frame-ancestors in a <meta>, which browsers ignore, is taken for protection there"
        if in_page
        else ""
    )
    if value.startswith("allow-from "):
        return Scored(name, "ALLOW-FROM", 0)
    return Scored(name, "invalid" if value else "none", -20, mended)


def _isolation(first: Exchange, header: str, good: set[str], neutral: set[str]) -> Scored:
    name = header.lower()
    value = first.get(header).partition(";")[0].strip().lower()
    if value in good:
        return Scored(name, value, 10)
    if not value or value in neutral:
        return Scored(name, value or "none", 0)
    return Scored(name, "invalid", -5)
