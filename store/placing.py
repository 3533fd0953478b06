"""A place taken and its booking written in one statement, where the database can (PostgreSQL).

The slot's row is what everybody wants; so it is locked for this statement and the commit only.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, literal_column, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from store.records import Work, record
from store.seats import TAKE, take_place
from store.tables.booking import audit, bookings, request_keys

_BOOKING = (
    "reference slot_id person_id status companion access_needs_sealed channel conversation "
    "booked_by consent_at created_at updated_at held_until"
).split()
_AUDIT = "at event actor channel booking_id slot_id to_status facts".split()


def place(work: Work, values: dict[str, Any], event: dict[str, Any], key: str) -> bool:
    """Takes a place and writes booking, audit and key; False where no place is free.

    `values`: a row of bookings. `event`: event and actor of its audit line.
    """
    if work.connection.dialect.name == "postgresql":
        _wait_in_line(work, values["slot_id"])
        parameters = {f"b_{name}": values.get(name) for name in _BOOKING}
        parameters |= {f"e_{name}": value for name, value in event.items()}
        parameters |= {"wanted": values["slot_id"], "now": work.now, "key": key}
        return bool(work.connection.execute(_PLACE, parameters).rowcount)
    if not take_place(work, values["slot_id"]):
        return False
    made = work.connection.execute(_INSERT_BOOKING, values)
    booking_id = int(made.inserted_primary_key[0])
    record(
        work,
        event["event"],
        actor=event["actor"],
        channel=values["channel"],
        booking_id=booking_id,
        slot_id=values["slot_id"],
        statuses=("", values["status"]),
    )
    work.connection.execute(
        _INSERT_KEY, {"digest": key, "booking_id": booking_id, "created_at": work.now}
    )
    return True


def place_newcomer(
    work: Work, person: dict[str, Any], values: dict[str, Any], event: dict[str, Any], key: str
) -> bool:
    """The same for somebody who may be new here, as a transaction in one round trip (PostgreSQL).

    False, and nothing was written, where the person is known or no place is free: then `place`
    has to look closer. Wants a connection that is in no transaction.
    """
    parameters = {f"p_{name}": value for name, value in person.items()}
    parameters |= {f"b_{name}": values.get(name) for name in _BOOKING}
    parameters |= {f"e_{name}": value for name, value in event.items()}
    parameters |= {"now": work.now, "key": key}
    try:
        placed = bool(work.connection.execute(_NEWCOMER, parameters).rowcount)
    except IntegrityError:
        # The place went between the look and the UPDATE, or the reference exists.
        return False
    if placed:
        flush(work.connection)
    return placed


def flush(connection: Connection) -> None:
    """Waits until all that was committed before is on the disk (PostgreSQL).

    A commit of its own that waits, as its record stands behind the others' in the log. On the
    connection that wrote or read what is to be told: on another, the server may have lost it.
    """
    connection.execute(_FLUSH)


def _wait_in_line(work: Work, slot_id: str) -> None:
    """One after the other: a row lock wakes all who wait, an advisory lock the next one."""
    work.connection.execute(_LINE, {"slot": slot_id})


def _statement() -> Any:
    seat = TAKE.returning(literal_column("training_slots.id").label("id")).cte("seat")
    given = [bindparam(f"b_{name}", type_=bookings.c[name].type) for name in _BOOKING]
    made = (
        bookings.insert()
        .from_select(_BOOKING, select(*given).select_from(seat), include_defaults=False)
        .returning(bookings.c.id)
        .cte("made")
    )
    line = {
        "at": bindparam("now", type_=audit.c.at.type),
        "event": bindparam("e_event", type_=audit.c.event.type),
        "actor": bindparam("e_actor", type_=audit.c.actor.type),
        "channel": bindparam("b_channel", type_=audit.c.channel.type),
        "booking_id": made.c.id,
        "slot_id": bindparam("b_slot_id", type_=audit.c.slot_id.type),
        "to_status": bindparam("b_status", type_=audit.c.to_status.type),
        "facts": literal_column("''"),
    }
    noted = (
        audit.insert()
        .from_select(_AUDIT, select(*(line[name] for name in _AUDIT)), include_defaults=False)
        .returning(audit.c.id)
        .cte("noted")
    )
    # The type stubs do not know that an INSERT takes a CTE that it does not select from.
    statement: Any = request_keys.insert().from_select(
        ["digest", "booking_id", "created_at"],
        select(
            bindparam("key", type_=request_keys.c.digest.type),
            made.c.id,
            bindparam("now", type_=audit.c.at.type),
        ),
        include_defaults=False,
    )
    return statement.add_cte(noted)


# Sent as one message, PostgreSQL runs both statements as one transaction: nobody in the line waits
# for the client's round trips, nor for the disk: `flush` does, for all who come together.
# Without a seat, the booking's slot is NULL, which undoes it all.
_NEWCOMER = text(
    """
SELECT set_config('synchronous_commit', 'off', true),
  pg_advisory_xact_lock(7302, hashtext(:b_slot_id));
WITH person AS (
  INSERT INTO people (identity_hash, phone_hash, name_sealed, phone_sealed, created_at)
  SELECT :p_identity_hash, :p_phone_hash, :p_name_sealed, :p_phone_sealed, CAST(:now AS timestamptz)
  FROM training_slots
  WHERE id = :b_slot_id AND status = 'open' AND taken < capacity AND book_by > :now
  ON CONFLICT DO NOTHING
  RETURNING id
), seat AS (
  UPDATE training_slots SET taken = taken + 1
  WHERE id = :b_slot_id AND status = 'open' AND taken < capacity AND book_by > :now
    AND EXISTS (SELECT 1 FROM person)
  RETURNING id
), made AS (
  INSERT INTO bookings (reference, slot_id, person_id, status, companion, access_needs_sealed,
    channel, conversation, booked_by, consent_at, created_at, updated_at, held_until)
  SELECT :b_reference, seat.id, person.id, :b_status, :b_companion, :b_access_needs_sealed,
    :b_channel, :b_conversation, :b_booked_by, CAST(:now AS timestamptz),
    CAST(:now AS timestamptz), CAST(:now AS timestamptz), CAST(:b_held_until AS timestamptz)
  FROM person LEFT JOIN seat ON true
  RETURNING id
), noted AS (
  INSERT INTO audit (at, event, actor, channel, booking_id, slot_id, to_status, facts)
  SELECT CAST(:now AS timestamptz), :e_event, :e_actor, :b_channel, made.id, :b_slot_id,
    :b_status, ''
  FROM made
)
INSERT INTO request_keys (digest, booking_id, created_at)
SELECT :key, made.id, CAST(:now AS timestamptz) FROM made
"""
)
_PLACE = _statement()
_FLUSH = text("SELECT pg_logical_emit_message(true, 'minglu', '')")
_LINE = text("SELECT pg_advisory_xact_lock(7302, hashtext(:slot))")
_INSERT_BOOKING = bookings.insert()
_INSERT_KEY = request_keys.insert()
