"""`python -m bench.turns`: milliseconds of a turn with an action, and turns per second.

Ours (`make run`'s dialogue and action servers) beside stock Rasa 3.6.21: the same model, the same
action server, the same SQLite tracker, but Rasa's own REST channel, endpoints and schema check.
One user is measured first while the peer is not there; then both serve at once and are measured in
alternating rounds, so that a busy machine slows both.
Usage: python -m bench.turns [--rounds N] [--turns N]. Writes var/bench/turns.json.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import yaml
from rich.console import Console

from bench.own_box import TURNS, free_port, own_box
from bench.record import write_result
from minglu.parts import action_server, dialogue_server, serves
from runtime.settings import Settings
from runtime.supervisor import Part, Supervisor

USERS = (1, 8, 32)


def stock_server(settings: Settings, model: Path) -> Part:
    """The same model behind Rasa's own channel, endpoints and validation."""
    folder = settings.data_dir
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{settings.action_port}/webhook"},
        "tracker_store": {
            "type": "SQL",
            "dialect": "sqlite",
            "db": str(folder / "tracker-stock.db"),
        },
    }
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    ours = dialogue_server(settings, model)
    argv = list(ours.argv)
    argv[2] = "bench.turns.stock"
    argv[argv.index("--endpoints") + 1] = str(folder / "endpoints.yml")
    argv[argv.index("--credentials") + 1] = str(folder / "credentials.yml")
    return replace(
        ours, name="stock", argv=argv, ready=lambda: serves(settings, settings.rasa_port, "/")
    )


async def talk(client: httpx.AsyncClient, base: str, turns: int, took_ms: list[float]) -> None:
    """One user's turns, a new conversation after each round of TURNS."""
    sender = ""
    for number, text in zip(range(turns), itertools.cycle(TURNS)):
        if number % len(TURNS) == 0:
            sender = f"bench-{os.urandom(6).hex()}"
        began = time.perf_counter()
        response = await client.post(
            f"{base}/webhooks/rest/webhook", json={"sender": sender, "message": text}
        )
        took_ms.append((time.perf_counter() - began) * 1000)
        if not response.is_success or not response.json():
            raise SystemExit(f"no answer to a turn: status {response.status_code}")


async def measure(base: str, users: int, turns: int) -> tuple[list[float], float]:
    """Milliseconds of each turn, and seconds for all."""
    took_ms: list[float] = []
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        began = time.perf_counter()
        each = max(len(TURNS), turns // users)
        await asyncio.gather(*(talk(client, base, each, took_ms) for _ in range(users)))
        return took_ms, time.perf_counter() - began


def summary(rounds: list[tuple[list[float], float]]) -> dict[str, Any]:
    """Percentiles over all turns; the spread is that of the rounds' own p95."""
    every = [ms for took, _ in rounds for ms in took]
    cuts = statistics.quantiles(every, n=100)
    p95s = [statistics.quantiles(took, n=100)[94] for took, _ in rounds]
    return {
        "n": len(every),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p95_ms_of_rounds": [round(min(p95s), 1), round(max(p95s), 1)],
        "turns_per_s": round(len(every) / sum(seconds for _, seconds in rounds), 1),
    }


def measure_alone(base: str, chosen: argparse.Namespace) -> dict[str, Any]:
    """One user before the peer is started, as on a box of its own."""
    asyncio.run(measure(base, 1, 4 * len(TURNS)))
    rounds = [asyncio.run(measure(base, 1, chosen.turns)) for _ in range(chosen.rounds)]
    return summary(rounds)


def compare(bases: dict[str, str], rounds: int, turns: int, console: Console) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for base in bases.values():
        asyncio.run(measure(base, 1, 4 * len(TURNS)))
    for users in USERS:
        kept: dict[str, list[tuple[list[float], float]]] = {name: [] for name in bases}
        for number in range(rounds):
            for name, base in bases.items():
                console.print(f"{users} users, round {number + 1} of {rounds}: {name}")
                kept[name].append(asyncio.run(measure(base, users, turns)))
        row: dict[str, Any] = {name: summary(each) for name, each in kept.items()}
        ours, stock = row["minglu"], row["stock"]
        row["p95_of_stock"] = round(ours["p95_ms"] / stock["p95_ms"], 2)
        row["throughput_over_stock"] = round(ours["turns_per_s"] / stock["turns_per_s"], 2)
        result[f"{users} users"] = row
        console.print(row)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=240, help="of all users in a round")
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False)
    with own_box(console) as (settings, model):
        stock = replace(settings, rasa_port=free_port())
        parts = [
            action_server(settings),
            dialogue_server(settings, model),
        ]
        logs = settings.data_dir / "logs"
        supervisor = Supervisor(parts, logs, console.print)
        peer = Supervisor([stock_server(stock, model)], logs, console.print)
        try:
            supervisor.start(lambda name: console.print(f"starting {name} …"))
            alone = measure_alone(f"http://127.0.0.1:{settings.rasa_port}", chosen)
            console.print(f"one user, nothing beside: {alone}")
            peer.start(lambda name: console.print(f"starting {name} …"))
            bases = {
                "minglu": f"http://127.0.0.1:{settings.rasa_port}",
                "stock": f"http://127.0.0.1:{stock.rasa_port}",
            }
            result = {"1 user, alone": alone}
            result |= compare(bases, chosen.rounds, chosen.turns, console)
        finally:
            peer.stop()
            supervisor.stop()
    print(write_result("turns", result))


if __name__ == "__main__":
    sys.exit(main())
