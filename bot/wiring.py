"""Builds what the channels need. The only file of bot that opens the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.web.desk.services import DeskServices
from bot.web.services import Services
from core.messaging import MessageBook
from core.ports import Clock, Dialogue, Outbox
from policy.model import Notice
from runtime.dialogue_pool import dialogue_of
from runtime.probes import action_servers_answer
from runtime.settings import Settings, SystemClock
from runtime.voice_client import HttpVoice
from store.dialogues import tracker_engine
from store.messages import SqlMessageBook
from store.notices import SqlNotices, ensure_bundled
from store.opening import open_store

__all__ = ["MessengerServices", "messenger_services", "tracker_engine", "web_services"]


def web_services(settings: Settings) -> Services:
    """Services of the gateway, on the real dialogue server and store."""
    clock = SystemClock(settings.now)
    store = open_store(settings, clock)
    stored = SqlNotices(store.engine)
    ensure_bundled(stored)
    dialogue = dialogue_of(settings)
    voice = HttpVoice(settings.voice_base)

    async def close() -> None:
        await dialogue.close()
        await voice.close()
        await asyncio.to_thread(store.close)

    async def store_reached() -> bool:
        return await asyncio.to_thread(stored.revision) >= 0

    async def notices_loaded() -> bool:
        return await asyncio.to_thread(stored.revision) > 0

    async def actions_answer() -> bool:
        return await action_servers_answer(settings)

    return Services(
        dialogue=dialogue,
        notices=StoredNotices(stored),
        clock=clock,
        desk=DeskServices(staff=store.staff),
        conversations=store.conversations,
        feedback=store.feedback if settings.feedback_days else None,
        voice=voice,
        dialogue_ready=dialogue.ready,
        checks={
            "store": store_reached,
            "notices": notices_loaded,
            "actions": actions_answer,
        },
        close=close,
    )


class StoredNotices:
    """Notices for pages, as the store keeps them."""

    def __init__(self, stored: SqlNotices) -> None:
        self._stored = stored

    def all(self) -> tuple[Notice, ...]:
        return self._stored.load_notices()

    def get(self, number: str) -> Notice:
        return self._stored.get(number)


@dataclass(frozen=True)
class MessengerServices:
    """What a messenger works with besides its own platform."""

    dialogue: Dialogue
    book: MessageBook
    outbox: Outbox
    clock: Clock
    close: Callable[[], Awaitable[None]]


def messenger_services(settings: Settings) -> MessengerServices:
    """On the real dialogue server and store; blocks while the store opens."""
    clock = SystemClock(settings.now)
    store = open_store(settings, clock)
    dialogue = dialogue_of(settings)

    async def close() -> None:
        await dialogue.close()
        await asyncio.to_thread(store.close)

    book = SqlMessageBook(store.engine, clock, store.seal)
    return MessengerServices(dialogue, book, store.outbox, clock, close)
