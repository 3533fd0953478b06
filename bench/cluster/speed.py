"""Turns per second and p95: one box on SQLite, the several-machine form, and stock Rasa."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
from rich.console import Console

from bench.own_box import TURNS, free_port
from bench.turns.__main__ import stock_server, summary
from core.values import Utterance
from deploy.local.cluster import Cluster
from minglu.parts import action_server, dialogue_server
from minglu.preparation import prepare_store
from minglu.training import train_if_changed
from runtime.dialogue_pool import dialogue_of
from runtime.settings import Settings
from runtime.supervisor import Supervisor

USERS = (1, 8, 32)
Say = Callable[[str, str], Awaitable[Any]]


def run_speed(cluster: Cluster, rounds: int, turns: int, console: Console) -> dict[str, Any]:
    """All three serve the same model and run the same actions, in alternating rounds."""
    shared = Settings.from_env(os.environ)
    model = train_if_changed(shared, console)
    folder = cluster.folder / "one-box"
    folder.mkdir()
    box = replace(
        shared,
        data_dir=folder,
        model_dir=None,
        database_url="",
        rasa_port=free_port(),
        action_port=free_port(),
    )
    stock = replace(box, rasa_port=free_port())
    prepare_store(box, console)
    parts = [action_server(box), dialogue_server(box, model), stock_server(stock, model)]
    beside = Supervisor(parts, folder / "logs", console.print)
    try:
        beside.start(lambda name: console.print(f"starting {name} …"))
        return _compare(box, stock, cluster.settings(), rounds, turns, console)
    finally:
        beside.stop()


def _compare(
    box: Settings, stock: Settings, cluster: Settings, rounds: int, turns: int, console: Console
) -> dict[str, Any]:
    peers = {"one_box": box, "several_machines": cluster, "stock": stock}
    for settings in peers.values():
        asyncio.run(measure_users(settings, 2, 8 * len(TURNS)))
    result: dict[str, Any] = {}
    for users in USERS:
        kept: dict[str, list[tuple[list[float], float]]] = {name: [] for name in peers}
        for number, (name, settings) in itertools.product(range(rounds), peers.items()):
            console.print(f"{users} users, round {number + 1} of {rounds}: {name}")
            kept[name].append(asyncio.run(measure_users(settings, users, turns)))
        row: dict[str, Any] = {name: summary(each) for name, each in kept.items()}
        for name in ("one_box", "several_machines"):
            row[f"{name}_p95_of_stock"] = round(row[name]["p95_ms"] / row["stock"]["p95_ms"], 2)
            ours, theirs = row[name]["turns_per_s"], row["stock"]["turns_per_s"]
            row[f"{name}_throughput_over_stock"] = round(ours / theirs, 2)
        result[f"{users} users"] = row
        console.print(row)
    return result


async def measure_users(settings: Settings, users: int, turns: int) -> tuple[list[float], float]:
    """Milliseconds of each turn, and seconds for all."""
    took_ms: list[float] = []
    each = max(len(TURNS), turns // users)
    several = "," in settings.dialogue_base
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        pool = dialogue_of(settings) if several else None

        async def say(sender: str, text: str) -> Any:
            if pool is not None:
                return await pool.send(Utterance(text, sender, "rest"))
            url = f"{settings.dialogue_base}/webhooks/rest/webhook"
            return (await client.post(url, json={"sender": sender, "message": text})).json()

        began = time.perf_counter()
        await asyncio.gather(*(_talk(say, each, took_ms) for _ in range(users)))
        seconds = time.perf_counter() - began
        if pool is not None:
            await pool.close()
        return took_ms, seconds


async def _talk(say: Say, turns: int, took_ms: list[float]) -> None:
    """One user's turns, a new conversation after each round of TURNS."""
    sender = ""
    for number, text in zip(range(turns), itertools.cycle(TURNS)):
        if number % len(TURNS) == 0:
            sender = f"bench-{os.urandom(6).hex()}"
        began = time.perf_counter()
        replies = await say(sender, text)
        took_ms.append((time.perf_counter() - began) * 1000)
        if not replies:
            raise SystemExit("no answer to a turn")
