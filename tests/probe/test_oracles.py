"""What oracles must not say: answers that could be read in two ways, and sites that aren't Django's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from hardango.controls.catalogue import catalogue
from hardango.evidence import IN_PROCESS, Exchange, Known, Proof, Request, Response, Verdict
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


def proofs(control: str, answer: Answer, pedantic: bool = False, **site: object) -> list[Proof]:
    def send(request: Request) -> Exchange:
        response = answer(request)
        if response is None:
            return Exchange(request, None, "nothing listens there", "refused")
        return Exchange(request, response)

    made = Site("https://shop.example", send, http="http://shop.example", **site)  # type: ignore[arg-type]
    (found,) = catalogue(lambda name: name == control)
    return list(prove(made, [found], pedantic=pedantic))


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


def hosts(*let_in: str) -> Answer:
    """A page with a link to the host that was named, for those that are let in."""

    def answer(request: Request) -> Response | None:
        named = [value for name, value in request.headers if name == "Host"]
        if named[0] == "shop.example" or any(each in named[0] for each in let_in):
            return page(f'<a href="https://{named[0]}/">home</a>')
        return page(DJANGO_404, 400)

    return answer


def last_host(request: Request) -> Response:
    named = [value for name, value in request.headers if name == "Host"]
    good = named[0] == "shop.example" and len(named) > 1
    return (
        page(f'<a href="https://{named[-1]}/">home</a>')
        if good or named == ["shop.example"]
        else page("", 400)
    )


def host_of_target(request: Request) -> Response:
    """Checks Host, and believes what the request line says."""
    named = request.target.partition("://")[2].partition("/")[0] or host(request)
    return (
        page(f'<a href="https://{named}/">home</a>')
        if host(request) == "shop.example"
        else page("", 400)
    )


@pytest.mark.parametrize(
    ("answer", "verdicts_of"),
    [
        (hosts(), {"proven"}),
        # One that lets anybody in is not asked in odd forms, too.
        (hosts("invalid"), {""}), (lambda r: page("own"), {""}),
        (hosts("shop.example."), {"refuted"}), (hosts("shop.example@"), {"refuted"}), (hosts("shop.example:80@"), {"refuted"}),
        (host_of_target, {"refuted"}), (last_host, {"refuted"}),
        # Two hosts or a port break a connection without an answer: nothing comes through.
        (lambda r: page("own") if [v for n, v in r.headers if n == "Host"] == ["shop.example"] else page("", 421), {"proven"}),
        # A redirect to HTTPS names the port that it was asked for.
        (lambda r: redirect(f"https://{host(r)}/en/") if host(r).startswith("shop.example:") or host(r) == "shop.example" else page("", 400), {"refuted"}),
    ],
)  # fmt: skip
def test_odd_forms_of_host(answer: Answer, verdicts_of: set[str]) -> None:
    found = [each for each in proofs("allowed-hosts", answer, budget=200) if each.about]
    assert (verdicts(each for each in found if not each.pedantic) or {""}) == verdicts_of, found


def test_a_port_is_a_weakness_for_the_pedantic_only() -> None:
    def answer(request: Request) -> Response | None:
        own = host(request) in ("shop.example", "shop.example:1337")
        return page(f'<a href="https://{host(request)}/">home</a>') if own else page("", 400)

    assert verdicts(proofs("allowed-hosts", answer, budget=200)) == {"proven"}
    found = proofs("allowed-hosts", answer, pedantic=True, budget=200)
    assert [each.pedantic for each in found if each.verdict is Verdict.REFUTED] == [True]


def test_few_requests_leave_odd_forms_out() -> None:
    assert [each for each in proofs("allowed-hosts", hosts(), budget=40) if each.about] == []


SCRIPT = "<script>document.title</script>"


@pytest.mark.parametrize(
    ("answer", "uploads", "verdict"),
    [
        (page(SCRIPT), "/media/u.html", "refuted"), (page(SCRIPT, 404), "/media/u.html", "inconclusive"),
        (page(SCRIPT, Content_Disposition='attachment; filename="u.html"'), "/media/u.html", "proven"),
        (page(SCRIPT, Content_Disposition="inline"), "/media/u.html", "refuted"),
        (page(SCRIPT, Content_Security_Policy="sandbox"), "/media/u.html", "proven"),
        (page(SCRIPT, Content_Security_Policy="sandbox allow-scripts"), "/media/u.html", "refuted"),
        (page(SCRIPT, Content_Security_Policy="default-src 'none'"), "/media/u.html", "proven"),
        (page(SCRIPT, Content_Security_Policy="script-src 'self'"), "/media/u.html", "inconclusive"),
        (Response(200, headers=(("Content-Type", "image/svg+xml"),), body=SCRIPT.encode()), "/media/u.svg", "refuted"),
        (Response(200, headers=(("Content-Type", "text/plain"),), body=SCRIPT.encode()), "/media/u.html", "proven"),
        (Response(200, headers=(("Content-Type", "application/octet-stream"),), body=SCRIPT.encode()), "/media/u.html", "proven"),
        # A catch-all page is no upload; a login stands before it; another domain has it.
        (page("<title>app</title>"), "/media/u.html", "proven"), (page("", 403), "/media/u.html", "proven"),
        (page(SCRIPT), "https://cdn.example/u.html", "proven"), (page(SCRIPT), "https://shop.example/media/u.html", "refuted"),
        (page("", 302), "/media/u.html", "inconclusive"), (page(SCRIPT), "", "inconclusive"),
    ],
)  # fmt: skip
def test_uploads(answer: Response, uploads: str, verdict: str) -> None:
    known = Known(uploads=(uploads,) if uploads else ())
    found = proofs("uploaded-pages", lambda r: answer, known=known, vantage=IN_PROCESS)
    assert verdicts(found) == {verdict}, found


@pytest.mark.parametrize(
    ("status", "most", "verdict"),
    [(400, -1, "proven"), (413, None, "proven"), (200, None, "refuted"), (200, -1, "inconclusive"), (200, 1 << 25, "inconclusive"),
     (500, None, "inconclusive"), (None, None, "inconclusive")],
)  # fmt: skip
def test_a_large_body_is_taken_only_where_no_limit_is_known(
    status: int | None, most: int | None, verdict: str
) -> None:
    def answer(request: Request) -> Response | None:
        if request.method == "GET":
            return page(LOGIN, Set_Cookie="csrftoken=t") if "login" in request.path else page("own")
        if len(request.body) < 1 << 20:
            return page("", 400)
        return page("taken", status) if status else None

    found = proofs("upload-limits", answer, known=Known(most_bytes=most), active=True)
    assert verdicts(each for each in found if each.about == "bytes") == {verdict}, found


# -- kinds of answers ------------------------------------------------------------------------------

ALL = {
    "Strict_Transport_Security": "max-age=31536000",
    "X_Content_Type_Options": "nosniff",
    "X_Frame_Options": "DENY",
}


def forgetting(header: str, where: Callable[[Request], bool]) -> Answer:
    """A site with all headers, but for one of them in some answers."""

    def answer(request: Request) -> Response | None:
        kept: dict[str, Any] = {
            name: value for name, value in ALL.items() if name != header or not where(request)
        }
        if not request.secure:
            return redirect(f"https://shop.example{request.path}")
        if host(request) != "shop.example":
            return page("<h1>Bad Request (400)</h1>", 400, **kept)
        if request.path == "/fails/":
            return page("oh", 500, **kept)
        if request.path == "/api/":
            return Response(
                200,
                headers=(("Content-Type", "application/json"), *page(**kept).headers[1:]),
                body=b"{}",
            )
        if request.path.rstrip("/") == "/accounts/login":
            if not request.path.endswith("/"):
                return page("", 301, Location="/accounts/login/", **kept)
            return page(
                LOGIN, 403 if request.method == "POST" else 200, Set_Cookie="csrftoken=t", **kept
            )
        return page(
            "own" if request.path == "/" else "none", 200 if request.path == "/" else 404, **kept
        )

    return answer


@pytest.mark.parametrize(
    ("control", "header", "where", "verdict"),
    [
        ("hsts", "Strict_Transport_Security", lambda r: False, "proven"),
        ("hsts", "Strict_Transport_Security", lambda r: r.path == "/accounts/login", "refuted"),
        ("hsts", "Strict_Transport_Security", lambda r: r.path == "/fails/", "refuted"),
        ("hsts", "Strict_Transport_Security", lambda r: r.path == "/api/", "refuted"),
        # A browser that is told another host gets no page of this site; a redirect and HEAD show nothing.
        ("hsts", "Strict_Transport_Security", lambda r: host(r) != "shop.example", "proven"),
        ("content-type-nosniff", "X_Content_Type_Options", lambda r: r.path == "/api/", "refuted"),
        ("content-type-nosniff", "X_Content_Type_Options", lambda r: r.path == "/accounts/login", "proven"),
        ("frame-options", "X_Frame_Options", lambda r: r.path == "/fails/", "refuted"),
        ("frame-options", "X_Frame_Options", lambda r: r.method == "POST", "refuted"),
        ("frame-options", "X_Frame_Options", lambda r: r.path == "/api/", "proven"),
        ("frame-options", "X_Frame_Options", lambda r: host(r) != "shop.example", "proven"),
        ("frame-options", "X_Frame_Options", lambda r: r.method in ("HEAD", "OPTIONS"), "proven"),
    ],
)  # fmt: skip
def test_headers_on_each_kind_of_answer(
    control: str, header: str, where: Callable[[Request], bool], verdict: str
) -> None:
    known = Known(fails="/fails/", paths=("/api/",))
    found = proofs(control, forgetting(header, where), known=known, budget=200)
    assert verdicts(found) == {verdict}, found


@pytest.mark.parametrize(
    ("failed", "verdict"),
    [
        # Where a view fails, Django shows its debug page or the project's own for errors.
        (page("<title>Sorry</title>" + "x" * 300, 500), "proven"), (page(DEBUG_404.replace("404", "500"), 500), "refuted"),
        (page("Internal Server Error", 500), "inconclusive"), (page("<title>app</title>"), "inconclusive"),
    ],
)  # fmt: skip
def test_a_view_that_fails_tells_of_debug(failed: Response, verdict: str) -> None:
    paths = {"/": page("own"), "/fails/": failed}
    found = proofs("debug", on(paths), known=Known(fails="/fails/"))
    assert verdicts(found) == {verdict}, found


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
