"""`python -m bench.soak --minutes 10`: an hour's load, shortened by its rate, on one box.

Watches the resident memory of every process of `minglu run`. After a warm-up, in which caches fill,
the median of the first tenth of the samples is set beside the median of the last tenth.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.record import write_result
from bench.soak.box import Box, started_box
from bench.soak.load import Load, press

HOUR_TURNS = 14_400
"""Four turns a second for an hour: some 50,000 conversations in a day of hours alike."""
EVERY_S = 2.0
WARM_UP = 0.3
"""Share of the time in which caches may fill."""
MOST_GROWTH = 5.0
"""Per cent."""


async def watch(box: Box, rate: float, seconds: float) -> tuple[Load, list[dict[str, float]]]:
    until = time.monotonic() + seconds
    pressing = asyncio.create_task(press(box.base, rate, until))
    samples = []
    while time.monotonic() < until:
        samples.append(await asyncio.to_thread(box.memory_mib))
        await asyncio.sleep(EVERY_S)
    return await pressing, samples


def growth(samples: list[dict[str, float]], name: str) -> dict[str, Any]:
    """MiB after the warm-up and at the end, and per cent between them."""
    series = [sample[name] for sample in samples if name in sample]
    warm = series[int(len(series) * WARM_UP) :]
    tenth = max(1, len(warm) // 10)
    before, after = statistics.median(warm[:tenth]), statistics.median(warm[-tenth:])
    return {
        "start_mib": series[0],
        "after_warm_up_mib": round(before, 1),
        "end_mib": round(after, 1),
        "most_mib": max(series),
        "growth_percent": round(100 * (after - before) / before, 2),
        "n": len(warm),
        "series_mib": series[:: max(1, len(series) // 120)],
    }


def summary(load: Load, samples: list[dict[str, float]], rate: float, minutes: float) -> Any:
    cuts = statistics.quantiles(load.waits_s, n=100)
    return {
        "minutes": minutes,
        "turns_per_s_wanted": round(rate, 2),
        "turns": load.turns,
        "turns_per_s": round(load.turns / minutes / 60, 2),
        "conversations": load.conversations,
        "unanswered": load.unanswered,
        "wait_ms": {"p50": round(cuts[49] * 1000, 1), "p95": round(cuts[94] * 1000, 1)},
        "warm_up_share": WARM_UP,
        "sample_every_s": EVERY_S,
        "load_average_after": os.getloadavg()[0],
        "processes": {name: growth(samples, name) for name in sorted(samples[-1])},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--hour-turns", type=int, default=HOUR_TURNS, help="turns of the hour")
    chosen = parser.parse_args()
    rate = chosen.hour_turns / (chosen.minutes * 60)
    with tempfile.TemporaryDirectory(prefix="minglu-soak-") as folder:
        with started_box(Path(folder)) as box:
            load, samples = asyncio.run(watch(box, rate, chosen.minutes * 60))
    result = summary(load, samples, rate, chosen.minutes)
    for name, row in result["processes"].items():
        shown = f"{row['after_warm_up_mib']:8} → {row['end_mib']:8} MiB"
        print(f"{name:10} {shown}  {row['growth_percent']:+.2f} %")
    print({k: v for k, v in result.items() if k != "processes"})
    print(write_result("soak", result))
    grown = [n for n, row in result["processes"].items() if row["growth_percent"] >= MOST_GROWTH]
    if grown or load.unanswered:
        print(f"grown: {', '.join(grown) or 'none'}; unanswered: {load.unanswered}")
    return 1 if grown or load.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
