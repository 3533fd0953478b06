"""Names as people spell and surround them, and what is no name."""

from __future__ import annotations

from datetime import date

import pytest

from core.booking_draft import Draft, Heard, Question
from core.booking_person import bare_name, take_name, take_phone
from core.plain_answers import in_context
from core.spoken.entities import EntityRules
from core.spoken.names import parse_name

TODAY = date(2026, 3, 2)


def heard(text: str, intent: str = "inform") -> Heard:
    return Heard(text, intent, EntityRules().find(text, TODAY))


@pytest.mark.parametrize(
    ("text", "name"),
    [("草字头的范，范德海，道德的德，大海的海", "范德海"),
     ("耳东陈，单名一个芳，草字头底下一个方向的方", "陈芳"),
     ("姓皇甫，叫英淑，英雄的英，淑女的淑", "皇甫英淑"), ("三横王，单字一个伟", "王伟"),
     ("我姓那，就那个的那，叫广财，广州的广", "那广财"), ("我姓司徒，单名一个明字", "司徒明"),
     ("佟桂芝，佟呢就是单人旁一个冬天的冬，桂花的桂芝麻的芝", "佟桂芝"),
     ("于长顺，长短的长，顺利的顺", "于长顺"), ("郝晓燕，大小的小", "郝小燕"),
     ("姓付，付出的付，付强", "付强"), ("陈芳，草字头的芳", "陈芳"), ("这边是冯玉珍", "冯玉珍"),
     ("剪纸下周四那场，欧阳淑敏，幺五八四四幺三两个零二六", "欧阳淑敏")],
)  # fmt: skip
def test_a_name_is_heard_however_it_is_spelt(text: str, name: str) -> None:
    found = parse_name(text)
    assert found is not None and found.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("就写我妈的名，冯玉珍", "冯玉珍"), ("乌云其木格", "乌云其木格"), ("温国庆", "温国庆"),
     ("邵有才", "邵有才"), ("嗯，王芳", "王芳"), ("等会儿啊，有人敲门", ""), ("零四四幺", ""),
     ("那就早点的那期", ""), ("咳咳", ""), ("不想说", "")],
)  # fmt: skip
def test_only_what_can_be_a_name_answers_the_question_for_it(text: str, name: str) -> None:
    assert take_name(Draft(asked=Question.NAME.value), heard(text)).name == name


def test_a_holiday_in_a_name_is_no_date() -> None:
    assert [e.kind for e in heard("我叫温国庆").entities] == ["name"]
    assert [e.kind for e in heard("国庆以后").entities] == ["date"]


@pytest.mark.parametrize(
    ("pieces", "phone"),
    [(("幺三九，哎不对不对，幺三八", "零四四幺", "五二二七"), "13804415227"),
     (("幺三八", "四四幺", "不对，是四四二", "五二二七幺"), "13844252271"),
     (("幺五五六七四三，不对，是四二，重说啊，幺五五六七四二，零六三九",), "15567420639"),
     (("13800138000不对是13800138001",), "13800138001"),
     (("幺八六四三，三个零，九二幺",), "18643000921")],
)  # fmt: skip
def test_a_number_mended_while_it_is_said_is_the_mended_one(
    pieces: tuple[str, ...], phone: str
) -> None:
    draft = Draft(asked=Question.PHONE.value)
    for piece in pieces:
        draft = take_phone(draft, heard(piece), [])
    assert draft.phone == phone


def test_a_landline_is_told_from_a_wrong_number() -> None:
    notes: list[object] = []
    take_phone(Draft(asked=Question.PHONE.value), heard("0431-88990011"), notes)  # type: ignore[arg-type]
    assert [note.event for note in notes] == ["phone_landline"]  # type: ignore[attr-defined]


def test_a_surname_that_is_on_no_list_is_told_by_a_word_and_then_in_full() -> None:
    told = parse_name("我姓由，自由的由，由凤珍")
    assert told is not None
    assert told.name == "由凤珍"


@pytest.mark.parametrize("name", ["逄桂林", "辛长春", "高大安"])
def test_a_surname_before_a_towns_name_is_a_name_where_one_is_asked_for(name: str) -> None:
    heard = Heard(name, "inform", EntityRules().find(name, TODAY))
    draft = Draft(asked=Question.NAME.value)
    assert take_name(draft, in_context(heard, draft)).name == name


def test_a_name_that_begins_like_that_one_is_heard_where_a_name_is_asked_for() -> None:
    assert bare_name(Heard("那春燕")) == "那春燕"
    assert bare_name(Heard("那天不行")) == ""


def test_a_town_alone_is_no_name() -> None:
    heard = Heard("长春", "inform", EntityRules().find("长春", TODAY))
    draft = Draft(asked=Question.NAME.value)
    assert take_name(draft, in_context(heard, draft)).name == ""


def test_a_word_of_the_form_is_nobodys_name() -> None:
    told = parse_name("登记：朴顺姬，电话15143381926，本人已同意留姓名电话")
    assert told is not None
    assert told.name == "朴顺姬"
