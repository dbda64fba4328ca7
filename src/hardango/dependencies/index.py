"""The package index that the user's pip or uv is configured for, and what it has of a package.

https://packaging.python.org/en/latest/specifications/simple-repository-api/: JSON (PEP 691), else HTML
(PEP 503). Configuration is the user's own: what an audited project says of indexes is not followed,
since a stranger's repository must not decide where names and credentials go.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from hardango.dependencies.fetch import Answer, CannotFetch, Limits, fetch, parallel, shown
from hardango.dependencies.records import parsed
from hardango.inventory import Pin, Release
from hardango.light import Any, NamedTuple

_ACCEPTED = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"


class Index(NamedTuple):
    """Where packages are asked for: addresses, which may hold credentials, and a file of
    `certificates` to trust."""

    urls: tuple[str, ...] = ()
    certificates: str | None = None

    @property
    def said(self) -> str:
        """The addresses without what is secret in them."""
        return ", ".join(map(shown, self.urls))


# -- configuration ---------------------------------------------------------------------------------


def configured(url: str | None = None, more: Iterable[str] = ()) -> Index:
    """The index that is given, else that of pip, else that of uv. No addresses if none is known."""
    environ = os.environ
    pip, uv = dict(_pip()), _uv()
    main = url or environ.get("PIP_INDEX_URL") or environ.get("UV_DEFAULT_INDEX")
    main = (
        main or environ.get("UV_INDEX_URL") or pip.get("index-url") or uv.get("default") or _usual()
    )
    named = [*more, *environ.get("PIP_EXTRA_INDEX_URL", "").split()]
    named += [*environ.get("UV_EXTRA_INDEX_URL", "").split(), *environ.get("UV_INDEX", "").split()]
    named += [*pip.get("extra-index-url", "").split(), *uv.get("more", "").split()]
    urls = [each.partition("=")[2] if _is_named(each) else each for each in (main or "", *named)]
    kept = [_with_user(each, environ) for each in dict.fromkeys(urls)
            if each.startswith(("http://", "https://"))]  # fmt: skip
    return Index(tuple(kept), environ.get("PIP_CERT") or pip.get("cert") or None)


def _is_named(text: str) -> bool:
    """Whether an index of uv has its name in front: "internal=https://…"."""
    name, equals, _ = text.partition("=")
    return bool(equals) and "/" not in name


def _pip() -> Iterator[tuple[str, str]]:
    """What pip's configuration files say, the user's after the machine's.
    https://pip.pypa.io/en/stable/topics/configuration/"""
    environ, home = os.environ, os.path.expanduser("~")
    folders = environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep)
    own = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    files = ["/etc/pip.conf", *(os.path.join(each, "pip", "pip.conf") for each in folders)]
    files += [os.path.join(home, ".pip", "pip.conf"), os.path.join(own, "pip", "pip.conf")]
    given = environ.get("PIP_CONFIG_FILE")
    for file in [given] if given is not None else files:
        parser = configparser.RawConfigParser()
        with contextlib.suppress(OSError, configparser.Error, UnicodeDecodeError):
            parser.read(file, encoding="utf-8")
            for section in ("global", "install"):
                if parser.has_section(section):
                    yield from parser.items(section)


def _uv() -> dict[str, str]:
    """What uv's own configuration files say. https://docs.astral.sh/uv/concepts/indexes/"""
    found: dict[str, str] = {}
    own = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    for file in ("/etc/uv/uv.toml", os.path.join(own, "uv", "uv.toml")):
        try:
            with open(file, "rb") as opened:
                data = tomllib.load(opened)
        except (OSError, ValueError, RecursionError):
            continue
        listed = data.get("index")
        indexes = (
            [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        )
        urls = [str(each.get("url", "")) for each in indexes if not each.get("default")]
        default = [str(each.get("url", "")) for each in indexes if each.get("default")]
        found["default"] = next(iter(default), str(data.get("index-url", found.get("default", ""))))
        found["more"] = " ".join((found.get("more", ""), *urls))
    return found


def _usual() -> str:
    """The index that pip takes where nothing is configured, as pip itself knows it."""
    try:
        from pip._internal.models.index import PyPI  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return ""
    return str(PyPI.simple_url)


def _with_user(url: str, environ: Mapping[str, str]) -> str:
    """An address with the credentials that ~/.netrc has for its host, if it has none itself."""
    import netrc

    parts = urlsplit(url)
    if "@" in parts.netloc:
        return url
    try:
        file = environ.get("NETRC") or os.path.join(os.path.expanduser("~"), ".netrc")
        known = netrc.netrc(file).authenticators(parts.hostname or "")
    except (OSError, netrc.NetrcParseError, UnicodeDecodeError):
        known = None
    if not known or not known[2]:
        return url
    user = f"{quote(known[0], safe='')}:{quote(known[2], safe='')}"
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc}"))


# -- a package -------------------------------------------------------------------------------------


