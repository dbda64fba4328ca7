"""Managers of secrets on this machine: each speaks as much of its API as a client asks for.

What they answer is what the services document: AWS's JSON protocol, Google's gRPC, Azure's challenge
for a token over TLS, Vault's key-value store. A request without credentials is refused as there.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answer = tuple[int, dict[str, Any], dict[str, str]]

VALUE = "of-the-manager-Kd8-wZ3q_Lx5vNb7Rt2Yc9Hg4Js6Mf1Pa0EuVi"
SECRETS = {"shop": json.dumps({"django": VALUE, "old": "one,two", "count": 7}),
           "empty": "", "plain": VALUE, "binary": "\ufffd"}  # fmt: skip
TOKEN = "a-token-of-this-test"


class Service(BaseHTTPRequestHandler):
    """AWS Secrets Manager, Azure Key Vault and Vault, told apart by what is asked."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(*self.of_aws(asked))

    def do_GET(self) -> None:
        self.answer(*(self.of_vault() if self.path.startswith("/v1/") else self.of_azure()))

    def of_aws(self, asked: dict[str, str]) -> Answer:
        if self.headers.get("X-Amz-Target") != "secretsmanager.GetSecretValue":
            return 400, {"__type": "UnknownOperationException"}, {}
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential="):
            return 400, {"__type": "MissingAuthenticationTokenException"}, {}
        name = asked["SecretId"]
        if name not in SECRETS:
            message = "Secrets Manager can't find the specified secret."
            return 400, {"__type": "ResourceNotFoundException", "message": message}, {}
        arn = f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{name}-AbCdEf"
        value = {"SecretBinary": "/w=="} if name == "binary" else {"SecretString": SECRETS[name]}
        return 200, {"ARN": arn, "Name": name, "VersionStages": ["AWSCURRENT"], **value}, {}

    def of_vault(self) -> Answer:
        mount, _, name = self.path.removeprefix("/v1/").partition("/data/")
        if self.headers.get("X-Vault-Token") != TOKEN:
            return 403, {"errors": ["permission denied"]}, {}
        if mount != "secret" or name != "shop":
            return 404, {"errors": []}, {}
        metadata = {"version": 3, "destroyed": False, "deletion_time": ""}
        return 200, {"data": {"data": json.loads(SECRETS[name]), "metadata": metadata}}, {}

    def of_azure(self) -> Answer:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            tenant = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001"
            asks = f'Bearer authorization="{tenant}", resource="https://vault.azure.net"'
            error = {"error": {"code": "Unauthorized", "message": "AKV10000: no token"}}
            return 401, error, {"WWW-Authenticate": asks}
        name = self.path.partition("?")[0].split("/")[2]
        if name not in SECRETS:
            said = {"code": "SecretNotFound", "message": f"A secret with name {name} was not found"}
            return 404, {"error": said}, {}
        host = f"https://{self.headers['Host']}/secrets/{name}/0123456789abcdef"
        return 200, {"value": SECRETS[name], "id": host, "attributes": {"enabled": True}}, {}

    def answer(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def service(folder: Path | None = None) -> Iterator[int]:
    """The port of the service; over TLS if a folder is given, into which its authority is written
    as ca.pem."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    if folder is not None:
        import trustme

        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


ACCESS = "/google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion"


@contextlib.contextmanager
def google() -> Iterator[int]:
    """The port of a Google Secret Manager, which speaks gRPC."""
    import grpc
    from google.cloud.secretmanager_v1 import types

    def access(asked: Any, context: grpc.ServicerContext) -> Any:
        start, end = "projects/p/secrets/", "/versions/latest"
        name = asked.name.removeprefix(start).removesuffix(end)
        if asked.name != start + name + end or name not in SECRETS:
            context.abort(grpc.StatusCode.NOT_FOUND, f"Secret [{asked.name}] not found.")
        payload = types.SecretPayload(data=SECRETS[name].encode())
        return types.AccessSecretVersionResponse(name=asked.name, payload=payload)

    class Handlers(grpc.GenericRpcHandler):
        def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
            if call.method != ACCESS:
                return None
            return grpc.unary_unary_rpc_method_handler(
                access,
                types.AccessSecretVersionRequest.deserialize,
                types.AccessSecretVersionResponse.serialize,
            )

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Handlers()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(1).wait(5)
