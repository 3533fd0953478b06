"""Putting the details of a booking right: who comes, under which number, with what they need.

A person is a phone and a name, so another name or number is another person: the booking goes over
to them, and whoever is left without any booking is erased with the next upkeep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.booking import check_needs, parse_name, parse_phone
from core.errors import SlotClosed, UnknownBooking
from core.values import Booking, BookingRequest, BookingStatus
from store.bookings import claim_key, keep_key, named
from store.people import check_free_time, lock_person, other_bookings
from store.records import Row, Work, load_booking, packed, record
from store.seats import lock_slots, set_status, settle
from store.tables.booking import people


@dataclass(frozen=True)
class Details:
    """What is to be different; None leaves a field as it is."""

    name: str | None = None
    phone: str | None = None
    """11 digits; empty: there is none any more."""
    companion: bool | None = None
    access_needs: tuple[str, ...] | None = None
    """All of them, and not only the new ones."""


def checked(details: Details) -> Details:
    """In their stored form. Raises InvalidDetails; `details["field"]` names what is wrong."""
    needs = details.access_needs
    return Details(
        name=None if details.name is None else parse_name(details.name),
        phone=None if details.phone is None else parse_phone(details.phone),
        companion=details.companion,
        access_needs=None if needs is None else check_needs(needs),
    )


def amend(work: Work, reference: str, details: Details, *, key: str, by: str) -> Booking:
    """Changes the details of a live booking, or nothing.

    Raises UnknownBooking (also for a cancelled one), AlreadyBooked where the person that it goes
    over to has a booking of that date, SlotClosed once it has begun.
    """
    known = claim_key(work, "amend", key)
    if known is not None:
        return known
    before = _locked(work, reference)
    changes = _changes(work, before, details) | _person(work, before, details)
    row = _live(work, reference, by=by)
    if "person_id" in changes:
        others = other_bookings(work, changes["person_id"], row["slot"], but=row["id"])
        check_free_time(work, others, row["slot_id"], row["conversation"], allow_overlap=True)
    if changes:
        _write(work, row, changes, by=by, fields=_fields(before, details))
    keep_key(work, "amend", key, row["id"])
    return load_booking(work, row["id"])


def _locked(work: Work, reference: str) -> Booking:
    """The booking; its person is locked, so that nobody moves or amends it meanwhile."""
    row = named(work, reference)
    if row["person_id"] is None:
        raise UnknownBooking("it was erased")
    work.one(select(people.c.id).where(people.c.id == row["person_id"]).with_for_update())
    return load_booking(work, row["id"])


def _live(work: Work, reference: str, *, by: str) -> Row:
    """Its row with that of its slot, which is locked now."""
    slot_id = named(work, reference)["slot_id"]
    slot = lock_slots(work, slot_id)[slot_id]
    # A hold that has ended stands in nobody's way, and is nobody's to change.
    settle(work, slot_id)
    row = named(work, reference)
    if row["status"] == BookingStatus.CANCELLED.value or row["person_id"] is None:
        raise UnknownBooking("it was cancelled")
    if by == "person" and slot["starts_at"] <= work.now:
        raise SlotClosed("it has begun", slot_id=slot_id, reason="begun")
    return {**row, "slot": slot}


def _write(work: Work, row: Row, changes: dict[str, Any], *, by: str, fields: list[str]) -> None:
    status = row["status"]
    set_status(work, row, BookingStatus(status), **changes)
    record(
        work,
        "amended",
        actor=by,
        booking_id=row["id"],
        slot_id=row["slot_id"],
        statuses=(status, status),
        fields=fields,
    )


def _changes(work: Work, before: Booking, details: Details) -> dict[str, Any]:
    """Columns of the booking itself."""
    changes: dict[str, Any] = {}
    if details.companion is not None and details.companion != before.companion:
        changes["companion"] = details.companion
    if details.access_needs is not None and details.access_needs != before.access_needs:
        changes["access_needs_sealed"] = work.seal.seal(packed(details.access_needs), "access")
    return changes


def _person(work: Work, before: Booking, details: Details) -> dict[str, Any]:
    """The person that the booking goes over to, locked; empty where it stays the same."""
    name = before.name if details.name is None else details.name
    phone = before.phone if details.phone is None else details.phone
    if (name, phone) == (before.name, before.phone):
        return {}
    row = named(work, before.reference)
    request = BookingRequest(
        slot_id=row["slot_id"],
        name=name,
        phone=phone,
        conversation=row["conversation"],
        channel=row["channel"],
        key="",
    )
    return {"person_id": lock_person(work, request)[0]}


def _fields(before: Booking, details: Details) -> list[str]:
    """The names of what is different, for the trail, which holds nothing of a person."""
    fields = ("name", "phone", "companion", "access_needs")
    told = {field: getattr(details, field) for field in fields}
    return [f for f, new in told.items() if new is not None and new != getattr(before, f)]
