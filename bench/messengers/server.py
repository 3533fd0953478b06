"""The Bot API server in a process of its own: 1,000 chats that each wait for their answer."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

from tests.telegram.bot_api_server import BotApiServer

SEED = 7


async def main(chats: int, each: int, duplicate_share: float) -> None:
    draw = random.Random(SEED)
    async with BotApiServer(keep_calls=False) as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began = time.monotonic()
        waits: list[float] = []
        people = [
            _talk(server, chat, each, duplicate_share, draw, waits) for chat in range(1, chats + 1)
        ]
        await asyncio.gather(*people)
        seconds = time.monotonic() - began
        # Late second answers would come now.
        await asyncio.sleep(2)
        print(json.dumps(_verdict(server, chats, each, seconds, sorted(waits))), flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def _talk(
    server: BotApiServer,
    chat: int,
    each: int,
    duplicate_share: float,
    draw: random.Random,
    waits: list[float],
) -> None:
    """Two messages at once, then the next two when both are answered."""
    for number in range(0, each, 2):
        began = time.monotonic()
        for at in (number, number + 1):
            await server.say(chat, f"回{at}")
            if draw.random() < duplicate_share:
                server.repeat_last()
        for answered in (number + 1, number + 2):
            await server.shown(chat, answered, within_s=600)
            waits.append(time.monotonic() - began)


def _verdict(
    server: BotApiServer, chats: int, each: int, seconds: float, waits: list[float]
) -> dict[str, object]:
    wanted = [f"回{n}" for n in range(each)]
    shown: dict[int, list[str]] = {}
    for sent in server.sent:
        shown.setdefault(sent.chat, []).append(sent.text)
    return {
        "messages": chats * each,
        "duplicates": server.repeated,
        "answers": len(server.sent),
        "chats_answered_once_and_in_order": sum(texts == wanted for texts in shown.values()),
        "chats": chats,
        "seconds": round(seconds, 1),
        "messages_per_s": round(chats * each / seconds, 1),
        "wait_ms": {
            "p50": round(waits[len(waits) // 2] * 1000),
            "p95": round(waits[int(len(waits) * 0.95)] * 1000),
            "max": round(waits[-1] * 1000),
        },
    }


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
