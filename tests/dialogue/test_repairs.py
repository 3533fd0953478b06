"""Changes of mind, half answers and answers to something else, through the real REST door."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.dialogue.conftest import Assistant, Talker

pytestmark = pytest.mark.slow


def a_day_passes(assistant: Assistant, sender: str) -> None:
    """Moves everything that the tracker store holds of this person a day back."""
    day = 86_400
    with sqlite3.connect(assistant.settings.data_dir / "tracker.db") as kept:
        rows = kept.execute("SELECT id, timestamp, data FROM events WHERE sender_id = ?", (sender,))
        for key, moment, data in rows.fetchall():
            event = json.loads(data)
            event["timestamp"] -= day
            kept.execute(
                "UPDATE events SET timestamp = ?, data = ? WHERE id = ?",
                (moment - day, json.dumps(event), key),
            )


def test_without_the_callers_consent_nothing_is_stored_and_that_is_said(person: Talker) -> None:
    answer = person.say("来电人想报3月12号吉林市的盲人按摩", "张桂芳", "15900001111", "不需要")
    assert "同意" in answer
    assert "什么也没有存" in person.say("没有同意")
    assert person.bookings() == []


def test_staff_book_for_a_caller_who_agreed(person: Talker) -> None:
    person.say("来电人想报3月12号吉林市的盲人按摩", "张桂芬", "15900001112", "不需要", "同意", "对")
    assert person.bookings() == [("am-2", "张桂芬", "15900001112", "confirmed")]


def test_another_date_asked_for_at_the_read_back_changes_this_booking(person: Talker) -> None:
    person.say("我叫李木，15900001113，想报3月11号的盲人按摩", "不需要")
    assert "3月12日" in person.say("改成吉林市那期")
    person.say("对")
    assert [slot for slot, *_ in person.bookings()] == ["am-2"]


def test_a_field_that_is_only_named_as_wrong_is_asked_for_again(person: Talker) -> None:
    person.say("我叫李杉，15900001114，想报3月17号的电商直播", "不需要")
    assert "哪一项" in person.say("不对")
    assert "手机号码" in person.say("电话不对")
    assert "159 0000 1115" in person.say("15900001115")
    person.say("对")
    assert person.bookings() == [("ds-3", "李杉", "15900001115", "confirmed")]


def test_a_number_half_said_is_said_from_the_start(person: Talker) -> None:
    person.say("我想报3月17号的电商直播", "我叫李彬", "幺三九", "八八八八")
    assert "手机号码" in person.say("不对，从头说")
    person.say("幺五九零零零零幺幺幺六", "不需要", "对")
    assert person.bookings() == [("ds-3", "李彬", "15900001116", "confirmed")]


def test_a_yes_to_the_question_about_safety_books_nothing(person: Talker) -> None:
    person.say("我叫李林，15900001117，想报3月17号的电商直播", "不需要")
    person.say("我不想活了")
    (message,) = person.post("对")
    assert message["custom"]["kind"] == "safety"
    assert person.bookings() == []
    assert "请核对" in person.say("继续")
    person.say("对")
    assert len(person.bookings()) == 1


def test_whoever_is_back_tomorrow_goes_on_midway(person: Talker, assistant: Assistant) -> None:
    person.say("我想报3月11号的盲人按摩", "我叫田野")
    a_day_passes(assistant, person.sender)
    assert "继续" in person.say("你好")
    assert "手机号码" in person.say("继续")
    person.say("15900001118", "不需要", "对")
    assert person.bookings() == [("am-1", "田野", "15900001118", "confirmed")]


def test_a_yes_tomorrow_is_read_back_before_it_books(person: Talker, assistant: Assistant) -> None:
    person.say("我叫田苗，15900001119，想报3月11号的盲人按摩", "不需要")
    a_day_passes(assistant, person.sender)
    assert "请核对" in person.say("对")
    assert person.bookings() == []
    person.say("对")
    assert len(person.bookings()) == 1


def test_overlapping_bookings_need_a_second_yes(person: Talker) -> None:
    person.say("我叫方圆，15900001120，想报3月18号的家政服务", "不需要", "对")
    answer = person.say("我叫方圆，15900001120，想报3月18号的养老护理", "不需要", "对")
    assert "同一时间" in answer and len(person.bookings()) == 1
    person.say("对")
    assert len(person.bookings()) == 2


def test_a_place_held_elsewhere_is_not_told_by_its_reference(assistant: Assistant) -> None:
    first, second = assistant.talker(), assistant.talker()
    first.say("我叫方正，15900001121，想报3月18号的家政服务", "不需要", "对")
    answer = second.say("我叫方正，15900001121，想报3月18号的家政服务", "不需要", "对")
    assert "没有重复约" in answer and "编号是" not in answer
    assert second.bookings() == []


def test_a_screening_left_for_a_person_goes_on_where_it_was(person: Talker) -> None:
    person.say("我能享受哪些政策？", "想找工作", "眼睛看不见")
    person.say("转人工")
    assert "农村" in person.say("继续")


def test_a_message_of_any_length_loses_nothing(person: Talker) -> None:
    person.say("我想报3月11号的盲人按摩", "我叫石磊")
    for length in (5_001, 100_000):
        assert "太长" in person.say("长" * length)
    person.say("15900001122", "不需要", "对")
    assert person.bookings() == [("am-1", "石磊", "15900001122", "confirmed")]


def test_a_date_that_cannot_be_moved_to_is_said_to_be_none(person: Talker) -> None:
    person.say("我叫石岩，15900001123，想报3月10号的电商直播", "不需要", "对")
    person.say("我想改个时间")
    assert "没有电商直播的班" in person.say("4月12号")
    person.say("不换了")
    assert [slot for slot, *_ in person.bookings()] == ["ds-1"]


def test_asking_for_ones_bookings_while_a_name_is_due_is_no_name(person: Talker) -> None:
    answer = person.say("我想报3月11号的盲人按摩", "我的预约")
    assert "没听明白" not in answer
    assert "叫什么名字" in answer
