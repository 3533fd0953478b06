"""People at the gateway, at a fixed rate: each turn is due at its moment, however slow the last."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, field

import httpx

ASKING = (
    "盲人按摩机构要达到多少家？", "哪些部门负责？", "大学生有什么补贴？",
    "辅助性就业机构什么时候建成？", "再说一遍", "深圳怎么办理？", "谢谢",
)  # fmt: skip
BOOKING = (
    "我想报名盲人按摩",
    "第一个",
    "我叫王小明",
    "{phone}",
    "不需要",
    "确认",
    "我的报名",
    "谢谢",
)
EVERY_BOOKING = 4
"""One conversation in so many books a place."""
ADDRESSES = 200


@dataclass
class Load:
    """What was sent and how it was answered."""

    turns: int = 0
    conversations: int = 0
    unanswered: int = 0
    waits_s: list[float] = field(default_factory=list)
    """From the moment that a turn was due."""


async def press(base: str, turns_per_s: float, until: float, users: int = 24) -> Load:
    """Turns until monotonic `until`; `users` at most talk at once."""
    load, due = Load(), itertools.count(time.monotonic(), 1 / turns_per_s)
    numbers = itertools.count()
    await asyncio.gather(*(_user(base, load, due, numbers, until) for _ in range(users)))
    return load


async def _user(base: str, load: Load, due: object, numbers: object, until: float) -> None:
    while time.monotonic() < until:
        number = next(numbers)  # type: ignore[call-overload]
        await _converse(base, number, load, due, until)


async def _converse(base: str, number: int, load: Load, due: object, until: float) -> None:
    load.conversations += 1
    draw = random.Random(number)
    texts = BOOKING if number % EVERY_BOOKING == 0 else ASKING
    headers = {"x-forwarded-for": f"10.1.{number % ADDRESSES // 250}.{number % ADDRESSES % 250}"}
    async with httpx.AsyncClient(
        base_url=base, timeout=60, trust_env=False, headers=headers
    ) as person:
        for text in texts:
            at = next(due)  # type: ignore[call-overload]
            if at > until:
                return
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            said = text.format(phone=f"139{draw.randrange(10**8):08}")
            answered = await _say(person, said)
            load.turns += 1
            load.unanswered += not answered
            load.waits_s.append(time.monotonic() - at)


async def _say(person: httpx.AsyncClient, text: str) -> bool:
    try:
        response = await person.post("/api/chat", json={"message": text})
    except httpx.HTTPError:
        return False
    return response.is_success and bool(response.json().get("replies"))
