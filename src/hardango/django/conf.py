"""The one setting, HARDANGO: read, completed and checked.

HARDANGO = {
    "environment": "production",
    "guard": "warn",
    "headers": {"Cross-Origin-Resource-Policy": "same-site"},
    "ignore": {"admin-url": "the admin is only reachable by VPN"},
}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hardango.spelling import closest

ENVIRONMENTS = ("development", "test", "staging", "production")
GUARDS = ("off", "warn", "refuse")

# https://www.w3.org/TR/permissions-policy/ and the features of
# https://github.com/w3c/webappsec-permissions-policy/blob/main/features.md
FEATURES = frozenset(
    "accelerometer ambient-light-sensor attribution-reporting autoplay bluetooth browsing-topics "
    "camera captured-surface-control compute-pressure cross-origin-isolated deferred-fetch "
    "deferred-fetch-minimal display-capture encrypted-media fullscreen gamepad geolocation "
    "gyroscope hid identity-credentials-get idle-detection interest-cohort keyboard-map "
    "language-detector local-fonts magnetometer microphone midi on-device-speech-recognition "
    "otp-credentials payment picture-in-picture private-state-token-issuance "
    "private-state-token-redemption publickey-credentials-create publickey-credentials-get "
    "screen-wake-lock serial speaker-selection storage-access summarizer sync-xhr translator usb "
    "web-share window-management xr-spatial-tracking".split()
)

DENIED = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone",
          "payment", "usb")  # fmt: skip
"""What few sites ask for: denied unless HARDANGO says otherwise."""

VALUES = {
    "Cross-Origin-Resource-Policy": ("same-origin", "same-site", "cross-origin"),
    "Cross-Origin-Embedder-Policy": ("require-corp", "credentialless", "unsafe-none"),
    "Origin-Agent-Cluster": ("?1", "?0"),
}
"""The headers that have one of a few values (HTML, Fetch)."""

DEFAULTS: dict[str, Any] = {
    "Permissions-Policy": {each: [] for each in DENIED},
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
}
SITE_DATA = ("cache", "cookies", "storage", "executionContexts", "clientHints", "prefetchCache",
             "prerenderCache", "*")  # fmt: skip
_TOKEN = re.compile(r"[a-z*][a-z0-9_.*-]*")


class Headers(NamedTuple):
    """What is to be sent: by name, a text or, for Permissions-Policy and Reporting-Endpoints, a
    dict; None for a header that is left out."""

    values: Mapping[str, Any]
    no_store: bool
    clear_site_data: tuple[str, ...]


class Conf(NamedTuple):
    """HARDANGO with every key. `ignore` has the reason for each control that does not count;
    `replace`: Django's own checks are silent where a control says the same."""

    environment: str
    guard: str
    pedantic: bool
    replace: bool
    ignore: Mapping[str, str]
    headers: Headers


KEYS = ("environment", "guard", "pedantic", "replace", "ignore", "headers", "no_store",
        "clear_site_data")  # fmt: skip


def read() -> Conf:
    """HARDANGO as it is set. Raises ImproperlyConfigured with everything that is wrong with it."""
    given = getattr(settings, "HARDANGO", {})
    wrong = list(mistakes(given))
    if wrong:
        raise ImproperlyConfigured("HARDANGO: " + "; ".join(wrong))
    return Conf(
        given.get("environment", ""),
        given.get("guard", "warn"),
        given.get("pedantic", False),
        given.get("replace", False),
        given.get("ignore", {}),
        Headers(
            {**DEFAULTS, **given.get("headers", {})},
            given.get("no_store", False),
            tuple(given.get("clear_site_data", ("cache",))),
        ),
    )


def mistakes(given: object) -> Iterator[str]:
    """What is wrong with HARDANGO, a clause each."""
    if not isinstance(given, Mapping):
        yield f"it is a {type(given).__name__}, not a dict"
        return
    for key in given:
        if key not in KEYS:
            yield f"{key!r} is no key of it{_meant(str(key), KEYS)}"
    for key, known in (("environment", ENVIRONMENTS), ("guard", GUARDS)):
        value = given.get(key)
        if value is not None and value not in known:
            yield f"{key} is {value!r}, and can be {_or(known)}{_meant(str(value), known)}"
    for key in ("pedantic", "replace", "no_store"):
        if not isinstance(given.get(key, False), bool):
            yield f"{key} is {given[key]!r}, neither True nor False"
    yield from _ignored(given.get("ignore", {}))
    cleared = given.get("clear_site_data", ())
    if isinstance(cleared, str) or not all(each in SITE_DATA for each in cleared):
        yield f"clear_site_data is {cleared!r}, and lists some of {_or(SITE_DATA)}"
    headers = given.get("headers", {})
    if isinstance(headers, Mapping):
        yield from header_mistakes(headers)
    else:
        yield f"headers is a {type(headers).__name__}, not a dict"


