"""A conversation as a page shows it: turns, oldest first, and their form at rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.values import Choice, Reply

ASSISTANT, STAFF = "assistant", "staff"


@dataclass(frozen=True)
class Turn:
    """One exchange, or one message of a staff person (then nothing was `said`)."""

    message_id: str
    said: str
    """As the person sees it: a choice by its label, not by its payload."""
    replies: tuple[Reply, ...]
    by: str = ASSISTANT
    """Who replied: ASSISTANT or STAFF."""
    number: int = 0
    """Ascending within a conversation; 0 until it is kept."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(choice for reply in self.replies for choice in reply.choices)


def packed_turn(turn: Turn) -> str:
    """JSON without `message_id` and `number`, which have columns of their own."""
    body = {"said": turn.said, "by": turn.by, "replies": [_packed(r) for r in turn.replies]}
    return json.dumps(body, ensure_ascii=False)


def unpacked_turn(text: str, *, message_id: str, number: int) -> Turn:
    """The inverse of `packed_turn`. A reply's topic is not kept: it belongs to the dialogue."""
    body = json.loads(text)
    replies = tuple(_unpacked(reply) for reply in body["replies"])
    return Turn(message_id, body["said"], replies, body["by"], number)


def _packed(reply: Reply) -> dict[str, Any]:
    return {
        "text": reply.text,
        "custom": {**reply.custom(), "speech": reply.speech},
        "choices": [[choice.label, choice.payload] for choice in reply.choices],
    }


def _unpacked(body: Mapping[str, Any]) -> Reply:
    choices = tuple(Choice(label, payload) for label, payload in body["choices"])
    return Reply.from_custom(body["text"], body["custom"], choices)
