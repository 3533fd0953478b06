"""A standing booking's details put right, through the real REST door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.values import Booking

if TYPE_CHECKING:
    from tests.dialogue.conftest import Assistant, Talker

pytestmark = pytest.mark.slow


def only_booking(person: Talker) -> Booking:
    (booking,) = person.store.places.bookings_of(conversation=person.sender)
    return booking


def test_a_need_remembered_afterwards_is_added_to_the_booking_that_stands(
    person: Talker,
) -> None:
    person.say("我叫秦月，15800002221，想报3月17号的电商直播", "不需要", "对")
    answer = person.say("我那天得坐轮椅去，在我这个预约上给加上轮椅通道")
    assert "请核对" in answer and "轮椅通道" in answer
    assert only_booking(person).access_needs == ()
    answer = person.say("对，加上")
    assert "改好了" in answer and only_booking(person).access_needs == ("轮椅通道",)
    assert only_booking(person).reference in answer


def test_number_name_and_company_are_put_right_one_after_the_other(person: Talker) -> None:
    person.say("我叫王方，15800002222，想报3月17号的电商直播", "要手语翻译", "对")
    person.say("刚才电话说错了，尾号是四四", "对")
    person.say("名字写错了，是王芳不是王方", "对")
    person.say("我闺女也陪我去，给记一下", "对")
    person.say("手语翻译不用了", "对")
    booking = only_booking(person)
    assert (booking.name, booking.phone) == ("王芳", "15800002244")
    assert booking.companion and booking.access_needs == ()


def test_a_no_to_the_read_back_leaves_the_booking_as_it_was(person: Talker) -> None:
    person.say("我叫秦川，15800002223，想报3月17号的电商直播", "不需要", "对")
    person.say("刚才电话说错了，尾号是四四")
    assert "没有动" in person.say("算了，不改了")
    assert only_booking(person).phone == "15800002223"


def test_what_is_wrong_is_asked_for_right_after_the_booking(person: Talker) -> None:
    person.say("我叫秦淮，15800002226，想报3月17号的电商直播", "不需要", "对")
    assert "哪一项" in person.say("哎，不对")
    assert "请核对" in person.say("尾号是四四")
    person.say("对")
    assert only_booking(person).phone == "15800002244"


def test_a_booking_made_elsewhere_is_amended_once_it_is_proven(
    person: Talker, assistant: Assistant
) -> None:
    person.say("我叫秦岭，15800002224，想报3月17号的电商直播", "不需要", "对")
    reference = only_booking(person).reference
    other = assistant.talker()
    assert "核对" in other.say(f"我约的那个班，编号{reference}，给备注上轮椅通道")
    answer = other.say("2224")
    assert "轮椅通道" in answer and "秦岭" not in answer
    other.say("对")
    assert only_booking(person).access_needs == ("轮椅通道",)


def test_a_wish_for_somebody_else_after_a_booking_is_a_booking_of_its_own(
    person: Talker,
) -> None:
    person.say("我叫秦风，15800002225，想报3月17号的电商直播", "不需要", "对")
    answer = person.say("我妈坐轮椅，给我妈也报一个盲人按摩")
    assert "请核对" not in answer and only_booking(person).access_needs == ()
