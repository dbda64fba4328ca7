"""What the permission classes of a view of Django REST framework come to.

https://www.django-rest-framework.org/api-guide/permissions/ and the source of
rest_framework.permissions: a class that says nothing of a request lets it through, objects are
asked about only where the view takes them by `get_object()`, and `A | B` needs one of the two.
"""

from __future__ import annotations

import ast

from hardango.access.bodies import passing
from hardango.access.digests import digest
from hardango.access.guards import PERMISSION_CLASSES, SAFE, either, guard
from hardango.access.mro import Base, Definition, View, chain, checks, demands_super, shown
from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard, Reach

API_VIEW = "rest_framework.views.APIView"
_BASE = "rest_framework.permissions.BasePermission"
_MODEL = "rest_framework.permissions.DjangoModelPermissions"
_VERBS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}

_NO_REQUEST = "says nothing of a request, only of an object that this view never asks it about"
_NOT_ASKED = "{}() is overridden and asks no permission class"
_OF_OBJECT = ".has_object_permission"
_ANYBODY = "lets everybody through"


class Permission(NamedTuple):
    """A permission class, or several joined by `operator`: "and", "or", "not".

    `bases` are the classes in the order of the MRO, its own first, none if it could not be found;
    `place` is where it is in the project. `own_map` tells that it asks for other permissions of a
    model than Django's; `required` are those, None if they are not known.
    """

    bases: tuple[Base, ...] = ()
    operator: str = ""
    parts: tuple[Permission, ...] = ()
    place: Place | None = None
    own_map: bool = False
    required: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        return self.bases[0].name.rpartition(".")[2] if self.bases else "?"


class Asked(NamedTuple):
    """What is asked: by which HTTP method, for which model ("zoo.doc", "" if not known), and
    whether the view takes an object by `get_object()`."""

    method: str
    model: str = ""
    objects: bool = False


def rest_guards(view: View, permissions: tuple[Permission, ...], asked: Asked) -> tuple[Guard, ...]:
    """The guards that stand between `dispatch` of a view and the method that acts."""
    before, initial = checks(view, "initial", asked.method, API_VIEW)
    own, checked = checks(view, "check_permissions", asked.method, API_VIEW)
    if not initial:
        return (*before, *_by_own_initial(view, permissions, asked))
    told = [each for one in permissions for each in permission_guards(one, asked)]
    if not checked:
        asks = chain(view.bases, "check_permissions", asked.method).effective
        if asks is not None and _iterates(asks):
            told = [each._replace(demands=Reach.CUSTOM, quote=f"{each.name}, by check_permissions()")
                    for each in told if not each.dead]  # fmt: skip
        else:
            told = [_unasked(each, "check_permissions") for each in told]
    return (*before, *own, *told)


def _by_own_initial(view: View, permissions: tuple[Permission, ...], asked: Asked) -> list[Guard]:
    """What an `initial()` that does not go on to REST framework's asks the permission classes: of the
    request, of an object, or nothing. When it asks isn't understood."""
    own = chain(view.bases, "initial", asked.method).effective
    calls = _called_on_self(own)
    if "check_object_permissions" in calls:
        asked = asked._replace(objects=True)
    told = []
    for each in (each for one in permissions for each in permission_guards(one, asked)):
        of_object = each.name.endswith(_OF_OBJECT)
        if ("check_object_permissions" if of_object else "check_permissions") not in calls:
            told.append(_unasked(each, "initial"))
        elif not each.dead:
            quote = f"{each.name}, by initial()"
            told.append(each._replace(demands=Reach.CUSTOM, permissions=(), quote=quote))
    return told


def _called_on_self(definition: Definition | None) -> set[str]:
    if definition is None or definition.function is None:
        return set()
    return {
        each.func.attr
        for each in ast.walk(definition.function)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and isinstance(each.func.value, ast.Name)
    }


def _unasked(found: Guard, name: str) -> Guard:
    return found._replace(dead=found.dead or _NOT_ASKED.format(name))


def _iterates(definition: Definition) -> bool:
    return definition.function is not None and any(
        isinstance(each, ast.Attribute) and each.attr in ("get_permissions", "has_permission")
        for each in ast.walk(definition.function)
    )


def permission_guards(permission: Permission, asked: Asked) -> tuple[Guard, ...]:
    """What one entry of `permission_classes` demands. A class that lets everybody through is a
    dead guard, or none if that is what it is for (`AllowAny`)."""
    if permission.operator:
        return _joined(permission, asked)
    if not permission.bases:
        return (Guard("?", Reach.UNKNOWN, "class", place=permission.place),)
    found = [*_of_request(permission, asked), *_of_object(permission, asked)]
    return tuple(
        each._replace(layer="class", place=each.place or permission.place) for each in found
    )


