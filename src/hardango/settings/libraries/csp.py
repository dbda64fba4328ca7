"""django-csp 4: the names of `csp.constants`, which its settings are written with.

https://django-csp.readthedocs.io/en/latest/configuration.html
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.interpreter import Interpreter
from hardango.settings.values import Thing, Value

CONSTANTS = {
    "HEADER": "Content-Security-Policy",
    "HEADER_REPORT_ONLY": "Content-Security-Policy-Report-Only",
    "NONE": "'none'",
    "REPORT_SAMPLE": "'report-sample'",
    "SELF": "'self'",
    "STRICT_DYNAMIC": "'strict-dynamic'",
    "UNSAFE_ALLOW_REDIRECTS": "'unsafe-allow-redirects'",
    "UNSAFE_EVAL": "'unsafe-eval'",
    "UNSAFE_HASHES": "'unsafe-hashes'",
    "UNSAFE_INLINE": "'unsafe-inline'",
    "WASM_UNSAFE_EVAL": "'wasm-unsafe-eval'",
}

NONCE = "csp.constants.NONCE"
"""How the placeholder of the nonce, an object of its own, prints."""


def _constants(interpreter: Interpreter) -> dict[str, Value]:
    return {**CONSTANTS, "NONCE": Thing(NONCE)}


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "csp": lambda interpreter: {},
    "csp.constants": _constants,
}
