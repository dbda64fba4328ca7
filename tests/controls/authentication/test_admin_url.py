"""Where the admin is."""

from __future__ import annotations

import pytest
from routing import ADMIN, LOGIN, routed

from hardango.findings import Verdict


@pytest.mark.parametrize(
    "routes, unread, verdict, words",
    [
        ([], "", Verdict.PASS, "No route leads to an admin"),
        ([("admin/", "shop.views.dashboard")], "", Verdict.PASS, "No route leads"),
        ([("admin/", LOGIN)], "", Verdict.PASS, "No route leads"),
        ([("back-office-7/", ADMIN)], "", Verdict.PASS, "an address of its own"),
        ([("adminer-x/", ADMIN)], "", Verdict.PASS, "an address of its own"),
        ([("admin/doc/", "django.contrib.admindocs.urls")], "", Verdict.PASS, "No route leads"),
        ([("{ADMIN_URL}", ADMIN)], "", Verdict.UNKNOWN, "/{ADMIN_URL}, a part of which"),
        ([("{a text with X}admin/$", ADMIN)], "", Verdict.UNKNOWN, "at /…admin/, a part"),
        ([], "its view is not known", Verdict.UNKNOWN, "Whether there is an admin is not known"),
        ([("admin/", ADMIN)], "", Verdict.FAIL, "The admin is at /admin/"),
        ([("^admin/", ADMIN)], "", Verdict.FAIL, "The admin is at /admin/"),
        ([("<language>/admin/", ADMIN)], "", Verdict.FAIL, "/<language>/admin/"),
        ([("admin/", "django.contrib.admin.AdminSite.urls")], "its view is not known", Verdict.FAIL, "/admin/"),
        ([("back/", ADMIN), ("admin/", ADMIN)], "", Verdict.FAIL, "/admin/"),
    ],
)  # fmt: skip
def test_verdicts(judged, routes, unread: str, verdict: Verdict, words: str) -> None:
    finding = judged("admin-url", routed({}, *routes, unread=unread))
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


def test_it_is_said_only_on_demand(judged) -> None:
    from hardango.controls.catalogue import catalogue

    (control,) = catalogue(lambda name: name == "admin-url")
    assert control.pedantic
