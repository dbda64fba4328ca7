"""No installed package has a known hole, and Django itself is still supported.

A hole that is public is tried on every site within days, by programs that need no skill. Django
gets security fixes for about sixteen months after each feature release, three years for one with
long-term support; after that, holes are published and not mended.

This version of hardango does not compare the lock file with advisories yet, so it says nothing of
a project's packages: neither that they are safe nor that they are not. Until it does, use
`pip-audit` on the lock file, and read Django's table of supported versions.
"""

from __future__ import annotations

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.findings import Severity

DEPENDENCIES = Control(
    "dependencies",
    title="Known holes in dependencies",
    weakness="A dependency has a known hole",
    severity=Severity.HIGH,
    attack="A published hole in a package is tried on every site by programs.",
    remedy="Check the lock file with pip-audit in CI, and keep Django within its support window.",
    references=(
        asvs("15.2.1"), cwe(1395), docs("https://www.djangoproject.com/download/#supported-versions"),
    ),
    story=__doc__,
)  # fmt: skip
