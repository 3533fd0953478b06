"""`python -m bench.fuzz --inputs 100000`: damaged and senseless input for every parser of ours."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.fuzz.parsers import parsers
from bench.fuzz.run import Count, fuzz
from bench.record import write_result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="over all parsers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0, help="at most, over all parsers")
    parser.add_argument("--only", default="", help="parsers whose name begins so")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    counts: dict[str, Count] = {}
    with tempfile.TemporaryDirectory(prefix="minglu-fuzz-") as folder:
        chosen = [p for p in parsers(Path(folder)) if p.name.startswith(options.only)]
        left_share = sum(one.share for one in chosen)
        for one in chosen:
            left_s = max(1.0, options.minutes * 60 - (time.monotonic() - began))
            # The last parser must not pay for the first: each gets its part of what is left.
            until = time.monotonic() + left_s * max(0.2, one.share / left_share)
            left_share -= one.share
            begun = time.monotonic()
            counts[one.name] = fuzz(
                one, round(options.inputs * one.share), options.seed, until, _tell(one.name)
            )
            _line(one.name, counts[one.name], time.monotonic() - begun)
    result = _summary(counts, options, time.monotonic() - began)
    print(write_result("fuzz", result))
    return 1 if result["unhandled"] else 0


def _tell(name: str) -> Any:
    def progress(done: int) -> None:
        print(f"\r  {name}: {done}", end="", file=sys.stderr, flush=True)

    return progress


def _line(name: str, count: Count, seconds: float) -> None:
    bad = sum(count.unhandled.values())
    print(
        f"\r{name:16} {count.inputs:6} inputs  {count.taken:6} taken  {count.refused:6} refused  "
        f"{bad:4} unhandled  slowest {count.slowest_s:.2f} s  {seconds:.0f} s",
        flush=True,
    )
    for place, times in count.unhandled.items():
        print(f"    {times} × {place}\n      {count.examples[place]}", flush=True)


def _summary(
    counts: dict[str, Count], options: argparse.Namespace, seconds: float
) -> dict[str, Any]:
    return {
        "seed": options.seed,
        "asked_for": options.inputs,
        "inputs": sum(count.inputs for count in counts.values()),
        "unhandled": sum(sum(count.unhandled.values()) for count in counts.values()),
        "slow": sum(count.slow for count in counts.values()),
        "seconds": round(seconds, 1),
        "parsers": {name: asdict(count) for name, count in counts.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
