"""The roles that a project names besides those that every project has:

[tool.hardango.access.roles]
editor = { staff = true, permissions = ["blog.change_post"], groups = ["Editors"] }
"""

from __future__ import annotations

from hardango.configuration.model import Configuration
from hardango.matrix import Role


def named(configuration: Configuration | None) -> tuple[Role, ...]:
    """The roles of a configuration, in its order; it was checked when it was read."""
    given = (configuration.values if configuration else {}).get("access", {}).get("roles", {})
    return tuple(
        Role(name, staff=bool(each.get("staff")), superuser=bool(each.get("superuser")),
             permissions=tuple(each.get("permissions", ())), groups=tuple(each.get("groups", ())))
        for name, each in given.items()
    )  # fmt: skip
