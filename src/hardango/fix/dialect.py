"""How a project reads environment variables, and how a new line reads one in the same way.

A dialect is a library with the name under which the file can call it: `env` of django-environ or
environs, `config` of decouple, `os.environ`. It is looked for in the file that is to be edited
and in what that star-imports; the one that is used most is the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from hardango.fix.source import Source, imports
from hardango.light import NamedTuple

TRUE_WORDS = ("1", "true", "yes", "on")


class Dialect(NamedTuple):
    """`library` is "environ", "environs", "decouple", "os" or "configurations"; `call` what stands
    before the parenthesis; `imports` the import statement that a file needs for it."""

    library: str
    call: str
    imports: str = ""

    def needs(self, kind: str) -> str:
        """The import statement for a variable of that kind."""
        csv = self.library == "decouple" and kind == "list" and "." not in self.call
        return "from decouple import Csv" if csv else self.imports


OS = Dialect("os", "os.environ", "import os")

_CALLED = {
    "environ": ("environ.Env", "Env", "environ.FileAwareEnv", "FileAwareEnv"),
    "environs": ("environs.Env", "Env", "environs.FileAwareEnv"),
}


def dialect_of(own: Source, starred: list[Source]) -> Dialect:
    """The dialect of a file, `starred` being what it star-imports, the nearest first."""
    found: dict[Dialect, int] = {}
    for source in (own, *starred):
        for each in _offered(source):
            if source is not own and each.call.startswith("_"):
                continue
            if each.library == "os":
                each = OS if each.call == "os.environ" else each
            found.setdefault(each, 0)
    for each in found:
        pattern = re.compile(rf"(?<![\w.]){re.escape(each.call)}[(.\[]")
        found[each] = sum(len(pattern.findall(source.text)) for source in (own, *starred))
    # The object of a library is made once and called as often as there are variables.
    return max(found, key=lambda each: (found[each], each.library != "os"), default=OS)


def _offered(source: Source) -> Iterator[Dialect]:
    imported = dict(imports(source))
    for name, dotted in imported.items():
        if dotted in ("decouple.config", "decouple"):
            yield Dialect("decouple", name if dotted == "decouple.config" else f"{name}.config")
        elif dotted == "os":
            yield Dialect("os", f"{name}.environ")
        elif dotted == "os.environ":
            yield Dialect("os", name)
        elif dotted in ("configurations.values", "configurations.values.values"):
            yield Dialect("configurations", name)
    for each in source.all_assignments():
        if each.depth or each.operator != "=" or not isinstance(each.value, cst.Call):
            continue
        called = source.code(each.value.func)
        first, _, rest = called.partition(".")
        dotted = imported.get(first, "") + (f".{rest}" if rest else "")
        library = dotted.partition(".")[0]
        if library in _CALLED and dotted.rpartition(".")[2] in ("Env", "FileAwareEnv"):
            yield Dialect(library, each.name)
        elif library == "decouple" and dotted.endswith(("Config", "AutoConfig")):
            yield Dialect("decouple", each.name)


# -- what a new line says --------------------------------------------------------------------------


def reads(source: Source, dialect: Dialect, variable: str, kind: str, default: object) -> str:
    """The expression that reads `variable` as a "text", "list" or "flag"; `default` is what holds
    without it, None: production does not start."""
    name = source.literal(variable)
    maker = {
        "environ": _environ, "environs": _environ, "decouple": _decouple, "os": _os,
        "configurations": _configurations,
    }[dialect.library]  # fmt: skip
    return maker(source, dialect, name, kind, default)


def _environ(source: Source, dialect: Dialect, name: str, kind: str, default: object) -> str:
    method = {"text": "", "list": ".list", "flag": ".bool"}[kind]
    if dialect.library == "environs" and kind == "text":
        method = ".str"
    end = "" if default is None else f", default={source.literal(default)}"
    return f"{dialect.call}{method}({name}{end})"


def _decouple(source: Source, dialect: Dialect, name: str, kind: str, default: object) -> str:
    given = source.literal(",".join(default) if isinstance(default, (list, tuple)) else default)
    end = "" if default is None else f", default={given}"
    package = f"{dialect.call.rpartition('.')[0]}." if "." in dialect.call else ""
    cast = {"text": "", "list": f", cast={package}Csv()", "flag": ", cast=bool"}[kind]
    return f"{dialect.call}({name}{end}{cast})"


def _os(source: Source, dialect: Dialect, name: str, kind: str, default: object) -> str:
    environ = dialect.call
    if kind == "flag":
        words = source.literal(TRUE_WORDS)
        given = source.literal("true" if default else "")
        return f"{environ}.get({name}, {given}).lower() in {words}"
    if kind == "list":
        comma = source.literal(",")
        if default is None:
            text = f"{environ}[{name}]"
        else:
            text = f"{environ}.get({name}, {source.literal(','.join(default))})"  # type: ignore[arg-type]
        if default is not None and not default:  # "" makes a list of one empty text
            return f"[each for each in {text}.split({comma}) if each]"
        return f"{text}.split({comma})"
    if default is None:
        return f"{environ}[{name}]"
    return f"{environ}.get({name}, {source.literal(default)})"


def _configurations(source: Source, dialect: Dialect, name: str, kind: str, default: object) -> str:
    made = {"text": "Value", "list": "ListValue", "flag": "BooleanValue"}[kind]
    given = f"{source.literal(default)}, " if default is not None else ""
    required = ", environ_required=True" if default is None else ""
    return f"{dialect.call}.{made}({given}environ_name={name}, environ_prefix=None{required})"


# -- what an existing line says --------------------------------------------------------------------


class Read(NamedTuple):
    """A call that reads a variable: the node, its name, and the argument that is its default
    (None: there is none)."""

    node: cst.BaseExpression
    variable: str
    default: cst.Arg | None


_GETTERS = m.OneOf(
    m.Attribute(attr=m.OneOf(m.Name("get"), m.Name("getenv"), m.Name("pop"))),
    m.Name("getenv"),
    m.Attribute(
        attr=m.MatchIfTrue(
            lambda name: name.value
            in ("bool", "str", "int", "list", "tuple", "url", "get_value", "json", "unicode",
                "config", "BooleanValue", "Value", "ListValue")
        )
    ),
    m.Name(),
)  # fmt: skip


def reads_in(source: Source, value: cst.CSTNode) -> list[Read]:
    """Every call in an expression or a statement that looks like one that reads a variable: its first argument
    is a name in capital letters, and it may have a default."""
    found = []
    for node in m.findall(value, m.Call()):
        if not isinstance(node, cst.Call) or not m.matches(node.func, _GETTERS) or not node.args:
            continue
        named = _of_configurations(node)
        if named:
            found.append(Read(node, named, None))
            continue
        first = node.args[0]
        if first.keyword is not None or not isinstance(first.value, cst.SimpleString):
            continue
        name = first.value.evaluated_value
        if isinstance(name, str) and re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
            found.append(Read(node, name, _default(node)))
    return found


def _of_configurations(call: cst.Call) -> str:
    """The variable of a `values.Value(…, environ_name=…)`, "" if it is none."""
    given = {each.keyword.value: each.value for each in call.args if each.keyword is not None}
    name, prefix = given.get("environ_name"), given.get("environ_prefix")
    if not isinstance(name, cst.SimpleString):
        return ""
    start = "DJANGO" if prefix is None else ""
    if isinstance(prefix, cst.SimpleString):
        start = str(prefix.evaluated_value)
    return f"{start}_{name.evaluated_value!s}" if start else str(name.evaluated_value)


def _default(call: cst.Call) -> cst.Arg | None:
    for each in call.args:
        if each.keyword is not None and each.keyword.value == "default":
            return each
    if len(call.args) > 1 and call.args[1].keyword is None and not call.args[1].star:
        return call.args[1]
    return None


_CORE = ("SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "CSRF_TRUSTED_ORIGINS", "TIME_ZONE", "LANGUAGE_CODE",
         "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "LOG_LEVEL",
         "DATABASE_URL", "BASE_URL", "ADMINS", "STATIC_ROOT", "MEDIA_ROOT")  # fmt: skip
"""Settings of which most projects read one or the other from a variable, named after it."""

_FOREIGN = ("TEST_", "AWS_", "DB_", "DATABASE_", "EMAIL_", "REDIS_", "CELERY_", "SENTRY_")


def prefix_of(sources: list[Source]) -> str:
    """What the names of the project's own variables start with: "DJANGO_", "SHOP_" or "".

    The variables that are named after a setting tell.
    """
    starts: list[str] = []
    for source in sources:
        for each in source.all_assignments():
            for read in reads_in(source, each.value):
                core = next((name for name in _CORE if read.variable.endswith(name)), None)
                if core is not None:
                    starts.append(read.variable.removesuffix(core))
    starts = [each for each in starts if each not in _FOREIGN and (not each or each[-1] == "_")]
    return max(set(starts), key=lambda each: (starts.count(each), each), default="DJANGO_")
