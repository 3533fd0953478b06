"""The dialogue behind the terminal: asked in a thread of its own, answered into the inbox."""

from __future__ import annotations

import asyncio
import queue
import threading
from typing import Any

from core.errors import DialogueUnavailable
from core.ports import Dialogue
from core.values import Utterance
from voice.events import DialogueFailed, Replied


class ThreadedAsker:
    """One event loop in one thread, so that the dialogue's connection is kept."""

    def __init__(self, dialogue: Dialogue, inbox: queue.SimpleQueue[Any]) -> None:
        self._dialogue = dialogue
        self._inbox = inbox
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def ask(self, utterance: Utterance) -> None:
        asyncio.run_coroutine_threadsafe(self._send(utterance), self._loop)

    async def _send(self, utterance: Utterance) -> None:
        try:
            replies = await self._dialogue.send(utterance)
        except DialogueUnavailable:
            self._inbox.put(DialogueFailed())
        else:
            self._inbox.put(Replied(tuple(replies)))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=2)
        if not self._loop.is_running():
            self._loop.close()
