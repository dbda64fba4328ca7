"""What a permission of Django REST framework demands of who asks.

https://www.django-rest-framework.org/api-guide/permissions/
"""

from __future__ import annotations

from hardango.settings.outcomes import Settings

OWN = "rest_framework.permissions."
ALLOW_ANY = f"{OWN}AllowAny"
OPEN = (ALLOW_ANY, f"{OWN}BasePermission")
READING = (f"{OWN}IsAuthenticatedOrReadOnly", f"{OWN}DjangoModelPermissionsOrAnonReadOnly")
CLOSED = tuple(
    OWN + name
    for name in (
        "IsAuthenticated", "IsAdminUser", "DjangoModelPermissions", "DjangoObjectPermissions",
    )
)  # fmt: skip
PACKAGES = ("rest_framework_api_key.permissions.", "oauth2_provider.contrib.rest_framework.")
"""Packages whose permissions all demand something."""
HOOKS = frozenset(("has_permission", "__init__", "__new__", "__call__"))


def demand(settings: Settings, name: str) -> str:
    """What a permission demands: "closed", "reading" (of everybody but readers), "open", or
    "unknown"."""
    known = ("open", OPEN), ("reading", READING), ("closed", CLOSED)
    kind = next((kind for kind, names in known if name in names), "")
    if not kind and name.startswith(PACKAGES):
        kind = "closed"
    definition = settings.definition(name) if name and not kind else None
    if definition is not None and HOOKS.isdisjoint(definition.overrides):
        kinds = {demand(settings, base) for base in definition.bases}
        kind = kinds.pop() if len(kinds) == 1 else ""
    return kind or "unknown"
