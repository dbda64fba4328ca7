"""CycloneDX 1.6: the packages, and of each known hole what was decided (VEX).

https://cyclonedx.org/docs/1.6/json/. What the user ignores is "not_affected", with the reason as its
detail; everything else is "in_triage", since whether it can be exploited is for a person to say.
The same packages and holes give the same document: it has no date and no serial number.
"""

from __future__ import annotations

import hardango
from hardango.inventory import Dependencies, Hole, Judged, Pin
from hardango.report.json_format import dump
from hardango.report.layout import PLAIN

Json = dict[str, object]


def render(done: Dependencies) -> str:
    """The document, ending with a newline."""
    pinned = [each for each in done.judged if each.pin.version]
    components = {purl(each.pin): each.pin for each in pinned}
    holes: dict[str, tuple[Hole, list[Judged]]] = {}
    for each in pinned:
        for hole in each.holes:
            mark = f"{hole.ids[0]} {hole.ignored}"
            holes.setdefault(mark, (hole, []))[1].append(each)
    return dump({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "hardango",
                                      "version": hardango.__version__}]},
            "component": {"type": "application", "name": PLAIN.clean(done.project),
                          "bom-ref": "project"},
        },
        "components": [_component(each) for each in components.values()],
        "vulnerabilities": [_vulnerability(hole, packages) for hole, packages in holes.values()],
    })  # fmt: skip


def purl(pin: Pin) -> str:
    """https://github.com/package-url/purl-spec/blob/main/types/pypi-definition.md"""
    from urllib.parse import quote

    return f"pkg:pypi/{pin.name}@{quote(pin.version, safe='.-_')}"


def _component(pin: Pin) -> Json:
    return {"type": "library", "name": pin.name, "version": pin.version, "purl": purl(pin),
            "bom-ref": purl(pin)}  # fmt: skip


def _vulnerability(hole: Hole, packages: list[Judged]) -> Json:
    found: Json = {
        "id": hole.ids[0],
        "source": {"name": "OSV", "url": hole.url},
        "references": [{"id": each, "source": {"name": "OSV"}} for each in hole.ids[1:]],
        "ratings": [_rating(hole)],
        "description": PLAIN.clean(hole.summary),
        "analysis": _analysis(hole),
        "affects": [{"ref": each} for each in dict.fromkeys(purl(each.pin) for each in packages)],
    }
    ways = dict.fromkeys(each.way.said for each in packages if each.way is not None)
    if ways:
        found["recommendation"] = PLAIN.clean(" ".join(ways))
    if hole.published:
        found["published"] = f"{hole.published}T00:00:00Z"
    return found


def _rating(hole: Hole) -> Json:
    if hole.score is not None:
        return {"score": hole.score, "severity": hole.severity.label, "method": "CVSSv31"}
    return {"severity": hole.severity.label if hole.rated == hole.severity.label else "unknown"}


def _analysis(hole: Hole) -> Json:
    if hole.ignored is not None:
        return {"state": "not_affected", "detail": PLAIN.clean(hole.ignored.reason)}
    if hole.unreached:
        return {"state": "in_triage", "detail": PLAIN.clean(hole.unreached)}
    return {"state": "in_triage"}
