"""What is done with bookings, each in one transaction that may be run again safely.

Locks are taken in one order everywhere: key, person, slots by id, bookings.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from core.errors import (
    AlreadyBooked,
    HoldExpired,
    SlotClosed,
    SlotFull,
    UnknownBooking,
    UnknownSlot,
)
from core.reference import CAPACITY, make_reference, parse_reference
from core.values import Booking, BookingRequest, BookingStatus
from store.people import (
    check_free_time,
    has_lapsed_hold,
    identity_hashes,
    lock_person,
    other_bookings,
    person_row,
)
from store.placing import flush, place, place_newcomer
from store.records import (
    Row,
    Work,
    booking_made,
    digest,
    insert_new,
    load_booking,
    packed,
    record,
    slot_from,
)
from store.seats import (
    give_back,
    lock_booking,
    lock_slots,
    next_queue_number,
    set_status,
    settle,
    take_place,
    why_not,
)
from store.tables.booking import bookings, courses, people, request_keys, training_slots

# Built once: they run for every booking.
_GLANCE = (
    select(
        training_slots,
        courses.c.name.label("course"),
        select(request_keys.c.booking_id)
        .where(request_keys.c.digest == bindparam("key"))
        .scalar_subquery()
        .label("known"),
    )
    .join_from(training_slots, courses)
    .where(training_slots.c.id == bindparam("wanted"))
)
SEATED = (BookingStatus.HELD.value, BookingStatus.CONFIRMED.value)


def known_result(work: Work, operation: str, key: str) -> Booking | None:
    """What the same request made before, or None."""
    booking_id = work.connection.execute(
        select(request_keys.c.booking_id).where(request_keys.c.digest == digest(operation, key))
    ).scalar()
    return None if booking_id is None else load_booking(work, int(booking_id))


def glance(work: Work, request: BookingRequest, operation: str) -> Booking | Row:
    """Answers without a lock what can be: a redelivery, a slot that is full or closed.

    Most of those who come too late never disturb those who write. Otherwise the slot's row.
    """
    wanted = {"wanted": request.slot_id, "key": digest(operation, request.key)}
    row = work.one(_GLANCE, wanted)
    if row is None:
        raise UnknownSlot("no such date", slot_id=request.slot_id)
    if row["known"] is not None:
        if work.connection.dialect.name == "postgresql":
            # The first delivery may be waiting for the disk still.
            flush(work.connection)
        return load_booking(work, int(row["known"]))
    shut = row["status"] != "open" or row["book_by"] <= work.now
    if shut:
        raise why_not(work, request.slot_id)
    if operation == "join" or row["taken"] < row["capacity"] or _has_claim(work, request):
        return row
    raise why_not(work, request.slot_id)


def _has_claim(work: Work, request: BookingRequest) -> bool:
    """Whether the person has a live booking in the slot, or a hold in it has ended."""
    mine = (
        select(bookings.c.id)
        .join_from(bookings, people)
        .where(
            bookings.c.slot_id == request.slot_id,
            bookings.c.status != BookingStatus.CANCELLED.value,
            people.c.identity_hash.in_(identity_hashes(work, request)),
        )
    )
    ended = select(bookings.c.id).where(
        bookings.c.slot_id == request.slot_id,
        bookings.c.status == BookingStatus.HELD.value,
        bookings.c.held_until <= work.now,
    )
    return work.one(mine.union_all(ended).limit(1)) is not None


def book(
    work: Work, request: BookingRequest, seen: Row, *, until: datetime | None = None
) -> Booking:
    """Confirms a place, or holds it `until` then. Raises like TrainingPlaces.book.

    `seen`: the slot as `glance` saw it.
    """
    person_id, is_new = lock_person(work, request)
    if not is_new:
        done = _earlier_of(work, request, person_id, _operation(until))
        if done is not None:
            return done
    row = _seated(work, request, person_id, until)
    event, key = _first_event(request, row), digest(_operation(until), request.key)
    if not place(work, row, event, key):
        # Perhaps a hold has ended that nobody has cleared away.
        lock_slots(work, request.slot_id)
        settle(work, request.slot_id)
        if not place(work, row, event, key):
            raise why_not(work, request.slot_id)
    return _made(work, request, seen, row)


def book_newcomer(
    work: Work, request: BookingRequest, seen: Row, *, until: datetime | None = None
) -> Booking | None:
    """`book` in one round trip for who is new here (PostgreSQL); None where it takes `book`."""
    if len(identity_hashes(work, request)) > 1:
        # While keys change, the person may be known by an older one.
        return None
    row = _seated(work, request, None, until)
    event, key = _first_event(request, row), digest(_operation(until), request.key)
    if not place_newcomer(work, person_row(work, request), row, event, key):
        return None
    return _made(work, request, seen, row)


def _operation(until: datetime | None) -> str:
    return "hold" if until else "book"


def _seated(
    work: Work, request: BookingRequest, person_id: int | None, until: datetime | None
) -> dict[str, Any]:
    status = BookingStatus.HELD if until else BookingStatus.CONFIRMED
    return _row(work, request, person_id, status, new_reference(), held_until=until)


def _first_event(request: BookingRequest, row: dict[str, Any]) -> dict[str, str]:
    return {"event": _event(BookingStatus(row["status"])), "actor": _actor(request)}


def _made(work: Work, request: BookingRequest, seen: Row, row: dict[str, Any]) -> Booking:
    slot = slot_from({**seen, "taken": seen["taken"] + 1, "expired": 0, "waiting": 0})
    status = BookingStatus(row["status"])
    return booking_made(work, request, slot, row["reference"], status, row["held_until"])


def _earlier_of(
    work: Work, request: BookingRequest, person_id: int, operation: str
) -> Booking | None:
    """What the person has already: the same request's booking, or an offer, now accepted."""
    known = known_result(work, operation, request.key)
    if known is not None:
        return known
    slot = _slot(work, request.slot_id)
    if has_lapsed_hold(work, person_id, slot["id"]):
        lock_slots(work, slot["id"])
        settle(work, slot["id"])
    others = other_bookings(work, person_id, slot)
    if others and others[0]["slot_id"] == slot["id"] and others[0]["offered"]:
        claim_key(work, operation, request.key)
        return _accept(work, others[0], operation, request.key)
    check_free_time(
        work, others, slot["id"], request.conversation, allow_overlap=request.allow_overlap
    )
    return None


