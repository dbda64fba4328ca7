"""Django itself, as far as settings use it: versions, translation, messages, lazy objects.

A name that a version of Django does not have is `MISSING` here, so that importing it fails as it
does there. Anything that is not listed is not known, as an import of any other library is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardango.light import Any
from hardango.settings.defaults import defaults_of
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.natives import constant, pure
from hardango.settings.objects import read_scope, try_attribute
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Descriptor,
    Module,
    Native,
    Scope,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]


# -- exceptions ------------------------------------------------------------------------------------


class ImproperlyConfigured(Exception):
    """`django.core.exceptions.ImproperlyConfigured`."""


class AppRegistryNotReady(Exception):
    """`django.core.exceptions.AppRegistryNotReady`."""


class ObjectDoesNotExist(Exception):
    """`django.core.exceptions.ObjectDoesNotExist`."""


class SuspiciousOperation(Exception):
    """`django.core.exceptions.SuspiciousOperation`."""


class DisallowedHost(SuspiciousOperation):
    """`django.core.exceptions.DisallowedHost`."""


class PermissionDenied(Exception):
    """`django.core.exceptions.PermissionDenied`."""


class MiddlewareNotUsed(Exception):
    """`django.core.exceptions.MiddlewareNotUsed`."""


class FieldDoesNotExist(Exception):
    """`django.core.exceptions.FieldDoesNotExist`."""


class ValidationError(Exception):
    """`django.core.exceptions.ValidationError`."""


EXCEPTIONS = (
    ImproperlyConfigured,
    AppRegistryNotReady,
    ObjectDoesNotExist,
    SuspiciousOperation,
    DisallowedHost,
    PermissionDenied,
    MiddlewareNotUsed,
    FieldDoesNotExist,
    ValidationError,
)


def _exceptions(interpreter: Interpreter) -> Names:
    return {cls.__name__: cls for cls in EXCEPTIONS}


# -- the version -----------------------------------------------------------------------------------


def until(interpreter: Interpreter, removed_in: tuple[int, int], value: Value) -> Value:
    """`value` in the versions before `removed_in`, no such name from then on. A version that is
    only assumed takes no name away."""
    gone = interpreter.django >= removed_in and interpreter.django_known
    return MISSING if gone else value


def since(interpreter: Interpreter, added_in: tuple[int, int], value: Value) -> Value:
    """`value` from the version `added_in` on, no such name before."""
    return value if interpreter.django >= added_in else MISSING


def gone_in(
    removed_in: tuple[int, int], name: str, names: Callable[[Interpreter], Names]
) -> Callable[[Interpreter], Names]:
    """The names of a module that `removed_in` and later versions do not have."""

    def make(interpreter: Interpreter) -> Names:
        if interpreter.django >= removed_in and interpreter.django_known:
            raise interpreter.error(ModuleNotFoundError, f"No module named {name!r}")
        return names(interpreter)

    return make


def _version_text(interpreter: Interpreter) -> Unknown:
    text = ".".join(map(str, interpreter.django))
    return Unknown(
        f"the patch release of Django {text}", "str", prefix=text, subject="django.get_version()"
    )


def _version(interpreter: Interpreter) -> tuple[Value, ...]:
    patch = Unknown(
        f"the patch release of Django {'.'.join(map(str, interpreter.django))}",
        "int",
        subject="django.VERSION[2]",
    )
    return (*interpreter.django, patch, "final", 0)


def _django(interpreter: Interpreter) -> Names:
    version = _version_text(interpreter)
    return {
        "VERSION": _version(interpreter),
        "__version__": version,
        "get_version": constant("django.get_version", version),
        "setup": constant("django.setup", None),
    }


def _version_module(interpreter: Interpreter) -> Names:
    return {
        "get_version": constant("get_version", _version_text(interpreter)),
        "get_complete_version": constant("get_complete_version", _version(interpreter)),
        "PY36": True,
        "PY37": True,
        "PY38": True,
    }


# -- text ------------------------------------------------------------------------------------------


def _same_text(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """Translation at start-up: the text itself, which is its own key."""
    return arguments[0] if arguments else keywords.get("message", "")


def _second_text(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return arguments[1] if len(arguments) > 1 else keywords.get("message", "")


def _plural(first: int) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    """`ngettext(singular, plural, number)`, `first` being the place of `singular`."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        names = ("singular", "plural", "number")
        singular, plural, number = (
            arguments[first + index] if len(arguments) > first + index else keywords.get(name)
            for index, name in enumerate(names)
        )

        def one(number: Value) -> Value:
            if isinstance(number, int):
                return singular if number == 1 else plural
            return interpreter.unknown("a text for a number", number, type="str")

        return interpreter.each(number, one)

    return run


