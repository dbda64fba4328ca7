"""The score is that of the published table, less three results that are known to be false."""

from __future__ import annotations

import pytest

from hardango.evidence import Exchange, Request, Response
from hardango.probe.observatory import score_of
from hardango.probe.site import Site

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
DJANGO = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
GOOD = {
    **DJANGO,
    **HSTS,
    "Content-Security-Policy": STRICT,
    "Cross-Origin-Resource-Policy": "same-origin",
}


def scored(headers: dict[str, str], body: str = "", *, status: int = 200, plain: str = "https"):  # type: ignore[no-untyped-def]
    def answer(request: Request) -> Exchange:
        if not request.secure and plain != "serve":
            target = {"https": "https://shop.example/", "away": "https://www.shop.example/"}.get(
                plain, plain
            )
            return Exchange(request, Response(301, headers=(("Location", target),)))
        given = (("Content-Type", "text/html"), *headers.items())
        return Exchange(request, Response(status, headers=given, body=body.encode()))

    return score_of(Site("https://shop.example", answer, http="http://shop.example"))


@pytest.mark.parametrize(
    ("headers", "points", "grade"),
    [
        (DJANGO, 55, "C"), ({**DJANGO, **HSTS}, 75, "B"), (GOOD, 140, "A+"), ({}, 30, "D"),
        ({**GOOD, "Strict-Transport-Security": "max-age=60"}, 130, "A+"),
        ({**GOOD, "Strict-Transport-Security": "nonsense"}, 80, "B+"),
        ({**GOOD, "Content-Security-Policy": STRICT.replace("script-src 'self'", "script-src 'unsafe-inline'")}, 80, "B+"),
        ({**GOOD, "Content-Security-Policy": STRICT.replace("script-src 'self'", "script-src https:")}, 80, "B+"),
        ({**GOOD, "Content-Security-Policy": STRICT.replace("script-src 'self'", "script-src 'unsafe-eval'")}, 120, "A+"),
        ({**GOOD, "Content-Security-Policy": STRICT.replace("style-src 'self'", "style-src 'unsafe-inline'")}, 130, "A+"),
        ({**GOOD, "Content-Security-Policy": "default-src 'self'"}, 135, "A+"), ({**GOOD, "Content-Security-Policy": ""}, 75, "B"),
        ({**GOOD, "X-Content-Type-Options": "no"}, 135, "A+"), ({**GOOD, "Referrer-Policy": "unsafe-url"}, 130, "A+"),
        ({**GOOD, "Cross-Origin-Resource-Policy": "cross-origin"}, 130, "A+"), ({**GOOD, "Cross-Origin-Opener-Policy": "x"}, 125, "A+"),
        ({**GOOD, "Set-Cookie": "sessionid=x; HttpOnly; SameSite=Lax"}, 130, "A+"),
        ({**GOOD, "Set-Cookie": "sessionid=x; Secure; SameSite=Lax"}, 70, "B"),
        ({**GOOD, "Set-Cookie": "csrftoken=x; Secure"}, 80, "B+"), ({**GOOD, "Set-Cookie": "a=x; Secure; SameSite=Lax"}, 145, "A+"),
        ({**DJANGO, "Set-Cookie": "sessionid=x; HttpOnly"}, 15, "F"),
    ],
)  # fmt: skip
def test_points_and_grades(headers: dict[str, str], points: int, grade: str) -> None:
    score = scored(headers)
    assert (score.points, score.grade) == (points, grade), score.tests
    assert len(score.tests) == 12


@pytest.mark.parametrize(
    ("plain", "points"),
    [("https", 0), ("away", -5), ("http://shop.example/x", -10), ("serve", -20)],
)
def test_the_first_redirect_counts(plain: str, points: int) -> None:
    (test,) = [each for each in scored(GOOD, plain=plain).tests if each.test == "redirection"]
    assert test.points == points


@pytest.mark.parametrize(
    ("script", "points"),
    [
        ("<script src='/a.js'></script>", 0), ("<script src='https://cdn.example/a.js'></script>", -5),
        ("<script src='https://cdn.example/a.js' integrity='sha384-x'></script>", 5),
        ("<script src='http://cdn.example/a.js'></script>", -50),
        ("<script src='http://cdn.example/a.js' integrity='sha384-x'></script>", -20), ("<script>1</script>", 0),
    ],
)  # fmt: skip
def test_scripts_from_elsewhere(script: str, points: int) -> None:
    (test,) = [each for each in scored(GOOD, script).tests if each.test == "subresource-integrity"]
    assert test.points == points


@pytest.mark.parametrize(
    ("let_in", "points"),
    [
        (lambda origin: True, -50),
        (lambda origin: "shop.example" in origin, 0),
        (lambda origin: False, 0),
    ],
)
def test_origins_of_other_sites(let_in, points: int) -> None:  # type: ignore[no-untyped-def]
    def answer(request: Request) -> Exchange:
        origin = request.get("Origin")
        more = (
            (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"))
            if let_in(origin)
            else ()
        )
        return Exchange(request, Response(200, headers=(("Content-Type", "text/html"), *more)))

    site = Site("https://shop.example", answer)
    site.get("/", ("Origin", "https://evilshop.example"))
    score = score_of(site)
    assert score is not None
    (test,) = [each for each in score.tests if each.test == "cross-origin-resource-sharing"]
    assert test.points == points


NO_FRAMES = {name: value for name, value in GOOD.items() if name != "X-Frame-Options"}
META = '<meta http-equiv="Content-Security-Policy" content="frame-ancestors \'none\'">'


@pytest.mark.parametrize(
    ("headers", "body", "test", "points"),
    [
        ({**NO_FRAMES, "Content-Security-Policy": STRICT.replace("frame-ancestors 'none'", "frame-ancestors *")}, "", "x-frame-options", -20),
        ({**NO_FRAMES, "Content-Security-Policy": "default-src 'none'"}, META, "x-frame-options", -20),
        ({**GOOD, "Content-Security-Policy": "script-src 'strict-dynamic'; object-src 'none'"}, "", "content-security-policy", 0),
    ],
)  # fmt: skip
def test_what_the_observatory_gets_wrong_is_mended_and_said(
    headers: dict[str, str], body: str, test: str, points: int
) -> None:
    (found,) = [each for each in scored(headers, body).tests if each.test == test]
    assert found.points == points
    assert found.mended


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_is_not_graded(status: int) -> None:
    assert scored(GOOD, status=status) is None