def join_waitlist(work: Work, request: BookingRequest) -> Booking:
    """The end of the line, or the place itself where one has become free."""
    known = claim_key(work, "join", request.key)
    if known is not None:
        return known
    person_id, _ = lock_person(work, request)
    slot = lock_slots(work, request.slot_id)[request.slot_id]
    settle(work, slot["id"])
    others = other_bookings(work, person_id, slot)
    check_free_time(
        work, others, slot["id"], request.conversation, allow_overlap=request.allow_overlap
    )
    if take_place(work, slot["id"]):
        booking_id = _insert(work, request, person_id, BookingStatus.CONFIRMED)
    else:
        refusal = why_not(work, slot["id"])
        if not isinstance(refusal, SlotFull):
            raise refusal
        number = next_queue_number(work, slot["id"])
        booking_id = _insert(
            work, request, person_id, BookingStatus.WAITLISTED, queue_number=number
        )
    keep_key(work, "join", request.key, booking_id)
    return load_booking(work, booking_id)


def confirm(work: Work, reference: str, *, key: str, by: str) -> Booking:
    """Turns a hold or an offer into a booking. Raises HoldExpired, UnknownBooking."""
    known = claim_key(work, "confirm", key)
    if known is not None:
        return known
    row = named(work, reference)
    if row["status"] == BookingStatus.HELD.value and row["held_until"] > work.now:
        return _accept(work, row, "confirm", key, by=by)
    if row["status"] == BookingStatus.CONFIRMED.value:
        keep_key(work, "confirm", key, row["id"])
        return load_booking(work, row["id"])
    raise HoldExpired("the place is held no longer", slot_id=row["slot_id"])


def cancel(work: Work, reference: str, *, key: str, by: str) -> Booking:
    """Cancels and gives the place on. Raises UnknownBooking, SlotClosed once it has begun."""
    known = claim_key(work, "cancel", key)
    if known is not None:
        return known
    row = named(work, reference)
    slot = lock_slots(work, row["slot_id"])[row["slot_id"]]
    row = named(work, reference)
    if row["status"] != BookingStatus.CANCELLED.value:
        if by == "person" and slot["starts_at"] <= work.now:
            raise SlotClosed("it has begun", slot_id=slot["id"], reason="begun")
        release(work, row, by=by, event="cancelled")
        settle(work, slot["id"])
    keep_key(work, "cancel", key, row["id"])
    return load_booking(work, row["id"])


def release(work: Work, row: Row, *, by: str, event: str) -> None:
    """Ends a live booking; the slot is locked, and the caller settles it."""
    set_status(work, row, BookingStatus.CANCELLED, held_until=None)
    if row["status"] in SEATED:
        give_back(work, row["slot_id"])
    record(
        work,
        event,
        actor=by,
        booking_id=row["id"],
        slot_id=row["slot_id"],
        statuses=(row["status"], BookingStatus.CANCELLED.value),
    )


