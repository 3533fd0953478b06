import time
from datetime import datetime, timedelta
from pathlib import Path

from core.values import BookingRequest, BookingStatus
from minglu.housekeeping import Housekeeping
from runtime.settings import ZONE, Settings
from store.opening import open_store


class MovableClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, tzinfo=ZONE)

    def now(self) -> datetime:
        return self.time


def test_a_hold_that_ended_is_given_back_while_the_assistant_runs(tmp_path: Path) -> None:
    clock = MovableClock()
    store = open_store(Settings(data_dir=tmp_path), clock)
    slot = store.places.slots()[0]
    held = store.places.hold(
        BookingRequest(slot.id, "王小明", "13800138000", "c1", "web", key="k1")
    )
    assert held.status is BookingStatus.HELD
    taken = store.places.slot(slot.id).free
    clock.time += timedelta(hours=1)
    housekeeping = Housekeeping(store, tmp_path / "tracker.db", every_s=0.02)
    housekeeping.start()
    deadline = time.monotonic() + 20
    while store.places.bookings_of(conversation="c1") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert store.places.bookings_of(conversation="c1") == ()
    assert store.places.slot(slot.id).free == taken + 1
    housekeeping.stop()
