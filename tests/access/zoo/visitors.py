"""Whom each reach lets in, of those who ask in the tests."""

from __future__ import annotations

from truth import STRICT, Truth

ADMITTED = {
    "anonymous": {"anonymous", "bearer", "user", "staff", "superuser", "owner", "keeper", "holder",
                  "viewer", "staff-holder"},
    "authenticated": {"user", "staff", "superuser", "owner", "keeper", "holder", "viewer",
                      "staff-holder"},
    "staff": {"staff", "superuser", "staff-holder"},
    "superuser": {"superuser"},
    "group: keepers": {"keeper"},
    "object": {"owner"},
    "token": {"bearer"},
    "nobody": set(),
    "guest": {"anonymous", "bearer"},
    "authenticated or token": {"bearer", "user", "staff", "superuser", "owner", "keeper", "holder",
                               "viewer", "staff-holder"},
    "staff and permission: zoo.view_doc": {"staff-holder", "superuser"},
    "permission: zoo.view_doc": {"holder", "viewer", "staff-holder", "superuser"},
}  # fmt: skip
BEHIND_A_LOGIN = {
    "anonymous": "authenticated",
    # Who has the token has no account.
    "token": "nobody",
    "authenticated or token": "authenticated",
}
PERMITTED = {"holder", "staff-holder", "superuser"}
"""Who gets in where any other permission is needed."""


def admitted(truth: Truth, method: str, module: str) -> set[str]:
    reach = truth.reach[method]
    if module == "park.strict" and truth.path in STRICT:
        reach = STRICT[truth.path]
    elif module == "park.strict" and not truth.path.startswith("rest/"):
        reach = BEHIND_A_LOGIN.get(reach, reach)
    into = ADMITTED.get(reach, PERMITTED)
    return into & ADMITTED["staff"] if truth.staff else into
