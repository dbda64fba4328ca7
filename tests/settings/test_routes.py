"""The routes of a project: its URLconf, evaluated."""

from __future__ import annotations

import pytest
from evaluating import Source, written

from hardango.settings.environment import Environment
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Settings
from hardango.settings.routes import Route, Routes

START = """
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
"""
SETTINGS = 'ROOT_URLCONF = "shop.urls"\nDEBUG = False\n'
VIEWS = """
from django.contrib.auth.decorators import login_required, user_passes_test
from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from functools import wraps

def index(request): ...

@login_required
@csrf_exempt
def guarded(request): ...

@user_passes_test(lambda user: user.is_staff)
def staff(request): ...

def ours(view):
    @wraps(view)
    def inner(request):
        return view(request)
    return inner

@ours
def wrapped(request): ...

class Detail(LoginRequiredMixin, View):
    pass

class More(Detail):
    pass

@method_decorator(login_required, name="dispatch")
class Decorated(View):
    pass
"""


def settings_of(source: Source) -> Settings:
    """The settings, with their routes read while the files are there."""
    with written(source) as root:
        found = evaluate(
            "settings", root=root, import_roots=(root,), environment=Environment.of({}), strict=True
        )
        found.routes()
        return found


def routes(urls: str, settings: str = "", **files: str) -> Routes:
    sources = {
        "settings.py": SETTINGS + settings,
        "shop/__init__.py": "",
        "shop/urls.py": START + urls,
        "shop/views.py": VIEWS,
        **{f"{name.replace('__', '/')}.py": text for name, text in files.items()},
    }
    return settings_of(sources).routes()


def shown(route: Route) -> str:
    """A route in one line: pattern, view or included URLconf, wrappers, condition."""
    said = f"{route.pattern} {route.view or '[' + route.included + ']'}"
    said += "".join(f" <{each.rpartition('.')[2]}" for each in route.wrappers)
    return said + "".join(f" if {each}" for each in route.when)


