"""What goes to Sentry leaves users' data at home.

An event of Sentry has the request, the breadcrumbs before the error and the local variables of each frame. Whoever
reads the project there (a team larger than the one that may see the database, whoever takes over one of its
accounts, the service itself) reads what users sent.

By default the SDK leaves out cookies, the address and the user's name and mail, and masks what looks like a
password or a key by its name. `send_default_pii=True`, which the first lines of Sentry's own guide contain, sends
them all; `max_request_body_size="always"` adds every body whatever its size. Local variables are sent by default, and
a name in the scrubber's list is all that hides one; hardango tells of these with `--pedantic`. In newer SDKs
`data_collection` says for each kind what is collected, and `send_default_pii` is ignored.

Without the data it is harder to tell whom an error hit: set a user's number with `sentry_sdk.set_user({"id": …})`. A
function given as `before_send` or a scrubber of the project can take out what it likes, which is not followed. The DSN is no secret: it
lets send events, not read them. No check of Django looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good_at,
    unreadable,
)  # fmt: skip
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Call, Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

SENTRY_DATA = Control(
    "sentry-data",
    title="What Sentry gets to know",
    weakness="Reports to Sentry carry users' data",
    severity=Severity.LOW,
    settings=(),
    attack="Whoever reads the reports reads users' addresses, cookies and what they sent.",
    remedy="Remove send_default_pii=True from sentry_sdk.init(), and set the user's number only.",
    references=(
        asvs("14.2.3"), asvs("16.2.5"), cwe(359), cwe(532),
        docs("https://docs.sentry.io/platforms/python/data-management/data-collected/"),
        docs("https://docs.sentry.io/platforms/python/configuration/options/"),
    ),
)  # fmt: skip

INIT = "sentry_sdk.init"
SCRUBBING = ("before_send", "event_scrubber")
"""Options of the project that can take out what the SDK has collected."""


@SENTRY_DATA.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for condition, why in settings.overridable:
        at = Outcome(why, condition)
        yield unreadable(at, why_unknown(f"What {INIT}() is given", why))
    for call in settings.calls(INIT):
        at = Outcome(None, call.condition, call.chain)
        if truth(dsn_of(call)) is not False:
            for each in of_options(at, call):
                yield each._replace(about=INIT)
    yield good_at(settings, "Nothing is known to send users' data to Sentry")


def dsn_of(call: Call) -> object:
    """The address that events go to; what is not given comes from SENTRY_DSN."""
    given: object = call.arguments[0] if call.arguments else call.keywords.get("dsn")
    return given if given is not None else Unknown("read from SENTRY_DSN", "str", ("SENTRY_DSN",))


def of_options(at: Outcome, call: Call) -> Iterator[Judgement]:
    """What the options of one call send."""
    options = call.keywords
    if "**" in options and "send_default_pii" not in options:
        yield unreadable(at, f"A part of the options of {INIT}() could not be read")
        return
    if options.get("data_collection") is None:
        yield from of_personal_data(at, options.get("send_default_pii"), options)
    local = options.get("include_local_variables", True)
    if truth(local) is not False and options.get("data_collection") is None:
        message = f"{INIT}() sends the local variables of every frame"
        yield bad(at, message, pedantic=True)


def of_personal_data(
    at: Outcome, value: object, options: Mapping[str, object]
) -> Iterator[Judgement]:
    """What `send_default_pii` sends."""
    name = "send_default_pii"
    on = truth(value)
    bodies = options.get("max_request_body_size") == "always"
    what = "users' addresses, names and cookies" + (
        ", and every body that is sent" if bodies else ""
    )
    scrubbing = [each for each in SCRUBBING if options.get(each) is not None]
    if on and scrubbing:
        yield unreadable(at, f"{name} is on, and what {scrubbing[0]} takes out is not known")
    elif on:
        shown = said(value) if not isinstance(value, Unknown) else "on"
        yield bad(at, f"{name} is {shown}: Sentry gets {what}")
    elif on is None and isinstance(value, Unknown):
        yield unreadable(at, why_unknown(name, value))


@SENTRY_DATA.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Argument

    if any(truth(call.keywords.get("send_default_pii")) for call in settings.calls(INIT)):
        yield Argument(INIT, "send_default_pii", False,
                       risk="Sentry no longer tells whom an error hit")  # fmt: skip
