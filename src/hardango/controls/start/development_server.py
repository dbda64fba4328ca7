"""Production runs on a server that was made for it.

`manage.py runserver` is for one developer: its authors say that it has gone through no security audit
and no performance test. It takes a new thread for every connection, so that a few hundred slow ones
stop it; it serves static files by itself where DEBUG is on; it restarts when a file changes.
`runserver_plus` adds an interactive debugger, with which whoever sees an error page runs code.

A server that reloads on changes (`gunicorn --reload`, `uvicorn --reload`) is meant for development, too: it
watches the code, and starts whatever somebody manages to write there.

Start gunicorn, uvicorn, hypercorn, daphne, granian or uWSGI instead, behind a proxy that deals with slow
clients.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad_at,
    cwe,
    docs,
    good_at,
    nothing_to_protect,
)  # fmt: skip
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment, EntryPoint
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

DEVELOPMENT_SERVER = Control(
    "development-server",
    title="Server of production",
    weakness="Production runs on a development server",
    severity=Severity.MEDIUM,
    settings=(),
    attack="A few slow connections stop the site; with runserver_plus, whoever causes an error may run "
    "code.",
    remedy="Start the application with gunicorn, uvicorn, hypercorn, daphne, granian or uWSGI, without "
    "--reload.",
    person="which server fits, and with how many workers, depends on the machines",
    references=(
        asvs("13.4.2"), cwe(489), docs("ref/django-admin/#runserver"), docs("howto/deployment/"),
    ),
    assumes_debug_off=False,
)  # fmt: skip

DEBUGGERS = ("runserver_plus", "runsslserver", "runserver_socketio")
DEVELOPMENT = ("runserver", "testserver", *DEBUGGERS)


@DEVELOPMENT_SERVER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    starting = [each for each in deployment.entry_points if is_production(each)]
    if not starting:
        message = "Nothing in the project tells which server production starts"
        yield nothing_to_protect(settings, message)
        return
    wrong = False
    for each in starting:
        server = each.server or ""
        if server in DEVELOPMENT:
            wrong = True
            debugger = server == "runserver_plus"
            also = ", whose debugger runs code" if debugger else ""
            yield bad_at(
                settings, f"The {each.kind} starts manage.py {server} in production{also}",
                each.place, severity=Severity.HIGH if debugger else None, about=each.kind,
            )  # fmt: skip
        elif each.reload:
            wrong = True
            message = f"{server} is started so that it reloads, which is for development"
            yield bad_at(settings, message, each.place, severity=Severity.LOW, about=each.kind)
    if not wrong:
        servers = sorted({each.server or "" for each in starting})
        yield good_at(settings, f"Production runs on {' and '.join(servers)}", starting[0].place)


def is_production(entry: EntryPoint) -> bool:
    """Whether an entry point surely starts a web server in production."""
    if entry.role != "production" or entry.server is None:
        return False
    return entry.server in DEVELOPMENT or not entry.server.startswith("manage.py ")


@DEVELOPMENT_SERVER.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import start
    from hardango.evidence import inconclusive, proven, refuted, unanswered

    first = start(site)
    server = first.get("Server")
    if first.response is None:
        yield unanswered(first)
    elif server.startswith("WSGIServer/"):
        yield refuted("the answer comes from Django's development server", first, marks=(server,))
    elif server.partition("/")[0].lower() in PRODUCTION:
        yield proven(f"the answer comes from {server.partition('/')[0]}", first)
    else:
        yield inconclusive("no answer says which server the application runs under", first)


PRODUCTION = ("gunicorn", "uvicorn", "daphne", "hypercorn-h11", "granian", "uwsgi", "waitress")
"""What servers write into the header Server, before a slash."""
