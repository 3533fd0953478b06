"""`python -m bench.footprint`: seconds until the dialogue server answers, and the memory it holds.

Beside stock Rasa 3.6.21 on the same model, started in turns on the same machine. Memory is
resident, after one conversation of eight turns with actions.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from bench.own_box import TURNS, own_box
from bench.record import write_result
from bench.turns.__main__ import measure, stock_server
from minglu.parts import action_server, dialogue_server
from runtime.settings import Settings
from runtime.supervisor import Part, Supervisor


def one_start(part: Part, settings: Settings, console: Console) -> tuple[float, float]:
    """Seconds until it is ready, MiB after a conversation."""
    supervisor = Supervisor([part], settings.data_dir / "logs", console.print)
    began = time.perf_counter()
    try:
        supervisor.start()
        seconds = time.perf_counter() - began
        asyncio.run(measure(f"http://127.0.0.1:{settings.rasa_port}", 1, len(TURNS)))
        pid = supervisor.pid(part.name)
        assert pid is not None
        return seconds, psutil.Process(pid).memory_info().rss / 2**20
    finally:
        supervisor.stop()


def spread(values: list[float]) -> dict[str, Any]:
    figures = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {"n": len(values), **{name: round(value, 1) for name, value in figures.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3)
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False)
    with own_box(console) as (settings, model):
        actions = Supervisor([action_server(settings)], settings.data_dir / "logs", console.print)
        systems: dict[str, Callable[[Settings, Path], Part]] = {
            "minglu": dialogue_server,
            "stock": stock_server,
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in systems}
        load_before = os.getloadavg()[0]
        try:
            actions.start()
            for _ in range(chosen.starts):
                for name, part in systems.items():
                    taken[name].append(one_start(part(settings, model), settings, console))
                    console.print(f"{name}: {taken[name][-1]}")
        finally:
            actions.stop()
    rows = {
        name: {
            "start_s": spread([seconds for seconds, _ in each]),
            "memory_mib": spread([mib for _, mib in each]),
        }
        for name, each in taken.items()
    }
    print(write_result("footprint", {"load_before": load_before, "systems": rows}))


if __name__ == "__main__":
    sys.exit(main())
