"""One request through all of the project's middleware to its view, undone afterwards."""

import contextlib
import io
import signal
import sys
from urllib.parse import quote_from_bytes

from hardango_gate import Entered

_LARGEST = 256 * 1024


class TooLong(BaseException):
    """The request takes longer than it may."""


class Sender:
    """Asks the project. `host` is its name, `scheme_header` what makes a request one over HTTPS;
    a request may take `seconds`."""

    def __init__(self, gate, host, scheme_header, seconds):
        from django.core import signals
        from django.core.handlers.base import BaseHandler
        from django.db import close_old_connections

        signals.request_started.disconnect(close_old_connections)
        signals.request_finished.disconnect(close_old_connections)
        signals.got_request_exception.connect(self._note_failure)
        signal.signal(signal.SIGALRM, _too_long)
        self._gate, self._host, self._scheme_header = gate, host, scheme_header
        self._seconds = seconds
        self._failure, self._request, self._stranger = "", None, None
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def _note_failure(self, **rest):
        self._failure = sentence(sys.exc_info()[1])

    def send(self, method, path, session="", user=None, force=False):
        """What became of a request: `entered` (did the view's own code begin?), `status`,
        `location`, `text`, `kind` of its content, `failed` (why there is no answer),
        `stranger` (the session of the user was not accepted)."""
        from django.core.handlers.wsgi import WSGIRequest

        self._failure = ""
        said = {"entered": False, "status": 0, "location": "", "text": "", "kind": "",
                "failed": "", "stranger": False}  # fmt: skip
        request = WSGIRequest(self._environ(method, path, session))
        request._dont_enforce_csrf_checks = True
        self._request, self._stranger = request, None
        if force and user is not None:
            request._force_auth_user = user
        signal.setitimer(signal.ITIMER_REAL, self._seconds, 1.0)
        try:
            with contextlib.closing(self._handler.get_response(request)) as response:
                _answered(said, response)
        except Entered:
            pass
        except TooLong:
            said["failed"] = "no answer within %g seconds" % self._seconds
        except SystemExit as stop:
            said["failed"] = "it exits (%s)" % stop.code
        except BaseException as error:
            said["failed"] = sentence(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        said["entered"] = self._gate.entered
        if said["status"] >= 500 and self._failure:
            said["failed"] = self._failure
        if user is not None and not force:
            said["stranger"] = _is_stranger(request) if self._stranger is None else self._stranger
        return said

    def look_at_user(self):
        """Note whether who asks is somebody, while the request is on its way; where no database can
        be asked, as in a coroutine, it is looked at afterwards."""
        with contextlib.suppress(Exception):
            self._stranger = not self._request.user.is_authenticated

    def _environ(self, method, path, session):
        from django.conf import settings

        path, _, query = path.partition("?")
        raw = path.encode("utf-8")
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": raw.decode("latin-1"),
            "QUERY_STRING": query, "RAW_URI": quote_from_bytes(raw), "SERVER_NAME": self._host,
            "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self._host, "HTTP_USER_AGENT": "hardango",
            "HTTP_ACCEPT": "text/html,application/json;q=0.9,*/*;q=0.8",
            "HTTP_REFERER": "https://%s/" % self._host,
            "CONTENT_LENGTH": "0", "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "https", "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }  # fmt: skip
        if self._scheme_header and self._scheme_header[0].startswith("HTTP_"):
            environ[self._scheme_header[0]] = self._scheme_header[1]
        if session:
            environ["HTTP_COOKIE"] = "%s=%s" % (settings.SESSION_COOKIE_NAME, session)
        return environ


def _answered(said, response):
    said["status"] = response.status_code
    said["location"] = response.get("Location", "") if 300 <= response.status_code < 400 else ""
    said["kind"] = response.get("Content-Type", "")
    if getattr(response, "is_async", False):
        return
    size, pieces = 0, []
    for piece in response:
        pieces.append(piece if isinstance(piece, bytes) else str(piece).encode())
        size += len(pieces[-1])
        if size > _LARGEST:
            break
    said["text"] = b"".join(pieces)[:_LARGEST].decode("utf-8", "replace")


def _is_stranger(request):
    """Whether whoever asked is nobody, though a session came with the request."""
    user = getattr(request, "user", None)
    try:
        return user is None or not user.is_authenticated
    except Exception:  # the body may have closed the database
        return False


def _too_long(number, frame):
    raise TooLong


def sentence(error):
    said = str(error).strip().split("\n")[0][:300]
    return type(error).__name__ + (": " + said if said else "")


@contextlib.contextmanager
def undone():
    """A transaction in every database that is never committed."""
    from django.db import connections, transaction

    with contextlib.ExitStack() as stack:
        for alias in connections:
            if connections[alias].settings_dict.get("ENGINE", "").endswith("dummy"):
                continue
            block = transaction.atomic(using=alias)
            block._from_testcase = True  # so that durable blocks may stand inside of it
            stack.enter_context(block)
            stack.callback(_undo, alias)
        yield


def _undo(alias):
    from django.db import transaction

    transaction.set_rollback(True, using=alias)
