"""The base score of a CVSS v3 vector.

https://www.first.org/cvss/v3.1/specification-document#7-1-Base-Metrics-Equations; version 3.0 has
the same equations for base scores. A vector of version 2 or 4 is not computed.
"""

from __future__ import annotations

from hardango.findings import Severity

_WEIGHTS = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}
"""By scope: unchanged, changed."""

LEVELS = (
    (9.0, Severity.CRITICAL),
    (7.0, Severity.HIGH),
    (4.0, Severity.MEDIUM),
    (0.1, Severity.LOW),
)
"""https://www.first.org/cvss/v3.1/specification-document#5-Qualitative-Severity-Rating-Scale"""


def base_score(vector: str) -> float | None:
    """The score of a vector such as "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", from 0 to 10;
    None if it is not a complete vector of version 3."""
    if not vector.startswith(("CVSS:3.0/", "CVSS:3.1/")):
        return None
    parts = dict(part.split(":", 1) for part in vector.split("/")[1:] if ":" in part)
    try:
        weight = {name: table[parts[name]] for name, table in _WEIGHTS.items()}
        changed = {"U": False, "C": True}[parts["S"]]
        privileges = _PRIVILEGES[parts["S"]][parts["PR"]]
    except KeyError:
        return None
    lost = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    exploitability = 8.22 * weight["AV"] * weight["AC"] * privileges * weight["UI"]
    return _rounded_up(min((1.08 if changed else 1) * (impact + exploitability), 10))


def _rounded_up(number: float) -> float:
    """To one decimal place, upwards, as appendix A of the specification does it: in integers."""
    whole = round(number * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (whole // 10_000 + 1) / 10


def level(score: float) -> Severity:
    """The severity that a score stands for."""
    return next((severity for least, severity in LEVELS if score >= least), Severity.INFO)
