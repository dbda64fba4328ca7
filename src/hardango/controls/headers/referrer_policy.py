"""Other sites are not told which page a visitor comes from.

The address of a page can be a secret: a password reset link, a shared document, a search for an
illness. Browsers send it along as `Referer` with every link that is followed and every image that
is loaded from elsewhere, as far as `Referrer-Policy` lets them.

SecurityMiddleware sends `SECURE_REFERRER_POLICY`, "same-origin" by default since Django 3.1. With
`None` no header is sent, and browsers fall back to "strict-origin-when-cross-origin", which hides
the path from other sites but not from old browsers. Django's checks W022 and E023 look at `None`
and at misspelt values; hardango also at "unsafe-url" and its like, which Django takes for fine: they
send the whole address to everybody.

"no-referrer" hides most, and breaks something: for a form on HTTPS, Django compares the Referer if a
client sends no Origin, and then refuses the form. "same-origin" and
"strict-origin-when-cross-origin" have no such trouble. Of several values the browser takes the
last one that it knows.
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

REFERRER_POLICY = Control(
    "referrer-policy",
    title="Referrer policy",
    weakness="Other sites learn which pages visitors come from",
    severity=Severity.LOW,
    settings=("SECURE_REFERRER_POLICY", "MIDDLEWARE"),
    attack="Whoever runs a site that a page links to or loads from reads the page's full address, "
    "with any token in it.",
    remedy='Keep SecurityMiddleware in MIDDLEWARE and SECURE_REFERRER_POLICY = "same-origin" or '
    '"strict-origin-when-cross-origin".',
    references=(
        django_check("security.W022"), django_check("security.E023"), asvs("3.4.5"), cwe(200),
        docs("ref/settings/#secure-referrer-policy"),
        docs("https://www.w3.org/TR/referrer-policy/"),
    ),
)  # fmt: skip

KEEPING = frozenset(
    ("no-referrer", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
     "strict-origin-when-cross-origin")
)  # fmt: skip
"""Values that keep the path of a page from other sites."""

TELLING = frozenset(("unsafe-url", "no-referrer-when-downgrade"))
"""Values with which other sites get the whole address."""

NAME = "SECURE_REFERRER_POLICY"


@REFERRER_POLICY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    yield from judge_header(
        settings, deployment, NAME, "Referrer-Policy", ("referrerpolicy",), of_value, since=(3, 0)
    )


def of_value(outcome: Outcome) -> Judgement:
    """What browsers make of the value."""
    known = [each for each in words(outcome.value) if each in KEEPING | TELLING]
    if not known:
        return bad(outcome, f"{stated(outcome, NAME)}, which browsers don't know and ignore")
    if known[-1] in TELLING:
        return bad(outcome, f"{stated(outcome, NAME)}: other sites get the whole address")
    return good(outcome, stated(outcome, NAME))


def words(value: object) -> list[str]:
    """The single policies of a value, as Django splits it."""
    if isinstance(value, str):
        return [each.strip().lower() for each in value.split(",")]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [each.strip().lower() for each in value if isinstance(each, str)]
    return []


@REFERRER_POLICY.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SECURE_REFERRER_POLICY", "same-origin")


@REFERRER_POLICY.prove
def prove(site: Site) -> Iterator[Proof]:
    """Browsers take the last policy of the list that they know."""
    from hardango.controls.header_proofs import prove_header

    def wrong(value: str) -> str:
        known = [
            each for each in value.lower().replace(" ", "").split(",") if each in KEEPING | TELLING
        ]
        if not known:
            return "names no policy that browsers know"
        return f"{known[-1]} gives other sites the full address" if known[-1] in TELLING else ""

    yield from prove_header(site, "Referrer-Policy", wrong, html=True)
