"""Managers of secrets, asked by their own clients on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import standins
from sites import Site

CLIENTS = """
from hardango.django import managers
def google_client():
    import grpc
    from google.cloud import secretmanager
    from google.cloud.secretmanager_v1.services.secret_manager_service import transports
    channel = grpc.insecure_channel("127.0.0.1:" + os.environ["GOOGLE_PORT"])
    transport = transports.SecretManagerServiceGrpcTransport(channel=channel)
    return secretmanager.SecretManagerServiceClient(transport=transport)
def azure_client():
    from azure.core.credentials import AccessToken
    from azure.keyvault.secrets import SecretClient
    class Credential:
        def get_token(self, *scopes, **more): return AccessToken(os.environ["VAULT_TOKEN"], 4102444800)
    return SecretClient(VAULT, Credential(), connection_verify="ca.pem",
                        verify_challenge_resource=False, retry_total=0)
VAULT = "https://127.0.0.1:" + os.environ["AZURE_PORT"]
aws, vault = managers.aws, managers.vault
def google(name, **more): return managers.google("projects/p/secrets/" + name, client=google_client, **more)
def azure(name, **more): return managers.azure(VAULT, name, client=azure_client, **more)
def tell(manager):
    from django.core.exceptions import ImproperlyConfigured
    try: return secret("API_KEY", manager=manager)
    except ImproperlyConfigured as problem: return "! " + str(problem)
"""
VALUE = standins.VALUE
SAID = {
    'aws("plain")': VALUE,
    'aws("shop", key="django")': VALUE,
    'aws("shop", key="jango")': "! AWS Secrets Manager, shop: the secret has no key 'jango'.",
    'aws("shop", key="count")': "! AWS Secrets Manager, shop: 'count' is a int, not a text.",
    'aws("plain", key="django")': "! AWS Secrets Manager, plain: the secret is no JSON object.",
    'aws("binary")': "! AWS Secrets Manager, binary: the secret is no text.",
    'aws("empty")': "! API_KEY: what the manager of secrets has is empty.",
    'aws("gone")': "! AWS Secrets Manager, gone: ResourceNotFoundException",
    'google("plain")': VALUE,
    'google("shop", key="django")': VALUE,
    'google("empty")': "! API_KEY: what the manager of secrets has is empty.",
    'google("gone")': "! Google Secret Manager, projects/p/secrets/gone: NotFound: 404 Secret",
    'azure("plain")': VALUE,
    'azure("shop", key="django")': VALUE,
    'azure("empty")': "! API_KEY: what the manager of secrets has is empty.",
    'azure("gone")': "! Azure Key Vault, gone in https://127.0.0.1",
    'vault("shop", "django")': VALUE,
    'vault("shop", "jango")': "! Vault, secret/shop: the secret has no key 'jango'.",
    'vault("gone", "django")': "! Vault, secret/gone: InvalidPath",
    'vault("shop", "django", mount="kv")': "! Vault, kv/shop: InvalidPath",
    'vault("shop", "django", client=lambda: __import__("hvac").Client(token="wrong"))':
        "! Vault, secret/shop: Forbidden: ",
    'vault("shop", "django", client=lambda: __import__("no_such_client"))':
        '! Vault, secret/shop: its client is not installed (no_such_client): pip install "hardango[vault]"',
}  # fmt: skip


class Managed(NamedTuple):
    site: Site
    variables: dict[str, str]


@pytest.fixture(scope="module")
def managed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Managed]:
    folder = tmp_path_factory.mktemp("site")
    with (
        standins.service() as plain,
        standins.service(folder) as over_tls,
        standins.google() as google,
    ):
        here = f"http://127.0.0.1:{plain}"
        yield Managed(Site(folder, CLIENTS), {
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": here, "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "AKIA0123456789ABCDEF", "AWS_SECRET_ACCESS_KEY": "a-made-up-one",
            "AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none",
            "VAULT_ADDR": here, "VAULT_TOKEN": standins.TOKEN,
            "AZURE_PORT": str(over_tls), "GOOGLE_PORT": str(google),
        })  # fmt: skip


@pytest.fixture(scope="module")
def said(managed: Managed) -> dict[str, str]:
    calls = ", ".join(f"{call!r}: tell({call})" for call in SAID)
    program = f"from shop.settings import *\nprint(json.dumps({{{calls}}}))"
    told: dict[str, str] = managed.site.tell(program, **managed.variables)
    return told


@pytest.mark.parametrize("call", SAID)
def test_what_a_manager_has(said: dict[str, str], call: str) -> None:
    assert said[call].startswith(SAID[call])
    assert VALUE not in said[call] or said[call] == VALUE


FALLBACKS = "SECRET_KEY_FALLBACKS = fallbacks('OLD', manager=aws('shop', key='old'))\n"


def test_fallbacks_of_a_manager(managed: Managed) -> None:
    program = f"from shop.settings import *\n{FALLBACKS}print(json.dumps(SECRET_KEY_FALLBACKS))"
    assert managed.site.tell(program, **managed.variables) == ["one", "two"]
    assert managed.site.tell(program, OLD="three", **managed.variables) == ["three"]


REFUSED = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
"""Nothing listens at that port."""


def test_without_its_manager_nothing_starts_but_an_image_build(
    managed: Managed, tmp_path: Path
) -> None:
    key = 'SECRET_KEY = secret("API_KEY", manager=aws("plain"))\nSTATIC_ROOT = "static"\n'
    site = Site(tmp_path, CLIENTS + key)
    up = site.run("-m", "gunicorn", "--check-config", "shop.wsgi", **managed.variables)
    assert up.returncode == 0, up.stderr
    down = {**managed.variables, **REFUSED}
    done = site.run("-m", "gunicorn", "--check-config", "shop.wsgi", **down)
    assert done.returncode != 0
    assert "AWS Secrets Manager, plain: EndpointConnectionError" in done.stderr
    done = site.run("manage.py", "collectstatic", "--noinput", "--dry-run", **down)
    assert done.returncode == 0, done.stderr


def test_the_audit_takes_a_managed_key_for_what_it_is(managed: Managed, tmp_path: Path) -> None:
    key = 'SECRET_KEY = secret("API_KEY", manager=aws("plain"))\n'
    done = Site(tmp_path, CLIENTS + key).run(
        "-m", "hardango", "audit", ".", "--control", "secret-key", "--format", "json"
    )
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["verdict"] in ("pass", "unknown"), finding["message"]
