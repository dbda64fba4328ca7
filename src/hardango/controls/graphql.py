"""The routes at which packages answer GraphQL, and who gets that far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hardango.controls.logins import unread
from hardango.controls.model import Judgement, good_at, nothing_to_protect, unreadable_at
from hardango.light import TYPE_CHECKING
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.settings.routes import Route

GUARDS = ("login_required", "staff_member_required", "permission_required", "user_passes_test",
          "superuser_required")  # fmt: skip
MIXINS = ("LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin", "AccessMixin")


def judged_views(
    settings: Settings,
    package: str,
    names: tuple[str, ...],
    judge: Callable[[Route], Iterable[Judgement]],
) -> Iterator[Judgement]:
    """What `judge` says of each route to a view of a package, or to one that extends it."""
    found = [
        route
        for route in settings.routes().found
        if any(
            each.startswith(package) and each.endswith(names) for each in (route.view, *route.bases)
        )
    ]
    for route in found:
        yield from judge(route)
    missing = unread(settings)
    if found:
        yield good_at(settings, "What is known of the views is as it should be", *found[0].chain)
    elif missing.sure is None:
        message = f"What the site answers is not known: {missing.why}"
        yield unreadable_at(settings, message)._replace(pedantic=True)
    else:
        yield nothing_to_protect(
            settings, f"No route leads to a view of {package.partition('.')[0]}"
        )


def guarded(route: Route) -> bool:
    """Whether a decorator or a mix-in lets in only who is logged in."""
    return any(name.endswith(GUARDS) for name in route.wrappers) or any(
        name.endswith(MIXINS) for name in route.bases
    )
