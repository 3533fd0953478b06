"""What time brings: holds that end, reminders that fall due, details that are kept no longer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from core.booking import reminder_times
from core.values import BookingStatus
from store.database import read, write
from store.erasure import erase_people
from store.messages import SqlMessageBook
from store.opening import Store
from store.records import Row, Work, tell
from store.seats import lock_slots, settle
from store.tables.booking import attempts, bookings, people, training_slots

MESSAGES_KEPT = timedelta(days=7)
"""Answered messages, longer than any channel delivers one again, the choices offered, and the
turns that pages show."""


TALKS_KEPT = timedelta(days=30)
"""What staff and people wrote to each other: as long as the dialogue keeps a conversation."""


def run_upkeep(store: Store) -> dict[str, int]:
    """One round: places given on, reminders made, details erased. Call it every minute or so.

    Safe to run in several processes, and to miss: what is late is done at the next round.
    """
    return {
        "settled": settle_slots(store),
        "reminders": make_reminders(store),
        "erased": erase_after_retention(store),
        "messages": SqlMessageBook(store.engine, store.clock, store.seal).forget_before(
            store.clock.now() - MESSAGES_KEPT
        ),
        "between_people": store.handovers.forget_before(store.clock.now() - TALKS_KEPT),
        "orders": store.orders.forget_before(store.clock.now() - store.rules.retention),
        "turns": store.conversations.forget_before(store.clock.now() - MESSAGES_KEPT),
        "feedback": store.feedback.forget_old(),
        "drafts": store.drafts.forget_old(),
    }


def settle_slots(store: Store) -> int:
    """Gives on the places of holds and offers that ended; how many slots had some."""
    query = (
        select(bookings.c.slot_id)
        .where(
            bookings.c.status == BookingStatus.HELD.value,
            bookings.c.held_until <= store.clock.now(),
        )
        .distinct()
        .order_by(bookings.c.slot_id)
    )
    slot_ids = read(store.engine, lambda c: list(c.execute(query).scalars()))

    for slot_id in slot_ids:
        write(store.engine, partial(_settle, store, slot_id))
    return len(slot_ids)


def _settle(store: Store, slot_id: str, connection: Any) -> None:
    here = store.work(connection)
    lock_slots(here, slot_id)
    settle(here, slot_id)


def make_reminders(store: Store) -> int:
    """Puts the reminders that are due into the outbox; each once for a time of a booking."""

    def work(connection: Any) -> int:
        here = store.work(connection)
        made = 0
        slots = training_slots.c
        soon = here.now + here.rules.reminders[0] * 2 if here.rules.reminders else here.now
        rows = here.all(
            select(bookings, slots.starts_at)
            .join_from(bookings, training_slots)
            .where(
                bookings.c.status == BookingStatus.CONFIRMED.value,
                slots.starts_at > here.now,
                slots.starts_at <= soon,
            )
        )
        for row in rows:
            made += _remind(here, row)
        return made

    return write(store.engine, work)


def _remind(work: Work, row: Row) -> bool:
    due = [
        (at, ahead)
        for at, ahead in zip(
            reminder_times(row["starts_at"], work.rules), work.rules.reminders, strict=True
        )
        # Who booked after a reminder's time has just been told; after an outage the last is enough.
        if row["updated_at"] <= at <= work.now
    ]
    if not due:
        return False
    at, ahead = max(due)
    occasion = f"{row['starts_at']:%Y%m%d%H%M}-{int(ahead.total_seconds())}"
    return tell(work, row, "reminder", occasion, at)


def erase_after_retention(store: Store) -> int:
    """Erases people whose courses ended longer ago than the rules keep details; how many."""

    def work(connection: Any) -> int:
        here = store.work(connection)
        connection.execute(
            attempts.delete().where(attempts.c.at <= here.now - here.rules.reference_window)
        )
        kept = (
            select(bookings.c.person_id)
            .join_from(bookings, training_slots)
            .where(
                bookings.c.person_id.is_not(None),
                training_slots.c.ends_at > here.now - here.rules.retention,
            )
        )
        old = select(people.c.id).where(people.c.id.not_in(kept)).order_by(people.c.id)
        # Locked first and looked at again then: somebody may book while this waits.
        locked = [row["id"] for row in here.all(old.limit(500).with_for_update())]
        still = [row["id"] for row in here.all(old.where(people.c.id.in_(locked)))]
        erase_people(here, still, by="system")
        return len(still)

    return write(store.engine, work)
