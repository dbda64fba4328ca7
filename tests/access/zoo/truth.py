"""Who gets into which route of the zoo: said here, held against real requests by
tests/access/test_zoo.py, and the measure of whatever reads or proves the routes.
"""

from __future__ import annotations

from typing import NamedTuple

READS = ("GET", "POST")
ANYBODY, LOGIN, STAFF, SUPERUSER = "anonymous", "authenticated", "staff", "superuser"
OWNER, TOKEN, NOBODY = "object", "token", "nobody"
VIEW = "permission: zoo.view_doc"
BOTH = "permission: zoo.view_doc and zoo.change_doc"
EITHER = "permission: zoo.change_doc or zoo.view_doc"
STAFF_VIEW = "staff and permission: zoo.view_doc"


class Truth(NamedTuple):
    """One route: the path that is asked for, its pattern as Django joins it, and who gets in by
    each method, in the words of `hardango.matrix.worded`.

    `custom` is true where a reader may well not understand the guard, and say less than there is:
    "custom", or that more get in. It never says that fewer do. What a
    request needs besides (a token) is in `headers` and `query`. `staff` if the user must be staff
    as well.
    """

    path: str
    reach: dict[str, str]
    pattern: str
    custom: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    query: str = ""
    staff: bool = False


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
    _is("function/permission-two/", BOTH),
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

BODIES = [
    _is("body/redirects/", LOGIN),
    _is("body/raises/", LOGIN),
    _is("body/forbids/", LOGIN),
    _is("body/hides/", STAFF),
    _is("body/inverted/", LOGIN),
    _is("body/permission/", VIEW),
    _is("body/permissions/", BOTH),
    _is("body/superuser/", SUPERUSER),
    _is("body/truthy/", ANYBODY),
    _is("body/not-none/", ANYBODY),
    _is("body/uncalled/", ANYBODY),
    _is("body/logs/", ANYBODY),
    _is("body/ignores/", ANYBODY),
    _is("body/forgets/", ANYBODY),
    _is("body/swallows/", ANYBODY),
    _is("body/or-true/", ANYBODY, custom=True),
    _is("body/only-post/", {"GET": ANYBODY, "POST": LOGIN}, custom=True),
    _is("body/only-get/", {"GET": LOGIN, "POST": ANYBODY}, custom=True),
    _is("body/one-branch/", ANYBODY, custom=True),
    _is("body/helped/", LOGIN),
    _is("body/helped-by-test/", STAFF, custom=True),
    _is("body/helped-by-nothing/", ANYBODY),
    _is("body/guarded/", LOGIN),
    _is("body/delegates/", LOGIN),
    _is("body/delegates-open/", ANYBODY),
    _is("body/delegates-sometimes/", ANYBODY, custom=True),
    _is("body/after/", LOGIN, custom=True),
    _is("body/asserts/", ANYBODY, custom=True),
    _is("body/awaited/", LOGIN),
    _is("body/nested/", ANYBODY),
    _is("body/nested-called/", LOGIN, custom=True),
]

