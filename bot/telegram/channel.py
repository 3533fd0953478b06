"""Telegram as a channel of the inbox."""

from __future__ import annotations

import asyncio
import json
import logging
import time

import telegram
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot.inbox.channel import Incoming, Part, ShutOut, UnreadableMessage
from bot.inbox.phrases import Phrases
from bot.inbox.placing import placed
from bot.telegram.client import patiently
from core.messaging import ReceivedMessage

log = logging.getLogger(__name__)

LONGEST_RECORDING_S = 90
LARGEST_RECORDING = 4_000_000
"""Bytes."""
MESSAGES_PER_S = 25.0
"""Telegram takes about 30 a second from one bot."""


class TelegramChannel:
    """Obeys bot.inbox.channel.Channel."""

    name = "telegram"
    longest = 1_000
    """Telegram takes 4,096; what is heard or read on a small screen is best shorter."""

    def __init__(
        self, bot: telegram.Bot, phrases: Phrases, messages_per_s: float = MESSAGES_PER_S
    ) -> None:
        self._bot = bot
        self._phrases = phrases
        self._gap_s = 1.0 / messages_per_s
        self._next_at = 0.0

    async def read(self, message: ReceivedMessage) -> Incoming:
        content = json.loads(message.content)
        if "pick" in content:
            await self._acknowledge(content, message.address)
            return Incoming(choice=str(content["pick"]) or "-")
        if "file" in content:
            return Incoming(recording=await self._recording(content))
        if "city" in content:
            return placed(content["city"], self._phrases)
        if "text" not in content:
            raise UnreadableMessage("cannot_read")
        if content.get("edited") == "late":
            raise UnreadableMessage("edited_old")
        preface = self._phrases.say("edited") if content.get("edited") else ""
        return Incoming(text=content["text"], preface=preface)

    async def send(self, address: str, part: Part) -> None:
        await self._pace()
        if part.sound is not None:
            sound = part.sound
            await patiently(lambda: self._bot.send_voice(int(address), sound))
            return
        buttons = [
            [telegram.InlineKeyboardButton(f"{b.number}. {b.label}", callback_data=b.id)]
            for b in part.buttons
        ]
        markup = telegram.InlineKeyboardMarkup(buttons) if buttons else None
        await patiently(
            lambda: self._bot.send_message(int(address), part.text, reply_markup=markup)
        )

    async def working(self, address: str) -> None:
        try:
            await self._bot.send_chat_action(int(address), ChatAction.TYPING)
        except TelegramError as error:
            log.debug("no typing shown: %s", type(error).__name__)

    async def _acknowledge(self, content: dict[str, object], address: str) -> None:
        """Ends the button's waiting sign and takes the buttons away; both only help the eye."""
        try:
            await patiently(lambda: self._bot.answer_callback_query(str(content["query"])), tries=3)
            if content["shown"]:
                shown = int(str(content["shown"]))
                await patiently(
                    lambda: self._bot.edit_message_reply_markup(
                        chat_id=int(address), message_id=shown, reply_markup=None
                    ),
                    tries=3,
                )
        except BadRequest:
            # Too old, or pressed twice: the choice itself still counts or is refused by the book.
            log.debug("a press was not acknowledged")
        except ShutOut:
            raise
        except TelegramError as error:
            log.warning("a press was not acknowledged: %s", type(error).__name__)

    async def _recording(self, content: dict[str, object]) -> bytes:
        too_long = int(str(content["seconds"])) > LONGEST_RECORDING_S
        if too_long or int(str(content["bytes"])) > LARGEST_RECORDING:
            raise UnreadableMessage("too_long_recording")
        try:
            file = await patiently(lambda: self._bot.get_file(str(content["file"])), tries=5)
            return bytes(await patiently(file.download_as_bytearray, tries=5))
        except TelegramError as error:
            raise UnreadableMessage("not_heard") from error

    async def _pace(self) -> None:
        now = time.monotonic()
        self._next_at = max(self._next_at + self._gap_s, now)
        if self._next_at > now:
            await asyncio.sleep(self._next_at - now)
