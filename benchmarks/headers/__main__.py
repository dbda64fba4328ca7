"""`python benchmarks/headers`: what the middleware for headers adds to a request.

Beside Django's own SecurityMiddleware and XFrameOptionsMiddleware and django-csp, in turns in one
process, sync and async; the ratio is what counts. Ends with 1 if a target is missed.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

if __name__ == "__main__":
    settings.configure(
        SECRET_KEY="x" * 50,
        ALLOWED_HOSTS=["testserver"],
        SECURE_HSTS_SECONDS=31536000,
        CONTENT_SECURITY_POLICY={
            "DIRECTIVES": {"default-src": ["'self'"], "object-src": ["'none'"]}
        },
        MIDDLEWARE=[
            "hardango.django.headers.ResponseHeadersMiddleware",
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    django.setup()

from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory

from hardango.django.headers import ResponseHeadersMiddleware

ROUNDS, SYNC, ASYNC = 15, 4000, 150

STACKS: dict[str, list[Any]] = {
    "a view alone": [],
    "hardango": [ResponseHeadersMiddleware],
    "SecurityMiddleware": [SecurityMiddleware],
    "SecurityMiddleware, XFrameOptionsMiddleware": [SecurityMiddleware, XFrameOptionsMiddleware],
    "django-csp": [CSPMiddleware],
}
OURS, ALONE, SECURITY, PAIR = "hardango", "a view alone", "SecurityMiddleware", (
    "SecurityMiddleware, XFrameOptionsMiddleware"
)  # fmt: skip
TARGETS = {"sync": (SECURITY, 5), "async": (PAIR, 50)}
"""By kind: beside which stack, and how many times less is asked for."""


def view(request: Any) -> HttpResponse:
    return HttpResponse("page")


async def async_view(request: Any) -> HttpResponse:
    return HttpResponse("page")


def main() -> int:
    request = RequestFactory().get("/", secure=True)
    missed = False
    for kind, timed in (("sync", sync_seconds), ("async", async_seconds)):
        best = dict.fromkeys(STACKS, float("inf"))
        for _ in range(ROUNDS):
            for name, classes in STACKS.items():
                best[name] = min(best[name], timed(classes, request))
        print(f"\n{kind}: microseconds that each adds to {best[ALONE] * 1e6:.1f} of a view alone")
        added = {name: best[name] - best[ALONE] for name in STACKS if name != ALONE}
        for name, seconds in added.items():
            print(f"  {name:<46}{seconds * 1e6:8.2f}")
        beside, wanted = TARGETS[kind]
        ratio = added[beside] / added[OURS]
        print(f"  {ratio:.0f} times less than {beside}; the target is {wanted}")
        missed |= ratio < wanted
    return int(missed)


def chain(classes: list[Any], handler: Callable[..., Any]) -> Callable[..., Any]:
    for each in reversed(classes):
        handler = each(handler)
    return handler


def sync_seconds(classes: list[Any], request: Any) -> float:
    handler = chain(classes, view)
    started = time.perf_counter()
    for _ in range(SYNC):
        handler(request)
    return (time.perf_counter() - started) / SYNC


def async_seconds(classes: list[Any], request: Any) -> float:
    handler = chain(classes, async_view)

    async def run() -> float:
        started = time.perf_counter()
        for _ in range(ASYNC):
            await handler(request)
        return (time.perf_counter() - started) / ASYNC

    return asyncio.run(run())


if __name__ == "__main__":
    sys.exit(main())
