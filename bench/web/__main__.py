"""`python -m bench.web`: milliseconds from keystroke to script card, and of a chat turn.

Starts the whole product (actions, dialogue, gateway) on a fresh store, signs 20 members of staff in
who type questions all the time, and lets 50 people chat; each alone and both at once. The clients
run on the same cores. What the browser needs to show a card is not in it.
Usage: python -m bench.web [--staff N] [--people N] [--rounds N] [--seconds S]. Writes
var/bench/web.json.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from bench.own_box import own_box
from bench.record import write_result
from bench.web.chatting import Chatter
from bench.web.typing import Typist, questions
from core.staff import Role
from minglu.parts import action_server, dialogue_server, web_gateway
from runtime.settings import Settings, SystemClock
from runtime.supervisor import Supervisor
from store.opening import open_store

PASSWORD = "a phrase for the benchmark"  # noqa: S105 - of accounts that live for a minute
CARD_P95_MS, TURN_P95_MS = 150, 300
"""What the product promises on two cores."""


def summary(rounds: Sequence[Sequence[float]], promised_ms: float) -> dict[str, Any]:
    """Percentiles over all rounds; the spread is that of the rounds' own p95."""
    every = [ms for took in rounds for ms in took]
    cuts = statistics.quantiles(every, n=100)
    p95s = [statistics.quantiles(took, n=100)[94] for took in rounds]
    return {
        "n": len(every),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p95_ms_of_rounds": [round(min(p95s), 1), round(max(p95s), 1)],
        "max_ms": round(max(every), 1),
        "promised_p95_ms": promised_ms,
    }


async def cards(base: str, staff: Sequence[str], seconds: float) -> list[float]:
    texts = questions()
    typists = [await Typist.sign_in(base, name, PASSWORD, n) for n, name in enumerate(staff)]
    await asyncio.gather(*(typist.type_for(seconds, texts) for typist in typists))
    for typist in typists:
        await typist.close()
    return [ms for typist in typists for ms in typist.took_ms]


async def chat(base: str, people: int, seconds: float) -> list[float]:
    chatters = [Chatter(base, number) for number in range(people)]
    await asyncio.gather(*(chatter.chat_for(seconds) for chatter in chatters))
    for chatter in chatters:
        await chatter.close()
    return [ms for chatter in chatters for ms in chatter.took_ms]


async def both(
    base: str, staff: Sequence[str], people: int, seconds: float
) -> tuple[list[float], list[float]]:
    carded, chatted = await asyncio.gather(cards(base, staff, seconds), chat(base, people, seconds))
    return carded, chatted


def measure(base: str, staff: Sequence[str], chosen: argparse.Namespace, console: Console) -> Any:
    asyncio.run(both(base, staff[:4], 4, 10))  # warms every part
    kept: dict[str, list[list[float]]] = {}
    for number in range(1, chosen.rounds + 1):
        console.print(f"round {number} of {chosen.rounds}: cards, chat, both")
        alone = asyncio.run(cards(base, staff, chosen.seconds))
        turns = asyncio.run(chat(base, chosen.people, chosen.seconds))
        carded, chatted = asyncio.run(both(base, staff, chosen.people, chosen.seconds))
        for name, took in zip(
            ("cards", "chat_turns", "cards_while_chatting", "chat_turns_while_typing"),
            (alone, turns, carded, chatted),
            strict=True,
        ):
            kept.setdefault(name, []).append(took)
    return {
        name: summary(rounds, CARD_P95_MS if name.startswith("cards") else TURN_P95_MS)
        for name, rounds in kept.items()
    }


def accounts(settings: Settings, count: int) -> list[str]:
    store = open_store(settings, SystemClock())
    names = [f"staff.{number}" for number in range(count)]
    for name in names:
        store.staff.add(name, Role.AGENT, PASSWORD, by="bench", one_time=False)
    store.close()
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--staff", type=int, default=20)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False)
    with own_box(console) as (settings, model):
        staff = accounts(settings, chosen.staff)
        parts = [
            action_server(settings),
            dialogue_server(settings, model),
            web_gateway(settings),
        ]
        supervisor = Supervisor(parts, settings.data_dir / "logs", console.print)
        try:
            supervisor.start(lambda name: console.print(f"starting {name} …"))
            base = f"http://127.0.0.1:{settings.port}"
            result = measure(base, staff, chosen, console)
        finally:
            supervisor.stop()
    result |= {"staff": chosen.staff, "people": chosen.people, "load_average": os.getloadavg()}
    print(write_result("web", result))


if __name__ == "__main__":
    sys.exit(main())
