"""Every Python process of a project that is started for a proof loads this first, by its name."""

import os
import sys

if "HARDANGO_PLAN" in os.environ:
    import hardango_guard
    import hardango_isolation

    hardango_guard.watch()
    hardango_isolation.wait()

# The interpreter may have a sitecustomize of its own, which this one stands before.
_here = os.path.dirname(os.path.abspath(__file__))
_path = [each for each in sys.path if os.path.abspath(each or ".") != _here]
_this = sys.modules.pop("sitecustomize", None)
sys.path[:], _whole = _path, list(sys.path)
try:
    import sitecustomize  # noqa: F401
except ImportError:
    if _this is not None:
        sys.modules["sitecustomize"] = _this
finally:
    sys.path[:] = _whole
