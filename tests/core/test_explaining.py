"""Which character is meant, for who hears a name and does not see it."""

from __future__ import annotations

import pytest

from core.spoken.explaining import explain, explain_name, spell_out
from core.spoken.names import parse_name

COMMON_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"


@pytest.mark.parametrize(
    ("character", "told"),
    [("吉", "吉林的吉"), ("明", "明显的明"), ("鑫", "三个金的鑫"), ("珲", "珲春的珲")],
)
def test_a_character_is_explained_by_a_place_or_a_common_word(character: str, told: str) -> None:
    assert explain(character) == told


def test_a_rare_character_is_not_explained_by_something_invented() -> None:
    assert explain("龘") == ""
    assert explain_name("王龘")[-1] == "龘"


def test_a_surname_is_told_as_people_tell_it() -> None:
    assert explain_name("张丽") == ("弓长张", "美丽的丽")


@pytest.mark.parametrize("name", [f"{surname}明丽" for surname in COMMON_SURNAMES])
def test_what_is_told_is_understood_when_it_is_said_back(name: str) -> None:
    first, *rest = explain_name(name)
    heard = parse_name(f"我姓{name[0]}，{rest[0]}，{rest[1]}")
    assert name[0] in first
    assert heard is not None and heard.name == name


def test_a_sentence_is_spelt_without_its_punctuation() -> None:
    assert spell_out("吉林，12。") == ("吉林的吉", "吉林的林", "1", "2")
