"""Reminders, offers and changes that go out without a question."""

from __future__ import annotations

import asyncio
import logging

from bot.inbox.channel import Channel, Part, ShutOut
from bot.inbox.phrases import Phrases
from bot.inbox.rendering import render
from core.booking_labels import day_label
from core.errors import MingluError
from core.handovers import HandOvers
from core.messaging import MessageBook
from core.ports import Outbox
from core.values import OutboxMessage, Reply
from runtime import metrics
from runtime.turns import turn_of

log = logging.getLogger(__name__)


class Pusher:
    """Takes from the outbox what is due on one channel."""

    def __init__(
        self,
        channel: Channel,
        outbox: Outbox,
        book: MessageBook,
        phrases: Phrases,
        line: HandOvers | None = None,
    ) -> None:
        self._line = line
        self._channel = channel
        self._outbox = outbox
        self._book = book
        self._phrases = phrases

    async def run(self, every_s: float = 20.0) -> None:
        while True:
            try:
                await self.push()
            except MingluError as error:
                log.warning("pushing waits: %s", error.code)
            await asyncio.sleep(every_s)

    async def run_line(self, every_s: float = 2.0) -> None:
        """What staff write goes out at once: somebody waits for it."""
        while self._line is not None:
            try:
                await self.push_line(self._line)
            except MingluError as error:
                log.warning("what staff wrote waits: %s", error.code)
            await asyncio.sleep(every_s)

    async def push_line(self, line: HandOvers) -> int:
        """One round; how many went out. Raises StoreUnavailable."""
        sent = 0
        for message in await asyncio.to_thread(line.undelivered, self._channel.name):
            contact = await asyncio.to_thread(self._book.contact, message.conversation)
            if contact is None or contact.blocked:
                continue
            try:
                part = Part(self._phrases.say("staff_says", text=message.text))
                await self._channel.send(contact.address, part)
            except ShutOut:
                await asyncio.to_thread(self._book.set_blocked, contact.conversation, True)
                continue
            await asyncio.to_thread(line.delivered, message.id)
            sent += 1
        return sent

    async def push(self) -> int:
        """One round; how many went out. Raises StoreUnavailable."""
        sent = 0
        for message in await asyncio.to_thread(self._outbox.due, self._channel.name):
            with turn_of(message.conversation):
                error = await self._deliver(message)
                outcome = error or "sent"
                metrics.PUSHED.labels(self._channel.name, outcome).inc()
                log.info("pushed", extra={"kind": message.kind, "outcome": outcome})
            if error:
                await asyncio.to_thread(self._outbox.failed, message.id, error)
            else:
                await asyncio.to_thread(self._outbox.delivered, message.id)
                sent += 1
        return sent

    async def _deliver(self, message: OutboxMessage) -> str:
        """The code of what is in the way, or nothing."""
        contact = await asyncio.to_thread(self._book.contact, message.conversation)
        if contact is None:
            return "no_contact"
        if contact.blocked:
            return "shut_out"
        choices = self._phrases.offer_choices if message.kind == "offer" else ()
        reply = Reply(self._words(message), choices=choices)
        offered = (
            await asyncio.to_thread(self._book.offer, contact.conversation, choices)
            if choices
            else ()
        )
        try:
            for part in render((reply,), offered, self._phrases, self._channel.longest):
                await self._channel.send(contact.address, part)
        except ShutOut:
            await asyncio.to_thread(self._book.set_blocked, contact.conversation, True)
            return "shut_out"
        return ""

    def _words(self, message: OutboxMessage) -> str:
        booking, slot = message.booking, message.booking.slot
        until = booking.held_until
        return self._phrases.say(
            message.kind,
            course=slot.course,
            when=f"{day_label(slot.starts_at.date())}{slot.starts_at:%H:%M}",
            city=slot.city,
            venue=slot.venue,
            reference=booking.reference,
            until=f"{day_label(until.date())}{until:%H:%M}" if until else "",
        )
