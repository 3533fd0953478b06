"""`python -m bench.cluster`: the several-machine form under faults, and beside stock Rasa.

Two dialogue servers, two action servers, two gateways, PostgreSQL, Redis and nginx (where it is
installed), each on a loopback address of its own. First 200 conversations of ten turns with a
booking in each, while one of each part is killed and started again. Then turns per second and p95
of one box on SQLite and of several machines beside stock Rasa 3.6.21, in alternating rounds.
Usage: python -m bench.cluster [--only faults|speed] [--conversations N] …
Writes var/bench/cluster.json.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.cluster.faults import run_faults
from bench.cluster.speed import run_speed
from bench.record import write_result
from deploy.local.cluster import Cluster

MUST_BE_ZERO = (
    "turns_without_answer_or_apology",
    "bookings_lost",
    "bookings_told_otherwise",
    "bookings_doubled",
    "conversations_out_of_order",
    "turns_handled_twice",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("faults", "speed"))
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=240, help="of all users in a round")
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="minglu-cluster-", dir="/var/tmp"))
    result: dict[str, Any] = {"load_before": round(os.getloadavg()[0], 1)}
    try:
        if chosen.only != "speed":
            result["faults"] = _faults(folder / "faults", chosen, console)
        if chosen.only != "faults":
            result["speed"] = _speed(folder / "speed", chosen, console)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(write_result("cluster", result))
    account = result.get("faults", {}).get("account", {})
    broken = [name for name in MUST_BE_ZERO if account.get(name)]
    if broken:
        raise SystemExit(f"not zero: {', '.join(broken)}")


def _faults(folder: Path, chosen: argparse.Namespace, console: Console) -> dict[str, Any]:
    cluster = Cluster(folder, console.print, first_port=first_free_port())
    try:
        cluster.start(lambda name: console.print(f"starting {name} …"))
        found = run_faults(cluster, chosen.conversations, chosen.at_once, console.print)
        console.print(found)
        return found
    finally:
        cluster.stop()
        cluster.remove()


def _speed(folder: Path, chosen: argparse.Namespace, console: Console) -> dict[str, Any]:
    cluster = Cluster(folder, console.print, first_port=first_free_port())
    try:
        cluster.start(lambda name: console.print(f"starting {name} …"))
        return run_speed(cluster, chosen.rounds, chosen.turns, console)
    finally:
        cluster.stop()
        cluster.remove()


def first_free_port(count: int = 20) -> int:
    """The first of `count` ports in a row that are free on every loopback address."""
    for first in range(20_000, 30_000, count):
        if all(_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - bound for a moment only
        except OSError:
            return False
    return True


if __name__ == "__main__":
    main()
