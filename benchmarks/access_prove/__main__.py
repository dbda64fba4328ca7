"""`python benchmarks/access_prove`: how long the proof of 500 routes as 5 roles takes, on SQLite.

A project is made for it: views that are functions and classes, lists and single rows, guarded in the
ways that are usual, and an admin. Ends with 1 where it takes longer than the target, or refutes
what is true. `--routes N` asks for another number, `--python PATH` for another interpreter.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    sys.path[0] = os.path.join(REPOSITORY, "src")

from hardango.access.prove import Options, proven  # noqa: E402
from hardango.audit import Request, read  # noqa: E402
from hardango.matrix import Role  # noqa: E402

TARGET = 60.0
EDITOR = Role("editor", staff=True, permissions=("things.view_thing",))

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "made by a benchmark, and of no use to anybody: 0123456789abcdefghijklmnop"
DEBUG = False
ALLOWED_HOSTS = ["things.example"]
ROOT_URLCONF = "things.urls"
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.sessions", "django.contrib.messages", "things"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.contrib.sessions.middleware.SessionMiddleware",
              "django.middleware.common.CommonMiddleware",
              "django.middleware.csrf.CsrfViewMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
              "OPTIONS": {"context_processors": ["django.template.context_processors.request",
              "django.contrib.auth.context_processors.auth",
              "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
LOGIN_URL = "/admin/login/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
MODELS = """
from django.conf import settings
from django.db import models

class Thing(models.Model):
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
"""
VIEWS = """
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, View
from things.models import Thing

def _shown(request, things):
    return JsonResponse({"things": [each.name for each in things]})
"""
KINDS = (
    ("{name}/", "def {name}(request):\n    return _shown(request, [])\n", "{name}"),
    ("{name}/", ("@login_required\ndef {name}(request):\n"
     "    return _shown(request, Thing.objects.filter(owner=request.user))\n"), "{name}"),
    ("{name}/<int:pk>/", ("@login_required\ndef {name}(request, pk):\n"
     "    return _shown(request, [get_object_or_404(Thing, pk=pk, owner=request.user)])\n"), "{name}"),
    ("{name}/", ("@permission_required('things.view_thing')\ndef {name}(request):\n"
     "    return _shown(request, Thing.objects.all())\n"), "{name}"),
    ("{name}/", ("class {name}(LoginRequiredMixin, View):\n"
     "    def get(self, request):\n        return HttpResponse('read')\n"
     "    def post(self, request):\n        return HttpResponse('written')\n"), "{name}.as_view()"),
    ("{name}/<int:pk>/", ("class {name}(LoginRequiredMixin, DetailView):\n    model = Thing\n"
     "    def render_to_response(self, context):\n"
     "        return HttpResponse(context['object'].name)\n"), "{name}.as_view()"),
    ("{name}/", ("def {name}(request):\n    if not request.user.is_staff:\n"
     "        return redirect('/admin/login/')\n    return _shown(request, [])\n"), "{name}"),
)  # fmt: skip
"""Pattern, view and how it is routed, of each kind."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routes", type=int, default=500)
    parser.add_argument("--python", default=sys.executable)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in _files(given.routes):
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as opened:
                opened.write(text)
        began = time.perf_counter()
        matrix = proven(read(Request(path=folder)), given.python, Options(roles=(EDITOR,)))
        seconds = time.perf_counter() - began
    cells = Counter((each.tier, each.verdict) for route in matrix.routes
                    for one in route.operations for each in one.cells)  # fmt: skip
    print(f"{len(matrix.routes)} routes as {len(matrix.roles)} roles: {sum(cells.values())} cells")
    for (tier, verdict), count in sorted(cells.items()):
        print(f"  {tier:10}{verdict:14}{count:6}")
    refuted = sum(count for (_, verdict), count in cells.items() if verdict == "refuted")
    met = seconds <= TARGET and not refuted
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    busy = sum(each.ru_utime + each.ru_stime for each in used)
    print(f"{seconds:.1f} s with migrations, of which two cores were busy for {busy / 2:.1f} s")
    print(f"target: {TARGET:g} s, {'met' if met else 'missed'}")
    return 0 if met else 1


def _files(routes: int) -> Iterator[tuple[str, str]]:
    views, patterns = [VIEWS], []
    for number in range(routes - 20):  # the admin has as many
        pattern, view, routed = KINDS[number % len(KINDS)]
        name = f"v{number}"
        views.append(view.format(name=name))
        patterns.append(
            f"    path('{pattern.format(name=name)}', views.{routed.format(name=name)}),"
        )
    urls = ["from django.contrib import admin", "from django.urls import path",
            "from things import views", "", "urlpatterns = [", "    path('admin/', admin.site.urls),",
            *patterns, "]"]  # fmt: skip
    yield (
        "manage.py",
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'things.settings')\n",
    )
    yield "things/__init__.py", ""
    yield "things/settings.py", SETTINGS
    yield "things/models.py", MODELS
    yield "things/admin.py", "from django.contrib import admin\nfrom things.models import Thing\nadmin.site.register(Thing)\n"  # fmt: skip
    yield "things/views.py", "\n".join(views)
    yield "things/urls.py", "\n".join(urls) + "\n"
    yield "things/migrations/__init__.py", ""
    yield "things/migrations/0001_initial.py", MIGRATION


MIGRATION = """
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [migrations.CreateModel("Thing", [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=80)),
        ("owner", models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)),
    ])]
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
