"""1,000 chats × 10 messages with 10 % duplicates, all chats at once, through the real client.

The dialogue answers at once here: this measures the channel, its store (SQLite) and the client.
Usage: python -m bench.messengers [CHATS] [MESSAGES_EACH]
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import psutil

from bench.record import write_result
from bot.inbox.limits import Allowance
from bot.telegram.service import serve
from bot.wiring import MessengerServices
from core.values import Reply, Utterance
from runtime.settings import PROJECT_ROOT, Settings, SystemClock
from store.messages import SqlMessageBook
from store.opening import open_store
from tests.telegram.bot_api_server import TOKEN

DUPLICATES = 0.1


class Echo:
    async def send(self, utterance: Utterance) -> list[Reply]:
        return [Reply(utterance.text)]


async def measure(chats: int, each: int) -> dict[str, object]:
    command = [sys.executable, "-m", "bench.messengers.server", str(chats), str(each)]
    people = subprocess.Popen(
        [*command, str(DUPLICATES)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert people.stdin and people.stdout
    try:
        url = (await asyncio.to_thread(people.stdout.readline)).strip()
        with tempfile.TemporaryDirectory() as folder:
            return await _serve(Path(folder), url, people.stdin, people.stdout)
    finally:
        people.terminate()
        people.wait()


async def _serve(folder: Path, url: str, orders: IO[str], told: IO[str]) -> dict[str, object]:
    settings = Settings(data_dir=folder, telegram_token=TOKEN, telegram_api_url=url)
    clock = SystemClock()
    store = open_store(settings, clock, samples=False)

    async def close() -> None:
        store.close()

    book = SqlMessageBook(store.engine, clock, store.seal)
    services = MessengerServices(Echo(), book, store.outbox, clock, close)
    bot = asyncio.create_task(
        serve(settings, services, messages_per_s=1e6, allowance=Allowance(100, 600))
    )
    await asyncio.sleep(2)
    memory = [_resident_mib()]
    orders.write("go\n")
    orders.flush()
    line = asyncio.create_task(asyncio.to_thread(told.readline))
    while not line.done():
        await asyncio.wait([line], timeout=2)
        memory.append(_resident_mib())
    bot.cancel()
    await asyncio.gather(bot, return_exceptions=True)
    result = json.loads(line.result())
    middle = memory[len(memory) // 2]
    return {**result, "memory_mib": {"start": memory[0], "middle": middle, "end": memory[-1]}}


def _resident_mib() -> float:
    return round(psutil.Process().memory_info().rss / 2**20, 1)


def main() -> int:
    chats, each = (*map(int, sys.argv[1:3]), 1000, 10)[:2] if len(sys.argv) > 2 else (1000, 10)
    result = asyncio.run(measure(chats, each))
    path = write_result("messengers", result)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    print(path.relative_to(PROJECT_ROOT))
    good = result["chats_answered_once_and_in_order"] == result["chats"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
