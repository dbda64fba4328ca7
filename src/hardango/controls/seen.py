"""What a site shows of itself: its start page, its login page, its forms; for oracles to share.

The same request is sent once, whoever asks (`Site.send`), so that an oracle asks for what it needs
and never looks at what another one has found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hardango.evidence import Cookie, Exchange, Response, cookies
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.evidence import Site

_LONGEST_PAGE = 200_000
_MOST_REDIRECTS = 4
INVALID = "hardango-probe.invalid"
"""A name that no site has, RFC 2606."""


class Form(NamedTuple):
    """A form of a page: `fields` are its inputs with the values that they start with."""

    action: str
    method: str
    fields: dict[str, str]
    password: bool = False

    @property
    def token(self) -> str:
        return self.fields.get("csrfmiddlewaretoken", "")


class Page(NamedTuple):
    """What an HTML page holds; `scripts` are addresses, each with its integrity attribute, `policies`
    those of its meta elements."""

    title: str = ""
    links: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    assets: tuple[str, ...] = ()
    nonces: tuple[str, ...] = ()
    scripts: tuple[tuple[str, str], ...] = ()
    policies: tuple[str, ...] = ()


# -- pages -----------------------------------------------------------------------------------------


def main(site: Site) -> str:
    """The address that visitors use: with TLS, if there is one."""
    return site.https or site.url


def follow(site: Site, exchange: Exchange) -> Exchange:
    """The end of the redirects of `exchange`, as far as they stay on the site."""
    for _ in range(_MOST_REDIRECTS):
        target = redirected(exchange)
        if not target or not on_site(site, target):
            return exchange
        following = site.send(site.request(target))
        if following.response is None:
            return exchange
        exchange = following
    return exchange


def redirected(exchange: Exchange) -> str:
    """Where an answer sends to, as a full address; "" if nowhere."""
    if exchange.status not in (301, 302, 303, 307, 308):
        return ""
    return absolute(exchange, exchange.get("Location"))


def absolute(exchange: Exchange, target: str) -> str:
    """An address of a page of the site, without its fragment; "" for what can't be asked."""
    target = "".join(char for char in target.strip() if char > " ").partition("#")[0]
    if re.match(r"https?://", target, re.I):
        scheme, _, rest = target.partition("://")
        end = re.search(r"[/?]", rest)
        host, path = (rest[: end.start()], rest[end.start() :]) if end else (rest, "/")
        return f"{scheme.lower()}://{host.lower()}{path if path[0] == '/' else '/' + path}"
    if target.startswith("//"):
        return absolute(exchange, exchange.request.url.partition(":")[0] + ":" + target)
    if re.match(r"[\w+.-]+:", target):
        return ""
    request = exchange.request
    path = request.path.partition("?")[0]
    if not target or target.startswith("?"):
        return request.origin + (request.path if not target else path + target)
    if target.startswith("/"):
        return request.origin + target
    parts: list[str] = []
    for part in (path.rpartition("/")[0] + "/" + target).split("/")[1:]:
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ".."):
            parts.append(part)
    return request.origin + "/" + "/".join(parts)


def host_of(url: str) -> str:
    return re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0].lower()


def on_site(site: Site, url: str) -> bool:
    return any(base and (url == base or url.startswith(base + "/")) for base in (site.https, site.http, site.url))  # fmt: skip


def start(site: Site) -> Exchange:
    """The start page, at the end of its redirects."""
    return follow(site, site.get("/", base=main(site)))


def absent(site: Site) -> Exchange:
    """The answer to a path that doesn't exist."""
    return site.get(site.missing, base=main(site))


