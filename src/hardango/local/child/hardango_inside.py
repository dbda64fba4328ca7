"""The project in its own interpreter, without a server: prepares its throw-away database, and
answers requests that come as lines of JSON.

Standard input and output are the project's to write on; what is said here goes over two pipes of
its own.
"""

import io
import json
import os
import signal
import sys
import traceback
from urllib.parse import unquote_to_bytes

_LARGEST = 512 * 1024
_MOST_PATHS = 60


def main():
    source, sink = (int(each) for each in os.environ.pop("HARDANGO_PIPES").split(","))
    # Whatever it is at when it is to end: it still drops its database.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    try:
        with os.fdopen(source, encoding="utf-8") as asked:
            with os.fdopen(sink, "w", encoding="utf-8") as out:
                for line in asked:
                    out.write(json.dumps(_done(json.loads(line))) + "\n")
                    out.flush()
    except (SystemExit, OSError):
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _drop()


def _done(command):
    """What a command gives, or how it failed."""
    try:
        return {"done": _command(command.pop("do"))(**command)}
    except SystemExit as stop:
        return {"failed": "it exits (%s)" % stop.code, "trace": ""}
    except BaseException as error:
        return {"failed": _sentence(error), "trace": traceback.format_exc(),
                "kind": type(error).__name__}  # fmt: skip


def _command(name):
    """One of those below, or "module.function" of another file of Hardango that lies here."""
    module, _, function = name.rpartition(".")
    if not module:
        return _COMMANDS[name]
    from importlib import import_module

    return getattr(import_module(module), function)


def _sentence(error):
    said = str(error).strip().split("\n")[0][:500]
    return type(error).__name__ + (": " + said if said else "")


# -- what is asked ---------------------------------------------------------------------------------


def load():
    """Load the settings; what they are that a proof must know."""
    from django.conf import settings
    from hardango_isolation import CHANGES

    configuration = os.environ.get("DJANGO_CONFIGURATION")
    if configuration:
        import configurations

        configurations.setup()
    settings.DEBUG  # loads them
    return {
        "changes": CHANGES,
        "debug": bool(settings.DEBUG),
        "allowed_hosts": [str(each) for each in settings.ALLOWED_HOSTS],
        "trusted_origins": [str(each) for each in getattr(settings, "CSRF_TRUSTED_ORIGINS", ())],
        "scheme_header": list(getattr(settings, "SECURE_PROXY_SSL_HEADER", None) or ()),
        "wsgi": getattr(settings, "WSGI_APPLICATION", None) or "",
        "asgi": getattr(settings, "ASGI_APPLICATION", None) or "",
        "static_url": str(settings.STATIC_URL or ""),
        "media_url": str(settings.MEDIA_URL or ""),
        "static_root": str(getattr(settings, "STATIC_ROOT", None) or ""),
        "media_root": str(getattr(settings, "MEDIA_ROOT", None) or ""),
        "python": "%d.%d" % sys.version_info[:2],
        "django": __import__("django").get_version(),
    }


def set_up():
    """Load the apps, without a database."""
    import django

    django.setup()


def prepare():
    """Create the database and its tables, and collect static files; what did not work."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db.backends.signals import connection_created

    django.setup()
    connection_created.connect(_hasten)
    problems = []
    _create()
    quiet = {"verbosity": 0, "interactive": False}
    for alias in _databases():
        call_command("migrate", database=alias, skip_checks=True, run_syncdb=True, **quiet)
    if any("DatabaseCache" in each.get("BACKEND", "") for each in settings.CACHES.values()):
        call_command("createcachetable", verbosity=0)
    if _collects(apps, settings):
        try:
            os.makedirs(settings.STATIC_ROOT, exist_ok=True)
            call_command("collectstatic", skip_checks=True, **quiet)
        except Exception as error:
            problems.append("collectstatic: " + _sentence(error))
    return problems


def _collects(apps, settings):
    """Whether static files are to be collected: not where they are part of the project, built from
    what is not here."""
    root = settings.STATIC_ROOT
    if not root or not apps.is_installed("django.contrib.staticfiles"):
        return False
    return not os.path.isfile(os.path.join(root, "staticfiles.json"))


def _hasten(sender, connection, **rest):
    """A throw-away database needs no protection against power cuts."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA journal_mode = MEMORY")


