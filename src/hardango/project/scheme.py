"""Whether the server of a start hands Django nothing but plain HTTP.

A server without a certificate speaks plain HTTP; that a proxy in front of it was asked over HTTPS
it learns from a header, which it believes only from the addresses that it was told. gunicorn and
uvicorn believe the same machine, and whoever FORWARDED_ALLOW_IPS names.

https://gunicorn.org/reference/settings/#forwarded_allow_ips
https://www.uvicorn.org/deployment/#proxies-and-forwarded-headers
"""

from __future__ import annotations

from hardango.light import TYPE_CHECKING
from hardango.project.tree import Tree

if TYPE_CHECKING:
    from hardango.project.starts import Start

_TELLING = frozenset(("FORWARDED_ALLOW_IPS", "GUNICORN_CMD_ARGS", "UVICORN_PROXY_HEADERS"))
"""Variables from which servers learn whom to believe."""

_OF_A_MACHINE = frozenset(("systemd", "supervisor", "uwsgi", "apache", "workflow"))
"""Kinds of files that start a server beside the proxy, which it then believes."""

_IN_CONFIGURATION = (
    "forwarded_allow_ips",
    "certfile",
    "secure_scheme_headers",
    "unix:",
    "127.0.0.1",
)
_IN_APPLICATION = ("url_scheme", "environ['HTTPS']", 'environ["HTTPS"]', "ProxyFix")


def only_plain(tree: Tree, entries: list[str], start: Start) -> bool:
    """Whether nothing in the repository lets the server of `start` know of HTTPS. `entries` are
    the project's wsgi.py and the like, which could see to it themselves."""
    launch = start.launch
    if launch is None or not launch.plain or start.kind in _OF_A_MACHINE:
        return False
    if not _TELLING.isdisjoint(start.variables) or not _TELLING.isdisjoint(launch.variables):
        return False
    # Heroku's Python buildpack sets FORWARDED_ALLOW_IPS, which these two read.
    if start.kind == "Procfile" and launch.server in ("gunicorn", "uvicorn"):
        return False
    configured = [each for each in tree.files if _configures(each, launch.config)]
    if launch.config and not configured:
        return False
    said = "\n".join(tree.read(each) or "" for each in configured)
    applied = "\n".join(tree.read(each) or "" for each in entries)
    return not any(word in said for word in _IN_CONFIGURATION) and not any(
        word in applied for word in _IN_APPLICATION
    )


def _configures(file: str, config: str | None) -> bool:
    """Whether a file configures the server: the one that its command line names, or one that is
    named for gunicorn."""
    name = file.rpartition("/")[2]
    if config is not None and name == config.rpartition("/")[2].removeprefix("python:"):
        return True
    return name.endswith(".py") and "gunicorn" in name.lower()
