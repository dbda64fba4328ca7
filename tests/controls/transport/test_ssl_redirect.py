"""Redirect to HTTPS: on, with something left to redirect, and to where it should go."""

from __future__ import annotations

import pytest

from hardango.controls.patterns import TooIntricate, matching
from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, EntryPoint, Topology
from hardango.settings.outcomes import Settings, Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
ON = {"MIDDLEWARE": [SECURITY], "SECURE_SSL_REDIRECT": True}
BY_VARIABLE = Unknown("read from SSL", type="bool", variables=("SSL",))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"SECURE_REDIRECT_EXEMPT": [r"^health/?$", r"^(livez|readyz)$", r"\.well-known/"]},
        {"SECURE_SSL_HOST": "www.example.com"},
        {"SECURE_SSL_HOST": ""},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
        {"SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_SSL", "on"]},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https")},
        {"SECURE_PROXY_SSL_HEADER": ("wsgi.url_scheme", "https")},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_SSL", "1")},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_FRONT_END_HTTPS", "On")},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PORT", "443")},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_CF_VISITOR", '{"scheme":"https"}')},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_SHOP_SSL", "yes")},
        {"SECURE_PROXY_SSL_HEADER": ("HTTPS", "on")},
        {"SECURE_PROXY_SSL_HEADER": ()},
        {"SECURE_PROXY_SSL_HEADER": None},
        {"SECURE_SSL_REDIRECT": 1},
        {"SECURE_SSL_REDIRECT": "False"},  # true in Python, so it is on
    ],
)
def test_plain_http_is_redirected(judged, more: dict[str, object]) -> None:
    finding = judged("ssl-redirect", {**ON, **more})
    assert finding.verdict is Verdict.PASS, finding.message


def test_a_text_that_says_no_is_explained(judged) -> None:
    finding = judged("ssl-redirect", {**ON, "SECURE_SSL_REDIRECT": "False"})
    assert "it is on, though its text says otherwise" in finding.message


@pytest.mark.parametrize("off", [False, "", None, 0])
def test_off(judged, off: object) -> None:
    finding = judged("ssl-redirect", {**ON, "SECURE_SSL_REDIRECT": off})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.MEDIUM)
    assert "unless a proxy in front redirects" in finding.message


def test_nothing_redirects_without_the_middleware(judged) -> None:
    finding = judged("ssl-redirect", {**ON, "MIDDLEWARE": []})
    assert finding.verdict is Verdict.FAIL
    assert "SecurityMiddleware is not in MIDDLEWARE" in finding.message


@pytest.mark.parametrize(
    ("exempt", "words"),
    [
        ([r".*"], "exempts every path"),
        ([""], "exempts every path"),  # "".split(",")
        ([r"^health$", r"^"], "exempts every path"),
        ([r"^.+"], "exempts every path"),
        ([r"[a-z]"], "exempts every path"),
        ([r"^[^/]*"], "exempts every path"),
        ([r"/"], "exempts paths such as /accounts/login/"),
        ([r"^api/"], "exempts paths such as /api/v1/orders/42"),
        ([r"^admin"], "exempts paths such as /admin/login/"),
        (r"^health$", "a text instead of a list"),
        (["("], "no regular expression"),
        (None, "no list"),
    ],
)
def test_exemptions_that_leave_a_hole(judged, exempt: object, words: str) -> None:
    finding = judged("ssl-redirect", {**ON, "SECURE_REDIRECT_EXEMPT": exempt})
    assert finding.verdict is Verdict.FAIL
    assert words in finding.message


@pytest.mark.parametrize(
    ("exempt", "words"),
    [
        ([r"((a+)+)+$"], "too intricate"),
        ([r"x" * 500], "too intricate"),
        ([Unknown("read from EXEMPT", variables=("EXEMPT",))], "decided by EXEMPT"),
        ([[r"^health$"]], "is no text"),
        (Unknown("result of paths()"), "could not be read: result of paths()"),
    ],
)
def test_exemptions_that_are_not_known(judged, exempt: object, words: str) -> None:
    finding = judged("ssl-redirect", {**ON, "SECURE_REDIRECT_EXEMPT": exempt})
    assert finding.verdict is Verdict.UNKNOWN
    assert words in finding.message


