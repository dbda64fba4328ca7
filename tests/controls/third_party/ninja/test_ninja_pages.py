"""The description of the API by django-ninja."""

from __future__ import annotations

import pytest
from mutating import PACKAGES, URLS, Mutant

from hardango.findings import Verdict
from hardango.settings.evaluate import evaluate

STAFF = "from django.contrib.admin.views.decorators import staff_member_required as staff\n"
PATH = "path('api/', api.urls)"


@pytest.mark.parametrize(
    ("arguments", "routes", "verdict", "words"),
    [
        ("openapi_url=None", PATH, Verdict.PASS, "no description below /api/"),
        ("openapi_url=''", PATH, Verdict.PASS, "no description"),
        ("docs_decorator=staff", PATH, Verdict.PASS, "asks for a login"),
        ("docs_decorator=login_required, docs_url='/d'", PATH, Verdict.PASS, "asks for a login"),
        # Nothing leads there.
        ("", "", Verdict.PASS, "No route"),
        ("", "path('other/', other.urls)", Verdict.PASS, "No route"),
        ("docs_decorator=own", PATH, Verdict.UNKNOWN, "not known"),
        ("docs_decorator=os.environ['X']", PATH, Verdict.UNKNOWN, "not known"),
        ("openapi_url=os.environ['X']", PATH, Verdict.UNKNOWN, "not known"),
        ("**other.options()", PATH, Verdict.UNKNOWN, "not known"),
        ("", PATH, Verdict.FAIL, "below /api/ is open to everybody"),
        # Both guard operations, or the page alone.
        ("title='Shop', auth=other.auth", PATH, Verdict.FAIL, "open"),
        ("docs_url=None", PATH, Verdict.FAIL, "open"),
    ],
)  # fmt: skip
def test_who_reads_it(
    judged, write, arguments: str, routes: str, verdict: Verdict, words: str
) -> None:
    root = str(write({
        "settings.py": "ROOT_URLCONF = 'urls'\nDEBUG = False\n",
        "urls.py": f"from api import api\nfrom django.urls import path\nimport other\nurlpatterns = [{routes}]\n",
        "api.py": "import os, other\nfrom ninja import NinjaAPI\n"
        "from django.contrib.auth.decorators import login_required\n"
        f"{STAFF}def own(view): return view\napi = NinjaAPI({arguments})\n",
    }))  # fmt: skip
    settings = evaluate("settings", root=root, import_roots=(root,))
    finding = judged("ninja-pages", settings)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


MUTANTS = (
    Mutant(
        "ninja-pages", "", "from ninja import NinjaAPI\napi = NinjaAPI()\nurlpatterns += [path('api/', api.urls)]",
        URLS, pedantic=True, also=((PACKAGES, "", "django-ninja==1.4.5"),),
    ),
)  # fmt: skip
