"""Writing courses and slots: what an import changes, and cancelling a date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.booking import after_quiet
from core.errors import BookingError, UnknownSlot
from core.values import BookingStatus
from store.bookings import release
from store.records import Row, Work, insert_new, packed, record, tell
from store.seats import URGENT, lock_slots, settle
from store.tables.booking import bookings, courses, training_slots


@dataclass(frozen=True)
class SlotRecord:
    """One slot as a file gives it."""

    id: str
    course: str
    city: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    access: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    book_by: datetime | None = None
    """The last moment to book; None: the start."""
    status: str = "open"
    """open or cancelled."""
    sample: bool = False


class CapacityTaken(BookingError):
    """More places are taken than the new capacity; `details["taken"]`."""

    code = "capacity_taken"


def save_slot(work: Work, slot: SlotRecord, *, by: str = "staff") -> str:
    """Adds or updates a slot by its id: `added`, `updated`, `cancelled` or `unchanged`.

    Who has a place learns of a new time or venue; more places go to the waitlist first.
    Raises CapacityTaken; then nothing of this slot was changed.
    """
    values = _values(work, slot, _course_id(work, slot))
    if insert_new(work.connection, training_slots, values):
        record(work, "slot_added", actor=by, slot_id=slot.id)
        return "added"
    before = lock_slots(work, slot.id)[slot.id]
    if before["status"] == "open" and slot.status == "cancelled":
        cancel_slot(work, slot.id, by=by)
        return "cancelled"
    if all(before[name] == value for name, value in values.items()):
        return "unchanged"
    settle(work, slot.id)
    taken = lock_slots(work, slot.id)[slot.id]["taken"]
    if slot.capacity < taken:
        raise CapacityTaken(f"{taken} places are taken", slot_id=slot.id, taken=taken)
    work.connection.execute(
        training_slots.update().where(training_slots.c.id == slot.id).values(**values)
    )
    record(work, "slot_updated", actor=by, slot_id=slot.id)
    if any(before[name] != values[name] for name in ("starts_at", "ends_at", "venue", "city")):
        _tell_everyone(work, slot.id, "slot_changed")
    settle(work, slot.id)
    return "updated"


def cancel_slot(work: Work, slot_id: str, *, by: str = "staff") -> int:
    """Cancels a date and every booking of it, and tells everyone; how many. Raises UnknownSlot."""
    before = lock_slots(work, slot_id)[slot_id]
    if before["status"] == "cancelled":
        return 0
    work.connection.execute(
        training_slots.update().where(training_slots.c.id == slot_id).values(status="cancelled")
    )
    record(work, "slot_cancelled", actor=by, slot_id=slot_id)
    rows = _live(work, slot_id)
    for row in rows:
        release(work, row, by=by, event="slot_cancelled")
        tell(work, row, "slot_cancelled", slot_id, _when(work, before))
    return len(rows)


def remove_samples(work: Work) -> int:
    """Cancels every sample date that is still open; how many."""
    rows = work.all(
        select(training_slots.c.id)
        .where(training_slots.c.sample.is_(True), training_slots.c.status == "open")
        .order_by(training_slots.c.id)
    )
    for row in rows:
        cancel_slot(work, row["id"])
    return len(rows)


def known_slot(work: Work, slot_id: str) -> bool:
    try:
        lock_slots(work, slot_id)
    except UnknownSlot:
        return False
    return True


def _tell_everyone(work: Work, slot_id: str, kind: str) -> None:
    slot = lock_slots(work, slot_id)[slot_id]
    for row in _live(work, slot_id):
        work.connection.execute(
            bookings.update()
            .where(bookings.c.id == row["id"])
            .values(sequence=bookings.c.sequence + 1, updated_at=work.now)
        )
        tell(work, row, kind, str(row["sequence"] + 1), _when(work, slot))


def _live(work: Work, slot_id: str) -> list[Row]:
    return list(
        work.all(
            select(bookings)
            .where(
                bookings.c.slot_id == slot_id,
                bookings.c.status != BookingStatus.CANCELLED.value,
            )
            .order_by(bookings.c.id)
            .with_for_update()
        )
    )


def _when(work: Work, slot: Row) -> datetime:
    near = slot["starts_at"] - work.now < URGENT
    return work.now if near else after_quiet(work.now, work.rules)


def _course_id(work: Work, slot: SlotRecord) -> str:
    course_id = hashlib.sha256(slot.course.encode()).hexdigest()[:12]
    values = {"id": course_id, "name": slot.course, "sample": slot.sample}
    insert_new(work.connection, courses, values)
    return course_id


def _values(work: Work, slot: SlotRecord, course_id: str) -> dict[str, object]:
    return {
        "id": slot.id,
        "course_id": course_id,
        "city": slot.city,
        "venue": slot.venue,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "book_by": slot.book_by or slot.starts_at - work.rules.deadline,
        "capacity": slot.capacity,
        "access": packed(slot.access),
        "audience": packed(slot.audience),
        "status": slot.status,
        "sample": slot.sample,
    }
