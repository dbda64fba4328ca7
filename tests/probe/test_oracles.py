"""What oracles must not say: answers that could be read in two ways, and sites that aren't Django's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from hardango.controls.catalogue import catalogue
from hardango.evidence import Exchange, Proof, Request, Response, Verdict
from hardango.probe.run import prove
from hardango.probe.site import Site

Answer = Callable[[Request], Response | None]


def page(text: str = "", status: int = 200, **headers: str) -> Response:
    given = (
        ("Content-Type", "text/html"),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    )
    return Response(status, headers=given, body=text.encode())


def redirect(target: str, status: int = 301) -> Response:
    return Response(status, headers=(("Location", target),))


def proofs(control: str, answer: Answer, **site: object) -> list[Proof]:
    def send(request: Request) -> Exchange:
        response = answer(request)
        if response is None:
            return Exchange(request, None, "nothing listens there", "refused")
        return Exchange(request, response)

    made = Site("https://shop.example", send, http="http://shop.example", **site)  # type: ignore[arg-type]
    (found,) = catalogue(lambda name: name == control)
    return list(prove(made, [found]))


def verdicts(found: Iterable[Proof]) -> set[str]:
    return {each.verdict.value for each in found}


def host(request: Request) -> str:
    return request.get("Host")


NGINX_404 = (
    "<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>"
)
TUTORIAL = "<title>Blog</title> Using the URLconf defined in, Django tried these URL patterns, DEBUG = True</code>"
DEBUG_404 = (
    "<title>Page not found</title> Using the URLconf defined in shop.urls, Django tried these URL patterns, in this "
    "order: You’re seeing this error because you have <code>DEBUG = True</code>"
)
DJANGO_404 = "<h1>Not Found</h1><p>The requested resource was not found on this server.</p>"
LOGIN = "<form method=post><input name=csrfmiddlewaretoken value=t><input name=username><input type=password name=password></form>"


def on(paths: dict[str, Response], other: Response | None = None) -> Answer:
    """Answers by path over TLS; plain HTTP leads to TLS."""

    def answer(request: Request) -> Response | None:
        if not request.secure:
            return redirect(f"https://shop.example{request.path}")
        return paths.get(request.path.partition("?")[0], other or page(NGINX_404, 404))

    return answer


@pytest.mark.parametrize(
    ("control", "answer", "verdict"),
    [
        # Errors that a web server wrote say nothing of Django.
        ("debug", on({"/": page("x")}), "inconclusive"), ("debug", on({"/": page("x")}, page(DEBUG_404, 404)), "refuted"),
        ("debug", on({"/": page("x")}, page(DJANGO_404, 404)), "proven"),
        # A page about Django is no debug page.
        ("debug", on({"/": page(TUTORIAL)}, page(TUTORIAL)), "inconclusive"),
        ("debug", lambda request: None, "inconclusive"),
        # Another site on the same server answers for names that nobody has.
        ("allowed-hosts", lambda r: page("own") if host(r) == "shop.example" else page("<title>Welcome to nginx!</title>" + "x" * 500), "inconclusive"),
        ("allowed-hosts", lambda r: page("own") if host(r) == "shop.example" else page("", 421), "proven"),
        ("allowed-hosts", lambda r: page("own") if host(r) == "shop.example" else redirect("https://shop.example/"), "proven"),
        ("allowed-hosts", lambda r: page("own") if host(r) == "shop.example" else page(NGINX_404, 404), "inconclusive"),
        ("allowed-hosts", lambda r: page("own"), "refuted"),
        ("allowed-hosts", lambda r: redirect(f"https://{host(r)}/en/"), "refuted"),
        ("forwarded-host", lambda r: page("own"), "proven"),
        ("forwarded-host", lambda r: page("busy", 503) if r.get("X-Forwarded-Host") else page("own"), "inconclusive"),
        ("ssl-redirect", lambda r: page("x") if r.secure else None, "proven"),
        ("ssl-redirect", lambda r: page("x") if r.secure else page("no", 403), "inconclusive"),
        ("ssl-redirect", lambda r: page("x") if r.secure else redirect("https://www.shop.example/"), "refuted"),
        ("ssl-redirect", lambda r: page("x") if r.secure else redirect(f"https://shop.example{r.path}", 308), "proven"),
        ("server-trust", lambda r: page("x"), "inconclusive"), ("server-trust", lambda r: page("x") if r.secure else None, "proven"),
        ("hsts", on({"/": page("x", Strict_Transport_Security="max-age=31536000")}), "refuted"),
        ("hsts", on({"/": page("x", Strict_Transport_Security="max-age=31536000")}, page("", 404, Strict_Transport_Security="max-age=31536000")), "proven"),
        # A firewall's page is not the site's.
        ("frame-options", on({}, page("Are you human?", 403)), "inconclusive"),
        ("content-security-policy", on({}, page("Are you human?", 403)), "inconclusive"),
        ("frame-options", on({"/": Response(200, headers=(("Content-Type", "application/json"),))}, Response(404)), "inconclusive"),
        ("frame-options", on({"/": page("x", X_Frame_Options="DENY")}, page("", 404, Content_Security_Policy="frame-ancestors 'self'")), "proven"),
        # Of two policies both hold.
        ("content-security-policy", lambda r: Response(200, headers=(("Content-Type", "text/html"),
         ("Content-Security-Policy", "upgrade-insecure-requests"), ("Content-Security-Policy", "script-src 'self'; object-src 'none'"))), "proven"),
        # A static page of a web server refuses every form.
        ("csrf-protection", lambda r: page("", 403 if "login" in r.path else 405) if r.method == "POST" else page(LOGIN if "login" in r.path else "static"), "proven"),
        ("csrf-protection", on({"/": page("x")}), "inconclusive"),
        ("cors-origins", lambda r: page("x", Access_Control_Allow_Origin="*"), "proven"),
        ("exposed-files", lambda r: page("<html>catch-all</html>"), "proven"),
        ("exposed-files", lambda r: page("A=1\nB=2\n"), "proven"),
        ("exposed-files", lambda r: Response(200, headers=(("Content-Type", "text/plain"),), body=b"DEBUG=1\nKEY=2\n"), "refuted"),
        ("developer-tools", lambda r: page("<title>App</title> catch-all silk metrics"), "proven"),
        ("request-methods", lambda r: page("TRACE " + r.get("X-Hardango")), "proven"),
        ("server-versions", lambda r: page("x", Server="nginx", Via="1.1 vegur"), "proven"),
        ("server-versions", lambda r: page("x", Via="1.1 varnish (Varnish/6.0)"), "refuted"),
        ("shared-caching", on({"/": page("x")}), "inconclusive"),
        ("tls-certificate", lambda r: page("x"), "inconclusive"),
        ("secure-requests", lambda r: page("x"), "inconclusive"),
        ("served-files", lambda r: page("<title>Index of things</title>", 404), "proven"),
    ],
)  # fmt: skip
def test_verdicts(control: str, answer: Answer, verdict: str) -> None:
    found = proofs(control, answer)
    assert verdicts(found) == {verdict}, found
    assert all(each.message for each in found)


@pytest.mark.parametrize("control", [each.name for each in catalogue() if each.oracle is not None])
@pytest.mark.parametrize(
    "answer",
    [lambda r: None, lambda r: Response(500), lambda r: Response(200), lambda r: redirect(r.url), lambda r: page("<" * 5000)],
    ids=["nothing", "errors", "emptiness", "loops", "nonsense"],
)  # fmt: skip
def test_no_oracle_fails_or_asks_elsewhere(control: str, answer: Answer) -> None:
    def watched(request: Request) -> Response | None:
        assert request.origin in ("https://shop.example", "http://shop.example")
        return answer(request)

    for proof in proofs(control, watched):
        assert proof.verdict in Verdict
        assert proof.control == control


@pytest.mark.parametrize("control", [each.name for each in catalogue() if each.oracle is not None])
def test_nothing_is_shown_by_a_site_that_is_down(control: str) -> None:
    assert verdicts(proofs(control, lambda r: None)) <= {"inconclusive"}
