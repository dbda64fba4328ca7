"""What the pages of an admin demand: the site whom it lets in, a page which permission.

https://docs.djangoproject.com/en/stable/ref/contrib/admin/ and the source of
django.contrib.admin.options: each page asks `has_…_permission`, which a project may replace.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.access.bodies import passing
from hardango.access.digests import digest
from hardango.access.guards import either
from hardango.access.mro import Base, chain, demands_super, shown
from hardango.matrix import Guard, Reach

_SITE = "django.contrib.admin.sites.AdminSite"
_MODEL_ADMIN = "django.contrib.admin.options.ModelAdmin"
_USER_ADMIN = "django.contrib.auth.admin.UserAdmin"
_BASE_ADMIN = "django.contrib.admin.options.BaseModelAdmin"
_NAME = "AdminSite.admin_view"

_PAGES = {
    "changelist_view": ("view", "change"),
    "add_view": ("add",),
    "change_view": ("view", "change"),
    "delete_view": ("delete",),
    "history_view": ("view", "change"),
    "user_change_password": ("change",),
}
"""The permissions of which one is asked for by a page, to see it."""


def admin_guards(site: tuple[Base, ...]) -> Iterator[Guard]:
    """Whom `admin_view` of a site lets through."""
    view = chain(site, "admin_view")
    if view.last != _SITE:
        own = view.effective
        said = f"{own.owner}.admin_view()" if own else "admin_view()"
        yield Guard(_NAME, Reach.CUSTOM, quote=said)
        return
    asked = chain(site, "has_permission")
    own = asked.effective
    if own is None or own.owner == _SITE:
        yield Guard(_NAME, Reach.STAFF, answer="redirect")
        return
    if own.function is None:
        yield Guard(_NAME, Reach.CUSTOM, quote=f"{own.owner}.has_permission()", answer="redirect")
        return
    above = asked.last == _SITE and demands_super(own.function, "has_permission")
    if above:
        yield Guard(_NAME, Reach.STAFF, answer="redirect")
    for each in passing(own.function, own.names, own.file, lookup=own.lookup):
        if above and "has_permission" in each.quote:
            continue
        yield shown(each, own.file)._replace(
            name=f"{_NAME}: {each.name}", layer="wrapper", answer="redirect",
            fingerprint=digest(own.function),
        )  # fmt: skip


def page_guards(admin: tuple[Base, ...], page: str, model: str, method: str) -> tuple[Guard, ...]:
    """What a page of a ModelAdmin for `model` ("shop.Order") demands besides."""
    ran = chain(admin, page)
    if page not in _PAGES or not any(
        each.definition.owner in (_MODEL_ADMIN, _USER_ADMIN) and each.certain for each in ran.steps
    ):
        return ()
    if ran.last == _USER_ADMIN and page == "add_view":
        # Who may not change accounts may not make one: its permissions could be anything.
        return (_asked(admin, "change", model), _asked(admin, "add", model))
    wanted = ("change",) if page == "change_view" and method == "POST" else _PAGES[page]
    each = [_asked(admin, action, model) for action in wanted]
    joined = each[0]
    for other in each[1:]:
        joined = either(joined, other)
    if joined.demands is Reach.ANONYMOUS:
        return (joined,) if joined.dead else ()
    if joined.any_of:
        joined = joined._replace(permissions=tuple(sorted(joined.permissions)))
    return (joined,)


def _asked(admin: tuple[Base, ...], action: str, model: str) -> Guard:
    """One permission of a ModelAdmin, as it asks for it."""
    name = f"has_{action}_permission"
    own = chain(admin, name).effective
    app, _, label = model.lower().partition(".")
    held = f"{app}.{action}_{label}"
    if own is None or own.owner == _BASE_ADMIN:
        return Guard(name, Reach.PERMISSION, "body", (held,), answer="403")
    if own.function is None:
        return Guard(name, Reach.CUSTOM, "body", quote=f"{own.owner}.{name}()")
    found = passing(own.function, own.names, own.file, lookup=own.lookup)
    told = [shown(each, own.file) for each in found]
    alive = [each for each in told if not each.dead]
    if not alive:
        why = told[0].dead if told else ""
        place = told[0].place if told else None
        return Guard(name, Reach.ANONYMOUS, "body", place=place, dead=why)
    if len(alive) == 1:
        return alive[0]._replace(name=name, layer="body", answer="403")
    return Guard(name, Reach.CUSTOM, "body", place=alive[0].place, quote=f"{name}()")
