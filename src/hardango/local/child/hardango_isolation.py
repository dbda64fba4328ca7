"""Takes a project's settings, once they are loaded, off everything that is not its own throw-away
place: database, cache, mail, files, logs, queues. Nothing else is touched, least of all what is
to be proven.

`DJANGO_SETTINGS_MODULE` stays production's: a module that wraps it would not hold where wsgi.py
names the module itself, or where settings look at the variable.
"""

import json
import os
import sys

CHANGES = []
"""What was changed, as (setting, in words), for the report."""

_LOCAL_CACHES = ("locmem.LocMemCache", "dummy.DummyCache", "db.DatabaseCache")
_MAIL_THAT_STAYS = ("dummy.EmailBackend", "locmem.EmailBackend")
_LOGS_ELSEWHERE = ("SysLogHandler", "SocketHandler", "DatagramHandler", "HTTPHandler",
                   "NTEventLogHandler", "JournalHandler", "JournaldLogHandler")  # fmt: skip
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_FILES = "django.core.files.storage.FileSystemStorage"
_KEPT_OPTIONS = ("options", "isolation_level", "server_side_binding", "charset", "init_command")
_MANNERS = ("ATOMIC_REQUESTS", "AUTOCOMMIT", "TIME_ZONE", "USE_TZ", "TEST")


class _After:
    """Finds a module as Python would, and changes it once it has run."""

    def __init__(self, changes):
        self.changes = changes

    def find_spec(self, name, path=None, target=None):
        if name not in self.changes:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                self.changes[name](module)

            spec.loader.exec_module = exec_module
        return spec


def wait():
    """Change the settings as soon as this process has loaded them."""
    changes = {"django.conf": _hook, "django.core.handlers.base": _let_fail}
    sys.meta_path.insert(0, _After(changes))


def _plan():
    with open(os.environ["HARDANGO_PLAN"], encoding="utf-8") as opened:
        return json.load(opened)


def _let_fail(handlers):
    """One path that nobody knows leads to a view that raises: how else to see the page for
    errors, with all that middleware does to it."""
    fails = _plan()["fails"]
    resolve = handlers.BaseHandler.resolve_request

    def view(request):
        raise RuntimeError("a view of the proof, which fails on purpose")

    view.login_required = False

    def resolved(self, request):
        if request.path_info != fails:
            return resolve(self, request)
        from django.urls import ResolverMatch

        request.resolver_match = ResolverMatch(view, (), {})
        return request.resolver_match

    handlers.BaseHandler.resolve_request = resolved


def _hook(conf):
    set_up = conf.LazySettings._setup

    def isolated(self, name=None):
        set_up(self, name)
        _isolate(self._wrapped, _plan())
        for kept in [each for each in self.__dict__ if each != "_wrapped"]:
            del self.__dict__[kept]  # what was asked for in between

    conf.LazySettings._setup = isolated


def _isolate(settings, plan):
    place = _Place(settings, plan)
    for change in (_lacking, _databases, _caches, _sessions, _mail, _files, _logs, _queues):
        change(place)


