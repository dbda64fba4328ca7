"""Stops a request at the moment at which a view's own code begins, before its first line.

`sys.monitoring` watches just the code objects in question; before Python 3.12 `sys.settrace` sees
every call. What stops is a BaseException: the `except Exception` of Django, of REST frameworks and
of decorators lets it pass. That the body began is noted beside it, so that nothing can swallow it.
"""

import sys
import threading

STOP, NOTE = "stop", "note"


class Entered(BaseException):
    """The body of the view begins."""


class Gate:
    """The code objects that are a view's own, and whether one of them began.

    `wanted` gives for each the class that its first argument must be of, None for any: one
    `TemplateView.get` is the code of many views. `on_entry` is called as soon as it begins.
    """

    def __init__(self):
        self.wanted = {}
        self.mode = None
        self.entered = False
        self.on_entry = None
        self._set = set()
        self._tool = _monitoring(self._started) if hasattr(sys, "monitoring") else None

    def open(self, wanted, mode, on_entry):
        """From here on: stop at `wanted`, or note that it began."""
        self.wanted, self.mode, self.entered, self.on_entry = wanted, mode, False, on_entry
        if self._tool is None:
            called = self._watching(wanted)
            threading.settrace(called)
            sys.settrace(called)
            return
        for code in wanted:
            if code not in self._set:
                sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.PY_START)
                self._set.add(code)

    def close(self):
        self.mode = None
        if self._tool is None:
            sys.settrace(None)
            threading.settrace(None)

    def _started(self, code, offset):
        if self.mode is not None and code in self.wanted:
            self._begins(code, sys._getframe(1))

    def _watching(self, wanted):
        """What sees every call, and so does as little as it can."""

        def called(frame, event, argument):
            if frame.f_code in wanted and self.mode is not None:
                self._begins(frame.f_code, frame)

        return called

    def _begins(self, code, frame):
        owner = self.wanted[code]
        if owner is not None and code.co_argcount:
            if not isinstance(frame.f_locals.get(code.co_varnames[0]), owner):
                return
        first, self.entered = not self.entered, True
        if self.mode == STOP:
            raise Entered
        if first:
            self.close()  # what follows need not be watched
            self.on_entry()


def _monitoring(callback):
    """The number of a tool that nobody uses, None if there is none left."""
    for number in (4, 3, 2, 1):
        if sys.monitoring.get_tool(number) is None:
            sys.monitoring.use_tool_id(number, "hardango")
            sys.monitoring.register_callback(number, sys.monitoring.events.PY_START, callback)
            return number
    return None