CLASSES = [
    _is("class/open/", ANYBODY),
    _is("class/login/", LOGIN),
    _is("class/login-last/", ANYBODY),
    _is("class/login-after-template/", {"GET": ANYBODY}),
    _is("class/login-template/", {"GET": LOGIN}),
    _is("class/inherits/", LOGIN),
    _is("class/inherits-open/", LOGIN),
    _is("class/jumps/", ANYBODY),
    _is("class/calls-super/", LOGIN),
    _is("class/calls-nothing/", ANYBODY),
    _is("class/assigned/", ANYBODY),
    _is("class/skips/", ANYBODY),
    _is("class/super-sometimes/", {"GET": LOGIN, "POST": ANYBODY}, custom=True),
    _is("class/access-only/", ANYBODY),
    _is("class/handles-nothing/", ANYBODY, custom=True),
    _is("class/handles-otherwise/", LOGIN),
    _is("class/permission/", VIEW),
    _is("class/permissions/", BOTH),
    _is("class/permission-empty/", ANYBODY),
    _is("class/permission-always/", ANYBODY),
    _is("class/permission-own/", SUPERUSER),
    _is("class/permission-and/", STAFF_VIEW, custom=True),
    _is("class/permission-given/", VIEW),
    _is("class/permission-given-none/", ANYBODY),
    _is("class/permission-in-urls/", "permission: zoo.change_doc"),
    _is("class/permission-none-in-urls/", ANYBODY),
    _is("class/passes-staff/", STAFF),
    _is("class/passes-all/", ANYBODY),
    _is("class/passes-truthy/", ANYBODY, custom=True),
    _is("class/login-and-passes/", SUPERUSER),
    _is("class/decorated-dispatch/", LOGIN),
    _is("class/decorated-get/", {"GET": LOGIN, "POST": ANYBODY}),
    _is("class/decorated-post/", {"GET": ANYBODY, "POST": LOGIN}),
    _is("class/decorated-list/", VIEW),
    _is("class/decorated-method/", LOGIN),
    _is("class/decorated-overridden/", ANYBODY),
    _is("class/decorated-get-overridden/", ANYBODY),
    _is("class/decorated-post-only/", {"GET": ANYBODY, "POST": VIEW}),
    _is("class/own-mixin/", LOGIN),
    _is("class/own-mixin-last/", ANYBODY),
    _is("class/own-dispatch/", STAFF),
    _is("class/own-dispatch-late/", ANYBODY, custom=True),
    _is("class/setup/", LOGIN),
    _is("class/checks-in-get/", {"GET": LOGIN, "POST": ANYBODY}),
    _is("class/checks-in-both/", LOGIN),
    _is("class/old-idiom/", LOGIN),
    _is("class/chained/", LOGIN),
    _is("class/chained-open/", ANYBODY),
    _is("class/wrapped/", LOGIN),
    _is("class/unwrapped/", ANYBODY),
    _is("class/list/", {"GET": LOGIN}),
    _is("class/list-open/", {"GET": ANYBODY}),
    _is("class/detail/1/", {"GET": VIEW}, "class/detail/<int:pk>/"),
]

OBJECTS = [
    _is("object/anybody/1/", ANYBODY, "object/anybody/<int:pk>/"),
    _is("object/every-user/1/", LOGIN, "object/every-user/<int:pk>/"),
    _is("object/owner/1/", OWNER, "object/owner/<int:pk>/"),
    _is("object/filtered/1/", OWNER, "object/filtered/<int:pk>/", custom=True),
    _is("object/compared/1/", OWNER, "object/compared/<int:pk>/"),
    _is("object/other-query/1/", LOGIN, "object/other-query/<int:pk>/"),
    _is("object/scoped/1/", {"GET": OWNER}, "object/scoped/<int:pk>/"),
    _is("object/unscoped/1/", {"GET": LOGIN}, "object/unscoped/<int:pk>/"),
    _is("object/ignored/1/", {"GET": LOGIN}, "object/ignored/<int:pk>/"),
]

SIGNATURE = "4ac1d2d9c43ca7eee81af304061065378198e5c7d059ae2d7e0449f4c0407632"
SESAME = (("X-Token", "open sesame"),)

TOKENS = [
    _is("token/signed/", TOKEN, headers=(("X-Signature", SIGNATURE),)),
    _is("token/compared/", TOKEN, headers=SESAME),
    _is(
        "token/loaded/",
        TOKEN,
        query="?key=ImluIg:1xWFyG:LVocaqwZljJFZSccjXK_T8CmRugXEIocbp4xNDWxMy0",
    ),
    _is("token/only-if-sent/", ANYBODY, custom=True),
    _is("token/ignored/", ANYBODY),
    _is("token/nothing/", ANYBODY),
]

