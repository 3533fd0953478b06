"""What the gateway needs from outside; `bot/wiring.py` builds it, tests bring fakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.web.conversations import MemoryConversations
from bot.web.desk.services import DeskServices
from core.handovers import HandOvers
from core.ports import Clock, Conversations, Dialogue, FeedbackBook, VoiceService
from policy.model import Notice

Check = Callable[[], Awaitable[bool]]
"""Whether a part works. May raise a MingluError: then it does not."""


class Notices(Protocol):
    """The notices that a page can show. Calls may block: they run in a thread."""

    def all(self) -> tuple[Notice, ...]:
        """Every published notice, newest first. Raises StoreUnavailable."""
        ...

    def get(self, number: str) -> Notice:
        """Raises UnknownNotice, StoreUnavailable."""
        ...


async def _always() -> bool:
    return True


async def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Services:
    dialogue: Dialogue
    notices: Notices
    clock: Clock
    conversations: Conversations = field(default_factory=MemoryConversations)
    desk: DeskServices | None = None
    """None: a gateway without a desk; none of its addresses is there."""
    handovers: HandOvers | None = None
    """None: nobody but the assistant answers."""
    feedback: FeedbackBook | None = None
    """None: answers are not rated."""
    voice: VoiceService | None = None
    dialogue_ready: Check = _always
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Further parts that `/readyz` names."""
    close: Callable[[], Awaitable[None]] = _nothing
    """Called once when the gateway ends."""
