"""A small client that asks a server on this machine as fast as it answers, and looks at every answer.

Requests and time are bounded; nothing but 127.0.0.1 is asked.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http.cookies import SimpleCookie
from typing import NamedTuple

HERE = "127.0.0.1"
SLOWEST = 30.0
"""Seconds for one answer."""


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


async def ask(
    port: int, host: str, path: str, headers: Mapping[str, str] = {}, *, secure: bool = True
) -> Answer:
    """One request on a connection of its own. Raises OSError if nobody listens or the answer is cut."""
    reader, writer = await asyncio.open_connection(HERE, port)
    try:
        sent = {"Host": host, "Connection": "close", **headers}
        if secure:
            sent["X-Forwarded-Proto"] = "https"
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        data = await asyncio.wait_for(reader.read(), SLOWEST)
    finally:
        writer.close()
    head, _, body = data.partition(b"\r\n\r\n")
    status, *rest = head.decode("latin-1").split("\r\n")
    if not status.startswith("HTTP/1."):
        raise ConnectionError("no answer")
    pairs = [tuple(line.split(": ", 1)) for line in rest]
    return Answer(int(status.split()[1]), [(name.lower(), value) for name, value in pairs], body)


class Seen(NamedTuple):
    """Answers by status, how many of them lack which header, requests a second."""

    statuses: Counter[int]
    missing: Counter[str]
    rate: float


async def every_header(
    port: int,
    wanted: Iterable[str],
    asked: list[tuple[str, str, bool]],
    total: int,
    width: int = 16,
) -> Seen:
    """`total` requests, `width` at a time, in turn what `asked` has: host, path, over HTTPS."""
    wanted = [each.lower() for each in wanted]
    statuses: Counter[int] = Counter()
    missing: Counter[str] = Counter()
    numbers = iter(range(total))

    async def one() -> None:
        for number in numbers:
            host, path, secure = asked[number % len(asked)]
            answer = await ask(port, host, path, secure=secure)
            names = {name for name, _ in answer.headers}
            statuses[answer.status] += 1
            missing.update(each for each in wanted if each not in names)
            if secure and "strict-transport-security" not in names:
                missing["strict-transport-security"] += 1

    started = time.monotonic()
    await asyncio.gather(*(one() for _ in range(width)))
    return Seen(statuses, missing, total / (time.monotonic() - started))


class Kept(NamedTuple):
    """What users saw who were logged in: right answers, answers for a stranger, users who are logged
    out at the end, connections that were refused and made again."""

    known: int
    strangers: int
    lost: int
    again: int


async def stay_logged_in(
    port: int,
    host: str,
    path: str,
    users: Mapping[str, dict[str, str]],
    meanwhile: Callable[[], Awaitable[None]],
    *,
    at_once: int = 1,
) -> Kept:
    """Each user asks again and again who they are, `at_once` requests of one browser at a time, which
    keeps and forgets cookies as it is told, until `meanwhile` is done; then once more."""
    counted: Counter[str] = Counter()
    over = asyncio.Event()

    async def one(user: str, jar: dict[str, str]) -> bool:
        cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        while True:
            try:
                answer = await ask(port, host, path, {"Cookie": cookies})
                break
            except OSError:
                counted["again"] += 1
                await asyncio.sleep(0.1)
        for name, value in answer.headers:
            if name == "set-cookie":
                _keep(jar, value)
        right = answer.status == 200 and answer.body.decode() == user
        counted["known" if right else "strangers"] += 1
        return right

    async def browse(user: str, jar: dict[str, str]) -> bool:
        while not over.is_set():
            await asyncio.gather(*(one(user, jar) for _ in range(at_once)))
        return await one(user, jar)

    async def until() -> None:
        try:
            await meanwhile()
        finally:
            over.set()

    *right, _ = await asyncio.gather(*(browse(*each) for each in users.items()), until())
    return Kept(counted["known"], counted["strangers"], right.count(False), counted["again"])


def _keep(jar: dict[str, str], header: str) -> None:
    for name, morsel in SimpleCookie(header).items():
        if morsel["max-age"] == "0" or not morsel.value:
            jar.pop(name, None)
        else:
            jar[name] = morsel.value
