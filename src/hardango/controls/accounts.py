"""Logging in with the canary, for active oracles; it happens once, whoever asks."""

from __future__ import annotations

from hardango.controls.forms import filled
from hardango.controls.seen import Login, jar, login
from hardango.evidence import Exchange
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.evidence import Site


class Session(NamedTuple):
    """A login that was taken: the page before it, the answer to it, and the cookies after it."""

    entrance: Login
    answer: Exchange
    cookies: dict[str, str]


def logged_in(site: Site, again: int = 0) -> Session | None:
    """A session of the canary; None without a canary, a login form or the right password.

    `again` tells logins apart. The result is kept in `site.memory`.
    """
    if not site.active or site.canary is None:
        return None
    if ("login", again) not in site.memory:
        site.memory["login", again] = _log_in(site, again)
    kept = site.memory["login", again]
    return kept if isinstance(kept, Session) else None


def _log_in(site: Site, again: int) -> Session | None:
    entrance = login(site, again)
    if entrance is None or site.canary is None:
        return None
    before = jar(entrance.exchange.response)
    answer = filled(site, entrance, credentials(entrance, site.canary.user, site.canary.password))
    after = {**before, **jar(answer.response)}
    if answer.status not in (302, 303) or not set(jar(answer.response).items()) - set(
        before.items()
    ):
        return None
    return Session(entrance, answer, after)


def credentials(entrance: Login, user: str, password: str) -> dict[str, str]:
    """The fields of a login form with a name and a password."""
    names = [name for name in entrance.form.fields if name and name != "csrfmiddlewaretoken"]
    secret = next((each for each in names if "pass" in each.lower()), "password")
    wanted = ("username", "login", "email", "user")
    name = next((each for want in wanted for each in names if want in each.lower()), "username")
    return {name: user, secret: password}
