"""pydantic settings, held against the library itself and in environments that are not known."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import outcomes, told
from tests.settings.libraries.agreeing import both

pytest.importorskip("pydantic_settings")

START = """
from enum import Enum
from typing import Annotated, Literal, Optional
from pydantic import AliasChoices, BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
"""

FIELDS = [
    ("x: str", {"X": "a"}),
    ("x: str", {}),
    ("x: str = 'd'", {"x": ""}),
    ("x: Optional[str] = None", {}),
    ("x: str | None = None", {"X": "t"}),
    *[("x: bool = False", {"X": each}) for each in ("1", "Off", "YES", "t", "", "2", " true")],
    *[("x: int = 0", {"X": each}) for each in ("5", "-1", "5.0", "5.5", "five")],
    ("x: float = 0", {"X": "1.5"}),
    ("x: list[str] = []", {"X": '["a", "b"]'}),
    ("x: list[str] = ['d']", {"X": "a,b"}),
    ("x: list[int] = []", {"X": '["1", 2]'}),
    ("x: dict[str, int] = {}", {"X": '{"a": "1"}'}),
    ("x: Literal['dev', 'prod'] = 'prod'", {"X": "dev"}),
    ("x: Literal['dev', 'prod'] = 'prod'", {"X": "test"}),
    ("x: Annotated[list[str], Field(default_factory=list)]", {}),
    ("x: int = Field(3, validation_alias='OTHER')", {"X": "1", "other": "2"}),
    ("x: int = Field(3, validation_alias=AliasChoices('A', 'B'))", {"B": "2"}),
    ("x: int = '7'", {}),
]


@pytest.mark.parametrize(("field", "env"), FIELDS)
def test_a_field_is_read_as_the_library_reads_it(field: str, env: dict[str, str]) -> None:
    source = f"{START}\nclass Settings(BaseSettings):\n    {field}\n\nA = Settings().x\n"
    library, model = both(source, env)
    assert model == library


NESTED = f"""{START}
class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432

class Stage(str, Enum):
    DEV = "dev"
    PROD = "prod"

class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="APP_", env_nested_delimiter="__", env_file=".env", extra="ignore"
    )
    database: Database = Database()
    key: SecretStr = SecretStr("k")
    stage: Stage = Stage.DEV
    name: str = "n"

    @field_validator("name")
    @classmethod
    def upper(cls, value):
        return value.upper()

settings = Settings()
A = settings.database.host, settings.database.port
B = settings.key.get_secret_value(), str(settings.key)
C = settings.stage.value, settings.stage is Stage.PROD
D = settings.name
"""


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"APP_DATABASE__HOST": "h"},
        {"APP_DATABASE": '{"port": 1}'},
        {"APP_KEY": "s", "APP_STAGE": "prod"},
        {"APP_STAGE": "no"},
        {"app_name": "x"},
    ],
)
def test_models_enumerations_secrets_and_validators(env: dict[str, str]) -> None:
    files = {"settings.py": NESTED, ".env": "APP_NAME=from-file\nOTHER=1\n"}
    library, model = both(files, env)
    assert model == library


def test_an_open_environment_tells_the_cases_apart() -> None:
    source = f"""{START}
class Settings(BaseSettings):
    debug: bool = False
    stage: Literal["dev", "prod"] = "prod"
    key: str

settings = Settings()
DEBUG = settings.debug
SECURE = settings.stage == "prod"
"""
    found = outcomes(source, {"KEY": "k"})
    assert [(told(value), when) for value, when in found["DEBUG"]] == [
        ("unknown: read from DEBUG", ("DEBUG is set",)),
        (False, ("DEBUG is unset",)),
    ]
    assert (False, ("STAGE is 'dev'",)) in found["SECURE"]
