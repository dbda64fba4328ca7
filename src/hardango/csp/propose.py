"""A policy from counted reports: what was given, or a strict one, and what the pages surely load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hardango.csp import rules
from hardango.csp.collect import Tally
from hardango.policy import ALLOW, KEPT, REFUSE, SEEN, Ignored, Proposal, Row

NONCE = "'nonce-…'"
STRICT: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'", NONCE),
    "style-src": ("'self'", NONCE),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}
"""Where one begins that has no policy yet."""

SHOWN_PAGES = 3


def propose(
    tally: Tally, given: dict[str, tuple[str, ...]] | None, *, least: int, files: Iterable[str]
) -> Proposal:
    """The policy that these reports ask for. A source with fewer than `least` reports is left out;
    the policy that was `given` keeps all that it has."""
    directives = dict(STRICT if given is None else given)
    ignored: Counter[tuple[str, str]] = Counter()
    found: dict[rules.Meaning, Counter[str]] = {}
    for (directive, blocked, source), pages in tally.pages.items():
        if why := rules.noise(blocked, source):
            of = blocked if rules.noise(blocked, "") else source
            ignored[of.partition(":")[0] if "extension" in why else of, why] += pages.total()
            continue
        found.setdefault(rules.meaning(directive, blocked), Counter()).update(pages)
    rows = [_row(each, pages, directives, least) for each, pages in found.items()]
    rows.sort(key=lambda row: (row.directive, row.verdict != ALLOW, -row.reports, row.source))
    added: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.verdict == ALLOW:
            added[row.directive] = (*added.get(row.directive, ()), row.source)
        elif row.source == "'unsafe-inline'" and row.directive in rules.NONCED:
            base = row.directive.removesuffix("-elem")
            if not any(each.startswith("'nonce-") for each in _ruling(directives, base)):
                added[base] = (*added.get(base, ()), NONCE)
    start = dict(directives)
    for name, sources in added.items():
        directives[name] = _with(name, _ruling(start, name), sources)
    noise = [Ignored(of, count, why) for (of, why), count in ignored.most_common()]
    return Proposal(
        directives, added, tuple(rows), tuple(noise), given is not None, tally.reports,
        tally.lines, tally.others, tally.first, tally.last, tuple(files),
    )  # fmt: skip


def _row(
    meant: rules.Meaning, pages: Counter[str], directives: dict[str, tuple[str, ...]], least: int
) -> Row:
    count = pages.total()
    verdict, reason = (ALLOW if meant.allowed else REFUSE), meant.reason
    ruled = meant.directive in rules.FETCH or meant.directive in directives
    if meant.allowed and not ruled:
        verdict, reason = KEPT, "the policy that was given does not restrict it"
    elif meant.allowed and rules.allows(_ruling(directives, meant.directive), meant.source):
        verdict, reason = KEPT, "the report is of an older policy, or of a path that it leaves out"
    elif meant.allowed and count < least:
        verdict, reason = SEEN, f"fewer than {least} reports: anybody can send one"
    where = tuple(pages.most_common(SHOWN_PAGES))
    return Row(meant.directive, meant.source, count, verdict, reason, where, len(pages))


def _ruling(directives: dict[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The sources that count for a directive: its own, or those of the one that it falls back on."""
    for each in (name, *rules.FALLBACKS.get(name, ())):
        if each in directives:
            return directives[each]
    return ()


def _with(name: str, sources: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    """The sources of a directive with further ones; what is about what is inline counts for scripts
    and styles only."""
    inline = name.startswith(("script-src", "style-src"))
    only = ("'self'", "'report-sample'")
    kept = [each for each in sources
            if each != "'none'" and (inline or each in only or not each.startswith("'"))]  # fmt: skip
    return tuple(dict.fromkeys((*kept, *added)))
