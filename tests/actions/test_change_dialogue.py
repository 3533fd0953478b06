"""What cancelling and rescheduling ask for next, and what a yes or no does to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.booking_draft import Heard
from core.change_dialogue import absorb_change
from core.change_draft import Ask, Change, next_ask
from core.change_wish import of_the_wish
from core.spoken.entities import EntityRules

TODAY = date(2026, 3, 2)
KNOWN = Change(reference="ABC", proven=True, asked=Ask.CONFIRM.value)


class NoPlaces:
    """A yes or no never needs the timetable."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked the timetable for {name}")


def after(change: Change, intent: str, text: str) -> Change:
    return absorb_change(change, Heard(text=text, intent=intent), (), NoPlaces(), TODAY)[0]


def test_asks_which_then_proof_then_a_confirmation() -> None:
    assert next_ask(Change()) is Ask.WHICH
    assert next_ask(Change(reference="ABC")) is Ask.PHONE
    assert next_ask(Change(reference="ABC", proven=True)) is Ask.CONFIRM


def test_a_new_date_is_asked_for_only_when_rescheduling() -> None:
    moving = Change(kind="reschedule", reference="ABC", proven=True)
    assert next_ask(moving) is Ask.SLOT
    assert next_ask(replace(moving, slot_id="am-1")) is Ask.CONFIRM


def test_a_yes_confirms_only_after_the_read_back() -> None:
    assert after(KNOWN, "affirm", "对").confirmed
    assert not after(replace(KNOWN, asked=""), "affirm", "对").confirmed


@pytest.mark.parametrize("kind", ["cancel", "reschedule"])
def test_a_no_leaves_the_booking_as_it_is(kind: str) -> None:
    refused = after(replace(KNOWN, kind=kind), "deny", "不")
    assert refused.refused and not refused.confirmed
    assert next_ask(refused) is None


def test_a_change_survives_a_pause() -> None:
    change = replace(KNOWN, offered=("a", "b"), phone="1234")
    assert Change.from_json(change.as_json()) == change


def test_spoken_last_four_digits_are_taken_only_when_asked_for() -> None:
    asked = Change(reference="ABC", asked=Ask.PHONE.value)
    assert after(asked, "inform", "尾号幺二三零").phone == "1230"
    assert after(replace(asked, asked=Ask.WHICH.value), "inform", "尾号幺二三零").phone == ""


def test_going_on_after_never_mind_gives_nothing_up() -> None:
    went_on = after(KNOWN, "continue", "没人就算了，继续")
    assert not went_on.refused and not went_on.confirmed


@pytest.mark.parametrize(
    "text", ["编号我没记住", "号码单子早扔了", "不知道编号", "忘了", "哪有编号"]
)
def test_who_has_no_reference_is_asked_for_phone_and_name(text: str) -> None:
    without = after(Change(asked=Ask.WHICH.value), "skip", text)
    assert next_ask(without) is Ask.PHONE
    assert next_ask(replace(without, phone="13800138000")) is Ask.NAME


def test_what_stays_untouched_names_no_date_to_move_to() -> None:
    text = "我有俩班，客服话务那个想换个日子，换到大安三十号那场，刺绣那个别动啊"
    found = EntityRules(("客服话务", "刺绣")).find(text, TODAY)
    wished = of_the_wish(Change(kind="reschedule"), Heard(text, "reschedule_booking", found))
    assert "刺绣" not in wished.text and "大安三十号" in wished.text
    assert [e.value for e in wished.entities] == ["大安", "三十号"]


def test_any_name_is_heard_where_the_name_of_a_booking_is_asked_for() -> None:
    asked = Change(phone="13500010018", asked=Ask.NAME.value)
    assert after(asked, "inform", "那春燕").name == "那春燕"
    assert after(Change(asked=Ask.WHICH.value), "inform", "那春燕").name == ""
