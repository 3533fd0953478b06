"""Who sits where: taking places, giving them back, and the waitlist's turn.

Every function here wants the slot's row locked by `lock_slots` (SQLite: the write lock), except
`take_place`, whose conditional UPDATE is a lock of its own.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, func, select

from core.booking import after_quiet, offer_until
from core.errors import SlotClosed, SlotFull, UnknownSlot
from core.values import BookingStatus
from store.database import Moment
from store.records import Row, Work, record, tell
from store.tables.booking import bookings, training_slots

_SLOTS = training_slots.c
# Built once: it runs for every booking.
TAKE = (
    training_slots.update()
    .where(
        _SLOTS.id == bindparam("wanted"),
        _SLOTS.status == "open",
        _SLOTS.taken < _SLOTS.capacity,
        _SLOTS.book_by > bindparam("now", type_=Moment),
    )
    .values(taken=_SLOTS.taken + 1)
)
URGENT = timedelta(hours=12)
"""A start so near is worth waking somebody for."""


def lock_slots(work: Work, *slot_ids: str) -> dict[str, Row]:
    """The slots' rows, locked in one order for everybody. Raises UnknownSlot."""
    query = (
        select(training_slots)
        .where(training_slots.c.id.in_(slot_ids))
        .order_by(training_slots.c.id)
        .with_for_update()
    )
    rows = {row["id"]: row for row in work.all(query)}
    for slot_id in slot_ids:
        if slot_id not in rows:
            raise UnknownSlot("no such date", slot_id=slot_id)
    return rows


def lock_booking(work: Work, *conditions: object) -> Row | None:
    return work.one(select(bookings).where(*conditions).with_for_update())


def take_place(work: Work, slot_id: str) -> bool:
    """Takes a free place of an open slot; whether there was one.

    One statement decides: of two that want the last place, the second sees it taken.
    """
    taken = work.connection.execute(TAKE, {"wanted": slot_id, "now": work.now})
    return bool(taken.rowcount)


def give_back(work: Work, slot_id: str, places: int = 1) -> None:
    slots = training_slots.c
    work.connection.execute(
        training_slots.update().where(slots.id == slot_id).values(taken=slots.taken - places)
    )


def set_status(work: Work, row: Row, status: BookingStatus, **changes: object) -> None:
    work.connection.execute(
        bookings.update()
        .where(bookings.c.id == row["id"])
        .values(
            status=status.value,
            updated_at=work.now,
            sequence=bookings.c.sequence + 1,
            **changes,
        )
    )


def settle(work: Work, slot_id: str) -> None:
    """Frees places whose hold ended and offers what is free to the line, in its order."""
    for row in _expired(work, slot_id):
        set_status(work, row, BookingStatus.CANCELLED, held_until=None)
        give_back(work, slot_id)
        record(
            work,
            "offer_expired" if row["offered"] else "hold_expired",
            actor="system",
            booking_id=row["id"],
            slot_id=slot_id,
            statuses=(row["status"], "cancelled"),
        )
        if row["offered"]:
            when = after_quiet(work.now, work.rules)
            tell(work, row, "offer_expired", str(row["sequence"]), when)
    _offer_free_places(work, slot_id)


def _expired(work: Work, slot_id: str) -> list[Row]:
    return list(
        work.all(
            select(bookings)
            .where(
                bookings.c.slot_id == slot_id,
                bookings.c.status == BookingStatus.HELD.value,
                bookings.c.held_until <= work.now,
            )
            .order_by(bookings.c.id)
            .with_for_update()
        )
    )


def _offer_free_places(work: Work, slot_id: str) -> None:
    slot = work.one(select(training_slots).where(training_slots.c.id == slot_id))
    if slot is None:
        return
    line = work.all(
        select(bookings)
        .where(
            bookings.c.slot_id == slot_id,
            bookings.c.status == BookingStatus.WAITLISTED.value,
        )
        .order_by(bookings.c.queue_number)
        .limit(max(slot["capacity"] - slot["taken"], 0))
        .with_for_update()
    )
    for row in line:
        if not take_place(work, slot_id):
            return
        until = offer_until(work.now, slot["book_by"], work.rules)
        set_status(work, row, BookingStatus.HELD, offered=True, held_until=until)
        record(
            work,
            "offered",
            actor="system",
            booking_id=row["id"],
            slot_id=slot_id,
            statuses=("waitlisted", "held"),
        )
        urgent = until - work.now < URGENT
        when = work.now if urgent else after_quiet(work.now, work.rules)
        tell(work, row, "offer", str(row["sequence"]), when)


def next_queue_number(work: Work, slot_id: str) -> int:
    last = work.connection.execute(
        select(func.max(bookings.c.queue_number)).where(bookings.c.slot_id == slot_id)
    ).scalar()
    return int(last or 0) + 1


def next_free_slots(work: Work, slot_id: str, limit: int = 3) -> list[str]:
    """Ids of the next open slots of the same course with a place, the same city first."""
    slots = training_slots.c
    wanted = work.one(select(slots.course_id, slots.city).where(slots.id == slot_id))
    if wanted is None:
        return []
    rows = work.all(
        select(slots.id, slots.city, slots.starts_at)
        .where(
            slots.course_id == wanted["course_id"],
            slots.id != slot_id,
            slots.status == "open",
            slots.taken < slots.capacity,
            slots.book_by > work.now,
        )
        .order_by(slots.starts_at, slots.id)
        .limit(50)
    )
    near = sorted(rows, key=lambda r: (r["city"] != wanted["city"], r["starts_at"], r["id"]))
    return [row["id"] for row in near[:limit]]


def why_not(work: Work, slot_id: str) -> Exception:
    """Why `take_place` found none: UnknownSlot, SlotClosed or SlotFull."""
    slot = work.one(select(training_slots).where(training_slots.c.id == slot_id))
    if slot is None:
        return UnknownSlot("no such date", slot_id=slot_id)
    if slot["status"] != "open":
        return SlotClosed("the organiser cancelled it", slot_id=slot_id, reason="cancelled")
    if slot["book_by"] <= work.now:
        begun = slot["starts_at"] <= work.now
        reason = "begun" if begun else "deadline"
        return SlotClosed("booking has closed", slot_id=slot_id, reason=reason)
    return SlotFull("no place is free", slot_id=slot_id, next_slots=next_free_slots(work, slot_id))
