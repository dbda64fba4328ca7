"""The description of the API by drf-spectacular."""

from __future__ import annotations

from typing import Any

import pytest
from routing import routed

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

VIEW = "drf_spectacular.views.SpectacularAPIView"
GUARD = "django.contrib.auth.decorators.login_required "
ADMIN, ANY = (f"rest_framework.permissions.{name}" for name in ("IsAdminUser", "AllowAny"))


def served(*permissions: object, **options: object) -> dict[str, Any]:
    return {"SPECTACULAR_SETTINGS": {"SERVE_PERMISSIONS": list(permissions), **options}}


@pytest.mark.parametrize(
    ("view", "options", "settings", "verdict"),
    [
        (VIEW, {}, served(ADMIN), Verdict.PASS),
        (VIEW, {}, {"SPECTACULAR_SETTINGS": {"SERVE_PUBLIC": False}}, Verdict.PASS),
        (VIEW, {"permission_classes": (ADMIN,)}, served(ANY), Verdict.PASS),
        (GUARD + VIEW, {}, {}, Verdict.PASS),
        ("drf_spectacular.views.SpectacularSwaggerView", {}, {}, Verdict.PASS),
        ("shop.views.index", {}, {}, Verdict.PASS),
        (VIEW, {}, {}, Verdict.FAIL),
        (VIEW, {}, served(ANY), Verdict.FAIL),
        (VIEW, {}, served(), Verdict.FAIL),
        (VIEW, {"permission_classes": ()}, served(ADMIN), Verdict.FAIL),
        (VIEW, {}, served("shop.permissions.Own"), Verdict.UNKNOWN),
        (VIEW, {}, {"SPECTACULAR_SETTINGS": Unknown("x")}, Verdict.UNKNOWN),
        (VIEW, {"permission_classes": Unknown("x")}, {}, Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_who_reads_it(judged, view: str, options, settings, verdict: Verdict) -> None:
    finding = judged("spectacular-pages", routed(settings, ("schema/", view), options=options))
    assert finding.verdict is verdict, finding.message
