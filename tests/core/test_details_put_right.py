"""Which sentences put a standing booking's details right, and what they make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.amending import (
    ANY,
    NAME,
    NOTHING,
    PHONE,
    absorb_amendment,
    amends,
    as_draft,
    begin,
    differences,
)
from core.booking_draft import Heard
from core.change_draft import Ask, Change, next_ask
from core.spoken.entities import EntityRules
from core.values import Booking, BookingStatus, TrainingSlot
from runtime.settings import ZONE

TODAY = date(2026, 9, 9)
BEGINS = datetime(2026, 9, 29, 9, tzinfo=ZONE)
SLOT = TrainingSlot(
    "a15", "剪纸", "延吉市", "手工艺合作社", BEGINS, BEGINS + timedelta(hours=2), capacity=6
)
BOOKED = Booking(
    reference="235-078-623",
    slot=SLOT,
    name="王方",
    phone="13596530847",
    status=BookingStatus.CONFIRMED,
    companion=False,
    access_needs=("手语翻译",),
    channel="rest",
    created_at=BEGINS - timedelta(days=20),
)
RULES = EntityRules(("剪纸", "手机维修"))


def heard(text: str, intent: str = "inform") -> Heard:
    return Heard(text, intent, RULES.find(text, TODAY))


def begun(text: str) -> Change:
    change = Change(kind="amend", reference=BOOKED.reference, proven=True)
    return begin(change, heard(text), BOOKED)


def asked(ask: Ask, text: str = "电话错了，尾号是四四") -> Change:
    return replace(begun(text), asked=ask.value)


def after(change: Change, text: str, intent: str = "inform") -> Change:
    return absorb_amendment(change, heard(text, intent), BOOKED)[0]


CHANGES: dict[str, dict[str, Any]] = {
    "我那天得坐轮椅去，在我这个预约上给加上轮椅通道": {"access_needs": ("手语翻译", "轮椅通道")},
    "能给我加个轮椅通道吗": {"access_needs": ("手语翻译", "轮椅通道")},
    "手语翻译不用了": {"access_needs": ()},
    "我那个预约里头手语翻译那项给划掉吧": {"access_needs": ()},
    "刚才电话说错了，尾号是四四": {"phone": "13596530844"},
    "电话改成13800138000": {"phone": "13800138000"},
    "不是13596530847，是13596530848": {"phone": "13596530848"},
    "不是0847，是0848": {"phone": "13596530848"},
    "名字写错了，是王芳不是王方": {"name": "王芳"},
    "我姓汪，不姓王，三点水的汪": {"name": "汪方"},
    "我闺女也陪我去，给记一下": {"companion": True},
    "九月二十九号那个，我媳妇陪着我，麻烦登记上": {"companion": True},
}


@pytest.mark.parametrize("text", CHANGES)
def test_a_detail_put_right_changes_that_and_nothing_else(text: str) -> None:
    assert amends(heard(text), [BOOKED], TODAY)
    assert differences(BOOKED, begun(text).wish) == CHANGES[text]


@pytest.mark.parametrize(
    "text",
    [
        "给我妈也报一个",
        "我姐也去，给她也登记上",
        "给我媳妇报手机维修，她坐轮椅",
        "我妈也想学，她坐轮椅",
        "我想再报一个有手语的班",
        "我坐轮椅能申请什么补贴",
        "轮椅通道有吗",
        "你们那有轮椅通道不",
        "九月三十号那个，给我加上大字材料",
        "改到30号吧，我闺女那天才能陪我",
        "我不去了，我闺女没法陪我",
        "怎么改电话",
        "我叫李明",
        "13912345678",
        "取消预约",
    ],
)
def test_other_wishes_questions_and_bare_facts_amend_nothing(text: str) -> None:
    assert not amends(heard(text), [BOOKED], TODAY)


def test_an_intent_that_tells_nothing_needs_a_word_that_it_is_to_be_put_down() -> None:
    assert not amends(heard("坐轮椅的", "ask_support"), [BOOKED], TODAY)
    assert amends(heard("给我备注上坐轮椅", "ask_support"), [BOOKED], TODAY)


def test_without_a_booking_of_ones_own_the_sentence_must_speak_of_one() -> None:
    assert not amends(heard("给加上轮椅通道"), [], TODAY)
    assert amends(heard("我上回约的那个班，给加上轮椅通道"), [], TODAY)


@pytest.mark.parametrize(
    ("text", "due"),
    [("名字写错了", NAME), ("电话号码留错了", PHONE), ("要手语翻译", NOTHING), ("哎，不对", ANY)],
)
def test_what_is_called_wrong_without_the_right_one_is_asked_for(text: str, due: str) -> None:
    assert begun(text).due == due


def test_it_is_confirmed_by_a_yes_to_the_read_back_and_by_nothing_before() -> None:
    assert next_ask(begun("名字错了")) is Ask.DETAIL
    change = begun("电话错了，尾号是四四")
    assert next_ask(change) is Ask.CONFIRM and not change.confirmed
    assert after(asked(Ask.CONFIRM), "对，改吧", "affirm").confirmed


def test_a_yes_that_adds_something_is_read_back_again() -> None:
    again = after(asked(Ask.CONFIRM), "对，再加上轮椅通道", "affirm")
    assert not again.confirmed and next_ask(again) is Ask.CONFIRM
    assert differences(BOOKED, again.wish).keys() == {"phone", "access_needs"}


def test_a_no_asks_what_is_wrong_and_a_second_one_leaves_all_as_it_was() -> None:
    asking = after(asked(Ask.CONFIRM), "不对", "deny")
    assert asking.due == ANY and next_ask(asking) is Ask.DETAIL and not asking.refused
    assert after(replace(asking, asked=Ask.DETAIL.value), "没有", "deny").refused
    assert after(asked(Ask.CONFIRM), "算了，不改了", "deny").refused


def test_a_correction_at_the_read_back_changes_what_was_said_before() -> None:
    again = after(asked(Ask.CONFIRM), "不对，尾号是四五", "correct")
    assert again.wish.phone == "13596530845" and not again.confirmed


def test_a_number_due_is_taken_in_pieces() -> None:
    change = asked(Ask.DETAIL, "电话留错了")
    change, understood, notes = absorb_amendment(change, heard("幺三六八九七五"), BOOKED)
    assert understood and [note.event for note in notes] == ["phone_goes_on"]
    assert change.wish.phone == BOOKED.phone
    done = after(change, "八八零六")
    assert done.wish.phone == "13689758806" and next_ask(done) is Ask.CONFIRM


def test_a_name_due_is_taken_bare() -> None:
    done = after(asked(Ask.DETAIL, "名字写错了"), "李桂香")
    assert done.wish.name == "李桂香" and next_ask(done) is Ask.CONFIRM


def test_another_date_at_the_read_back_moves_the_booking_instead() -> None:
    assert after(asked(Ask.CONFIRM), "还是改个时间吧").kind == "reschedule"


def test_giving_up_the_booking_at_the_read_back_cancels_it_instead() -> None:
    cancelling = after(asked(Ask.CONFIRM), "算了，我不去了，取消预约吧", "cancel_booking")
    assert cancelling.kind == "cancel" and not cancelling.confirmed


def test_an_amendment_survives_a_pause() -> None:
    change = replace(asked(Ask.CONFIRM), version=3, told={"text": "名字错了"})
    assert Change.from_json(change.as_json()) == change


def test_the_booking_as_a_draft_differs_in_nothing() -> None:
    assert differences(BOOKED, as_draft(BOOKED)) == {}
