"""A question asked along with an answer is answered, and the form goes on with the answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from actions.booking import DRAFT, ValidateBookingForm
from core.booking_draft import Draft, Question
from core.errors import StoreUnavailable
from core.spoken.entities import EntityRules
from core.values import Kind, Reply, TrainingSlot

ANSWER = "每年3月"


class Policies:
    """Knows when the month of publicity is, and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, **_hints: Any) -> Reply:
        self.asked.append(question)
        known = "宣传月" in question
        return Reply(ANSWER if known else "?", kind=Kind.ANSWER if known else Kind.ABSTAIN)


class Places:
    def courses(self) -> tuple[()]:
        return ()

    def slots(self, **_wanted: Any) -> tuple[()]:
        return ()

    def slot(self, slot_id: str) -> Any:
        begin = datetime(2026, 3, 9, 9, tzinfo=timezone.utc)
        end = begin + timedelta(hours=3)
        return TrainingSlot(slot_id, "盲人按摩", "长春市", "一号楼", begin, end, 8, 3)

    def bookings_of(self, **_whose: Any) -> tuple[()]:
        return ()


class Conversation:
    """A booking whose name is due; what is said last is `text`."""

    def __init__(self, text: str, intent: str, confidence: float) -> None:
        found = EntityRules().find(text, date(2026, 3, 2))
        entities = [
            {"entity": e.kind, "start": e.start, "end": e.end, "value": e.value} for e in found
        ]
        heard = {"name": intent, "confidence": confidence}
        self.latest_message = {"text": text, "intent": heard, "entities": entities}
        self.sender_id, self.active_loop = "t", {"name": "booking_form"}
        self.events: list[dict[str, Any]] = [{"event": "user"}]
        draft = Draft(course="盲人按摩", slot_id="am-1", asked=Question.NAME.value)
        self._slots = {DRAFT: draft.as_json(), "requested_slot": Question.NAME.value}

    def get_slot(self, name: str) -> Any:
        return self._slots.get(name)

    def get_latest_input_channel(self) -> str:
        return "rest"


class Said:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def utter_message(self, text: str = "", response: str = "", **_values: Any) -> None:
        self.texts.append(text or response)


def say(
    text: str, intent: str, places: Any = None, confidence: float = 0.9
) -> tuple[list[str], Draft, Policies]:
    clock = SimpleNamespace(now=lambda: datetime(2026, 3, 2, 9, tzinfo=timezone.utc))
    policies, said = Policies(), Said()
    services: Any = SimpleNamespace(
        policies=policies, places=places or Places(), clock=clock, feedback=None
    )
    form = ValidateBookingForm(services)
    events, _ = form._acted(said, Conversation(text, intent, confidence))  # type: ignore[arg-type]
    stored = [e["value"] for e in events if e.get("name") == DRAFT]
    return said.texts, Draft.from_json(stored[-1] if stored else {}), policies


@pytest.mark.parametrize("intent", ["ask_time", "inform", "nlu_fallback"])
def test_a_name_with_a_question_is_kept_and_the_question_answered(intent: str) -> None:
    texts, draft, policies = say("我叫毕升，对了宣传月是几月", intent)
    assert draft.name == "毕升"
    assert policies.asked == ["宣传月是几月"]
    assert texts[0] == ANSWER and "phone" in texts[-1]


def test_a_bare_name_beside_a_question_is_the_name() -> None:
    texts, draft, _ = say("毕升，宣传月在几月", "ask_time")
    assert (draft.name, texts[0]) == ("毕升", ANSWER)


def test_a_word_of_consent_beside_a_question_is_no_name() -> None:
    texts, draft, _ = say("好的，宣传月在几月", "ask_time")
    assert (draft.name, draft.course) == ("", "盲人按摩")
    assert texts[0] == ANSWER and "name" in texts[-1]


def test_what_nobody_knows_does_not_keep_the_booking_up() -> None:
    texts, draft, _ = say("我叫毕升，那个谁来着", "inform")
    assert draft.name == "毕升"
    assert ANSWER not in texts and "phone" in texts[-1]


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("我先问个事儿，宣传月是不是要掐了", "book_course", 0.2),
        ("宣传月会不会给停了", "cancel_booking", 0.8),
        ("轮椅坏了宣传月给修不", "out_of_scope_services", 0.9),
        ("等下，我妈肢体二级，宣传月那个护理补贴她能领不", "out_of_scope_services", 0.9),
    ],
)
def test_a_question_that_was_taken_for_an_answer_is_answered_and_changes_nothing(
    text: str, intent: str, confidence: float
) -> None:
    texts, draft, _ = say(text, intent, confidence=confidence)
    assert texts[0] == ANSWER and "name" in texts[-1]
    assert draft == Draft(course="盲人按摩", slot_id="am-1", asked=Question.NAME.value)


def test_a_wish_to_go_on_with_the_booking_is_no_miss() -> None:
    texts, draft, _ = say("行了行了，别的不说了，报班吧", "complain", confidence=0.2)
    assert draft.misses == 0
    assert "utter_booking_not_understood" not in texts


def test_the_day_of_something_else_is_no_day_of_the_course() -> None:
    texts, draft, _ = say("我残疾证下个月到期，宣传月上哪换", "ask_time")
    assert (texts[0], draft.slot_id) == (ANSWER, "am-1")
    assert not [said for said in texts if "none" in said]


class Broken(Places):
    def slot(self, slot_id: str) -> Any:
        raise StoreUnavailable("down")


class Wrong(Places):
    def slot(self, slot_id: str) -> Any:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("places", "apology"),
    [(Broken(), "utter_error_store_unavailable"), (Wrong(), "utter_error_unexpected")],
)
def test_a_form_that_fails_says_so(places: Any, apology: str) -> None:
    texts, _, _ = say("我叫毕升", "inform", places)
    assert apology in texts
