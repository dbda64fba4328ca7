"""Routes for the tests of controls that ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from hardango.findings import Place
from hardango.settings.outcomes import Settings
from hardango.settings.routes import Route, Routes, Unresolved

PLACE = Place("urls.py", 7)
ADMIN = "django.contrib.admin.site.urls"
LOGIN = "django.contrib.auth.views.LoginView"


def routed(
    values: Mapping[str, object],
    *routes: tuple[str, str],
    unread: str = "",
    options: Mapping[str, object] = {},
    bases: tuple[str, ...] = (),
    **more: object,
) -> Settings:
    """Settings with routes, each a pattern and the view or, where it ends in "urls", the URLconf;
    a view that follows a decorator's name and a space is wrapped by that; `options` and `bases` are those
    of each view."""

    def find(settings: Settings) -> Routes:
        found = []
        for pattern, target in routes:
            *wrappers, view = target.split()
            included = view if view.endswith("urls") else ""
            found.append(
                Route(
                    pattern,
                    "" if included else view,
                    settings.space.true,
                    (PLACE,),
                    tuple(wrappers),
                    bases,
                    included=included,
                    exact="{" not in pattern,
                    options=tuple(options.items()),
                )
            )
        missing = (Unresolved("", unread, settings.space.true),) if unread else ()
        return Routes(tuple(found), missing)

    return Settings.of(values, find_routes=find, **more)
