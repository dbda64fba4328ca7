"""Which row a view wants to see, read from its own SQL: the last SELECT that compares columns with
what was asked for and finds nothing.

    SELECT … FROM "shop_order" INNER JOIN "shop_shop" ON (…)
    WHERE "shop_order"."id" = 4242 AND "shop_shop"."slug" = 'hardango'
"""

import contextlib
import re

_NAME = r'["`\[]?(\w+)["`\]]?'
_FROM = re.compile(r"\bFROM\s+" + _NAME, re.I)
_TOKEN = re.compile(r"%s|'(?:[^']|'')*'")
_EQUAL = re.compile(_NAME + r"\." + _NAME + r"\s*=\s*(?:UPPER\()?(%s|-?\d+|TRUE|FALSE)?", re.I)
_NOT_OF_VIEW = ("django_session", "django_content_type", "django_site", "auth_permission",
                "django_migrations")  # fmt: skip
_MOST = 400


class Wanted:
    """A row that was looked for: `model` and its `values`; `parents` are values of what it belongs
    to, by the field that leads there, `children` those of what belongs to it (a membership), by
    their model and the field that leads back."""

    def __init__(self, model, values, parents, children):
        self.model, self.values = model, values
        self.parents, self.children = parents, children


class Queries:
    """The SELECTs of one request, in their order."""

    def __init__(self):
        self._seen = []

    @contextlib.contextmanager
    def noted(self):
        from django.db import connections

        self._seen = []
        with contextlib.ExitStack() as stack:
            for alias in connections:
                if not connections[alias].settings_dict.get("ENGINE", "").endswith("dummy"):
                    stack.enter_context(connections[alias].execute_wrapper(self._note))
            yield

    def _note(self, execute, sql, params, many, context):
        if sql.startswith("SELECT") and " WHERE " in sql and len(self._seen) < _MOST:
            self._seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    def wanted(self, filled):
        """The rows that views looked for by the values `filled`, the last first."""
        found = []
        tables = _tables()
        for sql, params in reversed(self._seen):
            each = _wanted(sql, params, tables, filled)
            if each is not None:
                found.append(each)
        return found


def _tables():
    from django.apps import apps

    return {each._meta.db_table: each for each in apps.get_models(include_auto_created=True)
            if each._meta.db_table not in _NOT_OF_VIEW}  # fmt: skip


def _wanted(sql, params, tables, filled):
    """The row that one SELECT looks for, None if it compares nothing with a value of the path."""
    match = _FROM.search(sql)
    model = tables.get(match.group(1)) if match else None
    if model is None:
        return None
    compared = _compared(sql, params)
    texts = {_plain(each) for each in filled}
    if not any(_plain(value) in texts for _, _, value in compared):
        return None
    values, parents, children = {}, {}, {}
    for table, column, value in compared:
        owner = tables.get(table)
        if owner is None:
            continue
        if issubclass(model, owner):
            field = _field(model, column)
            if field is not None and not _is_of_user(field):
                values.setdefault(field.attname, value)
            continue
        lead = next((field for field in model._meta.concrete_fields
                     if field.related_model is owner and not _is_of_user(field)), None)  # fmt: skip
        field = _field(owner, column)
        if lead is not None and field is not None and not _is_of_user(field):
            parents.setdefault(lead.name, {})[field.attname] = value
            continue
        back = next(
            (each for each in owner._meta.concrete_fields if each.related_model is model), None
        )
        if back is not None and field is not None and field is not back:
            given = children.setdefault((owner, back.name), {})
            if not _is_of_user(field):
                given[field.attname] = value
    return Wanted(model, values, parents, children)


def _compared(sql, params):
    """(table, column, value) for each equality after WHERE."""
    where = sql.index(" WHERE ")
    before = len(re.findall("%s", sql[:where]))
    found, at, last = [], before, where
    for match in _EQUAL.finditer(sql, where):
        at += len(re.findall("%s", sql[last : match.start()]))
        last = match.start()
        said = match.group(3)
        if said is None:
            continue
        if said == "%s":
            if at < len(params):
                found.append((match.group(1), match.group(2), params[at]))
        elif said.upper() in ("TRUE", "FALSE"):
            found.append((match.group(1), match.group(2), said.upper() == "TRUE"))
        else:
            found.append((match.group(1), match.group(2), int(said)))
    return found


def _field(model, column):
    return next((each for each in model._meta.concrete_fields if each.column == column), None)


def _is_of_user(field):
    """Whose row it is is not the view's to say: it belongs to the owner."""
    from django.contrib.auth import get_user_model

    to = field.related_model
    return isinstance(to, type) and issubclass(get_user_model(), to)


def _plain(value):
    return str(value).replace("-", "").strip("/").lower()
