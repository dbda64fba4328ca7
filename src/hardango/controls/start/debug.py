"""Debug mode is off in production.

With `DEBUG = True` Django answers every error with a page that shows the source around it, the
local variables of each frame, the request with its cookies, the settings and every SQL query.
What looks like a secret by its name is masked; a token in a local variable, a database row or a
URL is not. The page for "not found" lists every route. Each query is also kept in memory, so that
the process grows until it is killed, and any host name is accepted if ALLOWED_HOSTS is empty.

Settings turn it off in three ways that last: a literal `False` in the module that production
loads, a variable that is read as a boolean and is off when it is not set
(`env.bool("DEBUG", default=False)`), or settings that cannot load without the variable.

The classic trap is text: `DEBUG = os.environ.get("DEBUG", False)` is `"False"` when somebody sets
DEBUG=False, and every text that is not empty is true in Python. Setting the variable to turn
debug mode off is what turns it on.

Nothing breaks when it is turned off, but what DEBUG did on the side has to be done properly:
ALLOWED_HOSTS must name the hosts, static files must be served by the web server or WhiteNoise,
and errors go to LOGGING and ADMINS instead of the browser.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    django_check,
    docs,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.values import names_of, operator_decides, said, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

DEBUG = Control(
    "debug",
    title="Debug mode",
    weakness="Debug mode is on in production",
    severity=Severity.CRITICAL,
    settings=("DEBUG",),
    attack="Anyone who causes an error reads source code, local variables, settings and SQL, "
    "which is often enough to take over accounts or the database.",
    remedy="Set DEBUG = False in the module that production loads. If a variable has to decide, "
    'read it as a boolean that is off by default, such as env.bool("DEBUG", default=False).',
    references=(
        django_check("security.W018"), asvs("13.4.2"), cwe(489), docs("ref/settings/#debug"),
    ),
    assumes_debug_off=False,
)  # fmt: skip


@DEBUG.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in settings["DEBUG"]:
        value = outcome.value
        known = truth(value)
        if known is False:
            yield good(outcome, f"DEBUG is {said(value)}" if outcome.known else "DEBUG is off")
        elif isinstance(value, str):
            yield bad(outcome, f"DEBUG is the text {said(value)}, and {ANY_TEXT}")
        elif known:
            yield bad(outcome, f"DEBUG is {said(value)}" if outcome.known else "DEBUG is on")
        elif isinstance(value, Unknown) and value.type == "str":
            yield from any_text(settings, outcome, value)
        else:
            yield unreadable(outcome, operator_decides(settings["DEBUG"], outcome))


ANY_TEXT = "every text that is not empty is true in Python, even 'False' and '0'"


def any_text(settings: Settings, outcome: Outcome, value: Unknown) -> Iterator[Judgement]:
    """DEBUG is a text that is not known: on, whatever it says, unless it is empty."""
    source = names_of(value.variables) or "the text"
    filled = settings.truths.get("DEBUG")
    if filled is None:
        filled = settings.space.fact(
            f"{value.subject} is not empty", f"{value.subject} is empty", value.subject
        )
    turned_on = outcome._replace(condition=outcome.condition & filled)
    turned_off = outcome._replace(condition=outcome.condition & ~filled)
    yield bad(
        turned_on,
        f"DEBUG is the text that {source} holds, and {ANY_TEXT}: setting {source} to 'False' "
        "turns debug mode on"
        if value.variables
        else f"DEBUG is a text, and {ANY_TEXT}",
    )
    yield good(turned_off, f"DEBUG is off where {source} is empty")


@DEBUG.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign(
        "DEBUG", False, development=True, variable="DJANGO_DEBUG", safe=False,
        risk="with DEBUG off Django answers only to the names in ALLOWED_HOSTS, and no longer "
        "serves static files itself",
    )  # fmt: skip


@DEBUG.prove
def prove(site: Site) -> Iterator[Proof]:
    """Errors of four kinds: Django's own pages for each tell whether DEBUG is on."""
    from hardango.controls.errors import errors
    from hardango.controls.seen import CSRF_TITLE, debug_marks, of_server, plain_django_error
    from hardango.evidence import inconclusive, proven, refuted, unanswered

    shown = list(errors(site))
    for exchange in shown:
        if marks := debug_marks(exchange):
            yield refuted("an error is answered with Django's debug page", exchange, marks=marks)
            return
    answers = [each for each in shown if each.response is not None]
    own = [each for each in answers
           if plain_django_error(each) or (each.status == 403 and CSRF_TITLE in each.text)
           or (each.status == 500 and each.request.path == site.known.fails and not of_server(each))]  # fmt: skip
    if own:
        yield proven("errors are answered without a word about the project", *own)
    elif not answers:
        yield unanswered(shown[0])
    else:
        yield inconclusive(
            "no debug page was seen, and no error page that is surely Django's own: the project's "
            "or a proxy's answers stand before it", *answers[:2],
        )  # fmt: skip
