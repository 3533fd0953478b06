"""The rules of a booking's conversation that need no store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from core.booking_dialogue import absorb, next_question, says_begin_again, step_back
from core.booking_draft import Draft, Heard, Note, Question, Step
from core.booking_person import NAME_LATER, companion_said, take_name, take_person
from core.slot_choice import course_meant
from core.slot_wish import take_when_and_where
from core.spoken.courses import named_of
from core.spoken.entities import Entity, EntityRules
from core.values import Course, TrainingSlot

TODAY = date(2026, 3, 2)


def test_a_draft_survives_being_stored_and_read() -> None:
    draft = Draft(course="盲人按摩", name="王芳", access_needs=("轮椅通道",), declined=("one-1",))
    assert Draft.from_json(draft.as_json()) == draft


def test_going_back_asks_again_only_for_what_came_last() -> None:
    draft = step_back(Draft(course="盲人按摩", slot_id="am-1", name="王芳", phone="13800138000"))
    assert (draft.slot_id, draft.name, draft.phone) == ("am-1", "王芳", "")


@pytest.mark.parametrize(
    ("text", "consent"),
    [("来电人同意了", True), ("来电人不同意", False), ("我是热线座席，给来电的小伙子报一个", False),
     ("座席代报，本人同意登记", True)],
)  # fmt: skip
def test_a_caller_agrees_only_where_it_was_said(text: str, consent: bool) -> None:
    draft = take_person(Draft(), Heard(text))
    assert (draft.booked_by, draft.consent) == ("staff", consent)


def test_only_a_number_half_said_can_begin_again() -> None:
    assert says_begin_again(Draft(phone_part="139"), Heard("不对，从头说"))
    assert not says_begin_again(Draft(), Heard("不对，从头说"))


def test_coming_alone_is_heard() -> None:
    assert companion_said(Heard("就我一个人去")) is False
    assert companion_said(Heard("我妈陪我去")) is True
    assert companion_said(Heard("我要报名")) is None


def test_to_be_called_away_is_no_answer_to_the_question_for_the_name() -> None:
    asked = Draft(asked=Question.NAME)
    assert take_name(asked, Heard("锅糊了，你等我一会儿，回头再说")).name == ""


@pytest.mark.parametrize(
    "text", ["名字以后再说", "以后再说名字", "回头再跟工作人员说", "让工作人员确认"]
)
def test_a_name_may_be_left_to_the_staff(text: str) -> None:
    asked = Draft(asked=Question.NAME)
    assert take_name(asked, Heard(text)).name == NAME_LATER
    assert not take_name(Draft(asked=Question.PHONE), Heard(text)).name


class OneCourse:
    """Two dates of one course, as the store gives them; the second one is full."""

    def __init__(self) -> None:
        begin = datetime(2026, 3, 9, 9, tzinfo=timezone(timedelta(hours=8)))
        self._slots = tuple(
            TrainingSlot(name, "盲人按摩", "长春市", "一号楼", at, at + timedelta(hours=3), 8, free)
            for name, at, free in (("am-1", begin, 3), ("am-2", begin + timedelta(days=7), 0))
        )

    def courses(self) -> tuple[Course, ...]:
        return (Course("massage", "盲人按摩"), Course("computer", "电脑基础"))

    def slots(self, **wanted: Any) -> tuple[TrainingSlot, ...]:
        course, city = wanted.get("course"), wanted.get("city")
        return tuple(
            s for s in self._slots if course in (None, s.course) and city in (None, s.city)
        )

    def slot(self, slot_id: str) -> TrainingSlot:
        return next(s for s in self._slots if s.id == slot_id)


def said(draft: Draft, text: str, intent: str = "inform", **entities: str) -> Step:
    found = tuple(Entity(kind, 0, 0, value) for kind, value in entities.items())
    places: Any = OneCourse()
    return absorb(draft, Heard(text, intent, found), places, date(2026, 3, 2))


def test_what_stands_in_a_courses_name_is_no_need() -> None:
    entities = EntityRules(()).find("报那个 读屏手机 白山的", date(2026, 3, 2))
    assert any(e.kind == "access_need" for e in entities)
    places: Any = OneCourse()
    places.courses = lambda: (Course("phone", "读屏手机入门"),)
    heard = Heard("报那个 读屏手机 白山的", "inform", entities)
    step = absorb(Draft(), heard, places, TODAY)
    assert step.draft.access_needs == () and not step.draft.needs_settled


def test_a_course_that_begins_like_a_name_is_none() -> None:
    places: Any = OneCourse()
    places.courses = lambda: (Course("fungus", "木耳栽培"),)
    entities = EntityRules(()).find("木耳", date(2026, 3, 2))
    step = absorb(Draft(asked=Question.COURSE), Heard("木耳", "inform", entities), places, TODAY)
    assert (step.draft.course, step.draft.name) == ("木耳栽培", "")


def test_the_same_class_is_the_date_booked_before() -> None:
    told = said(Draft(last_slot="am-1"), "给我媳妇也报一个，跟我同一个班")
    assert (told.draft.course, told.draft.slot_id) == ("盲人按摩", "am-1")
    assert said(Draft(), "给我媳妇也报一个，跟我同一个班").draft.slot_id == ""


def test_a_day_that_does_not_suit_is_no_day_wished_for() -> None:
    chosen = Draft(course="盲人按摩", slot_id="am-2", asked=Question.NAME)
    text = "下周一我得复查"
    entities = EntityRules(()).find(text, TODAY)
    places: Any = OneCourse()
    kept = absorb(chosen, Heard(text, "inform", entities), places, TODAY).draft
    assert kept.slot_id == "am-2"
    left = absorb(replace(chosen, slot_id="am-1"), Heard(text, "inform", entities), places, TODAY)
    assert left.draft.slot_id == "" and "am-1" in left.draft.declined


def test_waiting_in_line_is_not_undone_by_a_day_that_does_not_suit() -> None:
    full = Draft(course="盲人按摩", slot_id="am-2", asked=Question.FULL)
    step = said(full, "要是满了我就排候补，三月九号那期我去不了", date="三月九号")
    assert step.draft.waitlist and step.draft.slot_id == "am-2"


AT_THE_READ_BACK = Draft(
    course="盲人按摩", slot_id="am-1", name="王芳", phone="13800138000",
    needs_settled=True, asked=Question.CONFIRM,
)  # fmt: skip
"""Everything is said; only the yes is due."""


def test_one_breath_fills_every_field_that_it_names() -> None:
    step = said(
        Draft(), "我叫王芳，想学盲人按摩，电话13800138000",
        course="盲人按摩", name="王芳", phone="13800138000",
    )  # fmt: skip
    draft = step.draft
    assert step.understood
    assert (draft.course, draft.name, draft.phone) == ("盲人按摩", "王芳", "13800138000")


def test_a_yes_confirms_only_at_the_read_back() -> None:
    assert said(AT_THE_READ_BACK, "对", "affirm").draft.confirmed
    earlier = replace(AT_THE_READ_BACK, asked=Question.NEEDS, needs_settled=False)
    assert not said(earlier, "对", "affirm").draft.confirmed


def test_a_yes_with_a_change_is_a_change_first() -> None:
    step = said(AT_THE_READ_BACK, "对，电话改成13900139000", "affirm", phone="13900139000")
    assert step.draft.phone == "13900139000"
    assert not step.draft.confirmed


def test_a_bare_no_asks_what_is_wrong_and_keeps_everything() -> None:
    step = said(AT_THE_READ_BACK, "不对", "deny")
    assert [note.event for note in step.notes] == ["what_is_wrong"]
    assert step.draft == replace(AT_THE_READ_BACK, disputed=True)


def test_a_yes_to_what_is_wrong_is_no_yes_to_the_booking() -> None:
    disputed = said(AT_THE_READ_BACK, "不对", "deny").draft
    read_back_again = said(disputed, "同意", "affirm").draft
    assert not read_back_again.confirmed
    assert said(read_back_again, "对", "affirm").draft.confirmed


@pytest.mark.parametrize(
    ("text", "blank"), [("电话不对", "phone"), ("名字写错了", "name"), ("时间不对", "slot_id")]
)
def test_a_field_named_as_wrong_is_asked_for_again_and_no_other(text: str, blank: str) -> None:
    draft = said(AT_THE_READ_BACK, text, "deny").draft
    assert getattr(draft, blank) == ""
    kept = {"phone", "name", "course"} - {blank}
    assert all(getattr(draft, field) == getattr(AT_THE_READ_BACK, field) for field in kept)


def test_a_refused_phone_ends_that_question() -> None:
    draft = replace(AT_THE_READ_BACK, phone="", asked=Question.PHONE)
    places: Any = OneCourse()
    refused = said(draft, "不想留电话", "skip").draft
    assert refused.phone_refused
    assert next_question(refused, places) is not Question.PHONE


def test_no_need_settles_the_question_of_needs() -> None:
    draft = replace(AT_THE_READ_BACK, needs_settled=False, asked=Question.NEEDS)
    assert said(draft, "不需要", "deny").draft.needs_settled


def test_a_full_date_is_waited_for_or_left() -> None:
    full = Draft(course="盲人按摩", slot_id="am-2", asked=Question.FULL)
    assert said(full, "那我排队等吧", "join_waitlist").draft.waitlist
    left = said(full, "换别的日期", "correct").draft
    assert "am-2" in left.declined and left.slot_id != "am-2"


@pytest.mark.parametrize("text", ["候补就算了", "不想排队", "不等了，有没有后面的"])
def test_who_will_not_wait_is_not_put_in_line(text: str) -> None:
    full = Draft(course="盲人按摩", slot_id="am-2", asked=Question.FULL)
    draft = said(full, text, "join_waitlist").draft
    assert not draft.waitlist


def test_what_says_nothing_about_a_booking_changes_nothing() -> None:
    step = said(AT_THE_READ_BACK, "今天天气不错", "chitchat")
    assert not step.understood
    assert step.draft == AT_THE_READ_BACK


@pytest.mark.parametrize(
    ("text", "intent", "phone"),
    [("尾号记错啦，不是8000，是8132", "correct", "13800138132"),
     ("尾号不对，应该是8132", "correct", "13800138132"),
     ("后四位是八一三二", "inform", "13800138132"),
     ("最后俩数是四五", "inform", "13800138045"),
     ("末尾四位应该是八一三二", "correct", "13800138132"),
     ("后头四个数是8132", "inform", "13800138132"),
     ("末尾那个说反了，不是8000，应该是0080", "correct", "13800130080"),
     ("不是8000，是8132", "deny", "13800138132"),
     ("是8132，不是8000", "correct", "13800138132"),
     ("中间不是0013，是0031", "correct", "13800318000"),
     ("不对，是8132", "deny", "13800138132")],
)  # fmt: skip
def test_some_digits_put_right_are_read_back_within_the_whole_number(
    text: str, intent: str, phone: str
) -> None:
    entities = {e.kind: e.value for e in EntityRules().find(text, date(2026, 3, 2))}
    step = said(AT_THE_READ_BACK, text, intent, **entities)
    assert step.draft.phone == phone
    assert step.understood and not step.draft.confirmed and not step.notes


@pytest.mark.parametrize(
    "text", ["不是18号，是19号", "不是8888，是8132", "最后两天有空", "最后一期", "不对，是3月9号"]
)
def test_figures_that_do_not_belong_to_the_number_leave_it_alone(text: str) -> None:
    entities = {e.kind: e.value for e in EntityRules().find(text, date(2026, 3, 2))}
    assert said(AT_THE_READ_BACK, text, "correct", **entities).draft.phone == "13800138000"


@pytest.mark.parametrize(
    ("text", "course"),
    [("按摩太远，不学了，改电脑基础吧", "电脑基础"), ("我不是要按摩，我要的是电脑", "电脑基础"),
     ("还是按摩吧，电脑不学了", "盲人按摩"), ("按摩", "盲人按摩")],
)  # fmt: skip
def test_of_two_courses_the_one_that_is_not_left_is_meant(text: str, course: str) -> None:
    places: Any = OneCourse()
    assert course_meant(Draft(course="盲人按摩"), Heard(text), places) == course


def test_the_telephone_is_no_course_about_telephones() -> None:
    names = ("面点制作", "手机摄影")
    assert named_of("面点给俺报个名，手机幺三九四三六幺零零二八", names) == ("面点制作",)
    assert named_of("我想学手机", names) == ("手机摄影",)


def test_somebody_who_is_called_away_is_waited_for() -> None:
    asked = replace(AT_THE_READ_BACK, name="", asked=Question.NAME)
    step = said(asked, "等会儿啊，有人敲门", "join_waitlist")
    assert [note.event for note in step.notes] == ["take_your_time"] and step.draft.name == ""


def test_a_no_that_is_only_guessed_does_not_dispute_the_read_back() -> None:
    unsure = Heard("啊巴拉巴拉", "deny", confidence=0.3)
    places: Any = OneCourse()
    step = absorb(AT_THE_READ_BACK, unsure, places, date(2026, 3, 2))
    assert not step.understood and not step.draft.disputed


def test_a_part_of_a_name_changes_a_chosen_course_only_where_something_is_chosen() -> None:
    asked = replace(AT_THE_READ_BACK, phone="", asked=Question.PHONE)
    assert said(asked, "换成电脑那个").draft.course == "电脑基础"
    assert (
        said(asked, "我这电脑边上有号，13900139000", phone="13900139000").draft.course == "盲人按摩"
    )


@pytest.mark.parametrize(
    "text",
    [
        "我叫关德福，给我媳妇报个名，盲人按摩",
        "我姓孙，孙桂香，不是我学啊，是我家老头子，想学盲人按摩",
    ],
)
def test_who_books_for_one_of_the_family_is_not_the_one_who_comes(text: str) -> None:
    found = EntityRules(("盲人按摩",)).find(text, date(2026, 3, 2))
    places: Any = OneCourse()
    draft = absorb(Draft(), Heard(text, "book_course", found), places, date(2026, 3, 2)).draft
    assert (draft.booked_by, draft.name) == ("family", "")
    asked = replace(draft, slot_id="am-1", asked=Question.NAME)
    assert said(asked, "我媳妇叫佟雪梅", name="佟雪梅").draft.name == "佟雪梅"


@pytest.mark.parametrize(
    ("text", "part", "day"),
    [("下周一上午，啊不，上午我得去换药，下午那场", "afternoon", "2026-03-09"),
     ("三月九号的吧，十六号我走不开", "", "2026-03-09")],
)  # fmt: skip
def test_the_hour_told_last_counts_and_a_day_told_as_out_does_not(
    text: str, part: str, day: str
) -> None:
    found = EntityRules().find(text, date(2026, 3, 2))
    places: Any = OneCourse()
    heard, notes = Heard(text, "inform", found), list[Note]()
    wish = take_when_and_where(Draft(), heard, places, date(2026, 3, 2), notes)
    assert (wish.part_of_day, wish.day_from) == (part, day)
