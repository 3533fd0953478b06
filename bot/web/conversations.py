"""What was said in each conversation, kept short and bounded, so that a page can show it again."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

from core.values import Choice, Reply

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


@dataclass(frozen=True)
class Turn:
    """One exchange."""

    message_id: str
    said: str
    """As the person sees it: a choice by its label, not by its payload."""
    replies: tuple[Reply, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(choice for reply in self.replies for choice in reply.choices)


class Conversations(Protocol):
    """History for showing. The dialogue keeps its own state; losing this loses no booking."""

    def turns(self, sender: str) -> tuple[Turn, ...]:
        """Oldest first, at most the last few dozen."""
        ...

    def add(self, sender: str, turn: Turn) -> None: ...

    def forget(self, sender: str) -> None: ...


class MemoryConversations:
    """In this process's memory, for one gateway on one box.

    The conversation longest unused makes room when `most_conversations` is reached, the oldest
    turn when `most_turns` is.
    """

    def __init__(self, most_conversations: int = 2000, most_turns: int = 40) -> None:
        self._most_conversations = most_conversations
        self._most_turns = most_turns
        self._kept: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()

    def turns(self, sender: str) -> tuple[Turn, ...]:
        if sender not in self._kept:
            return ()
        self._kept.move_to_end(sender)
        return self._kept[sender]

    def add(self, sender: str, turn: Turn) -> None:
        self._kept[sender] = (*self.turns(sender), turn)[-self._most_turns :]
        self._kept.move_to_end(sender)
        while len(self._kept) > self._most_conversations:
            self._kept.popitem(last=False)

    def forget(self, sender: str) -> None:
        self._kept.pop(sender, None)