class _Place:
    """The settings, and the throw-away directory that they are to use."""

    def __init__(self, settings, plan):
        self.settings = settings
        self.directory = plan["directory"]
        self.database = plan["database"]
        self.host = plan["host"]
        self.secret_key = plan["secret_key"]
        self.writable = tuple(os.path.realpath(each) + os.sep for each in plan["writable"])

    def get(self, name, default=None):
        return getattr(self.settings, name, default)

    def put(self, name, value, words):
        setattr(self.settings, name, value)
        CHANGES.append((name, words))

    def holds(self, path):
        """Whether a path lies where the project may write."""
        return (os.path.realpath(str(path)) + os.sep).startswith(self.writable)

    def new(self, *parts):
        path = os.path.join(self.directory, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path


def _lacking(place):
    """Without a key production answers nothing, without a host nobody: there would be nothing to
    prove. What it lacks it gets from elsewhere, a local file that is not here."""
    if not place.get("SECRET_KEY"):
        place.put("SECRET_KEY", place.secret_key, "is empty; one is made up for the proof")
    if not place.get("ALLOWED_HOSTS") and not place.get("DEBUG"):
        place.put("ALLOWED_HOSTS", [place.host],
                  "is empty, so that nobody is let in; for the proof " + place.host + " is")  # fmt: skip


def _databases(place):
    changed, words, names = {}, [], {}
    for alias, database in place.get("DATABASES", {}).items():
        engine, name = database.get("ENGINE", ""), database.get("NAME")
        local = engine.endswith(("sqlite3", "spatialite"))
        if not place.database and (not engine or engine.endswith("dummy")):
            continue
        if not place.database and local and (str(name) == ":memory:" or place.holds(name)):
            continue
        manners = {key: database[key] for key in _MANNERS if key in database}
        # Replicas of one database stay one.
        same = names.setdefault((database.get("HOST"), str(name)), alias)
        if (mirror := (database.get("TEST") or {}).get("MIRROR")) in place.get("DATABASES"):
            same = mirror
        if place.database:
            wanted = dict(place.database)
            if _family(engine) == _family(wanted["ENGINE"]):
                wanted["ENGINE"] = engine
            options = database.get("OPTIONS") or {}
            kept = {key: options[key] for key in _KEPT_OPTIONS if key in options}
            if kept:
                wanted["OPTIONS"] = {**kept, **wanted.get("OPTIONS", {})}
            wanted["NAME"] = wanted["NAME"] + ("" if same == "default" else "_" + same)
        else:
            wanted = {"ENGINE": "django.db.backends.sqlite3",
                      "NAME": place.new("databases", same + ".sqlite3")}  # fmt: skip
        changed[alias] = {**manners, **wanted}
        was, now = engine.rpartition(".")[2] or "none", wanted["ENGINE"].rpartition(".")[2]
        words.append(f"{alias}: a new {now} instead of {was}" if was != now
                     else f"{alias}: a new {now}")  # fmt: skip
    if changed:
        place.put("DATABASES", {**place.get("DATABASES"), **changed}, "; ".join(words))


def _family(engine):
    for word in ("postg", "psql", "mysql", "oracle", "sqlite"):
        if word in engine:
            return word.replace("psql", "postg")
    return engine


def _caches(place):
    changed = {}
    for alias, cache in place.get("CACHES", {}).items():
        backend = str(cache.get("BACKEND", ""))
        if backend.endswith(_LOCAL_CACHES):
            continue
        if backend.endswith("filebased.FileBasedCache"):
            if place.holds(cache.get("LOCATION", "")):
                continue
            changed[alias] = {**cache, "LOCATION": place.new("caches", alias)}
            continue
        kept = ("KEY_PREFIX", "VERSION", "TIMEOUT", "KEY_FUNCTION")
        changed[alias] = {key: cache[key] for key in kept if key in cache}
        changed[alias].update(BACKEND=_MEMORY, LOCATION="hardango-" + alias)
    if changed:
        place.put("CACHES", {**place.get("CACHES"), **changed},
                  "in memory: " + ", ".join(sorted(changed)))  # fmt: skip


def _sessions(place):
    engine = place.get("SESSION_ENGINE", "")
    if engine.endswith("backends.file") and place.get("SESSION_FILE_PATH"):
        if not place.holds(place.get("SESSION_FILE_PATH")):
            os.makedirs(place.new("sessions"), exist_ok=True)
            place.put("SESSION_FILE_PATH", place.new("sessions"), "a throw-away directory")
    elif engine.startswith(("redis_sessions", "redisession", "django_redis_sessions")):
        place.put("SESSION_ENGINE", "django.contrib.sessions.backends.cache", "the cache")


def _mail(place):
    mailbox = place.new("mail")
    os.makedirs(mailbox, exist_ok=True)
    into_files = "django.core.mail.backends.filebased.EmailBackend"
    mailers = place.get("MAILERS")
    if mailers:
        caught = {
            alias: mailer
            if str(mailer.get("BACKEND", "")).endswith(_MAIL_THAT_STAYS)
            else {"BACKEND": into_files, "OPTIONS": {"file_path": mailbox}}
            for alias, mailer in mailers.items()
        }
        place.put("MAILERS", caught, "caught in files")
    elif not str(place.get("EMAIL_BACKEND", "")).endswith(_MAIL_THAT_STAYS):
        place.put("EMAIL_BACKEND", into_files, "caught in files")
        place.settings.EMAIL_FILE_PATH = mailbox


def _files(place):
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        path = place.get(name)
        if path and not place.holds(path):
            place.put(name, place.new(name.lower()), "a throw-away directory")
    if place.get("FILE_UPLOAD_TEMP_DIR") and not place.holds(place.get("FILE_UPLOAD_TEMP_DIR")):
        place.put("FILE_UPLOAD_TEMP_DIR", None, "the throw-away directory for temporary files")
    storages = place.get("STORAGES")
    changed = {}
    for alias, storage in (storages or {}).items():
        backend = str(storage.get("BACKEND", ""))
        location = (storage.get("OPTIONS") or {}).get("location")
        if not _keeps_files_here(backend):
            changed[alias] = _here(place, alias)
        elif location and not place.holds(location):
            options = {**storage["OPTIONS"], "location": place.new("files", alias)}
            changed[alias] = {**storage, "OPTIONS": options}
    if changed:
        place.put("STORAGES", {**storages, **changed},
                  "files of a throw-away directory: " + ", ".join(sorted(changed)))  # fmt: skip
    for name, alias in (
        ("DEFAULT_FILE_STORAGE", "default"),
        ("STATICFILES_STORAGE", "staticfiles"),
    ):
        if name in vars(place.settings) and not _keeps_files_here(
            str(place.get(name) or "django.")
        ):
            place.put(name, _here(place, alias)["BACKEND"], "files of a throw-away directory")


def _here(place, alias):
    if alias == "staticfiles":
        if not place.get("STATIC_ROOT"):
            place.put("STATIC_ROOT", place.new("static_root"), "a throw-away directory")
        return {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if alias == "default" and place.get("MEDIA_ROOT"):
        return {"BACKEND": _FILES}
    # Its own MEDIA_URL, if it has none, would be the start page.
    url = place.get("MEDIA_URL") or "/hardango-media/"
    return {"BACKEND": _FILES, "OPTIONS": {"location": place.new("files", alias), "base_url": url}}


def _keeps_files_here(backend):
    """Whether a storage keeps files in a directory, as far as its class tells."""
    if backend.startswith(("django.", "whitenoise.")):
        return True
    if backend.startswith("storages."):
        return False
    from importlib import import_module

    module, _, name = backend.rpartition(".")
    try:
        from django.core.files.storage import FileSystemStorage

        return issubclass(getattr(import_module(module), name), FileSystemStorage)
    except Exception:  # whatever the module does that names it
        return False


def _logs(place):
    logging = place.get("LOGGING") or {}
    changed = {}
    for name, handler in (logging.get("handlers") or {}).items():
        if not isinstance(handler, dict):
            continue
        file = handler.get("filename")
        kind = str(handler.get("class", "")).rpartition(".")[2]
        if file and not place.holds(file):
            changed[name] = {**handler, "filename": place.new("logs", os.path.basename(str(file)))}
        elif kind in _LOGS_ELSEWHERE:
            changed[name] = {"class": "logging.NullHandler"}
    if changed:
        handlers = {**logging["handlers"], **changed}
        place.put("LOGGING", {**logging, "handlers": handlers},
                  "a throw-away directory, or nowhere: " + ", ".join(sorted(changed)))  # fmt: skip


def _queues(place):
    settings = vars(place.settings)
    for name, value in list(settings.items()):
        if name.endswith("BROKER_URL") and isinstance(value, str) and value:
            place.put(name, "memory://", "in memory")
        elif name.endswith("RESULT_BACKEND") and isinstance(value, str) and "://" in value:
            place.put(name, "cache+memory://", "in memory")
    layers = place.get("CHANNEL_LAYERS")
    if isinstance(layers, dict) and layers:
        memory = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
        if any(each != memory for each in layers.values()):
            place.put("CHANNEL_LAYERS", dict.fromkeys(layers, memory), "in memory")