class _File(NamedTuple):
    """A file of the index: its version, why it was yanked (None: it was not), the Python it needs,
    and the day on which it came."""

    version: str
    yanked: str | None
    python: str
    day: str


def releases(
    pins: Iterable[Pin], index: Index, python: tuple[int, int] | None, timeout: float
) -> dict[str, Release]:
    """What the index has, by package and version ("django 4.2.1")."""
    names = list(dict.fromkeys(each.name for each in pins))
    limits = Limits(timeout=timeout)
    done = parallel([lambda name=name: _files(name, index, limits) for name in names])  # type: ignore[misc]
    files = dict(zip(names, done, strict=True))
    found = {}
    for pin in pins:
        those = files[pin.name]
        failed = isinstance(those, CannotFetch)
        found[f"{pin.name} {pin.version}"] = (
            Release(failure=str(those)) if failed else release(pin.version, those, python)
        )
    return found


def _files(name: str, index: Index, limits: Limits) -> list[_File]:
    """Every file of a package, of all indexes. Raises CannotFetch if one cannot be asked, or none
    has it."""
    found: list[_File] = []
    for url in index.urls:
        try:
            answer = fetch(f"{url.rstrip('/')}/{name}/", limits, headers={"Accept": _ACCEPTED},
                           certificates=index.certificates)  # fmt: skip
        except CannotFetch as error:
            if error.status in (404, 410):
                continue
            raise
        found += _read(answer, name, url)
    if not found:
        raise CannotFetch("no index that is configured has it", 404)
    return found


def _read(answer: Answer, name: str, url: str) -> list[_File]:
    if answer.kind.endswith("+json") or answer.kind == "application/json":
        try:
            listed = json.loads(answer.body)["files"]
            return [file for each in listed if (file := _file(each, name)) is not None]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise CannotFetch(f"{shown(url)} does not answer as an index does", 200) from None
    links = _Links()
    links.feed(answer.body.decode("utf-8", "replace"))
    return [file for each in links.found if (file := _file(each, name)) is not None]


class _Links(HTMLParser):
    """The files of a page of PEP 503, with the keys of PEP 691."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            path = urlsplit(str(given["href"])).path
            file: dict[str, Any] = {"filename": unquote(path.rpartition("/")[2]),
                                    "requires-python": given.get("data-requires-python")}  # fmt: skip
            if "data-yanked" in given:
                file["yanked"] = given["data-yanked"] or True
            self.found.append(file)


def _file(given: Mapping[str, Any], name: str) -> _File | None:
    """A file as the index tells it; None if its name does not tell a version of the package."""
    from packaging.utils import (
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    filename = str(given.get("filename", ""))
    try:
        if filename.endswith(".whl"):
            named, version, *_ = parse_wheel_filename(filename)
        else:
            named, version = parse_sdist_filename(filename)
    except (InvalidSdistFilename, InvalidWheelFilename):
        return None
    if named != name:
        return None
    yanked = given.get("yanked")
    reason = None if yanked in (None, False) else yanked if isinstance(yanked, str) else ""
    return _File(str(version), reason, str(given.get("requires-python") or ""),
                 str(given.get("upload-time") or "")[:10])  # fmt: skip


def release(version: str, files: list[_File], python: tuple[int, int] | None) -> Release:
    """What there is beside an installed version."""
    now = parsed(version)
    own = [each for each in files if now is not None and parsed(each.version) == now]
    fitting: dict[Any, str] = {}
    for each in files:
        read = parsed(each.version)
        if read is not None and each.yanked is None and _runs(each.python, python):
            fitting[read] = min(filter(None, (fitting.get(read), each.day)), default="")
    stable = [each for each in fitting if not each.is_prerelease or (now and now.is_prerelease)]
    latest = max(stable, default=None)
    series = [each for each in stable if now is not None and each.release[:2] == now.release[:2]]
    yanked = own[0].yanked if own and all(each.yanked is not None for each in own) else None
    came = min((each.day for each in own if each.day), default="")
    return Release(
        latest=str(latest or ""), in_series=str(max(series, default="")),
        behind=_days(came, fitting[latest]) if latest is not None and now and latest > now else None,
        yanked=yanked, versions=tuple(str(each) for each in sorted(fitting)),
        failure="" if own or now is None else "the index does not have this version",
    )  # fmt: skip


def _runs(requires: str, python: tuple[int, int] | None) -> bool:
    """Whether a file says that it runs on a Python."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if python is None or not requires:
        return True
    try:
        return SpecifierSet(requires).contains(f"{python[0]}.{python[1]}.9", prereleases=True)
    except InvalidSpecifier:
        return True


def _days(first: str, last: str) -> int:
    """The days between two; 0 if one of them is not known."""
    from datetime import date

    try:
        return max((date.fromisoformat(last) - date.fromisoformat(first)).days, 0)
    except ValueError:
        return 0
