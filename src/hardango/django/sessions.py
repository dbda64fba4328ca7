"""Sessions outlive a rotation of SECRET_KEY, also those of a browser that asks for several things at once.

    MIDDLEWARE = [
        …
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "hardango.django.sessions.KeepSessionsMiddleware",
        …
    ]

Django accepts a session by an old key, gives it a new name and deletes the old one at once. What the same
browser has asked meanwhile comes with the old name: it is a stranger's, and the answer takes the cookie
away. Here the session keeps its name, and only its proof is made anew. A login still gets a new name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.auth import middleware
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject


class KeepSessionsMiddleware:
    """Stands right below AuthenticationMiddleware; as native in an async stack as in a sync one."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if "session" in request.__dict__:
            request.user = SimpleLazyObject(partial(_user, request))
            request.auser = partial(_auser, request)
        answer: HttpResponseBase | Awaitable[HttpResponseBase] = self.get_response(request)
        return answer


def _user(request: HttpRequest) -> Any:
    with _same_name(request.session):
        return middleware.get_user(request)


async def _auser(request: HttpRequest) -> Any:
    with _same_name(request.session):
        return await middleware.auser(request)


@contextmanager
def _same_name(session: Any) -> Iterator[None]:
    """While this lasts, the session is not given another name."""

    async def stays() -> None: ...

    session.cycle_key, session.acycle_key = (lambda: None), stays
    try:
        yield
    finally:
        del session.cycle_key, session.acycle_key
