"""What managers of the desk look after: dates of courses, files before they hold, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.errors import MingluError
from core.values import Booking, Kind, Reply, Ticket, TrainingSlot

MESSENGERS = frozenset({"telegram", "wechat", "wecom"})
"""Channels on which a person can be told something without having asked."""
LARGEST_SLOT_FILE = 2 * 1024 * 1024
"""Bytes; thousands of dates stay far below."""


class UnknownDraft(MingluError):
    """Another account's, too old, or done with already."""

    code = "unknown_draft"


class PlanChanged(MingluError):
    """What would happen is no longer what was shown; look again before it happens."""

    code = "plan_changed"


@dataclass(frozen=True)
class Draft:
    """A file that was read and looked at, and changes nothing yet."""

    id: str
    kind: str
    """notice or slots."""
    file_name: str
    source: bytes
    content: str
    """What was read from it, packed."""


class Drafts(Protocol):
    """Kept for a day; of one account only the last few. Every call may raise StoreUnavailable."""

    def keep(self, staff: str, kind: str, file_name: str, source: bytes, content: str) -> str:
        """Its id, which nobody can guess."""
        ...

    def get(self, staff: str, kind: str, draft_id: str) -> Draft:
        """Raises UnknownDraft."""
        ...

    def drop(self, staff: str, draft_id: str) -> None: ...


@dataclass(frozen=True)
class Affected:
    """Whom a change of a date touches."""

    confirmed: int = 0
    held: int = 0
    """Places kept for somebody who has not confirmed yet."""
    waiting: int = 0
    messaged: int = 0
    """Of all these, how many a messenger tells by itself."""

    @property
    def people(self) -> int:
        return self.confirmed + self.held + self.waiting

    @property
    def to_call(self) -> int:
        """How many booked where nothing can be sent to them: they have to be called."""
        return self.people - self.messaged


@dataclass(frozen=True)
class ManagedSlot:
    """A date with what only managers see of it."""

    slot: TrainingSlot
    book_by: datetime
    affected: Affected

    def state(self, now: datetime) -> str:
        """cancelled, begun, closed or open."""
        if self.slot.status != "open":
            return "cancelled"
        if self.slot.starts_at <= now:
            return "begun"
        return "closed" if self.book_by <= now else "open"


@dataclass(frozen=True)
class SlotChange:
    """What would become of one date."""

    id: str
    outcome: str
    """added, updated, cancelled, unchanged or too_small (fewer places than are taken)."""
    course: str
    starts_at: datetime
    fields: tuple[tuple[str, str, str], ...] = ()
    """Name, before and after of what changes; before is empty for a new date."""
    affected: Affected = Affected()
    told: bool = False
    """Whether those who booked are told of it."""


@dataclass(frozen=True)
class SlotPlan:
    """What an import or an edit would do, before it does it."""

    changes: tuple[SlotChange, ...]
    fingerprint: str
    """Differs as soon as anything of the plan does."""

    def count(self, outcome: str) -> int:
        return sum(change.outcome == outcome for change in self.changes)

    @property
    def possible(self) -> bool:
        return self.count("too_small") == 0

    @property
    def idle(self) -> bool:
        return all(change.outcome == "unchanged" for change in self.changes)


@dataclass(frozen=True)
class CourseNumbers:
    """Open dates of one course that have not begun."""

    course: str
    dates: int
    places: int
    taken: int
    waiting: int


class SlotBook(Protocol):
    """Dates of courses for managers. Every call may raise StoreUnavailable."""

    def all(self) -> tuple[ManagedSlot, ...]:
        """Every date, the next one first, then those that have begun, the latest first."""
        ...

    def get(self, slot_id: str) -> ManagedSlot:
        """Raises UnknownSlot."""
        ...

    def read_file(self, file_name: str, data: bytes) -> str:
        """The dates of a CSV, XLSX or ICS file, packed. Raises BadImport."""
        ...

    def read_fields(self, fields: Mapping[str, str]) -> str:
        """One date, packed; the fields are a CSV's columns. Raises BadImport."""
        ...

    def plan(self, packed: str) -> SlotPlan: ...

    def carry_out(self, packed: str, fingerprint: str) -> SlotPlan:
        """All of the plan or nothing. Raises PlanChanged, BadImport."""
        ...

    def close(self, slot_id: str) -> None:
        """Takes no more bookings; who has a place keeps it. Raises UnknownSlot."""
        ...

    def cancel(self, slot_id: str, affected: Affected) -> int:
        """Cancels the date and its bookings, and tells everyone; how many.

        Raises PlanChanged where it touches others than `affected`, UnknownSlot.
        """
        ...

    def bookings(self, slot_id: str = "") -> tuple[Booking, ...]:
        """Every booking, or those of one date, whatever became of them."""
        ...

    def courses(self) -> tuple[CourseNumbers, ...]: ...

    def booked_since(self, day: date) -> tuple[tuple[str, str, int], ...]:
        """Channel, status and how many of the bookings made since then."""
        ...


class TicketBook(Protocol):
    """Requests for a person, closed ones too. Every call may raise StoreUnavailable."""

    def waiting(self) -> tuple[Ticket, ...]: ...

    def listed(self, *, limit: int = 1000) -> tuple[Ticket, ...]:
        """Urgent ones that wait first, then those that wait, then the closed, the latest first."""
        ...

    def get(self, ticket_id: str) -> Ticket:
        """Raises UnknownTicket."""
        ...

    def close(self, ticket_id: str) -> Ticket:
        """Raises UnknownTicket."""
        ...


# -- counts of each day, with nothing personal in them


@dataclass(frozen=True)
class TurnCount:
    """How often messages on a channel were answered so on a day."""

    day: date
    channel: str
    kind: str
    """As core.values.Kind; empty for a step of a conversation."""
    reason: str
    count: int


class DailyCounts(Protocol):
    def add(self, counts: Mapping[tuple[date, str, str, str], int]) -> None:
        """Adds to day, channel, kind and reason. Raises StoreUnavailable."""
        ...

    def since(self, day: date) -> tuple[TurnCount, ...]: ...


_TELLING = (Kind.SAFETY, Kind.HANDOVER)


def outcome_of(replies: list[Reply]) -> tuple[str, str]:
    """Kind and reason that a turn counts as: danger and hand-overs first, else the first kind."""
    kinds = [reply for reply in replies if reply.kind]
    if not kinds:
        return "", ""
    chosen = next((reply for reply in kinds if reply.kind in _TELLING), kinds[0])
    assert chosen.kind is not None  # noqa: S101 - filtered above
    return chosen.kind.value, chosen.reason.value if chosen.reason else ""