@pytest.mark.parametrize(
    "urls, expected",
    [
        ("urlpatterns = []", []),
        ("from . import views\nurlpatterns = [path('a/', views.index)]", ["a/ shop.views.index"]),
        ("from shop.views import index as home\nurlpatterns = [path('', home, name='home')]", [" shop.views.index"]),
        ("from django.conf.urls import url\nfrom . import views\nurlpatterns = [url(r'^a/$', views.index)]", ["a/$ shop.views.index"]),
        ("from . import views\nurlpatterns = [re_path(r'^a/(?P<pk>\\d+)/$', views.index)]", ["a/(?P<pk>\\d+)/$ shop.views.index"]),
        ("from django.conf.urls import patterns, url\nurlpatterns = patterns('', url(r'^a$', 'shop.views.index'))", ["a$ shop.views.index"]),
        # Guards: around the view, on it, in its class.
        (("from django.contrib.auth.decorators import login_required\nfrom . import views\n"
         "urlpatterns = [path('a', login_required(views.index))]"), ["a shop.views.index <login_required"]),
        ("from . import views\nurlpatterns = [path('a', views.guarded)]", ["a shop.views.guarded <login_required <csrf_exempt"]),
        ("from . import views\nurlpatterns = [path('a', views.staff)]", ["a shop.views.staff <user_passes_test"]),
        ("from . import views\nurlpatterns = [path('a', views.wrapped)]", ["a shop.views.wrapped <inner"]),
        ("from . import views\nurlpatterns = [path('a', views.Detail.as_view())]", ["a shop.views.Detail"]),
        ("from . import views\nurlpatterns = [path('a', views.Decorated.as_view())]", ["a shop.views.Decorated <login_required"]),
        (("from django.views.decorators.cache import cache_page\nfrom . import views\n"
         "urlpatterns = [path('a', cache_page(60)(views.Detail.as_view()))]"), ["a shop.views.Detail <cache_page"]),
        (("from django.views.decorators.csrf import csrf_exempt\nfrom graphene_django.views import GraphQLView\n"
         "urlpatterns = [path('graphql', csrf_exempt(GraphQLView.as_view(graphiql=True)))]"),
         ["graphql graphene_django.views.GraphQLView <csrf_exempt"]),
        ("from django.contrib.auth import views as auth\nurlpatterns = [path('out', auth.LogoutView.as_view())]",
         ["out django.contrib.auth.views.LogoutView"]),
        ("from django.views.static import serve\nurlpatterns = [re_path(r'^media/(?P<path>.*)$', serve, {'document_root': '/'})]",
         ["media/(?P<path>.*)$ django.views.static.serve"]),
        # The admin, and other lists of another package.
        ("urlpatterns = [path('admin/', admin.site.urls)]", ["admin/ [django.contrib.admin.site.urls]"]),
        ("from django.contrib.admin import AdminSite\nsite = AdminSite(name='x')\nurlpatterns = [path('x/', site.urls)]",
         ["x/ [django.contrib.admin.AdminSite.urls]"]),
        ("class Site(admin.AdminSite): pass\nsite = Site()\nurlpatterns = [path('x/', site.urls)]",
         ["x/ [django.contrib.admin.AdminSite.urls]"]),
        ("urlpatterns = [path('accounts/', include('allauth.urls'))]", ["accounts/ [allauth.urls]"]),
        ("urlpatterns = [path('i18n/', include('django.conf.urls.i18n'))]", ["i18n/ [django.conf.urls.i18n]"]),
        ("import debug_toolbar\nurlpatterns = [path('__debug__/', include(debug_toolbar.urls))]", ["__debug__/ [debug_toolbar.urls]"]),
        # Lists that are made by code.
        ("from . import views\nurlpatterns = [path(f'{name}/', views.index) for name in ('a', 'b')]",
         ["a/ shop.views.index", "b/ shop.views.index"]),
        ("from . import views\nurlpatterns = []\nfor name in ('a', 'b'):\n    urlpatterns.append(path(name, views.index))",
         ["a shop.views.index", "b shop.views.index"]),
        ("from . import views\nurlpatterns = [path('a', views.index)]\nurlpatterns += [path('b', views.index)]",
         ["a shop.views.index", "b shop.views.index"]),
        ("from . import views\nurlpatterns = (path('a', views.index),)", ["a shop.views.index"]),
        ("from . import views\nurlpatterns = [path('a/', include([path('b/', views.index)]))]", ["a/b/ shop.views.index"]),
        ("from . import views\nurlpatterns = [path('a/', include(([path('b/', views.index)], 'app'), namespace='n'))]",
         ["a/b/ shop.views.index"]),
        ("from . import views\nurlpatterns = [path('a/', ([path('b/', views.index)], 'app', 'n'))]", ["a/b/ shop.views.index"]),
        (("from django.conf.urls.i18n import i18n_patterns\nfrom . import views\n"
         "urlpatterns = [path('a', views.index)] + i18n_patterns(path('b', views.index))"),
         ["a shop.views.index", "<language>/b shop.views.index"]),
        (("from django.views.generic import RedirectView, TemplateView\n"
         "urlpatterns = [path('', RedirectView.as_view(url='/x')), path('t', TemplateView.as_view(template_name='t'))]"),
         [" django.views.generic.RedirectView", "t django.views.generic.TemplateView"]),
        ("from functools import partial\nfrom . import views\nurlpatterns = [path('a', lambda request: None)]", ["a shop.urls.<lambda>"]),
        # Serves files only where DEBUG is on.
        ("from django.conf.urls.static import static\nurlpatterns = static('/media/', document_root='/m')", []),
        ("from django.contrib.staticfiles.urls import staticfiles_urlpatterns\nurlpatterns = staticfiles_urlpatterns()", []),
        ("if settings.DEBUG:\n    import debug_toolbar\n    urlpatterns = [path('d/', include(debug_toolbar.urls))]\nelse:\n    urlpatterns = []", []),
    ],
)  # fmt: skip
def test_routes(urls: str, expected: list[str]) -> None:
    found = routes(urls)
    assert [shown(each) for each in found.found] == expected
    assert found.unresolved == ()


DEBUG = "import os\nDEBUG = 'DEBUG' in os.environ\nMEDIA_URL = '/media/'\n"


