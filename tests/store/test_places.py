from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import (
    AlreadyBooked,
    HoldExpired,
    InvalidDetails,
    OverlappingBooking,
    SlotClosed,
    SlotFull,
    TooManyAttempts,
    UnknownBooking,
    UnknownSlot,
)
from core.values import BookingStatus
from store.exchange import cancel_slots
from store.opening import Store
from store.tables.booking import people
from store.upkeep import run_upkeep
from tests.store.stores import HandClock, add, fresh_store, slot, wish


def test_the_same_key_books_once(store: Store) -> None:
    add(store, slot())
    first = store.places.book(wish())
    assert store.places.book(wish()).reference == first.reference
    assert store.places.slot("A").free == 1


def test_a_full_slot_offers_the_next_free_one(store: Store) -> None:
    add(store, slot(capacity=1), slot("B", days=8), slot("C", days=9, capacity=0))
    store.places.book(wish(1))
    with pytest.raises(SlotFull) as full:
        store.places.book(wish(2))
    assert full.value.details["next_slots"] == ["B"]


def test_booking_again_is_told_with_the_reference_only_in_the_same_conversation(
    store: Store,
) -> None:
    add(store, slot())
    booked = store.places.book(wish())
    with pytest.raises(AlreadyBooked) as mine:
        store.places.book(wish(key="other"))
    assert mine.value.details["reference"] == booked.reference
    with pytest.raises(AlreadyBooked) as guess:
        store.places.book(wish(key="guess", conversation="somebody"))
    assert guess.value.details["reference"] == ""


def test_two_courses_at_one_time_are_asked_about(store: Store) -> None:
    add(store, slot(), slot("B", hour=11))
    store.places.book(wish())
    with pytest.raises(OverlappingBooking):
        store.places.book(wish(slot_id="B"))
    both = store.places.book(wish(slot_id="B", allow_overlap=True))
    assert both.status is BookingStatus.CONFIRMED


def test_nothing_is_booked_after_the_deadline(store: Store, clock: HandClock) -> None:
    late = slot()
    add(store, replace(late, book_by=late.starts_at - timedelta(days=1)))
    clock.time = late.starts_at - timedelta(hours=23)
    with pytest.raises(SlotClosed) as closed:
        store.places.book(wish())
    assert closed.value.details["reason"] == "deadline"
    with pytest.raises(UnknownSlot):
        store.places.book(wish(slot_id="nowhere"))


def test_nothing_is_stored_without_consent(store: Store) -> None:
    add(store, slot())
    with pytest.raises(InvalidDetails):
        store.places.book(wish(consent=False))
    assert store.places.all_bookings() == ()


def test_a_cancelled_place_goes_to_the_first_in_line_and_on_when_they_do_not_answer(
    store: Store, clock: HandClock
) -> None:
    add(store, slot(capacity=1))
    seated = store.places.book(wish(1))
    second, third = store.places.join_waitlist(wish(2)), store.places.join_waitlist(wish(3))
    assert (second.waitlist_position, third.waitlist_position) == (1, 2)
    store.places.cancel(seated.reference, key="c")
    offered = store.places.by_reference(second.reference)
    assert offered.offered
    assert store.places.by_reference(third.reference).waitlist_position == 1
    clock.forward(hours=5)
    run_upkeep(store)
    with pytest.raises(HoldExpired):
        store.places.confirm(second.reference, key="late")
    accepted = store.places.confirm(third.reference, key="yes")
    assert accepted.status is BookingStatus.CONFIRMED
    assert store.places.slot("A").free == 0


def test_a_hold_that_ended_is_free_for_the_next(store: Store, clock: HandClock) -> None:
    add(store, slot(capacity=1))
    store.places.hold(wish(1))
    with pytest.raises(SlotFull):
        store.places.book(wish(2))
    clock.forward(minutes=16)
    assert store.places.slot("A").free == 1
    assert store.places.book(wish(2)).status is BookingStatus.CONFIRMED


def test_rescheduling_moves_in_one_step_or_changes_nothing(store: Store) -> None:
    add(store, slot(capacity=1), slot("B", days=8, capacity=1))
    mine, other = store.places.book(wish(1)), store.places.book(wish(2, "B"))
    with pytest.raises(SlotFull):
        store.places.reschedule(mine.reference, "B", key="m1")
    assert store.places.by_reference(mine.reference).slot.id == "A"
    store.places.cancel(other.reference, key="c")
    moved = store.places.reschedule(mine.reference, "B", key="m2")
    assert (moved.slot.id, moved.reference) == ("B", mine.reference)
    assert moved.sequence > mine.sequence
    assert store.places.slot("A").free == 1


