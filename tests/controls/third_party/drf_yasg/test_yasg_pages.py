"""The description of the API by drf-yasg."""

from __future__ import annotations

import pytest
from mutating import PACKAGES, URLS, Mutant
from routing import routed

from hardango.findings import Verdict
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Unknown

VIEW = "drf_yasg.views.SchemaView"
GUARD = "django.contrib.auth.decorators.login_required "
ADMIN, ANY = (f"rest_framework.permissions.{name}" for name in ("IsAdminUser", "AllowAny"))
CLOSED = {"REST_FRAMEWORK": {"DEFAULT_PERMISSION_CLASSES": [ADMIN]}}


@pytest.mark.parametrize(
    ("view", "options", "settings", "verdict"),
    [
        (VIEW, {}, {}, Verdict.PASS),
        (VIEW, {"public": False, "permission_classes": (ANY,)}, {}, Verdict.PASS),
        (VIEW, {"public": True, "permission_classes": (ADMIN,)}, {}, Verdict.PASS),
        (VIEW, {"public": True}, CLOSED, Verdict.PASS),
        (VIEW, {"public": True, "permission_classes": None}, CLOSED, Verdict.PASS),
        (GUARD + VIEW, {"public": True}, {}, Verdict.PASS),
        ("shop.views.SchemaView", {"public": True}, {}, Verdict.PASS),
        (VIEW, {"public": True}, {}, Verdict.FAIL),
        (VIEW, {"public": True, "permission_classes": (ANY,)}, CLOSED, Verdict.FAIL),
        (VIEW, {"public": True, "permission_classes": ()}, CLOSED, Verdict.FAIL),
        (VIEW, {"public": Unknown("x")}, {}, Verdict.UNKNOWN),
        (VIEW, {"public": True, "permission_classes": ("shop.Own",)}, {}, Verdict.UNKNOWN),
    ],
)
def test_who_reads_it(judged, view: str, options, settings, verdict: Verdict) -> None:
    finding = judged("yasg-pages", routed(settings, ("docs/", view), options=options))
    assert finding.verdict is verdict, finding.message


def test_as_a_urlconf_makes_it(judged, write) -> None:
    root = str(write({
        "settings.py": "ROOT_URLCONF = 'urls'\nDEBUG = False\n",
        "urls.py": "from django.urls import path\nfrom drf_yasg import openapi\n"
        "from drf_yasg.views import get_schema_view\nfrom rest_framework import permissions\n"
        "view = get_schema_view(openapi.Info(title='x'), public=True, permission_classes=[permissions.AllowAny])\n"
        "urlpatterns = [path('docs/', view.with_ui('swagger', cache_timeout=0)), path('s', view.without_ui())]\n",
    }))  # fmt: skip
    settings = evaluate("settings", root=root, import_roots=(root,))
    settings.routes()
    finding = judged("yasg-pages", settings)
    assert finding.verdict is Verdict.FAIL
    assert "/docs/ shows the whole API" in finding.message


MUTANTS = (
    Mutant(
        "yasg-pages", "", "from drf_yasg.views import get_schema_view\nfrom rest_framework import permissions\n"
        "view = get_schema_view(public=True, permission_classes=[permissions.AllowAny])\n"
        "urlpatterns += [path('docs/', view.with_ui('redoc'))]", URLS, pedantic=True,
        also=((PACKAGES, "", "drf-yasg==1.21.18"),),
    ),
)  # fmt: skip
