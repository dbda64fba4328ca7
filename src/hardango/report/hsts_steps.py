"""At which stage of HSTS a site is: for a terminal, and as JSON."""

from __future__ import annotations

import json

from hardango.evidence import Steps
from hardango.report.layout import Style, entry, listed


def as_text(found: Steps, style: Style) -> str:
    said = f"max-age={found.seconds}" + ("; includeSubDomains" if found.subdomains else "") + (
        "; preload" if found.preload else "")  # fmt: skip
    lines = [style.paint(style.clean(f"HSTS of {found.url}"), "bold")]
    lines += entry("stage", f"{found.stage} ({said})" if found.seconds else "none", style)
    lines += entry("next", found.after or "nothing: this is the last one", style)
    lines.append("")
    for each in found.holds:
        mark = {True: "✓", False: "✗", None: "?"}[each.holds]
        text = each.what if each.holds or not each.why else f"{each.what}: {each.why}"
        lines += listed(f"{mark} {text}", [], style, indent=2)
    lines.append("")
    lines += listed(_advice(found), [], style, indent=0)
    lines += [f"    {each}" for each in found.settings]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _advice(found: Steps) -> str:
    if any(each.holds is False for each in found.holds):
        return "Mend what is marked first: nothing more should be promised yet."
    if not found.after:
        return "The site can be sent to https://hstspreload.org, if it isn't in the list yet."
    if found.after == "preload":
        return ("Preloading takes months to undo, for all subdomains. If that is wanted, after a month at "
                "this stage without trouble:")  # fmt: skip
    if "subdomains" in found.after:
        return "Once every subdomain answers over HTTPS, after a month at this stage:"
    after = f", after {found.wait} at this stage without trouble" if found.wait else ""
    return f"The next stage{after}:"


def as_json(found: Steps) -> str:
    data = {**found._asdict(), "settings": list(found.settings),
            "holds": [each._asdict() for each in found.holds]}  # fmt: skip
    return json.dumps({"schema": 1, **data}, indent=2, ensure_ascii=True) + "\n"
