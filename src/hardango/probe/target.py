"""From what the user typed to the addresses that may be asked: those of one host, and no others."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable

from hardango.light import NamedTuple

_PORTS = {"http": 80, "https": 443}


class BadTarget(Exception):
    """This can't be asked; the text is one clear sentence."""


class Target(NamedTuple):
    """A site: `url` as it was named, without a path; `http` and `https` its addresses without and
    with TLS, "" for none; `addresses` where to connect for each; `public` whether that is somebody
    on the internet."""

    url: str
    http: str
    https: str
    addresses: dict[str, tuple[str, int]]
    public: bool


def is_url(text: str) -> bool:
    """Whether the user means a site, not a directory."""
    return bool(re.match(r"https?://", text, re.I))


def target(
    text: str, addresses: Iterable[str] = (), resolve: Callable[[str], list[str]] | None = None
) -> Target:
    """The site of an address such as "https://shop.example".

    `addresses` say where to connect instead of where the name leads to, each an address with or
    without a port, for one scheme ("https=127.0.0.1:8443") or for both. Raises BadTarget.
    """
    found = re.fullmatch(
        r"(https?)://(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]]+)(?::(\d{1,5}))?([/?#].*)?", text.strip(), re.I
    )
    if not found or (found[3] and not 0 < int(found[3]) < 65536):
        raise BadTarget(
            f"{text} is no address of a site; expected one such as https://shop.example"
        )
    scheme, host, port = found[1].lower(), _name(found[2]), int(found[3] or 0)
    if found[4] and found[4].strip("/"):
        raise BadTarget(f"{text} names a page; the whole site is proven: {scheme}://{host}")
    given = dict(_given(each) for each in addresses)
    bare = host.strip("[]")
    ips: list[str] = []
    if not given or ("" not in given and len(given) < 2):
        ips = [bare] if _is_ip(bare) else (resolve or _resolved)(bare)
        _refuse_private(bare, ips)
    url = f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS[scheme] else "")
    reached: dict[str, tuple[str, int]] = {}
    bases = {"http": "", "https": ""}
    for each, usual in _PORTS.items():
        own = url if each == scheme else f"{each}://{host}"
        ip, at = given.get(each, given.get("", ("", 0)))
        if each != scheme and port not in (0, _PORTS[scheme]) and each not in given:
            continue  # Nobody knows where the other one of an odd port is.
        reached[own] = (ip or ips[0], at or (port if each == scheme and port else usual))
        bases[each] = own
    public = any(ipaddress.ip_address(ip).is_global for ip, _ in reached.values())
    return Target(url, bases["http"], bases["https"], reached, public)


def _name(host: str) -> str:
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadTarget(f"{host} is no name of a host") from None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _given(text: str) -> tuple[str, tuple[str, int]]:
    scheme, equals, rest = text.partition("=")
    if not equals:
        scheme, rest = "", text
    found = re.fullmatch(r"\[?([0-9a-fA-F.:]+?)\]?(?::(\d{1,5}))?", rest)
    if found and not _is_ip(found[1]) and _is_ip(rest):
        found = re.fullmatch(r"(.+)()", rest)
    if not found or not _is_ip(found[1]) or scheme not in ("", *_PORTS):
        raise BadTarget(f"--address {text}: expected an IP address, such as 192.0.2.1, 192.0.2.1:8443 "
                        "or https=192.0.2.1:8443")  # fmt: skip
    return scheme, (found[1], int(found[2] or 0))


def _resolved(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadTarget(f"{host} has no address: its name is not known") from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _refuse_private(host: str, ips: list[str]) -> None:
    """A name on the internet that leads into this network is not followed unless that is named."""
    if host == "localhost" or host.endswith(".localhost") or _is_ip(host):
        return
    for ip in ips:
        if not ipaddress.ip_address(ip.partition("%")[0]).is_global:
            raise BadTarget(f"{host} leads to {ip}, a private address: if that is meant, say "
                            f"--address {ip}")  # fmt: skip
