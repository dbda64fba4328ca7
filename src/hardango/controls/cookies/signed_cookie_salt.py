"""A signed cookie cannot be passed off as another one.

`set_signed_cookie` signs a value together with the cookie's name and a salt. Up to 2026 Django simply
joined the two, so that the signature of the cookie "a" with the salt "bc" was also that of "ab" with
"c": whoever gets one signed may present it as the other. The newer derivation keeps them apart.

`SIGNED_COOKIE_LEGACY_SALT_FALLBACK = True` goes on accepting the old signatures: right for as long as old
cookies are around after the upgrade, False by default in Django 6.1, True in the patch releases of
5.2 and 6.0 that brought the setting. Nothing breaks when it is switched off but cookies that were signed
before the upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    bad,
    cwe,
    docs,
    good,
    nothing_to_protect,
    unreadable,
)
from hardango.controls.values import operator_decides, stated, truth, version_of
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

SIGNED_COOKIE_SALT = Control(
    "signed-cookie-salt",
    title="Salt of signed cookies",
    weakness="Signatures of one cookie are accepted for another",
    severity=Severity.LOW,
    settings=("SIGNED_COOKIE_LEGACY_SALT_FALLBACK",),
    attack="Whoever gets one cookie signed presents its signature for another one whose name and salt "
    "join to the same text.",
    remedy="Leave SIGNED_COOKIE_LEGACY_SALT_FALLBACK at False once the cookies that were signed before "
    "the upgrade have expired.",
    references=(cwe(347), docs("ref/settings/#signed-cookie-legacy-salt-fallback")),
)  # fmt: skip


@SIGNED_COOKIE_SALT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    name = "SIGNED_COOKIE_LEGACY_SALT_FALLBACK"
    if name not in settings:
        yield nothing_to_protect(settings, f"{version_of(settings)} has no such setting")
        return
    for outcome in settings[name]:
        known = truth(outcome.value)
        if known is None:
            yield unreadable(outcome, operator_decides(settings[name], outcome))
        elif known and outcome.default:
            message = f"{stated(outcome, name)}: old signatures are accepted"
            yield bad(outcome, message, pedantic=True)
        elif known:
            yield bad(outcome, f"{stated(outcome, name)}: old signatures are accepted")
        else:
            yield good(outcome, stated(outcome, name))


@SIGNED_COOKIE_SALT.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SIGNED_COOKIE_LEGACY_SALT_FALLBACK", False, safe=False,
                 risk="signed cookies from before the upgrade are no longer valid")  # fmt: skip
