"""One route after the other: paths to it, requests as every role, somebody else's rows.

A worker is a process that may be lost: a view can end it. So it says what it is about to do, and
everything that it does to a database is undone.
"""

from hardango_consults import Consults
from hardango_gate import NOTE, STOP, Gate
from hardango_learned import Queries
from hardango_paths import paths
from hardango_roles import OWNER, session_of
from hardango_rows import CANARY, CannotMake, Maker, leads_to_user
from hardango_send import Sender, sentence, undone

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_ROUNDS = 6
"""How many rows are made, one after the other, for one path."""
_SLOW = 2
"""How many requests of a route may take too long before its bodies are left."""
_MISSING = (302, 303, 400, 404)
"""How a view may answer that looks for a row that is not there."""
_TOO_SLOW = "left out, since other requests of this route take too long"


class Worker:
    """Proves routes. `live` gives a route by its number; `users` the key of each role's user;
    `mark` is told what is done next."""

    def __init__(self, live, plan, users, factories, mark):
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import AnonymousUser

        self._live, self._plan, self._mark = live, plan, mark
        self._gate = Gate()
        self._sender = Sender(self._gate, plan["host"], plan["scheme_header"], plan["seconds"])
        self._consults = Consults(plan["root"])
        self._queries = Queries()
        self._maker = Maker(factories)
        model = get_user_model()
        self._consults.watch(model, AnonymousUser)
        self._users = {name: model._base_manager.get(pk=key) for name, key in users.items()}
        self._sessions = {name: session_of(user) for name, user in self._users.items()}
        self._skipped, self._slow, self._left = {}, 0, ""

    def route(self, job):
        """What every role met at one route. `job` has its number, its methods, and what is known
        to end the process."""
        self._skipped = {tuple(each[:3]): each[3] for each in job["skip"]}
        self._slow, self._left = 0, job.get("left", "")
        said = {"route": job["route"], "path": "", "problem": "", "met": [], "owned": [],
                "lacking": []}  # fmt: skip
        try:
            route = self._live(job["route"])
            with undone():
                self._route(route, job, said)
        except Exception as error:
            said["problem"] = said["problem"] or sentence(error)
        self._maker.forget()
        return said

    def _route(self, route, job, said):
        ask = _Asking(self, route, job)
        said["problem"] = ask.find_path()
        said["path"] = ask.path.text if ask.path else ""
        said["lacking"] = sorted(set(ask.lacking))
        if said["problem"]:
            return
        for method in job["methods"]:
            for role in self._plan["roles"]:
                said["met"].append(ask.met(method, role["name"]))
        if job["ownership"] and "GET" in job["methods"]:
            said["owned"] = ask.owned()

    # -- one request -------------------------------------------------------------------------------

    def ask(self, route, method, path, role, mode):
        """One request as one role, undone; `mode` says whether the body may run."""
        if mode == NOTE:
            reason = self._skipped.get((method, role, "body"), self._left)
            if reason or self._slow >= _SLOW:
                gate = self.ask(route, method, path, role, STOP)
                return {**gate, "failed": gate["failed"] or reason or _TOO_SLOW}
        elif (method, role, "gate") in self._skipped or self._slow > _SLOW:
            reason = self._skipped.get((method, role, "gate"), _TOO_SLOW)
            return {"entered": False, "status": 0, "location": "", "text": "", "kind": "",
                    "failed": reason, "stranger": False, "consulted": []}  # fmt: skip
        self._mark(method, role, "gate" if mode == STOP else "body")
        _clear_caches()
        user = self._users.get(role)
        if user is not None and not self._sessions_are_rows():
            self._sessions[role] = session_of(user)
        with undone(), self._queries.noted():
            self._gate.open(route.bodies(method), mode, self._begins)
            try:
                said = self._sender.send(method, path, self._sessions.get(role, ""), user,
                                         route.by_token)  # fmt: skip
            finally:
                self._gate.close()
                consulted = self._consults.stop()
        said["consulted"] = consulted if said["entered"] and mode == NOTE else []
        self._slow += said["failed"].startswith("no answer within")
        return said

    def _begins(self):
        """The body begins, and may run: who asks is looked at before it can log anybody out."""
        self._sender.look_at_user()
        self._consults.start()

    def _sessions_are_rows(self):
        from django.conf import settings

        return settings.SESSION_ENGINE.endswith((".db", ".signed_cookies"))


