"""The pages of admin sites: which models are registered, in the source of each app's `admin`, and
the routes that Django makes of them.

https://docs.djangoproject.com/en/stable/ref/contrib/admin/, and the source of
django.contrib.admin.sites and .options.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from hardango.access.admins import admin_guards, page_guards
from hardango.access.bodies import guards_in
from hardango.access.class_views import ClassViews
from hardango.access.decorators import Where, argument
from hardango.access.linear import Entry, attribute, linear, name_of
from hardango.access.mro import Base, Definition
from hardango.access.names import named
from hardango.access.sources import Found, Function, Module, Sources, defined
from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard

SITE = "django.contrib.admin.sites.AdminSite"
DEFAULT_SITE = "django.contrib.admin.sites.site"
_MODEL_ADMIN = "django.contrib.admin.options.ModelAdmin"
_BASE_ADMIN = "django.contrib.admin.options.BaseModelAdmin"
_USER_ADMIN = "django.contrib.auth.admin.UserAdmin"
_CLASSES = (SITE, _MODEL_ADMIN, _BASE_ADMIN, _USER_ADMIN)

MAX_MODULES = 60
"""How many modules of one package `admin` are read."""

_SITE_PAGES = (
    ("", "index"), ("login/", "login"), ("logout/", "logout"),
    ("password_change/", "password_change"), ("password_change/done/", "password_change_done"),
    ("autocomplete/", "autocomplete_view"), ("jsi18n/", "i18n_javascript"),
    ("r/<path:content_type_id>/<path:object_id>/", "shortcut"),
)  # fmt: skip
_PAGES = (
    ("", "changelist_view", "changelist"), ("add/", "add_view", "add"),
    ("<path:object_id>/history/", "history_view", "history"),
    ("<path:object_id>/delete/", "delete_view", "delete"),
    ("<path:object_id>/change/", "change_view", "change"), ("<path:object_id>/", "", ""),
)  # fmt: skip
_BY_METHOD = ("add_view", "change_view")
_DJANGOS = {
    "django.contrib.auth": (("auth.group", _MODEL_ADMIN), ("auth.user", _USER_ADMIN)),
    "django.contrib.sites": (("sites.site", _MODEL_ADMIN),),
    "django.contrib.flatpages": (("flatpages.flatpage", _MODEL_ADMIN),),
    "django.contrib.redirects": (("redirects.redirect", _MODEL_ADMIN),),
}
_WITHOUT = (
    "django.contrib.admin", "django.contrib.contenttypes", "django.contrib.messages",
    "django.contrib.sessions", "django.contrib.staticfiles", "django.contrib.humanize",
    "django.contrib.postgres", "django.contrib.gis", "django.contrib.sitemaps",
    "django.contrib.syndication", "django.contrib.admindocs", "django.forms",
    "rest_framework", "corsheaders", "whitenoise", "debug_toolbar", "crispy_forms",
    "django_extensions", "channels", "compressor", "bootstrap", "widget_tweaks", "storages",
    "django_filters", "drf_spectacular", "drf_yasg", "mptt", "ckeditor", "daphne",
)  # fmt: skip
"""Apps that register no models, by the beginning of their names."""


class Page(NamedTuple):
    """One page: its pattern below the site, its view, its name, and what stands before it."""

    pattern: str
    view: str
    name: str
    guards: dict[str, tuple[Guard, ...]]
    place: Place | None = None
    public: bool = False


class Registration(NamedTuple):
    """A model ("shop.order") with its ModelAdmin, None if that is Django's own, on a site."""

    model: str
    admin: Entry
    place: Place | None


