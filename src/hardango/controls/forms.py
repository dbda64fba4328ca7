"""Forms that are sent to see whether they are taken: with a token and without, from here and from
elsewhere. Only a login form is sent, and it names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.controls.seen import Login, cookie_header, encoded, jar, login, main, refused
from hardango.evidence import Exchange, Proof, inconclusive, proven, refuted, unanswered
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

MANY_FIELDS = 20_001
"""More than a project with large forms needs: Django takes 1000, Wagtail asks for 10000."""


MANY_FILES = 5_001
"""The same of files: Django takes 100."""


def with_token(site: Site) -> Login | None:
    """The login form, if it has a token and a cookie that belongs to it."""
    entrance = login(site)
    if entrance is None or not entrance.form.token:
        return None
    return entrance if jar(entrance.exchange.response) else None


def filled(
    site: Site,
    entrance: Login,
    more: dict[str, str],
    *headers: tuple[str, str],
    cookies: dict[str, str] | None = None,
) -> Exchange:
    """The form sent as a browser would, with its token and cookie, and `more` fields. Without an
    Origin among `headers` it is the site's own; `cookies` are those of the page, unless given."""
    fields = {
        **dict.fromkeys(entrance.form.fields, ""),
        "csrfmiddlewaretoken": entrance.form.token,
        **more,
    }
    fields.pop("", None)
    if not any(name == "Origin" for name, _ in headers):
        headers = (*headers, *_from_here(site, entrance))
    held = cookie_header(jar(entrance.exchange.response) if cookies is None else cookies)
    return site.send(site.request(entrance.action, "POST", (*held, *headers), encoded(fields)))


def _from_here(site: Site, entrance: Login) -> tuple[tuple[str, str], ...]:
    return ("Origin", main(site)), ("Referer", entrance.exchange.request.url)


def with_files(site: Site, entrance: Login, count: int) -> Exchange:
    """The form with its token, and so many files without content."""
    edge = site.missing.strip("/")
    token = _part(edge, 'name="csrfmiddlewaretoken"', entrance.form.token)
    files = "".join(_part(edge, f'name="h{number}"; filename="h"', "h") for number in range(count))
    headers = (*cookie_header(jar(entrance.exchange.response)), *_from_here(site, entrance),
               ("Content-Type", f"multipart/form-data; boundary={edge}"))  # fmt: skip
    body = f"{token}{files}--{edge}--\r\n".encode()
    return site.send(site.request(entrance.action, "POST", headers, body))


def _part(edge: str, disposition: str, content: str) -> str:
    return f"--{edge}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n"


def accepted_from(site: Site, origins: Iterable[str]) -> Iterator[Proof]:
    """Whether the form is taken when it comes from one of these origins."""
    entrance = with_token(site)
    if entrance is None:
        yield inconclusive("no form with a token was found that could be sent")
        return
    own = filled(site, entrance, {})
    if own.response is None:
        yield unanswered(own)
        return
    if own.status == 403:
        yield inconclusive("the form is refused from the site itself, too", own)
        return
    if refused(site).status == own.status:
        yield inconclusive("the form is taken without a token, wherever it comes from", own)
        return
    asked = []
    for origin in origins:
        forged = filled(site, entrance, {}, ("Origin", origin))
        asked.append(forged)
        if forged.response is not None and forged.status == own.status:
            yield refuted(f"a form that comes from {origin} is taken", forged)
            return
    if all(each.status == 403 for each in asked):
        yield proven(
            "a form that comes from another site is refused, with the right token, too", own, *asked
        )
    else:
        odd = next(each for each in asked if each.status != 403)
        yield unanswered(odd) if odd.response is None else inconclusive(
            f"a form that comes from another site gets {odd.status}", odd)  # fmt: skip
