"""`python benchmarks/prove`: how long a full local proof of the example shop takes, and what of it.

Ends with 1 where it takes longer than the target.
"""

from __future__ import annotations

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    sys.path[0] = os.path.join(REPOSITORY, "src")

from hardango.audit import Request, judged  # noqa: E402
from hardango.controls.catalogue import catalogue  # noqa: E402
from hardango.local.launch import Wish  # noqa: E402
from hardango.probe.project import Manner, prove_project  # noqa: E402

TARGET = 20.0
RUNS = 3


def main() -> int:
    slowest = 0.0
    for proxy in ("hardango", "nginx"):
        best = min((_proof(proxy) for _ in range(RUNS)), key=lambda each: each["whole"])
        slowest = max(slowest, best["whole"])
        print(f"examples/shop under gunicorn, in front of it {proxy}; the best of {RUNS}:")
        for name, seconds in best.items():
            print(f"  {name:20}{seconds:7.2f} s")
    print(f"target: {TARGET:g} s, {'met' if slowest <= TARGET else 'missed'}")
    return 0 if slowest <= TARGET else 1


def _proof(proxy: str) -> dict[str, float]:
    began = time.perf_counter()
    found = judged(Request(path=os.path.join(REPOSITORY, "examples", "shop")))
    audited = time.perf_counter() - began
    wish = Wish(python=sys.executable, proxy=proxy)
    seen = prove_project(found, catalogue(pedantic=False), wish, Manner(active=True))
    whole = time.perf_counter() - began
    return {"audit": audited, **seen.seconds, "end": whole - audited - sum(seen.seconds.values()),
            "whole": whole}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
