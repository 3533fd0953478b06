"""The assistant keeps silent where a person talks: for every channel, here at the one door."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Any

from core.errors import StoreUnavailable
from core.handovers import HandOvers
from core.messaging import PUSHING

log = logging.getLogger(__name__)

PUSHED = PUSHING | {"web"}
"""Channels that fetch what staff wrote by themselves; the others get it with their next turn."""

Message = dict[str, Any]


class StandingAside:
    """Between the door and the dialogue, while somebody at the desk holds a conversation."""

    def __init__(self, line: HandOvers, phrases: dict[str, str]) -> None:
        self._line = line
        self._phrases = phrases

    async def needed(self, sender: str) -> bool:
        """Whether anything but the assistant has to do with this message: somebody who talks in
        the conversation, or something written that its person has not got."""
        try:
            return not await asyncio.to_thread(self._line.left_to_assistant, sender)
        except StoreUnavailable:
            log.warning("who holds a conversation is not known now")
            return False

    async def instead(self, sender: str, text: str, metadata: dict[str, Any]) -> bool:
        """Whether a person has the conversation; what was written is then kept for them."""
        channel = str(metadata.get("channel") or "")
        key = str(metadata.get("message_id") or uuid.uuid4().hex)
        try:
            return await asyncio.to_thread(self._line.take_in, sender, channel, text, key)
        except StoreUnavailable:
            # Nobody at the desk could read it now; the assistant at least answers.
            log.warning("who holds a conversation is not known now")
            return False

    def held(self, sender: str) -> Message:
        """No word from the assistant; a voice confirms that it was heard, for nothing is seen."""
        speech = self._phrases["utter_door_with_a_person"]
        custom = {"kind": "handover", "reason": None, "citations": [], "speech": speech}
        return {"recipient_id": sender, "text": "", "custom": custom}

    async def news(self, sender: str, metadata: dict[str, Any]) -> list[Message]:
        """What staff wrote and this channel could not be sent."""
        if str(metadata.get("channel") or "") in PUSHED:
            return []
        messages = []
        try:
            for written in await asyncio.to_thread(self._line.undelivered_to, sender):
                text = self._phrases["utter_door_staff_says"].format(text=written.text)
                custom = {"kind": "handover", "reason": None, "citations": [], "speech": text}
                messages.append({"recipient_id": sender, "text": text, "custom": custom})
                await asyncio.to_thread(self._line.delivered, written.id)
        except StoreUnavailable:
            log.warning("what staff wrote cannot be read now")
        return messages
