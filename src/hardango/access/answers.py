"""What a statement of a view answers: whether it turns somebody away, and how."""

from __future__ import annotations

import ast

from hardango.access.asked import Words, called_name, dotted

_RAISED = {
    "PermissionDenied": "403",
    "NotAuthenticated": "401",
    "AuthenticationFailed": "401",
    "NotAuthorized": "403",
    "Forbidden": "403",
    "Unauthorized": "401",
    "Http404": "404",
    "NotFound": "404",
    "ObjectDoesNotExist": "404",
}
_RETURNED = {
    "HttpResponseForbidden": "403",
    "HttpResponseNotFound": "404",
    "HttpResponseBadRequest": "400",
    "HttpResponseNotAllowed": "405",
    "HttpResponseUnauthorized": "401",
    "HttpResponseGone": "410",
    "permission_denied": "403",
    "page_not_found": "404",
    "bad_request": "400",
    "redirect_to_login": "login",
    "handle_no_permission": "login",
    "handle_not_authenticated": "login",
    "no_permissions_fail": "login",
}
_REDIRECTS = {
    "redirect",
    "HttpResponseRedirect",
    "HttpResponsePermanentRedirect",
    "HttpResponseSeeOther",
}
_LOGIN = ("login", "signin", "sign_in", "sign-in", "log_in", "log-in")

HARD = ("401", "403", "login")
"""Answers that are about who asks, whatever was tested."""

_ACTS = {
    "create", "acreate", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "save", "asave", "delete", "adelete", "update", "aupdate", "send", "send_mail", "delay",
    "apply_async", "enqueue", "login", "logout", "set_password", "write", "execute",
}  # fmt: skip
"""Calls that do something, by the last part of their name."""


def raised(node: ast.Raise, words: Words) -> str:
    """The status that an exception becomes, "500" if not known."""
    error = node.exc
    if error is None:
        return "500"
    name = called_name(error, words) if isinstance(error, ast.Call) else dotted(error, words)
    last = name.rpartition(".")[2]
    if last == "HttpError" and isinstance(error, ast.Call) and error.args:
        return _status(error.args[0]) or "500"
    if last in _RAISED:
        return _RAISED[last]
    return next((code for known, code in _RAISED.items() if last.startswith(known)), "500")


def returned(value: ast.expr | None, words: Words, depth: int = 0) -> str:
    """What an answer that turns away is: its status, "login", "redirect"; "" for any other."""
    if depth > 5 or value is None:
        return ""
    if isinstance(value, ast.Await):
        return returned(value.value, words, depth + 1)
    if isinstance(value, ast.Name) and value.id in words.assigned:
        return returned(words.assigned[value.id], words, depth + 1)
    if isinstance(value, ast.Tuple) and value.elts:
        return _status(value.elts[0])
    if not isinstance(value, ast.Call):
        return ""
    last = called_name(value, words).rpartition(".")[2]
    if last in _RETURNED:
        return _RETURNED[last]
    if last in _REDIRECTS:
        return "login" if _leads_to_login(value) else "redirect"
    for keyword in value.keywords:
        if keyword.arg in ("status", "status_code"):
            return _status(keyword.value)
    for argument in value.args[1:]:
        number = isinstance(argument, ast.Constant) and isinstance(argument.value, int)
        status = _status(argument) if isinstance(argument, ast.Attribute) or number else ""
        if status:
            return status
    return ""


def _leads_to_login(call: ast.Call) -> bool:
    for each in ast.walk(call):
        said = ""
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            said = each.value
        elif isinstance(each, ast.Attribute):
            said = each.attr.lower().removesuffix("_url")
        elif isinstance(each, ast.Name):
            said = each.id.lower().removesuffix("_url")
        if said.partition("?")[0].rstrip("/").endswith(_LOGIN):
            return True
    return False


def _status(node: ast.expr) -> str:
    """A status that is an error, "" for any other."""
    said = str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
    last = said.rpartition(".")[2].removeprefix("HTTP_")[:3]
    if last in ("FOR", "UNA", "NOT"):
        known = {"FORBIDDEN": "403", "UNAUTHORIZED": "401", "NOT_FOUND": "404"}
        return known.get(said.rpartition(".")[2], "")
    return last if last.isdigit() and last[0] in "45" else ""


def unused(node: ast.Expr, words: Words) -> str:
    """Why a statement that looks as if it turned somebody away does nothing, "" for others."""
    call = node.value
    name = called_name(call, words) if isinstance(call, ast.Call) else dotted(call, words)
    last = name.rpartition(".")[2]
    if last in ("PermissionDenied", "Http404", "NotAuthenticated"):
        return "it is not raised"
    if not isinstance(call, ast.Call):
        return ""
    if last in _REDIRECTS or last.startswith("HttpResponse") or last == "redirect_to_login":
        return "its answer is not returned"
    return ""


_HARMLESS = ("messages.", "log", "print", "warn", "sentry", "capture_", "metric", "statsd")


def acts(node: ast.AST, alone: bool) -> bool:
    """Whether a statement does something that lasts; one that is only a call (`alone`) is taken
    to, unless it tells somebody something."""
    if alone and isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return not ast.unparse(node.value.func).lower().startswith(_HARMLESS)
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in _ACTS
        for each in ast.walk(node)
    )
