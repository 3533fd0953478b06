"""From rows to values and back; what one transaction works with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, and_, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select
from sqlalchemy.sql.selectable import CompoundSelect

from core.booking import BookingRules
from core.values import Booking, BookingRequest, BookingStatus, Course, TrainingSlot
from store.sealing import Seal
from store.tables.booking import audit, bookings, courses, outbox, people, training_slots

Row = Any
# No id: it is the database's to give, and asking for it back would cost a parameter of its own.
_INSERT_AUDIT = audit.insert().inline()


@dataclass(frozen=True)
class Work:
    """One transaction: where, when, by which rules, with which keys."""

    connection: Connection
    now: datetime
    rules: BookingRules
    seal: Seal

    def one(
        self, query: Select | CompoundSelect, values: dict[str, Any] | None = None
    ) -> Row | None:
        return self.connection.execute(query, values or {}).mappings().first()

    def all(self, query: Select, values: dict[str, Any] | None = None) -> Sequence[Row]:
        return self.connection.execute(query, values or {}).mappings().all()


def digest(operation: str, key: str) -> str:
    return hashlib.sha256(f"{operation}\x1f{key}".encode()).hexdigest()


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Inserts unless a unique rule is in the way; whether it did.

    Waits for another transaction that is inserting the same.
    """
    statement = _insert_ignoring(table, connection.dialect.name)
    return bool(connection.execute(statement, values).rowcount)


def insert_new_id(connection: Connection, table: Table, values: dict[str, Any]) -> int | None:
    """The same for a table with a numbered key: the new row's number, or None."""
    if connection.dialect.name == "postgresql":
        statement = _insert_ignoring(table, "postgresql", returning="id")
        number = connection.execute(statement, values).scalar()
        return None if number is None else int(number)
    result = connection.execute(_insert_ignoring(table, "sqlite"), values)
    return int(result.lastrowid) if result.rowcount else None


@lru_cache(maxsize=64)
def _insert_ignoring(table: Table, dialect: str, returning: str = "") -> Any:
    # Building a statement costs more than running it: each is built once.
    if dialect == "postgresql":
        statement = postgresql.insert(table).on_conflict_do_nothing()
        return statement.returning(table.c[returning]) if returning else statement
    return sqlite.insert(table).on_conflict_do_nothing()


def packed(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False) if values else ""


