"""Reports become a policy: what is taken up, what is refused, what is not of the site."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardango.controls.content_policy import Directives, Policy, Sent, scripts, spelling
from hardango.controls.policy_proofs import parsed
from hardango.csp.collect import MOST, MOST_PAGES, Tally, collect, reports
from hardango.csp.propose import propose
from hardango.csp.run import CannotRead, csp
from hardango.policy import ALLOW, KEPT, REFUSE, SEEN, Proposal
from hardango.report.layout import PLAIN
from hardango.report.policy_formats import as_json, as_settings, as_text


def event(directive: str, blocked: str, page: str = "/", source: str = "self") -> str:
    told = {"directive": directive, "blocked": blocked, "document": page, "source": source}
    return json.dumps({"time": "2026-11-20T10:00:00.000+00:00", "event": "csp", "csp": told})


def proposal(*events: str, given: str = "", times: int = 3) -> Proposal:
    tally = Tally()
    collect([each for each in events for _ in range(times)], tally)
    return propose(tally, parsed(given)[0] if given else None, least=3, files=("log",))


ALLOWED = [
    ("img-src", "https://cdn.example", "img-src", "https://cdn.example"),
    ("img-src", "data", "img-src", "data:"),
    ("font-src", "data:", "font-src", "data:"),
    ("media-src", "blob", "media-src", "blob:"),
    ("worker-src", "blob", "worker-src", "blob:"),
    ("script-src-elem", "https://js.example:8443", "script-src", "https://js.example:8443"),
    ("style-src-elem", "https://css.example", "style-src", "https://css.example"),
    ("connect-src", "wss://live.example", "connect-src", "wss://live.example"),
    ("form-action", "https://pay.example", "form-action", "https://pay.example"),
    ("base-uri", "self", "base-uri", "'self'"),
    ("frame-ancestors", "self", "frame-ancestors", "'self'"),
]
REFUSED = [
    ("script-src-elem", "inline", "csp_nonce"),
    ("script-src", "inline", "hash"),
    ("script-src-attr", "inline", "addEventListener"),
    ("style-src-elem", "inline", "csp_nonce"),
    ("style-src-attr", "inline", "a class"),
    ("script-src", "eval", "without eval"),
    ("script-src", "wasm-eval", "by hand"),
    ("script-src", "data", "injected"),
    ("script-src", "blob", "injected"),
    ("frame-src", "data", "injected"),
    ("script-src-elem", "http://js.example", "HTTPS"),
    ("img-src", "http://img.example", "HTTPS"),
    ("img-src", "wss://img.example", "web socket"),
    ("object-src", "https://flash.example", "plugins"),
    ("object-src", "self", "plugins"),
    ("base-uri", "https://evil.example", "<base>"),
    ("frame-ancestors", "https://portal.example", "frames the page"),
    ("require-trusted-types-for", "trusted-types-sink", "mend the script"),
    ("img-src", "unreadable", "no origin"),
    ("sandbox", "https://x.example", "mends"),
]
NOISE = [
    ("script-src-elem", "chrome-extension://abc", "self"),
    ("script-src-elem", "moz-extension:", "self"),
    ("script-src-elem", "inline", "safari-web-extension://abc"),
    ("script-src", "eval", "chrome-extension:"),
    ("img-src", "https://gc.kis.v2.scr.kaspersky-labs.com", "self"),
    ("style-src-elem", "https://translate.googleapis.com", "self"),
    ("frame-src", "about:", "self"),
]


@pytest.mark.parametrize(("directive", "blocked", "name", "source"), ALLOWED)
def test_what_pages_load_is_taken_up(directive: str, blocked: str, name: str, source: str) -> None:
    found = proposal(event(directive, blocked))
    (row,) = found.rows
    assert (row.directive, row.source, row.verdict, row.reports) == (name, source, ALLOW, 3)
    assert source in found.directives[name]
    assert "'none'" not in found.directives[name]


@pytest.mark.parametrize(("directive", "blocked", "said"), REFUSED)
def test_what_an_attacker_could_use_is_refused(directive: str, blocked: str, said: str) -> None:
    found = proposal(event(directive, blocked), times=500)
    (row,) = found.rows
    assert row.verdict == REFUSE
    assert said in row.reason
    assert found.directives == proposal().directives


@pytest.mark.parametrize(("directive", "blocked", "source"), NOISE)
def test_what_visitors_have_installed_is_no_report(
    directive: str, blocked: str, source: str
) -> None:
    found = proposal(event(directive, blocked, source=source), times=500)
    assert not found.rows
    assert [each.reports for each in found.ignored] == [500]
    assert found.directives == proposal().directives


def test_a_host_that_only_ends_alike_is_no_noise() -> None:
    (row,) = proposal(event("img-src", "https://notkaspersky-labs.com")).rows
    assert row.verdict == ALLOW


def test_few_reports_allow_nothing() -> None:
    found = proposal(event("script-src-elem", "https://evil.example"), times=2)
    assert [row.verdict for row in found.rows] == [SEEN]
    assert not found.added


@pytest.mark.parametrize(
    ("given", "directive", "blocked", "added"),
    [
        ("default-src 'self'; img-src https:", "img-src", "https://cdn.example", {}),
        ("default-src 'self' *.example", "img-src", "https://cdn.example", {}),
        ("default-src *", "img-src", "https://cdn.example", {}),
        ("default-src cdn.example", "img-src", "https://cdn.example", {}),
        ("default-src 'self'", "form-action", "https://pay.example", {}),
        ("default-src *", "img-src", "data", {"img-src": ("*", "data:")}),
        ("default-src 'self' 'nonce-a1'", "img-src", "data", {"img-src": ("'self'", "data:")}),
        ("img-src 'none'", "img-src", "https://cdn.example", {"img-src": ("https://cdn.example",)}),
        ("child-src a.example; default-src b.example", "frame-src", "https://c.example",
         {"frame-src": ("a.example", "https://c.example")}),
        ("script-src 'self'; report-to csp", "script-src-elem", "inline",
         {"script-src": ("'self'", "'nonce-…'")}),
        ("script-src 'nonce-a1'", "script-src-elem", "inline", {}),
        ("script-src 'self'", "script-src-attr", "inline", {}),
    ],
)  # fmt: skip
def test_the_policy_that_was_sent_stays(
    given: str, directive: str, blocked: str, added: dict[str, tuple[str, ...]]
) -> None:
    found = proposal(event(directive, blocked), given=given)
    assert found.directives == {**parsed(given)[0], **added}
    if not added:
        assert {row.verdict for row in found.rows} <= {KEPT, REFUSE}


def test_a_proposal_leaves_nothing_open() -> None:
    """By the rules of the control, whatever was reported."""
    every = [(*each[:2], "self") for each in (*ALLOWED, *REFUSED)] + NOISE
    found = proposal(*(event(a, b, source=c) for a, b, c in every))
    policy = Policy("SECURE_CSP", "", Sent.YES, Directives(dict(found.directives)))
    assert list(scripts(policy, dict(found.directives))) == []
    assert list(spelling("SECURE_CSP", dict(found.directives))) == []


def test_pages_are_told_without_their_numbers() -> None:
    lines = [event("img-src", "data", f"/orders/{number}/") for number in (7, 8, 9)]
    (row,) = proposal(*lines, event("img-src", "data", "/about2/")).rows
    assert (row.where, row.pages) == ((("/orders/N/", 9), ("/about2/", 3)), 2)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "plain text with csp",
        '{"csp": 7}',
        '{"csp": {"directive": "img-src"}}',
        '{"csp": {"directive": 1, "blocked": "x"}}',
        '["csp"]',
        '{"csp": ' + "[" * 5000,
    ],
)
def test_other_lines_are_passed_over(line: str) -> None:
    assert list(reports(line)) == []


def test_a_line_may_begin_with_a_containers_name() -> None:
    (told,) = reports("web-1  | " + event("img-src", "data"))
    assert (told.directive, told.blocked, told.page) == ("img-src", "data", "/")


def test_a_flood_of_made_up_reports_is_bounded() -> None:
    tally = Tally()
    collect((event("img-src", f"https://x{n}.example", f"/x{n}x/") for n in range(MOST + 7)), tally)
    assert (len(tally.pages), tally.others, tally.reports) == (MOST, 7, MOST + 7)
    collect((event("img-src", "https://x1.example", f"/y{n}y/") for n in range(MOST)), tally)
    assert len(tally.pages["img-src", "https://x1.example", "self"]) <= MOST_PAGES + 1


def test_the_formats() -> None:
    found = proposal(
        event("img-src", "https://cdn.example"), event("script-src-elem", "inline", "/a\x1b[31m/")
    )
    text = as_text(found, PLAIN)
    assert "img-src 'self' https://cdn.example" in text
    assert "\x1b" not in text
    data = json.loads(as_json(found))
    assert data["directives"]["img-src"] == ["'self'", "https://cdn.example"]
    assert data["rows"][0]["where"] == [{"page": "/", "reports": 3}]
    assert "img-src 'self' https://cdn.example" in data["policy"]


def test_settings_are_those_of_django_csp() -> None:
    """What the snippet sets is the policy, by the library itself."""
    found = proposal(event("img-src", "https://cdn.example"))
    made: dict[str, dict[str, dict[str, list[str]]]] = {}
    exec(as_settings(found, (5, 2)), made)
    directives = made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["img-src"] == ["'self'", "https://cdn.example"]
    assert set(directives) == set(found.directives)
    assert '"script-src": [CSP.SELF, CSP.NONCE],' in as_settings(found, (6, 0))


def test_logs_are_read_one_after_the_other(tmp_path: Path) -> None:
    plain, packed = tmp_path / "app.log", tmp_path / "app.log.1.gz"
    plain.write_text(event("img-src", "data") + "\n", encoding="utf-8")
    packed.write_bytes(gzip.compress((event("img-src", "data") + "\n").encode() * 2))
    found = csp([str(plain), str(packed)], "", 3)
    assert [(row.reports, row.verdict) for row in found.rows] == [(3, ALLOW)]


@pytest.mark.parametrize(
    ("name", "content", "policy", "said"),
    [
        ("none.log", None, "", "No such file"),
        ("bad.gz", b"no gzip", "", "bad.gz: "),
        ("cut.gz", gzip.compress(b"x" * 9000, mtime=0)[:30], "", "ends in the middle"),
        ("app.log", b"", "a b, c d", "one policy"),
        ("app.log", b"", ";", "one policy"),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, name: str, content: bytes | None, policy: str, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotRead, match=said):
        csp([str(tmp_path / name)], policy, 3)


def test_the_verb(tmp_path: Path, hardango: Callable[..., Any]) -> None:
    log = tmp_path / "app.log"
    log.write_text(event("img-src", "https://cdn.example"), encoding="utf-8")
    done = hardango("csp", log, "--least", "1", "--format", "json")
    assert (done.code, done.json["rows"][0]["verdict"]) == (0, ALLOW)
    done = hardango("csp", tmp_path / "none.log")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("none.log: No such file or directory\n")