def test_cancelling_twice_frees_one_place(store: Store) -> None:
    add(store, slot())
    booked = store.places.book(wish())
    for key in ("c1", "c1", "c2"):
        store.places.cancel(booked.reference, key=key)
    assert store.places.slot("A").free == 2


def test_cancelling_a_date_tells_everyone(store: Store) -> None:
    add(store, slot(capacity=1))
    store.places.book(wish(1))
    store.places.join_waitlist(wish(2))
    assert cancel_slots(store, "A") == 2
    told = {(m.kind, m.conversation) for m in store.outbox.pending()}
    assert {("slot_cancelled", "c1"), ("slot_cancelled", "c2")} <= told
    with pytest.raises(SlotClosed):
        store.places.book(wish(3))


def test_nobody_finds_a_booking_by_guessing(store: Store, clock: HandClock) -> None:
    add(store, slot())
    booked = store.places.book(wish())
    assert store.places.find(booked.reference, phone="0001", attempt_by="x") == booked
    for number in range(5):
        with pytest.raises(UnknownBooking):
            store.places.find(booked.reference, phone=f"777{number}", attempt_by="x")
    with pytest.raises(TooManyAttempts) as stopped:
        store.places.find(booked.reference, phone="0001", attempt_by="x")
    assert stopped.value.details["retry_after_s"] > 0
    assert store.places.find(booked.reference, phone=booked.phone, attempt_by="y") == booked
    clock.forward(minutes=16)
    assert store.places.find(booked.reference, phone="0001", attempt_by="x") == booked


def test_phone_and_name_stand_for_a_reference_and_guesses_are_counted(
    store: Store, clock: HandClock
) -> None:
    add(store, slot())
    booked = store.places.book(wish())
    phone = booked.phone
    assert store.places.find_by_person(booked.name, phone=phone, attempt_by="x") == (booked,)
    for _ in range(5):
        with pytest.raises(UnknownBooking):
            store.places.find_by_person("别人", phone=phone, attempt_by="x")
    with pytest.raises(TooManyAttempts):
        store.places.find_by_person(booked.name, phone=phone, attempt_by="x")
    clock.forward(minutes=16)
    store.places.cancel(booked.reference, key="gone")
    with pytest.raises(UnknownBooking):
        store.places.find_by_person(booked.name, phone=phone, attempt_by="y")


def test_names_and_phones_are_not_in_the_file(store: Store, tmp_path: Path) -> None:
    add(store, slot())
    store.places.book(wish(access_needs=("轮椅",)))
    with store.engine.connect() as connection:
        row = connection.execute(select(people)).mappings().one()
        assert "13900000001" not in str(dict(row))
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("minglu.db*"))
    assert b"c1" in raw
    for secret in ("13900000001", "测试乙", "轮椅"):
        assert secret.encode() not in raw


def test_samples_are_bookable_and_leave_when_real_courses_come(tmp_path: Path) -> None:
    store, _ = fresh_store(tmp_path, samples=True)
    assert {c.name.split("（")[0] for c in store.places.courses()} >= {"盲人按摩", "云客服"}
    assert all(course.sample and "示例" in course.name for course in store.places.courses())
    assert store.places.book(wish(slot_id=store.places.slots()[0].id)).slot.sample
    add(store, slot())
    assert [s.id for s in store.places.slots()] == ["A"]
    store.close()


@pytest.mark.slow
def test_postgresql_keeps_the_same_promises(tmp_path: Path, postgres_url: str) -> None:
    store, clock = fresh_store(tmp_path, url=postgres_url)
    test_a_cancelled_place_goes_to_the_first_in_line_and_on_when_they_do_not_answer(store, clock)
    add(store, slot("B", days=20, capacity=1), slot("C", days=21, capacity=2))
    booked = store.places.book(wish(5, "B"))
    assert store.places.book(wish(5, "B")).reference == booked.reference
    with pytest.raises(SlotFull):
        store.places.book(wish(6, "B"))
    assert store.places.reschedule(booked.reference, "C", key="m").slot.id == "C"
    store.places.hold(wish(7, "B"))
    clock.forward(minutes=20)
    assert store.places.book(wish(8, "B")).status is BookingStatus.CONFIRMED
    store.close()
