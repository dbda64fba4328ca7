"""Which checks on the user were asked for while a view's own code ran, and where in the project.

"is_staff at shop/views.py:75, False": what was asked for before the body began, by a middleware
for instance, is not counted, nor what a template or a context processor asks.
"""

import os
import sys

_ASKED = frozenset(("is_authenticated", "is_anonymous", "is_staff", "is_superuser", "is_active",
                    "has_perm", "has_perms", "has_module_perms"))  # fmt: skip
_ASK_FOR_OTHERS = tuple(os.path.join("django", "contrib", "auth", each) for each in (
    "models.py", "base_user.py", "backends.py", "__init__.py", "middleware.py"))  # fmt: skip
"""Django's own: what it asks on the way to an answer nobody else asked for."""
_LAZY = (os.path.join("utils", "functional.py"), os.path.basename(__file__))
_MOST = 12


class Consults:
    """Notes what is asked of users, from `start` to `stop`."""

    def __init__(self, root):
        self._root = os.path.realpath(root) + os.sep
        self._noting = False
        self.found = []

    def watch(self, *classes):
        """From here on these classes tell; only once for each."""
        for each in classes:
            if "__hardango__" not in each.__dict__:
                _watch(each, self)

    def start(self):
        self.found, self._noting = [], True

    def stop(self):
        self._noting = False
        return self.found

    def note(self, name, value):
        place = self._place() if self._noting and len(self.found) < _MOST else None
        if place is not None:
            said = "%s at %s:%d" % ((name, *place))
            if isinstance(value, bool):
                said += ", " + str(value)
            if said not in self.found:
                self.found.append(said)

    def _place(self):
        """The project's nearest line that asks, None if a template does or no line of it."""
        frame, asks = sys._getframe(3), True
        for _ in range(25):
            if frame is None:
                return None
            file = frame.f_code.co_filename
            if asks and file.endswith(_ASK_FOR_OTHERS):
                return None
            asks = asks and file.endswith(_LAZY)
            if os.sep + os.path.join("django", "template") + os.sep in file:
                return None
            if file.startswith(self._root) and "site-packages" not in file:
                return file[len(self._root) :], frame.f_lineno
            frame = frame.f_back
        return None


def _watch(model, consults):
    plain = model.__getattribute__

    def __getattribute__(self, name):
        value = plain(self, name)
        if name in _ASKED and consults._noting:
            if callable(value) and not isinstance(value, bool):
                return _asking(name, value, consults)
            consults.note(name, value)
        return value

    model.__getattribute__ = __getattribute__
    model.__hardango__ = True


def _asking(name, check, consults):
    """A check that notes its answer: `has_perm("shop.view_order")`."""

    def asked(*given, **named):
        value = check(*given, **named)
        words = given[0] if given else ""
        consults.note("%s(%r)" % (name, words if isinstance(words, str) else "…"), value)
        return value

    return asked