ADMINS = [
    _is("back/admin/", {"GET": STAFF}),
    _is("back/admin/login/", {"GET": ANYBODY}, custom=True),
    _is("back/admin/jsi18n/", {"GET": STAFF}),
    _is("back/admin/password_change/", {"GET": STAFF}),
    _is(
        "back/admin/zoo/",
        {"GET": "permission: any of zoo"},
        r"back/admin/(?P<app_label>zoo)/$",
        custom=True,
        staff=True,
    ),
    _is("back/admin/zoo/doc/", {"GET": EITHER}, staff=True),
    _is("back/admin/zoo/doc/add/", {"GET": "permission: zoo.add_doc"}, staff=True),
    _is(
        "back/admin/zoo/doc/1/change/",
        {"GET": EITHER},
        "back/admin/zoo/doc/<path:object_id>/change/",
        staff=True,
    ),
    _is(
        "back/admin/zoo/doc/1/delete/",
        {"GET": "permission: zoo.delete_doc"},
        "back/admin/zoo/doc/<path:object_id>/delete/",
        staff=True,
    ),
    _is(
        "back/admin/zoo/doc/1/history/",
        {"GET": EITHER},
        "back/admin/zoo/doc/<path:object_id>/history/",
        staff=True,
    ),
    _is("back/admin/zoo/doc/report/", ANYBODY),
    _is("back/admin/zoo/doc/report-guarded/", STAFF),
    _is("back/admin/zoo/note/", {"GET": STAFF}),
    _is("back/admin/zoo/note/add/", {"GET": "permission: zoo.add_note"}, staff=True),
    _is("back/open/", {"GET": ANYBODY}),
    _is("back/open/zoo/note/", {"GET": ANYBODY}),
    _is("back/own/", {"GET": SUPERUSER}),
    _is("back/own/zoo/doc/", {"GET": SUPERUSER}),
    _is("back/pages/raw/", ANYBODY),
    _is("back/pages/wrapped/", STAFF),
]

REST = [
    _is("rest/default/", ANYBODY),
    _is("rest/login/", LOGIN),
    _is("rest/any/", ANYBODY),
    _is("rest/empty/", ANYBODY),
    _is("rest/staff/", STAFF),
    _is("rest/read-only/", {"GET": ANYBODY, "POST": LOGIN}),
    _is("rest/only-object/", ANYBODY),
    _is("rest/login-or-object/", ANYBODY),
    _is("rest/login-and-object/", LOGIN),
    _is("rest/staff-or-login/", LOGIN),
    _is("rest/not-login/", "guest", custom=True),
    _is("rest/both/", STAFF),
    _is("rest/member/", LOGIN),
    _is("rest/nothing/", ANYBODY),
    _is("rest/writer/", {"GET": ANYBODY, "POST": "permission: zoo.change_doc"}, custom=True),
    _is("rest/staff-member/", STAFF),
    _is("rest/forgets/", ANYBODY),
    _is("rest/unchecked-view/", ANYBODY),
    _is("rest/checked-more/", STAFF, custom=True),
    _is("rest/uninitialised/", ANYBODY),
    _is("rest/own-initial/", LOGIN, custom=True),
    _is("rest/own-initial-object/", STAFF, custom=True),
    _is("rest/by-method/", {"GET": ANYBODY, "POST": LOGIN}),
    _is("rest/dispatching/", LOGIN),
    _is("rest/mixed/", LOGIN),
    _is("rest/decorated/", LOGIN),
    _is("rest/body-check/", {"GET": LOGIN, "POST": ANYBODY}, custom=True),
    _is("rest/login-none-in-urls/", ANYBODY),
    _is("rest/any-login-in-urls/", LOGIN),
    _is("rest/wrapped/", LOGIN),
    _is("rest/function/", ANYBODY),
    _is("rest/function-login/", LOGIN),
    _is("rest/function-empty/", {"GET": ANYBODY}),
    _is("rest/public-list/", {"GET": ANYBODY}),
    _is("rest/docs/", {"GET": LOGIN, "POST": "permission: zoo.add_doc"}, "rest/docs/$"),
    _is(
        "rest/docs/1/",
        {
            "GET": LOGIN,
            "PUT": "permission: zoo.change_doc",
            "PATCH": "permission: zoo.change_doc",
            "DELETE": "permission: zoo.delete_doc",
        },
        "rest/docs/(?P<pk>[^/.]+)/$",
    ),
    _is("rest/docs/count/", {"GET": LOGIN}, "rest/docs/count/$"),
    _is("rest/docs/report/", {"POST": ANYBODY}, "rest/docs/report/$"),
    _is("rest/docs/1/audit/", {"GET": STAFF}, "rest/docs/(?P<pk>[^/.]+)/audit/$"),
    _is("rest/by-action/", {"GET": ANYBODY, "POST": LOGIN}, "rest/by-action/$"),
    _is(
        "rest/by-action/1/",
        {"GET": ANYBODY, "PUT": LOGIN, "DELETE": LOGIN},
        "rest/by-action/(?P<pk>[^/.]+)/$",
    ),
    _is("rest/owned/", {"GET": LOGIN}, "rest/owned/$"),
    _is("rest/owned/1/", {"GET": OWNER, "DELETE": OWNER}, "rest/owned/(?P<pk>[^/.]+)/$"),
    _is("rest/checked/", {"GET": LOGIN}, "rest/checked/$"),
    _is("rest/checked/1/", {"GET": OWNER, "DELETE": OWNER}, "rest/checked/(?P<pk>[^/.]+)/$"),
    _is("rest/unchecked/1/", {"GET": LOGIN, "DELETE": OWNER}, "rest/unchecked/(?P<pk>[^/.]+)/$"),
    _is("rest/rooted/", {"GET": ANYBODY}, "rest/rooted/"),
    _is("rest/rooted/docs/", {"GET": LOGIN}, "rest/rooted/docs/$"),
]

