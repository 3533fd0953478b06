"""Conversations with the gateway as browsers lead them, sent again where a part fails."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
_AGAIN = re.compile("(出了点?问题|连不上|没有办成).*再说一遍", re.DOTALL)
DELIVER_WITHIN_S = 60.0
"""Seconds in which a browser sends the same message again."""
SAY_AGAIN = 8
"""How often a person says the same again after an apology."""


@dataclass
class Person:
    """Somebody who asks, books and asks again; what became of each turn."""

    number: int
    answered: int = 0
    apologies: int = 0
    apologised: list[str] = field(default_factory=list)
    """The first words of each apology."""
    mute: int = 0
    """Turns that never got an answer nor an apology."""
    resent: int = 0
    took_ms: list[float] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    cookie: str = ""

    @property
    def name(self) -> str:
        return SURNAMES[self.number % 20] + GIVEN[self.number // 20 % 20]

    @property
    def phone(self) -> str:
        return f"139{self.number:08d}"

    @property
    def script(self) -> tuple[str, ...]:
        """Ten turns: questions, a booking, a question in the middle of it."""
        return (
            "盲人按摩机构要达到多少家？",
            "哪些部门负责？",
            "我想报名学电商直播",
            "第一个",
            f"我叫{self.name}",
            self.phone,
            "辅助性就业机构什么时候建成？",
            "不需要",
            "对",
            "大学生有什么补贴？",
        )


async def lead(person: Person, bases: Sequence[str], address: str) -> None:
    """The whole conversation from `address`, which stands for the person's own machine."""
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with httpx.AsyncClient(transport=transport, timeout=45, trust_env=False) as browser:
        for text in person.script:
            await _turn(person, browser, bases, text)
        person.cookie = browser.cookies.get("minglu") or ""


async def _turn(
    person: Person, browser: httpx.AsyncClient, bases: Sequence[str], text: str
) -> None:
    apologised = False
    message_id = uuid.uuid4().hex
    for _ in range(SAY_AGAIN):
        began = time.perf_counter()
        replies = await _deliver(
            person, browser, bases, {"message": text, "message_id": message_id}
        )
        if replies and not _is_apology(replies):
            person.took_ms.append((time.perf_counter() - began) * 1000)
            person.answered += 1
            person.replies.append("\n".join(str(reply["text"]) for reply in replies))
            return
        if replies:
            apologised = True
            person.apologies += 1
            person.apologised.append(str(replies[-1]["text"])[:16] or "gateway: 503")
            if replies[-1]["text"]:
                # Asked to say it again; a page that was refused sends the same message again.
                message_id = uuid.uuid4().hex
        await asyncio.sleep(1.0)
    person.mute += not apologised
    person.replies.append("")


async def _deliver(
    person: Person, browser: httpx.AsyncClient, bases: Sequence[str], body: dict[str, str]
) -> list[dict[str, Any]]:
    """One message under one id, until it is answered; empty where nothing ever came."""
    give_up = time.monotonic() + DELIVER_WITHIN_S
    tries = 0
    while time.monotonic() < give_up:
        base = bases[(person.number + tries) % len(bases)]
        tries += 1
        try:
            response = await browser.post(f"{base}/api/chat", json=body)
        except httpx.HTTPError:
            response = None
        if response is not None and response.status_code == 200:
            replies: list[dict[str, Any]] = response.json()["replies"]
            return replies
        if response is not None and response.status_code == 503 and _from_gateway(response):
            # The gateway's own apology; a page shows it and offers to send again.
            return [{"text": "", "apology": True}]
        person.resent += 1
        await asyncio.sleep(0.5)
    return []


def _from_gateway(response: httpx.Response) -> bool:
    return response.headers.get("content-type", "").startswith("application/")


def _is_apology(replies: list[dict[str, Any]]) -> bool:
    """Whether the person was asked to say it again because something failed."""
    return any(
        reply.get("apology")
        or (reply["text"].startswith("对不起") and _AGAIN.search(reply["text"]))
        for reply in replies
    )
