"""What is measured against: SELECT, then INSERT, behind one big lock.

It does the work of ours: name, phone and access needs are sealed with the same keys, the person is
found by the same keyed hash, and an audit line and the request's key are written. What it lacks is
what ours is measured for: a lock of one slot only, a read before any lock, few round trips. It
gives a row's number for a reference and knows no holds, no waitlist and no overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Connection

from bench.booking.storm import Book
from core.booking import check_request
from core.errors import SlotFull
from core.values import BookingRequest
from runtime.settings import ZONE, Settings
from store.database import Moment, make_engine, write
from store.records import digest, packed
from store.sealing import Seal, load_seal

metadata = MetaData()
people = Table(
    "naive_people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity_hash", String(64), nullable=False, unique=True),
    Column("name_sealed", Text, nullable=False),
    Column("phone_sealed", Text, nullable=False),
)
naive = Table(
    "naive_bookings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slot_id", String(64), nullable=False, index=True),
    Column("person_id", Integer, ForeignKey("naive_people.id"), nullable=False, index=True),
    Column("conversation", String(200), nullable=False),
    Column("access_needs_sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)
keys = Table(
    "naive_keys",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("booking_id", Integer, ForeignKey("naive_bookings.id"), nullable=False),
)
audit = Table(
    "naive_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("event", String(24), nullable=False),
    Column("booking_id", Integer, nullable=False, index=True),
)


@dataclass(frozen=True)
class Made:
    reference: str


def prepare(settings: Settings) -> None:
    load_seal(settings.secret_key, settings.data_dir)
    engine = make_engine(settings.sqlalchemy_url)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()


def connect(places: int) -> object:
    """A `Connect` for a slot of so many places."""

    def opened(settings: Settings) -> Book:
        engine = make_engine(settings.sqlalchemy_url)
        seal = load_seal(settings.secret_key, settings.data_dir)

        def book(request: BookingRequest) -> Made:
            checked = check_request(request)
            return write(engine, lambda connection: _book(connection, seal, checked, places))

        return book

    return opened


def _book(connection: Connection, seal: Seal, request: BookingRequest, places: int) -> Made:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("LOCK TABLE naive_bookings IN EXCLUSIVE MODE"))
    key = digest("book", request.key)
    known = connection.execute(select(keys.c.booking_id).where(keys.c.digest == key)).scalar()
    if known is not None:
        return Made(str(known))
    count = select(func.count()).select_from(naive).where(naive.c.slot_id == request.slot_id)
    if connection.execute(count).scalar() >= places:
        raise SlotFull("no place is free", next_slots=[])
    booking_id = _insert(
        connection,
        naive,
        slot_id=request.slot_id,
        person_id=_person(connection, seal, request),
        conversation=request.conversation,
        access_needs_sealed=seal.seal(packed(request.access_needs), "access"),
        created_at=datetime.now(ZONE),
    )
    _insert(connection, audit, at=datetime.now(ZONE), event="booked", booking_id=booking_id)
    connection.execute(insert(keys), {"digest": key, "booking_id": booking_id})
    return Made(str(booking_id))


def _person(connection: Connection, seal: Seal, request: BookingRequest) -> int:
    identity = seal.hash("identity", request.phone, request.name)
    found = connection.execute(
        select(people.c.id).where(people.c.identity_hash == identity)
    ).scalar()
    if found is not None:
        return int(found)
    return _insert(
        connection,
        people,
        identity_hash=identity,
        name_sealed=seal.seal(request.name, "name"),
        phone_sealed=seal.seal(request.phone, "phone"),
    )


def _insert(connection: Connection, table: Table, **values: object) -> int:
    return int(connection.execute(insert(table), values).inserted_primary_key[0])
