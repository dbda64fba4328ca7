"""What the MDN HTTP Observatory would give: its table, algorithm 6, on what was seen here."""

from __future__ import annotations

from hardango.evidence import Score
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site


def score_of(site: Site) -> Score | None:
    return None
