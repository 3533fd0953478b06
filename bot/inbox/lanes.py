"""One person's messages one after the other, different people's side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from core.messaging import ReceivedMessage

Handler = Callable[[ReceivedMessage], Awaitable[None]]


class Lanes:
    """A lane lives while it holds messages, so that idle chats cost nothing."""

    def __init__(self, handle: Handler, at_once: int = 32) -> None:
        self._handle = handle
        self._free = asyncio.Semaphore(at_once)
        self._lanes: dict[str, deque[ReceivedMessage]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, message: ReceivedMessage) -> None:
        lane = self._lanes.get(message.conversation)
        if lane is not None:
            lane.append(message)
            return
        self._lanes[message.conversation] = deque([message])
        task = asyncio.create_task(self._work(message.conversation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    async def idle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Breaks off what is under way; it stays unanswered in the book."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, conversation: str) -> None:
        lane = self._lanes[conversation]
        try:
            while lane:
                async with self._free:
                    await self._handle(lane[0])
                lane.popleft()
        finally:
            del self._lanes[conversation]