def _ignored(given: object) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield "ignore is no dict of controls with reasons"
        return
    if not given:
        return
    from hardango.controls.catalogue import names

    known = names()
    for name, reason in given.items():
        if name not in known:
            yield f"ignore: there is no control {name!r}{_meant(str(name), known)}"
        if not (isinstance(reason, str) and reason.strip()):
            yield f"ignore: {name} needs a reason"


def header_mistakes(headers: Mapping[str, Any]) -> Iterator[str]:
    """What browsers would ignore, or take for something else, in a dict of headers."""
    known = (*VALUES, "Permissions-Policy", "Reporting-Endpoints")
    for name, value in headers.items():
        if name not in known:
            yield f"headers: {name!r} is none of {_or(known)}{_meant(str(name), known)}"
        elif value is None:
            continue
        elif name in VALUES:
            if value not in VALUES[name]:
                meant = _meant(str(value), VALUES[name])
                yield f"{name} is {value!r}, and can be {_or(VALUES[name])}{meant}"
        elif not isinstance(value, Mapping):
            yield f"{name} is no dict"
        elif name == "Permissions-Policy":
            yield from _feature_mistakes(value)
        else:
            yield from _endpoint_mistakes(value)


def _feature_mistakes(policy: Mapping[str, Any]) -> Iterator[str]:
    for feature, allowed in policy.items():
        if feature not in FEATURES:
            yield f"Permissions-Policy: no feature is called {feature!r}{_meant(feature, FEATURES)}"
        if isinstance(allowed, str) or not all(isinstance(each, str) for each in allowed):
            yield f'Permissions-Policy: {feature} takes a list such as ["self"]'
            continue
        for each in allowed:
            if each not in ("self", "*", "src") and not _is_origin(each):
                yield f"Permissions-Policy: {feature} allows {each!r}, which is no origin"


def _endpoint_mistakes(endpoints: Mapping[str, Any]) -> Iterator[str]:
    for name, url in endpoints.items():
        if not _TOKEN.fullmatch(name):
            yield f"Reporting-Endpoints: {name!r} is no name (small letters, digits, - and _)"
        if not isinstance(url, str) or not url.startswith(("/", "https://")):
            yield f"Reporting-Endpoints: {name} is {url!r}, neither a path nor an https:// URL"
        elif not url.isascii() or any(each in url for each in '"\\ \r\n'):
            yield f"Reporting-Endpoints: {name} has a character that no URL has"


def rendered(headers: Mapping[str, Any]) -> dict[str, str]:
    """Headers as they are sent; without those that are None. Raises ImproperlyConfigured if
    something is wrong with them."""
    wrong = list(header_mistakes(headers))
    if wrong:
        raise ImproperlyConfigured("; ".join(wrong))
    found = {}
    for name, value in headers.items():
        if value is None or value == {}:
            continue
        if name == "Permissions-Policy":
            value = ", ".join(f"{feature}={_allowlist(of)}" for feature, of in value.items())
        elif name == "Reporting-Endpoints":
            value = ", ".join(f'{endpoint}="{url}"' for endpoint, url in value.items())
        found[name] = value
    return found


def _allowlist(allowed: list[str]) -> str:
    if "*" in allowed:
        return "*"
    return (
        "(" + " ".join(each if each in ("self", "src") else f'"{each}"' for each in allowed) + ")"
    )


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    plain = not any(each in text for each in "\"'\\ ;,")
    return plain and parts.scheme in ("https", "http") and bool(parts.netloc) and not parts.path


def _or(words: Any) -> str:
    listed = [f'"{each}"' for each in words]
    return " or ".join((", ".join(listed[:-1]), listed[-1])) if len(listed) > 1 else listed[0]


def _meant(word: str, known: Any) -> str:
    near = closest(word, known)
    return f": did you mean {near!r}?" if near else ""
