from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from core.errors import StoreUnavailable
from store import database
from store.opening import Store
from tests.store.stores import add, slot, wish


@pytest.mark.slow
def test_a_locked_database_gives_an_answer_and_loses_nothing(store: Store, tmp_path: Path) -> None:
    add(store, slot(capacity=5))
    kept = store.places.book(wish(1))
    with closing(sqlite3.connect(tmp_path / "minglu.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            store.places.book(wish(2))
        other.execute("ROLLBACK")
    assert [b.reference for b in store.places.all_bookings()] == [kept.reference]
    assert store.places.book(wish(2)).slot.id == "A"


def test_a_full_disk_gives_an_answer_and_loses_nothing(store: Store, tmp_path: Path) -> None:
    add(store, slot(capacity=500))

    def limit(connection: object, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages + 4}")  # type: ignore[attr-defined]

    store.engine.dispose()
    event.listen(store.engine, "connect", limit)
    booked = []
    with pytest.raises(StoreUnavailable):
        for number in range(500):
            booked.append(store.places.book(wish(number, conversation=f"c{number}")).reference)
    event.remove(store.engine, "connect", limit)
    store.engine.dispose()
    kept = {b.reference for b in store.places.all_bookings()}
    assert kept == set(booked)
    assert store.places.slot("A").free == 500 - len(booked)
    assert store.places.book(wish(499)).reference not in booked


def test_a_database_that_is_away_is_a_clear_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = database.make_engine(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    with pytest.raises(StoreUnavailable):
        database.read(engine, lambda connection: connection.exec_driver_sql("SELECT 1"))
    assert "OperationalError" in caplog.text
