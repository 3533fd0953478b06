"""Whole tasks through the real REST door; each ends with what the store holds."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.dialogue.conftest import Assistant, Talker

pytestmark = pytest.mark.slow


def test_booking_one_thing_at_a_time(person: Talker) -> None:
    person.say("我想报电商直播", "第二个", "我叫王芳", "13800138000", "不需要", "对")
    assert person.bookings() == [("ds-2", "王芳", "13800138000", "confirmed")]


def test_booking_everything_in_one_breath(person: Talker) -> None:
    answer = person.say("我叫李明，电话13912345678，想报下周二长春的电商直播", "不需要")
    assert "李明" in answer and "139 1234 5678" in answer
    assert person.bookings() == []
    person.say("对")
    assert person.bookings() == [("ds-1", "李明", "13912345678", "confirmed")]


def test_a_question_in_between_is_answered_and_nothing_said_is_lost(person: Talker) -> None:
    person.say("我想报盲人按摩", "第一个", "我叫赵军")
    answer = person.say("盲人按摩机构要达到多少家？")
    assert "400" in answer and "手机号码" in answer
    person.say("13800138001", "不需要", "对")
    assert person.bookings() == [("am-1", "赵军", "13800138001", "confirmed")]


def test_one_field_is_mended_without_saying_the_others_again(person: Talker) -> None:
    person.say("我叫孙丽，电话13912345679，想报3月13号四平的电商直播", "不需要")
    answer = person.say("电话尾号错了，是四四")
    assert "139 1234 5644" in answer
    assert "孙莉" in person.say("名字改成孙莉")
    person.say("对")
    assert person.bookings() == [("ds-2", "孙莉", "13912345644", "confirmed")]


def test_a_phone_said_in_pieces_is_put_together(person: Talker) -> None:
    person.say("我想报盲人按摩", "第二个", "我叫钱多", "幺三八", "零零幺三", "八零零二", "不需要")
    person.say("对")
    assert person.bookings() == [("am-2", "钱多", "13800138002", "confirmed")]


def test_the_same_sentences_twice_book_once(person: Talker) -> None:
    for text in ("我叫周杰，电话13712345678，想报3月17号的电商直播", "不需要", "对"):
        person.say(text)
        person.say(text)
    assert person.bookings() == [("ds-3", "周杰", "13712345678", "confirmed")]


def test_cancelling_ones_own_booking_needs_no_reference(person: Talker) -> None:
    person.say("我叫吴静，电话13612345678，想报3月17号的电商直播", "不需要", "对")
    assert len(person.bookings()) == 1
    person.say("我要取消预约", "确定")
    assert person.bookings() == []


def test_a_booking_made_elsewhere_is_cancelled_by_reference_and_phone(
    person: Talker, assistant: Assistant
) -> None:
    person.say("我叫郑爽，电话13512345678，想报3月11号的盲人按摩", "不需要", "对")
    (booking,) = assistant.store.places.bookings_of(conversation=person.sender)
    other = assistant.talker()
    other.say("取消预约", booking.reference, "5678", "确定")
    assert person.bookings() == []


def test_moving_a_booking_to_another_date(person: Talker) -> None:
    person.say("我叫冯刚，电话13412345678，想报3月10号长春的电商直播", "不需要", "对")
    person.say("我想改个时间", "3月17号")
    person.say("对")
    assert [slot for slot, *_ in person.bookings()] == ["ds-3"]


def test_a_full_class_offers_the_waitlist(assistant: Assistant) -> None:
    first, second = assistant.talker(), assistant.talker()
    first.say("我叫陈晨，电话13312345678，想报3月16号的面点烘焙", "不需要", "对")
    assert "满" in second.say("我想报3月16号的面点烘焙")
    second.say("排候补", "我叫褚健", "没有电话", "不需要", "对")
    assert second.bookings() == [("one-1", "褚健", "", "waitlisted")]


def test_giving_up_books_nothing(person: Talker) -> None:
    answer = person.say("我想报盲人按摩", "第一个", "算了不约了")
    assert "没有存" in answer
    assert person.bookings() == []


def test_danger_in_the_middle_of_a_booking_comes_first_and_the_booking_waits(
    person: Talker, assistant: Assistant
) -> None:
    person.say("我想报盲人按摩", "第一个", "我叫卫东")
    (message, *_) = person.post("我不想活了")
    assert message["custom"]["kind"] == "safety" and "120" in message["text"]
    waiting = [t for t in assistant.store.tickets.waiting() if t.conversation == person.sender]
    assert waiting and waiting[0].urgent
    person.say("继续", "13212345678", "不需要", "对")
    assert person.bookings() == [("am-1", "卫东", "13212345678", "confirmed")]


def test_asking_for_a_person_keeps_a_ticket(person: Talker, assistant: Assistant) -> None:
    assert person.post("转人工")[0]["custom"]["kind"] == "handover"
    assert [t for t in assistant.store.tickets.waiting() if t.conversation == person.sender]


def test_screening_cites_a_clause_for_each_of_the_ten_measures(person: Talker) -> None:
    person.say("我能享受哪些政策？", "想找工作", "眼睛看不见", "城里的", "都不是")
    (message,) = person.post("不是低保")
    assert message["custom"]["kind"] == "eligibility"
    assert len(message["custom"]["citations"]) == 10
    assert message["custom"]["outcomes"]["二（三）7"] == "fits"
    assert "以当地残联核定为准" in message["text"]


def test_a_dead_action_server_is_apologised_for_and_the_next_question_works(
    person: Talker, assistant: Assistant
) -> None:
    assistant.actions.kill()
    assistant.actions.wait(timeout=10)
    (message,) = person.post("盲人按摩机构要达到多少家？")
    assert "对不起" in message["text"] and "再说一遍" in message["text"]
    assistant.start_actions()
    assert "400" in person.say("盲人按摩机构要达到多少家？")


def test_silence_never_ends_a_booking(person: Talker) -> None:
    person.say("我想报盲人按摩", "第二个", "", "   ", "我叫蒋兰", "", "13112345678", "不需要", "对")
    assert person.bookings() == [("am-2", "蒋兰", "13112345678", "confirmed")]


def test_the_operators_list_shows_a_booking_made_over_rest(
    person: Talker, assistant: Assistant
) -> None:
    person.say("我叫沈静，电话13012345678，想报3月13号四平的电商直播", "不需要", "对")
    environment = {
        **os.environ,
        "MINGLU_DATA_DIR": str(assistant.settings.data_dir),
        "MINGLU_NOW": "2026-03-02T09:00:00+08:00",
    }
    shown = subprocess.run(
        [sys.executable, "-m", "minglu", "bookings", "list", "--json"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "13012345678" in shown.stdout
