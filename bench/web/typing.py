"""Staff who type into the desk's search box, as static/desk-home.js sends it."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Sequence

import httpx

from runtime.settings import PROJECT_ROOT

PIECE = {"X-Piece": "1"}
STROKE_S = (0.15, 0.45)
"""Between two characters: 100 to 400 a minute, well above what anybody types while listening."""
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def questions() -> list[str]:
    """What callers ask, from the development questions; shuffled the same way each time."""
    path = PROJECT_ROOT / "bench" / "questions" / "policy_dev.jsonl"
    found = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines() if line]
    random.Random(1).shuffle(found)
    return found


class Typist:
    """One member of staff, signed in."""

    def __init__(self, client: httpx.AsyncClient, token: str, seed: int) -> None:
        self._client = client
        self._token = token
        self._random = random.Random(seed)
        self._field = ""
        self._changed = asyncio.Event()
        self._strokes: list[tuple[str, float]] = []
        self.took_ms: list[float] = []
        """From a keystroke to the card for what then stood in the field, or for more."""

    @classmethod
    async def sign_in(cls, base: str, name: str, password: str, seed: int) -> Typist:
        limits = httpx.Limits(keepalive_expiry=3)
        client = httpx.AsyncClient(base_url=base, timeout=60, trust_env=False, limits=limits)
        page = await client.get("/desk/sign-in")
        data = {"token": _TOKEN.search(page.text)[1], "name": name, "password": password}  # type: ignore[index]
        answer = await client.post("/desk/sign-in", data=data)
        if answer.status_code != 303:
            raise SystemExit(f"{name} could not sign in: {answer.status_code}")
        home = await client.get("/desk")
        return cls(client, _TOKEN.search(home.text)[1], seed)  # type: ignore[index]

    async def type_for(self, seconds: float, texts: Sequence[str]) -> None:
        """Question after question, each cleared when it is written."""
        sending = asyncio.create_task(self._send())
        give_up = time.perf_counter() + seconds
        while time.perf_counter() < give_up:
            question = self._random.choice(texts)
            for end in range(1, len(question) + 1):
                self._field = question[:end]
                self._strokes.append((self._field, time.perf_counter()))
                self._changed.set()
                await asyncio.sleep(self._random.uniform(*STROKE_S))
        await asyncio.sleep(0.5)
        sending.cancel()

    async def _send(self) -> None:
        """One question under way at a time, the newest text next."""
        asked = ""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._field == asked:
                continue
            asked = self._field
            sent = len(self._strokes)
            data = {"token": self._token, "question": asked}
            answer = await self._client.post("/desk/cards", data=data, headers=PIECE)
            if answer.status_code != 200 or "data-card" not in answer.text:
                raise SystemExit(f"no card: {answer.status_code}")
            now = time.perf_counter()
            self.took_ms += [(now - at) * 1000 for _, at in self._strokes[:sent]]
            del self._strokes[:sent]
            if self._strokes:
                self._changed.set()

    async def close(self) -> None:
        await self._client.aclose()
