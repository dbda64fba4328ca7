"""What Content-Security-Policy the settings make, and what a policy leaves open.

The rules are those of the specification (https://www.w3.org/TR/CSP3/), of `django.utils.csp` and of
django-csp 3 and 4.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from hardango.controls.stack import Wanted, middleware
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.light import NamedTuple
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
PROCESSOR = "django.template.context_processors.csp"

NONCE = "<CSP_NONCE_SENTINEL>"
"""`django.utils.csp.CSP.NONCE`: replaced by a nonce, or left out where a page uses none."""

KNOWN = frozenset(
    "base-uri block-all-mixed-content child-src connect-src default-src fenced-frame-src font-src "
    "form-action frame-ancestors frame-src img-src manifest-src media-src navigate-to object-src "
    "plugin-types prefetch-src referrer report-to report-uri require-sri-for "
    "require-trusted-types-for sandbox script-src script-src-attr script-src-elem style-src "
    "style-src-attr style-src-elem trusted-types upgrade-insecure-requests webrtc worker-src".split()
)
"""Directives that some browser knows or knew."""

KEYWORDS = frozenset(
    "none report-sample self strict-dynamic unsafe-eval unsafe-hashes unsafe-inline "
    "wasm-unsafe-eval inline-speculation-rules".split()
)
"""Keywords, which count only between single quotes."""

WIDE = frozenset(("*", "http:", "https:", "data:", "http://*", "https://*"))
"""Sources from which anybody's script can come."""

EVALUATING = ("'unsafe-eval'", "blob:")
"""Sources by which a script that runs can make others of texts: `eval`, and addresses of blobs."""

OLD_SETTINGS = ("CSP_DEFAULT_SRC", "CSP_SCRIPT_SRC", "CSP_SCRIPT_SRC_ELEM", "CSP_REPORT_ONLY")
"""The settings of django-csp 3 that decide about scripts."""


