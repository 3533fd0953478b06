"""All operations in any order: nothing oversold, lost, doubled or overtaken; all on record."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from core.errors import BookingError
from store.tables.booking import audit, bookings, training_slots
from store.upkeep import run_upkeep
from tests.store.stores import add, fresh_store, slot, wish

SLOTS = ("A", "B", "C")
people = st.integers(1, 5)
# By number, since references are random and Hypothesis must be able to repeat a run.
which = st.integers(0, 30)
slots = st.sampled_from(SLOTS)


class Bookings(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store, self.clock = fresh_store(Path(self.folder.name))
        add(
            self.store,
            slot("A", capacity=1),
            slot("B", capacity=2, days=8),
            slot("C", capacity=1, days=7, hour=11),
        )
        self.places = self.store.places
        self.told: list[str] = []
        self.turn = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def key(self) -> str:
        self.turn += 1
        return f"turn-{self.turn}"

    @rule(
        person=people,
        slot_id=slots,
        how=st.sampled_from(("book", "hold", "join_waitlist")),
        overlap=st.booleans(),
        again=st.booleans(),
    )
    def ask(self, person: int, slot_id: str, how: str, overlap: bool, again: bool) -> None:
        request = wish(person, slot_id, key=self.key(), allow_overlap=overlap)
        try:
            made = getattr(self.places, how)(request)
        except BookingError:
            return
        if made.reference not in self.told:
            self.told.append(made.reference)
        if again:
            assert getattr(self.places, how)(request).reference == made.reference

    @rule(which=which, how=st.sampled_from(("cancel", "confirm")))
    def answer(self, which: int, how: str) -> None:
        if not self.told:
            return
        reference = self.told[which % len(self.told)]
        try:
            getattr(self.places, how)(reference, key=self.key())
        except BookingError:
            return

    @rule(which=which, slot_id=slots, overlap=st.booleans())
    def move(self, which: int, slot_id: str, overlap: bool) -> None:
        if not self.told:
            return
        reference = self.told[which % len(self.told)]
        before = self.places.by_reference(reference)
        try:
            self.places.reschedule(reference, slot_id, key=self.key(), allow_overlap=overlap)
        except BookingError:
            after = self.places.by_reference(reference)
            assert (after.slot.id, after.status) == (before.slot.id, before.status)

    @rule(which=which, number=people, companion=st.booleans())
    def amend(self, which: int, number: int, companion: bool) -> None:
        if not self.told:
            return
        reference, other = self.told[which % len(self.told)], wish(number)
        before = self.places.by_reference(reference)
        try:
            self.places.amend(
                reference, name=other.name, phone=other.phone, companion=companion, key=self.key()
            )
        except BookingError:
            assert self.places.by_reference(reference) == before

    @rule(minutes=st.sampled_from((5, 20, 300)))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule()
    def keep_up(self) -> None:
        run_upkeep(self.store)

    @invariant()
    def nothing_is_oversold_or_miscounted(self) -> None:
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(bookings)).mappings().all()
            seats = connection.execute(select(training_slots)).mappings().all()
        used = Counter(r["slot_id"] for r in rows if r["status"] in ("held", "confirmed"))
        for seat in seats:
            assert used[seat["id"]] == seat["taken"] <= seat["capacity"]
        live = Counter((r["person_id"], r["slot_id"]) for r in rows if r["status"] != "cancelled")
        assert all(count == 1 for count in live.values())

    @invariant()
    def nothing_is_lost(self) -> None:
        assert {b.reference for b in self.places.all_bookings()} == set(self.told)

    @invariant()
    def nobody_waits_while_a_place_is_free_and_the_line_keeps_its_order(self) -> None:
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(bookings)).mappings().all()
            seats = connection.execute(select(training_slots)).mappings().all()
        for seat in seats:
            line = [r for r in rows if r["slot_id"] == seat["id"] and r["queue_number"]]
            waiting = [r["queue_number"] for r in line if r["status"] == "waitlisted"]
            served = [r["queue_number"] for r in line if r["offered"]]
            assert not waiting or seat["taken"] == seat["capacity"]
            assert not waiting or not served or max(served) < min(waiting)

    @invariant()
    def the_trail_leads_to_every_status(self) -> None:
        with self.store.engine.connect() as connection:
            trail = connection.execute(select(audit).order_by(audit.c.id)).mappings().all()
            rows = connection.execute(select(bookings)).mappings().all()
        reached: dict[int, str] = {}
        for line in trail:
            if line["booking_id"] is not None:
                assert reached.get(line["booking_id"], "") == line["from_status"]
                reached[line["booking_id"]] = line["to_status"]
        assert reached == {row["id"]: row["status"] for row in rows}


TestBookings = pytest.mark.slow(Bookings.TestCase)
TestBookings.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
