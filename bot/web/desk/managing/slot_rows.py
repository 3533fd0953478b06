"""Dates and bookings as rows of a file."""

from __future__ import annotations

from typing import Any

from core.managing import ManagedSlot
from core.values import Booking

FIELDS = (
    "id", "course", "city", "venue", "starts_at", "ends_at", "book_by", "capacity", "access",
    "audience", "status",
)  # fmt: skip
COLUMNS = f"{' '.join(FIELDS)} state confirmed held waiting"
BOOKING_COLUMNS = (
    "reference slot_id course starts_at name phone status waitlist_position companion access_needs "
    "channel booked_by created_at"
)


def slot_fields(one: ManagedSlot) -> dict[str, str]:
    """A date as the columns of a file."""
    slot = one.slot
    moments = {"starts_at": slot.starts_at, "ends_at": slot.ends_at, "book_by": one.book_by}
    return {
        "id": slot.id,
        "course": slot.course,
        "city": slot.city,
        "venue": slot.venue,
        **{name: moment.strftime("%Y-%m-%d %H:%M") for name, moment in moments.items()},
        "capacity": str(slot.capacity),
        "access": ";".join(slot.access),
        "audience": ";".join(slot.audience),
        "status": slot.status,
    }


def booking_row(booking: Booking) -> dict[str, Any]:
    plain = "reference name phone companion access_needs channel booked_by waitlist_position"
    return {name: getattr(booking, name) for name in plain.split()} | {
        "slot_id": booking.slot.id,
        "course": booking.slot.course,
        "starts_at": booking.slot.starts_at.isoformat(timespec="minutes"),
        "status": booking.status.value,
        "created_at": booking.created_at.isoformat(timespec="seconds"),
    }
