"""A message that comes again, perhaps to another server, is answered from what was written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

delivery: ContextVar[str] = ContextVar("delivery", default="")
"""The `metadata.message_id` of the turn under way; empty where the channel gave none."""


class AnsweredBefore(Exception):
    """This delivery was handled already; `replies` is what was said then."""

    def __init__(self, replies: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("answered before")
        self.replies = replies


def refuse_handled(tracker: DialogueStateTracker) -> None:
    """Raises AnsweredBefore where the conversation holds this turn and its answer.

    A turn that ended without an answer got an apology, and is handled anew.
    """
    wanted = delivery.get()
    if not wanted:
        return
    said: list[Mapping[str, Any]] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            said.append({"text": event.text, **(event.data or {})})
        elif isinstance(event, UserUttered):
            if str((event.metadata or {}).get("message_id") or "") == wanted:
                if said:
                    raise AnsweredBefore(said[::-1])
                return
            said.clear()