def _joined(permission: Permission, asked: Asked) -> tuple[Guard, ...]:
    each = [permission_guards(part, asked) for part in permission.parts]
    if permission.operator == "and":
        return tuple(found for part in each for found in part)
    if permission.operator == "not":
        name = f"~{_named(permission.parts[0])}"
        return (Guard(name, Reach.CUSTOM, "class", place=permission.parts[0].place, quote=name),)
    left, right = (_one(part, guards) for part, guards in zip(permission.parts, each, strict=True))
    return (either(left, right),)


def _one(permission: Permission, guards: tuple[Guard, ...]) -> Guard:
    """What one side of an `|` demands, as one guard."""
    name = _named(permission)
    alive = [each for each in guards if not each.dead]
    if not alive:
        why = next((each.dead for each in guards), "")
        return Guard(name, Reach.ANONYMOUS, "class", place=permission.place, dead=why)
    if len(alive) == 1:
        return alive[0]._replace(name=name)
    return Guard(name, Reach.CUSTOM, "class", place=permission.place, quote=name)


def _named(permission: Permission) -> str:
    if not permission.operator:
        return permission.name
    if permission.operator == "not":
        return f"~{_named(permission.parts[0])}"
    sign = " | " if permission.operator == "or" else " & "
    return sign.join(_named(each) for each in permission.parts)


def _of_request(permission: Permission, asked: Asked) -> list[Guard]:
    ran = chain(permission.bases, "has_permission", asked.method)
    own = ran.effective
    if own is None or own.owner == _BASE:
        if asked.objects or not _asks_objects(permission):
            return []
        return [Guard(permission.name, Reach.OBJECT, "class", dead=_NO_REQUEST)]
    if own.owner in PERMISSION_CLASSES:
        return _known(permission, own.owner, asked)
    if own.function is None:
        said = f"{own.owner}.has_permission()"
        return [Guard(permission.name, Reach.CUSTOM, "class", quote=said)]
    found = _read(permission, own, asked)
    if len(ran.steps) > 1 and demands_super(own.function, "has_permission"):
        above = ran.steps[1].definition.owner
        found = [each for each in found if "has_permission" not in each.quote]
        found = [*(_known(permission, above, asked) if above in PERMISSION_CLASSES else ()), *found]
    return found


def _read(permission: Permission, own: Definition, asked: Asked) -> list[Guard]:
    assert own.function is not None
    told = passing(own.function, own.names, own.file, method=asked.method, lookup=own.lookup)
    mark = digest(own.function)
    return [shown(each, own.file)._replace(name=permission.name, fingerprint=mark) for each in told]


def _known(permission: Permission, owner: str, asked: Asked) -> list[Guard]:
    known = PERMISSION_CLASSES[owner]
    model = owner.rpartition(".")[2].startswith(("DjangoModel", "DjangoObject"))
    told = permission.own_map or permission.required is not None
    if not model or (known.safe is not None and asked.method in SAFE and not told):
        found = guard(known, permission.bases[0].name, asked.method, layer="class")
        return _unless_open(found)
    if permission.required:
        held = permission.required
        return [Guard(permission.name, Reach.PERMISSION, "class", held, answer=known.answer)]
    if permission.required == () and known.safe is not None:
        return _unless_open(Guard(permission.name, known.safe, "class", answer=known.answer))
    app, _, name = asked.model.partition(".")
    verb = _VERBS.get(asked.method)
    if permission.own_map or not name or verb is None:
        said = f"{permission.name} for {asked.model or 'a model that is not known'}"
        return [Guard(permission.name, Reach.CUSTOM, "class", quote=said)]
    held = (f"{app}.{verb}_{name}",)
    return [Guard(permission.name, Reach.PERMISSION, "class", held, answer=known.answer)]


def _unless_open(found: Guard) -> list[Guard]:
    return [] if found.demands is Reach.ANONYMOUS else [found]


def _asks_objects(permission: Permission) -> bool:
    own = chain(permission.bases, "has_object_permission").effective
    return own is not None and own.owner != _BASE


def _of_object(permission: Permission, asked: Asked) -> list[Guard]:
    """What is demanded of one object, where the view asks."""
    own = chain(permission.bases, "has_object_permission", asked.method).effective
    if not asked.objects or own is None or own.owner in PERMISSION_CLASSES:
        return []
    name = f"{permission.name}{_OF_OBJECT}"
    if own.function is None:
        return [Guard(name, Reach.CUSTOM, "class", quote=name)]
    found = _read(permission, own, asked)
    return [each._replace(name=name) for each in found if not each.dead]
