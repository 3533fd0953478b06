"""Seals every row anew with the newest key, while the assistant runs."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Table, select

from store.database import read, write
from store.opening import Store
from store.records import Row, Work
from store.tables.booking import bookings, people, tickets
from store.tables.messages import contacts, deliveries
from store.tables.staff import human_messages, work_orders
from store.tables.web import open_questions, web_turns

BATCH = 200


def reseal(store: Store) -> dict[str, int]:
    """How many rows of each kind were sealed anew. Safe to break off and repeat."""
    return {
        "people": _each(store, people, _reseal_person),
        "bookings": _each(store, bookings, _reseal_booking),
        "tickets": _each(store, tickets, _reseal_ticket),
        "messages": _each(store, deliveries, _reseal_delivery),
        "contacts": _reseal_contacts(store),
        "turns": _each(store, web_turns, _reseal_turn),
        "human_messages": _each(store, human_messages, _reseal_human_message),
        "work_orders": _each(store, work_orders, _reseal_order),
        "questions": _each(store, open_questions, _reseal_question),
    }


def old_rows(store: Store) -> int:
    """How many rows still need an older key."""

    def work(connection: Any) -> int:
        here = store.work(connection)
        columns: tuple[Any, ...] = (
            people.c.name_sealed,
            people.c.phone_sealed,
            bookings.c.access_needs_sealed,
        )
        columns += (deliveries.c.content_sealed, contacts.c.address_sealed)
        columns += (human_messages.c.text_sealed, work_orders.c.body_sealed)
        columns += (web_turns.c.content_sealed, open_questions.c.text_sealed)
        return sum(
            not here.seal.is_current(value)
            for column in (*columns, tickets.c.summary_sealed)
            for value in connection.execute(select(column)).scalars()
        )

    return read(store.engine, work)


def _each(store: Store, table: Table, reseal_row: Any) -> int:
    count, last = 0, None
    while True:

        def work(connection: Any, after: Any = last) -> tuple[int, Any]:
            here = store.work(connection)
            query = select(table).order_by(table.c.id).limit(BATCH).with_for_update()
            rows = here.all(query if after is None else query.where(table.c.id > after))
            done = sum(reseal_row(here, row) for row in rows)
            return done, rows[-1]["id"] if rows else None

        done, last = write(store.engine, work)
        count += done
        if last is None:
            return count


def _reseal_person(work: Work, row: Row) -> bool:
    if all(work.seal.is_current(row[name]) for name in ("name_sealed", "phone_sealed")):
        return False
    name = work.seal.open(row["name_sealed"], "name")
    phone = work.seal.open(row["phone_sealed"], "phone")
    anchor = phone or f"conversation:{_conversation(work, row['id'])}"
    work.connection.execute(
        people.update()
        .where(people.c.id == row["id"])
        .values(
            name_sealed=work.seal.seal(name, "name"),
            phone_sealed=work.seal.seal(phone, "phone"),
            phone_hash=work.seal.hash("phone", phone) if phone else "",
            identity_hash=work.seal.hash("identity", anchor, name),
        )
    )
    return True


def _conversation(work: Work, person_id: int) -> str:
    query = select(bookings.c.conversation).where(bookings.c.person_id == person_id)
    return str(work.connection.execute(query.order_by(bookings.c.id).limit(1)).scalar() or "")


def _reseal_booking(work: Work, row: Row) -> bool:
    return _reseal_column(work, bookings, row, "access_needs_sealed", "access")


def _reseal_ticket(work: Work, row: Row) -> bool:
    return _reseal_column(work, tickets, row, "summary_sealed", "ticket")


def _reseal_delivery(work: Work, row: Row) -> bool:
    return _reseal_column(work, deliveries, row, "content_sealed", "message")


def _reseal_turn(work: Work, row: Row) -> bool:
    return _reseal_column(work, web_turns, row, "content_sealed", "turn")


def _reseal_human_message(work: Work, row: Row) -> bool:
    return _reseal_column(work, human_messages, row, "text_sealed", "human message")


def _reseal_order(work: Work, row: Row) -> bool:
    """The phone's hash follows the key, or the order could no longer be found to erase it."""
    if work.seal.is_current(row["body_sealed"]):
        return False
    phone = json.loads(work.seal.open(row["body_sealed"], "work order"))["phone"]
    _reseal_column(work, work_orders, row, "body_sealed", "work order")
    work.connection.execute(
        work_orders.update()
        .where(work_orders.c.id == row["id"])
        .values(phone_hash=work.seal.hash("phone", phone) if phone else "")
    )
    return True


def _reseal_question(work: Work, row: Row) -> bool:
    return _reseal_column(work, open_questions, row, "text_sealed", "open question")


def _reseal_contacts(store: Store) -> int:
    """Chats are known by their conversation, not by a number, and are few: all at once."""

    def work(connection: Any) -> int:
        here = store.work(connection)
        old = [
            row
            for row in here.all(select(contacts).with_for_update())
            if not here.seal.is_current(row["address_sealed"])
        ]
        for row in old:
            plain = here.seal.open(row["address_sealed"], "address")
            connection.execute(
                contacts.update()
                .where(contacts.c.conversation == row["conversation"])
                .values(address_sealed=here.seal.seal(plain, "address"))
            )
        return len(old)

    return write(store.engine, work)


def _reseal_column(work: Work, table: Table, row: Row, name: str, purpose: str) -> bool:
    if work.seal.is_current(row[name]):
        return False
    plain = work.seal.open(row[name], purpose)
    work.connection.execute(
        table.update().where(table.c.id == row["id"]).values({name: work.seal.seal(plain, purpose)})
    )
    return True
