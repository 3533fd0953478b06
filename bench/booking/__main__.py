"""`python -m bench.booking`: nothing lost, oversold or doubled in a storm; and how fast."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.booking import naive
from bench.booking.storm import Storm, account, prepare, unleash
from bench.record import write_result
from deploy.local.postgres import PostgresServer
from runtime.settings import Settings, SystemClock
from store.opening import open_store

MUST_BE_ZERO = ("oversold", "lost", "doubled", "miscounted", "unsold", "unanswered")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=64)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--kills", type=int, default=24)
    parser.add_argument("--runs", type=int, default=3, help="of each speed, for the spread")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    storm = Storm(options.processes, options.places, options.requests, kills=options.kills)
    folder = Path(tempfile.mkdtemp(prefix="minglu-storm-"))
    results: dict[str, Any] = {}
    server = PostgresServer() if options.only != "sqlite" else None
    try:
        if options.only != "postgresql":
            results["sqlite"] = _measure(storm, options.runs, folder / "sqlite", None)
        if server is not None:
            results["postgresql"] = _measure(storm, options.runs, folder / "pg", server)
    finally:
        if server is not None:
            server.remove()
        shutil.rmtree(folder, ignore_errors=True)
    shape = {key: value for key, value in vars(options).items() if key != "only"}
    path = write_result("booking", {"load_before": os.getloadavg()[0], **shape, **results})
    print(path)
    broken = [
        f"{name}: {what}"
        for name, r in results.items()
        for what in MUST_BE_ZERO
        if r["storm"]["account"][what]
    ]
    if broken:
        raise SystemExit(f"not zero: {', '.join(broken)}")


def _measure(
    storm: Storm, runs: int, folder: Path, server: PostgresServer | None
) -> dict[str, Any]:
    restart = server.restart_after_crash if server else None
    settings = _settings(folder / "storm", server)
    prepare(settings, storm.places)
    timings = unleash(replace(storm, restart=restart), settings, folder / "storm" / "acks")
    store = open_store(settings, SystemClock(), samples=False)
    counts = account(storm, store, folder / "storm" / "acks")
    store.close()
    print(folder.name, "storm", counts, timings, flush=True)
    calm = replace(storm, places=storm.requests, kills=0)
    ours, theirs = [], []
    for run in range(runs):
        # Side by side, so that whatever else the machine does weighs on both.
        ours.append(_ours(calm, folder / f"ours{run}", server))
        theirs.append(_naive(calm, folder / f"naive{run}", server))
        print(folder.name, "ours", ours[-1], "naive", theirs[-1], flush=True)
    return {
        "storm": {"account": counts, "timings": timings, "restarted": restart is not None},
        "sustained": _spread(ours),
        "naive": _spread(theirs),
        "ratio_to_naive": round(
            statistics.median(r["confirmed_per_s"] for r in ours)
            / statistics.median(r["confirmed_per_s"] for r in theirs),
            2,
        ),
    }


def _ours(storm: Storm, folder: Path, server: PostgresServer | None) -> dict[str, Any]:
    settings = _settings(folder, server)
    prepare(settings, storm.places)
    return unleash(storm, settings, folder / "acks")


def _naive(storm: Storm, folder: Path, server: PostgresServer | None) -> dict[str, Any]:
    settings = _settings(folder, server)
    naive.prepare(settings)
    return unleash(storm, settings, folder / "acks", naive.connect(storm.places))


def _settings(folder: Path, server: PostgresServer | None) -> Settings:
    folder.mkdir(parents=True)
    url = server.create(f"{folder.parent.name}_{folder.name}") if server else ""
    return Settings.from_env({"MINGLU_DATA_DIR": str(folder), "MINGLU_DATABASE_URL": url})


def _spread(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Median, least and most of each figure; n is the number of runs."""
    figures = ("confirmed_per_s", "p50_ms", "p95_ms", "answers")
    shown: dict[str, Any] = {"n": len(results)}
    for name in figures:
        values = [result[name] for result in results]
        shown[name] = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return shown


if __name__ == "__main__":
    main()
