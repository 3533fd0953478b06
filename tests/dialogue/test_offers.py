"""A place that the waitlist holds for somebody: taken or given on by talking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from core.values import BookingRequest

if TYPE_CHECKING:
    from tests.dialogue.conftest import Assistant, Talker

pytestmark = pytest.mark.slow


@pytest.fixture
def offered(person: Talker, assistant: Assistant) -> Iterator[Talker]:
    """Somebody who waited for the one place of one-1, which has just become free."""
    places = assistant.store.places
    key = person.sender

    def request(name: str, phone: str, conversation: str) -> BookingRequest:
        return BookingRequest(
            slot_id="one-1",
            name=name,
            phone=phone,
            conversation=conversation,
            channel="rest",
            key=f"{key}-{name}",
        )

    for booking in places.all_bookings():
        if booking.slot.id == "one-1" and booking.status.value != "cancelled":
            # Of tests before this one.
            places.cancel(booking.reference, key=f"{key}-before-{booking.reference}")
    first = places.book(request("石磊", "13900000011", f"other-{key}"))
    places.join_waitlist(request("高远", "13900000012", key))
    places.cancel(first.reference, key=f"{key}-first")
    assert [b.offered for b in places.bookings_of(conversation=key)] == [True]
    yield person
    for booking in places.bookings_of(conversation=key):
        places.cancel(booking.reference, key=f"{key}-after-{booking.reference}")


@pytest.mark.parametrize(
    "wish", ["我要这个候补名额", "好的，那个位子我要", "要", "轮到我的那个名额我要了"]
)
def test_a_place_on_offer_is_taken_by_saying_so(offered: Talker, wish: str) -> None:
    answer = offered.say(wish)
    assert "给您留下了" in answer
    assert offered.bookings() == [("one-1", "高远", "13900000012", "confirmed")]


@pytest.mark.parametrize("wish", ["我不要这个候补名额了", "不要了", "那个名额我不要，给别人吧"])
def test_a_place_on_offer_is_given_on_after_asking_once(offered: Talker, wish: str) -> None:
    answer = offered.say(wish)
    assert "确定取消吗" in answer and "面点烘焙" in answer
    assert [status for *_, status in offered.bookings()] == ["held"]
    offered.say("确定")
    assert offered.bookings() == []


def test_an_offer_answered_in_the_middle_of_another_booking_leaves_that_booking_going_on(
    offered: Talker,
) -> None:
    offered.say("我想报盲人按摩", "第一个")
    answer = offered.say("我要这个候补名额")
    assert "给您留下了" in answer and "名字" in answer
    offered.say("我叫高远", "13900000012", "不需要", "对")
    assert offered.bookings() == [
        ("am-1", "高远", "13900000012", "confirmed"),
        ("one-1", "高远", "13900000012", "confirmed"),
    ]


def test_an_offer_is_marked_where_bookings_are_told(offered: Talker) -> None:
    assert "候补有名额了" in offered.say("我的预约")


def test_a_wish_for_another_course_takes_no_offer(offered: Talker) -> None:
    offered.say("我要报名电商直播")
    assert [status for *_, status in offered.bookings()] == ["held"]
    offered.say("不约了")


def test_one_of_several_offers_is_named_by_its_number(
    offered: Talker, assistant: Assistant
) -> None:
    places, key = assistant.store.places, offered.sender
    others = [
        BookingRequest(
            slot_id="hk-1", name="占座" + "甲乙丙丁戊己庚辛"[at], phone=f"1390000010{at}",
            conversation=f"{at}-{key}", channel="rest", key=f"{key}-seat-{at}",
        )
        for at in range(places.slot("hk-1").free)
    ]  # fmt: skip
    taken = [places.book(other) for other in others]
    places.join_waitlist(
        BookingRequest(
            slot_id="hk-1", name="高远", phone="13900000012", conversation=key, channel="rest",
            key=f"{key}-second",
        )
    )  # fmt: skip
    for booking in taken:
        places.cancel(booking.reference, key=f"{key}-{booking.reference}")
    assert "第几个" in offered.say("我要这个候补名额")
    assert "家政服务" in offered.say("第二个")
    assert ("hk-1", "高远", "13900000012", "confirmed") in offered.bookings()
