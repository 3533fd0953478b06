"""An open form answers a question within its own call where a rule gives it to one action."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.booking import ValidateBookingForm
from actions.context import Greet, Help
from actions.conversation import Turn
from actions.handover import NotUnderstood
from actions.interruptions import answering_action
from actions.policy import AnswerPolicy

SERVICES: Any = SimpleNamespace()


class Tracker:
    """A conversation in which `intent` was just heard."""

    def __init__(self, intent: str) -> None:
        self.latest_message = {"text": "您好", "intent": {"name": intent}, "entities": []}
        self.sender_id, self.events, self.active_loop = "t", [], {"name": "booking_form"}

    def get_slot(self, name: str) -> None:
        return None


class Said:
    """What was said, by the names of the responses."""

    def __init__(self) -> None:
        self.responses: list[str] = []

    def utter_message(self, response: str, **_values: Any) -> None:
        self.responses.append(response)


@pytest.mark.parametrize(
    ("intent", "action"),
    [("ask_quantity", AnswerPolicy), ("ask_document", AnswerPolicy), ("greet", Greet),
     ("help", Help), ("nlu_fallback", NotUnderstood)],
)  # fmt: skip
def test_the_dialogue_rules_name_the_action_that_answers(intent: str, action: type) -> None:
    assert type(answering_action(intent, SERVICES)) is action


@pytest.mark.parametrize(
    "intent", ["crisis", "human_handoff", "goodbye", "cancel_booking", "screen_eligibility",
               "inform", "continue", "no_such_intent"],
)  # fmt: skip
def test_what_closes_a_form_or_opens_another_is_left_to_rasa(intent: str) -> None:
    assert answering_action(intent, SERVICES) is None


def test_the_answer_comes_first_and_the_open_question_after_it() -> None:
    said = Said()
    turn = Turn(said, Tracker("greet"), SERVICES)  # type: ignore[arg-type]
    form = ValidateBookingForm(SERVICES)

    def ask() -> list[dict[str, Any]]:
        turn.say("the open question")
        return [{"event": "slot", "name": "requested_slot", "value": "booking_name"}]

    events = form.leave_to_rules(turn, ask)
    assert said.responses[0].startswith("utter_context_")
    assert said.responses[-1] == "the open question"
    assert [event["event"] for event in events] == ["slot"]


def test_danger_rejects_the_form_and_asks_nothing() -> None:
    said = Said()
    turn = Turn(said, Tracker("crisis"), SERVICES)  # type: ignore[arg-type]
    events = ValidateBookingForm(SERVICES).leave_to_rules(turn, lambda: [{"event": "asked"}])
    assert [event["event"] for event in events] == ["action_execution_rejected"]
    assert said.responses == []
