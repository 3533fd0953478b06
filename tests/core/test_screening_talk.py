"""What is said while a screening asks, and is no answer to it."""

from __future__ import annotations

from datetime import date

import pytest

from core.screening_talk import (
    age_told,
    asks_something,
    gives_up_booking,
    has_heard_enough,
    leads_to_booking,
    parts_that_tell,
    refuses,
)

TODAY = date(2026, 9, 8)


@pytest.mark.parametrize(
    "said",
    ["知道了 接着报名", "懂 了 报名 继续", "行，明白了。接着刚才那个报名", "算了不查了，先把班报完",
     "先不查了，名先报上，刚才说的都对", "先不看了，回到报名吧", "收到。回原单，信息核对无误",
     "妥了，记下了。那白山那个数据标注给我报上吧，二十九号的", "已告知。续办报名",
     "ok懂了，说回那个班吧"],
)  # fmt: skip
def test_what_names_booking_leaves_the_screening(said: str) -> None:
    assert leads_to_booking(said)


@pytest.mark.parametrize(
    "said", ["继续", "我就在家种地", "先不报名，就想找活", "回农村了", "想学门手艺", "接着问吧"]
)
def test_an_answer_does_not_leave_the_screening(said: str) -> None:
    assert not leads_to_booking(said)


def test_giving_up_the_booking_is_no_answer() -> None:
    assert gives_up_booking("那课我今儿先不报了")
    assert not gives_up_booking("先不报名，就想找活")


@pytest.mark.parametrize("said", ["行，我知道了", "我明白了，继续吧", "懂了 谢谢"])
def test_who_has_understood_wants_no_more_questions(said: str) -> None:
    assert has_heard_enough(said)


@pytest.mark.parametrize("said", ["不知道", "继续", "知道了，我是农村的", "好" * 5000])
def test_nothing_else_says_that_it_is_enough(said: str) -> None:
    assert not has_heard_enough(said)


@pytest.mark.parametrize(
    "said",
    ["没啥文化，小学毕业", "低保没有", "上学 没有", "念着呢", "没什么技术", "念啥书啊 早就不念了"],
)
def test_an_answer_asks_nothing_though_it_holds_a_word_of_questions(said: str) -> None:
    assert not asks_something(said)


@pytest.mark.parametrize("said", ["残疾证上哪换", "这跟政策有啥关系", "说说美丽工坊", "补贴给不给"])
def test_a_question_is_heard_as_one(said: str) -> None:
    assert asks_something(said)


def test_what_is_told_beside_a_question_is_kept() -> None:
    assert parts_that_tell("听力二级，能给多少钱") == "听力二级"
    assert parts_that_tell("残疾证上哪换") == ""


@pytest.mark.parametrize("said", ["跳过", "不说行不", "这个说不好", "来电人不愿说"])
def test_a_refusal_is_heard_in_other_words_too(said: str) -> None:
    assert refuses(said)


@pytest.mark.parametrize(
    ("said", "told"),
    [("属鼠的，五十四", "upto65"), ("29 岁", "upto65"), ("快六十五了", "upto65"),
     ("七十二", "over65"),
     ("六十多", ""), ("奔七十了", ""), ("不到七十", "")],
)  # fmt: skip
def test_an_age_counts_where_it_settles_the_question(said: str, told: str) -> None:
    assert age_told(said, TODAY, asked="age") == told


def test_a_bare_number_is_an_age_only_where_it_can_be_no_other() -> None:
    assert age_told("三十一", TODAY, asked="residence") == "upto65"
    assert age_told("3", TODAY, asked="residence") == ""
