"""The rules of a booking's conversation that need no store."""

from __future__ import annotations

import pytest

from core.booking_dialogue import says_begin_again, step_back
from core.booking_draft import Draft, Heard
from core.booking_person import comes_alone, take_person


def test_a_draft_survives_being_stored_and_read() -> None:
    draft = Draft(course="盲人按摩", name="王芳", access_needs=("轮椅通道",), declined=("one-1",))
    assert Draft.from_json(draft.as_json()) == draft


def test_going_back_asks_again_only_for_what_came_last() -> None:
    draft = step_back(Draft(course="盲人按摩", slot_id="am-1", name="王芳", phone="13800138000"))
    assert (draft.slot_id, draft.name, draft.phone) == ("am-1", "王芳", "")


@pytest.mark.parametrize(("text", "consent"), [("来电人同意了", True), ("来电人不同意", False)])
def test_a_caller_agrees_only_where_it_was_said(text: str, consent: bool) -> None:
    draft = take_person(Draft(), Heard(text))
    assert (draft.booked_by, draft.consent) == ("staff", consent)


def test_only_a_number_half_said_can_begin_again() -> None:
    assert says_begin_again(Draft(phone_part="139"), Heard("不对，从头说"))
    assert not says_begin_again(Draft(), Heard("不对，从头说"))


def test_coming_alone_is_heard() -> None:
    assert comes_alone(Heard("就我一个人去")) and not comes_alone(Heard("我妈陪我去"))