@pytest.mark.parametrize(
    ("header", "severity", "words"),
    [
        (("X-Forwarded-Proto", "https"), Severity.MEDIUM, 'would be "HTTP_X_FORWARDED_PROTO"'),
        (("X_FORWARDED_PROTO", "https"), Severity.MEDIUM, 'would be "HTTP_X_FORWARDED_PROTO"'),
        (("HTTP_X-Forwarded-Proto", "https"), Severity.MEDIUM, 'be "HTTP_X_FORWARDED_PROTO"'),
        (("http_x_forwarded_proto", "https"), Severity.MEDIUM, 'be "HTTP_X_FORWARDED_PROTO"'),
        (("My-Scheme", "https"), Severity.MEDIUM, 'would be "HTTP_MY_SCHEME"'),
        ((1, "https"), Severity.MEDIUM, "it is no text"),
        (("HTTP_X_FORWARDED_PROTO", "HTTPS"), Severity.MEDIUM, "lower case"),
        (("HTTP_X_FORWARDED_PROTO", True), Severity.MEDIUM, "waits for True"),
        (("HTTP_X_FORWARDED_PROTO", "http"), Severity.HIGH, "counts as HTTPS"),
        (("HTTP_X_FORWARDED_SSL", "off"), Severity.HIGH, "counts as HTTPS"),
        (("HTTP_X_FORWARDED_PORT", "80"), Severity.HIGH, "counts as HTTPS"),
        (("HTTP_X_FORWARDED_PROTO", ""), Severity.MEDIUM, "leaves the header empty"),
        (("HTTP_X_FORWARDED_PROTO", " https"), Severity.MEDIUM, "without spaces"),
        (("HTTP_X_FORWARDED_PROTO", "https, http"), Severity.MEDIUM, "before the first comma"),
        (("HTTP_X_FORWARDED_PROTO", "on"), Severity.MEDIUM, "say https in this header"),
        (("HTTP_X_FORWARDED_SSL", "https"), Severity.MEDIUM, "say on in this header"),
        (("HTTP_USER_AGENT", "https"), Severity.HIGH, "every client can write"),
        (("HTTP_COOKIE", BY_VARIABLE), Severity.HIGH, "every client can write"),
        (("QUERY_STRING", "https"), Severity.HIGH, "every client can write"),
        (("Referer", "https"), Severity.MEDIUM, 'would be "HTTP_REFERER"'),
        (("", "https"), Severity.MEDIUM, "it is empty"),
        (("HTTP_X_FORWARDED_PROTO",), Severity.MEDIUM, "no pair"),
        ("HTTP_X_FORWARDED_PROTO", Severity.MEDIUM, "no pair"),
        (True, Severity.MEDIUM, "no pair"),
    ],
)
def test_a_proxy_header_that_cannot_work(
    judged, header: object, severity: Severity, words: str
) -> None:
    finding = judged("ssl-redirect", {**ON, "SECURE_PROXY_SSL_HEADER": header})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "loops"),
    [
        (ON, True),
        ({"SECURE_SSL_REDIRECT": False}, False),
        ({**ON, "SECURE_REDIRECT_EXEMPT": [r"^health$"]}, True),
        ({**ON, "SECURE_REDIRECT_EXEMPT": [r".*"]}, False),
    ],
)
def test_a_redirect_loops_only_where_there_is_one(
    judged, settings: dict[str, object], loops: bool
) -> None:
    header = {"SECURE_PROXY_SSL_HEADER": ("X-Forwarded-Proto", "https")}
    finding = judged("ssl-redirect", {**settings, **header})
    said = [problem.message for problem in finding.problems if "plain HTTP" in problem.message]
    assert any("the redirect loops" in message for message in said) is loops


@pytest.mark.parametrize("host", ["https://example.com", "example.com/", " example.com", 5])
def test_a_host_that_leads_nowhere(judged, host: object) -> None:
    finding = judged("ssl-redirect", {**ON, "SECURE_SSL_HOST": host})
    assert finding.verdict is Verdict.FAIL
    assert "SECURE_SSL_HOST" in finding.message


@pytest.mark.parametrize(
    "more",
    [
        {"SECURE_SSL_REDIRECT": BY_VARIABLE},
        {"SECURE_SSL_REDIRECT": {"if SSL is unset": True, "else": BY_VARIABLE}},
        {"MIDDLEWARE": Unknown("result of stack()")},
        {"MIDDLEWARE": ["shop.middleware.SecurityMiddleware"]},
        {
            "SECURE_SSL_REDIRECT": False,
            "MIDDLEWARE": [SECURITY, "sslify.middleware.SSLifyMiddleware"],
        },
        {"SECURE_SSL_HOST": Unknown("read from HOST", type="str", variables=("HOST",))},
        {"SECURE_PROXY_SSL_HEADER": Unknown("read from HEADER", variables=("HEADER",))},
        {"SECURE_PROXY_SSL_HEADER": (Unknown("read from HEADER", type="str"), "https")},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", BY_VARIABLE)},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_SHOP_VIA", "https")},
    ],
)
def test_not_known(judged, more: dict[str, object]) -> None:
    assert judged("ssl-redirect", {**ON, **more}).verdict is Verdict.UNKNOWN


SCHEME = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}


