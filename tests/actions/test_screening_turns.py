"""One turn of a screening that broke a booking: what it asks, keeps and leaves."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from actions.booking import DRAFT
from actions.screening import ANSWERS, LEFT_FOR, ValidateScreeningForm
from core.booking_draft import Draft, Question
from core.eligibility import parse_screening
from core.spoken.entities import EntityRules
from core.values import Kind, Reply

DATA = Path(__file__).resolve().parents[2] / "policy" / "data" / "eligibility.yml"
SCREENING = parse_screening(yaml.safe_load(DATA.read_text(encoding="utf-8")))


class Conversation:
    """A booking whose name is due, and a screening that asks `asked`."""

    def __init__(self, text: str, intent: str, asked: str, answers: dict[str, list[str]]) -> None:
        found = EntityRules().find(text, date(2026, 3, 2))
        entities = [
            {"entity": e.kind, "start": e.start, "end": e.end, "value": e.value} for e in found
        ]
        heard = {"name": intent, "confidence": 0.9}
        self.latest_message = {"text": text, "intent": heard, "entities": entities}
        self.sender_id, self.active_loop = "t", {"name": "screening_form"}
        self.events: list[dict[str, Any]] = [{"event": "user"}]
        draft = Draft(course="盲人按摩", slot_id="am-1", asked=Question.NAME.value)
        self._slots = {DRAFT: draft.as_json(), "requested_slot": asked, ANSWERS: answers}

    def get_slot(self, name: str) -> Any:
        return self._slots.get(name)

    def get_latest_input_channel(self) -> str:
        return "rest"


class Said:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def utter_message(self, text: str = "", response: str = "", **_values: Any) -> None:
        self.texts.append(text or response)


def say(text: str, intent: str, asked: str, **answers: list[str]) -> tuple[list[str], Any, Any]:
    """What is said, the answers then, and the question that stands open."""
    clock = SimpleNamespace(now=lambda: datetime(2026, 3, 2, 9, tzinfo=timezone.utc))
    policies = SimpleNamespace(ask=lambda *_, **__: Reply("known", Kind.ANSWER))
    places = SimpleNamespace(courses=lambda: (SimpleNamespace(name="家政服务"),))
    services: Any = SimpleNamespace(
        screening=SCREENING, policies=policies, places=places, clock=clock, feedback=None
    )
    said, form = Said(), ValidateScreeningForm(services)
    conversation = Conversation(text, intent, asked, answers)
    events, _ = form._acted(said, conversation)  # type: ignore[arg-type]
    slots = {e["name"]: e["value"] for e in events if e["event"] == "slot"}
    return said.texts, slots[ANSWERS], slots["requested_slot"]


def test_the_opening_skips_nothing_though_a_booking_asked_before() -> None:
    texts, answers, asked = say("我能享受啥政策", "screen_eligibility", "booking_name")
    assert texts == ["utter_screening_ask_goal"]
    assert answers == {"came_from": ["booking_form"]}
    assert asked == "screening_goal"


def test_an_answer_of_an_earlier_screening_is_not_taken_over() -> None:
    _, answers, _ = say("我能享受啥政策", "screen_eligibility", "booking_name", goal=["work"])
    assert "goal" not in answers


@pytest.mark.parametrize("intent", ["ask_support", "out_of_scope_services", "list_courses"])
def test_what_asks_nothing_is_an_answer_whatever_the_classifier_hears(intent: str) -> None:
    texts, answers, _ = say("没上学，就在家", intent, "screening_study", disability=["visual"])
    assert answers["study"] == ["no"]
    assert "known" not in texts


def test_what_is_told_beside_a_question_is_kept_and_the_question_answered() -> None:
    texts, answers, asked = say("听力二级，能给多少钱", "nlu_fallback", "screening_disability")
    assert answers["disability"] == ["hearing"]
    assert texts[-1] == f"utter_screening_ask_{asked.removeprefix('screening_')}"


@pytest.mark.parametrize(
    "said", ["知道了 接着报名", "行，我明白了", "我叫毕升", "那家政服务给我报上吧"]
)
def test_a_sentence_of_the_booking_leaves_the_screening(said: str) -> None:
    _, answers, asked = say(said, "inform", "screening_residence", goal=["work"])
    assert answers[LEFT_FOR] == ["booking_form"]
    assert asked is None


def test_a_hamlet_that_sounds_like_a_name_does_not() -> None:
    _, answers, _ = say("王家店", "inform", "screening_residence", goal=["work"])
    assert LEFT_FOR not in answers


def test_what_is_not_understood_is_asked_once_in_other_words_and_then_left() -> None:
    texts, answers, asked = say("松原 户口", "inform", "screening_residence", goal=["work"])
    assert texts == ["utter_screening_again_residence"]
    assert asked == "screening_residence"
    texts, answers, _ = say("松原 户口", "inform", "screening_residence", **answers)
    assert texts[0] == "utter_screening_skipped"
    assert answers["residence"] == []
