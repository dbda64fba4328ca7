"""How a loaded project's django-ninja makes a view of a path: each shape that its versions have, as a
stand-in, since only one version is installed here. What is not known is not called open.
"""

from __future__ import annotations

import sys

import pytest

from hardango.access.loaded import loaded
from hardango.audit import Request, read
from hardango.matrix import Matrix, worded

NINJA = '''
class Operation:
    def __init__(self, view_func, auth_callbacks, methods=("GET",)):
        self.view_func, self.auth_callbacks, self.methods = view_func, auth_callbacks, methods

    def run(self, request):
        return self.view_func(request)


class PathView:
    def __init__(self, *operations):
        self.operations = list(operations)

    def answer(self, request):
        return self.operations[0].run(request)

    def method(self):
        return self.answer

    def closure(self):
        def view(request, *args, **kwargs):
            return self.answer(request, *args, **kwargs)

        return view


class Newer:
    """Not known: it holds its operations in another way."""

    def __init__(self, operation):
        self.one = operation

    def __call__(self, request):
        return self.one.run(request)

    def method(self, request):
        return self.one.run(request)


class Bare(PathView):
    def __init__(self, view):
        self.operations = [view]
'''

URLS = """
from django.http import HttpResponse
from django.urls import path
from ninja.operation import Bare, Newer, Operation, PathView


def members(request):
    return request.user if request.user.is_authenticated else None


def view(request):
    return HttpResponse("in")


class OwnOperation(Operation):
    def run(self, request):
        return HttpResponse("no", status=403)


class OwnPath(PathView):
    def closure(self):
        def view(request):
            return self.answer(request)

        return view


def closed(*asked):
    return Operation(view, list(asked or [members]))


def guarded(path_view):
    def outer(request):
        if not request.user.is_staff:
            return HttpResponse("no", status=403)
        return path_view.answer(request)

    return outer


urlpatterns = [
    path("method/", PathView(closed()).method()),
    path("closure/", PathView(closed()).closure()),
    path("subclass/", OwnPath(closed()).closure()),
    path("open-method/", PathView(Operation(view, [])).method()),
    path("open-closure/", PathView(Operation(view, [])).closure()),
    path("guarded/", guarded(PathView(Operation(view, [])))),
    path("newer/", Newer(closed())),
    path("newer-method/", Newer(closed()).method),
    path("bare/", Bare(view).method()),
    path("empty/", PathView().method()),
    path("own-operation/", PathView(OwnOperation(view, [])).method()),
]
"""

SAID = {
    "method/": "authenticated",
    "closure/": "authenticated",
    "subclass/": "authenticated",
    "open-method/": "anonymous",
    "open-closure/": "anonymous",
    "guarded/": "staff",
    "newer/": "unknown",
    "newer-method/": "unknown",
    "bare/": "unknown",
    "empty/": "unknown",
    "own-operation/": "unknown",
}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    root = tmp_path_factory.mktemp("ninja")
    (root / "manage.py").write_text(
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"
    )
    (root / "settings.py").write_text(
        "SECRET_KEY = 'x' * 50\nROOT_URLCONF = 'urls'\nALLOWED_HOSTS = ['a.example']\n"
    )
    (root / "urls.py").write_text(URLS)
    (root / "ninja").mkdir()
    (root / "ninja" / "__init__.py").write_text("")
    (root / "ninja" / "operation.py").write_text(NINJA)
    return loaded(read(Request(path=str(root))), sys.executable)


@pytest.mark.parametrize("pattern", SAID)
def test_every_shape_says_who_gets_in_or_that_it_is_not_known(matrix: Matrix, pattern: str) -> None:
    route = next(each for each in matrix.routes if each.pattern == pattern)
    said = {worded(each.reach, each.permissions, each.any_of) for each in route.operations}
    assert said == {SAID[pattern]}
