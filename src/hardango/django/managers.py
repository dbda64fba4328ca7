"""Managers of secrets, each asked through its own client.

    from hardango.django import managers, secret

    SECRET_KEY = secret("DJANGO_SECRET_KEY", manager=managers.aws("shop/production", key="django"))

Each function gives what `secret(manager=…)` takes; nothing is asked before it has to be. The client finds its
credentials as it always does (environment, role of the machine); `client=` gives another one, or a
function that makes it. Clients are extras: `pip install "hardango[aws]"`, `azure`, `google`, `vault`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

CONNECT, READ, TRIES = 5, 10, 3
"""Seconds to connect, seconds to wait for an answer, tries: a start must not hang."""

LONGEST = 300
"""Characters of what a client says of its failure."""

Manager = Callable[[], str]


def aws(name: str, *, key: str = "", client: Any = None) -> Manager:
    """AWS Secrets Manager: the secret of that name or ARN; `key` is a member of one that is JSON."""

    def default() -> Any:
        import boto3
        from botocore.config import Config

        tries = {"max_attempts": TRIES, "mode": "standard"}
        bounds = Config(connect_timeout=CONNECT, read_timeout=READ, retries=tries)
        return boto3.client("secretsmanager", config=bounds)

    def ask(client: Any) -> str | bytes:
        answer = client.get_secret_value(SecretId=name)
        kind = "SecretString" if "SecretString" in answer else "SecretBinary"
        found: str | bytes = answer[kind]
        return found

    return _manager(f"AWS Secrets Manager, {name}", "aws", client or default, ask, key)


def google(name: str, *, key: str = "", client: Any = None) -> Manager:
    """Google Secret Manager: `projects/PROJECT/secrets/SECRET`, of which the latest version counts
    unless `/versions/…` follows."""
    version = name if "/versions/" in name else f"{name}/versions/latest"

    def default() -> Any:
        from google.cloud import secretmanager

        return secretmanager.SecretManagerServiceClient()

    def ask(client: Any) -> bytes:
        found: bytes = client.access_secret_version(name=version, timeout=READ).payload.data
        return found

    return _manager(f"Google Secret Manager, {name}", "google", client or default, ask, key)


def azure(vault: str, name: str, *, key: str = "", client: Any = None) -> Manager:
    """Azure Key Vault: a secret of the vault at that URL (https://shop.vault.azure.net)."""

    def default() -> Any:
        from azure.identity import DefaultAzureCredential
        from azure.keyvault.secrets import SecretClient

        bounds = {"connection_timeout": CONNECT, "read_timeout": READ, "retry_total": TRIES}
        return SecretClient(vault_url=vault, credential=DefaultAzureCredential(), **bounds)

    def ask(client: Any) -> str:
        return client.get_secret(name).value or ""

    return _manager(f"Azure Key Vault, {name} in {vault}", "azure", client or default, ask, key)


def vault(path: str, key: str, *, mount: str = "secret", client: Any = None) -> Manager:
    """HashiCorp Vault: a key of a secret in the key-value store (version 2) that is mounted there."""

    def default() -> Any:
        import hvac

        return hvac.Client(timeout=READ)

    def ask(client: Any) -> str:
        store = client.secrets.kv.v2
        answer = store.read_secret_version(path, mount_point=mount, raise_on_deleted_version=True)
        return json.dumps(answer["data"]["data"])

    return _manager(f"Vault, {mount}/{path}", "vault", client or default, ask, key)


def _manager(
    where: str, extra: str, client: Any, ask: Callable[[Any], str | bytes], key: str
) -> Manager:
    """Asks once; each failure becomes one sentence that keeps the settings from loading."""

    def fetch() -> str:
        try:
            found = ask(client() if callable(client) else client)
            text = found.decode() if isinstance(found, bytes) else found
        except ImportError as problem:
            raise ImproperlyConfigured(
                f"{where}: its client is not installed ({problem.name}): "
                f'pip install "hardango[{extra}]"'
            ) from None
        except UnicodeDecodeError:
            raise ImproperlyConfigured(f"{where}: the secret is no text.") from None
        except Exception as problem:
            # Each client has a family of exceptions of its own; whichever it is, nothing starts.
            raise ImproperlyConfigured(f"{where}: {_why(problem)}") from None
        return _member(text, key, where) if key else text

    return fetch


def _member(text: str, key: str, where: str) -> str:
    try:
        value = json.loads(text)[key]
    except KeyError:
        raise ImproperlyConfigured(f"{where}: the secret has no key {key!r}.") from None
    except (ValueError, TypeError):
        raise ImproperlyConfigured(f"{where}: the secret is no JSON object.") from None
    if not isinstance(value, str):
        raise ImproperlyConfigured(f"{where}: {key!r} is a {type(value).__name__}, not a text.")
    return value


def _why(problem: Exception) -> str:
    """What a client says of its failure: the class, and the first line."""
    line = next(iter(str(problem).splitlines()), "")[:LONGEST]
    return f"{type(problem).__name__}: {line}" if line else type(problem).__name__
