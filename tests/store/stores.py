"""Fresh stores for tests: a clock that is set by hand, slots and requests to book them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.values import BookingRequest
from runtime.settings import ZONE, Settings
from store.exchange import save_slots
from store.opening import Store, open_store
from store.slots import SlotRecord

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)


@dataclass
class HandClock:
    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


def fresh_store(
    folder: Path, *, url: str = "", samples: bool = False, **more: str
) -> tuple[Store, HandClock]:
    """`more`: further settings, by their variable without the prefix."""
    clock = HandClock()
    settings = Settings.from_env(
        {
            "MINGLU_DATA_DIR": str(folder),
            "MINGLU_DATABASE_URL": url,
            "MINGLU_SECRET_KEY": "a secret of the tests",
            **{f"MINGLU_{name}": value for name, value in more.items()},
        }
    )
    return open_store(settings, clock, samples=samples), clock


def slot(
    slot_id: str = "A", *, capacity: int = 2, days: int = 7, hour: int = 9, **more: Any
) -> SlotRecord:
    begin = (START + timedelta(days=days)).replace(hour=hour)
    values = {
        "id": slot_id,
        "course": "盲人按摩",
        "city": "长春市",
        "venue": "一号楼",
        "starts_at": begin,
        "ends_at": begin + timedelta(hours=3),
        "capacity": capacity,
    }
    return SlotRecord(**{**values, **more})


def add(store: Store, *slots: SlotRecord) -> None:
    save_slots(store, slots)


def wish(number: int = 1, slot_id: str = "A", **more: Any) -> BookingRequest:
    values = {
        "slot_id": slot_id,
        "name": f"测试{'甲乙丙丁戊己庚辛壬癸'[number % 10]}",
        "phone": f"139{number:08d}",
        "conversation": f"c{number}",
        "channel": "web",
        "key": f"k{number}-{slot_id}",
    }
    return BookingRequest(**{**values, **more})
