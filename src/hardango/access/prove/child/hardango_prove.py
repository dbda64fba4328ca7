"""Deals the routes to workers, each a process of its own with a database of its own: one that a view
ends, or that does not come back, is replaced, and what it was at is known.

    begin(plan)      makes the users, says what could not be done
    some(within)     what was met since the last call, and whether all is done
    stop()           leaves the rest
"""

import json
import os
import select
import shutil
import signal
import sys
import time
import traceback

_DEATHS, _DEAF = 12, 2
"""How often a route may end its worker before it is left; how often it may not come back before
its bodies are."""
_GRACE = 4.0
"""By how many seconds a request may outlast its time, before its process is ended."""

_run = None


def begin(plan):
    """Make the users and start workers. `plan`: "roles" (plain data), "jobs" (a route's number,
    its methods), "workers", "seconds" for a request, "host", "scheme_header", "root" of the copy,
    "directory" for databases."""
    global _run
    from hardango_roles import OWNER, users_of
    from hardango_rows import Maker

    factories = _factories(plan)
    owner = {"name": OWNER, "anonymous": False, "staff": False, "superuser": False,
             "permissions": [], "groups": []}  # fmt: skip
    users, said = users_of([*plan["roles"], owner], Maker(factories))
    _place_files(plan)
    _run = _Run(plan, users, factories)
    return {"said": said, "login": _login()}


def _place_files(plan):
    """Files that may be asked for below MEDIA_ROOT, by the names that paths are filled with."""
    from django.conf import settings
    from hardango_paths import NUMBER, WORD
    from hardango_rows import CANARY

    root = os.path.realpath(str(settings.MEDIA_ROOT or ""))
    if not settings.MEDIA_ROOT or not root.startswith(os.path.realpath(plan["directory"]) + os.sep):
        return
    for name in (NUMBER, WORD):
        try:
            os.makedirs(root, exist_ok=True)
            with open(os.path.join(root, name), "x", encoding="utf-8") as opened:
                opened.write(CANARY)
        except OSError:
            continue


def _login():
    """The path of the page to log in."""
    from django.conf import settings
    from django.shortcuts import resolve_url

    try:
        return resolve_url(settings.LOGIN_URL)
    except Exception:
        return ""


def some(within):
    """What was met meanwhile, as {"met": [...], "done": whether that is all}."""
    return {"met": _run.some(within), "done": _run.done}


def stop():
    """Leave what is not proven yet."""
    _run.jobs = []
    for each in _run.workers:
        os.kill(each.number, signal.SIGKILL)
    _run.end()


class _Run:
    """The routes that are still to be proven, and who is at work."""

    def __init__(self, plan, users, factories):
        self.plan, self.users, self.factories = plan, users, factories
        self.jobs = [{**each, "skip": [], "deaths": 0, "deaf": 0} for each in plan["jobs"]]
        self.jobs.reverse()
        self.workers = []
        self.copies = _Copies(plan["directory"], plan["workers"])
        self.wanted = self.copies.count

    @property
    def done(self):
        return not self.jobs and not any(each.job for each in self.workers)

    def some(self, seconds):
        end, found = time.monotonic() + seconds, []
        while not self.done and time.monotonic() < end:
            while len(self.workers) < min(self.wanted, len(self.jobs) + len(self.workers)):
                if not self.jobs:
                    break
                self.workers.append(_Started(self, self.copies.take()))
            for each in self.workers:
                if each.job is None and self.jobs:
                    each.give(self.jobs.pop())
            ready, _, _ = select.select([each.source for each in self.workers], [], [], 0.25)
            for each in [one for one in self.workers if one.source in ready]:
                found += self._read(each)
            for each in [one for one in self.workers if one.is_late()]:
                each.late = True
                os.kill(each.number, signal.SIGKILL)
        if self.done:
            self.end()
        return found

    def _read(self, worker):
        lines = worker.lines()
        if lines is None:
            return self._lost(worker)
        found = []
        for line in lines:
            if "at" in line:
                worker.at, worker.since = line["at"], time.monotonic()
            else:
                worker.job = None
                found.append(line)
        return found

    def _lost(self, worker):
        """A worker is gone: what it was at is not asked again, the rest of the route is."""
        why = worker.why()
        self.workers.remove(worker)
        self.copies.give_back(worker.copy)
        job = worker.job
        if job is None:
            return []
        job["deaths"] += 1
        job["deaf"] += worker.late
        if worker.late and worker.at and worker.at[2] == "body" and job["deaf"] >= _DEAF:
            job["left"] = why
        if worker.at is None or job["deaths"] > _DEATHS or job["deaf"] > _DEAF + 1:
            return [{"route": job["route"], "path": "", "problem": why, "met": [], "owned": []}]
        job["skip"].append([*worker.at, why])
        self.jobs.append(job)
        return []

    def end(self):
        for each in self.workers:
            each.end()
        self.workers = []


