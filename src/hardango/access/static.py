"""The matrix of a project, read from its source: nothing of it is run or imported.

The URLconf is evaluated as settings are; what a view demands is read from its source, that of its
decorators, classes and bases, and of packages where it is at hand. What could not be read is a row
that says so.
"""

from __future__ import annotations

import ast
import os
import time

from hardango.access.admin_pages import DEFAULT_SITE, AdminPages
from hardango.access.bodies import Callee, checking
from hardango.access.class_views import METHODS, Class, ClassViews
from hardango.access.decorators import Around, Decorators, Where, body_guards, constants
from hardango.access.framework import ALL, API_VIEW, INCLUDED
from hardango.access.linear import attribute, bases, linear, name_of
from hardango.access.middleware import Middleware
from hardango.access.names import named
from hardango.access.ninja import Ninja
from hardango.access.package_urls import Listed, listed
from hardango.access.rest_views import Action, RestViews
from hardango.access.routers import made_routes, registration
from hardango.access.sources import Exhausted, Found, Module, Sources, defined
from hardango.audit import CannotRead, Reading
from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard, Matrix, Operation, Reach, Route, concluded
from hardango.project.environments import FOLDERS, site_packages
from hardango.settings.routes import Route as Read
from hardango.settings.routes import Unresolved

_ROUTING = ("path", "re_path", "url")
_TESTED = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


def matrix_of(reading: Reading, libraries: tuple[str, ...] = ()) -> Matrix:
    """Every route of a project, as its source says. `libraries` are directories with installed
    packages, which are read where the project leads there."""
    started = time.monotonic()
    project = reading.project
    sources = Sources(project.root, project.import_roots, libraries)
    static = _Static(reading, sources)
    routes = static.routes()
    return Matrix(
        project=os.path.basename(project.base) or project.base,
        module=reading.module,
        source="static",
        routes=routes,
        middleware=static.middleware.all,
        said=tuple(static.said),
        seconds=time.monotonic() - started,
    )


def libraries(reading: Reading, environment: str | None) -> tuple[str, ...]:
    """Where packages are installed: in the virtual `environment`, or else in that of the project, if
    it has one. Raises CannotRead."""
    if environment is not None:
        found = tuple(site_packages(environment))
        if not found:
            raise CannotRead(f"{environment} is no virtual environment: it has no site-packages")
        return found
    project = reading.project
    for root in dict.fromkeys((project.base, project.root)):
        for name in FOLDERS:
            found = tuple(site_packages(os.path.join(root, name)))
            if found:
                return found
    return ()


class Written(NamedTuple):
    """A route as its URLconf says it: what stands around the view, the outermost first, and the
    view itself, with what `as_view()` is called with."""

    wrappers: tuple[ast.expr, ...]
    view: ast.expr
    options: dict[str, ast.expr]
    where: Where


