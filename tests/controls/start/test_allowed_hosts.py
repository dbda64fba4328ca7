"""Allowed hosts: which names the list really accepts."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

LIST = Unknown("read from HOSTS", type="list", variables=("HOSTS",))
ITEM = Unknown("read from HOST", type="str", variables=("HOST",))
REST = Unknown("read from HOSTS", several=True, variables=("HOSTS",))


@pytest.mark.parametrize(
    "hosts",
    [
        ["example.com"],
        ("example.com", "www.example.com"),
        [".example.com"],
        [".example.co.uk"],
        ["example.com", "localhost", "127.0.0.1", "[::1]", ".localhost"],
        ["my-shop.herokuapp.com"],
        [".my-shop.herokuapp.com"],
        [".internal", "web.svc.cluster.local"],
        ["EXAMPLE.com", "xn--mller-kva.example", "10.0.0.7", "0.0.0.0"],
        ["[2001:db8::1]", ".lan"],
        [".customers.example.com"],
        ["bucket.s3.amazonaws.com"],
        [".example.co"],
        ["co.uk"],  # the name itself, not the names below it
        [Unknown("read from NAME", type="str", prefix="www.")],
        [Unknown("read from ENV", choices=("a.example", "b.example"))],
    ],
)
def test_only_names_of_the_site(judged, hosts: object) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": hosts})
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("hosts", "severity", "words"),
    [
        (["*"], Severity.HIGH, "every host name is accepted"),
        (["example.com", "*"], Severity.HIGH, "whatever else is in it"),
        (["*", REST], Severity.HIGH, "every host name is accepted"),
        ([".com"], Severity.MEDIUM, "below a top-level domain"),
        ([".co.uk"], Severity.MEDIUM, "can be registered"),
        ([".com.au", "example.com.au"], Severity.MEDIUM, "can be registered"),
        ([".herokuapp.com"], Severity.MEDIUM, "every customer of that platform"),
        ([".HerokuApp.com"], Severity.MEDIUM, "every customer of that platform"),
        ([".vercel.app"], Severity.MEDIUM, "every customer of that platform"),
        ([".amazonaws.com"], Severity.MEDIUM, "every customer of that platform"),
        ([".eu-west-1.elb.amazonaws.com"], Severity.MEDIUM, "every customer of that platform"),
        ([".1"], Severity.MEDIUM, "suffix that any name can end in"),
        ([], Severity.LOW, "every request is answered with 400"),
        ([""], Severity.LOW, "an item of ALLOWED_HOSTS is empty"),
        ([None], Severity.LOW, "is no text"),
        (["10.0.*"], Severity.LOW, "Django knows no such wildcard"),
        (["example.com", "10.0.*"], Severity.LOW, "Django knows no such wildcard"),
        (["example.com", "*.example.com"], Severity.LOW, "Django knows no such wildcard"),
        (["example.com", "10.0.0.0/8"], Severity.LOW, "no bare host name"),
        (["example.com", "https://example.com"], Severity.LOW, "no bare host name"),
        (["example.com", "example.com:8000"], Severity.LOW, "the port is not compared"),
        (["example.com", " www.example.com"], Severity.LOW, "a space"),
        (["example.com", "::1"], Severity.LOW, "in brackets"),
        (["example.com", "[::1]:8000"], Severity.LOW, "no port"),
        (["example.com", "www.example.com."], Severity.LOW, "the last dot"),
        (["example.com", "a.example,b.example"], Severity.LOW, "no such sign"),
        (["example.com", r"www\.example\.com"], Severity.LOW, "no such sign"),
        (["example.com", "web_app"], Severity.LOW, "no such sign"),
        (["example.com", "müller.example"], Severity.LOW, "no such sign"),
        (["a.example b.example"], Severity.LOW, "no such sign"),
        ([".s3.amazonaws.com"], Severity.MEDIUM, "every customer of that platform"),
        ([".onrender.com", "example.com"], Severity.MEDIUM, "every customer of that platform"),
        ([".0.1"], Severity.MEDIUM, "suffix that any name can end in"),
    ],
)
def test_a_list_that_is_wrong(judged, hosts: object, severity: Severity, words: str) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": hosts})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


def test_the_default_answers_nobody(judged) -> None:
    finding = judged("allowed-hosts", {})
    assert finding.verdict is Verdict.FAIL
    assert "with DEBUG on only localhost is accepted" in finding.message


@pytest.mark.parametrize(
    ("hosts", "django", "verdict", "words"),
    [
        ("*", (5, 2), Verdict.FAIL, "Django refuses to start"),
        ("*", (3, 2), Verdict.FAIL, "every host name is accepted"),
        ("example.com", (3, 2), Verdict.FAIL, "each of its characters"),
        ({"example.com"}, (5, 2), Verdict.FAIL, "of type set"),
        (None, (5, 2), Verdict.FAIL, "of type NoneType"),
        (ITEM, (5, 2), Verdict.FAIL, "of type str"),
        (ITEM, (3, 2), Verdict.UNKNOWN, "of type str instead of a list"),
    ],
)
def test_a_value_that_is_no_list(
    judged, hosts: object, django: tuple[int, int], verdict: Verdict, words: str
) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": hosts}, django=django)
    assert finding.verdict is verdict
    assert words in finding.message


@pytest.mark.parametrize(
    "hosts",
    [
        LIST,
        [ITEM],
        ["example.com", ITEM],
        ["example.com", REST],
        Unknown("result of hosts()"),
        [Unknown("read from SUFFIX", type="str", prefix=".")],
        [Unknown("read from ENV", choices=("a.example", "*"))],
    ],
)
def test_a_list_that_is_not_known(judged, hosts: object) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": hosts})
    assert finding.verdict is Verdict.UNKNOWN


def test_any_host_by_default(judged) -> None:
    """ALLOWED_HOSTS = env.list("HOSTS", default=["*"])"""
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": {"if HOSTS is unset": ["*"], "else": LIST}})
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("HOSTS is unset",)


def test_each_of_the_possible_values_is_judged(judged) -> None:
    """ALLOWED_HOSTS = {"dev": ["*"], "prod": ["example.com"]}[stage]"""
    either = Unknown("one of two", choices=(["*"], ["example.com"]), subject="HOSTS")
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": either})
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("HOSTS is ['*']",)


def test_advice_for_health_checks(judged) -> None:
    assert "health check" in judged("allowed-hosts", {"ALLOWED_HOSTS": ["*"]}).remedy


@pytest.mark.parametrize("hosts", [[], [""], ["10.0.*"]])
def test_a_site_that_answers_nothing_is_not_said_to_answer_everybody(judged, hosts: object) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": hosts})
    assert finding.title == "No host name is accepted: with DEBUG off the site answers nothing"
    assert "password-reset" not in finding.attack
    assert "password-reset" in judged("allowed-hosts", {"ALLOWED_HOSTS": ["*"]}).attack


CHECKED = Deployment(topology=Topology(hosts="proxy"))


@pytest.mark.parametrize(
    ("hosts", "verdict"),
    [
        (["*"], Verdict.ELSEWHERE),
        ([".com", "shop.example"], Verdict.ELSEWHERE),
        (["shop.example", REST], Verdict.ELSEWHERE),
        (LIST, Verdict.ELSEWHERE),
        (["shop.example"], Verdict.PASS),
        # What the proxy does not mend.
        ([], Verdict.FAIL),
        (["https://shop.example"], Verdict.FAIL),
        (["*", "shop.example/"], Verdict.FAIL),
        ("*", Verdict.FAIL),
    ],
)
def test_where_the_proxy_checks_the_host(judged, hosts: object, verdict: Verdict) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": hosts}, deployment=CHECKED)
    assert finding.verdict is verdict, finding.message
    in_django = Deployment(topology=Topology(hosts="django"))
    assert judged("allowed-hosts", {"ALLOWED_HOSTS": hosts}, deployment=in_django) == judged(
        "allowed-hosts", {"ALLOWED_HOSTS": hosts}
    )


def test_a_name_that_matches_nothing_lets_nobody_in(judged) -> None:
    finding = judged("allowed-hosts", {"ALLOWED_HOSTS": ["www.example.com", ""]})
    assert finding.title == "A name in ALLOWED_HOSTS matches nothing"
    assert finding.severity is Severity.LOW
    both = judged("allowed-hosts", {"ALLOWED_HOSTS": ["*", ""]})
    assert both.title == "Requests for host names that are not this site's are answered"
