"""An answer and a question in one breath are told apart."""

from __future__ import annotations

from datetime import date

import pytest

from core.asides import split_aside, without_lead
from core.spoken.entities import EntityRules


def split(text: str) -> tuple[str, str] | None:
    both = split_aside(text, EntityRules().find(text, date(2026, 3, 2)))
    return both and (both[0], without_lead(both[1]))


@pytest.mark.parametrize(
    ("text", "told", "asked"),
    [("我叫毕升，对了宣传月是几月", "我叫毕升", "宣传月是几月"),
     ("我叫毕升对了宣传月是几月", "我叫毕升", "宣传月是几月"),
     ("毕升，补贴多少钱", "毕升", "补贴多少钱"),
     ("宣传月是几月？我叫毕升", "我叫毕升", "宣传月是几月？"),
     ("13844445555顺便问下谁能申请补贴", "13844445555", "谁能申请补贴"),
     ("电话是138 4444 5555，残疾证怎么办", "电话是138 4444 5555", "残疾证怎么办"),
     ("我叫毕升，对了宣传月是几月，电话13844445555", "我叫毕升，电话13844445555",
      "宣传月是几月"),
     ("要轮椅，那天管饭不", "要轮椅", "那天管饭不")],
)  # fmt: skip
def test_the_question_is_cut_from_the_answer(text: str, told: str, asked: str) -> None:
    assert split(text) == (told, asked)


@pytest.mark.parametrize(
    "text",
    ["我叫王芳，电话13844445555", "要轮椅 别的没有", "有没有电梯", "那23号呢", "残疾证怎么办",
     "我叫王芳，那啥，电话13844445555", "不需要"],
)  # fmt: skip
def test_what_only_tells_or_only_asks_is_left_whole(text: str) -> None:
    assert split(text) is None