@pytest.mark.parametrize(
    ("settings", "servers", "verdict"),
    [
        (ON, [("production", True)], Verdict.UNKNOWN),
        (ON, [("production", True), ("any", False)], Verdict.UNKNOWN),
        (ON, [("production", False)], Verdict.PASS),
        (ON, [("production", True), ("production", False)], Verdict.PASS),
        (ON, [("development", True), ("any", True)], Verdict.PASS),
        (ON, [], Verdict.PASS),
        ({**ON, **SCHEME}, [("production", True)], Verdict.PASS),
        ({**ON, "SECURE_SSL_REDIRECT": False}, [("production", True)], Verdict.FAIL),
    ],
)
def test_a_server_that_hands_on_nothing_but_plain_http(
    judged, settings: dict[str, object], servers: list[tuple[str, bool]], verdict: Verdict
) -> None:
    points = tuple(
        EntryPoint("Dockerfile", role, Place("Dockerfile", 9), server="gunicorn", plain=plain)
        for role, plain in servers
    )
    finding = judged("ssl-redirect", settings, deployment=Deployment("s", entry_points=points))
    assert finding.verdict is verdict, finding.message
    said = "gunicorn is started without a certificate at Dockerfile:9" in str(finding.problems)
    assert said is (verdict is Verdict.UNKNOWN)


def test_an_old_django_compares_the_whole_header(judged) -> None:
    both = {**ON, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https, http")}
    assert judged("ssl-redirect", both, django=(2, 2)).verdict is Verdict.PASS


def test_on_by_default_says_who_decides(judged) -> None:
    switch = {"if SSL is unset": True, "else": BY_VARIABLE}
    finding = judged("ssl-redirect", {**ON, "SECURE_SSL_REDIRECT": switch})
    assert finding.message == (
        "SECURE_SSL_REDIRECT is on unless SSL turns it off; hardango does not know production's "
        "value"
    )


def test_exemptions_matter_only_where_the_redirect_is_on(judged) -> None:
    settings = {
        "MIDDLEWARE": [SECURITY],
        "SECURE_SSL_REDIRECT": {"if LOCAL is set": False, "else": True},
        "SECURE_REDIRECT_EXEMPT": {"if LOCAL is set": [".*"], "else": []},
    }
    finding = judged("ssl-redirect", settings)
    assert finding.verdict is Verdict.CONDITIONAL
    assert len(finding.problems) == 1


def test_off_only_where_debug_is_on_is_no_weakness_of_its_own(judged) -> None:
    """DEBUG = env.bool("DEBUG", False); SECURE_SSL_REDIRECT = not DEBUG"""
    flag = Unknown("read from DEBUG", type="bool", variables=("DEBUG",), subject="DEBUG")
    made = Settings.of(
        {
            "MIDDLEWARE": [SECURITY],
            "DEBUG": {"if DEBUG is set": flag, "else": False},
            "SECURE_SSL_REDIRECT": {"if DEBUG is true": False, "else": True},
        }
    )
    assert judged("ssl-redirect", made).verdict is Verdict.CONDITIONAL
    made.truths = {"DEBUG": made.space.fact("DEBUG is true", "not (DEBUG is true)")}
    assert judged("ssl-redirect", made).verdict is Verdict.PASS


@pytest.mark.parametrize("pattern", [r"(a|b)*c", r"(x+x+)+y", ".*" * 9, "a?" * 60, "(.|.)" * 40])
def test_an_expression_that_could_take_for_ever_is_not_tried(pattern: str) -> None:
    with pytest.raises(TooIntricate):
        matching(pattern, ("abc",))


IN_FRONT = Deployment(topology=Topology(tls="proxy", redirect="proxy"))


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({**ON, "SECURE_SSL_REDIRECT": False}, Verdict.ELSEWHERE),
        ({**ON, "MIDDLEWARE": []}, Verdict.ELSEWHERE),
        ({**ON, "SECURE_SSL_REDIRECT": BY_VARIABLE}, Verdict.ELSEWHERE),
        ({**ON, "SECURE_REDIRECT_EXEMPT": [""]}, Verdict.ELSEWHERE),
        (ON, Verdict.PASS),
        # What the proxy does not mend.
        ({**ON, "SECURE_SSL_HOST": "https://www.example.com"}, Verdict.FAIL),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_USER_AGENT", "https")}, Verdict.FAIL),
    ],
)
def test_where_the_proxy_redirects(judged, settings: dict[str, object], verdict: Verdict) -> None:
    finding = judged("ssl-redirect", settings, deployment=IN_FRONT)
    assert finding.verdict is verdict, finding.message
    for topology in (Topology(redirect="django"), Topology(tls="proxy", hosts="proxy")):
        other = judged("ssl-redirect", settings, deployment=Deployment(topology=topology))
        assert other == judged("ssl-redirect", settings)