@pytest.mark.parametrize(
    "urls, settings, expected",
    [
        ("from django.conf.urls.static import static\nurlpatterns = static(settings.MEDIA_URL, document_root='/m')", DEBUG,
         ["media/(?P<path>.*)$ django.views.static.serve if DEBUG is set"]),
        ("from django.conf.urls.static import static\nurlpatterns = static(settings.MEDIA_URL)",
         DEBUG + "MEDIA_URL = 'https://cdn.invalid/'\n", []),
        (("urlpatterns = [path('admin/', admin.site.urls)]\nif settings.DEBUG:\n    import debug_toolbar\n"
         "    urlpatterns = [path('d/', include(debug_toolbar.urls))] + urlpatterns"), DEBUG,
         ["admin/ [django.contrib.admin.site.urls]", "d/ [debug_toolbar.urls] if DEBUG is set"]),
        ("urlpatterns = [path('admin/', admin.site.urls)]\nif settings.DEBUG:\n    urlpatterns += [path('silk/', include('silk.urls'))]", DEBUG,
         ["admin/ [django.contrib.admin.site.urls]", "silk/ [silk.urls] if DEBUG is set"]),
        ("urlpatterns = []\nif 'silk' in settings.INSTALLED_APPS:\n    urlpatterns += [path('silk/', include('silk.urls'))]",
         DEBUG + "INSTALLED_APPS = ['a']\nif DEBUG:\n    INSTALLED_APPS += ['silk']\n", ["silk/ [silk.urls] if DEBUG is set"]),
        ("urlpatterns = [path(settings.ADMIN_URL, admin.site.urls)]", "ADMIN_URL = 'secret/'\n",
         ["secret/ [django.contrib.admin.site.urls]"]),
        ("urlpatterns = [path(settings.ADMIN_URL, admin.site.urls)]", "import os\nADMIN_URL = os.environ.get('ADMIN_URL', 'admin/')\n",
         ["admin/ [django.contrib.admin.site.urls] if ADMIN_URL is unset",
          "{ADMIN_URL} [django.contrib.admin.site.urls] if ADMIN_URL is set"]),
        ("urlpatterns = [path(settings.ADMIN_URL, admin.site.urls)]", "import environ\nenv = environ.Env()\nADMIN_URL = env('ADMIN_URL')\n",
         ["{ADMIN_URL} [django.contrib.admin.site.urls]"]),
        ("urlpatterns = [path('x/', include('a.urls' if settings.DEBUG else 'b.urls'))]", DEBUG,
         ["x/ [a.urls] if DEBUG is set", "x/ [b.urls] if DEBUG is unset"]),
    ],
)  # fmt: skip
def test_conditions(urls: str, settings: str, expected: list[str]) -> None:
    assert [shown(each) for each in routes(urls, settings).found] == expected


@pytest.mark.parametrize(
    "urls, reason",
    [
        ("urlpatterns = [path('a/', include('shop.missing'))]", "shop/missing.py"),
        ("urlpatterns = [path('a/', include('shop.urls'))]", "includes itself"),
        ("urlpatterns = [path('a/', include('shop.other'))]", "includes itself"),
        ("x = 1", "has no urlpatterns"),
        ("urlpatterns = [*something()]", "NameError"),
        ("import somewhere\nurlpatterns = somewhere.make(1)", "the result of somewhere.make()"),
        ("import somewhere\nurlpatterns = [*somewhere.make(1)]", "somewhere.make()"),
        ("import somewhere\nurlpatterns = [somewhere.route(1)]", "somewhere.route()"),
        ("urlpatterns = [1]", "no URL pattern"),
        ("urlpatterns = [path('a/', include(settings.OTHER))]", "AttributeError"),
        ("def (", "cannot be read"),
    ],
)
def test_what_is_not_known_is_said(urls: str, reason: str) -> None:
    other = (
        "from django.urls import include, path\nurlpatterns = [path('b/', include('shop.urls'))]"
    )
    found = routes(urls, shop__other=other)
    assert reason in " ".join(each.reason for each in found.unresolved), found
    assert found.found == ()


