"""How much waits in the store, by queue: counts only, for whoever watches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.engine import Connection, Engine

from core.values import BookingStatus
from store.database import read
from store.opening import Store
from store.outbox import STAFF
from store.tables.booking import bookings, outbox, tickets
from store.tables.messages import deliveries


def queue_lengths(store: Store) -> dict[str, int]:
    """As `queue_lengths_of`, of an open store."""
    return queue_lengths_of(store.engine, store.clock.now())


def queue_lengths_of(engine: Engine, now: datetime) -> dict[str, int]:
    """Messages not answered yet, reminders due, those that staff must telephone, open wishes for a
    person, people on waiting lists and places kept. Raises StoreUnavailable."""
    unsent, status = outbox.c.sent_at.is_(None), bookings.c.status
    by_staff, open_wish = outbox.c.channel == STAFF, tickets.c.status == "open"
    queries = {
        "inbox": _count(deliveries, deliveries.c.answered_at.is_(None)),
        "outbox": _count(outbox, unsent, ~by_staff, outbox.c.not_before <= now),
        "outbox_staff": _count(outbox, unsent, by_staff),
        "tickets": _count(tickets, open_wish),
        "tickets_urgent": _count(tickets, open_wish, tickets.c.urgent),
        "waitlist": _count(bookings, status == BookingStatus.WAITLISTED.value),
        "holds": _count(bookings, status == BookingStatus.HELD.value),
    }

    def work(connection: Connection) -> dict[str, int]:
        return {name: int(connection.execute(q).scalar() or 0) for name, q in queries.items()}

    return read(engine, work)


def holds_overdue(engine: Engine, before: datetime) -> int:
    """Places still kept though their time ended before that: nobody looks after them."""
    kept = bookings.c.status == BookingStatus.HELD.value
    query = _count(bookings, kept, bookings.c.held_until < before)
    return read(engine, lambda connection: int(connection.execute(query).scalar() or 0))


def _count(table: Table, *conditions: Any) -> Any:
    return select(func.count()).select_from(table).where(*conditions)
