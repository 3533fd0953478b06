"""Builds what the channels need. The only file of bot that opens the store."""

from __future__ import annotations

import asyncio

from bot.web.services import Services
from core.errors import UnknownNotice
from policy.model import Notice
from policy.reading import bundled_notice
from runtime.dialogue_client import HttpDialogue
from runtime.settings import Settings, SystemClock
from store.opening import open_store


def web_services(settings: Settings) -> Services:
    """Services of the gateway, on the real dialogue server and store."""
    clock = SystemClock(settings.now)
    store = open_store(settings, clock)
    dialogue = HttpDialogue(settings.dialogue_base, settings.dialogue_timeout_s)

    async def close() -> None:
        await dialogue.close()
        await asyncio.to_thread(store.close)

    return Services(
        dialogue=dialogue,
        notices=BundledNotices(),
        clock=clock,
        dialogue_ready=dialogue.ready,
        close=close,
    )


class BundledNotices:
    """The notice that ships with the product."""

    def all(self) -> tuple[Notice, ...]:
        return (bundled_notice(),)

    def get(self, number: str) -> Notice:
        found = next((n for n in self.all() if n.number == number), None)
        if found is None:
            raise UnknownNotice(number)
        return found
