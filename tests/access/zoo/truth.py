"""Who gets into which route of the zoo: said here, held against real requests by
tests/access/test_zoo.py, and the measure of whatever reads or proves the routes.
"""

from __future__ import annotations

from typing import NamedTuple

READS = ("GET", "POST")
ANYBODY, LOGIN, STAFF, SUPERUSER = "anonymous", "authenticated", "staff", "superuser"
OWNER, TOKEN, NOBODY = "object", "token", "nobody"
VIEW = "permission: zoo.view_doc"


class Truth(NamedTuple):
    """One route: the path that is asked for, its pattern as Django joins it, and who gets in by
    each method, in the words of `hardango.matrix.worded`.

    `custom` is true where a reader may well say that it does not understand the guard. What a
    request needs besides (the headers of a token, a body) is in `headers` and `data`.
    """

    path: str
    reach: dict[str, str]
    pattern: str
    custom: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    query: str = ""


def _is(path: str, reach: str | dict[str, str], pattern: str = "", **rest: object) -> Truth:
    by_method = reach if isinstance(reach, dict) else dict.fromkeys(READS, reach)
    return Truth(path, by_method, pattern or path.partition("?")[0], **rest)  # type: ignore[arg-type]


FUNCTIONS = [
    _is("function/open/", ANYBODY),
    _is("function/login/", LOGIN),
    _is("function/login-called/", LOGIN),
    _is("function/login-elsewhere/", LOGIN),
    _is("function/login-in-urls/", LOGIN),
    _is("function/same-without/", ANYBODY),
    _is("function/permission/", VIEW),
    _is("function/permission-raises/", VIEW),
    _is("function/permission-two/", "permission: zoo.view_doc and zoo.change_doc"),
    _is("function/permission-empty/", ANYBODY),
    _is("function/permission-empty-after-login/", LOGIN),
    _is("function/staff/", STAFF),
    _is("function/superuser/", SUPERUSER),
    _is("function/passes-login/", LOGIN),
    _is("function/passes-all/", ANYBODY),
    _is("function/passes-named/", STAFF),
    _is("function/passes-looked/", ANYBODY, custom=True),
    _is("function/passes-permission/", VIEW),
    _is("function/passes-group/", "group: keepers", custom=True),
    _is("function/fake/", ANYBODY),
    _is("function/members/", LOGIN),
    _is("function/members-bare/", LOGIN),
    _is("function/own-staff/", STAFF),
    _is("function/role/", STAFF, custom=True),
    _is("function/members-class/", LOGIN),
    _is("function/passing-class/", ANYBODY),
    _is("function/only-timed/", ANYBODY),
    _is("function/timed-login/", LOGIN),
    _is("function/late/", ANYBODY, custom=True),
    _is("function/exempt-login/", LOGIN),
    _is("function/exempt-open/", ANYBODY),
    _is("function/post-login/", {"POST": LOGIN}),
    _is("function/methods-open/", ANYBODY),
    _is("function/cached-login/", LOGIN),
    _is("function/async-login/", LOGIN),
    _is("function/async-open/", ANYBODY),
    _is("function/callable/", ANYBODY),
    _is("function/callable-login/", LOGIN),
    _is("function/method/", ANYBODY),
    _is("function/method-login/", LOGIN),
    _is("function/partial/", ANYBODY),
    _is("function/partial-login/", LOGIN),
    _is("function/lambda/", ANYBODY),
    _is("function/lambda-login/", LOGIN),
    _is("function/condition-on/", LOGIN),
    _is("function/condition-off/", ANYBODY),
]

SITE = [
    _is("nested/deep/open/", ANYBODY),
    _is("nested/deep/login/", LOGIN),
    _is("nested/year/2026/", LOGIN, r"nested/year/(?P<year>[0-9]{4})/$"),
    _is("nested/7/word/", ANYBODY, "nested/<int:number>/<slug:word>/"),
    _is("en/tongue/deep/login/", LOGIN),
    _is("en/tongue/7/word/", ANYBODY, "en/tongue/<int:number>/<slug:word>/"),
    _is("accounts/login/", {"GET": ANYBODY}),
    _is("accounts/change/", {"GET": LOGIN}),
    _is("accounts/changed/", {"GET": LOGIN}),
    _is("go/", ANYBODY),
    _is("about/", {"GET": ANYBODY}),
    _is("pages/hello/", {"GET": ANYBODY}, "pages/<path:url>"),
    _is("media/hello.txt", {"GET": ANYBODY}, r"media/(?P<path>.*)$"),
]

TRUTHS = [*FUNCTIONS, *SITE]

STRICT: dict[str, str | dict[str, str]] = {"accounts/login/": ANYBODY}
"""What is otherwise where everybody must log in (park.strict), by path; all other routes that are
open are not, the views of the login apart."""
