"""From what a person sent to the turn it became: checked, sent once, remembered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from bot.web.services import Services
from core.conversing import Turn
from core.errors import DialogueUnavailable, MingluError, StoreUnavailable
from core.handovers import with_a_person
from core.values import Kind, Reply, Utterance

log = logging.getLogger("minglu.web")

LONGEST_MESSAGE = 500
"""Characters. Longer than any question, short enough that nobody floods the dialogue."""
CHANNEL = "web"
LOOK_AGAIN_S = 0.2
"""How often to look whether another gateway has answered the same message."""


class MessageRefused(MingluError):
    """What was sent cannot be handled; `refusal` says why, in the words of phrases.zh.yml."""

    code = "message_refused"

    def __init__(self, refusal: str) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class Exchange:
    """Sends messages to the dialogue, each message id once, whichever gateway it reaches."""

    def __init__(self, services: Services, passed_on: str, patience_s: float = 20.0) -> None:
        """`passed_on`: what is answered while a person of the staff has the conversation."""
        self._dialogue = services.dialogue
        self._conversations = services.conversations
        self._handovers = services.handovers
        self._passed_on = Reply(passed_on, Kind.HANDOVER)
        self._patience_s = patience_s
        self._under_way: dict[tuple[str, str], asyncio.Task[Turn]] = {}

    async def say(
        self,
        sender: str,
        text: str,
        message_id: str,
        metadata: Mapping[str, Any] | None = None,
        readings: tuple[str, ...] | None = None,
    ) -> Turn:
        """The finished turn; a repeated id gets the turn that it already had.

        `readings`: a recogniser's other readings; None where the text was typed.

        Raises MessageRefused, DialogueUnavailable and StoreUnavailable: then nothing was
        remembered and the same id may be sent again.
        """
        key = (sender, message_id)
        if key not in self._under_way:
            self._under_way[key] = task = asyncio.create_task(
                self._handle(sender, text, message_id, dict(metadata or {}), readings)
            )
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        # Shielded: a browser that hangs up must not lose the answer of the click before.
        return await asyncio.shield(self._under_way[key])

    async def _handle(
        self,
        sender: str,
        text: str,
        message_id: str,
        metadata: dict[str, Any],
        readings: tuple[str, ...] | None,
    ) -> Turn:
        turns = await asyncio.to_thread(self._conversations.turns, sender)
        known = _named(turns, message_id)
        if known:
            return known
        said, payload = _meant(text, turns)
        if not await asyncio.to_thread(self._conversations.claim, sender, message_id):
            return await self._answer_of_another(sender, message_id)
        if readings is not None:
            metadata["spoken"] = True
        utterance = Utterance(payload, sender, CHANNEL, readings or (), message_id, metadata)
        try:
            if await self._for_staff(sender, said, message_id):
                replies = [self._passed_on]
            else:
                replies = await self._dialogue.send(utterance)
        except BaseException:
            await self._release(sender, message_id)
            raise
        if with_a_person(replies):
            # Taken over while the message was under way: the dialogue's door has kept it for them.
            replies = [self._passed_on]
        told = tuple(reply for reply in replies if reply.text or reply.choices)
        return await self._remember(sender, Turn(message_id, said, told))

    async def _for_staff(self, sender: str, said: str, message_id: str) -> bool:
        """Whether a person has the conversation; then they have got what was said."""
        if self._handovers is None:
            return False
        return await asyncio.to_thread(self._handovers.take_in, sender, CHANNEL, said, message_id)

    async def _remember(self, sender: str, turn: Turn) -> Turn:
        """An answer that cannot be kept is given all the same."""
        if not turn.replies:
            await self._release(sender, turn.message_id)
            return turn
        try:
            turn = await asyncio.to_thread(self._conversations.add, sender, turn)
        except StoreUnavailable:
            log.warning("a turn was answered and could not be kept")
        return turn

    async def _release(self, sender: str, message_id: str) -> None:
        try:
            await asyncio.to_thread(self._conversations.release, sender, message_id)
        except StoreUnavailable:
            log.warning("a message is claimed until its claim ends")

    async def _answer_of_another(self, sender: str, message_id: str) -> Turn:
        """The turn that another gateway is making. Raises DialogueUnavailable in the end."""
        give_up = time.monotonic() + self._patience_s
        while time.monotonic() < give_up:
            await asyncio.sleep(LOOK_AGAIN_S)
            turns = await asyncio.to_thread(self._conversations.turns, sender)
            known = _named(turns, message_id)
            if known:
                return known
        raise DialogueUnavailable("the same message is being answered elsewhere")


def _named(turns: tuple[Turn, ...], message_id: str) -> Turn | None:
    return next((turn for turn in turns if turn.message_id == message_id), None)


def _meant(text: str, turns: tuple[Turn, ...]) -> tuple[str, str]:
    """What to show and what to send. Raises MessageRefused."""
    text = text.strip()
    if not text:
        raise MessageRefused("empty")
    if len(text) > LONGEST_MESSAGE:
        raise MessageRefused("too_long")
    latest = turns[-1].choices if turns else ()
    if text.isdecimal() and 1 <= int(text) <= len(latest):
        picked = latest[int(text) - 1]
        return picked.label, picked.payload
    for turn in reversed(turns):
        for choice in turn.choices:
            if text == choice.payload:
                return choice.label, choice.payload
    if text.startswith("/"):
        # A leading slash is an order to the dialogue; only choices it offered may give one.
        raise MessageRefused("stale_choice")
    return text, text