def account(user, password):
    """An account to log in with, staff, as the project's own user model makes them."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth import get_user_model

    if settings.AUTH_USER_MODEL == "auth.User" and not apps.is_installed("django.contrib.auth"):
        return ""  # nobody logs in here
    model = get_user_model()
    name = model.USERNAME_FIELD
    mail = user + "@hardango.invalid"
    values = {name: mail if "email" in name else user}
    field = getattr(model, "EMAIL_FIELD", None)
    if field and field != name and any(each.name == field for each in model._meta.fields):
        values[field] = mail
    for each in model.REQUIRED_FIELDS:
        values.setdefault(each, mail if "email" in each else "hardango")
    made = model(**values)
    made.set_password(password)
    for flag in ("is_active", "is_staff", "is_superuser"):
        if hasattr(made, flag):
            setattr(made, flag, True)
    made.save()
    _confirm(made, mail)
    return values[name]


def _confirm(user, mail):
    from django.apps import apps

    if apps.is_installed("allauth.account"):
        model = apps.get_model("account", "EmailAddress")
        model.objects.create(user=user, email=mail, verified=True, primary=True)


def facts():
    """What the project says of its addresses and cookies."""
    from django.conf import settings
    from django.shortcuts import resolve_url
    from django.urls import get_resolver

    found = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "static": str(settings.STATIC_URL or ""),
        "media": str(settings.MEDIA_URL or ""),
        "login": "", "admin": [], "paths": [], "uploads": _uploads(),
        "most_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    }  # fmt: skip
    try:
        found["login"] = resolve_url(settings.LOGIN_URL)
    except Exception:
        pass
    _walk(get_resolver().url_patterns, "/", found, 0)
    found["paths"] = found["paths"][:_MOST_PATHS]
    return found


_SCRIPT = "<script>document.title = 'run'</script>"
_UPLOADED = {
    "hardango.html": "<!doctype html><title>an upload</title>" + _SCRIPT,
    "hardango.svg": '<svg xmlns="http://www.w3.org/2000/svg">' + _SCRIPT + "</svg>",
}


def _uploads():
    """The addresses of a page and an image with a script, kept where its users' files are; none
    where production keeps these elsewhere."""
    from hardango_isolation import CHANGES

    if any(name in ("STORAGES", "DEFAULT_FILE_STORAGE") for name, _ in CHANGES):
        return []
    try:
        from django.core.files.base import ContentFile
        from django.core.files.storage import default_storage as kept

        return [
            str(kept.url(kept.save(name, ContentFile(text.encode()))))
            for name, text in _UPLOADED.items()
        ]
    except Exception:  # a storage of the project's own may want anything
        return []


def _walk(patterns, prefix, found, depth):
    """The paths that take no parameters, and where an admin is."""
    for each in patterns:
        part = _plain(each.pattern)
        if part is None:
            continue
        inner = getattr(each, "url_patterns", None)
        if inner is None:
            if prefix + part not in found["paths"]:
                found["paths"].append(prefix + part)
        elif getattr(each, "app_name", None) == "admin":
            found["admin"].append(prefix + part)
        elif depth < 8:
            _walk(inner, prefix + part, found, depth + 1)


def _plain(pattern):
    """The text of a route that takes no parameters, None for any other."""
    text = str(pattern)
    if type(pattern).__name__ == "RoutePattern":
        return None if "<" in text else text
    if type(pattern).__name__ == "LocalePrefixPattern":
        return text
    text = text.lstrip("^").replace("\\Z", "$")
    bare = text[:-1] if text.endswith("$") else text
    bare = bare.replace("\\.", ".").replace("\\-", "-").replace("\\/", "/").replace("/?", "/")
    return None if set(bare) & set("()[]{}*+?|\\^$") else bare


# -- requests --------------------------------------------------------------------------------------

_application = None
_failures = []


def failure():
    """What the last request failed with that gets 500, "" if none did."""
    return _failures[-1] if _failures else ""


def _note_failure(**rest):
    _failures[:] = [_sentence(sys.exc_info()[1])]


def send(url, method, headers, body, target, version, scheme_header=()):
    """The answer of the application to one request, given as `hardango.evidence.Request` is."""
    global _application
    if _application is None:
        from django.core.servers.basehttp import get_internal_wsgi_application
        from django.core.signals import got_request_exception

        got_request_exception.connect(_note_failure)

        _application = get_internal_wsgi_application()
    said, written = [], []

    def start_response(status, answered, failure=None):
        said[:] = [status, answered]
        return written.append

    environ = _environ(url, method, headers, body.encode("latin-1"), target, version)
    if scheme_header and scheme_header[0].startswith("HTTP_"):
        # As a proxy does that may be believed: it says the scheme, whatever the client said.
        environ[scheme_header[0]] = scheme_header[1] if url.startswith("https:") else "http"
    result = _application(environ, start_response)
    try:
        size, cut = 0, False
        for piece in result:
            size += len(piece)
            written.append(piece)
            if size > _LARGEST:
                cut = True
                break
    finally:
        if hasattr(result, "close"):
            result.close()
    status, _, reason = said[0].partition(" ")
    whole = b"".join(written)[:_LARGEST]
    return {"status": int(status), "reason": reason, "headers": [[name, value.strip()] for name, value in said[1]],
            "body": whole.decode("latin-1"), "cut": cut}  # fmt: skip


def _environ(url, method, headers, body, target, version):
    """The environment of PEP 3333, as a server makes it of a request."""
    scheme, _, rest = url.partition("://")
    host, _, _ = rest.partition("/")
    path = target or rest[len(host) :] or "/"
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query,
        "RAW_URI": target or rest[len(host) :] or "/",
        "SERVER_NAME": host.partition(":")[0], "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/" + version, "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "1",
        "wsgi.version": (1, 0), "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        environ[key] = environ[key] + "," + value if key in environ else value
    return environ


# -- the database ----------------------------------------------------------------------------------

_made = []


def _databases():
    """The aliases to migrate: of those that are one database, one."""
    from django.db import connections

    found = {}
    for alias in connections:
        settings = connections[alias].settings_dict
        if settings.get("ENGINE", "").endswith("dummy"):
            continue
        found.setdefault((settings["ENGINE"], str(settings["NAME"])), alias)
    return list(found.values())


def _create():
    """Create the databases on a server; on SQLite they come by themselves."""
    from django.db import connections

    for alias in _databases():
        connection = connections[alias]
        if connection.vendor in ("postgresql", "mysql"):
            with connection._nodb_cursor() as cursor:
                cursor.execute("CREATE DATABASE " + connection.ops.quote_name(
                    connection.settings_dict["NAME"]))  # fmt: skip
            _made.append(alias)


def _drop():
    """Drop what `_create` made, also where whoever started this is gone."""
    if not _made:
        return
    from django.db import connections

    connections.close_all()
    for alias in _made:
        connection = connections[alias]
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        try:
            with connection._nodb_cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE datname = %s", [connection.settings_dict["NAME"]])  # fmt: skip
                cursor.execute("DROP DATABASE IF EXISTS " + name)
        except Exception:
            traceback.print_exc()


_COMMANDS = {"load": load, "set_up": set_up, "prepare": prepare, "account": account, "facts": facts, "send": send,
             "failure": failure}  # fmt: skip

if __name__ == "__main__":
    main()