BEARER = (("Authorization", "Bearer open sesame"),)

NINJA = [
    _is("ninja/api/open", {"GET": ANYBODY}),
    _is("ninja/api/session", {"GET": LOGIN}),
    _is("ninja/api/staff", {"GET": STAFF}),
    _is("ninja/api/superuser", {"GET": SUPERUSER}),
    _is("ninja/api/bearer", {"GET": TOKEN}, headers=BEARER),
    _is("ninja/api/key", {"GET": TOKEN}, headers=SESAME),
    _is("ninja/api/function", {"GET": LOGIN}),
    _is("ninja/api/everybody", {"GET": ANYBODY}, custom=True),
    _is("ninja/api/several", {"GET": "authenticated or token"}, headers=SESAME, custom=True),
    _is("ninja/api/decorated", {"GET": STAFF}),
    _is("ninja/api/methods", {"GET": LOGIN, "POST": ANYBODY}),
    _is("ninja/api/rows/7", {"GET": LOGIN}, "ninja/api/rows/<row>"),
    _is("ninja/api/body", {"GET": LOGIN}),
    _is("ninja/api/docs", {"GET": ANYBODY}),
    _is("ninja/api/openapi.json", {"GET": ANYBODY}),
    _is("ninja/closed/inherits", {"GET": LOGIN}),
    _is("ninja/closed/none", {"GET": ANYBODY}),
    _is("ninja/closed/below/inherits", {"GET": LOGIN}),
    _is("ninja/closed/below/own", {"GET": SUPERUSER}),
    _is("ninja/closed/opened/inherits", {"GET": ANYBODY}),
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

TRUTHS = [*FUNCTIONS, *BODIES, *CLASSES, *OBJECTS, *TOKENS, *ADMINS, *REST, *NINJA, *SITE]

STRICT = {
    "accounts/login/": ANYBODY,
    "back/admin/login/": ANYBODY,
    "rest/default/": LOGIN,
    "rest/function/": LOGIN,
    "rest/body-check/": LOGIN,
    "rest/rooted/": LOGIN,
}
"""Who gets in where everybody must log in (park.strict), by path. All other routes that are open
are not there, but those of REST framework, which LoginRequiredMiddleware leaves alone."""
