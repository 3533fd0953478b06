"""A name spelt with digits: the pinyin on the keys, then one of the candidates."""

from __future__ import annotations

import pytest

from core.spoken.keypad_names import characters_for, keys_for, surnames_for
from tests.voice.fakes import Box, SlateSpeaker
from tests.voice.korean import NotingMouth
from tests.voice.test_voice_loop import ZH, box
from voice.events import Key, Typed


@pytest.fixture
def asked_for_a_name() -> Box:
    made = box("请问您叫什么名字？", mouth=NotingMouth(SlateSpeaker()))  # type: ignore[arg-type]
    made.put(Typed("我要报名"))
    made.run_until_waiting()
    return made


def press(made: Box, keys: str) -> list[str]:
    """What is said after the last key."""
    for key in keys:
        said(made).clear()
        made.put(Key(key))
        made.run_until_waiting()
    return said(made)


def said(made: Box) -> list[str]:
    return made.mouth.said  # type: ignore[attr-defined,no-any-return]


def test_a_name_is_spelt_by_digits_alone_from_explained_candidates(asked_for_a_name: Box) -> None:
    made = asked_for_a_name
    assert "按一，用数字键拼名字。" in said(made)
    assert press(made, "1") == [ZH.say("spell_surname")]
    assert press(made, "9264#")[:2] == ["按一，三横王。", "按二，木易杨。"]
    assert "已经有，杨。" in press(made, "2")
    assert press(made, "6464#")[0] == "按一，明显的明。"
    press(made, "1")
    press(made, "#")
    assert made.asker.asked[-1].text == "我叫杨明"


def test_what_was_pressed_is_taken_back_step_by_step(asked_for_a_name: Box) -> None:
    made = asked_for_a_name
    press(made, "19264#1")
    assert press(made, "6464#*")[0] == "已经有，王。"
    assert press(made, "*") == [ZH.say("spell_surname")]
    assert "请问您叫什么名字？" in press(made, "*")
    assert len(made.asker.asked) == 1


def test_more_candidates_come_on_nine_and_everything_again_on_zero(asked_for_a_name: Box) -> None:
    made = asked_for_a_name
    first = list(press(made, "19264#19426#"))
    assert ZH.say("spell_more") in first
    assert list(press(made, "0")) == first
    later = list(press(made, "9"))
    assert later[0] != first[0]
    press(made, "1#")
    assert made.asker.asked[-1].text == f"我叫王{characters_for('9426')[7]}"


def test_digits_that_are_no_syllable_are_told(asked_for_a_name: Box) -> None:
    assert press(asked_for_a_name, "1222222#")[0] == ZH.say("no_such_character")


def test_a_key_that_means_nothing_here_is_told_and_changes_nothing(asked_for_a_name: Box) -> None:
    made = asked_for_a_name
    assert press(made, "191") == [ZH.say("no_such_choice")]
    assert press(made, "264#")[0] == "按一，三横王。"
    assert press(made, "8") == [ZH.say("no_such_choice")]


@pytest.mark.parametrize(("surname", "keys"), [("单", "7426"), ("欧阳", "689264"), ("吕", "58")])
def test_surnames_are_found_as_they_are_said(surname: str, keys: str) -> None:
    assert surname in surnames_for(keys)


@pytest.mark.parametrize(
    "name", ["伟", "芳", "娜", "敏", "静", "丽", "强", "鑫", "梓", "涵", "哲", "姬"]
)
def test_common_characters_of_names_are_found(name: str) -> None:
    assert name in characters_for(keys_for(name))
