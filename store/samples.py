"""Courses to try the product with: marked as samples, always ahead, gone once real ones come."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.booking import BookingRules, tidy
from core.ports import Clock
from store.database import read, write
from store.records import Work
from store.sealing import Seal, new_secret
from store.slots import SlotRecord, save_slot
from store.tables.booking import training_slots

SAMPLES = Path(__file__).resolve().parent / "data" / "sample_slots.csv"
FRESH = timedelta(days=2)
"""Samples are dated anew once none lies further ahead than this."""


def samples_wanted(engine: Engine, clock: Clock) -> bool:
    """Whether there is no real slot, and no sample that can still be booked in comfort."""

    def work(connection: Connection) -> bool:
        slots = training_slots.c
        useful = select(slots.id).where(
            slots.sample.is_(False) | (slots.starts_at > clock.now() + FRESH)
        )
        return connection.execute(useful.limit(1)).first() is None

    return read(engine, work)


def load_samples(engine: Engine, clock: Clock) -> None:
    """Adds the samples if they are wanted still; every process may call it."""
    now = clock.now()
    records = sample_records(now)

    def work(connection: Connection) -> None:
        # Slots hold nothing sealed; a passing key serves.
        here = Work(connection, now, BookingRules(), Seal([new_secret()]))
        for slot in records:
            save_slot(here, slot, by="system")

    if samples_wanted(engine, clock):
        write(engine, work)


def sample_records(now: datetime) -> list[SlotRecord]:
    """The samples, dated from the day of `now`."""
    with SAMPLES.open(encoding="utf-8", newline="") as file:
        return [_record(row, now) for row in csv.DictReader(file)]


def _record(row: dict[str, str], now: datetime) -> SlotRecord:
    day = now.date() + timedelta(days=int(row["days_ahead"]))
    starts = datetime.combine(day, time.fromisoformat(row["starts"]), tzinfo=now.tzinfo)
    return SlotRecord(
        id=f"{row['id']}-{day:%y%m%d}",
        course=row["course"],
        city=row["city"],
        venue=row["venue"],
        starts_at=starts,
        ends_at=starts + timedelta(hours=float(row["hours"])),
        capacity=int(row["capacity"]),
        access=tidy(row["access"].split(";")),
        audience=tidy(row["audience"].split(";")),
        sample=True,
    )