class AdminPages:
    """Reads the admins of one project. `apps` are the packages in INSTALLED_APPS by their label."""

    def __init__(
        self, sources: Sources, classes: ClassViews, apps: dict[str, str], user_model: str
    ) -> None:
        self.sources, self.classes, self.apps, self.user_model = sources, classes, apps, user_model
        self.registered: dict[str, dict[str, Registration]] = {}
        self.missing: list[str] = []
        self.unread: list[tuple[str, Place | None]] = []
        self.looked = False

    # -- registrations --

    def registrations(self, site: str, module: Module | None) -> list[Registration]:
        """The models that are registered on a site."""
        if not self.looked:
            self.looked = True
            for label, package in self.apps.items():
                self.of_app(label, package)
        if module is not None:
            self.of_module(module)
        return list(self.registered.get(site, {}).values())

    def of_app(self, label: str, package: str) -> None:
        if package in _DJANGOS:
            for model, admin in _DJANGOS[package]:
                if model != "auth.user" or self.user_model == "auth.User":
                    self.add(DEFAULT_SITE, Registration(model, admin, None))
            return
        if self.sources.path(package) is None:
            if not package.startswith(_WITHOUT):
                self.missing.append(package)
            return
        for module in self.modules(f"{package}.admin"):
            self.of_module(module)

    def modules(self, name: str) -> Iterator[Module]:
        """A module, and those below it if it is a package."""
        module = self.sources.module(name)
        if module is None:
            return
        if os.path.basename(module.path) == "__init__.py":
            below = sorted(os.listdir(os.path.dirname(module.path)))[:MAX_MODULES]
            for each in below:
                if each.endswith(".py") and each != "__init__.py":
                    inner = self.sources.module(f"{name}.{each[:-3]}")
                    if inner is not None:
                        yield inner
        yield module

    def of_module(self, module: Module) -> None:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                for each in node.decorator_list:
                    if isinstance(each, ast.Call):
                        self.decorated(module, node, each)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("register", "unregister"):
                    self.called(module, node)

    def decorated(self, module: Module, node: ast.ClassDef, call: ast.Call) -> None:
        name = self.sources.canonical(self.sources.name(module, call.func))
        if not name.startswith("django.contrib.admin") or not name.endswith(".register"):
            if not self.is_site_register(module, call):
                return
        site = DEFAULT_SITE
        for keyword in call.keywords:
            if keyword.arg == "site":
                site = self.site_name(module, keyword.value)
        if isinstance(call.func, ast.Attribute) and self.is_site_register(module, call):
            site = self.site_name(module, call.func.value)
        admin = Found(module, node, f"{module.name}.{node.name}")
        for each in call.args:
            self.model(module, site, each, admin, call)

    def is_site_register(self, module: Module, call: ast.Call) -> bool:
        """`@site.register(Model)` of a site of the project."""
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr != "register":
            return False
        return self.is_site(module, function.value)

    def is_certain(self, module: Module, node: ast.expr) -> bool:
        """Whether something is a site of an admin for certain."""
        name = self.site_name(module, node)
        found = self.sources.find(name)
        if name == DEFAULT_SITE or found is None or not isinstance(found.node, ast.Call):
            return name == DEFAULT_SITE
        made = self.sources.canonical(self.sources.name(found.module, found.node.func))
        order = self.order(made)
        last = order[-1]
        return SITE in order or (isinstance(last, str) and last.endswith("AdminSite"))

    def is_site(self, module: Module, node: ast.expr) -> bool:
        name = self.site_name(module, node)
        if name == DEFAULT_SITE:
            return True
        found = self.sources.find(name)
        if found is None or not isinstance(found.node, ast.Call):
            return "site" in name.rpartition(".")[2].lower()
        made = self.sources.canonical(self.sources.name(found.module, found.node.func))
        if named(dict.fromkeys(_CLASSES), made) == SITE:
            return True
        order = self.order(made)
        return SITE in order

    def called(self, module: Module, call: ast.Call) -> None:
        assert isinstance(call.func, ast.Attribute)
        if not call.args or not self.is_site(module, call.func.value):
            return
        site = self.site_name(module, call.func.value)
        models = call.args[0]
        nodes = models.elts if isinstance(models, (ast.List, ast.Tuple)) else [models]
        if call.func.attr == "unregister":
            for each in nodes:
                self.registered.get(site, {}).pop(self.label(module, each), None)
            return
        given = argument(call, 1, "admin_class")
        admin: Entry = _MODEL_ADMIN
        if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
            name = self.sources.canonical(self.sources.name(module, given))
            found = self.sources.find(name)
            admin = found if found is not None and isinstance(found.node, ast.ClassDef) else name
        for each in nodes:
            self.model(module, site, each, admin, call)

    def model(
        self, module: Module, site: str, node: ast.expr, admin: Entry, call: ast.Call
    ) -> None:
        label = self.label(module, node)
        place = module.place(call)
        if not label:
            if (site, place) not in self.unread:
                self.unread.append((site, place))
            return
        if label == "auth.user" and self.user_model != "auth.User":
            return
        self.add(site, Registration(label, admin, place))

    def add(self, site: str, made: Registration) -> None:
        self.registered.setdefault(site, {})[made.model] = made

    def label(self, module: Module, node: ast.expr) -> str:
        """The label of a model as admins have it: "shop.order"; "" if it is not known."""
        if isinstance(node, ast.Call):
            name = self.sources.canonical(self.sources.name(module, node.func))
            return self.user_model.lower() if name.endswith("get_user_model") else ""
        written = self.sources.name(module, node)
        name = self.sources.canonical(written)
        if name.startswith("django.contrib.auth.") and name.endswith((".User", ".Group")):
            return f"auth.{name.rpartition('.')[2].lower()}"
        found = self.sources.find(name)
        if found is not None and isinstance(found.node, ast.Call):
            return self.label(found.module, found.node)
        if isinstance(node, ast.Name) and found is None and "." not in name:
            return ""
        owner = found.module.name if found is not None else name.rpartition(".")[0]
        own = _meta_label(found)
        fitting = [label for label, package in self.apps.items()
                   if f"{owner}.".startswith(f"{package}.")]  # fmt: skip
        fitting.sort(key=lambda each: len(self.apps[each]))
        app = own or (fitting[-1] if fitting else "")
        return f"{app}.{name.rpartition('.')[2].lower()}" if app else ""

    # -- sites --

    def site_name(self, module: Module, node: ast.expr) -> str:
        """The dotted name of a site; Django's own under one name."""
        text = self.sources.canonical(self.sources.name(module, node))
        if text in ("django.contrib.admin.site", DEFAULT_SITE):
            return DEFAULT_SITE
        return text

    def order(self, dotted: str) -> list[Entry]:
        """The linearisation of a class of an admin; what packages derive from comes last."""
        known = named(dict.fromkeys(_CLASSES), dotted)
        if known in _CLASSES:
            return [known]
        found = self.sources.find(dotted)
        if found is None or not isinstance(found.node, ast.ClassDef):
            return [dotted]
        order: list[Entry] = []
        for each in linear(self.sources, found):
            known = named(dict.fromkeys(_CLASSES), name_of(each))
            order.append(known if known in _CLASSES else each)
        return order

    def bases(
        self, order: list[Entry], names: tuple[str, ...], last: tuple[Base, ...]
    ) -> tuple[Base, ...]:
        """What the classes of an admin define, and what Django's define in the end."""
        found = []
        for entry in order:
            if isinstance(entry, str):
                continue
            methods = {}
            for name in names:
                node = defined(entry.node, name) if isinstance(entry.node, ast.ClassDef) else None
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    methods[name] = Definition(
                        entry.dotted, node, self.sources.names(entry.module), entry.module.shown,
                        lookup=self.classes.lookup,
                    )  # fmt: skip
            found.append(Base(entry.dotted, methods))
        return (*found, *last)

    def pages(self, site: str, module: Module | None) -> list[Page]:
        """Every page of a site."""
        found = self.sources.find(site) if site != DEFAULT_SITE else None
        order: list[Entry] = [SITE]
        if found is not None and isinstance(found.node, ast.Call):
            order = self.order(
                self.sources.canonical(self.sources.name(found.module, found.node.func))
            )
            module = found.module
        bases = self.bases(order, ("admin_view", "has_permission"), (
            Base(SITE, {"admin_view": Definition(SITE), "has_permission": Definition(SITE)}),
        ))  # fmt: skip
        before = tuple(admin_guards(bases))
        pages = [*self.own_pages(order, "", before, ""), *self.site_pages(before)]
        labels = []
        for each in self.registrations(site, module):
            labels.append(each.model.partition(".")[0])
            pages += self.model_pages(each, before)
        if labels:
            apps = "|".join(dict.fromkeys(labels))
            pages.append(
                Page(f"(?P<app_label>{apps})/$", f"{SITE}.app_index", "app_list", {"*": before})
            )
        pages.append(Page("(?P<url>.*)$", f"{SITE}.catch_all_view", "", {"*": before}))
        return pages

    def site_pages(self, before: tuple[Guard, ...]) -> Iterator[Page]:
        for pattern, view in _SITE_PAGES:
            login = view == "login"
            dotted = f"{SITE}.{view}"
            name = view
            if view == "shortcut":
                dotted, name = "django.contrib.contenttypes.views.shortcut", "view_on_site"
            yield Page(pattern, dotted, name, {"*": () if login else before}, public=login)

    def model_pages(self, made: Registration, before: tuple[Guard, ...]) -> Iterator[Page]:
        app, _, model = made.model.partition(".")
        order: list[Entry] = (
            [made.admin] if isinstance(made.admin, str) else self.order(made.admin.dotted)
        )
        permissions = tuple(
            f"has_{each}_permission" for each in ("view", "add", "change", "delete")
        )
        views = tuple(view for _, view, _ in _PAGES if view)
        bases = self.bases(order, (*permissions, *views), (
            Base(_MODEL_ADMIN, {view: Definition(_MODEL_ADMIN) for view in views}),
            Base(_BASE_ADMIN, {each: Definition(_BASE_ADMIN) for each in permissions}),
        ))  # fmt: skip
        below = f"{app}/{model}/"
        own = attribute(order, "get_urls")
        yield from self.own_pages(order, below, before, model)
        if own is not None and "get_urls" not in ast.unparse(own[1]).partition(":")[2]:
            return
        if _USER_ADMIN in order:
            dotted = f"{_USER_ADMIN}.user_change_password"
            yield Page(f"{below}<id>/password/", dotted, f"{app}_{model}_password_change",
                       {"*": (*before, *page_guards(bases, "change_view", made.model, "POST"))})  # fmt: skip
        for pattern, view, name in _PAGES:
            methods = ("GET", "POST") if view in _BY_METHOD else ("*",)
            guards = {
                method: (*before, *(page_guards(bases, view, made.model, method) if view else ()))
                for method in methods
            }
            if view == "add_view" and _USER_ADMIN in order:
                # Who could add users without changing them could make himself a superuser.
                more = page_guards(bases, "change_view", made.model, "POST")
                guards = {method: (*each, *more) for method, each in guards.items()}
            dotted = (
                f"{self.owner(order, view)}.{view}"
                if view
                else "django.views.generic.base.RedirectView"
            )
            yield Page(f"{below}{pattern}", dotted, f"{app}_{model}_{name}" if name else "", guards,
                       made.place)  # fmt: skip

    def owner(self, order: list[Entry], view: str) -> str:
        held = attribute(order, view)
        return held[0].dotted if held is not None else _MODEL_ADMIN

    # -- pages of one's own --

    def own_pages(
        self, order: list[Entry], below: str, before: tuple[Guard, ...], model: str
    ) -> Iterator[Page]:
        """The routes in `get_urls()` of the project, wrapped by `admin_view` or not."""
        for entry in order:
            node = defined(entry.node, "get_urls") if isinstance(entry, Found) and isinstance(
                entry.node, ast.ClassDef) else None  # fmt: skip
            if not isinstance(entry, Found) or not isinstance(
                node, (ast.FunctionDef, ast.AsyncFunctionDef)
            ):
                continue
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _last(call.func) in ("path", "re_path", "url"):
                    if call.args and isinstance(call.args[0], ast.Constant) and len(call.args) > 1:
                        yield self.own_page(entry, node, call, order, below, before)
            if "get_urls" not in ast.unparse(ast.Module(node.body, [])):
                return

    def own_page(
        self, entry: Found, function: Function, call: ast.Call, order: list[Entry], below: str,
        before: tuple[Guard, ...],
    ) -> Page:  # fmt: skip
        given = call.args[0]
        assert isinstance(given, ast.Constant)
        pattern = str(given.value).removeprefix("^")
        view, wrapped, guards = call.args[1], False, before
        where = Where(entry.module, (function,))
        outer: tuple[Guard, ...] = ()
        while isinstance(view, ast.Call) and view.args:
            if _last(view.func) == "admin_view" or _wraps(function, view.func):
                wrapped = True
            elif _last(view.func) != "as_view":
                outer += self.classes.decorators.one(view.func, where, "").guards
            view = view.args[0]
        name = _last(view.func.value) if isinstance(view, ast.Call) and isinstance(
            view.func, ast.Attribute) else _last(view)  # fmt: skip
        held = attribute(order, name)
        body: tuple[Guard, ...] = ()
        dotted, place = name, entry.module.place(call)
        node = held[1] if held is not None else None
        if held is not None and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            owner = held[0]
            dotted = f"{owner.dotted}.{name}"
            place = owner.module.place(node)
            inside = Where(owner.module)
            body = self.classes.decorators.all(node.decorator_list, inside, "").guards
            body += guards_in(node, self.sources.names(owner.module), owner.module.shown,
                              lookup=self.classes.lookup)  # fmt: skip
        guards = (*(before if wrapped else ()), *outer, *body)
        return Page(f"{below}{pattern}", dotted, _name(call), {"*": guards}, place)


def _wraps(function: Function, node: ast.expr) -> bool:
    """Whether a function that is made in `get_urls` puts `admin_view` around what it is given."""
    name = _last(node)
    return any(
        isinstance(each, (ast.FunctionDef, ast.Lambda))
        and (getattr(each, "name", "") == name)
        and "admin_view" in ast.unparse(each)
        for each in ast.walk(function)
    )


def _name(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _meta_label(found: Found | None) -> str:
    """`app_label` in the Meta of a model."""
    if found is None or not isinstance(found.node, ast.ClassDef):
        return ""
    meta = defined(found.node, "Meta")
    held = defined(meta, "app_label") if isinstance(meta, ast.ClassDef) else None
    return str(held.value) if isinstance(held, ast.Constant) else ""
