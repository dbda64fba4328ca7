"""The routes of a loaded project, as facts: what stands in front of each view, class by class and
layer by layer. What they come to is concluded elsewhere (`hardango.access.loaded`).
"""

import sys

from hardango_layers import Facts, dotted_name

_MOST_ROUTES = 20000
_DEEPEST = 40
_ATTRIBUTES = ("permission_required", "permissions", "raise_exception", "group_required",
               "http_method_names", "url")  # fmt: skip
_METHODS = ("get", "post", "put", "patch", "delete", "head", "trace")


KEPT = {}
"""What a proof goes on with: the `facts`, the `routes` as they were told, and in `live` for each of
them the patterns that lead there, and its view."""


def walk():
    """Everything that is known of the routes: see `hardango.access.loaded`."""
    from django.conf import settings
    from django.urls import get_resolver

    facts = Facts()
    routes = []
    KEPT.clear()
    if getattr(settings, "ROOT_URLCONF", None) is None:
        raise LookupError("ROOT_URLCONF is not set")
    _patterns(get_resolver(), "", [], facts, routes, ())
    sockets = _websockets(facts)
    middleware = _middleware(settings, facts)
    facts.finish()
    KEPT.update(facts=facts, routes=routes, live=[each.pop("live", None) for each in routes])
    return {
        "routes": routes, "sockets": sockets, "middleware": middleware, "codes": facts.codes,
        "classes": facts.classes, "callees": facts.callees, "apps": _apps(),
        "sessions": _has(settings, "django.contrib.sessions.middleware.SessionMiddleware"),
        "csrf": _has(settings, "django.middleware.csrf.CsrfViewMiddleware"),
        "login": str(settings.LOGIN_URL), "django": __import__("django").get_version(),
        "prefixes": [sys.prefix, sys.base_prefix],
    }  # fmt: skip


def _has(settings, name):
    """Whether a middleware of Django's is there, or one that is made of it."""
    from django.utils.module_loading import import_string

    for each in settings.MIDDLEWARE:
        try:
            made = import_string(each)
        except Exception:
            continue
        if isinstance(made, type) and name in [dotted_name(base) for base in made.__mro__]:
            return True
    return False


def _apps():
    """Label and dotted name of each app."""
    from django.apps import apps

    return [[each.label, each.name] for each in apps.get_app_configs()]


# -- patterns --------------------------------------------------------------------------------------


def _patterns(resolver, prefix, names, facts, routes, chain):
    try:
        patterns = list(resolver.url_patterns)
    except SystemExit as stop:
        if not chain:
            raise
        routes.append(_unresolved(prefix, "its URLconf exits (%s)" % stop.code))
        return
    except Exception as error:
        if not chain:
            raise
        routes.append(_unresolved(prefix, "its URLconf fails: %s" % _sentence(error)))
        return
    for each in patterns:
        if len(routes) >= _MOST_ROUTES or len(chain) > _DEEPEST:
            routes.append(_unresolved(prefix, "there are too many routes below it"))
            return
        text = prefix + str(each.pattern).lstrip("^")
        if hasattr(each, "url_patterns"):
            inner = [*names, each.namespace] if each.namespace else names
            _patterns(each, text, inner, facts, routes, (*chain, each.pattern))
        elif hasattr(each, "callback"):
            routes.append(_route(each, text, names, facts))
            routes[-1]["live"] = (*chain, each.pattern), each.callback
        else:
            routes.append(
                _unresolved(text, "it is no pattern of Django's: %s" % dotted_name(type(each)))
            )


def _unresolved(pattern, why):
    return {"pattern": pattern, "name": "", "view": "", "layers": [], "unresolved": why}


def _sentence(error):
    said = str(error).strip().split("\n")[0][:300]
    return type(error).__name__ + (": " + said if said else "")


def _route(pattern, text, names, facts):
    view = pattern.callback
    told = {
        "pattern": text, "name": ":".join([*names, pattern.name or ""]) if pattern.name else "",
        "view": _view_name(view), "unresolved": "", "layers": [],
        "csrf_exempt": bool(getattr(view, "csrf_exempt", False)),
        "login_required": bool(getattr(view, "login_required", True)),
        "public": bool(getattr(view, "STRONGHOLD_IS_PUBLIC", False)),
    }  # fmt: skip
    try:
        told["layers"] = facts.layers(view)
        for each in told["layers"]:
            if each["kind"] == "class" and "view" in each:
                _look_at_class(each, facts)
    except Exception as error:
        told["layers"] = []
        told["unresolved"] = "its view cannot be looked at: " + _sentence(error)
    return told


def _view_name(view):
    """The dotted name as Django tells it."""
    for _ in range(10):
        inner = getattr(view, "func", None)
        if not callable(inner) or hasattr(view, "__qualname__"):
            break
        view = inner
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    return (
        dotted_name(cls)
        if isinstance(cls, type)
        else (dotted_name(view) or dotted_name(type(view)))
    )


# -- class-based views -----------------------------------------------------------------------------


