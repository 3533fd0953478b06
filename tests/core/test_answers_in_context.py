"""Short answers that mean something only in the light of what was asked or read out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from core.booking_draft import Draft, Heard, Question
from core.booking_person import refuses_phone, take_phone, take_same_person
from core.change_dialogue import absorb_change, loses_reference
from core.change_draft import Ask, Change, next_ask
from core.choosing import choose
from core.plain_answers import in_context, needs_nothing, only_agrees
from core.spoken.company import find_companion
from core.spoken.courses import courses_in
from core.spoken.dates import find_dates
from core.spoken.entities import EntityRules
from core.spoken.names import parse_name
from core.values import TrainingSlot

TODAY = date(2026, 3, 2)
BEGIN = datetime(2026, 3, 10, 9, tzinfo=timezone(timedelta(hours=8)))


def slot(
    name: str, days: int = 0, hour: int = 9, venue: str = "培训中心", free: int = 5
) -> TrainingSlot:
    at = BEGIN.replace(hour=hour) + timedelta(days=days)
    return TrainingSlot(name, "茶艺师", "延吉市", venue, at, at + timedelta(hours=2), 5, free)


def heard(text: str, intent: str = "inform") -> Heard:
    return Heard(text, intent, EntityRules().find(text, TODAY))


@pytest.mark.parametrize(
    "text", ["行，就这期", "核对无误", "这回对了", "嗯 对 报吧", "就这么着", "已征得本人同意"]
)
def test_agreeing_in_whatever_words(text: str) -> None:
    assert only_agrees(text)


@pytest.mark.parametrize("text", ["嗯", "那个", "不是这期", "对，电话错了", "就是不想报", "没问你"])
def test_a_hum_or_a_but_is_no_yes(text: str) -> None:
    assert not only_agrees(text)
    asked = Draft(asked=Question.CONFIRM.value)
    assert in_context(Heard(text, "inform"), asked).intent == "inform"


@pytest.mark.parametrize(
    "text", ["啥也不要", "没啥需要", "无特殊需求", "我知道了 我不需要别的 接着报"]
)
def test_needing_nothing_settles_the_question_for_needs_alone(text: str) -> None:
    assert needs_nothing(text)
    assert in_context(Heard(text, "complain"), Draft(asked=Question.NEEDS)).intent == "deny"
    assert in_context(Heard(text, "complain"), Draft(asked=Question.NAME)).intent == "complain"


@pytest.mark.parametrize("text", ["不要手语要大字", "需要什么", "没人陪"])
def test_a_need_that_is_named_is_not_nothing(text: str) -> None:
    assert not needs_nothing(text)


@pytest.mark.parametrize(
    ("text", "picked"),
    [("早的那期", "a"), ("不不，晚的那期", "c"), ("下午一点半那个", "b"), ("文化馆那个", "c"),
     ("一个早一个晚，我要晚的那期", "c"), ("哪期都行", "a"), ("我再想想", "")],
)  # fmt: skip
def test_a_date_is_described_instead_of_numbered(text: str, picked: str) -> None:
    half_past_one = replace(slot("b", 1), starts_at=BEGIN.replace(day=11, hour=13, minute=30))
    offered = (slot("a"), half_past_one, slot("c", 2, hour=10, venue="延吉市文化馆"))
    only = choose(text, offered, TODAY).only
    assert ("" if only is None else offered[only].id) == picked


@pytest.mark.parametrize(
    ("text", "name"),
    [("俺叫艾米", "艾米"), ("我叫尚雯婕 电话一三五", "尚雯婕"),
     ("不是靳东升 是金冬生", "金冬生"), ("文章的文，牧羊的牧，田野的野", "文牧野"),
     ("报电商直播 3月10号 靳东升 13500010018", "靳东升")],
)  # fmt: skip
def test_names_that_stand_beside_other_things(text: str, name: str) -> None:
    found = parse_name(text)
    assert found is not None and found.name == name


@pytest.mark.parametrize(
    "text", ["我老伴儿陪我", "我跟着他一块儿去", "有我陪着", "她坐轮椅，我推她去"]
)
def test_who_comes_along_stands_before_or_speaks(text: str) -> None:
    found = find_companion(text)
    assert found is not None and found.comes


def test_a_course_is_known_by_a_part_of_its_own_and_not_by_a_common_word() -> None:
    names = ("茶艺师", "短视频剪辑", "家政服务", "声音创业")
    assert [c.name for c in courses_in("报个短视频", names)] == ["短视频剪辑"]
    assert [c.name for c in courses_in("我想学茶艺", names)] == ["茶艺师"]
    assert courses_in("就业服务和创业有啥扶持", names) == ()


def test_pieces_of_a_number_are_heard_among_other_words() -> None:
    asked = Draft(asked=Question.PHONE.value)
    assert take_phone(asked, heard("记一下 幺三五"), []).phone_part == "135"
    assert take_phone(Draft(asked=Question.SLOT.value), heard("记一下 幺三五"), []).phone_part == ""


@pytest.mark.parametrize(
    ("text", "refused"),
    [("我没手机", True), ("那就不留电话了", True), ("有没有电话", False),
     ("电话是13800138000", False)],
)  # fmt: skip
def test_having_no_phone_is_heard_whatever_was_asked(text: str, refused: bool) -> None:
    assert refuses_phone(heard(text)) is refused


def test_the_same_person_as_before_needs_no_saying_again() -> None:
    before = Draft(asked=Question.NAME.value, last_name="汪洋", last_phone="13500050001")
    again = take_same_person(before, heard("还是我 电话没变"))
    assert (again.name, again.phone) == ("汪洋", "13500050001")
    assert take_same_person(replace(before, last_name=""), heard("还是我")).name == ""


def test_the_end_of_the_month_after_a_measure_word_is_a_date() -> None:
    assert find_dates("报个月底的", TODAY) and not find_dates("等一个月底下的人", TODAY)


class NoPlaces:
    """An answer at the last question needs no timetable."""

    def slots(self, **_wanted: object) -> tuple[TrainingSlot, ...]:
        return ()

    def courses(self) -> tuple[()]:
        return ()


def at_the_last_question(kind: str, text: str, intent: str) -> Change:
    change = Change(kind=kind, reference="R", proven=True, slot_id="x", asked=Ask.CONFIRM.value)
    return absorb_change(change, Heard(text, intent), (), NoPlaces(), TODAY)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["算了 还是去吧 别取消了", "不取消了", "先留着吧"])
def test_keeping_a_booking_is_heard_before_any_word_of_cancelling(text: str) -> None:
    left = at_the_last_question("cancel", text, "cancel_booking")
    assert left.refused and not left.confirmed


@pytest.mark.parametrize("text", ["确定退", "对，取消", "嗯 取消吧"])
def test_cancelling_is_confirmed_in_whatever_words(text: str) -> None:
    assert at_the_last_question("cancel", text, "deny").confirmed


def test_a_reference_that_is_not_at_hand_is_heard_in_many_words() -> None:
    assert loses_reference(Heard("哎呀预约号我可记不住，按名字电话查吧"))
    assert not loses_reference(Heard("编号是732-558-860"))


def test_wishing_for_another_date_is_no_yes_to_cancelling() -> None:
    moved = at_the_last_question("cancel", "不是，我是想改时间", "correct")
    assert moved.kind == "reschedule" and not moved.confirmed


def test_without_a_reference_phone_and_name_are_asked_for() -> None:
    told = Change(phone="13578900431", asked=Ask.WHICH.value)
    assert next_ask(told) is Ask.NAME
    assert next_ask(replace(told, phone="0431")) is Ask.WHICH
    # With a name, the whole number is asked for: its tail alone proves too little.
    assert next_ask(replace(told, phone="0431", name="包玉海")) is Ask.PHONE


def test_who_speaks_for_another_answers_in_their_name() -> None:
    assert needs_nothing("他说不用")
    assert only_agrees("他说同意")
    assert not only_agrees("他说不同意")
