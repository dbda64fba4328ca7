"""django-cors-headers: the lists of `corsheaders.defaults`, which settings extend.

https://github.com/adamchainz/django-cors-headers#configuration
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.interpreter import Interpreter
from hardango.settings.values import Value

HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "user-agent",
    "x-csrftoken",
    "x-requested-with",
)
METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")

MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "corsheaders": lambda interpreter: {},
    "corsheaders.defaults": lambda interpreter: {
        "default_headers": HEADERS,
        "default_methods": METHODS,
    },
}
