"""Work orders: what a call was about, written down so that somebody can follow it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

MOST_NOTES = 60
MOST_TEXT = 4000


@dataclass(frozen=True)
class OrderNote:
    """One thing that was asked in the call, and what was said from which clause."""

    question: str
    said: str
    document: str = ""
    clause: str = ""
    departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkOrder:
    reference: str
    staff: str
    status: str
    """draft (the call goes on), saved or done."""
    created_at: datetime
    updated_at: datetime
    caller: str = ""
    phone: str = ""
    """11 digits or empty."""
    summary: str = ""
    follow_up: str = ""
    """What is still to do, and by whom."""
    notes: tuple[OrderNote, ...] = ()
    bookings: tuple[str, ...] = ()
    """References of bookings made in the call."""

    @property
    def departments(self) -> tuple[str, ...]:
        """Of every clause that was read out, each once."""
        return tuple(dict.fromkeys(d for note in self.notes for d in note.departments))


class WorkOrders(Protocol):
    """Every call may raise StoreUnavailable. What is in an order is sealed at rest."""

    def draft(self, staff: str) -> WorkOrder | None:
        """The order of the call that this account is in; None before anything was noted."""
        ...

    def note(self, staff: str, note: OrderNote) -> WorkOrder:
        """Adds to the draft, which is made where there is none; the same note once."""
        ...

    def add_booking(self, staff: str, reference: str) -> WorkOrder: ...

    def edit(
        self, reference: str, staff: str | None, *, status: str, **fields: object
    ) -> WorkOrder:
        """Sets caller, phone, summary, follow_up or notes. `staff` None: of any account.

        Raises UnknownOrder, InvalidDetails.
        """
        ...

    def discard(self, reference: str, staff: str) -> None:
        """Erases a draft. Raises UnknownOrder."""
        ...

    def get(self, reference: str, staff: str | None) -> WorkOrder:
        """Raises UnknownOrder, also where it is another account's."""
        ...

    def listed(self, staff: str | None, *, limit: int = 200) -> tuple[WorkOrder, ...]:
        """The latest first; of one account or, with None, of all."""
        ...
