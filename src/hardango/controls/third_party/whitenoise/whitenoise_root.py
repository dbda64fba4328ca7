"""WhiteNoise serves no directory with the project in it.

WhiteNoise serves every file below WHITENOISE_ROOT at the root of the site, also those whose names begin
with a dot. With `WHITENOISE_ROOT = BASE_DIR` that is the project: `/.env`, `/db.sqlite3`,
`/config/settings.py`, the directory of git. Programs ask every site for these names all day long.

A directory with nothing in it but what belongs at the root, such as `robots.txt` and `favicon.ico`, is what
the setting is for: `BASE_DIR / "public"`. What breaks: nothing that was meant. What was served has to be
taken for known: change the secrets.

hardango compares the path with that of the settings module. STATIC_ROOT, which WhiteNoise serves as well,
is judged by `static-source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    cwe,
    docs,
)  # fmt: skip
from hardango.controls.options import WHITENOISE, judged_where_used
from hardango.controls.places import apart_from_code
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

WHITENOISE_ROOT = Control(
    "whitenoise-root",
    title="Directory that WhiteNoise serves",
    weakness="WhiteNoise serves the source of the project",
    severity=Severity.HIGH,
    settings=("WHITENOISE_ROOT",),
    attack="Anybody downloads the settings, the environment file and the database.",
    remedy='Name a directory with public files and nothing else: WHITENOISE_ROOT = BASE_DIR / "public"; '
    "then change all secrets.",
    person="which of these files visitors need is not in the settings",
    references=(
        asvs("13.4.1"), cwe(552), cwe(538),
        docs("https://whitenoise.readthedocs.io/en/stable/django.html#WHITENOISE_ROOT"),
    ),
)  # fmt: skip

NAME = "WHITENOISE_ROOT"


@WHITENOISE_ROOT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def of_root(case: Case) -> Iterator[Judgement]:
        root = case.outcomes[NAME]._replace(condition=case.condition)
        yield apart_from_code(settings, NAME, root, "its files are served")

    yield from judged_where_used(settings, deployment, WHITENOISE, of_root, NAME)
