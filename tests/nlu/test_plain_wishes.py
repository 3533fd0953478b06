"""A wish that the words settle stands first in the ranking, except over danger."""

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.plain_wishes import PlainWishes
from policy.answering.danger import in_danger


def heard_as(text, *ranking):
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message({TEXT: text, INTENT: ranked[0], INTENT_RANKING_KEY: ranked})
    PlainWishes().process([message])
    return message


def test_the_wish_stands_first_and_no_intent_twice():
    message = heard_as("气死了，转人工", ("complain", 0.6), ("human_handoff", 0.2))
    assert message.get(INTENT)["name"] == "human_handoff"
    names = [r["name"] for r in message.get(INTENT_RANKING_KEY)]
    assert names == ["human_handoff", "complain"]


def test_danger_is_never_overruled():
    message = heard_as("不想活了，转人工", ("crisis", 0.5), ("human_handoff", 0.4))
    assert message.get(INTENT)["name"] == "crisis"


def test_danger_in_plain_words_wins_over_the_anger_around_it():
    message = heard_as("你们这破玩意儿，我不想活了", ("complain", 0.9), ("crisis", 0.05))
    assert message.get(INTENT)["name"] == "crisis"


def test_what_the_words_do_not_settle_stays_as_it_was_heard():
    message = heard_as("气死我了", ("complain", 0.6), ("deny", 0.2))
    assert message.get(INTENT) == {"name": "complain", "confidence": 0.6}


def test_danger_that_is_only_hinted_at_wins_too():
    message = heard_as("我现在一个人坐在楼顶边上", ("out_of_scope_daily", 0.7), ("crisis", 0.1))
    assert message.get(INTENT)["name"] == "crisis"


def test_danger_that_nothing_hints_at_gives_way_to_the_next_guess():
    message = heard_as("宣传月系列活动有哪几类", ("crisis", 0.5), ("ask_event", 0.3))
    assert message.get(INTENT)["name"] == "ask_event"
    assert [r["name"] for r in message.get(INTENT_RANKING_KEY)] == ["ask_event"]


@pytest.mark.parametrize(
    "text",
    ["刺绣报一个，我叫王铁成，18043210987，自己去", "没啥要的，我自己", "先不报了，我再寻思寻思",
     "得用手摸着念的书，我领她去，到门口有人接一下更好", "那就不去了"],
)  # fmt: skip
def test_talk_of_a_booking_is_no_danger(text: str) -> None:
    assert not in_danger(text)
