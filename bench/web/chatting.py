"""People on the chat page: a question, an answer, a while to read it."""

from __future__ import annotations

import asyncio
import random
import re
import time
import uuid

import httpx

from bench.own_box import TURNS

READ_S = (2.0, 8.0)
"""Between an answer and the next question."""
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Chatter:
    """One browser. Each has an address of its own, as behind a proxy that forwards it."""

    def __init__(self, base: str, number: int) -> None:
        self._client = httpx.AsyncClient(
            base_url=base,
            timeout=60,
            trust_env=False,
            # Shorter than the gateway keeps a connection: a browser would ask again by itself.
            limits=httpx.Limits(keepalive_expiry=3),
            headers={"x-forwarded-for": f"10.1.{number // 250}.{number % 250 + 1}"},
        )
        self._random = random.Random(number)
        self.took_ms: list[float] = []
        """From sending to the whole answer."""

    async def chat_for(self, seconds: float) -> None:
        page = await self._client.get("/")
        token = _TOKEN.search(page.text)[1]  # type: ignore[index]
        await asyncio.sleep(self._random.uniform(0, READ_S[1]))
        give_up = time.perf_counter() + seconds
        at = self._random.randrange(len(TURNS))
        while time.perf_counter() < give_up:
            data = {
                "token": token,
                "message": TURNS[at % len(TURNS)],
                "message_id": uuid.uuid4().hex,
            }
            began = time.perf_counter()
            answer = await self._client.post("/chat", data=data, headers={"X-Piece": "1"})
            self.took_ms.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"no answer to a turn: {answer.status_code} {answer.text[:200]}")
            at += 1
            await asyncio.sleep(self._random.uniform(*READ_S))

    async def close(self) -> None:
        await self._client.aclose()
