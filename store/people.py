"""People, as little of them as a booking needs: found by keyed hash, sealed at rest."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.errors import AlreadyBooked, OverlappingBooking
from core.values import BookingRequest, BookingStatus
from store.records import Row, Work, insert_new_id
from store.tables.booking import bookings, people, training_slots


def phone_hashes(work: Work, phone: str) -> tuple[str, ...]:
    return work.seal.hashes("phone", phone)


def identity_hashes(work: Work, request: BookingRequest) -> tuple[str, ...]:
    """A phone is often a family's, so a person is a phone and a name.

    Without a phone, the conversation stands for it.
    """
    anchor = request.phone or f"conversation:{request.conversation}"
    return work.seal.hashes("identity", anchor, request.name)


def lock_person(work: Work, request: BookingRequest) -> tuple[int, bool]:
    """The person's id, and whether they are new here; locked until the end of the transaction.

    So two channels cannot book one person twice: the second waits and then sees the first.
    """
    hashes = identity_hashes(work, request)
    # While keys change, the person may be known by an older one.
    known = _locked(work, hashes[1:]) if len(hashes) > 1 else None
    if known is not None:
        return known, False
    made = insert_new_id(work.connection, people, person_row(work, request))
    if made is not None:
        return made, True
    found = _locked(work, hashes[:1])
    if found is None:
        raise LookupError("a person was erased while booking")
    return found, False


def person_row(work: Work, request: BookingRequest) -> dict[str, Any]:
    """A new row of people."""
    return {
        "identity_hash": identity_hashes(work, request)[0],
        "phone_hash": phone_hashes(work, request.phone)[0] if request.phone else "",
        "name_sealed": work.seal.seal(request.name, "name"),
        "phone_sealed": work.seal.seal(request.phone, "phone"),
        "created_at": work.now,
    }


def _locked(work: Work, hashes: tuple[str, ...]) -> int | None:
    row = work.one(select(people.c.id).where(people.c.identity_hash.in_(hashes)).with_for_update())
    return None if row is None else int(row["id"])


def other_bookings(work: Work, person_id: int, slot: Row, *, but: int | None = None) -> list[Row]:
    """Live bookings of the person in this slot or at its time, this slot's first."""
    slots = training_slots.c
    query = (
        select(bookings, slots.starts_at, slots.ends_at)
        .join_from(bookings, training_slots)
        .where(
            bookings.c.person_id == person_id,
            bookings.c.status != BookingStatus.CANCELLED.value,
            slots.starts_at < slot["ends_at"],
            slots.ends_at > slot["starts_at"],
        )
    )
    rows = [r for r in work.all(query) if r["id"] != but and not _lapsed(work, r)]
    return sorted(rows, key=lambda r: r["slot_id"] != slot["id"])


def has_lapsed_hold(work: Work, person_id: int, slot_id: str) -> bool:
    """Whether a hold of theirs in the slot has ended and nobody has cleared it away."""
    query = select(bookings.c.id).where(
        bookings.c.person_id == person_id,
        bookings.c.slot_id == slot_id,
        bookings.c.status == BookingStatus.HELD.value,
        bookings.c.held_until <= work.now,
    )
    return work.one(query) is not None


def _lapsed(work: Work, row: Row) -> bool:
    return bool(row["status"] == BookingStatus.HELD.value and row["held_until"] <= work.now)


def check_free_time(
    work: Work, others: list[Row], slot_id: str, conversation: str, *, allow_overlap: bool
) -> None:
    """Raises AlreadyBooked or OverlappingBooking.

    The reference is named only in the conversation that made the booking: knowing somebody's
    name and phone must not be enough to learn it.
    """
    for row in others:
        known = row["conversation"] == conversation
        details = {"reference": row["reference"] if known else "", "status": row["status"]}
        if row["slot_id"] == slot_id:
            raise AlreadyBooked("a place is booked already", slot_id=slot_id, **details)
        if not allow_overlap and row["status"] != BookingStatus.WAITLISTED.value:
            raise OverlappingBooking(
                "another course lies at that time", slot_id=row["slot_id"], **details
            )
