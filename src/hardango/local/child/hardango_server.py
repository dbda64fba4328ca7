"""A plain WSGI server of several threads, for a project whose own server is not known."""

import importlib
import socketserver
import ssl
import sys
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    def log_message(self, *said):
        pass

    def get_environ(self):
        # X_Forwarded_Proto must not pass for X-Forwarded-Proto: no common server lets it.
        for name in list(self.headers):
            if "_" in name:
                del self.headers[name]
        return super().get_environ()


def main():
    port, target, certificate, key = sys.argv[1:5]
    module, _, name = target.partition(":")
    if not name:
        module, _, name = target.rpartition(".")
    application = getattr(importlib.import_module(module), name)
    ServerHandler.server_software = ""
    server = _Server(("127.0.0.1", int(port)), _Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.base_environ["HTTPS"] = "on"
    server.set_app(application)
    server.serve_forever()


if __name__ == "__main__":
    main()
