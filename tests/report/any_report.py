"""Reports that could come out of any project: every field, and any text in it."""

from __future__ import annotations

from hypothesis import strategies as st

from hardango.findings import (
    Assumption,
    Configured,
    Finding,
    Ignored,
    Note,
    Place,
    Problem,
    Refusal,
    Report,
    Severity,
    Verdict,
)
from hardango.report.page import Page

HOSTILE = (
    "", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'><svg onload=x>",
    "</style>", "<!--", "]]>", "a|b`c", "```", "\\", "[x](javascript:alert(1))", "::error::x", "%0A",
    "a\r\nb", "\x00\x1b[31m\x7f", "\u202egnp.exe", "\ud800", "\udcff", "\ufffe", "&amp;&lt;", "@user #1",
    "https://evil.example", "*x* _y_ ~z~", "file name.py", "{0}", "a,b:c",
)  # fmt: skip

texts = st.sampled_from(HOSTILE) | st.text(max_size=12)
places = st.builds(Place, texts, st.integers(0, 9), st.integers(0, 9))
chains = st.lists(places, max_size=3).map(tuple)
whens = st.lists(texts, max_size=2).map(tuple)
severities = st.sampled_from(Severity)
problems = st.builds(
    Problem,
    st.sampled_from((Verdict.FAIL, Verdict.UNKNOWN)), texts, whens, chains, severities, texts, texts,
)  # fmt: skip
findings = st.builds(
    Finding,
    control=texts, verdict=st.sampled_from(Verdict), severity=severities, title=texts,
    message=texts, when=whens, chain=chains, problems=st.lists(problems, max_size=2).map(tuple),
    attack=texts, remedy=texts, references=whens, fixable=st.booleans(), fingerprint=texts,
    applies=st.booleans(), judged=st.booleans(), file=texts,
    ignored=st.lists(st.builds(Ignored, texts, places, texts), max_size=2).map(tuple),
    since=st.sampled_from(("", "known", "new", "worse")),
)  # fmt: skip
reports = st.builds(
    Report,
    project=texts, module=texts, django=texts, reasons=whens,
    assumed=st.lists(st.builds(Assumption, texts, texts, texts), max_size=2).map(tuple),
    findings=st.lists(findings, max_size=3).map(tuple),
    notes=st.lists(st.builds(Note, texts, st.none() | places), max_size=2).map(tuple),
    grade=st.sampled_from(("A+", "A", "B", "C", "D", "F")), score=st.integers(0, 100), sources=st.dictionaries(places, texts, max_size=3),
    refusals=st.lists(st.builds(Refusal, whens, texts, st.none() | places), max_size=1).map(tuple),
    configured=st.none() | st.builds(Configured, places, whens, whens), folder=texts,
)  # fmt: skip
"""A report of any project, however it names its files."""

PAGES = {
    "debug": Page(
        "debug",
        "Debug mode",
        "critical",
        ("DEBUG",),
        "Debug mode is off in\nproduction.\n\nWith `DEBUG = True` errors show:\n\n- settings\n"
        "- every\n  query\n\n    DEBUG = False",
        "Anyone who causes an error reads source code.",
        "Set DEBUG = False.",
        (
            ("security.W018", "https://docs.djangoproject.com/en/stable/ref/checks/#security"),
            ("CWE-489", "https://cwe.mitre.org/data/definitions/489.html"),
            ("https://docs.example/debug", "https://docs.example/debug"),
        ),
    )
}