class Sent(enum.Enum):
    """Whether a middleware sends a policy."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Directives(NamedTuple):
    """The directives of a policy with their sources; `unread` says what could not be read."""

    directives: dict[str, tuple[object, ...]]
    unread: str = ""


class Policy(NamedTuple):
    """One policy: the setting that it comes from, the middleware that would send it, whether that
    is installed, why one cannot say more, and why the setting is no policy at all."""

    setting: str
    sender: str
    sent: Sent
    policy: Directives
    why: str = ""
    broken: str = ""


class Flaw(NamedTuple):
    message: str
    severity: Severity
    pedantic: bool = False


# -- what is sent ----------------------------------------------------------------------------------


def sender_settings(settings: Settings) -> tuple[str, ...]:
    """The settings that can make a policy, of those that there are."""
    names = ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY", *OLD_SETTINGS)
    return tuple(name for name in names if name in settings)


def policies(
    settings: Settings, deployment: Deployment, case: Case, stack: str
) -> Iterator[Policy]:
    """The policies that a case has, those included that no middleware sends."""
    if settings.django >= (6, 0):
        yield _policy(settings, case, stack, "SECURE_CSP", DJANGO, case["SECURE_CSP"])
    newer = _newer_package(settings, deployment)
    if "CONTENT_SECURITY_POLICY" in case.outcomes and newer is not False:
        value: object = case["CONTENT_SECURITY_POLICY"]
        if isinstance(value, dict):
            value = value.get("DIRECTIVES", {})
            if isinstance(value, dict):
                value = {"default-src": ["'self'"], **value}
        yield _policy(settings, case, stack, "CONTENT_SECURITY_POLICY", PACKAGE, value)
    found = middleware(settings, case, stack, Wanted(PACKAGE))
    if newer is not True and found.sure is not False:
        policy = _old_policy(settings, case, stack)
        if newer is None:
            why = (
                "What django-csp sends without settings depends on its version, which is not known"
                if found.sure
                else found.why
            )
            policy = policy._replace(sent=Sent.UNSURE, why=why)
        yield policy


def _newer_package(settings: Settings, deployment: Deployment) -> bool | None:
    """Whether django-csp is 4 or newer; None if neither its version nor its settings tell."""
    package = (deployment.packages or {}).get("django-csp")
    if package is not None and (newer := package.at_least((4,))) is not None:
        return newer
    if "CONTENT_SECURITY_POLICY" in settings or "CONTENT_SECURITY_POLICY_REPORT_ONLY" in settings:
        return True
    return None if not any(name in settings for name in OLD_SETTINGS) else False


def _policy(
    settings: Settings, case: Case, stack: str, setting: str, sender: str, value: object
) -> Policy:
    found = middleware(settings, case, stack, Wanted(sender, ("process_response",)))
    sent = {True: Sent.YES, False: Sent.NO, None: Sent.UNSURE}[found.sure]
    name = sender.rpartition(".")[2]
    if isinstance(value, Unknown):
        why = why_unknown(setting, value)
        return Policy(setting, name, Sent.UNSURE if found.sure is not False else sent,
                      Directives({}, why if found.sure is not False else ""), why)  # fmt: skip
    if value and not isinstance(value, dict):
        broken = f"{setting} is {said(value)}, no dict: every response ends in an error"
        return Policy(setting, name, sent, Directives({}), broken=broken if found.sure else "")
    directives = _directives(setting, value if isinstance(value, dict) else {})
    return Policy(setting, name, sent, directives, directives.unread or found.why)


def _old_policy(settings: Settings, case: Case, stack: str) -> Policy:
    """The policy of django-csp 3, which has `default-src 'self'` unless told otherwise."""
    written: dict[str, object] = {"default-src": ["'self'"]}
    setting = "CSP_DEFAULT_SRC"
    for name in OLD_SETTINGS[:-1]:
        value: object = case[name] if name in case.outcomes else None
        if value is not None:
            written[name.removeprefix("CSP_").lower().replace("_", "-")] = value
            setting = name
    watching = case["CSP_REPORT_ONLY"] if "CSP_REPORT_ONLY" in case.outcomes else False
    policy = _policy(settings, case, stack, setting, PACKAGE, written)
    if watching:
        return policy._replace(policy=Directives({}))
    return policy


def _directives(setting: str, value: dict[object, object]) -> Directives:
    """The sources of each directive that ends up in the header."""
    found: dict[str, tuple[object, ...]] = {}
    unread = ""
    for name, sources in value.items():
        if isinstance(name, Unknown) or isinstance(sources, Unknown):
            of = f"{setting}[{said(name)}]" if isinstance(name, str) else f"A part of {setting}"
            reason = sources.reason if isinstance(sources, Unknown) else "its name is not known"
            unread = unread or f"{of} could not be read: {reason}"
            continue
        if sources is None or sources is False:
            continue
        if isinstance(sources, str):
            sources = sources.split() if ";" not in sources else [sources]
        if sources is True:
            sources = ()
        found[str(name)] = tuple(sources) if isinstance(sources, Iterable) else (sources,)
    return Directives(found, unread)


def report_only(settings: Settings, case: Case, stack: str) -> str:
    """The setting with which violations are reported and not stopped; "" if there is none."""
    if "SECURE_CSP_REPORT_ONLY" in case.outcomes and settings.django >= (6, 0):
        if (
            case["SECURE_CSP_REPORT_ONLY"]
            and middleware(settings, case, stack, Wanted(DJANGO, ("process_response",))).sure
        ):
            return "SECURE_CSP_REPORT_ONLY"
    if "CSP_REPORT_ONLY" in case.outcomes and case["CSP_REPORT_ONLY"]:
        return "CSP_REPORT_ONLY"
    return ""


# -- what it leaves open ---------------------------------------------------------------------------


def flaws(settings: Settings, policy: Policy) -> Iterator[Flaw]:
    """What a policy that is sent leaves open, worst first."""
    directives, setting = policy.policy.directives, policy.setting
    yield from spelling(setting, directives)
    yield from scripts(policy, directives)
    if policy.setting == "SECURE_CSP" and uses_nonce(directives):
        if nonce_reaches_templates(settings) is False:
            yield Flaw(
                f"{setting} uses CSP.NONCE, and no template engine has the context processor "
                f"{PROCESSOR}: no script can carry the nonce",
                Severity.LOW,
            )
    if policy.policy.unread:
        return
    if "default-src" not in directives and "object-src" not in directives:
        yield Flaw(f"{setting} has no object-src and no default-src", Severity.LOW, True)
    if "base-uri" not in directives:
        yield Flaw(
            f"{setting} has no base-uri: an injected <base> moves the site's relative addresses",
            Severity.LOW,
            True,
        )


def spelling(setting: str, directives: dict[str, tuple[object, ...]]) -> Iterator[Flaw]:
    """What browsers do not read as it is meant."""
    for name, sources in directives.items():
        if name not in KNOWN:
            meant = name.replace("_", "-")
            hint = f"; it is written {meant}" if meant in KNOWN else ""
            yield Flaw(f"{setting} has the directive {said(name)}, which browsers skip{hint}",
                       Severity.MEDIUM)  # fmt: skip
        for source in sources:
            if not isinstance(source, str):
                continue
            if ";" in source or "," in source:
                yield Flaw(f"{setting} has a {';' if ';' in source else ','} inside a value of "
                           f"{name}, which ends the directive there", Severity.MEDIUM)  # fmt: skip
            elif source.lower() in KEYWORDS or source.lower().startswith(("nonce-", "sha256-")):
                yield Flaw(f"{setting} has {said(source)} in {name} without its quotes, which "
                           "browsers take for a host", Severity.LOW)  # fmt: skip


def scripts(policy: Policy, directives: dict[str, tuple[object, ...]]) -> Iterator[Flaw]:
    """Whether an injected script would run."""
    setting = policy.setting
    ruling = next((n for n in ("script-src", "default-src") if n in directives), None)
    if ruling is None:
        if not policy.policy.unread:
            yield Flaw(f"{setting} has no script-src and no default-src: every script runs",
                       Severity.LOW)  # fmt: skip
        return
    sources = directives[ruling]
    if policy.setting == "SECURE_CSP" and sources and set(map(str, sources)) == {NONCE}:
        rest = (
            "default-src" if ruling == "script-src" and "default-src" in directives else "nothing"
        )
        yield Flaw(
            f"{setting} has nothing but CSP.NONCE in {ruling}: on a page that does not use the nonce "
            f"Django leaves the directive out, and scripts are ruled by {rest}",
            Severity.LOW if rest != "nothing" else Severity.MEDIUM,
        )
    plain = {source.lower() for source in sources if isinstance(source, str)}
    trusted = any(each == NONCE.lower() or each.startswith(("'nonce-", "'sha")) for each in plain)
    trusted = trusted or any(
        isinstance(each, Unknown) and "NONCE" in each.reason for each in sources
    )
    if "'unsafe-inline'" in plain and not trusted and "'strict-dynamic'" not in plain:
        yield Flaw(f"{setting} allows 'unsafe-inline' in {ruling}: an injected script runs",
                   Severity.LOW)  # fmt: skip
    wide = sorted(plain & WIDE)
    if wide and "'strict-dynamic'" not in plain:
        yield Flaw(f"{setting} allows {wide[0]} in {ruling}: scripts can come from anywhere",
                   Severity.LOW)  # fmt: skip
    evaluating = next((each for each in EVALUATING if each in plain), "")
    if evaluating:
        yield Flaw(f"{setting} allows {evaluating} in {ruling}: texts can be run as scripts",
                   Severity.LOW, True)  # fmt: skip


def uses_nonce(directives: dict[str, tuple[object, ...]]) -> bool:
    return any(NONCE in map(str, sources) for sources in directives.values())


def nonce_reaches_templates(settings: Settings) -> bool | None:
    """Whether a template engine has the context processor; None if TEMPLATES could not be read."""
    answers = set()
    for outcome in settings["TEMPLATES"]:
        answers.add(_has_processor(outcome.value))
    return answers.pop() if len(answers) == 1 else None


def _has_processor(templates: object) -> bool | None:
    if isinstance(templates, Unknown) or not isinstance(templates, (list, tuple)):
        return None
    sure: bool | None = False
    for engine in templates:
        options = engine.get("OPTIONS", {}) if isinstance(engine, dict) else engine
        listed = options.get("context_processors", ()) if isinstance(options, dict) else options
        if not isinstance(listed, (list, tuple)) or any(isinstance(e, Unknown) for e in listed):
            sure = None
        if isinstance(listed, (list, tuple)) and PROCESSOR in listed:
            return True
    return sure
