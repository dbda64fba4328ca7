"""Other sites cannot show this one in a frame.

A page that may be framed can be laid, invisible, over something a visitor wants to click: the click
lands on "delete my account" or "grant access" instead, with the visitor's own session. Browsers
refuse the frame if the response says `X-Frame-Options: DENY` or `SAMEORIGIN`, or if the
`frame-ancestors` of its Content-Security-Policy says so, which is the newer way and wins.

XFrameOptionsMiddleware sends `X_FRAME_OPTIONS`, "DENY" by default since Django 3.0. Django's check
W019 complains about "SAMEORIGIN" too; hardango does not, because no other site can frame the page
then, and previews in the admin or in a CMS need it. "ALLOWALL" and "ALLOW-FROM …" are known to no
current browser: the header is ignored, and everybody may frame the page.

A page that must be framed elsewhere (a widget, an embedded player) is exempted by itself with
`@xframe_options_exempt`, better together with a frame-ancestors list of who may. Such exemptions
are in the views; hardango reads only the settings here.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    django_check,
    docs,
    good,
    rfc,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import FRAMES, Wanted, middleware, stack_setting
from hardango.controls.values import could_be, said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Exchange, Proof, Site

FRAME_OPTIONS = Control(
    "frame-options",
    title="Framing by other sites",
    weakness="Other sites can show this one in a frame",
    severity=Severity.MEDIUM,
    settings=("X_FRAME_OPTIONS", "MIDDLEWARE", "SECURE_CSP"),
    attack="A hidden frame makes visitors click buttons of this site, with their own session, while "
    "they think they click something else.",
    remedy=f'Keep "{FRAMES}" in MIDDLEWARE with X_FRAME_OPTIONS = "DENY" or "SAMEORIGIN", and exempt '
    "single views that must be framed.",
    references=(
        django_check("security.W002"), django_check("security.W019"), asvs("3.4.6"), cwe(1021),
        rfc(7034), docs("ref/clickjacking/"),
    ),
)  # fmt: skip

SENDING = Wanted(
    FRAMES,
    hooks=("process_response", "get_xframe_options_value"),
    hints=("xframe", "frameoptions", "clickjacking", "securityheader", "frameancestors"),
    words=("x-frame-options", "frame-ancestors"),
)
"""The middleware that sends the header."""

DJANGO_CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
CSP_PACKAGE = "csp.middleware.CSPMiddleware"

EVERYBODY = frozenset(("*", "http:", "https:", "http://*", "https://*"))
"""Sources of frame-ancestors that let any site frame the page."""


@FRAME_OPTIONS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    by_policy, perhaps = framing_policy(settings, stack)
    for case in settings.cases("X_FRAME_OPTIONS", stack):
        judgement = of_header(settings, case, stack)
        if judgement.opinion is Opinion.GOOD:
            yield judgement
            continue
        allowed = case.condition & by_policy
        unsure = case.condition & ~by_policy & perhaps
        rest = case.condition & ~by_policy & ~perhaps
        if allowed.possible:
            yield good(Case(case.outcomes, allowed), "The CSP limits frame-ancestors", stack)
        if unsure.possible:
            message = f"{judgement.message}, and a Content-Security-Policy could not be read"
            yield unreadable(Case(case.outcomes, unsure), message, "X_FRAME_OPTIONS", stack)
        if rest.possible:
            yield judgement._replace(condition=rest)


def of_header(settings: Settings, case: Case, stack: str) -> Judgement:
    """What X-Frame-Options header is sent."""
    name = "X_FRAME_OPTIONS"
    value: object = case[name]
    found = middleware(settings, case, stack, SENDING)
    if found.sure is False:
        message = f"XFrameOptionsMiddleware is not in {stack}, so that nothing sends the header"
        return bad(case, message, stack)
    if isinstance(value, Unknown):
        if not value.choices or not all(keeps_out(choice) for choice in value.choices):
            return unreadable(case, why_unknown(name, value), name)
        value = value.choices[0]
    if found.sure is None:
        return unreadable(case, f"Whether the header is sent is not known: {found.why}", stack)
    if not isinstance(value, str):
        return bad(case, f"{name} is {said(value)}, no text: every response ends in an error", name)
    if keeps_out(value):
        return good(case, f"X-Frame-Options: {value.strip().upper()}", name)
    return bad(
        case, f"{name} is {said(value)}, which browsers ignore: every site may frame the page", name
    )


def keeps_out(value: object) -> bool:
    """Whether browsers know the value and keep other sites out."""
    return isinstance(value, str) and value.strip().upper() in ("DENY", "SAMEORIGIN")


def framing_policy(settings: Settings, stack: str) -> tuple[Condition, Condition]:
    """Where a Content-Security-Policy surely limits who may frame a page, and where it may."""
    surely = perhaps = settings.space.false
    for case in settings.cases(
        stack, "SECURE_CSP", "CONTENT_SECURITY_POLICY", "CSP_FRAME_ANCESTORS"
    ):
        for answer in policies(settings, case, stack):
            if answer:
                surely = surely | case.condition
            elif answer is None:
                perhaps = perhaps | case.condition
    return surely, perhaps


def policies(settings: Settings, case: Case, stack: str) -> Iterator[bool | None]:
    """For each way to send a policy: whether it limits framing."""
    if settings.django >= (6, 0):
        yield both(
            middleware(settings, case, stack, Wanted(DJANGO_CSP)).sure,
            directive(case["SECURE_CSP"]),
        )
    package = middleware(settings, case, stack, Wanted(CSP_PACKAGE)).sure
    policy: object = case["CONTENT_SECURITY_POLICY"]
    if isinstance(policy, dict):
        policy = policy.get("DIRECTIVES")
    yield both(package, directive(policy))
    yield both(package, limits(case["CSP_FRAME_ANCESTORS"]))


def both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return True if first and second else None


def directive(policy: object) -> bool | None:
    """Whether the directives of a policy limit framing."""
    if isinstance(policy, Unknown):
        return None
    return limits(policy.get("frame-ancestors")) if isinstance(policy, dict) else False


def limits(sources: object) -> bool | None:
    """Whether a list of frame-ancestors leaves somebody out."""
    if isinstance(sources, Unknown):
        return None
    if isinstance(sources, str):
        sources = sources.split()
    if not isinstance(sources, (list, tuple, set, frozenset)) or not sources:
        return False
    for wide in EVERYBODY:
        answers = {could_be(source, wide) for source in sources}
        if True in answers:
            return False
        if None in answers:
            return None
    return True


@FRAME_OPTIONS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Include

    stack = stack_setting(settings)
    for case in settings.cases(stack):
        if middleware(settings, case, stack, SENDING).sure is False:
            yield Include(stack, FRAMES)
            break
    for outcome in settings["X_FRAME_OPTIONS"]:
        if not isinstance(outcome.value, Unknown) and not keeps_out(outcome.value):
            yield Assign(
                "X_FRAME_OPTIONS", "DENY", safe=False,
                risk="pages that other sites, or this one, show in a frame stay empty there",
            )  # fmt: skip
            break


@FRAME_OPTIONS.prove
def prove(site: Site) -> Iterator[Proof]:
    """X-Frame-Options, or frame-ancestors of a policy in a header: browsers ignore it in a page."""
    from hardango.controls.header_proofs import judged_samples
    from hardango.controls.policy_proofs import directives

    def wrong(headers: list[str], exchange: Exchange) -> str:
        ancestors = [
            policy["frame-ancestors"]
            for policy in directives(exchange)
            if "frame-ancestors" in policy
        ]
        if ancestors:
            open_to = [each for each in ancestors if not EVERYBODY & set(each)]
            return "" if open_to else "frame-ancestors lets any site frame it"
        if not headers:
            return "any site can show it in a frame"
        said = {part.strip().lower() for each in headers for part in each.split(",")}
        if said <= {"deny"} or said <= {"sameorigin"}:
            return ""
        return "browsers ignore this value: any site can show it in a frame"

    yield from judged_samples(site, "X-Frame-Options", wrong, html=True)
