"""A person's own data: given out on request, and erased for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from core.booking import parse_phone
from core.errors import InvalidDetails
from core.values import BookingStatus
from store.bookings import by_reference, release
from store.database import read, write
from store.opening import Store
from store.orders import order_from
from store.people import phone_hashes
from store.records import Work, load_bookings, record
from store.seats import lock_slots, settle
from store.tables.booking import audit, bookings, outbox, people, tickets
from store.tables.messages import choices, contacts, deliveries
from store.tables.staff import human_messages, work_orders
from store.tables.web import web_turns

ERASED = "erased"


def export_person(store: Store, *, phone: str = "", reference: str = "") -> dict[str, Any]:
    """Everything stored of who has that phone, or made that booking. Raises UnknownBooking."""

    def work(connection: Any) -> dict[str, Any]:
        here = store.work(connection)
        found = _people_ids(here, phone, reference)
        mine = load_bookings(here, bookings.c.person_id.in_(found))
        rows = here.all(select(bookings).where(bookings.c.person_id.in_(found)))
        trail = here.all(
            select(audit)
            .where(audit.c.booking_id.in_([row["id"] for row in rows]))
            .order_by(audit.c.id)
        )
        asked = here.all(
            select(tickets).where(
                tickets.c.conversation.in_(sorted({row["conversation"] for row in rows}))
            )
        )
        chats = here.all(
            select(contacts).where(
                contacts.c.conversation.in_(sorted({row["conversation"] for row in rows}))
            )
        )
        written = here.all(
            select(human_messages).where(
                human_messages.c.conversation.in_(sorted({row["conversation"] for row in rows}))
            )
        )
        calls = [
            order_from(row, here.seal)
            for row in here.all(select(work_orders).where(_orders_of(here, found, phone)))
        ]
        return {
            "calls": [
                {
                    "at": order.created_at.isoformat(),
                    "caller": order.caller,
                    "phone": order.phone,
                    "summary": order.summary,
                    "follow_up": order.follow_up,
                    "asked": [note.question for note in order.notes],
                    "bookings": list(order.bookings),
                }
                for order in calls
            ],
            "between_people": [
                {
                    "at": row["created_at"].isoformat(),
                    "from": "staff" if row["staff"] else "person",
                    "text": here.seal.open(row["text_sealed"], "human message"),
                }
                for row in written
            ],
            "messengers": [
                {
                    "channel": row["channel"],
                    "since": row["created_at"].isoformat(),
                    "voice_replies": row["voice_replies"],
                    "plain": row["plain"],
                }
                for row in chats
            ],
            "bookings": [
                {
                    "reference": b.reference,
                    "course": b.slot.course,
                    "city": b.slot.city,
                    "venue": b.slot.venue,
                    "starts_at": b.slot.starts_at.isoformat(),
                    "name": b.name,
                    "phone": b.phone,
                    "status": b.status.value,
                    "companion": b.companion,
                    "access_needs": list(b.access_needs),
                    "channel": b.channel,
                    "booked_by": b.booked_by,
                    "created_at": b.created_at.isoformat(),
                }
                for b in mine
            ],
            "history": [
                {"at": row["at"].isoformat(), "event": row["event"], "actor": row["actor"]}
                for row in trail
            ],
            "requests": [
                {
                    "at": row["created_at"].isoformat(),
                    "topic": row["topic"],
                    "summary": here.seal.open(row["summary_sealed"], "ticket"),
                }
                for row in asked
            ],
        }

    return read(store.engine, work)


def forget_person(store: Store, *, phone: str = "", reference: str = "") -> int:
    """Cancels what is ahead and erases everything that names the person; how many people.

    Bookings and the audit trail stay as numbers, tied to nobody.
    """

    def work(connection: Any) -> int:
        here = store.work(connection)
        found = _people_ids(here, phone, reference)
        orders = _forget_orders(here, found, phone)
        erase_people(here, found, by="staff")
        return len(found) or min(orders, 1)

    return write(store.engine, work)


def conversations_of(store: Store, *, phone: str = "", reference: str = "") -> list[str]:
    """Conversations in which only this person booked. Raises UnknownBooking."""

    def work(connection: Any) -> list[str]:
        here = store.work(connection)
        found = _people_ids(here, phone, reference)
        query = select(bookings.c.conversation).where(bookings.c.person_id.in_(found)).distinct()
        shared = select(bookings.c.conversation).where(bookings.c.person_id.not_in(found))
        chosen = query.where(bookings.c.conversation.not_in(shared))
        return sorted(connection.execute(chosen).scalars())

    return read(store.engine, work)


def erase_people(work: Work, ids: Sequence[int], *, by: str) -> None:
    """Erases the people of these ids; freed places go to the waitlist."""
    if not ids:
        return
    work.all(
        select(people.c.id).where(people.c.id.in_(ids)).order_by(people.c.id).with_for_update()
    )
    rows = work.all(select(bookings).where(bookings.c.person_id.in_(ids)))
    live = [row for row in rows if row["status"] != BookingStatus.CANCELLED.value]
    slot_ids = sorted({row["slot_id"] for row in live})
    slots = lock_slots(work, *slot_ids) if slot_ids else {}
    # What changed while waiting for the locks counts as it is now.
    rows = work.all(select(bookings).where(bookings.c.person_id.in_(ids)).with_for_update())
    for row in rows:
        ahead = row["slot_id"] in slots and slots[row["slot_id"]]["ends_at"] > work.now
        if row["status"] != BookingStatus.CANCELLED.value and ahead:
            release(work, row, by=by, event=ERASED)
        else:
            record(work, ERASED, actor=by, booking_id=row["id"], slot_id=row["slot_id"])
    _blank(work, [row["id"] for row in rows], sorted({row["conversation"] for row in rows}))
    work.connection.execute(people.delete().where(people.c.id.in_(ids)))
    for slot_id in slot_ids:
        if slots[slot_id]["ends_at"] > work.now:
            settle(work, slot_id)


def _blank(work: Work, booking_ids: Sequence[int], conversations: Sequence[str]) -> None:
    mine = bookings.c.id.in_(booking_ids)
    work.connection.execute(outbox.delete().where(outbox.c.booking_id.in_(booking_ids)))
    work.connection.execute(
        bookings.update()
        .where(mine)
        .values(person_id=None, conversation=ERASED, access_needs_sealed="", companion=False)
    )
    # A family's conversation may hold another one's booking: what was said in it stays.
    others = select(bookings.c.conversation).where(bookings.c.conversation.in_(conversations))
    for table in (tickets, deliveries, choices, contacts, web_turns, human_messages):
        work.connection.execute(
            table.delete().where(
                table.c.conversation.in_(conversations), table.c.conversation.not_in(others)
            )
        )


def _forget_orders(work: Work, ids: Sequence[int], phone: str) -> int:
    mine = _orders_of(work, ids, phone)
    return int(work.connection.execute(work_orders.delete().where(mine)).rowcount)


def _orders_of(work: Work, ids: Sequence[int], phone: str) -> Any:
    """Work orders under the person's phone: what they said in calls, booked or not."""
    hashes = {
        row["phone_hash"]
        for row in work.all(select(people.c.phone_hash).where(people.c.id.in_(ids)))
    }
    if phone:
        hashes.update(phone_hashes(work, parse_phone(phone)))
    return work_orders.c.phone_hash.in_(sorted(hashes - {""}))


def _people_ids(work: Work, phone: str, reference: str) -> list[int]:
    if reference:
        parsed = by_reference(work, reference).reference
        query = select(bookings.c.person_id).where(
            bookings.c.reference == parsed, bookings.c.person_id.is_not(None)
        )
    else:
        number = parse_phone(phone)
        if not number:
            raise InvalidDetails("give a phone or a reference", field="phone")
        query = select(people.c.id).where(people.c.phone_hash.in_(phone_hashes(work, number)))
    return [int(value) for value in work.connection.execute(query).scalars()]
