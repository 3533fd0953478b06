"""From a delivery to its answer, the same for every messenger."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.inbox.bookkeeping import Bookkeeping
from bot.inbox.channel import (
    Channel,
    Incoming,
    Part,
    ShutOut,
    SpokenReply,
    Transcriber,
    UnreadableMessage,
)
from bot.inbox.lanes import Lanes
from bot.inbox.limits import Allowance, PersonalLimit
from bot.inbox.phrases import Phrases
from bot.inbox.rendering import all_choices, picked, render
from core.errors import DialogueUnavailable, StoreUnavailable, VoiceUnavailable
from core.handovers import with_a_person
from core.messaging import Contact, MessageBook, OfferedChoice, ReceivedMessage
from core.ports import Dialogue
from core.values import Choice, Reply, Utterance
from runtime import metrics
from runtime.turns import turn_of

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 500
"""Characters of a message that the dialogue gets."""
_REMEMBERED_ANSWERS = 2_000
_SHOW_WORK_AFTER_S, _SHOW_WORK_EVERY_S = 0.4, 4.5
_PUNCTUATION = " 。！？!?，,.、~～"


@dataclass(frozen=True)
class InboxParts:
    """What an inbox works with."""

    dialogue: Dialogue
    book: MessageBook
    phrases: Phrases
    ears: Transcriber | None = None
    mouth: SpokenReply | None = None
    allowance: Allowance = field(default_factory=Allowance)
    dialogue_patience_s: tuple[float, ...] = (1.0, 3.0, 8.0)
    """Pauses before the dialogue is asked once more."""


class Inbox:
    """Answers each delivery of one channel once, each person's in order."""

    def __init__(self, channel: Channel, parts: InboxParts) -> None:
        self._channel = channel
        self._parts = parts
        self._phrases = parts.phrases
        self._book = Bookkeeping(parts.book, channel.name)
        self._limit = PersonalLimit(parts.allowance)
        self._answers: OrderedDict[str, tuple[Reply, ...]] = OrderedDict()
        self._lanes = Lanes(self._handle)

    async def accept(self, messages: Sequence[ReceivedMessage]) -> int:
        """Writes new deliveries down, then begins to answer; how many were new.

        Once it returns, a crash loses none of them. Raises StoreUnavailable.
        """
        book = self._parts.book
        new = await self._book.call(lambda: book.receive(self._channel.name, messages))
        for message in new:
            self._lanes.put(message)
        return len(new)

    async def resume(self) -> int:
        """Takes up what an earlier process left unanswered; how many."""
        left = await self._book.call(lambda: self._parts.book.waiting(self._channel.name))
        for message in left:
            self._lanes.put(message)
        return len(left)

    @property
    def waiting(self) -> int:
        return self._lanes.waiting

    async def idle(self) -> None:
        await self._lanes.idle()

    async def close(self) -> None:
        await self._lanes.close()

    async def _handle(self, message: ReceivedMessage) -> None:
        with turn_of(message.conversation):
            began = time.perf_counter()
            await self._handle_marked(message)
            seconds = time.perf_counter() - began
            metrics.observe("gateway", seconds)
            log.info("message answered", extra={"ms": round(seconds * 1000, 1)})

    async def _handle_marked(self, message: ReceivedMessage) -> None:
        try:
            await self._answer(message)
        except ShutOut:
            log.info("shut out")
            book = self._parts.book
            await self._book.call(lambda: book.set_blocked(message.conversation, True))
        except Exception as error:
            # One message must not stop its lane; its text may quote the person, its kind not.
            log.error("message failed", extra={"error": type(error).__name__})
            await self._apologise(message)
        try:
            await self._book.finish(message.id)
        except StoreUnavailable:
            # It stays in the book; the dialogue answers its id the same way after a restart.
            log.error("an answer could not be written down")

    async def _apologise(self, message: ReceivedMessage) -> None:
        try:
            await self._say(message, "no_reply")
        except Exception as error:
            log.error("apology failed: %s", type(error).__name__)

    async def _answer(self, message: ReceivedMessage) -> None:
        allowed = self._limit.take(message.conversation)
        if allowed is not True:
            if allowed is None:
                await self._say(message, "too_many")
            return
        try:
            incoming = await self._channel.read(message)
            if incoming.recording is not None:
                incoming = await self._heard(incoming)
        except UnreadableMessage as error:
            await self._say(message, error.phrase)
            return
        contact = await self._book.call(lambda: self._parts.book.contact(message.conversation))
        contact = contact or Contact(message.conversation, message.address)
        await self._turn(message, incoming, contact)

    async def _turn(self, message: ReceivedMessage, said: Incoming, contact: Contact) -> None:
        order = self._phrases.orders.get(said.text.strip(_PUNCTUATION), "")
        if order:
            await self._obey(order, contact)
            return
        text, preface = await self._meant(said, contact)
        if not text:
            await self._send(contact, (Part(preface),))
            return
        utterance = Utterance(
            text[0],
            message.conversation,
            self._channel.name,
            alternatives=text[1:],
            message_id=f"{self._channel.name}-{message.id}",
            metadata={**said.metadata, "plain": contact.plain},
        )
        async with self._shown_working(message.address):
            replies = await self._ask(utterance)
        if not replies:
            # A person has the conversation; the choices offered before are over.
            await self._offer(contact, ())
            return
        await self._deliver(contact, replies, preface)

    async def _meant(self, said: Incoming, contact: Contact) -> tuple[tuple[str, ...], str]:
        """What to send to the dialogue, other readings after it, and what to say before."""
        if said.choice:
            book, choice_id = self._parts.book, said.choice
            found = await self._book.call(lambda: book.choice(contact.conversation, choice_id))
            if found is None or found.picked:
                return (), self._phrases.say("stale_choice")
            return (found.payload,), self._phrases.say("picked", label=found.label)
        named = picked(said.text, contact.offered)
        if named is not None:
            return (named.payload,), self._phrases.say("picked", label=named.label)
        if len(said.text) > LONGEST_MESSAGE:
            return (), self._phrases.say("too_long", limit=LONGEST_MESSAGE)
        readings = said.metadata.get("readings", ())
        return (said.text, *readings), said.preface

    async def _heard(self, incoming: Incoming) -> Incoming:
        if self._parts.ears is None or incoming.recording is None:
            raise UnreadableMessage("no_ears")
        try:
            readings = await self._parts.ears.transcribe(incoming.recording)
        except VoiceUnavailable as error:
            log.warning("a voice note could not be heard: %s", error.code)
            raise UnreadableMessage("no_ears") from error
        if not readings:
            raise UnreadableMessage("not_heard")
        # Said back, so that who cannot hear the recogniser's mistake can read it.
        preface = self._phrases.say("heard", text=readings[0])
        spoken = {"input": "voice", "readings": tuple(readings[1:])}
        return replace(incoming, text=readings[0], recording=None, preface=preface, metadata=spoken)

    async def _ask(self, utterance: Utterance) -> tuple[Reply, ...]:
        """Asks again where the dialogue is away; it answers a repeated id only once.

        Nothing where a person has the conversation.
        """
        meta = {k: v for k, v in utterance.metadata.items() if k != "readings"}
        utterance = replace(utterance, metadata=meta)
        for pause in (*self._parts.dialogue_patience_s, None):
            try:
                replies = await self._parts.dialogue.send(utterance)
            except DialogueUnavailable:
                if pause is None:
                    return (Reply(self._phrases.say("unavailable")),)
                await asyncio.sleep(pause)
                continue
            if with_a_person(replies):
                return ()
            said = tuple(reply for reply in replies if reply.text or reply.choices)
            return said or (Reply(self._phrases.say("no_reply")),)
        raise AssertionError("unreachable")

    async def _deliver(self, contact: Contact, replies: Sequence[Reply], preface: str = "") -> None:
        offered = await self._offer(contact, all_choices(replies))
        longest = self._channel.longest
        parts = render(replies, offered, self._phrases, longest, contact.plain)
        if preface and parts and len(parts[0].text) + len(preface) < longest:
            parts = (replace(parts[0], text=f"{preface}\n{parts[0].text}"), *parts[1:])
        elif preface:
            parts = (Part(preface), *parts)
        self._remember(contact.conversation, replies)
        await self._send(contact, parts)
        if contact.voice_replies:
            await self._speak(contact, replies)

    async def _offer(
        self, contact: Contact, choices: tuple[Choice, ...]
    ) -> tuple[OfferedChoice, ...]:
        if not choices and not contact.offered:
            return ()
        book = self._parts.book
        return await self._book.call(lambda: book.offer(contact.conversation, choices))

    async def _send(self, contact: Contact, parts: Sequence[Part]) -> None:
        for part in parts:
            await self._channel.send(contact.address, part)

    async def _say(self, message: ReceivedMessage, phrase: str) -> None:
        await self._channel.send(message.address, Part(self._phrases.say(phrase)))

    async def _speak(self, contact: Contact, replies: Sequence[Reply]) -> None:
        text = "\n".join(reply.speech or reply.text for reply in replies)
        try:
            if self._parts.mouth is None:
                raise VoiceUnavailable("no voice here")
            sound = await self._parts.mouth.speak(text)
        except VoiceUnavailable as error:
            log.warning("an answer could not be spoken: %s", error.code)
            await self._send(contact, (Part(self._phrases.say("no_voice")),))
            return
        await self._channel.send(contact.address, Part(text, sound=sound))

    async def _obey(self, order: str, contact: Contact) -> None:
        """Wishes about the form of answers, which no dialogue needs to know."""
        book, mine = self._parts.book, contact.conversation
        before = self._answers.get(mine, ())
        if order == "menu":
            await self._deliver(
                contact, (Reply(self._phrases.say("menu"), choices=self._phrases.menu),)
            )
        elif order == "aloud":
            await self._speak(contact, before or (Reply(self._phrases.say("menu")),))
        elif order in ("voice_on", "voice_off"):
            await self._book.call(lambda: book.wish(mine, voice_replies=order == "voice_on"))
            await self._send(contact, (Part(self._phrases.say(order)),))
        else:
            plain = order == "plain_on"
            await self._book.call(lambda: book.wish(mine, plain=plain))
            await self._send(contact, (Part(self._phrases.say(order)),))
            if before:
                await self._deliver(replace(contact, plain=plain), before)

    def _remember(self, conversation: str, replies: Sequence[Reply]) -> None:
        self._answers[conversation] = tuple(replies)
        self._answers.move_to_end(conversation)
        while len(self._answers) > _REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)

    @asynccontextmanager
    async def _shown_working(self, address: str) -> AsyncIterator[None]:
        async def show() -> None:
            await asyncio.sleep(_SHOW_WORK_AFTER_S)
            while True:
                await self._channel.working(address)
                await asyncio.sleep(_SHOW_WORK_EVERY_S)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()
