"""Training places on a SQL database: the port that dialogue and desk see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy.engine import Connection, Engine

from core.booking import BookingRules, check_request, parse_phone
from core.errors import UnknownBooking, UnknownSlot
from core.ports import Clock
from core.values import Booking, BookingRequest, Course, TrainingSlot
from store import bookings as operations
from store.amending import Details, amend, checked
from store.database import ZONE, read, write, write_at_once
from store.lookups import find, find_by_person
from store.people import phone_hashes
from store.place_queries import (
    bookable_courses,
    bookable_slots,
    bookings_in_conversation,
    live,
)
from store.records import Row, Work, course_from, load_bookings, slot_from, slot_query, with_slots
from store.sealing import Seal
from store.tables.booking import bookings, people, training_slots

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
            rows = work.all(bookable_courses(), {"now": work.now})
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
        begins = datetime.combine(day, time(), tzinfo=ZONE) if day else None
        asked = {
            "course": course,
            "city": city,
            "day_begins": begins,
            "day_ends": begins + timedelta(days=1) if begins else None,
            "after": after,
        }
        filters = {name: value for name, value in asked.items() if value is not None}

        def work(work: Work) -> tuple[TrainingSlot, ...]:
            rows = work.all(bookable_slots(frozenset(filters)), {"now": work.now, **filters})
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

    def amend(
        self,
        reference: str,
        *,
        name: str | None = None,
        phone: str | None = None,
        companion: bool | None = None,
        access_needs: tuple[str, ...] | None = None,
        key: str,
        by: str = "person",
    ) -> Booking:
        details = checked(Details(name, phone, companion, access_needs))
        return self._write(lambda work: amend(work, reference, details, key=key, by=by))

    def bookings_of(
        self, *, conversation: str | None = None, phone: str | None = None
    ) -> tuple[Booking, ...]:
        """Live bookings of slots that have not begun, by start time."""
        number = parse_phone(phone) if phone else ""
        if not number and not conversation:
            return ()

        def work(work: Work) -> tuple[Booking, ...]:
            if number:
                mine = [people.c.phone_hash.in_(phone_hashes(work, number)), *live(work.now)]
                if conversation:
                    mine.append(bookings.c.conversation == conversation)
                found = load_bookings(work, *mine)
            else:
                asked = {"now": work.now, "conversation": conversation}
                found = with_slots(work, work.all(bookings_in_conversation(), asked))
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

    def _work(self, connection: Connection) -> Work:
        return Work(connection, self._clock.now(), self._rules, self._seal)

    def _read(self, work: Callable[[Work], T]) -> T:
        return read(self._engine, lambda connection: work(self._work(connection)))

    def _write(self, work: Callable[[Work], T]) -> T:
        return write(self._engine, lambda connection: work(self._work(connection)))
