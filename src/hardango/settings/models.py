"""Which file models which module. A model file has a table `MODULES`: for each dotted module name
a function that gives the names of the module.

A new model is one file in `stdlib/` or `libraries/` and one line here.
"""

from __future__ import annotations

from hardango.light import TYPE_CHECKING, module
from hardango.settings.values import Value

if TYPE_CHECKING:
    from hardango.settings.interpreter import Interpreter

FILES: dict[str, str] = {
    "os": "stdlib.os",
    "posixpath": "stdlib.os",
    "pathlib": "stdlib.pathlib",
    "sys": "stdlib.sys",
    "gc": "stdlib.sys",
    "importlib": "stdlib.importlib",
    "builtins": "stdlib.importlib",
    "runpy": "stdlib.importlib",
    "json": "stdlib.data",
    "configparser": "stdlib.configparser",
    "tomllib": "stdlib.data",
    "ast": "stdlib.data",
    "base64": "stdlib.data",
    "csv": "stdlib.data",
    "datetime": "stdlib.numbers",
    "decimal": "stdlib.numbers",
    "math": "stdlib.numbers",
    "fractions": "stdlib.numbers",
    "ipaddress": "stdlib.numbers",
    "zoneinfo": "stdlib.numbers",
    "re": "stdlib.text",
    "distutils": "stdlib.text",
    "string": "stdlib.text",
    "textwrap": "stdlib.text",
    "urllib": "stdlib.text",
    "shlex": "stdlib.text",
    "html": "stdlib.text",
    "fnmatch": "stdlib.text",
    "email": "stdlib.text",
    "functools": "stdlib.functools",
    "operator": "stdlib.functools",
    "itertools": "stdlib.functools",
    "copy": "stdlib.functools",
    "contextlib": "stdlib.functools",
    "collections": "stdlib.collections",
    "typing": "stdlib.types",
    "types": "stdlib.types",
    "enum": "stdlib.types",
    "dataclasses": "stdlib.types",
    "abc": "stdlib.types",
    "inspect": "stdlib.types",
    "typing_extensions": "stdlib.types",
    "secrets": "stdlib.random",
    "random": "stdlib.random",
    "uuid": "stdlib.random",
    "hashlib": "stdlib.random",
    "hmac": "stdlib.random",
    "socket": "stdlib.machine",
    "platform": "stdlib.machine",
    "getpass": "stdlib.machine",
    "multiprocessing": "stdlib.machine",
    "time": "stdlib.machine",
    "tempfile": "stdlib.machine",
    "logging": "stdlib.quiet",
    "warnings": "stdlib.quiet",
    "ssl": "stdlib.machine",
    "subprocess": "stdlib.machine",
    "locale": "stdlib.machine",
    "signal": "stdlib.machine",
    "glob": "stdlib.os",
    "shutil": "stdlib.os",
    "django": "libraries.django",
    "environ": "libraries.environ",
    "decouple": "libraries.decouple",
    "environs": "libraries.environs",
    "marshmallow": "libraries.environs",
    "dotenv": "libraries.dotenv",
    "dj_database_url": "libraries.dj_database_url",
    "dj_email_url": "libraries.service_urls",
    "django_cache_url": "libraries.service_urls",
    "configurations": "libraries.configurations",
    "pydantic": "libraries.pydantic",
    "pydantic_settings": "libraries.pydantic",
    "split_settings": "libraries.split_settings",
    "dynaconf": "libraries.dynaconf",
    "celery": "libraries.celery",
    "csp": "libraries.csp",
    "corsheaders": "libraries.corsheaders",
    "drf_yasg": "libraries.drf_yasg",
    "kombu": "libraries.celery",
    "yaml": "libraries.yaml",
    "toml": "libraries.yaml",
    "tomli": "libraries.yaml",
    "six": "libraries.six",
    "rest_framework": "libraries.rest_framework",
    "hardango": "libraries.hardango",
}
"""Top-level module name: file below `hardango.settings`."""


def find_model(interpreter: Interpreter, name: str) -> dict[str, Value] | None:
    """The names of the module `name` as its model has them; None if nothing models it."""
    file = FILES.get(name.partition(".")[0])
    if file is None:
        return None
    tables = interpreter.state.setdefault("models", {})
    table = tables.get(file)
    if table is None:
        try:
            table = module(f"hardango.settings.{file}").MODULES
        except ModuleNotFoundError as problem:
            if problem.name != f"hardango.settings.{file}":
                raise
            table = {}
        tables[file] = table
    make = table.get(name)
    if make is None:
        return None
    # A module is made once, for every case, in whichever case it is first imported.
    base, interpreter.pc = interpreter.pc, interpreter.space.true
    try:
        return make(interpreter)  # type: ignore[no-any-return]
    finally:
        interpreter.pc = base
