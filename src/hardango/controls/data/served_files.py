"""Files are served by something that is made for it.

Django's own view for files (`django.views.static.serve`) is there for development. Its documentation says
that it is grossly inefficient and probably insecure: each download occupies a worker of the application for
as long as the client likes, so that a few slow ones stop the site. What users uploaded comes from the
origin of the application, as the type that its name says: a page or an SVG with a script then acts as the
visitor.

The helper `static()` makes routes where DEBUG is on only, and so does `staticfiles_urlpatterns()`; a
project that calls the view itself has it in production as well. A web server, WhiteNoise (static files) or
a bucket, best under another domain (user files), do better. What breaks: the addresses, until the web
server knows them.

A view behind a decorator or of the project's own that hands out files to those who may see them is
something else, and isn't reported. Worse than slow are a directory that the view lists (`show_indexes`), and
one that has the source in it. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.logins import shown, unread
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good_at,
    unreadable_at,
)  # fmt: skip
from hardango.controls.places import holds_code
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

SERVED_FILES = Control(
    "served-files",
    title="Server of files",
    weakness="Production serves files with the view for development",
    severity=Severity.LOW,
    settings=("ROOT_URLCONF", "MEDIA_URL", "STATIC_URL"),
    attack="A few slow downloads occupy all workers; an uploaded page with a script runs as one of the "
    "site's own.",
    remedy="Let the web server, WhiteNoise or a bucket serve the files, and make the route with "
    "static(), which has no effect where DEBUG is off.",
    person="something else has to serve the files before the route goes",
    references=(
        asvs("13.4.2"), cwe(400), cwe(79), docs("ref/views/#serving-files-in-development"),
        docs("howto/static-files/deployment/"), docs("topics/security/#user-uploaded-content"),
    ),
)  # fmt: skip

SERVE = "django.views.static.serve"


@SERVED_FILES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    debugging = settings.truths.get("DEBUG", settings.space.false)
    for route in settings.routes().found:
        production = route.condition & ~debugging
        if route.view == SERVE and not route.wrappers and production.possible:
            here = Outcome(None, production, route.chain)
            yield of_route(settings, here, shown(route), dict(route.options))
    missing = unread(settings)
    if missing.sure is None:
        # One more route for files is seldom where nothing could be read.
        message = f"Whether Django serves files is not known: {missing.why}"
        yield unreadable_at(settings, message)._replace(pedantic=True)
    yield good_at(settings, "No route leads to Django's view for files")


def of_route(settings: Settings, here: Outcome, name: str, options: dict[str, object]) -> Judgement:
    """A route that Django's view for files serves, in production."""
    directory = options.get("document_root")
    if holds_code(settings, directory):
        message = f"{name} serves a directory with the project in it: its source can be downloaded"
        return bad(here, message, severity=Severity.HIGH)
    if truth(options.get("show_indexes")):
        message = f"{name} is served by {SERVE} in production, and lists its directories"
        return bad(here, message, severity=Severity.MEDIUM)
    return bad(here, f"{name} is served by {SERVE} in production")


@SERVED_FILES.prove
def prove(site: Site) -> Iterator[Proof]:
    """Whether directories of files are listed, and whether a path leads out of them."""
    from hardango.controls.seen import main, page
    from hardango.evidence import inconclusive, proven, refuted
    from hardango.findings import Severity

    asked = []
    media = site.known.media or "/media/"
    for folder in (site.known.static or "/static/", media):
        if not folder.startswith("/"):
            continue
        listing = site.get(folder, base=main(site))
        asked.append(listing)
        if listing.status == 200 and page(listing).title.startswith("Index of"):
            yield refuted(f"{folder} lists what is in it", listing, marks=(page(listing).title,))
            return
        bare = folder.rstrip("/")
        for path in (
            f"{bare}../manage.py",
            *([f"{bare}/%2e%2e/manage.py"] if folder == media else []),
        ):
            outside = site.get(path, base=main(site))
            asked.append(outside)
            if outside.status == 200 and "DJANGO_SETTINGS_MODULE" in outside.text:
                yield refuted(f"{path} leads out of the directory, to the source", outside,
                              marks=("DJANGO_SETTINGS_MODULE",), severity=Severity.CRITICAL)  # fmt: skip
                return
    answered = [each for each in asked if each.response is not None]
    if not answered:
        yield inconclusive("no directory of files is known, or none answers", *asked[:1])
    else:
        yield proven(
            "directories of files are not listed, and no path leads out of them", *answered
        )