def reschedule(
    work: Work, reference: str, slot_id: str, *, key: str, by: str, allow_overlap: bool
) -> Booking:
    """Moves a live booking to another slot, or changes nothing. Raises like `book`."""
    known = claim_key(work, "move", key)
    if known is not None:
        return known
    row = named(work, reference)
    if row["person_id"] is not None:
        work.one(select(people.c.id).where(people.c.id == row["person_id"]).with_for_update())
    slots = lock_slots(work, *{row["slot_id"], slot_id})
    row = named(work, reference)
    if row["status"] == BookingStatus.CANCELLED.value:
        raise UnknownBooking("it was cancelled")
    if row["slot_id"] == slot_id:
        raise AlreadyBooked("that is the date booked", slot_id=slot_id, reference=row["reference"])
    if by == "person" and slots[row["slot_id"]]["starts_at"] <= work.now:
        raise SlotClosed("it has begun", slot_id=row["slot_id"], reason="begun")
    others = other_bookings(work, row["person_id"], slots[slot_id], but=row["id"])
    check_free_time(work, others, slot_id, row["conversation"], allow_overlap=allow_overlap)
    settle(work, slot_id)
    if not take_place(work, slot_id):
        raise why_not(work, slot_id)
    _move(work, row, slot_id, by)
    keep_key(work, "move", key, row["id"])
    return load_booking(work, row["id"])


def _move(work: Work, row: Row, slot_id: str, by: str) -> None:
    set_status(
        work,
        row,
        BookingStatus.CONFIRMED,
        slot_id=slot_id,
        held_until=None,
        offered=False,
        queue_number=None,
    )
    if row["status"] in SEATED:
        give_back(work, row["slot_id"])
    record(
        work,
        "rescheduled",
        actor=by,
        booking_id=row["id"],
        slot_id=slot_id,
        statuses=(row["status"], BookingStatus.CONFIRMED.value),
        from_slot=row["slot_id"],
    )
    settle(work, row["slot_id"])


def _accept(work: Work, row: Row, operation: str, key: str, *, by: str = "person") -> Booking:
    # The row may have ended between reading and locking it.
    lock_slots(work, row["slot_id"])
    fresh = lock_booking(work, bookings.c.id == row["id"])
    if fresh is None or fresh["status"] != BookingStatus.HELD.value:
        raise HoldExpired("the place is held no longer", slot_id=row["slot_id"])
    set_status(work, fresh, BookingStatus.CONFIRMED, held_until=None)
    record(
        work,
        "confirmed",
        actor=by,
        booking_id=row["id"],
        slot_id=row["slot_id"],
        statuses=(BookingStatus.HELD.value, BookingStatus.CONFIRMED.value),
    )
    keep_key(work, operation, key, row["id"])
    return load_booking(work, row["id"])


def _slot(work: Work, slot_id: str) -> Row:
    row = work.one(select(training_slots).where(training_slots.c.id == slot_id))
    if row is None:
        raise UnknownSlot("no such date", slot_id=slot_id)
    return row


def by_reference(work: Work, reference: str) -> Booking:
    """Raises UnknownBooking."""
    return load_booking(work, int(named(work, reference)["id"]))


def named(work: Work, reference: str) -> Row:
    parsed = parse_reference(reference)
    row = work.one(select(bookings).where(bookings.c.reference == parsed)) if parsed else None
    if row is None:
        raise UnknownBooking("no booking has that reference")
    return row


def claim_key(work: Work, operation: str, key: str) -> Booking | None:
    """Reserves a key for this transaction; what it made before, if it did.

    A redelivery that comes while the first is still working waits here for its end.
    """
    fresh = insert_new(
        work.connection,
        request_keys,
        {"digest": digest(operation, key), "booking_id": None, "created_at": work.now},
    )
    return None if fresh else known_result(work, operation, key)


def keep_key(work: Work, operation: str, key: str, booking_id: int) -> None:
    work.connection.execute(
        request_keys.update()
        .where(request_keys.c.digest == digest(operation, key))
        .values(booking_id=booking_id)
    )


def _insert(
    work: Work, request: BookingRequest, person_id: int, status: BookingStatus, **more: Any
) -> int:
    values = _row(work, request, person_id, status, new_reference(), **more)
    made = work.connection.execute(bookings.insert(), values)
    booking_id = int(made.inserted_primary_key[0])
    record(
        work,
        _event(status),
        actor=_actor(request),
        channel=request.channel,
        booking_id=booking_id,
        slot_id=request.slot_id,
        statuses=("", status.value),
    )
    return booking_id


def _row(
    work: Work,
    request: BookingRequest,
    person_id: int | None,
    status: BookingStatus,
    reference: str,
    **more: Any,
) -> dict[str, Any]:
    return {
        "reference": reference,
        "slot_id": request.slot_id,
        "person_id": person_id,
        "status": status.value,
        "companion": request.companion,
        "access_needs_sealed": work.seal.seal(packed(request.access_needs), "access"),
        "channel": request.channel,
        "conversation": request.conversation,
        "booked_by": request.booked_by,
        "consent_at": work.now,
        "created_at": work.now,
        "updated_at": work.now,
        **more,
    }


def _event(status: BookingStatus) -> str:
    return "booked" if status is BookingStatus.CONFIRMED else status.value


def _actor(request: BookingRequest) -> str:
    return "staff" if request.booked_by == "staff" else "person"


def new_reference() -> str:
    """At random. Should it exist already, the unique rule refuses it and `write` runs again."""
    return make_reference(secrets.randbelow(CAPACITY))
