"""The variables that a platform itself sets, by what it documents of its runtime.

A value of None is set there, and differs from site to site.
"""

from __future__ import annotations

from collections.abc import Mapping

SETS: Mapping[str, Mapping[str, str | None]] = {
    # https://render.com/docs/environment-variables
    "render.yaml": {
        "RENDER": "true",
        "RENDER_EXTERNAL_HOSTNAME": None,
        "RENDER_EXTERNAL_URL": None,
        "RENDER_GIT_COMMIT": None,
        "RENDER_SERVICE_NAME": None,
    },
    # https://devcenter.heroku.com/articles/dynos#local-environment-variables
    "heroku": {"DYNO": None, "PORT": None},
    # https://fly.io/docs/machines/runtime-environment/
    "fly.toml": {
        "FLY_APP_NAME": None,
        "FLY_MACHINE_ID": None,
        "FLY_ALLOC_ID": None,
        "FLY_REGION": None,
    },
    # https://docs.railway.com/reference/variables
    "railway": {
        "RAILWAY_ENVIRONMENT_NAME": None,
        "RAILWAY_PROJECT_ID": None,
        "RAILWAY_SERVICE_NAME": None,
    },
    # https://vercel.com/docs/environment-variables/system-environment-variables
    "vercel.json": {"VERCEL": "1", "VERCEL_ENV": "production", "VERCEL_URL": None},
}


def platform_of(webs: set[str], given: set[str]) -> str | None:
    """The platform that production surely runs on: the only one whose files start a web server.
    `webs` are the kinds of these files, `given` the files that give it variables."""
    if len(webs) != 1:
        return None
    (kind,) = webs
    if kind == "heroku.yml" or (
        kind == "Procfile" and any(each.rpartition("/")[2] == "app.json" for each in given)
    ):
        return "heroku"
    return kind if kind in SETS else None
