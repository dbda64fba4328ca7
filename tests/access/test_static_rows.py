"""What can't be read is a row that says so, and never called open or protected."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardango.access.static import matrix_of
from hardango.audit import Request, read
from hardango.matrix import Matrix

SETTINGS = """
SECRET_KEY = "x" * 60
ALLOWED_HOSTS = ["shop.example"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.auth", "shop"]
MIDDLEWARE = {middleware}
"""
HEAD = "from django.urls import include, path\nfrom django.views.generic import View\n"


def matrix(folder: Path, urls: str, middleware: str = "[]") -> Matrix:
    package = folder / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "settings.py").write_text(SETTINGS.format(middleware=middleware))
    (package / "urls.py").write_text(HEAD + urls)
    (folder / "manage.py").write_text(
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    )
    return matrix_of(read(Request(path=str(folder))))


VIEW = "def view(request):\n    return page()\n"


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ("from away import view\nurlpatterns = [path('a/', view)]", "a/ unresolved"),
        ("urlpatterns = [path('a/', include('away.urls'))]", "a/ unresolved"),
        ("from away import made\nurlpatterns = [path('a/', made('x'))]", "a/ unresolved"),
        ("from away import site\nurlpatterns = [path('a/', site.urls)]", "a/ unresolved"),
        (("from away import Base\nclass V(Base):\n    def get(self, request):\n        return page()\n"
         "urlpatterns = [path('a/', V.as_view())]"), "a/ unknown"),
        (("from away import LoginRequired\nclass V(LoginRequired, View):\n    def get(self, request):\n"
         "        return page()\nurlpatterns = [path('a/', V.as_view())]"), "a/ custom"),
        ("from away import members_only\n@members_only\n" + VIEW + "urlpatterns = [path('a/', view)]",
         "a/ custom"),
        (("def decorator_of(test):\n    def around(view):\n        def wrapped(request):\n"
          "            if not test(request.user):\n                raise PermissionDenied\n"
          "            return view(request)\n        return wrapped\n    return around\n"
          "@decorator_of\ndef managers_only(user):\n    return user.is_manager\n@managers_only\n"
          + VIEW + "urlpatterns = [path('a/', view)]"), "a/ custom"),
        (("made = lambda test: lambda cls: cls\ndef decorator_of(test):\n    return made(test)\n@decorator_of\ndef managers_only(user):\n"
          "    return user.is_manager\n@managers_only\nclass V(View):\n    def get(self, request):\n"
          "        return page()\nurlpatterns = [path('a/', V.as_view())]"), "a/ custom"),
        (("known = []\ndef registered(cls):\n    known.append(cls)\n    return cls\n@registered\nclass V(View):\n"
          "    def get(self, request):\n        return page()\nurlpatterns = [path('a/', V.as_view())]"),
         "a/ anonymous"),
        (("import functools\n@functools.cache\ndef harmless(view):\n    return view\n@harmless\n"
          + VIEW + "urlpatterns = [path('a/', view)]"), "a/ anonymous"),
        (VIEW + "urlpatterns = [path('a/', view)]", "a/ anonymous"),
        (("from django.conf import settings\nfrom django.conf.urls.static import static\n"
         "urlpatterns = static('/media/', document_root='x')"), ""),
        ("from django.contrib.auth.decorators import login_required as guarded\n" + VIEW
         + "urlpatterns = [path('a/', guarded(view))]", "a/ authenticated"),
        (VIEW + "login_required = lambda view: view\nurlpatterns = [path('a/', login_required(view))]",
         "a/ anonymous"),
    ],
)  # fmt: skip
def test_a_row_says_what_is_known(tmp_path: Path, urls: str, expected: str) -> None:
    rows = [
        f"{route.pattern} unresolved"
        if route.unresolved
        else f"{route.pattern} {route.operations[0].reach.value}"
        for route in matrix(tmp_path, urls).routes
    ]
    assert rows == ([expected] if expected else [])


def test_a_middleware_that_lets_some_paths_through_is_quoted(tmp_path: Path) -> None:
    urls = (
        "class Gate:\n    def __init__(self, get_response):\n        self.get_response = get_response\n"
        "    def __call__(self, request):\n        if not request.user.is_authenticated:\n"
        "            if request.path not in OPEN:\n                return redirect('login')\n"
        f"        return self.get_response(request)\n{VIEW}urlpatterns = [path('a/', view)]"
    )
    made = matrix(tmp_path, urls, "['shop.urls.Gate']")
    assert [each.demands.value for each in made.middleware] == ["custom"]
    assert made.routes[0].operations[0].reach.value == "custom"
