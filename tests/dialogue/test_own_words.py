"""Whole tasks in the words that people use, with courses that the classifier never heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.dialogue.conftest import Assistant, Talker

pytestmark = pytest.mark.slow

BOOKED: dict[str, tuple[tuple[str, ...], tuple[str, str, str, str]]] = {
    "the only date taken by saying who comes": (
        ("帮我约养老护理", "金顺姬", "幺三九零四四三七七六五", "没啥需要", "核对无误"),
        ("oc-1", "金顺姬", "13904437765", "confirmed"),
    ),
    "a part of a course's name, and the earlier date": (
        ("学直播，长春的", "早的那期", "俺叫艾米", "记一下 幺三五", "零零零幺零零五六",
         "一个人", "对"),
        ("ds-1", "艾米", "13500010056", "confirmed"),
    ),
    "a weekday as such": (
        ("家政服务 周三的 靳东升 13500010018", "不用", "不是靳东升 是金冬生", "对"),
        ("hk-1", "金冬生", "13500010018", "confirmed"),
    ),
    "the afternoon instead": (
        ("报盲人按摩", "上午的", "等会儿，上午我得透析，换下午那场", "姜大勇", "15844712309",
         "不用", "行"),
        ("am-2", "姜大勇", "15844712309", "confirmed"),
    ),
    "what was listed is taken up": (
        ("3月10号有什么课", "那报这个吧", "袁泉", "没有手机", "都不用", "嗯 对 报吧"),
        ("ds-1", "袁泉", "", "confirmed"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", BOOKED)
def test_a_booking_in_peoples_own_words(person: Talker, way: str) -> None:
    texts, booked = BOOKED[way]
    person.say(*texts)
    assert person.bookings() == [booked]


def test_a_second_booking_for_the_same_person_asks_nothing_twice(person: Talker) -> None:
    person.say("我叫汪洋，15900002001，报3月11号的盲人按摩", "不需要", "对")
    assert "请核对" in person.say("再报一个17号的电商直播", "还是我 还是刚才那个电话", "不需要")
    person.say("对")
    assert [booked[1:3] for booked in person.bookings()] == [("汪洋", "15900002001")] * 2


def test_a_last_thought_keeps_the_booking(person: Talker) -> None:
    person.say("我叫蓝天，15900002002，报3月11号的盲人按摩", "不需要", "对")
    person.say("取消预约", "算了 还是去吧 别取消了")
    assert [booked[0] for booked in person.bookings()] == ["am-1"]


def test_a_booking_is_cancelled_by_phone_and_name(person: Talker, assistant: Assistant) -> None:
    person.say("我叫孙晓梅，15900002003，报3月11号的盲人按摩", "不需要", "对")
    other = assistant.talker()
    assert "姓名" in other.say("取消预约", "编号找不着了，就记得电话15900002003")
    other.say("孙晓梅", "确定退")
    assert person.bookings() == []


def test_one_of_two_bookings_is_cancelled_by_its_day(person: Talker) -> None:
    person.say("我叫苗圃，15900002004，报3月11号的盲人按摩", "不需要", "对")
    person.say("我叫苗圃，15900002004，报3月17号的电商直播", "不需要", "对")
    person.say("把11号那个取消", "确定")
    assert [booked[0] for booked in person.bookings()] == ["ds-3"]
