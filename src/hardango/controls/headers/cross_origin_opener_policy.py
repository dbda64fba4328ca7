"""A window that another site opened cannot be steered by that site.

A site that opens this one in a window keeps a handle on it: it can send it elsewhere while the
visitor looks away, count its frames, and time its loading, which is enough to tell whether
somebody is logged in. `Cross-Origin-Opener-Policy: same-origin` cuts the handle, and gives the page
a browser process of its own against attacks such as Spectre.

SecurityMiddleware sends `SECURE_CROSS_ORIGIN_OPENER_POLICY`, "same-origin" by default since Django
4.0. Django's check E024 knows misspelt values; "unsafe-none" is spelt right, and switches the
protection off.

What breaks is a login in a pop-up that reports back to the page that opened it (OAuth, payment):
"same-origin-allow-popups" keeps that working, for the windows that this site opens.
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
)  # fmt: skip
from hardango.controls.security_header import judge_header
from hardango.controls.values import stated
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

CROSS_ORIGIN_OPENER_POLICY = Control(
    "cross-origin-opener-policy",
    title="Cross-origin opener policy",
    weakness="Other sites keep a handle on windows of this one",
    severity=Severity.LOW,
    settings=("SECURE_CROSS_ORIGIN_OPENER_POLICY", "MIDDLEWARE"),
    attack="A site that opens this one in a window learns whether somebody is logged in, and sends "
    "the window to a copy that asks for the password.",
    remedy='Keep SecurityMiddleware in MIDDLEWARE and SECURE_CROSS_ORIGIN_OPENER_POLICY = '
    '"same-origin", or "same-origin-allow-popups" where a login in a pop-up needs it.',
    references=(
        django_check("security.E024"), asvs("3.4.8"), cwe(1021),
        docs("ref/settings/#secure-cross-origin-opener-policy"),
        docs("https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies"),
    ),
)  # fmt: skip

KEEPING = ("same-origin", "same-origin-allow-popups", "noopener-allow-popups")
NAME = "SECURE_CROSS_ORIGIN_OPENER_POLICY"


@CROSS_ORIGIN_OPENER_POLICY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    # Most projects on a Django before 4.0 do without.
    yield from judge_header(
        settings, deployment, NAME, "Cross-Origin-Opener-Policy", ("openerpolicy", "coop"), of_value,
        since=(4, 0), pedantic=True,
    )  # fmt: skip


def of_value(outcome: Outcome) -> Judgement:
    """What browsers make of the value."""
    # They compare the token as it is written, parameters after ";" aside.
    token = str(outcome.value).partition(";")[0].strip()
    if token in KEEPING:
        return good(outcome, stated(outcome, NAME))
    if token == "unsafe-none":
        return bad(outcome, f"{stated(outcome, NAME)}, which is no protection")
    return bad(outcome, f"{stated(outcome, NAME)}, which browsers don't know and ignore")


@CROSS_ORIGIN_OPENER_POLICY.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SECURE_CROSS_ORIGIN_OPENER_POLICY", "same-origin")


@CROSS_ORIGIN_OPENER_POLICY.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.header_proofs import prove_header

    good = ("same-origin", "same-origin-allow-popups", "noopener-allow-popups")

    def wrong(value: str) -> str:
        said = value.partition(";")[0].strip().lower()
        return "" if said in good else "leaves windows of other sites connected"

    yield from prove_header(site, "Cross-Origin-Opener-Policy", wrong, html=True)
