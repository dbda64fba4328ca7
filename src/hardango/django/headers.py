"""The response headers that Django lacks, on every answer.

    MIDDLEWARE = ["hardango.django.headers.ResponseHeadersMiddleware", *MIDDLEWARE]

It stands outermost, so that what Django answers before its own middleware is done (the 400 for a
bad Host) has headers too: its own, and those that SecurityMiddleware, XFrameOptionsMiddleware and
ContentSecurityPolicyMiddleware are set to send. It replaces none of them. What a view has set itself is
left as it is, and `@response_headers` changes them for one view.

The values are frozen when the process starts: an answer costs one merge of two dicts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from hardango.django import conf

Store = dict[str, tuple[str, str]]
"""What `HttpHeaders` keeps: by the name in lower case, the name and the value."""

GetResponse = Callable[[HttpRequest], Any]

_WITHOUT = "_hardango_without"
_LOGGED_OUT = "_hardango_logged_out"

_SECURITY = "django.middleware.security.SecurityMiddleware"
_FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
_POLICY = "django.middleware.csp.ContentSecurityPolicyMiddleware"


class ResponseHeadersMiddleware:
    """Adds the frozen headers to each answer; as native in an async stack as in a sync one.

    Raises ImproperlyConfigured if HARDANGO["headers"] has what no browser knows.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        chosen = conf.read()
        self.plain: Store = _store({**_of_django(), **conf.rendered(chosen.headers.values)})
        hsts = _hsts()
        self.secure = {**self.plain, **_store(hsts)} if hsts else None
        self.no_store = bool(chosen.headers.no_store)
        self.cleared = ", ".join(f'"{each}"' for each in chosen.headers.clear_site_data)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._answer(request)
        return self._with_headers(request, self.get_response(request))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        return self._with_headers(request, await self.get_response(request))

    def _with_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        added = self.plain
        if self.secure is not None and request.is_secure():
            added = self.secure
        asked, answered = request.__dict__, response.__dict__
        if _WITHOUT in answered or "xframe_options_exempt" in answered or "_csp_config" in answered:
            added = _less(added, answered)
        headers = cast("Any", response.headers)
        headers._store = {**added, **headers._store}
        if self.no_store and _knows_the_user(asked):
            headers.setdefault("Cache-Control", "no-store")
        if self.cleared and _LOGGED_OUT in asked:
            headers.setdefault("Clear-Site-Data", self.cleared)
        return response


def response_headers(
    headers: Mapping[str, Any],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The headers of one view: `@response_headers({"Cross-Origin-Resource-Policy": "cross-origin"})`.

    Takes what HARDANGO["headers"] takes; None leaves a header out. Raises ImproperlyConfigured for
    a name or a value that no browser knows.
    """
    values = conf.rendered(headers)
    without = frozenset(name.lower() for name, value in headers.items() if value is None)

    def mark(response: HttpResponseBase) -> HttpResponseBase:
        for name, value in values.items():
            response.headers.setdefault(name, value)
        if without:
            setattr(response, _WITHOUT, without)
        return response

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(view):

            async def inner(*given: Any, **named: Any) -> HttpResponseBase:
                return mark(await view(*given, **named))
        else:

            def inner(*given: Any, **named: Any) -> HttpResponseBase:  # type: ignore[misc]
                return mark(view(*given, **named))

        return wraps(view)(inner)

    return decorator


def logged_out(request: HttpRequest | None = None, **_: Any) -> None:
    """Receives `user_logged_out`: the answer to this request ends the session."""
    if request is not None:
        setattr(request, _LOGGED_OUT, True)


def _less(added: Store, answered: Mapping[str, Any]) -> Store:
    """The headers, without those that a view or a decorator of Django leaves out."""
    without = set(answered.get(_WITHOUT, ()))
    if answered.get("xframe_options_exempt"):
        without.add("x-frame-options")
    if "_csp_config" in answered:
        without.add("content-security-policy")
    return {key: value for key, value in added.items() if key not in without}


def _knows_the_user(asked: Mapping[str, Any]) -> bool:
    """Whether the view has asked who the user is, and it is somebody. Nothing is looked up."""
    user = asked.get("_cached_user") or asked.get("_acached_user")
    return bool(user is not None and user.is_authenticated)


def _store(values: Mapping[str, str]) -> Store:
    return {name.lower(): (name, value) for name, value in values.items()}


# -- what Django's own middleware is set to send ---------------------------------------------------


def _of_django() -> dict[str, str]:
    found: dict[str, str] = {}
    if _installed(_SECURITY):
        referrer = settings.SECURE_REFERRER_POLICY
        if settings.SECURE_CONTENT_TYPE_NOSNIFF:
            found["X-Content-Type-Options"] = "nosniff"
        if referrer:
            parts = referrer.split(",") if isinstance(referrer, str) else referrer
            found["Referrer-Policy"] = ",".join(each.strip() for each in parts)
        if settings.SECURE_CROSS_ORIGIN_OPENER_POLICY:
            found["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    if _installed(_FRAMES):
        found["X-Frame-Options"] = str(settings.X_FRAME_OPTIONS).upper()
    if _installed(_POLICY):
        found |= _policy("Content-Security-Policy", getattr(settings, "SECURE_CSP", None))
    return found


def _policy(name: str, wanted: Mapping[str, Any] | None) -> dict[str, str]:
    """The policy for an answer that no template has made: it has no nonce, and what only a nonce
    would allow is allowed to nobody. Django drops such a directive, and what is left is weaker."""
    from django.utils.csp import CSP, build_policy

    def listed(value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value)

    bare: dict[str, Any] = {}
    for directive, value in (wanted or {}).items():
        if value is None or isinstance(value, bool):
            bare[directive] = value
            continue
        left = [each for each in listed(value) if each != CSP.NONCE]
        bare[directive] = left or ([CSP.NONE] if listed(value) else value)
    text = build_policy(bare) if bare else ""
    return {name: text} if text else {}


def _hsts() -> dict[str, str]:
    if not (_installed(_SECURITY) and settings.SECURE_HSTS_SECONDS):
        return {}
    value = f"max-age={settings.SECURE_HSTS_SECONDS}"
    value += "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    value += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    return {"Strict-Transport-Security": value}


def _installed(path: str) -> bool:
    """Whether MIDDLEWARE has a class, or one that is made of it."""
    if path in settings.MIDDLEWARE:
        return True
    try:
        wanted = import_string(path)
    except ImportError:  # an older Django
        return False
    for each in settings.MIDDLEWARE:
        try:
            made = import_string(each)
        except ImportError:
            continue
        if isinstance(made, type) and issubclass(made, wanted):
            return True
    return False
