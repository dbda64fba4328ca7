"""A proposed Content-Security-Policy: for a terminal, as JSON, as settings."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hardango.policy import ALLOW, KEPT, REFUSE, SEEN, Proposal, Row, as_header
from hardango.report.layout import Style, wrap

MARKS = {ALLOW: "✓", REFUSE: "✗", SEEN: "·", KEPT: "·"}
COLOURS = {ALLOW: "green", REFUSE: "red", SEEN: "", KEPT: ""}
MOST_SELDOM = 5
"""Sources with too few reports that are shown for one directive: anybody can send many."""

ONLY_STOPPED = (
    "Reports tell only what the policy that was sent has stopped. This one starts from a strict policy: give "
    "the one that was sent by --policy, and what it allows stays."
)
ANYBODY = (
    "Anybody can send reports: allow an origin only if your pages load from it. Send the policy as "
    "Content-Security-Policy-Report-Only first."
)


def as_text(found: Proposal, style: Style) -> str:
    when = f", {found.first[:10]} to {found.last[:10]}" if found.first else ""
    head = f"Content-Security-Policy, from {_times(found.reports, 'report')} in {_times(found.lines, 'line')}"
    lines = [style.paint(style.clean(head + when), "bold"), ""]
    parts = as_header(found.directives).split("; ")
    lines += [style.clean(f"    {each};") for each in parts]
    for directive, rows in _by_directive(found):
        lines += ["", style.paint(style.clean(directive), "bold")]
        seldom = [row for row in rows if row.verdict == SEEN]
        for row in rows:
            if row not in seldom[MOST_SELDOM:]:
                lines += _row(row, style)
        if len(seldom) > MOST_SELDOM:
            lines.append(style.clean(f"  · {len(seldom) - MOST_SELDOM} more with too few reports"))
    if found.ignored:
        lines += ["", style.paint("Not of the site, left out", "bold")]
        lines += [style.clean(f"  · {each.source}: {_times(each.reports, 'report')}, {each.reason}")
                  for each in found.ignored]  # fmt: skip
    if found.others:
        lines += ["", style.clean(f"{_times(found.others, 'report')} beyond what is kept apart")]
    for each in (() if found.given else (ONLY_STOPPED,), (ANYBODY,)):
        lines += [line for text in each for line in ("", *wrap(style.clean(text), style.width))]
    return "\n".join(lines) + "\n"


def _by_directive(found: Proposal) -> Iterator[tuple[str, list[Row]]]:
    for name in dict.fromkeys(row.directive for row in found.rows):
        yield name, [row for row in found.rows if row.directive == name]


def _row(row: Row, style: Style) -> list[str]:
    mark = style.paint(style.clean(MARKS[row.verdict]), COLOURS[row.verdict])
    what = style.clean(f"{row.verdict} {row.source}")
    said = f"{_times(row.reports, 'report')} {pages(row)}: {row.reason}"
    return [
        f"  {mark} {what}",
        *(f"      {line}" for line in wrap(style.clean(said), style.width - 6)),
    ]


def pages(row: Row) -> str:
    shown = ", ".join(f"{path} ({count})" for path, count in row.where)
    left = row.pages - len(row.where)
    return f"on {shown}" + (
        f" and {left} more pages" if left > 1 else " and 1 more" if left else ""
    )


def _times(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def as_json(found: Proposal) -> str:
    rows = [{**row._asdict(), "where": [{"page": path, "reports": count} for path, count in row.where]}
            for row in found.rows]  # fmt: skip
    data = {
        "schema": 1,
        "policy": as_header(found.directives),
        **found._asdict(),
        "rows": rows,
        "ignored": [each._asdict() for each in found.ignored],
    }
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


# -- settings --------------------------------------------------------------------------------------

NAMES = {
    "'none'": "NONE", "'self'": "SELF", "'unsafe-inline'": "UNSAFE_INLINE",
    "'unsafe-eval'": "UNSAFE_EVAL", "'unsafe-hashes'": "UNSAFE_HASHES",
    "'strict-dynamic'": "STRICT_DYNAMIC", "'wasm-unsafe-eval'": "WASM_UNSAFE_EVAL",
    "'report-sample'": "REPORT_SAMPLE",
}  # fmt: skip
"""What `django.utils.csp.CSP` and `csp.constants` both call the keywords."""


def as_settings(found: Proposal, django: tuple[int, int]) -> str:
    """Lines for a settings module: Django's own policy from 6.0 on, django-csp's before."""
    own = django >= (6, 0)
    names: dict[str, None] = {}
    body = []
    for directive, sources in found.directives.items():
        items = [_item(each, own, names) for each in sources]
        body.append(
            f"    {_quoted(directive)}: " + (f"[{', '.join(items)}]," if items else "True,")
        )
    if own:
        return "\n".join(
            ["# MIDDLEWARE: django.middleware.csp.ContentSecurityPolicyMiddleware",
             "# the context processors of TEMPLATES: django.template.context_processors.csp",
             "from django.utils.csp import CSP", "", "SECURE_CSP = {", *body, "}", ""]
        )  # fmt: skip
    imported = [f"from csp.constants import {', '.join(sorted(names))}", ""] if names else []
    inner = [f"    {line}" for line in body]
    return "\n".join(
        ["# MIDDLEWARE: csp.middleware.CSPMiddleware, of django-csp 4", *imported,
         "CONTENT_SECURITY_POLICY = {", '    "DIRECTIVES": {', *inner, "    }", "}", ""]
    )  # fmt: skip


def _item(source: str, own: bool, names: dict[str, None]) -> str:
    name = "NONCE" if source.startswith("'nonce-") else NAMES.get(source)
    if name is None:
        return _quoted(source)
    names[name] = None
    return f"CSP.{name}" if own else name


def _quoted(text: str) -> str:
    return json.dumps(text)
