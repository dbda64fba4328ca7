"""From what a user types to what may be asked."""

from __future__ import annotations

import pytest

from hardango.probe.target import BadTarget, is_url, target

PUBLIC, PRIVATE = "93.184.216.34", "10.1.2.3"


def to(*ips: str):  # type: ignore[no-untyped-def]
    return lambda host: list(ips)


@pytest.mark.parametrize(
    ("text", "url", "http", "https", "addresses"),
    [
        ("https://shop.example", "https://shop.example", "http://shop.example", "https://shop.example",
         {"https://shop.example": (PUBLIC, 443), "http://shop.example": (PUBLIC, 80)}),
        ("HTTPS://Shop.Example./", "https://shop.example", "http://shop.example", "https://shop.example", None),
        ("http://shop.example", "http://shop.example", "http://shop.example", "https://shop.example", None),
        ("https://shop.example:443", "https://shop.example", "http://shop.example", "https://shop.example", None),
        # Nobody knows on which port plain HTTP would be.
        ("https://shop.example:8443", "https://shop.example:8443", "", "https://shop.example:8443",
         {"https://shop.example:8443": (PUBLIC, 8443)}),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "http://127.0.0.1:8000", "", {"http://127.0.0.1:8000": ("127.0.0.1", 8000)}),
        ("http://[::1]:8000", "http://[::1]:8000", "http://[::1]:8000", "", {"http://[::1]:8000": ("::1", 8000)}),
        ("https://bücher.example", "https://xn--bcher-kva.example", "http://xn--bcher-kva.example", "https://xn--bcher-kva.example", None),
    ],
)  # fmt: skip
def test_addresses(
    text: str, url: str, http: str, https: str, addresses: dict[str, object] | None
) -> None:
    found = target(text, resolve=to(PUBLIC))
    assert (found.url, found.http, found.https) == (url, http, https)
    assert addresses is None or found.addresses == addresses


@pytest.mark.parametrize(
    "text",
    [
        "https://", "https://shop.example/page", "https://shop.example?x=1", "https://user:secret@shop.example",
        "https://shop.example:0", "https://shop.example:99999", "https://shop example", "ftp://shop.example",
        "https://shop.example:x", "https://sh\x1b[2Jop.example/", "https://shop.example\r\nHost: x",
    ],
)  # fmt: skip
def test_what_is_no_site_is_a_clear_sentence(text: str) -> None:
    with pytest.raises(BadTarget) as caught:
        target(text, resolve=to(PUBLIC))
    assert "\n" not in str(caught.value).replace(text, "")


@pytest.mark.parametrize(
    "ips",
    [(PRIVATE,), (PUBLIC, PRIVATE), ("169.254.169.254",), ("::1",), ("fd00::1",), ("0.0.0.0",)],
)
def test_a_name_that_leads_into_this_network_is_not_followed(ips: tuple[str, ...]) -> None:
    with pytest.raises(BadTarget, match="a private address"):
        target("https://shop.example", resolve=to(*ips))


@pytest.mark.parametrize(
    "text",
    ["http://127.0.0.1", "http://10.1.2.3", "http://localhost:8000", "http://shop.localhost"],
)
def test_a_private_address_that_is_named_is_asked(text: str) -> None:
    found = target(text, resolve=to("127.0.0.1"))
    assert not found.public


@pytest.mark.parametrize(
    ("given", "https", "http"),
    [
        (["10.0.0.1"], ("10.0.0.1", 443), ("10.0.0.1", 80)),
        (["https=10.0.0.1:8443", "http=10.0.0.1:8080"], ("10.0.0.1", 8443), ("10.0.0.1", 8080)),
        (["https=10.0.0.1:8443", "10.0.0.2"], ("10.0.0.1", 8443), ("10.0.0.2", 80)),
        (["https=[::1]:8443", "::1"], ("::1", 8443), ("::1", 80)),
    ],
)  # fmt: skip
def test_where_to_connect_can_be_said(given: list[str], https: object, http: object) -> None:
    def never(host: str) -> list[str]:
        raise AssertionError

    found = target("https://shop.example", given, never)
    assert found.addresses == {"https://shop.example": https, "http://shop.example": http}


@pytest.mark.parametrize(
    "given", ["shop.example", "ftp=10.0.0.1", "10.0.0.1:x", "https=", "10.0.0"]
)
def test_a_wrong_address_is_a_clear_sentence(given: str) -> None:
    with pytest.raises(BadTarget, match="expected an IP address"):
        target("https://shop.example", [given], to(PUBLIC))


@pytest.mark.parametrize(("text", "yes"), [("https://a", True), ("HTTP://a", True), ("shop.example", False), ("./https", False), ("file:///x", False)])  # fmt: skip
def test_what_is_a_url(text: str, yes: bool) -> None:
    assert is_url(text) is yes
