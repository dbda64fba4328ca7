"""No private key lies in the repository.

A private key is as good as its owner: with that of a service account one reads and writes what the account may, with
one for SSH one logs in, with that of a server one answers in its name, or signs what it would have signed. What is
committed is known to everybody who ever had the repository, to the machines that build it, and to the image that
`COPY . .` makes. It stays in the history for ever, and programs search public repositories for keys within minutes.

hardango looks at files whose name says that they can hold a key (`*.pem`, `*.key`, `id_rsa`, JSON of service accounts),
and takes what has the shape of a key that no password protects. Files that git ignores are left out, and so is whatever
lies in directories for tests, examples and development, or is named after localhost or example.com. What a key opens is not
known: it may be an old one, or one that signs nothing of weight.

To mend it, make a new key where it is used and withdraw the old one; only then remove the file, which by itself changes
nothing for those who have it. Give keys to production as secrets of the platform. Keys inside of settings are the
business of committed-credentials; no check of Django looks at either.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad_at, cwe, docs, good_at
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

COMMITTED_KEYS = Control(
    "committed-keys",
    title="Private keys outside the repository",
    weakness="A private key lies in the repository",
    severity=Severity.HIGH,
    settings=(),
    attack="Whoever gets to see the repository, an image or a backup acts as the key's owner.",
    remedy="Make a new key, withdraw the old one, and give it to production as a secret of the platform.",
    person="only whoever issued the key can withdraw it",
    references=(
        asvs("13.3.1"), cwe(321), cwe(540),
        docs("https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"),
    ),
    assumes_debug_off=False,
)  # fmt: skip

KINDS = {
    "private": ("a private key", Severity.MEDIUM),
    "ssh": ("a private key of SSH", Severity.HIGH),
    "service account": ("the key of a service account", Severity.HIGH),
}
SHOWN = 5


@COMMITTED_KEYS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for key in deployment.keys[:SHOWN]:
        what, severity = KINDS[key.kind]
        message = f"{key.place.file} is {what} that no password protects"
        yield bad_at(settings, message, key.place, severity=severity, about=key.place.file)
    more = len(deployment.keys) - SHOWN
    if more > 0:
        place = deployment.keys[SHOWN].place
        message = f"{more} more file{'s are' if more > 1 else ' is'} a private key"
        yield bad_at(settings, message, place, severity=Severity.MEDIUM, about="more keys")
    yield good_at(settings, "No private key was found among the files of the project")
