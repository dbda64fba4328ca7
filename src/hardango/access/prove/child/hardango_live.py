"""The routes that `hardango_routes` walked, as live objects: the patterns that lead to each, its view,
and the code objects that are the view's own.
"""

import hardango_routes

_HANDLERS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_SELF = ("self", "_self", "this")


class Live:
    """One route. `by_token` tells that no session is enough to be somebody here, but a token is."""

    def __init__(self, facts, told, chain, callback):
        self.chain, self.callback = chain, callback
        self._facts, self._last = facts, told["layers"][-1] if told["layers"] else {}
        asked = [each for each in (self._last.get("asks") or {}).values() if "failed" not in each]
        self.by_token = bool(asked) and all(
            each["authentication"] and not each["sessions"] for each in asked
        )
        self._whole = None

    def bodies(self, method):
        """The code objects that are the view's own, with the class that their first argument is of.

        All methods of a class are its own: one that another calls has been reached as well."""
        kind = self._last.get("kind")
        if kind == "ninja":
            return dict(self._of_operations(method))
        if self._whole is None:
            self._whole = dict(self._of_class() if kind == "class" else self._of_function())
        return self._whole

    def _of_function(self):
        code = self._code(self._last.get("code"))
        if code is not None:
            bound = self._last.get("bound")
            yield code, self._class(bound) if bound is not None and _has_self(code) else None

    def _of_class(self):
        cls = self._class(self._last["class"])
        names = self._last.get("actions") or dict.fromkeys(_HANDLERS)
        dispatch = _ends_in(cls, [each or name for name, each in names.items()])
        for function in [dispatch] if dispatch else _handlers(cls, names):
            layers = self._facts.layers(function)
            code = self._code(layers[-1].get("code")) if layers else None
            if code is not None:
                yield code, cls if _has_self(code) else None

    def _of_operations(self, method):
        for each in self._last["operations"]:
            if method in each["methods"] and each["layers"]:
                code = self._code(each["layers"][-1].get("code"))
                if code is not None:
                    yield code, None

    def _code(self, number):
        return None if number is None else list(self._facts.code_numbers)[number]

    def _class(self, number):
        return list(self._facts.class_numbers)[number]


def live(number):
    """The route of that number, in the order of the walk."""
    if not hardango_routes.KEPT:
        hardango_routes.walk()
    facts, routes = hardango_routes.KEPT["facts"], hardango_routes.KEPT["routes"]
    chain, callback = hardango_routes.KEPT["live"][number]
    return Live(facts, routes[number], chain, callback)


def _handlers(cls, names):
    for name, action in names.items():
        found = getattr(cls, action or name, None)
        if callable(found):
            yield found


def _ends_in(cls, handlers):
    """The `dispatch` of one's own that hands a request to nobody: it is the body then."""
    for each in cls.__mro__:
        function = vars(each).get("dispatch")
        if function is None:
            continue
        code = getattr(function, "__code__", None)
        if code is None or each.__module__.startswith(("django.", "rest_framework.")):
            return None
        return None if {"super", "dispatch", "getattr", *handlers} & _names(code) else function
    return None


def _names(code):
    found = set(code.co_names) | set(code.co_freevars)
    for each in code.co_consts:
        if hasattr(each, "co_names"):
            found |= _names(each)
    return found


def _has_self(code):
    return code.co_varnames[:1] and code.co_varnames[0] in _SELF
