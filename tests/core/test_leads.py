"""What only makes room for a question is no part of it."""

from __future__ import annotations

import pytest

from core.spoken.leads import only_makes_room, without_lead_in


@pytest.mark.parametrize(
    ("said", "asked"),
    [("等会儿 我先问一嘴 我那残疾证丢了 上哪儿补去啊", "我那残疾证丢了 上哪儿补去啊"),
     ("插一句 我残疾证下个月到期 上哪换", "我残疾证下个月到期 上哪换"),
     ("先别忙 我插一句啊 那个 护理补贴 上哪儿申请去", "护理补贴 上哪儿申请去"),
     ("来电人插问 两项补贴在哪办", "两项补贴在哪办"),
     ("我先问个事儿，我吃着低保呢", "我吃着低保呢")],
)  # fmt: skip
def test_the_question_stands_alone(said: str, asked: str) -> None:
    assert without_lead_in(said) == asked


@pytest.mark.parametrize(
    "said", ["我想报名", "等会儿啊 我找着笔再说", "我问问孩子他爸", "问一下", "稍等"]
)
def test_what_announces_no_question_stays_whole(said: str) -> None:
    assert without_lead_in(said) == said


def test_a_lead_alone_tells_nothing() -> None:
    assert only_makes_room("等下，插一句")
    assert not only_makes_room("毕升")


def test_a_long_run_of_leads_ends_at_once() -> None:
    assert not only_makes_room("先打住先打住" * 500 + "完")
