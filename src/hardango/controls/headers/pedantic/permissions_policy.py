"""Pages cannot be made to use camera, microphone or location.

A script that gets into a page, or a frame of another site in it, can ask for the camera, the
microphone, the location or a payment in this site's name. `Permissions-Policy` lists what pages may
use at all; what is denied there cannot even be asked for.

Django has no setting for it. The package django-permissions-policy sends `PERMISSIONS_POLICY` with
its middleware; many sites add the header in the proxy. Without one, the browser still asks the
visitor each time, so this is hardening beyond the common need.

What breaks are pages that use what was denied: list the features of the site, deny the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    bad,
    cwe,
    docs,
    elsewhere,
    good,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import Wanted, look_alike, middleware, stack_setting
from hardango.controls.topology import adds_header
from hardango.controls.values import truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

PERMISSIONS_POLICY = Control(
    "permissions-policy",
    title="Permissions policy",
    weakness="Pages may ask for camera, microphone and location",
    severity=Severity.LOW,
    settings=("PERMISSIONS_POLICY", "MIDDLEWARE"),
    attack="A script or a frame that gets into a page asks for camera, microphone, location or "
    "payment in this site's name.",
    remedy="Install django-permissions-policy, add its middleware and deny what the site does not "
    'use, such as PERMISSIONS_POLICY = {"camera": [], "microphone": [], "geolocation": []}.',
    person="which features the pages use is not in the settings",
    references=(
        cwe(732), docs("https://www.w3.org/TR/permissions-policy/"),
        docs("https://github.com/adamchainz/django-permissions-policy"),
    ),
)  # fmt: skip

PACKAGE = "django_permissions_policy.PermissionsPolicyMiddleware"
HEADER = "Permissions-Policy"

SENDING = Wanted(
    PACKAGE,
    hints=("permissionspolicy", "permissionpolicy", "featurepolicy", "securityheader"),
    words=(HEADER.lower(),),
)
"""What sends the header: a package, or a class of the project."""


@PERMISSIONS_POLICY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    by_proxy = adds_header(deployment, HEADER)
    for case in settings.cases(stack, "PERMISSIONS_POLICY"):
        found = middleware(settings, case, stack, Wanted(PACKAGE))
        if found.sure:
            yield of_setting(case, by_proxy)
        elif by_proxy:
            yield elsewhere(case, by_proxy, stack)
        elif found.sure is None:
            yield unreadable(case, f"Whether {HEADER} is sent is not known: {found.why}", stack)
        elif other := look_alike(settings, case, stack, SENDING):
            yield unreadable(case, f"Whether {HEADER} is sent is not known: {other}", stack)
        elif truth(case["PERMISSIONS_POLICY"]):
            message = f"PERMISSIONS_POLICY is set, but its middleware is not in {stack}"
            yield bad(case, message, "PERMISSIONS_POLICY", stack)
        else:
            yield bad(case, f"Django sends no {HEADER}", stack)


SENSITIVE = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "hid", "bluetooth",
             "display-capture")  # fmt: skip
"""Features that browsers give to the site itself only, where no policy says otherwise."""


def open_to_all(policy: object) -> str:
    """The first sensitive feature that a policy gives to every site, "" if it gives none."""
    if not isinstance(policy, dict):
        return ""
    for feature in SENSITIVE:
        allowed = policy.get(feature)
        if allowed == "*" or (isinstance(allowed, (list, tuple)) and "*" in allowed):
            return feature
    return ""


def of_setting(case: Case, by_proxy: str) -> Judgement:
    """The middleware is installed: has it something to send?"""
    name = "PERMISSIONS_POLICY"
    value: object = case[name]
    if isinstance(value, Unknown):
        return unreadable(case, why_unknown(name, value), name)
    everywhere = open_to_all(value)
    if everywhere:
        message = (
            f'{name} gives {everywhere} to every site ("*"), more than browsers do by themselves'
        )
        return bad(case, message, name)
    if value:
        return good(case, f"{name} is sent", name)
    if by_proxy:
        return elsewhere(case, by_proxy, name)
    return bad(case, f"{name} is not set: the middleware sends nothing", name)


@PERMISSIONS_POLICY.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.header_proofs import prove_header

    def wrong(value: str) -> str:
        return "" if "=" in value else "is no policy that browsers read"

    yield from prove_header(site, "Permissions-Policy", wrong, html=True)