@lru_cache(maxsize=64)
def page_of(text: str) -> Page:
    """The links, forms and assets of a page."""
    from html.parser import HTMLParser

    title: list[str] = []
    links: list[str] = []
    assets: list[str] = []
    nonces: list[str] = []
    forms: list[Form] = []
    scripts: list[tuple[str, str]] = []
    policies: list[str] = []

    class Parser(HTMLParser):
        within = ""
        form: Form | None = None

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = {name: value or "" for name, value in reversed(attrs)}
            self.within = tag
            if tag == "a" and given.get("href"):
                links.append(given["href"])
            elif tag == "form":
                self.form = Form(given.get("action", ""), given.get("method", "get").lower(), {})
                forms.append(self.form)
            elif tag in ("input", "textarea", "select", "button") and self.form:
                self.form.fields.setdefault(given.get("name", ""), given.get("value", ""))
                if given.get("type", "").lower() == "password":
                    forms[-1] = self.form = self.form._replace(password=True)
            if tag == "script" and given.get("src"):
                scripts.append((given["src"], given.get("integrity", "")))
            elif tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
                policies.append(given.get("content", ""))
            if tag in ("script", "img") and given.get("src"):
                assets.append(given["src"])
            elif tag == "link" and "stylesheet" in given.get("rel", "").lower():
                assets.append(given.get("href", ""))
            if given.get("nonce"):
                nonces.append(given["nonce"])

        def handle_endtag(self, tag: str) -> None:
            self.within = ""
            if tag == "form":
                self.form = None

        def handle_data(self, data: str) -> None:
            if self.within == "title":
                title.append(data)

    parser = Parser()
    parser.feed(text[:_LONGEST_PAGE])
    return Page("".join(title).strip(), tuple(links), tuple(forms), tuple(assets), tuple(nonces),
                tuple(scripts), tuple(policies))  # fmt: skip


def page(exchange: Exchange) -> Page:
    """What an answer holds, if it is a page."""
    if exchange.response is None or exchange.response.kind not in (
        "text/html",
        "application/xhtml+xml",
    ):
        return Page()
    return page_of(exchange.text)


# -- the login page --------------------------------------------------------------------------------

_ACTING = re.compile(r"log-?out|sign-?out|delete|remove|unsubscribe|cancel|confirm|add|buy", re.I)
"""Words of links that may do something, though a GET should not."""
_LOGIN = re.compile(r"log-?in|sign-?in|anmelden|connexion", re.I)
_USUAL_LOGINS = ("/accounts/login/", "/login/", "/admin/login/")


class Login(NamedTuple):
    """A page with a form that takes a password, and the address that the form is sent to."""

    exchange: Exchange
    form: Form
    action: str


def login(site: Site, again: int = 0) -> Login | None:
    """The login page: what the project says, what the start page links to, the usual paths."""
    for path in _logins(site):
        asked = site.send(site.request(path, base=main(site), again=again))
        found = login_on(site, follow(site, asked))
        if found:
            return found
    return None


def login_on(site: Site, exchange: Exchange) -> Login | None:
    """The login form of a page, if it has one. One that asks for a password twice makes an
    account."""
    for form in page(exchange).forms:
        passwords = [name for name in form.fields if "password" in name.lower()]
        if form.password and form.method == "post" and len(passwords) < 2:
            action = absolute(exchange, form.action)
            if on_site(site, action):
                return Login(exchange, form, action)
    return None


def _logins(site: Site) -> Iterator[str]:
    seen = set()
    first = start(site)
    links = [absolute(first, each) for each in page(first).links if _LOGIN.search(each)]
    linked = [each for each in links if on_site(site, each)][:2]
    for path in (site.known.login, first.request.url if login_on(site, first) else "", *linked,
                 *(f"{each}login/" for each in site.known.admin), *_USUAL_LOGINS):  # fmt: skip
        if path and path not in seen:
            seen.add(path)
            yield path


# -- what most oracles look at ----------------------------------------------------------------------


def asset(site: Site) -> Exchange | None:
    """A file that the start page loads from the site itself."""
    first = start(site)
    for each in page(first).assets:
        address = absolute(first, each)
        if on_site(site, address):
            return site.send(site.request(address))
    return None


def refused(site: Site) -> Exchange:
    """A form that is sent without a token, by nobody: the login form where there is one."""
    entrance = login(site)
    fields = dict.fromkeys(entrance.form.fields, "") if entrance else {}
    fields["csrfmiddlewaretoken"] = "invalid"
    action = entrance.action if entrance else main(site) + "/"
    return site.send(site.request(action, "POST", body=encoded(fields)))


# -- who answers -----------------------------------------------------------------------------------

