"""Which booking is amended, what is read back of it, and what is remembered afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from actions.amend_opening import begun_amendment, packed, unpacked, wants_amendment
from actions.amending import apply_amendment, filled, read_back
from actions.book import Book
from actions.booking import ValidateBookingForm
from actions.change_opening import begun
from actions.conversation import Turn
from core.booking_draft import Heard
from core.change_draft import Change, next_ask
from core.spoken.entities import EntityRules
from core.values import Booking
from store.opening import Store
from tests.store.stores import HandClock, add, fresh_store, slot, wish

RULES = EntityRules(("盲人按摩", "电商直播"))


class Tracker:
    """A conversation in which `text` was just heard, outside of forms."""

    def __init__(self, text: str, intent: str = "inform", **slots: Any) -> None:
        found = RULES.find(text, date(2026, 3, 2))
        entities = [
            {"entity": e.kind, "start": e.start, "end": e.end, "value": e.value, **e.details}
            for e in found
        ]
        self.latest_message = {"text": text, "intent": {"name": intent}, "entities": entities}
        self.sender_id, self.events, self.active_loop = "c1", [], {}
        self._slots = slots

    def get_slot(self, name: str) -> Any:
        return self._slots.get(name)

    def get_latest_input_channel(self) -> str:
        return "web"


class Said:
    """What was said, by the names of the responses, with their values."""

    def __init__(self) -> None:
        self.responses: list[str] = []
        self.values: dict[str, Any] = {}

    def utter_message(self, response: str, **values: Any) -> None:
        self.responses.append(response)
        self.values = values


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store, _ = fresh_store(tmp_path)
    add(store, slot(), slot("B", days=8, course="电商直播"))
    yield store
    store.close()


def turn_of(store: Store, text: str, intent: str = "inform", **slots: Any) -> Turn:
    services: Any = SimpleNamespace(places=store.places, clock=HandClock())
    turn = Turn(Said(), Tracker(text, intent, **slots), services)  # type: ignore[arg-type]
    return turn


def said(turn: Turn) -> Said:
    return turn._dispatcher  # type: ignore[return-value]


def book(store: Store, slot_id: str = "A", **more: Any) -> Booking:
    return store.places.book(wish(1, slot_id, **more))


def amended_reference(turn: Turn) -> str:
    change = begun_amendment(turn)
    assert change is not None
    return change.reference


def test_the_only_booking_of_the_conversation_is_meant(store: Store) -> None:
    mine = book(store)
    assert amended_reference(turn_of(store, "给加上轮椅通道")) == mine.reference


def test_of_several_the_one_named_is_meant_and_else_the_one_made_last(store: Store) -> None:
    first, last = book(store), book(store, "B")
    slots = {"booking_reference": last.reference}
    named = turn_of(store, "盲人按摩那个，给加上轮椅通道", **slots)
    assert amended_reference(named) == first.reference
    told = f"{first.reference}这个预约，给加上轮椅通道"
    assert amended_reference(turn_of(store, told, **slots)) == first.reference
    assert amended_reference(turn_of(store, "给加上轮椅通道", **slots)) == last.reference


def test_a_name_put_right_is_that_of_the_booking_it_stands_on(store: Store) -> None:
    mothers = book(store, name="郝桂兰")
    last = book(store, "B", name="郝建军")
    text = "我妈的名字不对，不是郝桂兰，是郝桂澜"
    turn = turn_of(store, text, booking_reference=last.reference)
    assert amended_reference(turn) == mothers.reference


def test_of_several_of_which_none_was_made_last_it_is_asked_which(store: Store) -> None:
    book(store), book(store, "B")
    change = begun_amendment(turn_of(store, "给加上轮椅通道"))
    assert change is not None and not change.reference and not change.proven


def test_while_a_booking_is_in_the_making_a_need_belongs_to_that_one(store: Store) -> None:
    book(store)
    draft = {"course": "电商直播", "asked": "booking_needs"}
    assert not wants_amendment(turn_of(store, "给加上轮椅通道", booking_draft=draft))
    assert wants_amendment(turn_of(store, "给加上轮椅通道"))


def test_a_wish_to_cancel_that_names_a_need_gives_up_the_need_alone(store: Store) -> None:
    book(store, access_needs=("手语翻译",))
    assert begun(turn_of(store, "手语翻译不用了", "cancel_booking")).kind == "amend"
    assert begun(turn_of(store, "我不去了，取消预约", "cancel_booking")).kind == "cancel"


def test_a_detail_that_opens_a_booking_goes_on_to_the_change_and_leaves_no_draft(
    store: Store,
) -> None:
    book(store)
    turn = turn_of(store, "我那天得坐轮椅去，给加上轮椅通道", "book_course")
    (kept, closed) = ValidateBookingForm(turn.services).act(turn)
    assert (closed["name"], closed["value"]) == ("requested_slot", None)
    turn = turn_of(store, "…", booking_draft=kept["value"])
    events = Book(turn.services).act(turn)
    assert [e.get("name") for e in events] == ["booking_draft", "hands_on", "change_form"]
    assert events[0]["value"] is None and said(turn).responses == []


def test_all_of_ones_own_booking_is_read_back_and_of_another_only_the_change(
    store: Store,
) -> None:
    mine = book(store, access_needs=("手语翻译",))
    turn = turn_of(store, "给加上轮椅通道")
    change = begun_amendment(turn)
    assert change is not None
    read_back(turn, filled(change, mine), mine, own=True)
    assert said(turn).values["needs"] == "手语翻译、轮椅通道"
    assert "1390" not in said(turn).values["phone_spoken"]
    read_back(turn, filled(change, mine), mine, own=False)
    assert said(turn).responses[-1].endswith("amend_elsewhere")
    told = "".join(map(str, said(turn).values.values()))
    assert "加上轮椅通道" in told and "手语翻译" not in told and mine.name not in told


def test_what_is_on_record_already_changes_nothing_and_is_said(store: Store) -> None:
    mine = book(store, access_needs=("轮椅通道",))
    turn = turn_of(store, "给加上轮椅通道")
    change = begun_amendment(turn)
    assert change is not None
    change = filled(change, mine)
    assert next_ask(change) is None
    apply_amendment(turn, change, mine)
    assert said(turn).responses == ["utter_change_amend_already"]


def test_a_yes_delivered_twice_amends_once(store: Store) -> None:
    mine = book(store)
    turn = turn_of(store, "给加上轮椅通道")
    change = begun_amendment(turn)
    assert change is not None
    change = Change.from_json({**filled(change, mine).as_json(), "confirmed": True})
    apply_amendment(turn, change, mine)
    taken_back = store.places.amend(mine.reference, access_needs=(), key="desk", by="staff")
    apply_amendment(turn, change, mine)
    (now,) = store.places.bookings_of(conversation="c1")
    assert now.access_needs == () and now.sequence == taken_back.sequence


def test_who_was_booked_last_is_called_by_the_new_name_from_then_on(store: Store) -> None:
    mine = book(store, name="王方")
    person = {"last_name": "王方", "last_phone": mine.phone, "last_slot": "A"}
    remembered = {"booking_reference": mine.reference, "booking_person": person}
    turn = turn_of(store, "名字写错了，是王芳不是王方", "correct", **remembered)
    change = begun_amendment(turn)
    assert change is not None
    change = Change.from_json({**filled(change, mine).as_json(), "confirmed": True})
    (event,) = apply_amendment(turn, change, mine)
    assert event["value"] == {**person, "last_name": "王芳"}


def test_a_person_who_is_booked_already_is_not_booked_twice_and_that_is_said(
    store: Store,
) -> None:
    book(store, name="王芳", key="other")
    mine = book(store, name="王方")
    turn = turn_of(store, "名字写错了，是王芳不是王方", "correct", booking_reference=mine.reference)
    change = Change(kind="amend", reference=mine.reference, proven=True, told=packed(turn.heard))
    change = Change.from_json({**filled(change, mine).as_json(), "confirmed": True})
    apply_amendment(turn, change, mine)
    assert said(turn).responses == ["utter_change_amend_booked_already"]
    assert store.places.by_reference(mine.reference).name == "王方"


def test_a_bare_no_right_after_a_booking_is_about_that_booking(store: Store) -> None:
    mine = book(store)
    turn = turn_of(store, "哎，不对", "deny")
    assert not wants_amendment(turn)
    turn.tracker.events = [{"event": "bot", "text": f"约好了。编号是{mine.reference}。"}]
    assert amended_reference(turn) == mine.reference


def test_a_sentence_is_remembered_whole() -> None:
    text = "九月二十九号那个，给我加上大字材料"
    heard = Heard(text, "inform", RULES.find(text, date(2026, 9, 9)))
    assert unpacked(packed(heard)) == heard
