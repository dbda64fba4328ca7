"""What the admin asks for beside a password."""

from __future__ import annotations

import pytest
from routing import ADMIN, LOGIN, routed

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

HERE = ("admin/", ADMIN)


@pytest.mark.parametrize(
    "apps, routes, unread, verdict, words",
    [
        ([], [], "", Verdict.PASS, "No route leads to an admin"),
        (["django.contrib.admin"], [("login/", LOGIN)], "", Verdict.PASS, "No route leads"),
        (["django_otp"], [("staff/", "django_otp.admin.OTPAdminSite.urls")], "", Verdict.PASS, "asks for a second"),
        ([], [("staff/", "django_otp.admin.OTPAdminSite.urls"), HERE], "", Verdict.FAIL, "at /admin/"),
        (["django_otp"], [HERE], "", Verdict.UNKNOWN, "django-otp is used; whether the admin at /admin/"),
        (["allauth", "allauth.mfa"], [HERE], "", Verdict.UNKNOWN, "allauth.mfa is used"),
        (["mozilla_django_oidc"], [HERE], "", Verdict.UNKNOWN, "mozilla-django-oidc is used"),
        ([Unknown("read from APPS", several=True)], [HERE], "", Verdict.UNKNOWN, "read from APPS"),
        ([], [], "its view is not known", Verdict.UNKNOWN, "Whether there is an admin"),
        (["django.contrib.admin"], [HERE], "", Verdict.FAIL, "Nothing asks for a second factor at /admin/"),
        (["allauth"], [HERE], "", Verdict.FAIL, "Nothing asks"),
        ({"if X": ["django_otp"], "else": []}, [HERE], "", Verdict.CONDITIONAL, "Nothing asks"),
    ],
)  # fmt: skip
def test_verdicts(judged, apps, routes, unread: str, verdict: Verdict, words: str) -> None:
    finding = judged(
        "admin-second-factor", routed({"INSTALLED_APPS": apps}, *routes, unread=unread)
    )
    assert finding.verdict is verdict, finding.message
    assert words in finding.message
