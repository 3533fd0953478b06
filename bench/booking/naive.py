"""What is measured against: SELECT, then INSERT, behind one big lock."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select, text
from sqlalchemy.engine import Connection

from bench.booking.storm import Book
from core.errors import SlotFull
from core.values import BookingRequest
from runtime.settings import Settings
from store.database import make_engine, write

metadata = MetaData()
naive = Table(
    "naive_bookings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, index=True),
    Column("slot_id", String(64), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("phone", String(20), nullable=False),
)


@dataclass(frozen=True)
class Made:
    reference: str


def prepare(settings: Settings) -> None:
    engine = make_engine(settings.sqlalchemy_url)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()


def connect(places: int) -> object:
    """A `Connect` for a slot of so many places."""

    def opened(settings: Settings) -> Book:
        engine = make_engine(settings.sqlalchemy_url)

        def book(request: BookingRequest) -> Made:
            return write(engine, lambda connection: _book(connection, request, places))

        return book

    return opened


def _book(connection: Connection, request: BookingRequest, places: int) -> Made:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("LOCK TABLE naive_bookings IN EXCLUSIVE MODE"))
    known = connection.execute(select(naive.c.id).where(naive.c.key == request.key)).scalar()
    if known is not None:
        return Made(str(known))
    count = select(func.count()).select_from(naive).where(naive.c.slot_id == request.slot_id)
    if connection.execute(count).scalar() >= places:
        raise SlotFull("no place is free", next_slots=[])
    made = connection.execute(
        insert(naive).values(
            key=request.key, slot_id=request.slot_id, name=request.name, phone=request.phone
        )
    )
    return Made(str(made.inserted_primary_key[0]))
