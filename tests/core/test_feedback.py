"""Open questions: what is taken out of them, and how they are put together."""

from __future__ import annotations

from datetime import date

import pytest

from core.feedback import LONGEST_QUESTION, OpenQuestion, grouped, left_open, without_person
from core.values import Kind, Reason, Reply


@pytest.mark.parametrize(
    ("said", "gone", "stays"),
    [
        ("我叫王小明，补贴多少钱", "王小明", "补贴多少钱"),
        ("我电话是138 0013 8000，怎么报名", "138", "怎么报名"),
        ("幺三八零零一三八零零零打给我", "幺三八", "打给我"),
        ("身份证22010119900101123X能办吗", "220101", "能办吗"),
        ("写信到wang.xm@example.com行吗", "wang", "行吗"),
        ("李大姐家在3号楼二单元，能上门吗", "3号楼", "能上门吗"),
        ("我的微信wx_1234能加吗", "wx_1234", "能加吗"),
    ],
)
def test_a_question_is_kept_without_the_person(said: str, gone: str, stays: str) -> None:
    kept = without_person(said)
    assert gone not in kept and stays in kept


def test_figures_of_the_notice_stay_in_a_question() -> None:
    asked = "2025年盲人按摩机构400个以上是多少"
    assert without_person(asked) == asked
    assert len(without_person("问" * 500)) == LONGEST_QUESTION


def test_only_what_was_not_answered_is_kept() -> None:
    assert left_open("多少钱", (Reply("有", Kind.ANSWER),), "web") is None
    assert left_open("王小明", (Reply("几位？", Kind.BOOKING),), "web") is None
    silent = Reply("没写。", Kind.ABSTAIN, Reason.AMOUNT_NOT_STATED)
    kept = left_open("多少钱", (silent,), "web")
    assert kept == OpenQuestion("多少钱", "abstain", "amount_not_stated", "web")


def test_questions_that_say_about_the_same_form_one_group() -> None:
    asked = ["两项补贴多少钱？", "两项补贴是多少钱", "请问两项补贴多少钱", "残疾证怎么办理"]
    days = [date(2026, 3, day) for day in (1, 2, 4, 3)]
    questions = [OpenQuestion(t, "abstain", day=d) for t, d in zip(asked, days, strict=True)]
    first, second = grouped(questions)
    assert (first.count, first.last_day, len(first.wordings)) == (3, date(2026, 3, 4), 3)
    assert (second.text, second.count) == ("残疾证怎么办理", 1)