def _language_info(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(code: Value) -> Value:
        if not isinstance(code, str):
            return interpreter.unknown("get_language_info(…)", code)
        known = _language_table(interpreter)
        found = known.get(code) or known.get(code.partition("-")[0])
        if found is None:
            return Unknown(f"what Django knows of the language {code}", "dict")
        return interpreter.box(dict(found))

    return interpreter.each(arguments[0] if arguments else keywords.get("lang_code"), one)


def _language_table(interpreter: Interpreter) -> dict[str, dict[str, Value]]:
    defaults = defaults_of(interpreter.django)
    right_to_left = defaults["LANGUAGES_BIDI"]
    return {
        code: {
            "bidi": code in right_to_left,  # type: ignore[operator]
            "code": code,
            "name": name,
            "name_local": Unknown(f"the name of {name} in {name}", "str"),
            "name_translated": name,
        }
        for code, name in defaults["LANGUAGES"]  # type: ignore[attr-defined]
    }


def _locale(interpreter: Interpreter) -> Names:
    """The table of all languages, which differs from patch release to patch release."""
    table = Unknown("the languages that Django knows")
    return {"LANG_INFO": interpreter.box({table: table})}


def _translation(interpreter: Interpreter) -> Names:
    same = Native("gettext", _same_text)
    context, plural = Native("pgettext", _second_text), Native("ngettext", _plural(0))
    context_plural = Native("npgettext", _plural(1))
    nothing = constant("activate", None)
    names = {
        **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), same),
        **dict.fromkeys(("pgettext", "pgettext_lazy"), context),
        **dict.fromkeys(("ngettext", "ngettext_lazy"), plural),
        **dict.fromkeys(("npgettext", "npgettext_lazy"), context_plural),
        **dict.fromkeys(
            ("activate", "deactivate", "deactivate_all", "trans_real", "check_for_language"),
            nothing,
        ),
        "get_language_info": Native("get_language_info", _language_info),
        "get_language": constant("get_language", Unknown("the language of a request", "str")),
        "to_locale": pure("to_locale", _to_locale, "str"),
        "to_language": pure("to_language", lambda text: text.lower().replace("_", "-"), "str"),
        "LANGUAGE_SESSION_KEY": until(interpreter, (4, 0), "_language"),
    }
    for name in ("ugettext", "ugettext_lazy", "ugettext_noop"):
        names[name] = until(interpreter, (4, 0), same)
    for name in ("ungettext", "ungettext_lazy"):
        names[name] = until(interpreter, (4, 0), plural)
    return names


def _to_locale(language: str) -> str:
    language, _, country = language.lower().partition("-")
    if not country:
        return language
    country, _, tail = country.partition("-")
    country = country.title() if len(country) > 2 else country.upper()
    return f"{language}_{country}" + (f"-{tail}" if tail else "")


def slugify(value: Any, allow_unicode: bool = False) -> str:
    """`django.utils.text.slugify`."""
    import unicodedata

    text = str(value)
    if allow_unicode:
        text = unicodedata.normalize("NFKC", text)
    else:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^\w\s-]", "", text.lower())
    return re.sub(r"[-\s]+", "-", text).strip("-_")


