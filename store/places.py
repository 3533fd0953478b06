"""Training places on a SQL database: the port that dialogue and desk see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection, Engine

from core.booking import BookingRules, check_request, parse_phone
from core.errors import UnknownBooking, UnknownSlot
from core.ports import Clock
from core.values import Booking, BookingRequest, BookingStatus, Course, TrainingSlot
from store import bookings as operations
from store.database import ZONE, read, write, write_at_once
from store.lookups import find, find_by_person
from store.people import phone_hashes
from store.records import Row, Work, course_from, load_bookings, slot_from, slot_query
from store.sealing import Seal
from store.tables.booking import bookings, courses, people, training_slots

T = TypeVar("T")


class SqlTrainingPlaces:
    """Obeys core.ports.TrainingPlaces. Safe from several threads and processes at once."""

    def __init__(
        self, engine: Engine, clock: Clock, seal: Seal, rules: BookingRules | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal
        self._rules = rules or BookingRules()

    def courses(self) -> tuple[Course, ...]:
        """Courses with a date that can still be booked; samples only while nothing is real."""

        def work(work: Work) -> tuple[Course, ...]:
            wanted = self._upcoming(work)
            rows = work.all(
                select(courses)
                .where(courses.c.id.in_(select(training_slots.c.course_id).where(*wanted)))
                .order_by(courses.c.name)
            )
            return tuple(course_from(row) for row in rows)

        return self._read(work)

    def slots(
        self,
        *,
        course: str | None = None,
        city: str | None = None,
        day: date | None = None,
        after: datetime | None = None,
        with_free_place: bool = False,
    ) -> tuple[TrainingSlot, ...]:
        """Slots that can still be booked, by start time."""

        def work(work: Work) -> tuple[TrainingSlot, ...]:
            conditions = self._upcoming(work)
            if course is not None:
                conditions.append(courses.c.name == course)
            if city is not None:
                conditions.append(training_slots.c.city == city)
            if day is not None:
                begin = datetime.combine(day, time(), tzinfo=ZONE)
                conditions.append(training_slots.c.starts_at >= begin)
                conditions.append(training_slots.c.starts_at < begin + timedelta(days=1))
            if after is not None:
                conditions.append(training_slots.c.starts_at > after)
            rows = work.all(
                slot_query(work.now)
                .where(*conditions)
                .order_by(training_slots.c.starts_at, training_slots.c.id)
            )
            found = (slot_from(row) for row in rows)
            return tuple(slot for slot in found if slot.free or not with_free_place)

        return self._read(work)

    def slot(self, slot_id: str) -> TrainingSlot:
        def work(work: Work) -> TrainingSlot:
            row = work.one(slot_query(work.now).where(training_slots.c.id == slot_id))
            if row is None:
                raise UnknownSlot("no such date", slot_id=slot_id)
            return slot_from(row)

        return self._read(work)

    def book(self, request: BookingRequest) -> Booking:
        return self._seat(request)

    def hold(self, request: BookingRequest) -> Booking:
        """Keeps a place while the person decides; `confirm` makes it a booking."""
        return self._seat(request, self._rules.hold)

    def _seat(self, request: BookingRequest, held: timedelta | None = None) -> Booking:
        checked = check_request(request)
        seen = self._glance(checked, "hold" if held else "book")
        if isinstance(seen, Booking):
            return seen

        def by(how: Callable[..., T], work: Work) -> T:
            return how(work, checked, seen, until=work.now + held if held else None)

        if self._engine.dialect.name == "postgresql":
            newcomer = write_at_once(
                self._engine, lambda c: by(operations.book_newcomer, self._work(c))
            )
            if newcomer is not None:
                return newcomer
        return self._write(lambda work: by(operations.book, work))

    def join_waitlist(self, request: BookingRequest) -> Booking:
        checked = check_request(request)
        seen = self._glance(checked, "join")
        if isinstance(seen, Booking):
            return seen
        return self._write(lambda work: operations.join_waitlist(work, checked))

    def confirm(self, reference: str, *, key: str, by: str = "person") -> Booking:
        """Accepts a hold or a waitlist's offer. Raises HoldExpired, UnknownBooking."""
        return self._write(lambda work: operations.confirm(work, reference, key=key, by=by))

    def cancel(self, reference: str, *, key: str, by: str = "person") -> Booking:
        return self._write(lambda work: operations.cancel(work, reference, key=key, by=by))

    def reschedule(
        self,
        reference: str,
        slot_id: str,
        *,
        key: str,
        by: str = "person",
        allow_overlap: bool = False,
    ) -> Booking:
        return self._write(
            lambda work: operations.reschedule(
                work, reference, slot_id, key=key, by=by, allow_overlap=allow_overlap
            )
        )

    def bookings_of(
        self, *, conversation: str | None = None, phone: str | None = None
    ) -> tuple[Booking, ...]:
        """Live bookings of slots that have not begun, by start time."""
        number = parse_phone(phone) if phone else ""
        if not number and not conversation:
            return ()

        def work(work: Work) -> tuple[Booking, ...]:
            mine: list[Any] = []
            if conversation:
                mine.append(bookings.c.conversation == conversation)
            if number:
                mine.append(people.c.phone_hash.in_(phone_hashes(work, number)))
            found = load_bookings(
                work,
                *mine,
                bookings.c.status != BookingStatus.CANCELLED.value,
                or_(bookings.c.held_until.is_(None), bookings.c.held_until > work.now),
            )
            return tuple(booking for booking in found if booking.slot.starts_at > work.now)

        return self._read(work)

    def find(self, reference: str, *, phone: str, attempt_by: str) -> Booking:
        found = self._write(lambda work: find(work, reference, phone=phone, attempt_by=attempt_by))
        if found is None:
            raise UnknownBooking("no booking for that reference and phone")
        return found

    def find_by_person(self, name: str, *, phone: str, attempt_by: str) -> tuple[Booking, ...]:
        found = self._write(
            lambda work: find_by_person(work, name, phone=phone, attempt_by=attempt_by)
        )
        if not found:
            raise UnknownBooking("no booking for that phone and name")
        return found

    def all_bookings(self) -> tuple[Booking, ...]:
        """Every booking of whatever status, for the operator."""
        return self._read(load_bookings)

    def by_reference(self, reference: str) -> Booking:
        """For the operator, who needs no phone. Raises UnknownBooking."""
        return self._read(lambda work: operations.by_reference(work, reference))

    def _glance(self, request: BookingRequest, operation: str) -> Booking | Row:
        return self._read(lambda work: operations.glance(work, request, operation))

    def _upcoming(self, work: Work) -> list[Any]:
        slots = training_slots.c
        conditions: list[Any] = [
            slots.status == "open",
            slots.starts_at > work.now,
            slots.book_by > work.now,
        ]
        real = select(slots.id).where(slots.sample.is_(False)).limit(1)
        if work.one(real) is not None:
            conditions.append(slots.sample.is_(False))
        return conditions

    def _work(self, connection: Connection) -> Work:
        return Work(connection, self._clock.now(), self._rules, self._seal)

    def _read(self, work: Callable[[Work], T]) -> T:
        return read(self._engine, lambda connection: work(self._work(connection)))

    def _write(self, work: Callable[[Work], T]) -> T:
        return write(self._engine, lambda connection: work(self._work(connection)))
