"""The OSV API, or a mirror of it: https://google.github.io/osv.dev/api/.

Packages are asked for in batches, which answer with the names of records; each record is fetched
once and kept, by the day on which it was modified. A package whose question failed is not known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from hardango.dependencies import cache
from hardango.dependencies.fetch import CannotFetch, Limits, fetch, parallel, shown
from hardango.dependencies.records import ECOSYSTEM, Malformed, Record, records_of
from hardango.light import Any, NamedTuple

OSV = "https://api.osv.dev"
ARCHIVE = "https://storage.googleapis.com/osv-vulnerabilities"
"""Where OSV gives its archives: https://google.github.io/osv.dev/data/"""

BATCH = 500
"""Questions in one request; OSV takes a thousand."""
_MOST_PAGES = 20
_LARGEST_ARCHIVE = 1_000_000_000

Question = tuple[str, str]
"""A package's normalised name and a version, "" for all of them."""


class Found(NamedTuple):
    """The records about each package that the service could be asked for, and why others could
    not be."""

    published: dict[Question, list[Record]]
    failed: dict[Question, str]


def ask(asked: Iterable[Question], url: str, timeout: float) -> Found:
    """What the service knows of packages. Raises CannotFetch if it answers nothing at all."""
    limits = Limits(timeout=timeout)
    questions = list(dict.fromkeys(asked))
    batches = [questions[at : at + BATCH] for at in range(0, len(questions), BATCH)]
    found: dict[Question, dict[str, str]] = {}
    failed: dict[Question, str] = {}
    for batch in batches:
        try:
            found |= _batch(url, batch, limits)
        except CannotFetch as error:
            if error.status == 0 and not found:
                raise
            failed |= dict.fromkeys(batch, str(error))
    wanted = {identity: modified for each in found.values() for identity, modified in each.items()}
    records, unread = _records(url, wanted, limits)
    published: dict[Question, list[Record]] = {}
    for question, names in found.items():
        missing = [each for each in names if each not in records]
        if missing:
            failed[question] = f"the record {missing[0]} could not be read: {unread[missing[0]]}"
            continue
        published[question] = [record for each in names for name, record in records[each]
                               if name == question[0]]  # fmt: skip
    return Found(published, failed)


def _batch(url: str, batch: Sequence[Question], limits: Limits) -> dict[Question, dict[str, str]]:
    """The records that speak of each, by name with the day of their last change. Raises
    CannotFetch."""
    found: dict[Question, dict[str, str]] = {each: {} for each in batch}
    waiting: list[tuple[Question, str]] = [(each, "") for each in batch]
    for _ in range(_MOST_PAGES):
        queries = [_query(name, version, token) for (name, version), token in waiting]
        answer = _json(f"{url}/v1/querybatch", limits, {"queries": queries})
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(waiting):
            raise CannotFetch(f"{shown(url)} does not answer as OSV does", 200)
        more = []
        for (question, _), result in zip(waiting, results, strict=True):
            for each in (result or {}).get("vulns") or ():
                found[question][str(each["id"])] = str(each.get("modified", ""))
            if token := (result or {}).get("next_page_token"):
                more.append((question, str(token)))
        if not more:
            return found
        waiting = more
    raise CannotFetch(f"{shown(url)} has no end of pages", 200)


def _query(name: str, version: str, token: str) -> dict[str, object]:
    query: dict[str, object] = {"package": {"ecosystem": ECOSYSTEM, "name": name}}
    if version:
        query["version"] = version
    return {**query, "page_token": token} if token else query


def _records(
    url: str, wanted: dict[str, str], limits: Limits
) -> tuple[dict[str, list[tuple[str, Record]]], dict[str, str]]:
    """Every record by its name, and why others could not be read."""

    def read(identity: str, modified: str) -> list[tuple[str, Record]]:
        data = _kept(url, identity, modified)
        if data is None:
            data = _json(f"{url}/v1/vulns/{quote(identity, safe='')}", limits)
            _keep(url, identity, modified, data)
        try:
            return list(records_of(data))
        except Malformed as error:
            raise CannotFetch(str(error), 200) from None

    names = list(wanted)
    done = parallel([lambda each=each: read(each, wanted[each]) for each in names])  # type: ignore[misc]
    records = {name: each for name, each in zip(names, done, strict=True) if isinstance(each, list)}
    unread = {
        name: str(each) for name, each in zip(names, done, strict=True) if name not in records
    }
    return records, unread


def _json(url: str, limits: Limits, data: object = None) -> Any:
    body = json.dumps(data).encode() if data is not None else None
    answer = fetch(url, limits, data=body, headers={"Content-Type": "application/json"})
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise CannotFetch(f"{shown(url)} does not answer with JSON", 200) from None


def _file(url: str, identity: str, modified: str) -> str:
    import hashlib

    mark = hashlib.sha256(f"{shown(url)} {identity} {modified}".encode()).hexdigest()
    return cache.path("records", mark[:2], f"{mark}.json")


def _kept(url: str, identity: str, modified: str) -> Any:
    if not modified:
        return None
    try:
        with open(_file(url, identity, modified), "rb") as opened:
            return json.loads(opened.read())
    except (OSError, ValueError, RecursionError):
        return None


def _keep(url: str, identity: str, modified: str, data: object) -> None:
    if modified:
        cache.keep(_file(url, identity, modified), json.dumps(data).encode())


# -- the archive -----------------------------------------------------------------------------------


def update(url: str | None, timeout: float, to: str) -> int:
    """Bring OSV's archive of PyPI and put it at `to`; how many records it has. The one that is there
    stays if the new one cannot be read. Raises CannotFetch and database.BadDatabase."""
    from hardango.dependencies.cache import BadDatabase
    from hardango.dependencies.database import load

    base = (url or ARCHIVE).rstrip("/")
    address = base if base.endswith(".zip") else f"{base}/{ECOSYSTEM}/all.zip"
    limits = Limits(timeout=timeout, whole=900.0, size=_LARGEST_ARCHIVE)
    answer = fetch(address, limits)
    part = f"{to}.{os.getpid()}.zip"
    if not cache.keep(part, answer.body):
        raise BadDatabase(f"{os.path.dirname(to)} cannot be written")
    try:
        load(part, shown(address))
        os.replace(part, to)
    finally:
        if os.path.exists(part):
            os.unlink(part)
    return load(to, shown(address)).records