def _format_lazy(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.methods import format_text

    def one(text: Value) -> Value:
        if not isinstance(text, str):
            return interpreter.unknown("format_lazy(…)", text, type="str")
        return format_text(interpreter, text, arguments[1:], keywords)

    return interpreter.each(arguments[0], one)


def _as_text(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.builtins import text_of

    def one(value: Value) -> Value:
        if isinstance(value, bytes):
            return interpreter.pure("force_str", lambda one: one.decode(), [value], type="str")
        return text_of(interpreter, value)

    return interpreter.each(arguments[0] if arguments else keywords.get("s"), one)


def _as_bytes(value: Any, encoding: str = "utf-8", *_: Any, **__: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(encoding)


def _encoding(interpreter: Interpreter) -> Names:
    text = Native("force_str", _as_text)
    return {
        "force_str": text,
        "smart_str": text,
        "force_text": until(interpreter, (4, 0), text),
        "smart_text": until(interpreter, (4, 0), text),
        "force_bytes": pure("force_bytes", _as_bytes, "bytes"),
        "smart_bytes": pure("smart_bytes", _as_bytes, "bytes"),
        "python_2_unicode_compatible": until(
            interpreter, (3, 0), Native("python_2_unicode_compatible", _same_text)
        ),
    }


def _text(interpreter: Interpreter) -> Names:
    return {
        "slugify": pure("slugify", slugify, "str"),
        "format_lazy": Native("format_lazy", _format_lazy),
        "capfirst": pure("capfirst", lambda text: text[:1].upper() + text[1:], "str"),
    }


def _html(interpreter: Interpreter) -> Names:
    import html

    # Django writes the apostrophe as html.escape() does since 3.0: &#x27;.
    return {
        "escape": pure("escape", lambda text: html.escape(str(text)), "str"),
        "mark_safe": Native("mark_safe", _same_text),
    }


# -- URLs, lazy objects, imports by name -------------------------------------------------------------


def _reverse(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """The URL of a view: its text is the URLconf's affair, that it is a path is sure."""
    name = arguments[0] if arguments else keywords.get("viewname")
    made = interpreter.unknown(f"the URL of {short(interpreter.resolve(name))}", name, type="str")
    made.prefix = "/"
    return made


def _urls(interpreter: Interpreter) -> Names:
    return {
        **_routing("url_names")(interpreter),
        "reverse": Native("reverse", _reverse),
        "reverse_lazy": Native("reverse_lazy", _reverse),
    }


def _routing(table: str) -> Callable[[Interpreter], Names]:
    """The names of a module for URLconfs, which is not loaded before somebody asks for routes."""

    def make(interpreter: Interpreter) -> Names:
        if "views" not in interpreter.state:
            return {}
        from hardango.settings.libraries import django_urls

        names: Names = getattr(django_urls, table)(interpreter)
        return names

    return make


def _lazy(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`lazy(function, *types)`: what the project's own function gives when it is called later,
    with what is set by then, is not known."""
    function = interpreter.resolve(arguments[0])

    def later(interpreter: Interpreter, given: Arguments, more: Keywords) -> Value:
        if isinstance(function, Native):
            return function.run(interpreter, given, more)
        kind = arguments[1].__name__ if arguments[1:] and isinstance(arguments[1], type) else None
        return interpreter.unknown(f"computed when it is used{interpreter.here()}", type=kind)

    return Native("lazy", later)


def _lazy_object(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Unknown(f"computed when it is used{interpreter.here()}")


def _cached_property(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Descriptor("property", arguments[0])


def _keep_lazy(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Native("keep_lazy", _same_text)


def _functional(interpreter: Interpreter) -> Names:
    return {
        "lazy": Native("lazy", _lazy),
        "lazystr": Native("lazystr", _as_text),
        "SimpleLazyObject": Native("SimpleLazyObject", _lazy_object),
        "LazyObject": Thing("LazyObject", call=_lazy_object),
        "cached_property": Native("cached_property", _cached_property),
        "keep_lazy": Native("keep_lazy", _keep_lazy),
        "keep_lazy_text": Native("keep_lazy_text", _same_text),
        "Promise": Thing("Promise"),
    }


def _import_string(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.imports import import_module

    def one(path: Value) -> Value:
        if not isinstance(path, str):
            return interpreter.unknown("the object that a text names", path)
        module, dot, name = path.rpartition(".")
        if not dot:
            raise interpreter.error(ImportError, f"{path} doesn't look like a module path")
        found = try_attribute(interpreter, import_module(interpreter, module), name)
        if found is MISSING:
            raise interpreter.error(ImportError, f'Module "{module}" does not define "{name}"')
        return found

    return interpreter.each(arguments[0], one)


# -- settings --------------------------------------------------------------------------------------


def settings_attribute(interpreter: Interpreter, name: str) -> Value:
    """`django.conf.settings.NAME`: while the settings are being read what the settings module
    has set so far, later what it ended with; else Django's default."""
    from hardango.settings.namespaces import bound_or

    if not name.isupper():
        return MISSING
    scope = _settings_scope(interpreter)
    if scope is None or scope.opaque is not None:
        return Unknown(f"the setting {name}{interpreter.here()}", subject=f"settings.{name}")
    default = defaults_of(interpreter.django).get(name, MISSING)
    if default is MISSING:
        return read_scope(interpreter, scope, name)
    return bound_or(interpreter, scope, name, interpreter.wrap(default))


def _settings_scope(interpreter: Interpreter) -> Scope | None:
    """The names of the settings, None if they are not known."""
    following: Module | None = interpreter.state.get("views")
    if following is not None:
        return following.scope
    own = interpreter.resolve(interpreter.variable("DJANGO_SETTINGS_MODULE"))
    module = interpreter.modules.get(own) if isinstance(own, str) else None
    return module.scope if isinstance(module, Module) else None


def _conf(interpreter: Interpreter) -> Names:
    running = Thing(
        "django.conf.settings",
        {"configured": False, "configure": constant("settings.configure", None)},
        attribute=settings_attribute,
    )
    return {
        "settings": interpreter.state.get("views", running),
        "ENVIRONMENT_VARIABLE": "DJANGO_SETTINGS_MODULE",
    }


def _global_settings(interpreter: Interpreter) -> Names:
    names = {
        name: interpreter.wrap(value) for name, value in defaults_of(interpreter.django).items()
    }
    return {**names, "gettext_noop": Native("gettext_noop", _same_text)}


# -- what is random at each start --------------------------------------------------------------------


def _random_key(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Unknown("50 random characters, new at each start", "str", fresh=True)


def _random_string(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    length = interpreter.resolve(arguments[0] if arguments else keywords.get("length", 12))
    count = f"{length} random" if isinstance(length, int) else "Random"
    return Unknown(f"{count} characters, new at each start", "str", fresh=True)


# -- messages, logging, content security policy --------------------------------------------------------

MESSAGE_LEVELS = {"DEBUG": 10, "INFO": 20, "SUCCESS": 25, "WARNING": 30, "ERROR": 40}


def _message_constants(interpreter: Interpreter) -> Names:
    tags = {level: name.lower() for name, level in MESSAGE_LEVELS.items()}
    return {
        **MESSAGE_LEVELS,
        "DEFAULT_TAGS": interpreter.box(dict(tags)),
        "DEFAULT_LEVELS": interpreter.box(dict(MESSAGE_LEVELS)),
    }


DEFAULT_LOGGING: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "require_debug_false": {"()": "django.utils.log.RequireDebugFalse"},
        "require_debug_true": {"()": "django.utils.log.RequireDebugTrue"},
    },
    "formatters": {
        "django.server": {
            "()": "django.utils.log.ServerFormatter",
            "format": "[{server_time}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "level": "INFO",
            "filters": ["require_debug_true"],
            "class": "logging.StreamHandler",
        },
        "django.server": {
            "level": "INFO",
            "class": "logging.StreamHandler",
            "formatter": "django.server",
        },
        "mail_admins": {
            "level": "ERROR",
            "filters": ["require_debug_false"],
            "class": "django.utils.log.AdminEmailHandler",
        },
    },
    "loggers": {
        "django": {"handlers": ["console", "mail_admins"], "level": "INFO"},
        "django.server": {"handlers": ["django.server"], "level": "INFO", "propagate": False},
    },
}
"""`django.utils.log.DEFAULT_LOGGING`, the same from Django 2.0 to 6.1."""


def _log(interpreter: Interpreter) -> Names:
    return {"DEFAULT_LOGGING": interpreter.wrap(DEFAULT_LOGGING)}


CSP = {
    "HEADER_ENFORCE": "Content-Security-Policy",
    "HEADER_REPORT_ONLY": "Content-Security-Policy-Report-Only",
    "NONE": "'none'",
    "REPORT_SAMPLE": "'report-sample'",
    "SELF": "'self'",
    "STRICT_DYNAMIC": "'strict-dynamic'",
    "UNSAFE_EVAL": "'unsafe-eval'",
    "UNSAFE_HASHES": "'unsafe-hashes'",
    "UNSAFE_INLINE": "'unsafe-inline'",
    "WASM_UNSAFE_EVAL": "'wasm-unsafe-eval'",
    "NONCE": "<CSP_NONCE_SENTINEL>",
}
"""The members of `django.utils.csp.CSP`, an enumeration of strings."""


def _csp(interpreter: Interpreter) -> Names:
    if interpreter.django < (6, 0):
        raise interpreter.error(ModuleNotFoundError, "No module named 'django.utils.csp'")
    return {"CSP": Thing("CSP", dict(CSP)), "CONTEXT_KEY": "csp_nonce"}


def _timezone(interpreter: Interpreter) -> Names:
    import datetime

    now = Unknown("the time of the start")
    return {
        "utc": until(interpreter, (5, 0), datetime.UTC),
        "timedelta": datetime.timedelta,
        "now": constant("timezone.now", now),
        "localtime": constant("timezone.localtime", now),
    }


def _choices(interpreter: Interpreter) -> Names:
    from hardango.settings.stdlib.types import choices

    return choices(interpreter)


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "django": _django,
    "django.utils.version": _version_module,
    "django.core.exceptions": _exceptions,
    "django.conf": _conf,
    "django.conf.global_settings": _global_settings,
    "django.conf.locale": _locale,
    "django.db.models": _choices,
    "django.db.models.enums": _choices,
    "django.utils.translation": _translation,
    "django.utils.encoding": _encoding,
    "django.utils.text": _text,
    "django.utils.html": _html,
    "django.utils.safestring": lambda interpreter: {"mark_safe": Native("mark_safe", _same_text)},
    "django.utils.functional": _functional,
    "django.utils.module_loading": lambda interpreter: {
        "import_string": Native("import_string", _import_string)
    },
    "django.utils.timezone": _timezone,
    "django.utils.log": _log,
    "django.utils.csp": _csp,
    "django.utils.crypto": lambda interpreter: {
        "get_random_string": Native("get_random_string", _random_string)
    },
    "django.utils.six": gone_in((3, 0), "django.utils.six", lambda interpreter: {}),
    "django.utils.importlib": gone_in((1, 9), "django.utils.importlib", lambda interpreter: {}),
    "django.core.management.utils": lambda interpreter: {
        "get_random_secret_key": Native("get_random_secret_key", _random_key)
    },
    "django.core.urlresolvers": gone_in((2, 0), "django.core.urlresolvers", _urls),
    "django.urls": _urls,
    "django.shortcuts": _urls,
    "django.urls.base": _urls,
    "django.urls.conf": _routing("url_names"),
    "django.conf.urls": _routing("conf_names"),
    "django.conf.urls.i18n": _routing("i18n_names"),
    "django.conf.urls.static": _routing("static_names"),
    "django.contrib.staticfiles.urls": _routing("staticfiles_names"),
    "django.contrib.messages": _message_constants,
    "django.contrib.messages.constants": _message_constants,
    "django.template.defaultfilters": lambda interpreter: {
        "slugify": pure("slugify", slugify, "str")
    },
}
for _module in list(MODULES):
    while _module := _module.rpartition(".")[0]:
        MODULES.setdefault(_module, lambda interpreter: {})
