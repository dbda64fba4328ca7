"""`python benchmarks/headers`: what the middleware for headers adds to a request.

Beside Django's own SecurityMiddleware and XFrameOptionsMiddleware, django-csp and
django-permissions-policy, in turns in one process, sync and async; the ratio is what counts. Writes
docs/header-cost.md. Ends with 1 if a target is missed.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

from hardango.django.conf import DENIED as FEATURES

if __name__ == "__main__":
    settings.configure(
        SECRET_KEY="x" * 50,
        ALLOWED_HOSTS=["testserver"],
        SECURE_HSTS_SECONDS=31536000,
        CONTENT_SECURITY_POLICY={
            "DIRECTIVES": {"default-src": ["'self'"], "object-src": ["'none'"]}
        },
        PERMISSIONS_POLICY={name: [] for name in FEATURES},
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
from django_permissions_policy import PermissionsPolicyMiddleware

from hardango.django.headers import ResponseHeadersMiddleware

PAGE = os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
    "docs", "header-cost.md",
)  # fmt: skip

ROUNDS, SYNC, ASYNC = 15, 4000, 150

STACKS: dict[str, list[Any]] = {
    "a view alone": [],
    "hardango": [ResponseHeadersMiddleware],
    "SecurityMiddleware": [SecurityMiddleware],
    "SecurityMiddleware, XFrameOptionsMiddleware": [SecurityMiddleware, XFrameOptionsMiddleware],
    "django-csp": [CSPMiddleware],
    "django-permissions-policy": [PermissionsPolicyMiddleware],
    "all four": [SecurityMiddleware, XFrameOptionsMiddleware, CSPMiddleware,
                 PermissionsPolicyMiddleware],
}  # fmt: skip
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
    sections = [HEAD.format(
        django=django.__version__, python=platform.python_version(),
        csp=importlib.metadata.version("django-csp"),
        policy=importlib.metadata.version("django-permissions-policy"),
    )]  # fmt: skip
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
        print(f"  {ratio:.1f} times less than {beside}; the target is {wanted}")
        missed |= ratio < wanted
        sections.append(section(kind, added, ratio))
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write("\n\n".join(sections) + "\n")
    return int(missed)


HEAD = """\
<!-- Made by `python3 dev.py bench headers`: change benchmarks/headers there. -->

# What the headers cost

Microseconds that each middleware adds to a request, least of fifteen rounds, all in turns in one process: Django
{django}, Python {python}, django-csp {csp}, django-permissions-policy {policy}. `hardango` is
`ResponseHeadersMiddleware` with its defaults, which sends what Django's two send as well. Under ASGI, Django and
the packages that aren't native there go through a thread for each of them."""


def section(kind: str, added: dict[str, float], ratio: float) -> str:
    beside, wanted = TARGETS[kind]
    rows = ["| middleware | µs | times hardango's |", "| --- | ---: | ---: |"]
    rows += [f"| {name} | {seconds * 1e6:.2f} | {seconds / added[OURS]:.1f} |"
             for name, seconds in added.items()]  # fmt: skip
    said = f"{ratio:.1f} times less than {beside}; the target is {wanted}."
    return f"## {kind}\n\n" + "\n".join(rows) + f"\n\n{said}"


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
