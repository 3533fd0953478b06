"""What people must hear outside a turn: kept here until their channel has delivered it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection, Engine

from core.booking import BookingRules, is_quiet
from core.ports import Clock, Outbox
from core.values import BookingStatus, OutboxMessage
from store.database import read, write
from store.records import Row, Work, load_booking
from store.sealing import Seal
from store.seats import URGENT
from store.tables.booking import bookings, outbox, training_slots

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
STAFF = "staff"
"""The channel of what no machine could deliver: somebody telephones."""


class SqlOutbox:
    """Obeys core.ports.Outbox. A crash between delivery and `delivered` delivers again."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal, rules: BookingRules) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal
        self._rules = rules

    def due(self, channel: str, *, limit: int = 20) -> tuple[OutboxMessage, ...]:
        def work(connection: Connection) -> tuple[OutboxMessage, ...]:
            here = Work(connection, self._clock.now(), self._rules, self._seal)
            messages = []
            for row in _claimable(here, channel, limit):
                if _is_moot(here, row):
                    _update(here, row["id"], sent_at=here.now, last_error="moot")
                    continue
                _update(here, row["id"], leased_until=here.now + LEASE)
                messages.append(_message(here, row))
            return tuple(messages)

        return write(self._engine, work)

    def delivered(self, message_id: int) -> None:
        self._change(message_id, lambda work, row: {"sent_at": work.now, "leased_until": None})

    def failed(self, message_id: int, error: str) -> None:
        self._change(message_id, lambda work, row: _after_failure(work, row, error))

    def pending(self) -> tuple[OutboxMessage, ...]:
        """Everything not delivered yet, oldest first, for staff."""

        def work(connection: Connection) -> tuple[OutboxMessage, ...]:
            here = Work(connection, self._clock.now(), self._rules, self._seal)
            query = select(outbox).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.id)
            return tuple(_message(here, row) for row in here.all(query))

        return read(self._engine, work)

    def for_staff(self, pushed: frozenset[str]) -> tuple[OutboxMessage, ...]:
        """What no channel can deliver by itself and still matters, oldest first."""

        def work(connection: Connection) -> tuple[OutboxMessage, ...]:
            here = Work(connection, self._clock.now(), self._rules, self._seal)
            query = (
                select(outbox)
                .where(
                    outbox.c.sent_at.is_(None),
                    outbox.c.channel.not_in(sorted(pushed)),
                    outbox.c.not_before <= here.now,
                )
                .order_by(outbox.c.id)
            )
            return tuple(_message(here, row) for row in here.all(query) if not _is_moot(here, row))

        return read(self._engine, work)

    def _change(self, message_id: int, changes: Callable[[Work, Row], dict[str, object]]) -> None:
        def work(connection: Connection) -> None:
            here = Work(connection, self._clock.now(), self._rules, self._seal)
            row = here.one(select(outbox).where(outbox.c.id == message_id).with_for_update())
            if row is not None and row["sent_at"] is None:
                _update(here, message_id, **changes(here, row))

        write(self._engine, work)


def dispatch(box: Outbox, channel: str, deliver: Callable[[OutboxMessage], None]) -> int:
    """Delivers what is due on a channel; how many went out.

    Whatever `deliver` raises counts as not delivered and is tried again later.
    """
    sent = 0
    for message in box.due(channel):
        try:
            deliver(message)
        except Exception as error:
            # A channel may fail in any way; one message must not stop the others.
            code = getattr(error, "code", type(error).__name__)
            log.warning(
                "delivery failed: message=%d kind=%s code=%s", message.id, message.kind, code
            )
            box.failed(message.id, str(code))
            continue
        box.delivered(message.id)
        sent += 1
    return sent


def _claimable(work: Work, channel: str, limit: int) -> list[Row]:
    slots = training_slots.c
    query = (
        select(outbox)
        .join_from(outbox, bookings)
        .join(training_slots)
        .where(
            outbox.c.channel == channel,
            outbox.c.sent_at.is_(None),
            outbox.c.not_before <= work.now,
            or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= work.now),
        )
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(limit)
        .with_for_update(of=outbox, skip_locked=True)
    )
    if is_quiet(work.now, work.rules):
        query = query.where(slots.starts_at > work.now, slots.starts_at < work.now + URGENT)
    return list(work.all(query))


def _is_moot(work: Work, row: Row) -> bool:
    """A reminder of what was cancelled or has begun, or an offer that is over, helps nobody."""
    booking = load_booking(work, row["booking_id"])
    if row["kind"] == "reminder":
        return booking.status is not BookingStatus.CONFIRMED or booking.slot.starts_at <= work.now
    if row["kind"] == "offer":
        return not (booking.offered and booking.held_until and booking.held_until > work.now)
    return booking.slot.ends_at <= work.now


def _message(work: Work, row: Row) -> OutboxMessage:
    return OutboxMessage(
        id=row["id"],
        kind=row["kind"],
        channel=row["channel"],
        conversation=row["conversation"],
        booking=load_booking(work, row["booking_id"]),
        attempts=row["attempts"],
    )


def _after_failure(work: Work, row: Row, error: str) -> dict[str, object]:
    attempts = row["attempts"] + 1
    changes: dict[str, object] = {
        "attempts": attempts,
        "last_error": error[:80],
        "leased_until": None,
        "not_before": work.now + min(timedelta(minutes=2**attempts), timedelta(hours=2)),
    }
    if attempts >= work.rules.delivery_attempts:
        changes["channel"] = STAFF
    return changes


def _update(work: Work, message_id: int, **values: object) -> None:
    work.connection.execute(outbox.update().where(outbox.c.id == message_id).values(**values))