@pytest.mark.parametrize(
    "root, reason",
    [
        ("", "not set"),
        ("import os\nROOT_URLCONF = os.environ['URLS']", "read from URLS"),
        ("ROOT_URLCONF = 'nowhere.urls'", None),
    ],
)
def test_the_urlconf(root: str, reason: str | None) -> None:
    found = settings_of(root).routes()
    assert [
        each.reason for each in found.unresolved if reason and reason in each.reason
    ] or reason is None
    assert [each.included for each in found.found] == ([] if reason else ["nowhere.urls"])


def test_what_is_known_stays_beside_what_is_not() -> None:
    found = routes("import x\nurlpatterns = [path('admin/', admin.site.urls), *x.more()]")
    assert [shown(each) for each in found.found] == ["admin/ [django.contrib.admin.site.urls]"]
    assert len(found.unresolved) == 1


@pytest.mark.parametrize(
    "urls",
    [
        "while True:\n    pass",
        "urlpatterns = [path('a' * 10**9, include('x'))]",
        "urlpatterns = [path(str(n), include('x')) for n in range(10**9)]",
        "urlpatterns = []\nurlpatterns.append(path('a/', include(urlpatterns)))",
        "def again(): return [path('a/', include(again()))]\nurlpatterns = again()",
    ],
)
def test_it_ends(urls: str) -> None:
    found = routes(urls)
    assert found.unresolved or any(not each.exact for each in found.found)
    assert len(found.found) < 100


def test_a_router() -> None:
    urls = (
        "from rest_framework.routers import DefaultRouter\nfrom shop.views import Detail\n"
        "router = DefaultRouter()\nrouter.register(r'shops', Detail)\n"
        "urlpatterns = [path('api/', include(router.urls))]"
    )
    found = routes(urls)
    assert [shown(each) for each in found.found] == [
        "api/shops/ shop.views.Detail",
        "api/ rest_framework.routers.APIRootView",
    ]


@pytest.mark.parametrize(
    "views",
    ["raise ValueError", "from . import missing\nmissing.x", "import sys\nsys.exit(1)", "def ("],
)
def test_views_that_cannot_be_run_still_have_a_name(views: str) -> None:
    urls = "from shop import odd\nurlpatterns = [path('a', odd.index), path('b', admin.site.urls)]"
    found = routes(urls, shop__odd=views)
    assert [shown(each) for each in found.found] == [
        "a shop.odd.index",
        "b [django.contrib.admin.site.urls]",
    ]


NEEDED = """
from rest_framework.routers import SimpleRouter
from shop import heavy
from shop.more import *
from shop.views import Detail, index

made = heavy.work(1)
router = SimpleRouter()
router.register("a", Detail)
for name in ("b", "c"):
    router.register(name, Detail)
try:
    later = index
except NameError:
    later = None
if made:
    raise ValueError
"""


def test_of_modules_with_views_only_what_is_used_is_run() -> None:
    """`heavy` has no end, and nobody needs what it makes; what changes the router is needed."""
    found = routes(
        "from shop import needed\nurlpatterns = [path('r/', include(needed.router.urls)), "
        "path('l', needed.later), path('s', needed.starred), path('m', needed.missing)]",
        shop__needed=NEEDED,
        shop__more="from shop.views import guarded as starred\nwhile True:\n    pass\n",
        shop__heavy="while True:\n    pass\n",
    )
    assert [shown(each) for each in found.found] == [
        "r/a/ shop.views.Detail",
        "r/b/ shop.views.Detail",
        "r/c/ shop.views.Detail",
        "l shop.views.index",
        "s shop.views.guarded <login_required <csrf_exempt",
        "m shop.needed.missing",
    ]
    assert found.unresolved == ()


MEMBERS = """
from shop import heavy
from shop.views import Detail, More, guarded, index

class Plain(Detail):
    model = heavy.work(1)
    extends = More

class Child(Plain):
    extends = Plain.extends

class Site:
    model = heavy.work(2)
    views = [guarded]
    views += [index]
    second = views[1]
"""