class _Asking:
    """One route: the path that leads to it, the rows that were made for it."""

    def __init__(self, worker, route, job):
        self._worker, self._route, self._job = worker, route, job
        self._owner = worker._users.get(OWNER)
        self._made = []
        self._known = {}
        self.path, self.lacking = None, []

    def met(self, method, role):
        """What became of the request of a role, at the gate or in the body, as far as it may go."""
        mode = self._mode(method)
        said = self._ask(method, role, mode)
        return {**_told(said), "method": method, "role": role, "path": self.path.text,
                "tier": "body" if said["entered"] and mode == NOTE else "gate"}  # fmt: skip

    def _mode(self, method):
        bodies = self._job["bodies"]
        return NOTE if bodies == "all" or (bodies == "safe" and method in _SAFE) else STOP

    def _ask(self, method, role, mode, path=None):
        return self._worker.ask(self._route, method, path or self.path.text, role, mode)

    # -- the path ----------------------------------------------------------------------------------

    def find_path(self):
        """Choose the path by which the strongest role gets furthest, and make the rows that the
        view looks for on the way; why there is none."""
        role = self._job["strongest"]
        method = "GET" if "GET" in self._job["methods"] else self._job["methods"][0]
        found, reason = paths(self._route.chain, self._route.callback)
        best = None
        for each in found:
            self.path = each
            rank = self._reached(method, role)
            if rank == 3:
                return ""
            if best is None or rank > best[0]:
                best = (rank, self.path, list(self._made))
            if self._worker._slow >= _SLOW:
                break
        if best is None:
            return reason
        _, self.path, self._made = best
        return ""

    def _reached(self, method, role):
        """3 if that role gets past everything by this path, 2 if it is sent on or told of a mistake,
        1 if only the body begins, else 0."""
        mode = self._mode(method)
        for _ in range(_ROUNDS):
            said = self._ask(method, role, mode)
            if said["status"] not in _MISSING or not self._make_what_is_missing():
                break
        if not said["entered"]:
            return 0
        if said["status"] == 404 or said["failed"]:
            return 1
        return 3 if mode == STOP or said["status"] < 300 else 2

    def _make_what_is_missing(self):
        """Make one row that the last request looked for; whether one was made."""
        for wanted in self._worker._queries.wanted(self.path.values.values()):
            try:
                if self._make(wanted):
                    return True
            except CannotMake as error:
                self.lacking.append(str(error))
        return False

    def _make(self, wanted):
        maker, model = self._worker._maker, wanted.model
        if isinstance(self._owner, model):
            return self._lead_to_the_owner(wanted)
        if model._base_manager.filter(**wanted.values).exists():
            return False
        given = dict(wanted.values)
        for name, values in wanted.parents.items():
            parent = model._meta.get_field(name).related_model
            there = parent._base_manager.filter(**values).first()
            given[name] = there or maker.make(parent, values, self._owner, 1)
        made = maker.make(model, given, self._owner)
        for (child, back), values in wanted.children.items():
            if not child._base_manager.filter(**{back: made}, **values).exists():
                maker.make(child, {**values, back: made}, self._owner, 1)
        self._made.append((made, wanted))
        return True

    def _lead_to_the_owner(self, wanted):
        """A path that names a user is made to name the owner, who is there already."""
        known = dict(self._known)
        for name, value in self.path.values.items():
            for field, looked_for in wanted.values.items():
                if str(looked_for) == value and str(getattr(self._owner, field)) != value:
                    known[name] = str(getattr(self._owner, field))
        if known == self._known:
            return False
        found, _ = paths(self._route.chain, self._route.callback, {**self.path.values, **known})
        if not found:
            return False
        self._known, self.path = known, found[0]
        self._made.append((self._owner, wanted))
        return True

    # -- whose rows they are -----------------------------------------------------------------------

    def owned(self):
        """The owner's rows, asked for by the owner and by others; [] where nobody owns them."""
        rows = [made for made, _ in self._made if leads_to_user(type(made)) or made is self._owner]
        if not rows or self._owner is None:
            return []
        said = []
        for role in (OWNER, *self._job["others"]):
            told = _told(self._ask("GET", role, NOTE))
            said.append({**told, "role": role, "path": self.path.text, "by": "",
                         "of": type(rows[-1])._meta.label})  # fmt: skip
        foreign = self._by_own_parent(rows[-1])
        return said + ([foreign] if foreign else [])

    def _by_own_parent(self, row):
        """The owner's row asked for below a parent that belongs to the asker:
        `/shops/<mine>/orders/<theirs>/`."""
        user = self._worker._users.get(self._job["others"][-1]) if self._job["others"] else None
        if user is None or isinstance(user, type(row)):
            return None
        for name, field, parent in self._parents(row):
            try:
                mine = self._worker._maker.make(parent, {}, user)
            except CannotMake:
                continue
            values = {**self.path.values, name: str(getattr(mine, field))}
            found, _ = paths(self._route.chain, self._route.callback, values)
            if found and found[0].text != self.path.text:
                told = _told(self._ask("GET", self._job["others"][-1], NOTE, found[0].text))
                return {**told, "role": self._job["others"][-1], "path": found[0].text,
                        "by": parent._meta.label, "of": type(row)._meta.label}  # fmt: skip
        return None

    def _parents(self, row):
        """Parameters of the path that name a parent of a row: (parameter, field, model)."""
        to = {each.related_model for each in row._meta.concrete_fields if each.remote_field}
        looked_for = [(wanted.model, wanted.values) for _, wanted in self._made]
        for _, wanted in self._made:
            for name, values in wanted.parents.items():
                looked_for.append((wanted.model._meta.get_field(name).related_model, values))
        for model, values in looked_for:
            if model not in to or not leads_to_user(model):
                continue
            for field, value in values.items():
                for name, filled in self.path.values.items():
                    if str(value) == filled:
                        yield name, field, model


def _told(said):
    """What is sent of an answer: not its text, but whether a row's text is in it."""
    text = said["text"]
    return {"entered": said["entered"], "status": said["status"], "location": said["location"],
            "failed": said["failed"], "stranger": said["stranger"],
            "consulted": said["consulted"], "canary": CANARY in text}  # fmt: skip


def _clear_caches():
    """Counters of throttles, and what was kept of rows that are gone."""
    from django.conf import settings
    from django.core.cache import caches

    for alias, cache in settings.CACHES.items():
        if cache.get("BACKEND", "").endswith("LocMemCache"):
            caches[alias].clear()
