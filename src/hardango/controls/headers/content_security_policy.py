"""Browsers run only the scripts that the site means to run.

Where a page shows something that a visitor wrote, one forgotten escape lets that visitor's script
run in everybody's browser, with everybody's session. `Content-Security-Policy` is the second line
of defence: the browser asks the policy before it runs a script, and an injected one is not in it.

Django sends the header since 6.0: `SECURE_CSP` says what, ContentSecurityPolicyMiddleware sends it.
Before that the package django-csp did, with `CSP_…` settings up to version 3 and
`CONTENT_SECURITY_POLICY` since 4. No check of Django looks at what a policy says, only (E026) that it
is a dict and (W027) that a nonce can reach the templates. What makes a policy useless:

- it is set, and the middleware is not installed: nothing sends it;
- `"script-src": [CSP.NONCE]` and nothing else: on a page that does not use the nonce Django leaves
  the directive out, and scripts are ruled by `default-src`, or by nothing;
- a directive with an underscore, which browsers skip; a keyword without its quotes, which they take
  for a host; a `;` in a value, which ends the directive there;
- `'unsafe-inline'` without a nonce or a hash, `*`, `https:` or `data:` among the sources of scripts:
  the injected script is allowed too;
- report-only for ever: violations are told, not stopped.

A policy breaks what it was not told of: inline scripts and handlers, widgets, the admin of old
packages. Start with `SECURE_CSP_REPORT_ONLY`, read the reports, then enforce. A view can send a
policy of its own; hardango reads the settings here.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.content_policy import (
    PACKAGE,
    Policy,
    Sent,
    flaws,
    policies,
    report_only,
    sender_settings,
)
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
from hardango.controls.stack import SECURITY, Wanted, look_alike, middleware, stack_setting
from hardango.controls.topology import adds_header
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

CONTENT_SECURITY_POLICY = Control(
    "content-security-policy",
    title="Content security policy",
    weakness="Injected scripts are not stopped by a content security policy",
    severity=Severity.LOW,
    settings=(
        "SECURE_CSP", "SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY", "CSP_SCRIPT_SRC",
        "CSP_DEFAULT_SRC", "MIDDLEWARE", "TEMPLATES",
    ),
    attack="Whoever finds one place where input is not escaped runs scripts in other visitors' "
    "browsers, with their sessions.",
    remedy="On Django 6.0 and later add ContentSecurityPolicyMiddleware after SecurityMiddleware and "
    "set SECURE_CSP with default-src 'self', script-src 'self' and CSP.NONCE, object-src and base-uri "
    "'none'; try it as SECURE_CSP_REPORT_ONLY first. On older versions use django-csp.",
    references=(
        django_check("security.E026"), django_check("security.W027"), asvs("3.4.3"), asvs("3.4.7"),
        cwe(79), cwe(1021), docs("ref/csp/"), docs("https://www.w3.org/TR/CSP3/"),
    ),
)  # fmt: skip

SENDING = Wanted(
    PACKAGE,
    hints=("csp", "contentsecuritypolicy", "securityheader", "securemiddleware"),
    words=("content-security-policy",),
)
"""What else can send the header."""

HEADER = "Content-Security-Policy"
DJANGO_CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"


@CONTENT_SECURITY_POLICY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    names = sender_settings(settings)
    for case in settings.cases(stack, *names):
        yield from of_case(settings, deployment, case, stack, names)


def of_case(
    settings: Settings, deployment: Deployment, case: Case, stack: str, names: tuple[str, ...]
) -> Iterator[Judgement]:
    """What is sent in one case, and whether it stops scripts."""
    found = list(policies(settings, deployment, case, stack))
    sent = [each for each in found if each.sent is Sent.YES and each.policy.directives]
    unsure = [each for each in found if each.sent is Sent.UNSURE or each.policy.unread]
    if sent:
        best = min(sent, key=lambda each: len(list(flaws(settings, each))))
        yield from judged(settings, case, stack, best)
        return
    by_proxy = adds_header(deployment, HEADER)
    if by_proxy:
        yield elsewhere(case, by_proxy, *names)
        return
    if unsure:
        yield unreadable(case, unsure[0].why, speaking(case, unsure[0], stack), stack)
        return
    other = look_alike(settings, case, stack, SENDING)
    if other and middleware(settings, case, stack, Wanted(PACKAGE)).sure is False:
        yield unreadable(case, f"Django sends no {HEADER}, and {other}", stack)
        return
    yield from absent(settings, case, stack, found)


def judged(settings: Settings, case: Case, stack: str, policy: Policy) -> Iterator[Judgement]:
    """What a policy that is sent leaves open."""
    name = speaking(case, policy, stack)
    serious = False
    for flaw in flaws(settings, policy):
        serious = serious or not flaw.pedantic
        yield bad(case, flaw.message, name, severity=flaw.severity, pedantic=flaw.pedantic)
    if serious:
        return
    if policy.policy.unread:
        yield unreadable(case, policy.why, name)
    else:
        yield good(case, f"{policy.setting} restricts scripts", name)


def speaking(case: Case, policy: Policy, stack: str) -> str:
    """The setting that speaks of a policy; django-csp 3 sends one of which none does."""
    return policy.setting if policy.setting in case.outcomes else stack


def absent(settings: Settings, case: Case, stack: str, found: list[Policy]) -> Iterator[Judgement]:
    """No policy is enforced: because nothing sends it, it is only reported, or there is none."""
    unsent = [each for each in found if each.sent is Sent.NO and each.policy.directives]
    broken = [each for each in found if each.broken]
    watching = report_only(settings, case, stack)
    if broken:
        yield bad(case, broken[0].broken, broken[0].setting, severity=Severity.MEDIUM)
    elif unsent:
        message = f"{unsent[0].setting} is set, but {unsent[0].sender} is not in {stack}: nothing "
        yield bad(case, f"{message}sends it", unsent[0].setting, stack, severity=Severity.MEDIUM)
    elif watching:
        message = f"{watching} is sent, which reports violations and stops none"
        yield bad(case, message, watching, pedantic=True)
        yield good(case, f"{message}: a stage on the way to a policy", watching)
    else:
        # Before 6.0 Django has nothing for it, and most good projects do without.
        beyond = settings.django < (6, 0)
        message = "No Content-Security-Policy is set"
        yield bad(case, message, "SECURE_CSP" if "SECURE_CSP" in case.outcomes else stack,
                  pedantic=beyond)  # fmt: skip


@CONTENT_SECURITY_POLICY.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Include

    known = settings.django_known and settings.django >= (6, 0)
    if not known:
        return  # an older Django has no such middleware, and would not start
    stack = stack_setting(settings)
    if not any(each.default for each in settings["SECURE_CSP"]):
        lists = [each.value for each in settings[stack] if isinstance(each.value, (list, tuple))]
        if not any(DJANGO_CSP in each for each in lists):
            yield Include(stack, DJANGO_CSP, after=(SECURITY,), safe=False,
                          risk="what SECURE_CSP does not allow no longer loads")  # fmt: skip
        return
    yield Include(stack, DJANGO_CSP, after=(SECURITY,))
    yield Assign(
        "SECURE_CSP",
        {
            "default-src": ["'self'"],
            "script-src": ["'self'"],
            "object-src": ["'none'"],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'self'"],
        },
        safe=False,
        risk="scripts, styles and images from elsewhere, and inline ones, no longer load; try the "
        "policy as SECURE_CSP_REPORT_ONLY first",
    )


@CONTENT_SECURITY_POLICY.prove
def prove(site: Site) -> Iterator[Proof]:
    """The policy as browsers read it, on pages with a nonce and without; the same page twice."""
    from hardango.controls.policy_proofs import prove_policy

    yield from prove_policy(site)