def test_of_a_class_with_views_only_what_is_used_is_run() -> None:
    """Nobody needs `model`; what is bound twice is bound at once, in its order."""
    found = routes(
        "from shop import members\nurlpatterns = [path('p', members.Plain.as_view()), "
        "path('c', members.Child.extends.as_view()), path('v', members.Site.views[0]), "
        "path('s', members.Site.second)]",
        shop__members=MEMBERS,
        shop__heavy="while True:\n    pass\n",
    )
    assert [shown(each) for each in found.found] == [
        "p shop.members.Plain",
        "c shop.views.More",
        "v shop.views.guarded <login_required <csrf_exempt",
        "s shop.views.index",
    ]
    assert found.unresolved == ()


def test_places_and_bases() -> None:
    found = routes(
        "urlpatterns = [\n    path('a/', include('shop.inner')),\n]\n",
        shop__inner="from django.urls import path\nfrom shop.views import More\n\nurlpatterns = [\n"
        "    path('b', More.as_view(), name='more'),\n]\n",
    )
    (route,) = found.found
    assert [str(each) for each in route.chain] == ["shop/urls.py:6", "shop/inner.py:5"]
    assert route.name == "more"
    assert route.bases == (
        "shop.views.Detail",
        "django.contrib.auth.mixins.LoginRequiredMixin",
        "django.views.generic.View",
    )


def test_only_where_the_settings_are_looked_at() -> None:
    sources = {
        "settings.py": 'ROOT_URLCONF = "urls"\n' + DEBUG,
        "urls.py": START
        + "urlpatterns = [path('x/', include('x.urls'))] if settings.DEBUG else []",
    }
    settings = settings_of(sources)
    assert len(settings.routes().found) == 1
    assert settings.given(~settings.truths["DEBUG"]).routes().found == ()


GRAPHQL = "from graphene_django.views import GraphQLView\nfrom . import views\n"


@pytest.mark.parametrize(
    "call, expected",
    [
        ("GraphQLView.as_view()", [((), ())]),
        ("GraphQLView.as_view(graphiql=True, batch=0)", [((("graphiql", True), ("batch", 0)), ())]),
        ("views.Detail.as_view(template_name='x.html')", [((("template_name", "x.html"),), ())]),
        ("GraphQLView.as_view(classes=[views.Detail, 'a.b'])",
         [((("classes", ("shop.views.Detail", "a.b")),), ())]),
        ("GraphQLView.as_view(graphiql=settings.DEBUG)", [((("graphiql", False),), ())]),
        ("GraphQLView.as_view(graphiql=settings.SHOWN)",
         [((("graphiql", False),), ("SHOWN is not '1'",)), ((("graphiql", True),), ("SHOWN is '1'",))]),
    ],
)  # fmt: skip
def test_what_a_view_is_made_with(call: str, expected: list[object]) -> None:
    found = routes(
        f"{GRAPHQL}urlpatterns = [path('a', {call})]",
        "import os\nSHOWN = os.environ.get('SHOWN') == '1'\n",
    )
    assert [(route.options, route.when) for route in found.found] == expected


@pytest.mark.parametrize(
    "third, expected",
    [
        ("{'a': 1, 'b': True}", [((("a", 1), ("b", True)), ())]),
        ("{'document_root': BASE / 'media'}", [((("document_root", "/media"),), ())]),
        ("dict(a='x')", [((("a", "x"),), ())]),
        ("path", [((), ())]),
    ],
)
def test_what_a_route_hands_to_its_view(third: str, expected: list[object]) -> None:
    found = routes(
        "from pathlib import Path\nfrom django.urls import path\nfrom django.views.static import serve\n"
        f"BASE = Path('/')\nurlpatterns = [path('a', serve, {third})]"
    )
    assert [(route.options, route.when) for route in found.found] == expected


def test_what_another_package_defines_may_be_anything() -> None:
    (route,) = routes(
        f"{GRAPHQL}import other\nurlpatterns = [path('a', GraphQLView.as_view(graphiql=other.ON))]"
    ).found
    ((name, value),) = route.options
    assert (name, getattr(value, "subject", None)) == ("graphiql", "other.ON")
