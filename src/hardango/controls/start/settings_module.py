"""Production runs the settings that were written for production.

The best settings protect nothing if the server loads another module. It happens in two ways: what
starts production names the module for development (the Dockerfile still says
`config.settings.dev`, or nobody sets DJANGO_SETTINGS_MODULE and manage.py's default holds), or two
entry points disagree, so that the web server is hardened and the worker is not, or CI checks a
module that nobody runs.

hardango reads what starts the project: Dockerfile, compose, Procfile, platform manifests, systemd
units, server configuration, then wsgi.py, asgi.py and manage.py. If nothing tells which module
production loads, it says so and judges its best guess; `--settings` overrules.

A module named `local` is that of a developer's machine in many projects and that of the one
installation in others: where it surely turns DEBUG off, it is taken for the latter. A default under
which Django does not start opens nothing, and is said as something small.

Name the module in one place that every process of production shares, let wsgi.py and asgi.py
default to the production module, and let developers set DJANGO_SETTINGS_MODULE for theirs: a
forgotten variable is then a nuisance for them and not a hole.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, Opinion, cwe, docs
from hardango.controls.values import truth
from hardango.findings import Place, Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

SETTINGS_MODULE = Control(
    "settings-module",
    title="Settings module of production",
    weakness="Production does not clearly run its production settings",
    severity=Severity.HIGH,
    settings=("DJANGO_SETTINGS_MODULE",),
    attack="Whatever the development settings leave open, debug pages first of all, is open in "
    "production.",
    remedy="Set DJANGO_SETTINGS_MODULE to the production module in everything that starts production, "
    "and make it the default in wsgi.py and asgi.py.",
    references=(
        cwe(489), docs("topics/settings/#designating-the-settings"),
        docs("howto/deployment/checklist/"),
    ),
    assumes_debug_off=False,
)  # fmt: skip

FOR_DEVELOPMENT = frozenset((
    "ci", "debug", "dev", "devel", "develop", "developer", "development", "local", "localhost",
    "test", "testing", "tests", "unittest",
))  # fmt: skip
"""Words in the name of a module that is not meant for production."""

OFTEN_PRODUCTION = frozenset(("local_settings", "localsettings"))
"""Names by which many projects call the file of the machine, production's too."""

LOCAL = frozenset(("local", "localhost"))
"""Of these words, those that many projects use for the settings of the one installation."""

NAMED = "a module that is named for development"
"""How a disagreement ends that is about a name only."""

NOTHING_GAINED = (
    "Nothing by itself; but whoever has to get the site up in a hurry takes the settings that work."
)


@SETTINGS_MODULE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    always = settings.loads
    module = deployment.module
    place = place_of(deployment)
    chain = (place,) if place else ()
    site = module is not None and of_the_site(settings, module)
    notes = [
        each for each in deployment.disagreements if not (site and each.message.endswith(NAMED))
    ]
    for note in notes:
        at = (note.place,) if note.place else chain
        # A module that the installation makes may well be production's: only it is not here.
        elsewhere = note.message.endswith("not in the repository")
        opinion = Opinion.UNREADABLE if elsewhere else Opinion.BAD
        closed = note.message.endswith("Django does not start")
        found = Judgement(
            opinion, note.message, always, at, Severity.LOW if closed else Severity.MEDIUM
        )
        yield found._replace(attack=NOTHING_GAINED) if closed else found
    if module is None:
        message = "Nothing in the project tells which settings production loads"
        if settings.module:
            message += f"; {settings.module} was judged"
        yield Judgement(Opinion.UNREADABLE, message, always, chain)
    elif word_for_development(module) and not site:
        debug = settings.where("DEBUG", lambda value: truth(value) is True)
        also = ", which turns DEBUG on" if module == settings.module and debug.possible else ""
        message = f"Production runs {module}, by its name settings for development{also}"
        yield Judgement(Opinion.BAD, message, always, chain)
    elif not notes:
        yield Judgement(
            Opinion.GOOD, f"Production loads {module}{because(deployment)}", always, chain
        )


def of_the_site(settings: Settings, module: str) -> bool:
    """Whether a module with a name such as `settings.local` is that of the one installation, and
    not of a developer's machine: it surely turns DEBUG off."""
    return (
        word_for_development(module) in LOCAL
        and module == settings.module
        and not settings.where("DEBUG", lambda value: truth(value) is not False).possible
    )


def word_for_development(module: str) -> str:
    """The word that tells that a module is not meant for production, "" if there is none."""
    parts = module.lower().split(".")
    for part in parts[-2:] if len(parts) > 2 else parts[-1:]:
        if part not in OFTEN_PRODUCTION:
            for word in part.split("_"):
                if word in FOR_DEVELOPMENT:
                    return word
    return ""


def place_of(deployment: Deployment) -> Place | None:
    """Where production's module is named: by what is production's own, else by what anybody
    uses."""
    naming = [each for each in deployment.entry_points if each.module == deployment.module]
    naming.sort(key=lambda each: (each.role != "production", each.role != "any", each.default))
    variable = deployment.variables.get("DJANGO_SETTINGS_MODULE")
    if variable is not None and variable.value == deployment.module:
        return variable.place
    return naming[0].place if naming and deployment.module else None


def because(deployment: Deployment) -> str:
    return f": {deployment.reasons[0]}" if deployment.reasons else ""


@SETTINGS_MODULE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    # Where a name or something of production's own tells its module, a default follows that.
    from hardango.edits import Literal

    module, entries = deployment.module, deployment.entry_points
    if module is None or word_for_development(module):
        return
    variable = deployment.variables.get("DJANGO_SETTINGS_MODULE")
    told = variable is not None and variable.value == module
    told = told or any(each.module == module and each.role == "production" for each in entries)
    for each in entries:
        if each.kind not in ("wsgi.py", "asgi.py") or not each.default or not each.module:
            continue
        if each.module != module and (told or word_for_development(each.module)):
            yield Literal(
                "DJANGO_SETTINGS_MODULE", each.module, module, each.place.file, each.place.line,
                risk="a server that a developer starts by it, without DJANGO_SETTINGS_MODULE, loads "
                "production's settings",
            )  # fmt: skip