_NOT_FOUND = "<h1>Not Found</h1><p>The requested resource was not found on this server.</p>"
_BAD_REQUEST = "<h1>Bad Request (400)</h1>"
_FORBIDDEN = "<h1>403 Forbidden</h1>"
CSRF_TITLE = "CSRF verification failed. Request aborted."


# Words of Django's templates, technical_404.html and technical_500.html, with what status they
# come; since Django 4 the apostrophe is a typographic one.
_MARKS = (
    (range(400, 600), ("DEBUG = True</code>", "seeing this error because you have")),
    (range(404, 405), ("Using the URLconf defined in", "tried these URL patterns")),
    (range(403, 404), ("seeing the help section of this page because you have", "<code>DEBUG =")),
    (range(400, 600), ("Request Method:", "Django Version:", "Exception Type:")),
    (range(400, 600), ("Django Version:", "Python Executable:", "Traceback")),
    (range(200, 201), ("<title>The install worked successfully! Congratulations!</title>",)),
)


def debug_marks(exchange: Exchange) -> tuple[str, ...]:
    """The words by which an answer is surely one of Django's debug pages; () if it is none."""
    text = exchange.text
    for statuses, marks in _MARKS:
        if exchange.status in statuses and all(mark in text for mark in marks):
            return marks
    return ()


def plain_django_error(exchange: Exchange) -> bool:
    """Whether this is an error page that Django itself writes where DEBUG is off."""
    text = exchange.text.strip()
    wanted = {404: _NOT_FOUND, 400: _BAD_REQUEST, 403: _FORBIDDEN}.get(exchange.status, "")
    return bool(wanted) and wanted in text and len(text) < 300


def of_server(exchange: Exchange) -> bool:
    """Whether this is what a server writes where the application failed altogether: gunicorn, uvicorn
    and others say no more than this."""
    text = exchange.text
    return exchange.status == 500 and len(text) < 300 and "Internal Server Error" in text


def same_page(one: Exchange, other: Exchange) -> bool:
    """Whether two answers are surely the same page, tokens and nonces apart."""
    if one.response is None or other.response is None or one.status != other.status:
        return False
    if redirected(one) or redirected(other):
        return True
    if page(one).title != page(other).title:
        return False
    sizes = sorted((len(one.response.body), len(other.response.body)))
    return sizes[1] - sizes[0] <= max(64, sizes[1] // 20)


# -- cookies ---------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """A cookie with the answer that set it."""

    cookie: Cookie
    exchange: Exchange


def all_cookies(site: Site) -> list[Seen]:
    """Every cookie that the site has set so far, the last one of each name."""
    first = start(site)
    absent(site)
    login(site)
    links = [absolute(first, each) for each in page(first).links]
    for each in [
        each for each in dict.fromkeys(links) if on_site(site, each) and not _ACTING.search(each)
    ][:2]:
        site.send(site.request(each))
    found: dict[str, Seen] = {}
    for exchange in site.exchanges:
        # What is set over plain HTTP by a redirect is set, too.
        for cookie in cookies(exchange.response):
            if not cookie.cleared:
                found[cookie.name] = Seen(cookie, exchange)
    return list(found.values())


def session_cookies(site: Site) -> list[Seen]:
    known = site.known.session_cookie
    return [each for each in all_cookies(site)
            if (each.cookie.name == known if known else "sess" in each.cookie.name.lower())]  # fmt: skip


def csrf_cookies(site: Site) -> list[Seen]:
    known = site.known.csrf_cookie
    return [each for each in all_cookies(site)
            if (each.cookie.name == known if known else "csrf" in each.cookie.name.lower())]  # fmt: skip


def jar(*responses: Response | None) -> dict[str, str]:
    """The cookies that a browser would hold after these answers."""
    held: dict[str, str] = {}
    for response in responses:
        for cookie in cookies(response):
            if cookie.cleared:
                held.pop(cookie.name, None)
            else:
                held[cookie.name] = cookie.value
    return held


def cookie_header(held: dict[str, str]) -> tuple[tuple[str, str], ...]:
    if not held:
        return ()
    return (("Cookie", "; ".join(f"{name}={value}" for name, value in held.items())),)


def encoded(fields: dict[str, str]) -> bytes:
    """A form as browsers send it."""
    from urllib.parse import urlencode

    return urlencode(fields).encode()
