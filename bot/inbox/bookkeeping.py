"""The message book from an event loop: blocking calls in a thread, answered ids together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from core.messaging import MessageBook

T = TypeVar("T")


class Bookkeeping:
    """Marks as answered everything that was answered meanwhile in one transaction."""

    def __init__(self, book: MessageBook, channel: str) -> None:
        self.book = book
        self._channel = channel
        self._answered: list[tuple[str, asyncio.Future[None]]] = []
        self._lock = asyncio.Lock()

    async def call(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def finish(self, message_id: str) -> None:
        """Returns once it is on the disk."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answered.append((message_id, done))
        async with self._lock:
            if done.done():
                return done.result()
            batch, self._answered = self._answered, []
            try:
                ids = [message_id for message_id, _ in batch]
                await asyncio.to_thread(self.book.finish, self._channel, ids)
            except BaseException:
                # The others of the batch try for themselves.
                others = [entry for entry in batch if entry[1] is not done]
                self._answered = others + self._answered
                raise
            for _, future in batch:
                if not future.done():
                    future.set_result(None)
