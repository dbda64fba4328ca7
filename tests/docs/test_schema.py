"""The JSON schema of a configuration says what `configuration/read.py` does."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hardango.configuration import BadConfiguration
from hardango.configuration.read import read

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
SCHEMA = json.loads((DOCS / "hardango.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

DOCUMENTED = [
    (page.name, block)
    for page in sorted(DOCS.rglob("*.md"))
    for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    if "[tool.hardango" in block or "[[tool.hardango" in block
]


def data(text: str) -> Any:
    """TOML as an editor hands it to a schema: a date is a text."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def accepted(text: str) -> bool:
    """Whether Hardango itself takes it."""
    try:
        read("/project/hardango.toml", text, "/project")
    except BadConfiguration:
        return False
    return True


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("page, text", DOCUMENTED)
def test_every_documented_configuration_is_accepted(page: str, text: str) -> None:
    VALIDATOR.validate(data(text)["tool"]["hardango"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "settings = 'conf.production'",
        "settings = ['a.b', 'a.c']",
        "closed-env = true",
        "django = '5.2'",
        "fail-on = 'never'",
        "min-severity = 'info'",
        "control = 'hsts'",
        "exclude = ['hsts', 'debug']",
        "[env]\nDEBUG = '0'",
        "[deployment]\ntls = 'none'",
        "[deployment]\ntls = 'none'\nhosts = 'proxy'",
        "[deployment]\ntls = 'server'\nredirect = 'proxy'\nscheme-header = 'X-Scheme'",
        "[deployment]\nheaders = 'Referrer-Policy'",
        "[deployment]\nheaders = ['A', 'B-C']",
        "[deployment]\nredirect = 'django'",
        "[deployment]\nproxies = 0\nhealth-check = '/up'",
        "[[ignore]]\ncontrol = 'hsts'\nreason = 'why'\nuntil = 2027-01-31",
        "[[ignore]]\ncontrol = 'hsts'\nreason = 'why'\nuntil = '2027-01-31'",
    ],
)
def test_it_accepts_what_is_accepted(text: str) -> None:
    assert accepted(text)
    VALIDATOR.validate(data(text))


@pytest.mark.parametrize(
    "text",
    [
        "fial-on = 'high'",
        "fail-on = 'xyz'",
        "min-severity = 'never'",
        "closed-env = 'yes'",
        "django = 5.2",
        "django = 'five'",
        "settings = []",
        "settings = ['a', 1]",
        "exclude = ['hst']",
        "control = 'xyz'",
        "env = {A = 1}",
        "deployment = 1",
        "[deployment]\ntls = 'prox'",
        "[deployment]\nproxies = -1",
        "[deployment]\nhealth-check = 'up'",
        "[deployment]\nscheme-header = 'X Forwarded'",
        "[deployment]\nheaders = ['A B']",
        "[deployment]\ntls = 'none'\nredirect = 'proxy'",
        "[deployment]\ntls = 'none'\nscheme-header = 'X-Scheme'",
        "[ignore]\ncontrol = 'hsts'",
        "[[ignore]]\nreason = 'x'",
        "[[ignore]]\ncontrol = 'hsts'\nreason = ' '",
        "[[ignore]]\ncontrol = 'hsts'\nreason = 'x'\nuntil = 2027-01-01T00:00:00",
    ],
)
def test_it_rejects_what_is_rejected(text: str) -> None:
    assert not accepted(text)
    assert list(VALIDATOR.iter_errors(data(text)))
