"""Only this site's own pages can send its forms.

For a form over HTTPS Django compares the site that it came from with the one it goes to.
`CSRF_TRUSTED_ORIGINS` lists further sites whose forms are let through: with a token, such a site can do
what this one's own pages can.

`"https://*.shop.example"` trusts every subdomain, the forgotten ones included; `"https://*"` and
`"https://*.herokuapp.com"` trust strangers: whoever gets a name below such a suffix is in. `"http://…"` trusts a page that everybody on the way can write. Django checks (4_0.E001)
only that an entry has a scheme.

Since Django 4.0 an entry is an origin, "https://shop.example"; before that it was a bare host. An entry of the
other form never matches, and people then reach for a wildcard. Behind a proxy an entry is often only
a cure for a symptom: if Django saw the right host and scheme (`SECURE_PROXY_SSL_HEADER`), the list could
be empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import CSRF, Wanted, extends, stack_setting
from hardango.controls.suffixes import is_local, too_broad
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

CSRF_TRUSTED_ORIGINS = Control(
    "csrf-trusted-origins",
    title="Sites whose forms are trusted",
    weakness="Forms of other sites are trusted",
    severity=Severity.MEDIUM,
    settings=("CSRF_TRUSTED_ORIGINS", "MIDDLEWARE"),
    attack="Whoever can put a page on one of the trusted names sends forms in the name of a logged-in "
    "visitor.",
    remedy='List exact origins, such as "https://shop.example", and only those that really send forms '
    "here; where the list cures a proxy, set SECURE_PROXY_SSL_HEADER instead.",
    references=(
        asvs("3.5.1"), cwe(352), docs("ref/settings/#csrf-trusted-origins"),
        docs("ref/csrf/#how-csrf-works"),
    ),
)  # fmt: skip


@CSRF_TRUSTED_ORIGINS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack, name = stack_setting(settings), "CSRF_TRUSTED_ORIGINS"
    for case in settings.cases(name, stack):
        used = extends(settings, case, stack, Wanted(CSRF))
        if used.sure is False:
            yield not_applicable(case, f"CsrfViewMiddleware is not in {stack}", stack)
        else:
            yield from of_list(settings, case, name)


def of_list(settings: Settings, case: Case, name: str) -> Iterator[Judgement]:
    """What one list lets through."""
    value: object = case[name]
    if isinstance(value, Unknown):
        yield unreadable(case, why_unknown(name, value), name)
        return
    if not value:
        yield good(case, f"{name} is empty", name)
        return
    if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
        yield bad(case, f"{name} is {said(value)}, no list", name, severity=Severity.LOW)
        return
    fine = True
    for item in value:
        judgement = of_origin(settings, case, name, item)
        if judgement is not None:
            fine = False
            yield judgement
    if fine:
        several = f"{len(value)} exact origins" if len(value) > 1 else "one exact origin"
        yield good(case, f"{name} lists {several}", name)


def of_origin(settings: Settings, case: Case, name: str, item: object) -> Judgement | None:
    """What one entry lets through; None if it is as it should be."""
    if isinstance(item, Unknown):
        return unreadable(case, why_unknown(f"An item of {name}", item), name)
    if not isinstance(item, str):
        return bad(case, f"{name} has {said(item)}, no text", name, severity=Severity.LOW)
    scheme, separator, host = item.partition("://")
    if not separator:
        host = item
        if settings.django >= (4, 0):
            message = f"{name} has {said(item)} without a scheme: Django refuses to start"
            return bad(case, message, name, severity=Severity.LOW)
    wide = wildcard(host)
    if wide:
        return bad(case, f"{name} has {said(item)}: {wide}", name)
    if separator and scheme.lower() == "http" and not is_local(host):
        message = f"{name} has {said(item)}: everybody on the way can write a page of that origin"
        return bad(case, message, name, severity=Severity.LOW)
    if host.startswith(("*.", ".")):
        message = f"{name} has {said(item)}: every subdomain is trusted"
        return bad(case, message, name, severity=Severity.LOW)
    return None


def wildcard(host: str) -> str:
    """How a wildcard trusts strangers; "" if it does not."""
    bare = host.partition(":")[0].strip("/")
    if bare in ("*", "*.", "."):
        return "every site is trusted"
    if not bare.startswith(("*.", ".")):
        return ""
    suffix = bare.lstrip("*").lstrip(".")
    return "everybody can get a name below it" if too_broad(f".{suffix}") else ""


@CSRF_TRUSTED_ORIGINS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    """An origin of this site by HTTP is meant by HTTPS where every request is sent there."""
    from hardango.edits import Exclude, Include

    name = "CSRF_TRUSTED_ORIGINS"
    redirected = all(each.value is True for each in settings["SECURE_SSL_REDIRECT"])
    hosts = {host for each in settings["ALLOWED_HOSTS"] if isinstance(each.value, (list, tuple))
             for host in each.value if isinstance(host, str)}  # fmt: skip
    items = {item: None for each in settings[name] if isinstance(each.value, (list, tuple))
             for item in each.value if isinstance(item, str)}  # fmt: skip
    for item in items:
        scheme, _, host = item.partition("://")
        if scheme == "http" and redirected and host in hosts:
            risk = f"forms on pages of http://{host}, if there are any, are refused"
            yield Exclude(name, item, safe=False, risk=risk)
            if f"https://{host}" not in items:
                yield Include(name, f"https://{host}", safe=False, risk=risk)


@CSRF_TRUSTED_ORIGINS.prove
def prove(site: Site) -> Iterator[Proof]:
    """A form that is right in everything but the site that it comes from."""
    from hardango.controls.forms import accepted_from
    from hardango.controls.seen import host_of, main

    name = host_of(main(site)).partition(":")[0]
    foreign = (f"https://hardango-probe.{name}", "https://hardango-probe.invalid")
    yield from accepted_from(site, foreign)