def _look_at_class(layer, facts):
    """Add what only the live class tells: attributes, methods, permissions that it would ask."""
    cls, given, actions = layer.pop("view")
    layer["values"] = {}
    try:
        seen = cls(**given)  # as for each request: some set their attributes then
    except Exception:
        seen = cls
    for name in _ATTRIBUTES:
        value = (
            getattr(seen, name, None)
            if seen is not cls
            else given.get(name, getattr(cls, name, None))
        )
        if value is not None and not callable(value):
            layer["values"][name] = facts.told(value)
    allowed = given.get("http_method_names", getattr(cls, "http_method_names", _METHODS))
    if actions:
        methods = {method: action for method, action in actions.items() if method in allowed}
    else:
        methods = {each: each for each in _METHODS if each in allowed and _handler(cls, each)}
    if layer.get("own"):
        methods = {}
    methods.pop("head", None)
    layer["methods"] = methods
    if _is_rest(cls):
        layer["model"] = _model(cls, given)
        layer["asks"] = {method: _asks(cls, given, actions, method, action, facts)
                         for method, action in methods.items()}  # fmt: skip


def _handler(cls, name):
    return callable(getattr(cls, name, None))


def _is_rest(cls):
    return any(dotted_name(each) == "rest_framework.views.APIView" for each in cls.__mro__)


def _model(cls, given):
    queryset = given.get("queryset", getattr(cls, "queryset", None))
    model = getattr(queryset, "model", None)
    return model._meta.label_lower if hasattr(model, "_meta") else ""


def _asks(cls, given, actions, method, action, facts):
    """What a view asks for one method, as the router would build it for a request of nobody."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from rest_framework.request import Request

    try:
        view = cls(**given)
        bare = HttpRequest()
        bare.method = method.upper()
        bare.user = AnonymousUser()
        view.args, view.kwargs, view.format_kwarg = (), {}, None
        view.request = Request(bare)
        view.request._user = AnonymousUser()
        view.request._auth = None
        if actions:
            view.action_map = actions
            view.action = action
        permissions = [_permission(each, view, facts) for each in view.get_permissions()]
        authentication = [dotted_name(type(each)) for each in view.get_authenticators()]
        bases = [
            [dotted_name(base) for base in type(each).__mro__] for each in view.get_authenticators()
        ]
    except Exception as error:
        return {"failed": _sentence(error)}
    return {"permissions": permissions, "authentication": authentication, "sessions": any(
        "rest_framework.authentication.SessionAuthentication" in each for each in bases)}  # fmt: skip


def _permission(permission, view, facts):
    """A permission as it would be asked, taken apart where several are joined."""
    kind = dotted_name(type(permission))
    joined = {"AND": "and", "OR": "or", "NOT": "not"}
    if kind.startswith("rest_framework.permissions.") and kind.rpartition(".")[2] in joined:
        parts = [getattr(permission, name) for name in ("op1", "op2") if hasattr(permission, name)]
        return {"operator": joined[kind.rpartition(".")[2]],
                "parts": [_permission(each, view, facts) for each in parts]}  # fmt: skip
    cls = permission if isinstance(permission, type) else type(permission)
    return {"operator": "", "class": facts.cls(cls), "required": _required(permission, view),
            "own_map": _own_map(cls)}  # fmt: skip


def _own_map(cls):
    """Whether a class asks for other permissions than Django's for a model."""
    for each in cls.__mro__:
        if {"perms_map", "get_required_permissions"} & set(vars(each)):
            return dotted_name(each) != "rest_framework.permissions.DjangoModelPermissions"
    return False


def _required(permission, view):
    """The permissions for the model of a view that a class like DjangoModelPermissions asks for;
    None if that is another kind of class, or they cannot be told."""
    model = getattr(getattr(view, "queryset", None), "model", None)
    if model is None or not hasattr(permission, "get_required_permissions"):
        return None
    try:
        required = permission.get_required_permissions(view.request.method, model)
    except Exception:
        return None
    told = [each for each in required if isinstance(each, str)]
    return told if len(told) == len(required) else None


# -- in front of every view ------------------------------------------------------------------------


def _middleware(settings, facts):
    """The middleware, the outermost first."""
    from django.utils.module_loading import import_string

    told = []
    for name in settings.MIDDLEWARE:
        try:
            made = import_string(name)
        except Exception as error:
            told.append({"name": name, "failed": _sentence(error)})
            continue
        if isinstance(made, type):
            told.append({"name": name, "class": facts.cls(made)})
        else:
            told.append({"name": name, "layers": facts.layers(made)})
    return told


# -- channels --------------------------------------------------------------------------------------


def _websockets(facts):
    """The routes of Channels, where the ASGI application has any."""
    from django.conf import settings

    if "channels" not in sys.modules or not getattr(settings, "ASGI_APPLICATION", None):
        return []
    from django.utils.module_loading import import_string

    try:
        application = import_string(settings.ASGI_APPLICATION)
        inner = application.application_mapping["websocket"]
        routes, seen = [], set()
        while inner is not None and not hasattr(inner, "routes") and id(inner) not in seen:
            seen.add(id(inner))
            inner = next((getattr(inner, name) for name in ("application", "inner", "app")
                          if hasattr(inner, name)), None)  # fmt: skip
        for each in getattr(inner, "routes", ()):
            cls = getattr(each.callback, "consumer_class", None)
            told = {
                "pattern": str(each.pattern).lstrip("^"),
                "name": each.name or "",
                "view": dotted_name(cls),
            }
            told["class"] = facts.cls(cls) if isinstance(cls, type) else None
            routes.append(told)
        return routes
    except Exception as error:
        return [
            {"pattern": "", "name": "", "view": "", "class": None, "unresolved": _sentence(error)}
        ]
