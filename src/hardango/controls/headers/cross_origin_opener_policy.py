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
    elsewhere,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.security_header import where_sent
from hardango.controls.topology import adds_header
from hardango.controls.values import alternatives, stated, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

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
HEADER = "Cross-Origin-Opener-Policy"


@CROSS_ORIGIN_OPENER_POLICY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    name = "SECURE_CROSS_ORIGIN_OPENER_POLICY"
    sent, others = where_sent(settings, deployment, HEADER, ("openerpolicy", "coop"))
    yield from others
    by_proxy = adds_header(deployment, HEADER)
    if name not in settings:
        if sent.possible:
            yield of_old_django(settings, Outcome(None, sent, (), default=True), by_proxy)
        return
    for outcome in alternatives(settings, name):
        there = outcome._replace(condition=outcome.condition & sent)
        if there.condition.possible:
            yield of_value(there, name, by_proxy)


def of_old_django(settings: Settings, outcome: Outcome, by_proxy: str) -> Judgement:
    """Django before 4.0 sends no such header, and most projects on it do without."""
    if by_proxy:
        return elsewhere(outcome, by_proxy)
    version = ".".join(map(str, settings.django))
    return bad(outcome, f"Django {version} sends no {HEADER}: it can since 4.0", pedantic=True)


def of_value(outcome: Outcome, name: str, by_proxy: str) -> Judgement:
    """What browsers make of the value, where SecurityMiddleware sends it."""
    value = outcome.value
    if isinstance(value, Unknown):
        return unreadable(outcome, why_unknown(name, value))
    if not value:
        if by_proxy:
            return elsewhere(outcome, by_proxy)
        return bad(outcome, f"{stated(outcome, name)}: Django sends no {HEADER}")
    # Browsers compare the token as it is written, parameters after ";" aside.
    token = str(value).partition(";")[0].strip()
    if token in KEEPING:
        return good(outcome, stated(outcome, name))
    if token == "unsafe-none":
        return bad(outcome, f"{stated(outcome, name)}, which is no protection")
    return bad(outcome, f"{stated(outcome, name)}, which browsers don't know and ignore")
