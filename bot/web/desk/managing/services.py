"""What the managers' pages need from outside; `bot/wiring.py` builds it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.feedback import OpenQuestion, RatingCount
from core.managing import DailyCounts, Drafts, SlotBook, TicketBook
from core.ports import Clock
from core.values import Citation
from policy.model import Notice


class ListedNotice(Protocol):
    """One version in the list of notices."""

    @property
    def notice(self) -> Notice:
        """Without its clauses."""
        ...

    @property
    def clauses(self) -> int: ...
    @property
    def latest(self) -> bool: ...
    @property
    def added_at(self) -> datetime: ...


class NoticeShelf(Protocol):
    """Notices with every version. Every call may raise StoreUnavailable."""

    def listed(self) -> tuple[ListedNotice, ...]: ...

    def load_notices(self, as_of: date | None = None) -> tuple[Notice, ...]: ...

    def get(self, number: str, version: int | None = None) -> Notice:
        """Raises UnknownNotice."""
        ...

    def add(self, notice: Notice, data: bytes, file_name: str = "") -> object: ...

    def remove(self, number: str) -> int:
        """Raises UnknownNotice."""
        ...

    def repeal(self, number: str, day: date | None) -> Notice:
        """Raises UnknownNotice."""
        ...


class KeptFeedback(Protocol):
    """Ratings and open questions. Every call may raise StoreUnavailable."""

    def ratings(self, since: date) -> tuple[RatingCount, ...]: ...
    def questions(self, since: date) -> tuple[OpenQuestion, ...]: ...
    def forget_questions(self, texts: Collection[str]) -> int: ...
    def forget_ratings(self, kind: str, clause: str) -> int: ...


ReadNotice = Callable[[bytes, str], Notice]
"""A notice from a file's bytes and name. Raises BadNotice with a `reason`."""
Nearest = Callable[[str], Citation | None]
"""The clause in force that comes nearest to a question."""


@dataclass(frozen=True)
class ManagingServices:
    """Calls block: handlers that use them are plain functions, which run in a thread."""

    clock: Clock
    notices: NoticeShelf
    read_notice: ReadNotice
    drafts: Drafts
    slots: SlotBook
    tickets: TicketBook
    feedback: KeptFeedback
    nearest: Nearest
    counts: DailyCounts
    feedback_days: int
    """For how many days feedback is kept; 0: not at all."""