def unpacked(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def expired_holds(now: Any) -> Any:
    """How many places of a slot are held no longer, though nobody has freed them yet."""
    return (
        select(func.count())
        .select_from(bookings)
        .where(
            bookings.c.slot_id == training_slots.c.id,
            bookings.c.status == BookingStatus.HELD.value,
            bookings.c.held_until <= now,
        )
        .scalar_subquery()
    )


def waiting_in_line() -> Any:
    return (
        select(func.count())
        .select_from(bookings)
        .where(
            bookings.c.slot_id == training_slots.c.id,
            bookings.c.status == BookingStatus.WAITLISTED.value,
        )
        .scalar_subquery()
    )


def slot_query(now: Any) -> Select:
    """`now`: the moment, or a parameter that stands for it."""
    return select(
        training_slots,
        courses.c.name.label("course"),
        expired_holds(now).label("expired"),
        waiting_in_line().label("waiting"),
    ).join_from(training_slots, courses)


def slot_from(row: Row) -> TrainingSlot:
    free = row["capacity"] - row["taken"]
    if not row["waiting"]:
        free += row["expired"]
    return TrainingSlot(
        id=row["id"],
        course=row["course"],
        city=row["city"],
        venue=row["venue"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        capacity=row["capacity"],
        free=max(free, 0),
        access=unpacked(row["access"]),
        audience=unpacked(row["audience"]),
        status=row["status"],
        sample=bool(row["sample"]),
    )


def course_from(row: Row) -> Course:
    return Course(row["id"], row["name"], bool(row["sample"]))


def booking_query() -> Select:
    ahead = bookings.alias("ahead")
    position = (
        select(func.count())
        .select_from(ahead)
        .where(
            ahead.c.slot_id == bookings.c.slot_id,
            ahead.c.status == BookingStatus.WAITLISTED.value,
            ahead.c.queue_number <= bookings.c.queue_number,
        )
        .scalar_subquery()
    )
    return select(
        bookings,
        people.c.name_sealed,
        people.c.phone_sealed,
        position.label("position"),
    ).join_from(bookings, people, and_(bookings.c.person_id == people.c.id), isouter=True)


def booking_from(work: Work, row: Row, slot: TrainingSlot) -> Booking:
    status = BookingStatus(row["status"])
    return Booking(
        reference=row["reference"],
        slot=slot,
        name=work.seal.open(row["name_sealed"] or "", "name"),
        phone=work.seal.open(row["phone_sealed"] or "", "phone"),
        status=status,
        companion=bool(row["companion"]),
        access_needs=unpacked(work.seal.open(row["access_needs_sealed"], "access")),
        channel=row["channel"],
        created_at=row["created_at"],
        waitlist_position=row["position"] if status is BookingStatus.WAITLISTED else None,
        booked_by=row["booked_by"],
        held_until=row["held_until"] if status is BookingStatus.HELD else None,
        offered=bool(row["offered"]) and status is BookingStatus.HELD,
        sequence=row["sequence"],
    )


def booking_made(
    work: Work,
    request: BookingRequest,
    slot: TrainingSlot,
    reference: str,
    status: BookingStatus,
    held_until: datetime | None,
) -> Booking:
    """The booking just written, without reading it back."""
    return Booking(
        reference=reference,
        slot=slot,
        name=request.name,
        phone=request.phone,
        status=status,
        companion=request.companion,
        access_needs=request.access_needs,
        channel=request.channel,
        created_at=work.now,
        booked_by=request.booked_by,
        held_until=held_until,
    )


def load_bookings(work: Work, *conditions: Any) -> tuple[Booking, ...]:
    """Bookings with their slots, by start time and reference."""
    return with_slots(work, work.all(booking_query().where(*conditions)))


def with_slots(work: Work, rows: Sequence[Row]) -> tuple[Booking, ...]:
    """The same of rows that a booking query found."""
    slot_ids = {row["slot_id"] for row in rows}
    slots: dict[str, TrainingSlot] = {}
    ordered = sorted(slot_ids)
    for at in range(0, len(ordered), 500):
        part = training_slots.c.id.in_(ordered[at : at + 500])
        slots.update((r["id"], slot_from(r)) for r in work.all(slot_query(work.now).where(part)))
    found = [booking_from(work, row, slots[row["slot_id"]]) for row in rows]
    return tuple(sorted(found, key=lambda b: (b.slot.starts_at, b.created_at, b.reference)))


def load_booking(work: Work, booking_id: int) -> Booking:
    (booking,) = load_bookings(work, bookings.c.id == booking_id)
    return booking


def record(
    work: Work,
    event: str,
    *,
    actor: str,
    booking_id: int | None = None,
    slot_id: str | None = None,
    channel: str = "",
    statuses: tuple[str, str] = ("", ""),
    **facts: Any,
) -> None:
    """A line of the audit trail: what, who, when; no name and no phone."""
    work.connection.execute(
        _INSERT_AUDIT,
        {
            "at": work.now,
            "event": event,
            "actor": actor,
            "channel": channel,
            "booking_id": booking_id,
            "slot_id": slot_id,
            "from_status": statuses[0],
            "to_status": statuses[1],
            "facts": json.dumps(facts, ensure_ascii=False) if facts else "",
        },
    )


def tell(work: Work, row: Row, kind: str, occasion: str, not_before: datetime) -> bool:
    """Puts a message for a booking's person into the outbox, once for an occasion."""
    return insert_new(
        work.connection,
        outbox,
        {
            "booking_id": row["id"],
            "kind": kind,
            "channel": row["channel"],
            "conversation": row["conversation"],
            "occasion": occasion,
            "not_before": not_before,
            "created_at": work.now,
        },
    )