class _Started:
    """A worker that runs, and the job that it has."""

    def __init__(self, run, copy):
        self.copy, self.job, self.at, self.late = copy, None, None, False
        self.since, self._held = time.monotonic(), b""
        self._limit = run.plan["seconds"] + _GRACE
        theirs, self._sink = os.pipe()
        self.source, back = os.pipe()
        others = [each for one in run.workers for each in (one.source, one._sink)]
        from django.db import connections

        connections.close_all()
        sys.stdout.flush()
        self.number = os.fork()
        if self.number == 0:
            for each in (self._sink, self.source, *others):
                os.close(each)
            _work(run, copy, theirs, back)
        os.close(theirs)
        os.close(back)

    def give(self, job):
        self.job, self.at, self.since = job, None, time.monotonic()
        try:
            os.write(self._sink, (json.dumps(job) + "\n").encode())
        except OSError:
            pass  # it is gone, which its other pipe tells

    def lines(self):
        """The lines that it said, None where it is gone."""
        try:
            piece = os.read(self.source, 1 << 16)
        except OSError:
            piece = b""
        if not piece:
            return None
        *lines, self._held = (self._held + piece).split(b"\n")
        return [json.loads(each) for each in lines]

    def is_late(self):
        return self.job is not None and not self.late and (
            time.monotonic() - self.since > self._limit * (1 if self.at else 4))  # fmt: skip

    def why(self):
        """How it ended."""
        self.end()
        if self.late:
            return "no answer, and no way to stop it but to end the process"
        if os.WIFSIGNALED(self.status):
            return "it ends the process: signal %d" % os.WTERMSIG(self.status)
        return "it ends the process: exit code %d" % os.WEXITSTATUS(self.status)

    def end(self):
        for each in (self._sink, self.source):
            os.close(each)
        for _ in range(100):
            number, self.status = os.waitpid(self.number, os.WNOHANG)
            if number:
                return
            time.sleep(0.01)
        os.kill(self.number, signal.SIGKILL)
        _, self.status = os.waitpid(self.number, 0)


def _work(run, copy, source, sink):
    """What a worker does until it has no more to do; it never returns."""
    complaints = os.dup(2)
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        import logging

        logging.disable(logging.CRITICAL)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        run.copies.use(copy)

        def say(said):
            data = (json.dumps(said) + "\n").encode()
            while data:
                data = data[os.write(sink, data) :]

        def mark(*at):
            say({"at": at})

        from hardango_live import live
        from hardango_worker import Worker

        worker = Worker(live, run.plan, run.users, run.factories, mark)
        with os.fdopen(source, encoding="utf-8") as jobs:
            for line in jobs:
                say(worker.route(json.loads(line)))
    except BaseException:
        os.write(complaints, traceback.format_exc().encode())
        os._exit(70)
    os._exit(0)


class _Copies:
    """A copy of each SQLite database for every worker; one worker has any other to itself."""

    def __init__(self, directory, count):
        from django.db import connections

        self._files = {}
        for alias in connections:
            settings = connections[alias].settings_dict
            name = str(settings.get("NAME"))
            if connections[alias].vendor == "sqlite" and os.path.isfile(name):
                self._files[alias] = name
            elif not settings.get("ENGINE", "").endswith("dummy"):
                count = 1
        self.count = count if self._files else 1
        self._directory = directory
        self._free = list(range(self.count))

    def take(self):
        return self._free.pop()

    def give_back(self, number):
        self._free.append(number)

    def use(self, number):
        """In the worker: from here on, its copies."""
        from django.db import connections

        made = {}
        for alias, file in self._files.items():
            if file not in made:
                made[file] = os.path.join(self._directory, "worker-%d-%d" % (number, len(made)))
                shutil.copyfile(file, made[file])
            connections[alias].settings_dict["NAME"] = made[file]


def _factories(plan):
    """The project's own factories (factory_boy), by their model, where they are asked for."""
    if not plan["factories"]:
        return {}
    try:
        from factory.django import DjangoModelFactory
    except ImportError:
        return {}
    from importlib import import_module

    for name in _named_factories(plan["root"]):
        try:
            import_module(name)
        except Exception:
            continue  # it needs what only the tests have
    found, todo = {}, [DjangoModelFactory]
    while todo:
        each = todo.pop(0)
        todo += each.__subclasses__()
        model = getattr(each._meta, "model", None)
        if model is not None and not each._meta.abstract:
            found.setdefault(each._meta.get_model_class(), each)
    return found


def _named_factories(root):
    """The modules of a project that are named so: `shop.factories`, `shop.tests.factories.orders`."""
    tops = [os.path.realpath(each) for each in sys.path if each]
    for folder, below, files in os.walk(os.path.realpath(root)):
        below[:] = [each for each in below if not each.startswith(".") and each != "node_modules"]
        inside = os.path.basename(folder) == "factories"
        for file in files:
            if file.endswith(".py") and (inside or file == "factories.py"):
                path = os.path.join(folder, file)[:-3]
                top = max(
                    (each for each in tops if path.startswith(each + os.sep)), key=len, default=""
                )
                name = path[len(top) + 1 :].replace(os.sep, ".") if top else ""
                if name:
                    yield name[: -len(".__init__")] if name.endswith(".__init__") else name