class _Static:
    """Reads the routes of one project."""

    def __init__(self, reading: Reading, sources: Sources) -> None:
        self.reading, self.sources = reading, sources
        self.callees: dict[str, Callee | None] = {}
        self.bodies: dict[tuple[int, str], tuple[Guard, ...]] = {}
        self.routings: dict[str, list[ast.Call]] = {}
        self.decorators = Decorators(sources, self.callee)
        self.classes = ClassViews(sources, self.decorators, self.callee)
        self.rest = RestViews(sources, self.classes, reading.settings)
        self.ninja = Ninja(sources, self.decorators, self.callee)
        self.middleware = Middleware(sources, self.decorators, self.callee, reading.settings)
        user = self.setting("AUTH_USER_MODEL")
        self.apps = self.installed()
        self.admins = AdminPages(sources, self.classes, self.apps,
                                 user if isinstance(user, str) else "auth.User")  # fmt: skip
        self.said: list[str] = []
        self.exhausted = False

    # -- what the readers ask --

    def callee(self, dotted: str) -> Callee | None:
        """A function of the project, or of a package whose source is at hand, by its name."""
        if dotted not in self.callees:
            self.callees[dotted] = None
            found = self.sources.find(dotted) if "." in dotted else None
            if found is not None and isinstance(
                found.node, (ast.FunctionDef, ast.AsyncFunctionDef)
            ):
                around = self.decorators.all(found.node.decorator_list, Where(found.module), "")
                self.callees[dotted] = Callee(
                    found.node,
                    self.sources.names(found.module),
                    found.module.shown,
                    around.guards,
                    {},
                )
        return self.callees[dotted]

    # -- routes --

    def routes(self) -> tuple[Route, ...]:
        settings = self.reading.settings
        read = settings.routes()
        if not read.found:
            held = self.sources.find(f"{self.reading.module}.ROOT_URLCONF")
            if held is not None and isinstance(held.node, ast.Constant):
                urlconf = str(held.node.value)
                read = settings.routes_of(urlconf).given(settings)
                self.said.append(
                    f"ROOT_URLCONF may be set elsewhere; it is taken to be {urlconf}, as the settings say"
                )
        found: list[Route] = []
        for each in read.found:
            found += self.route(each)
        found += [_unresolved(each) for each in read.unresolved]
        if self.exhausted:
            self.said.append("The time for one project is used up: the rest could not be read.")
        return tuple(found)

    def route(self, read: Read) -> list[Route]:
        row = Route(
            read.pattern,
            read.view,
            place=read.chain[-1] if read.chain else None,
            name=read.name,
            when=read.when,
            chain=read.chain,
            exact=read.exact,
        )
        if self.exhausted:
            return [row._replace(unresolved="the time for one project is used up")]
        try:
            if read.included:
                return self.included(row, read)
            rows = self.registered(row, read) or [self.view(row, read)]
            if read.view == _ROOT and not read.pattern.endswith(">"):
                twin = f"{rows[0].pattern}<drf_format_suffix:format>"
                rows.append(rows[0]._replace(pattern=twin))
            return rows
        except Exhausted:
            self.exhausted = True
            return [row._replace(unresolved="the time for one project is used up")]

    def setting(self, name: str) -> object:
        """The first value of a setting, None if it is not set."""
        settings = self.reading.settings
        outcomes = settings[name].outcomes if name in settings else ()
        return outcomes[0].value if outcomes else None

    def installed(self) -> dict[str, str]:
        """The packages in INSTALLED_APPS by the label of their app."""
        names = self.setting("INSTALLED_APPS")
        if not isinstance(names, (list, tuple)):
            # What may have changed it is not known; what the settings say is the best guess.
            held = self.sources.find(f"{self.reading.module}.INSTALLED_APPS")
            if held is not None and isinstance(held.node, ast.expr):
                names = constants(self.sources, held.node, held.module) or ()
        found = {}
        for each in names if isinstance(names, (list, tuple)) else ():
            if isinstance(each, str):
                label, package = self.labelled(each)
                found[label] = package
        return found

    def labelled(self, name: str) -> tuple[str, str]:
        """The label and the package of an entry of INSTALLED_APPS."""
        config = self.sources.find(name)
        package = name
        if config is not None and isinstance(config.node, ast.ClassDef):
            held = {each: defined(config.node, each) for each in ("name", "label")}
            texts = {each: str(node.value) for each, node in held.items()
                     if isinstance(node, ast.Constant)}  # fmt: skip
            package = texts.get("name", name.partition(".apps.")[0])
            return texts.get("label", package.rpartition(".")[2]), package
        package = name.partition(".apps.")[0]
        return package.rpartition(".")[2], package

    def admin(self, row: Route, read: Read) -> list[Route]:
        """The pages of an admin site; none if the row includes no such one."""
        module = self.sources.at(read.chain[-1]) if read.chain else None
        if module is None or not read.included.endswith(".urls"):
            return []
        node = self.site_at(module, read)
        if node is None or not self.admins.is_certain(module, node):
            if not read.included.startswith("django.contrib.admin"):
                return []
        name = self.admins.site_name(module, node) if node is not None else DEFAULT_SITE
        rows = []
        for page in self.admins.pages(name, module):
            operations = tuple(
                self.operation(method, guards, Around(public=page.public), None)._replace(
                    handler=page.view, place=page.place if page.place else None)
                for method, guards in page.guards.items()
            )  # fmt: skip
            rows.append(row._replace(
                pattern=row.pattern + page.pattern, view=page.view, kind="admin", app="admin",
                name=f"admin:{page.name}" if page.name else "", operations=operations,
            ))  # fmt: skip
        if self.admins.missing and name == DEFAULT_SITE:
            apps = ", ".join(self.admins.missing)
            why = f"what these apps register in the admin is not at hand: {apps}"
            rows.append(row._replace(view=read.included, kind="admin", unresolved=why))
        for site, place in self.admins.unread:
            if site == name:
                why = "a model that is registered there is computed"
                rows.append(
                    row._replace(view=read.included, kind="admin", unresolved=why, place=place)
                )
        return rows

    def of_ninja(self, row: Route, read: Read) -> list[Route]:
        """The operations of an API of django-ninja; none if the row includes no such one."""
        module = self.sources.at(read.chain[-1]) if read.chain else None
        node = self.site_at(module, read) if module is not None else None
        name = self.decorators.name(node, Where(module)) if module and node is not None else ""
        api = self.ninja.api(name)
        if api is None:
            return []
        by_pattern: dict[str, list[Operation]] = {}
        first: dict[str, Found] = {}
        for made in self.ninja.operations(api, api.dotted):
            first.setdefault(made.pattern, made.found)
            for method in made.methods:
                guards = (*made.guards, *self.body(made.found, method))
                operation = self.operation(method, guards, Around(exempt=True), made.found)
                by_pattern.setdefault(made.pattern, []).append(operation)
        rows = [
            row._replace(
                pattern=row.pattern + pattern, view=first[pattern].dotted, kind="ninja",
                app=self.app(first[pattern], ""), operations=tuple(operations),
            )
            for pattern, operations in by_pattern.items()
        ]  # fmt: skip
        for pattern, view in self.ninja.documents(api):
            page = (self.operation("*", (), Around(), None),)
            rows.append(row._replace(pattern=row.pattern + pattern, view=view, operations=page))
        nobody = (Guard("turns everybody away", Reach.NOBODY, "body"),)
        home = (self.operation("*", nobody, Around(), None),)
        rows.append(row._replace(view="ninja.openapi.views.default_home", operations=home))
        return rows

    def site_at(self, module: Module, read: Read) -> ast.expr | None:
        """The site in `path("admin/", site.urls)`."""
        for call in self.calls(module, read):
            for each in ast.walk(call):
                if isinstance(each, ast.Attribute) and each.attr == "urls":
                    return each.value
        return None

    def included(self, row: Route, read: Read) -> list[Route]:
        pages = self.admin(row, read) or self.of_ninja(row, read)
        if pages:
            return pages
        known = INCLUDED.get(read.included)
        if known is not None:
            rows = []
            for pattern, view, name in known:
                inner = row._replace(pattern=row.pattern + pattern, view=view, name=name)
                written = Written((), ast.Name(view), {}, Where(_NOWHERE))
                rows.append(self.foreign(inner, view, written))
            return rows
        told = [self.listed(row, read, each) for each in listed(self.sources, read.included)]
        if told:
            return told
        why = f"the routes of {read.included} are not at hand"
        return [row._replace(view=read.included, unresolved=why)]

    def registered(self, row: Route, read: Read) -> list[Route]:
        """The routes that a router makes of a viewset; none if the row is no such one."""
        found = self.sources.find(read.view)
        module = self.sources.at(read.chain[-1]) if read.chain else None
        if module is None or found is None or not isinstance(found.node, ast.ClassDef):
            return []
        said = registration(self.sources, module, read.chain[-1].line)
        if said is None:
            return []
        view = self.classes.view(found, {}, Where(module))
        below = read.pattern.removesuffix("/")
        if said.prefix == "":
            below = below.removesuffix("/")
        rows = []
        for made in made_routes(self.rest, view, said, below):
            operations = tuple(
                self.acted(view, action, method, made.name)
                for action in made.actions
                for method in action.methods
            )
            rows.append(
                row._replace(
                    pattern=made.pattern, name=made.name, view=found.dotted, kind="rest_framework",
                    app=self.app(found, found.dotted), operations=operations,
                )
            )  # fmt: skip
        return rows

    def acted(self, view: Class, action: Action, method: str, name: str) -> Operation:
        """One method of an action of a viewset."""
        asked = self.rest.asked(view, method, action.name, action)
        handled = self.classes.handled(view, method, action.name, asked)
        session = self.rest.session(view)
        made = self.operation(
            method, handled.around.guards, handled.around, handled.handler or view.found, True
        )
        return made._replace(action=action.name, session=session, csrf_exempt=session is False)

    def listed(self, row: Route, read: Read, each: Listed) -> Route:
        """A route in the URLconf of a package."""
        row = row._replace(
            pattern=row.pattern + each.pattern, name=each.name, when=(*row.when, *each.when)
        )
        if each.view is None:
            return row._replace(view=read.included, unresolved=each.why)
        written = self.peeled(each.view, Where(each.module), read)
        if written is None:
            why = f"its view is {' '.join(ast.unparse(each.view).split())[:80]}"
            return row._replace(view=read.included, unresolved=why)
        around = Around()
        for node, module in each.around:
            around = around.then(self.decorators.one(node, Where(module), ""))
        made = self.seen(row, written, read)
        if not around.guards:
            return made
        return made._replace(operations=tuple(self.behind(one, around) for one in made.operations))

    def behind(self, made: Operation, around: Around) -> Operation:
        """An operation behind what was put around it later."""
        guards = tuple(dict.fromkeys((*around.guards, *made.guards)))
        reach, permissions, any_of = concluded(guards)
        return made._replace(guards=guards, reach=reach, permissions=permissions, any_of=any_of)

    def view(self, row: Route, read: Read) -> Route:
        """The row of one pattern."""
        written = self.written(read)
        if written is None:
            return self.by_name(row, read)
        return self.seen(row, written, read)

    def seen(self, row: Route, written: Written, read: Read) -> Route:
        """The row of a view that a URLconf names."""
        found = self.found(written.view, written.where)
        name = self.decorators.name(written.view, written.where) or read.view
        row = row._replace(view=name, app=self.app(found, name))
        if found is None:
            return self.feed(row, name, written) or self.foreign(row, name, written)
        return self.known(row, found, written)

    def feed(self, row: Route, name: str, written: Written) -> Route | None:
        """A syndication feed, which is an object of a class: None if the view is no such one."""
        cls = self.sources.find(name.rpartition(".")[0])
        if cls is None or not isinstance(cls.node, ast.ClassDef):
            return None
        order = linear(self.sources, cls)
        if not any(name_of(each).startswith("django.contrib.syndication.") for each in order):
            return None
        around = self.decorators.all([*written.wrappers], written.where, "")
        held = attribute(order, "get_object")
        body: tuple[Guard, ...] = ()
        if held is not None and isinstance(held[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            module = held[0].module
            body = checking(held[1], self.sources.names(module), module.shown, method="GET",
                            lookup=self.callee)  # fmt: skip
        operation = self.operation("*", (*around.guards, *body), around, cls)
        return row._replace(operations=(operation,), view=f"{cls.dotted}.__call__", kind="feed")

    def by_name(self, row: Route, read: Read) -> Route:
        """A route that is made by code: of what is around its view, only the names are known."""
        found = self.sources.find(read.view)
        row = row._replace(app=self.app(found, read.view))
        if read.made or self.is_made(read):
            return row._replace(unresolved=f"its view is what {read.view}() makes")
        module = self.sources.at(read.chain[-1]) if read.chain else None
        where = Where(module or (found.module if found else _NOWHERE))
        own = self.own_wrappers(found)
        names = [each for each in read.wrappers if self.sources.canonical(each) not in own]
        wrappers = tuple(_as_expression(each) for each in names)
        written = Written(wrappers, ast.Name(read.view), {}, where)
        if found is None:
            return self.foreign(row, read.view, written)
        return self.known(row, found, written)

    def is_made(self, read: Read) -> bool:
        """Whether the name that is known of a view is that of the function that makes it."""
        module = self.sources.at(read.chain[-1]) if read.chain else None
        for call in self.calls(module, read)[:1] if module is not None else ():
            node = call.args[1] if len(call.args) > 1 else None
            if isinstance(node, ast.Call) and _last(node.func) not in ("include", "as_view"):
                name = self.decorators.name(node.func, Where(module)) if module else ""
                return name == self.sources.canonical(read.view)
        return False

    def own_wrappers(self, found: Found | None) -> set[str]:
        """The names of the decorators that the definition of a view has itself."""
        if found is None or isinstance(found.node, ast.expr):
            return set()
        where = Where(found.module)
        names = set()
        for node in found.node.decorator_list:
            target = node.func if isinstance(node, ast.Call) else node
            names.add(self.decorators.name(target, where))
            inner = node.args[0] if isinstance(node, ast.Call) and node.args else None
            if inner is not None:
                names.add(self.decorators.name(inner, where))
        return names

    def app(self, found: Found | None, name: str) -> str:
        """The label of the app that a view belongs to."""
        module = found.module.name if found is not None else name
        fitting = [label for label, package in self.apps.items()
                   if f"{module}.".startswith(f"{package}.")]  # fmt: skip
        return max(fitting, key=lambda each: len(self.apps[each]), default="")

    # -- what a URLconf says --

    def written(self, read: Read) -> Written | None:
        """What the URLconf says of the view, None if it can't be told apart."""
        module = self.sources.at(read.chain[-1]) if read.chain else None
        if module is None:
            return None
        for call in self.calls(module, read):
            node = call.args[1] if len(call.args) > 1 else None
            for keyword in call.keywords:
                node = keyword.value if keyword.arg == "view" else node
            if node is not None:
                return self.peeled(node, Where(module), read)
        return None

    def calls(self, module: Module, read: Read) -> list[ast.Call]:
        """The calls of `path()` that may have made a route, the likeliest first."""
        line = read.chain[-1].line
        found = [
            each
            for each in self.routing(module)
            if each.lineno <= line <= (each.end_lineno or each.lineno) and _says(each, read)
        ]
        # Of several on one line, the one that says more of the pattern.
        return sorted(found, key=lambda each: (each.lineno != line, -each.lineno, -_length(each)))

    def routing(self, module: Module) -> list[ast.Call]:
        if module.name not in self.routings:
            self.routings[module.name] = [
                each
                for each in ast.walk(module.tree)
                if isinstance(each, ast.Call) and _last(each.func) in _ROUTING
            ]
        return self.routings[module.name]

    def peeled(self, node: ast.expr, where: Where, read: Read) -> Written | None:
        """What stands around a view, taken off one by one."""
        wrappers: list[ast.expr] = []
        for _ in range(12):
            if isinstance(node, (ast.Name, ast.Attribute)):
                found = self.sources.find(self.decorators.name(node, where))
                if found is not None and isinstance(
                    found.node, (ast.Call, ast.Name, ast.Attribute)
                ):
                    node, where = found.node, Where(found.module)
                    if wrappers and where.module is not found.module:
                        return None
                    continue
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
                    # A method of an object that is made for it.
                    method = ast.Attribute(node.value.func, node.attr, ast.Load())
                    node = ast.copy_location(method, node)
                return Written(tuple(wrappers), node, {}, where)
            if isinstance(node, ast.Lambda):
                return Written(tuple(wrappers), node, {}, where)
            if not isinstance(node, ast.Call) or _last(node.func) == "include":
                return None
            if isinstance(node.func, ast.Attribute) and node.func.attr == "as_view":
                options = {each.arg: each.value for each in node.keywords if each.arg}
                if node.args:
                    options["actions"] = node.args[0]
                return Written(tuple(wrappers), node.func.value, options, where)
            if _last(node.func) == "partial" and node.args:
                node = node.args[0]
                continue
            if len(node.args) != 1 or node.keywords:
                return self.object(node, tuple(wrappers), where)
            target = self.sources.find(self.decorators.name(node.func, where))
            if target is not None and isinstance(target.node, ast.ClassDef):
                made = self.object(node, tuple(wrappers), where)
                if made is not None and not self.is_view(node.args[0], where):
                    return made
            wrappers.append(node.func)
            node = node.args[0]
        return None

    def is_view(self, node: ast.expr, where: Where) -> bool:
        found = self.sources.find(self.decorators.name(node, where))
        return found is not None or isinstance(node, ast.Call)

    def object(
        self, node: ast.Call, wrappers: tuple[ast.expr, ...], where: Where
    ) -> Written | None:
        """A view that is an object of a class of the project."""
        found = self.sources.find(self.decorators.name(node.func, where))
        if found is None or not isinstance(found.node, ast.ClassDef):
            return None
        call = ast.Attribute(node.func, "__call__", ast.Load())
        return Written(wrappers, ast.copy_location(call, node), {}, where)

    def found(self, node: ast.expr, where: Where) -> Found | None:
        if isinstance(node, ast.Lambda):
            return Found(where.module, node, f"{where.module.name}.<lambda>")
        name = self.decorators.name(node, where)
        return self.sources.find(name) or self.inherited(name)

    def inherited(self, name: str) -> Found | None:
        """A method that a class of the project has from one of its bases."""
        above, _, last = name.rpartition(".")
        cls = self.sources.find(above)
        if cls is None or not isinstance(cls.node, ast.ClassDef):
            return None
        held = attribute(linear(self.sources, cls), last)
        if held is None or not isinstance(held[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        return Found(held[0].module, held[1], f"{held[0].dotted}.{last}")

    # -- views --

    def known(self, row: Route, found: Found, written: Written) -> Route:
        """A view whose source is at hand."""
        if isinstance(found.node, ast.ClassDef):
            view = self.classes.view(found, written.options, written.where)
            if any(name_of(each) == API_VIEW for each in view.order):
                row = row._replace(kind="rest_framework")
            return self.class_based(row, view, written)
        if isinstance(found.node, ast.Lambda):
            return self.function(row, found, written)
        if isinstance(found.node, ast.expr):
            why = f"its view is {' '.join(ast.unparse(found.node).split())[:80]}"
            return row._replace(unresolved=why)
        return self.function(row, found, written)

    def function(self, row: Route, found: Found, written: Written) -> Route:
        nodes = getattr(found.node, "decorator_list", [])
        answered = self.rest.api_view(nodes, Where(found.module))
        if answered is not None:
            return self.api_function(row, found, written, answered)
        by_method: dict[str, Operation] = {}
        allowed: tuple[str, ...] | None = None
        for method in _TESTED if self.tells_methods(found) else _TESTED[:2]:
            around = self.decorators.all([*written.wrappers], written.where, method)
            around = around.then(self.decorators.all(nodes, Where(found.module), method))
            allowed = around.methods
            guards = around.guards + self.body(found, method)
            by_method[method] = self.operation(method, guards, around, found)
        return row._replace(operations=_methods(by_method, allowed))

    def body(self, found: Found, method: str) -> tuple[Guard, ...]:
        key = (id(found.node), method)
        if key not in self.bodies:
            self.bodies[key] = body_guards(found, self.sources, self.callee, method)
        return self.bodies[key]

    def tells_methods(self, found: Found) -> bool:
        """Whether a view tells other methods apart than GET and POST."""
        return any(
            isinstance(each, ast.Constant) and each.value in _TESTED[2:]
            for each in ast.walk(found.node)
        ) or any(isinstance(each, ast.Attribute) and each.attr == "method"
                 for each in ast.walk(found.node))  # fmt: skip

    def api_function(
        self, row: Route, found: Found, written: Written, answered: tuple[str, ...]
    ) -> Route:
        """A function that Django REST framework makes a view of."""
        assert not isinstance(found.node, ast.expr)
        nodes = found.node.decorator_list
        where = Where(found.module)
        others = [each for each in nodes if not self.rest.decorator(each, where)]
        operations = []
        for method in answered:
            around = self.decorators.all([*written.wrappers], written.where, method)
            asked = self.rest.of_function(nodes, where, method)
            inner = self.decorators.all(others, where, method)
            body = self.body(found, method)
            whole = around.then(Around(asked)).then(inner).then(Around(body))
            operations.append(self.operation(method, whole.guards, whole, found, True))
        return row._replace(kind="rest_framework", operations=tuple(operations))

    def operation(
        self,
        method: str,
        guards: tuple[Guard, ...],
        around: Around,
        handler: Found | None,
        rest: bool = False,
    ) -> Operation:
        before = self.middleware.before(around.public, rest)
        mask = self.reading.masker.text
        guards = tuple(
            each._replace(name=mask(each.name), quote=mask(each.quote)) if each.quote else each
            for each in dict.fromkeys((*before, *guards))
        )
        reach, permissions, any_of = concluded(guards)
        return Operation(
            method,
            reach,
            permissions,
            any_of,
            guards,
            handler.dotted if handler else "",
            handler.module.place(handler.node) if handler else None,
            session=True,
            csrf_exempt=around.exempt,
        )

    def class_based(self, row: Route, view: Class, written: Written) -> Route:
        actions = _actions(written.options.get("actions"))
        methods = tuple(actions) or self.classes.methods(view)
        anyhow = not methods
        if anyhow:
            if not self.classes.unknown_bases(view) and attribute(view.order, "dispatch") is None:
                return row._replace(unresolved="no method of its is known")
            methods = METHODS[:1]
        found = [self.handled(view, written, method, actions.get(method, "")) for method in methods]
        operations = [each for each in found if each is not None]
        if anyhow:
            operations = [each._replace(method="*") for each in operations]
        return row._replace(operations=tuple(operations))

    def handled(self, view: Class, written: Written, method: str, action: str) -> Operation | None:
        """One method of a class-based view; None if a decorator lets it not through."""
        around = self.decorators.all([*written.wrappers], written.where, method)
        if around.methods is not None and method not in around.methods:
            return None
        rest = self.rest.is_rest(view)
        extra = (
            next((each for each in self.rest.actions(view) if each.name == action), None)
            if action
            else None
        )
        asked = self.rest.asked(view, method, action or method.lower(), extra) if rest else ()
        handled = self.classes.handled(view, method, action, asked)
        whole = around.then(handled.around)
        guards = whole.guards
        unknown = self.classes.unknown_bases(view)
        if unknown and concluded(guards)[0] is Reach.ANONYMOUS:
            said = f"the source of {unknown[0]} is not at hand"
            guards = (
                *guards,
                Guard(unknown[0].rpartition(".")[2], Reach.UNKNOWN, "class", quote=said),
            )
        made = self.operation(method, guards, whole, handled.handler or view.found, rest)
        if rest:
            session = self.rest.session(view)
            made = made._replace(session=session, csrf_exempt=session is False, action=action)
        return made

    def foreign(self, row: Route, name: str, written: Written) -> Route:
        """A view of a package whose source is not at hand."""
        known = self.classes_of_framework(name)
        around = self.decorators.all([*written.wrappers], written.where, "")
        if known is None:
            function = _FUNCTIONS.get(name)
            if function is None:
                if any(each.demands in _CLOSED for each in around.guards if not each.dead):
                    operation = self.operation("*", around.guards, around, None)
                    return row._replace(operations=(operation,))
                return row._replace(unresolved=f"the source of {name} is not at hand")
            operation = self.operation("*", (*around.guards, *function), around, None)
            return row._replace(operations=(operation,))
        found = Found(written.where.module, written.view, known)
        view = Class(found, _foreign_order(self.sources, known), written.options, written.where)
        return self.class_based(row, view, written)

    def classes_of_framework(self, name: str) -> str | None:
        known = named(ALL, name)
        return known if known in ALL else None


_ROOT = "rest_framework.routers.APIRootView"
_NOWHERE = Module("", "", "", ast.Module([], []), {}, [])
_CLOSED = (Reach.AUTHENTICATED, Reach.STAFF, Reach.PERMISSION, Reach.SUPERUSER, Reach.OBJECT)

_FUNCTIONS: dict[str, tuple[Guard, ...]] = {
    "django.views.static.serve": (),
    "django.contrib.staticfiles.views.serve": (),
    "django.views.i18n.set_language": (),
    "django.contrib.sitemaps.views.sitemap": (),
    "django.contrib.sitemaps.views.index": (),
    "django.contrib.flatpages.views.flatpage": (),
    "django.views.defaults.page_not_found": (),
    "django.views.defaults.permission_denied": (),
    "django.views.defaults.bad_request": (),
    "django.views.defaults.server_error": (),
    "django.contrib.contenttypes.views.shortcut": (),
}
"""Views of Django that are functions, and what they demand: nothing."""


def _actions(node: ast.expr | None) -> dict[str, str]:
    """The actions of `as_view({"get": "list"})`, by method."""
    if not isinstance(node, ast.Dict):
        return {}
    return {
        str(key.value).upper(): str(value.value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
    }


def _foreign_order(sources: Sources, name: str) -> list[Found | str]:
    order: list[Found | str] = [name]
    todo = [*bases(sources, name)]
    while todo:
        each = todo.pop(0)
        if each not in order:
            order.append(each)
            todo += bases(sources, each)
    return order


def _methods(
    by_method: dict[str, Operation], allowed: tuple[str, ...] | None
) -> tuple[Operation, ...]:
    """One operation for any method, unless some meet other guards."""
    if allowed is not None:
        kept = [
            each for method, each in by_method.items() if method in allowed and method != "HEAD"
        ]
        return tuple(kept) or (by_method["GET"]._replace(method="*"),)
    first, second = by_method["GET"], by_method["POST"]
    if all(each._replace(method="GET") == first for each in by_method.values()):
        return (first._replace(method="*"),)
    others = [each for method, each in by_method.items() if method not in ("GET", "POST", "HEAD")]
    return (first, second, *(each for each in others if each._replace(method="GET") != first
                             and each._replace(method="POST") != second))  # fmt: skip


def _length(call: ast.Call) -> int:
    """How long the text of a pattern is that a call gives."""
    given = call.args[0] if call.args else None
    return len(str(given.value)) if isinstance(given, ast.Constant) else 0


def _says(call: ast.Call, read: Read) -> bool:
    """Whether a call is the one that made a route, as far as its text tells."""
    given = call.args[0] if call.args else None
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return read.pattern.endswith(given.value.removeprefix("^"))
    return True


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _as_expression(dotted: str) -> ast.expr:
    return ast.parse(dotted, mode="eval").body if dotted.replace(".", "").isidentifier() else (
        ast.Constant(dotted)
    )  # fmt: skip


def _unresolved(each: Unresolved) -> Route:
    place: Place | None = each.chain[-1] if each.chain else None
    return Route(each.prefix, "", place=place, unresolved=each.reason, when=each.when,
                 chain=each.chain)  # fmt: skip
