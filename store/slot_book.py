"""Dates of courses as managers see them: plans before changes, and whom a change touches."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from core.errors import BadImport, UnknownSlot
from core.managing import (
    LARGEST_SLOT_FILE,
    MESSENGERS,
    Affected,
    CourseNumbers,
    ManagedSlot,
    PlanChanged,
    SlotPlan,
)
from core.values import Booking, BookingStatus
from store.database import read, write
from store.exchange import save_slots_in
from store.opening import Store
from store.records import Work, load_bookings, record, slot_from, slot_query
from store.seats import lock_slots
from store.slot_files import parse_lines, read_slots
from store.slot_lines import slot_from_line
from store.slot_plans import change_of, fingerprint_of
from store.slots import SlotRecord, cancel_slot
from store.tables.booking import bookings, courses, training_slots


class SqlSlotBook:
    """Obeys core.managing.SlotBook."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> tuple[ManagedSlot, ...]:
        now = self._store.clock.now()
        found = read(self._store.engine, lambda c: _managed(self._store.work(c)))
        coming = [one for one in found if one.slot.starts_at > now]
        begun = [one for one in found if one.slot.starts_at <= now]
        return (*coming, *reversed(begun))

    def get(self, slot_id: str) -> ManagedSlot:
        return read(self._store.engine, lambda c: _one(self._store.work(c), slot_id))

    def read_file(self, file_name: str, data: bytes) -> str:
        suffix = Path(file_name).suffix.lower()
        if len(data) > LARGEST_SLOT_FILE:
            raise BadImport("the file is too large", problems=[], reason="too_large")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"dates{suffix if suffix in ('.csv', '.xlsx', '.ics') else ''}"
            path.write_bytes(data)
            return _packed(read_slots(path))

    def read_fields(self, fields: Mapping[str, str]) -> str:
        return _packed(parse_lines([(1, fields)], slot_from_line, key=lambda slot: slot.id))

    def plan(self, packed: str) -> SlotPlan:
        slots = _unpacked(packed)
        return read(self._store.engine, lambda c: _plan(self._store.work(c), slots))

    def carry_out(self, packed: str, fingerprint: str) -> SlotPlan:
        slots = _unpacked(packed)

        def work(connection: Connection) -> SlotPlan:
            here = self._store.work(connection)
            plan = _plan(here, slots)
            if plan.fingerprint != fingerprint:
                raise PlanChanged("something was booked or changed meanwhile")
            save_slots_in(here, slots)
            return plan

        return write(self._store.engine, work)

    def close(self, slot_id: str) -> None:
        def work(connection: Connection) -> None:
            here = self._store.work(connection)
            before = lock_slots(here, slot_id)[slot_id]
            if before["status"] != "open" or before["book_by"] <= here.now:
                return
            mine = training_slots.update().where(training_slots.c.id == slot_id)
            connection.execute(mine.values(book_by=here.now))
            record(here, "slot_closed", actor="staff", slot_id=slot_id)

        write(self._store.engine, work)

    def cancel(self, slot_id: str, affected: Affected) -> int:
        def work(connection: Connection) -> int:
            here = self._store.work(connection)
            lock_slots(here, slot_id)
            if _one(here, slot_id).affected != affected:
                raise PlanChanged("somebody booked or cancelled meanwhile")
            return cancel_slot(here, slot_id)

        return write(self._store.engine, work)

    def bookings(self, slot_id: str = "") -> tuple[Booking, ...]:
        conditions = [bookings.c.slot_id == slot_id] if slot_id else []
        return read(self._store.engine, lambda c: load_bookings(self._store.work(c), *conditions))

    def courses(self) -> tuple[CourseNumbers, ...]:
        def work(connection: Connection) -> tuple[CourseNumbers, ...]:
            here = self._store.work(connection)
            c = training_slots.c
            coming = _managed(here, c.status == "open", c.starts_at > here.now)
            return _by_course(coming)

        return read(self._store.engine, work)

    def booked_since(self, day: date) -> tuple[tuple[str, str, int], ...]:
        begin = datetime.combine(day, datetime.min.time(), tzinfo=self._store.clock.now().tzinfo)
        by = (bookings.c.channel, bookings.c.status)
        query = (
            select(*by, func.count().label("made"))
            .where(bookings.c.created_at >= begin)
            .group_by(*by)
            .order_by(*by)
        )
        rows = read(self._store.engine, lambda c: c.execute(query).mappings().all())
        return tuple((r["channel"], r["status"], r["made"]) for r in rows)


def _managed(work: Work, *conditions: Any) -> list[ManagedSlot]:
    """By start time."""
    c = training_slots.c
    rows = work.all(slot_query(work.now).where(*conditions).order_by(c.starts_at, c.id))
    touched = _affected(work)
    return [
        ManagedSlot(slot_from(row), row["book_by"], touched.get(row["id"], Affected()))
        for row in rows
    ]


def _one(work: Work, slot_id: str) -> ManagedSlot:
    found = _managed(work, training_slots.c.id == slot_id)
    if not found:
        raise UnknownSlot("no such date", slot_id=slot_id)
    return found[0]


def _affected(work: Work) -> dict[str, Affected]:
    """Of every date that has a living booking."""
    by = (bookings.c.slot_id, bookings.c.status, bookings.c.channel)
    living = bookings.c.status != BookingStatus.CANCELLED.value
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in work.all(select(*by, func.count().label("n")).where(living).group_by(*by)):
        counts[row["slot_id"]][row["status"]] += row["n"]
        if row["channel"] in MESSENGERS:
            counts[row["slot_id"]]["messaged"] += row["n"]
    return {
        slot_id: Affected(n["confirmed"], n["held"], n["waitlisted"], n["messaged"])
        for slot_id, n in counts.items()
    }


def _plan(work: Work, slots: Sequence[SlotRecord]) -> SlotPlan:
    touched = _affected(work)
    known: dict[str, Any] = {}
    ids = sorted({slot.id for slot in slots})
    query = select(training_slots, courses.c.name.label("course")).join_from(
        training_slots, courses
    )
    for at in range(0, len(ids), 500):
        for row in work.all(query.where(training_slots.c.id.in_(ids[at : at + 500]))):
            known[row["id"]] = row
    changes = tuple(
        change_of(slot, known.get(slot.id), touched.get(slot.id, Affected()), work.rules)
        for slot in slots
    )
    return SlotPlan(changes, fingerprint_of(changes))


def _by_course(coming: Sequence[ManagedSlot]) -> tuple[CourseNumbers, ...]:
    found: dict[str, CourseNumbers] = {}
    for one in coming:
        name, touched = one.slot.course, one.affected
        before = found.get(name, CourseNumbers(name, 0, 0, 0, 0))
        found[name] = replace(
            before,
            dates=before.dates + 1,
            places=before.places + one.slot.capacity,
            taken=before.taken + touched.confirmed + touched.held,
            waiting=before.waiting + touched.waiting,
        )
    return tuple(found[name] for name in sorted(found))


def _packed(slots: Sequence[SlotRecord]) -> str:
    return json.dumps([asdict(slot) for slot in slots], ensure_ascii=False, default=str)


def _unpacked(text: str) -> list[SlotRecord]:
    return [SlotRecord(**_values(one)) for one in json.loads(text)]


def _values(body: dict[str, Any]) -> dict[str, Any]:
    for name in ("starts_at", "ends_at", "book_by"):
        body[name] = datetime.fromisoformat(body[name]) if body[name] else None
    return {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}
