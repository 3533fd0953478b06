"""From what a person sent to the turn it became: checked, sent once, remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.web.conversations import Conversations, Turn
from core.errors import MingluError
from core.ports import Dialogue
from core.values import Utterance

LONGEST_MESSAGE = 500
"""Characters. Longer than any question, short enough that nobody floods the dialogue."""


class MessageRefused(MingluError):
    """What was sent cannot be handled; `refusal` says why, in the words of phrases.zh.yml."""

    code = "message_refused"

    def __init__(self, refusal: str) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class Exchange:
    """Sends messages to the dialogue, each message id once, whoever repeats it."""

    def __init__(self, dialogue: Dialogue, conversations: Conversations) -> None:
        self._dialogue = dialogue
        self._conversations = conversations
        self._under_way: dict[tuple[str, str], asyncio.Task[Turn]] = {}

    async def say(
        self, sender: str, text: str, message_id: str, metadata: Mapping[str, Any] | None = None
    ) -> Turn:
        """The finished turn; a repeated id gets the turn that it already had.

        Raises MessageRefused, and DialogueUnavailable: then nothing was remembered and the same
        id may be sent again.
        """
        turns = self._conversations.turns(sender)
        for turn in turns:
            if turn.message_id == message_id:
                return turn
        key = (sender, message_id)
        if key not in self._under_way:
            said, payload = _meant(text, turns)
            utterance = Utterance(
                payload, sender, "web", message_id=message_id, metadata=metadata or {}
            )
            task = asyncio.create_task(self._send(utterance, said))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        # Shielded: a browser that hangs up must not lose the answer of the click before.
        return await asyncio.shield(self._under_way[key])

    async def _send(self, utterance: Utterance, said: str) -> Turn:
        replies = tuple(r for r in await self._dialogue.send(utterance) if r.text or r.choices)
        turn = Turn(utterance.message_id, said, replies)
        if replies:
            self._conversations.add(utterance.conversation, turn)
        return turn


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
