"""Details of a booking put right, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import AlreadyBooked, InvalidDetails, SlotClosed, UnknownBooking
from core.values import BookingStatus
from store.opening import Store
from store.tables.booking import audit, bookings, people
from store.upkeep import run_upkeep
from tests.store.stores import HandClock, add, fresh_store, slot, wish


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, HandClock]]:
    on_sqlite = request.param == "sqlite"
    url = "" if on_sqlite else request.getfixturevalue("postgres_url")
    store, clock = fresh_store(tmp_path, url=url)
    yield store, clock
    store.close()


def test_what_is_not_named_stays_as_it_was(store: Store) -> None:
    add(store, slot())
    made = store.places.book(wish(access_needs=("手语翻译",)))
    store.places.amend(made.reference, access_needs=("手语翻译", "轮椅通道"), key="a1")
    store.places.amend(made.reference, companion=True, key="a2")
    (kept,) = store.places.all_bookings()
    assert (kept.reference, kept.name, kept.phone) == (made.reference, made.name, made.phone)
    assert kept.companion and kept.access_needs == ("手语翻译", "轮椅通道")
    assert kept.status is BookingStatus.CONFIRMED and store.places.slot("A").free == 1


def test_another_name_or_number_proves_the_booking_from_then_on(store: Store) -> None:
    add(store, slot())
    made = store.places.book(wish())
    store.places.amend(made.reference, name="王芳", phone="13900004444", key="a")
    found = store.places.find(made.reference, phone="4444", attempt_by="me")
    assert (found.name, found.phone) == ("王芳", "13900004444")
    with pytest.raises(UnknownBooking):
        store.places.find(made.reference, phone=made.phone, attempt_by="me")


def test_the_same_key_changes_once(store: Store) -> None:
    add(store, slot())
    made = store.places.book(wish())
    once = store.places.amend(made.reference, companion=True, key="a")
    store.places.amend(made.reference, companion=False, key="b")
    again = store.places.amend(made.reference, companion=True, key="a")
    assert not again.companion and again.sequence == once.sequence + 1


def test_who_has_a_booking_of_that_date_gets_no_second_one(store: Store) -> None:
    add(store, slot())
    first, second = store.places.book(wish(1)), store.places.book(wish(2))
    with pytest.raises(AlreadyBooked):
        store.places.amend(second.reference, name=first.name, phone=first.phone, key="a")
    assert store.places.by_reference(second.reference).name == second.name


def test_a_place_in_line_can_be_amended_and_keeps_its_number(store: Store) -> None:
    add(store, slot(capacity=1))
    store.places.book(wish(1))
    waiting = store.places.join_waitlist(wish(2))
    amended = store.places.amend(waiting.reference, phone="13900004444", key="a")
    assert (amended.status, amended.waitlist_position) == (BookingStatus.WAITLISTED, 1)
    assert amended.phone == "13900004444"


def test_what_was_cancelled_or_has_begun_is_not_amended(store: Store, clock: HandClock) -> None:
    add(store, slot(), slot("B", days=1))
    gone, begun = store.places.book(wish()), store.places.book(wish(slot_id="B"))
    store.places.cancel(gone.reference, key="c")
    with pytest.raises(UnknownBooking):
        store.places.amend(gone.reference, companion=True, key="a")
    with pytest.raises(UnknownBooking):
        store.places.amend("000-000-000", companion=True, key="a")
    clock.forward(days=2)
    with pytest.raises(SlotClosed):
        store.places.amend(begun.reference, companion=True, key="b")


def test_a_number_too_short_or_an_empty_name_is_not_stored(store: Store) -> None:
    add(store, slot())
    made = store.places.book(wish())
    for wrong in ({"phone": "4444"}, {"name": " "}, {"access_needs": ("长" * 99,)}):
        with pytest.raises(InvalidDetails):
            store.places.amend(made.reference, key="a", **wrong)


def test_the_trail_tells_which_fields_and_nothing_of_the_person(store: Store) -> None:
    add(store, slot())
    made = store.places.book(wish())
    store.places.amend(made.reference, name="王芳", companion=False, key="a")
    with store.engine.connect() as connection:
        query = select(audit).where(audit.c.event == "amended")
        (line,) = connection.execute(query).mappings().all()
    assert json.loads(line["facts"]) == {"fields": ["name"]}
    assert line["from_status"] == line["to_status"] == "confirmed"


def test_the_wrong_number_is_erased_with_the_next_upkeep(store: Store) -> None:
    add(store, slot())
    made = store.places.book(wish())
    store.places.amend(made.reference, phone="13900004444", key="a")
    run_upkeep(store)
    with store.engine.connect() as connection:
        left = set(connection.execute(select(people.c.id)).scalars())
        booked = set(connection.execute(select(bookings.c.person_id)).scalars())
    assert left == booked and len(left) == 1
