from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432
    name: str = "depot"
    user: str = "depot"
    password: SecretStr = SecretStr("")


class Configuration(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="DEPOT_", env_nested_delimiter="__", env_file=".env", extra="ignore"
    )

    secret_key: SecretStr
    debug: bool = False
    allowed_hosts: list[str] = ["depot.example.com"]
    stage: Literal["development", "production"] = "production"
    hsts_seconds: int = Field(default=31536000, validation_alias=AliasChoices("HSTS", "HSTS_SECONDS"))
    session_lifetime: timedelta = timedelta(hours=8)
    origins: Annotated[str, NoDecode] = ""
    database: Database = Database()

    @property
    def secure(self) -> bool:
        return self.stage == "production" and not self.debug
