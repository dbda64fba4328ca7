"""`hardango csp`: logs in, a proposal out."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Sequence
from typing import IO

from hardango.controls.policy_proofs import parsed
from hardango.csp.collect import Tally, collect
from hardango.csp.propose import propose
from hardango.policy import Proposal


class CannotRead(Exception):
    """A log or a policy is none; the text is one clear sentence."""


def csp(files: Sequence[str], policy: str, least: int) -> Proposal:
    """The proposal that the reports in these logs ask for; "-" is standard input. `policy` is the one
    that was sent, "" if that is not known. Raises CannotRead."""
    given = parsed(policy)
    if policy and len(given) != 1:
        raise CannotRead(
            "--policy takes one policy, such as \"default-src 'self'; img-src 'self'\""
        )
    tally = Tally()
    for name in files:
        try:
            with _opened(name) as log:
                collect(log, tally)
        except OSError as error:
            raise CannotRead(f"{name}: {error.strerror or 'it cannot be read'}") from None
        except EOFError:
            raise CannotRead(f"{name}: it ends in the middle") from None
    return propose(tally, given[0] if given else None, least=least, files=files)


def _opened(name: str) -> IO[str]:
    if name == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False)
    if name.endswith(".gz"):
        return gzip.open(name, "rt", encoding="utf-8", errors="replace")
    return open(name, encoding="utf-8", errors="replace")
