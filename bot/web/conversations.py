"""Who a conversation belongs to, and its history where there is no store."""

from __future__ import annotations

import hashlib
import itertools
import re
import secrets
from collections import OrderedDict
from dataclasses import replace

from core.conversing import Turn

ID_BYTES = 24
ID_LENGTH = 32
"""Characters of the id in the cookie: ID_BYTES in URL-safe base64."""
_ID = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}")


def new_conversation_id() -> str:
    """An id nobody can guess: whoever holds it reads the conversation."""
    return secrets.token_urlsafe(ID_BYTES)


def is_conversation_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None


def sender_of(conversation_id: str) -> str:
    """The dialogue's sender. One-way, so that logs and trackers never hold the cookie."""
    return "web-" + hashlib.sha256(b"sender|" + conversation_id.encode()).hexdigest()[:32]


class MemoryConversations:
    """Obeys core.ports.Conversations in this process's memory, for tests and demonstrations.

    The conversation longest unused makes room when `most_conversations` is reached, the oldest
    turn when `most_turns` is.
    """

    def __init__(self, most_conversations: int = 2000, most_turns: int = 40) -> None:
        self._most_conversations = most_conversations
        self._most_turns = most_turns
        self._kept: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._claimed: set[tuple[str, str]] = set()
        self._numbers = itertools.count(1)

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        if conversation not in self._kept:
            return ()
        self._kept.move_to_end(conversation)
        return self._kept[conversation]

    def claim(self, conversation: str, message_id: str) -> bool:
        answered = any(turn.message_id == message_id for turn in self.turns(conversation))
        if answered or (conversation, message_id) in self._claimed:
            return False
        self._claimed.add((conversation, message_id))
        return True

    def release(self, conversation: str, message_id: str) -> None:
        self._claimed.discard((conversation, message_id))

    def add(self, conversation: str, turn: Turn) -> Turn:
        self.release(conversation, turn.message_id)
        turn = replace(turn, number=next(self._numbers))
        self._kept[conversation] = (*self.turns(conversation), turn)[-self._most_turns :]
        self._kept.move_to_end(conversation)
        while len(self._kept) > self._most_conversations:
            self._kept.popitem(last=False)
        return turn

    def forget(self, conversation: str) -> None:
        self._kept.pop(conversation, None)
