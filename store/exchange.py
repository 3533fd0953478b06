"""In and out for the operator: imports that are all or nothing, and exports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from core.booking import check_request
from core.errors import AlreadyBooked, BadImport, BookingError, InvalidDetails
from core.values import Booking, BookingRequest, TrainingSlot
from store import bookings as operations
from store.database import read, write
from store.opening import Store
from store.records import Work, slot_from, slot_query
from store.slot_files import csv_lines, parse_lines, read_slots
from store.slots import CapacityTaken, SlotRecord, cancel_slot, remove_samples, save_slot
from store.tables.booking import training_slots


def import_slots(store: Store, path: Path) -> dict[str, int]:
    """Adds and updates slots by id; counts of added, updated, cancelled and unchanged.

    Raises BadImport with every bad line; then nothing was changed.
    """
    return save_slots(store, read_slots(path))


def save_slots(store: Store, slots: Sequence[SlotRecord]) -> dict[str, int]:
    """Saves all or none. Raises BadImport where fewer places are given than are taken."""
    return dict(write(store.engine, lambda c: save_slots_in(store.work(c), slots)))


def save_slots_in(work: Work, slots: Sequence[SlotRecord]) -> Counter[str]:
    """The same in a transaction that somebody else began."""
    counts: Counter[str] = Counter(added=0, updated=0, cancelled=0, unchanged=0)
    problems: list[tuple[int, str]] = []
    # One order for every import, so that two at once never wait for each other.
    for line, slot in sorted(enumerate(slots, start=1), key=lambda pair: pair[1].id):
        try:
            counts[save_slot(work, slot)] += 1
        except CapacityTaken as error:
            taken = error.details["taken"]
            problems.append(
                (line, f"{slot.id}: capacity {slot.capacity} is below the {taken} taken")
            )
    if problems:
        raise BadImport(
            f"{len(problems)} bad slots; nothing was changed", problems=sorted(problems)
        )
    return counts


@dataclass(frozen=True)
class _Wanted:
    line: int
    request: BookingRequest


def import_bookings(store: Store, path: Path) -> dict[str, int]:
    """Books a CSV's people (`slot_id, name, phone`), all or none; who has a place keeps it.

    Counts of booked and unchanged. Raises BadImport with every line that cannot be booked.
    """
    lines = csv_lines(path, ("slot_id", "name", "phone"))
    wanted = parse_lines(
        [(number, {**line, "_line": number}) for number, line in lines],
        _wanted,
        key=lambda w: (w.request.slot_id, w.request.name, w.request.phone),
    )

    def work(connection: Any) -> Counter[str]:
        here = store.work(connection)
        counts: Counter[str] = Counter(booked=0, unchanged=0)
        problems = []
        for one in sorted(wanted, key=lambda w: (w.request.slot_id, w.line)):
            savepoint = connection.begin_nested()
            try:
                seen = operations.glance(here, one.request, "book")
                operations.book(here, one.request, seen)
                savepoint.commit()
                counts["booked"] += 1
            except AlreadyBooked:
                savepoint.rollback()
                counts["unchanged"] += 1
            except BookingError as error:
                savepoint.rollback()
                problems.append((one.line, f"{one.request.slot_id}: {error} ({error.code})"))
        if problems:
            raise BadImport(
                f"{len(problems)} bad lines; nothing was changed", problems=sorted(problems)
            )
        return counts

    return dict(write(store.engine, work))


def list_slots(store: Store, *, every: bool = False) -> tuple[TrainingSlot, ...]:
    """Slots that can be booked; with `every`, begun and cancelled ones and samples too."""
    if not every:
        return store.places.slots()

    def work(connection: Any) -> tuple[TrainingSlot, ...]:
        here = store.work(connection)
        order = (training_slots.c.starts_at, training_slots.c.id)
        return tuple(slot_from(row) for row in here.all(slot_query(here.now).order_by(*order)))

    return read(store.engine, work)


def cancel_slots(store: Store, slot_id: str) -> int:
    """Cancels a date with its bookings and tells everyone; how many. Raises UnknownSlot."""
    return write(store.engine, lambda c: cancel_slot(store.work(c), slot_id))


def remove_sample_slots(store: Store) -> int:
    return write(store.engine, lambda c: remove_samples(store.work(c)))


def booking_record(booking: Booking) -> dict[str, Any]:
    """What `minglu bookings list --json` prints of one."""
    return {
        "reference": booking.reference,
        "slot_id": booking.slot.id,
        "name": booking.name,
        "phone": booking.phone,
        "status": booking.status.value,
        "companion": booking.companion,
        "access_needs": list(booking.access_needs),
        "channel": booking.channel,
        "created_at": booking.created_at.isoformat(timespec="seconds"),
    }


def _wanted(line: Mapping[str, Any]) -> _Wanted:
    values = {name: str(line.get(name) or "").strip() for name in ("slot_id", "name", "phone")}
    if not values["slot_id"]:
        raise ValueError("slot_id is empty")
    if not values["phone"]:
        raise ValueError("phone is empty")
    # A key of its own each time: a line whose booking was cancelled since books anew.
    key = f"import:{uuid4()}"
    request = BookingRequest(
        slot_id=values["slot_id"],
        name=values["name"],
        phone=values["phone"],
        conversation=key,
        channel="staff",
        key=key,
        booked_by="staff",
        allow_overlap=True,
    )
    try:
        return _Wanted(int(line["_line"]), check_request(request))
    except InvalidDetails as error:
        raise ValueError(f"{error.details['field']}: {error}") from None
