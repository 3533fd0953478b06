"""The trained pipeline of config.yml, as Rasa runs it."""

import asyncio
from collections import defaultdict

import pytest
import yaml

from runtime.settings import PROJECT_ROOT
from tests.nlu.test_training_data import table_sentences

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def parse():
    from bench.understanding.systems import RasaSystem

    config = yaml.safe_load((PROJECT_ROOT / "config.yml").read_text(encoding="utf-8"))
    system = RasaSystem("minglu", config["pipeline"])
    loop = asyncio.new_event_loop()

    def parse_text(text, **metadata):
        from rasa.core.channels.channel import UserMessage

        message = UserMessage(text, metadata=metadata)
        return loop.run_until_complete(system._processor.parse_message(message))

    yield parse_text
    loop.close()


def named_intent(parsed):
    return next(r["name"] for r in parsed["intent_ranking"] if r["name"] != "nlu_fallback")


def test_the_tables_are_understood(parse):
    wrong = [(i, t) for i, t in table_sentences() if named_intent(parse(t)) != i]
    assert len(wrong) <= 0.1 * len(table_sentences()), wrong


def test_no_intent_is_lost_altogether(parse):
    right = defaultdict(int)
    for intent, text in table_sentences():
        right[intent] += named_intent(parse(text)) == intent
    assert [intent for intent, count in right.items() if count < 2] == []


def test_what_people_want_and_their_values_come_together(parse):
    parsed = parse("我叫赵国强 要报电商直播 长春 下周三上午 电话幺三九零零零零一二三四")
    assert parsed["intent"]["name"] == "book_course"
    values = {e["entity"]: e["value"] for e in parsed["entities"]}
    assert values["phone"] == "13900001234" and values["course"] == "电商直播"


def test_a_payload_needs_no_understanding(parse):
    assert parse("/affirm")["intent"]["name"] == "affirm"


def test_what_came_by_voice_is_mended_and_what_was_typed_is_left(parse):
    assert "corrected_text" in parse("忙人按摸店要多少家", channel="voice")
    assert "corrected_text" not in parse("盲人按摩店要多少家", channel="web")


def test_danger_is_never_doubted(parse):
    assert parse("我站在楼顶上不想活了")["intent"]["name"] == "crisis"


def test_the_ranking_is_short_and_the_scope_is_told(parse):
    parsed = parse("北京的残疾人按摩店有多少家")
    assert len(parsed["intent_ranking"]) <= 5
    assert parsed["scope_score"] < parse("全省残疾人按摩店有多少家")["scope_score"]


def test_an_empty_message_is_no_error(parse):
    parse("")
    parse("？？？")
