"""Telegram's updates as deliveries, and back from what was written down."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import telegram
import yaml

from core.messaging import ReceivedMessage

UPDATE_KINDS = ["message", "edited_message", "callback_query"]
EDIT_WITHIN_S = 600
"""An edit later than that is of a talk that went on."""


def conversation_of(bot_id: int, chat_id: int) -> str:
    """The dialogue's sender id of a chat; the same after a new token, another for another bot."""
    digest = hashlib.sha256(f"telegram|{bot_id}|{chat_id}".encode()).hexdigest()
    return f"telegram-{digest[:32]}"


def received(bot_id: int, update: telegram.Update) -> ReceivedMessage | None:
    """None for what is nobody's private message."""
    chat = update.effective_chat
    if chat is None or chat.type != "private":
        return None
    content = _content(update)
    if content is None:
        return None
    return ReceivedMessage(
        id=str(update.update_id),
        conversation=conversation_of(bot_id, chat.id),
        address=str(chat.id),
        content=json.dumps(content, ensure_ascii=False),
    )


def _content(update: telegram.Update) -> dict[str, Any] | None:
    query = update.callback_query
    if query is not None:
        shown = query.message.message_id if query.message else 0
        return {"pick": query.data or "", "query": query.id, "shown": shown}
    message = update.effective_message
    if message is None:
        return None
    if message.text and isinstance(message.text, str):
        return {"text": spoken_command(message.text), **_edit(update, message)}
    sound = message.voice or message.audio
    if sound is not None:
        return {"file": sound.file_id, "bytes": sound.file_size or 0, **_length(sound)}
    if message.location is not None:
        from bot.inbox.nearest import nearest_city

        # Only the city is kept: the position itself is nobody's business.
        city = nearest_city(message.location.latitude, message.location.longitude)
        return {"city": city or ""}
    return {"other": True}


def _edit(update: telegram.Update, message: telegram.Message) -> dict[str, Any]:
    if update.edited_message is None or message.edit_date is None:
        return {}
    late = (message.edit_date - message.date).total_seconds() > EDIT_WITHIN_S
    return {"edited": "late" if late else "soon"}


def _length(sound: telegram.Voice | telegram.Audio) -> dict[str, Any]:
    length: Any = sound.to_dict().get("duration", 0)
    return {"seconds": int(length)}


def spoken_command(text: str) -> str:
    """A command as the sentence that it stands for; anything else as it is."""
    if not text.startswith("/"):
        return text
    name = text[1:].split(maxsplit=1)[0].split("@")[0] if len(text) > 1 else ""
    return {command: sentence for command, _, sentence in commands()}.get(name, text)


@lru_cache(maxsize=1)
def commands() -> tuple[tuple[str, str, str], ...]:
    """Command, menu entry, sentence."""
    path = Path(__file__).parent / "commands.zh.yml"
    return tuple(tuple(row) for row in yaml.safe_load(path.read_text(encoding="utf-8")))
