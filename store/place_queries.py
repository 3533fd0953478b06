"""What conversations read of courses, dates and bookings, at nearly every turn.

Each statement is built once and takes its moment as a parameter: building one costs more than
running it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.sql import Select

from core.values import BookingStatus
from store.database import Moment
from store.records import booking_query, slot_query
from store.tables.booking import bookings, courses, training_slots

NOW = bindparam("now", type_=Moment())
FILTERS = ("course", "city", "day_begins", "day_ends", "after")
"""Names of `bookable_slots`' parameters besides `now`."""


@lru_cache(maxsize=1)
def bookable_courses() -> Select:
    """Courses with a date that can still be booked, by name."""
    wanted = select(training_slots.c.course_id).where(*_bookable())
    return select(courses).where(courses.c.id.in_(wanted)).order_by(courses.c.name)


@lru_cache(maxsize=32)
def bookable_slots(filters: frozenset[str]) -> Select:
    """Dates that can still be booked, by start; `filters`: those of FILTERS that count."""
    slots = training_slots.c
    conditions = {
        "course": courses.c.name == bindparam("course"),
        "city": slots.city == bindparam("city"),
        "day_begins": slots.starts_at >= bindparam("day_begins", type_=Moment()),
        "day_ends": slots.starts_at < bindparam("day_ends", type_=Moment()),
        "after": slots.starts_at > bindparam("after", type_=Moment()),
    }
    chosen = [conditions[name] for name in FILTERS if name in filters]
    return slot_query(NOW).where(*_bookable(), *chosen).order_by(slots.starts_at, slots.id)


@lru_cache(maxsize=1)
def bookings_in_conversation() -> Select:
    """Live bookings that were made in the conversation."""
    return booking_query().where(bookings.c.conversation == bindparam("conversation"), *live())


def live(now: Any = NOW) -> list[Any]:
    """Neither cancelled nor held for longer than it was to be."""
    return [
        bookings.c.status != BookingStatus.CANCELLED.value,
        or_(bookings.c.held_until.is_(None), bookings.c.held_until > now),
    ]


def _bookable() -> list[Any]:
    """Samples count only while nothing is real."""
    slots = training_slots.c
    other = training_slots.alias("other")
    a_real_one = select(other.c.id).where(other.c.sample.is_(False)).exists()
    return [
        slots.status == "open",
        slots.starts_at > NOW,
        slots.book_by > NOW,
        or_(slots.sample.is_(False), ~a_real_one),
    ]
