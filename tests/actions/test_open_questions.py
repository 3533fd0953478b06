"""Questions that no action could answer are kept, whichever channel they came by."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from actions.handover import NotUnderstood
from actions.policy import AnswerPolicy
from core.errors import StoreUnavailable
from core.feedback import OpenQuestion
from core.values import Kind, Reason, Reply
from tests.web.fakes import ANSWER, FakeFeedback

SILENT = Reply("文件没有写金额。", Kind.ABSTAIN, Reason.AMOUNT_NOT_STATED)
QUESTION = "补贴多少钱？"


class Tracker:
    def __init__(self, text: str, form: str = "") -> None:
        metadata = {"message_id": "m1"}
        self.latest_message = {"text": text, "intent": {}, "entities": [], "metadata": metadata}
        self.sender_id, self.events = "telegram-a", []
        self.active_loop = {"name": form} if form else {}

    def get_slot(self, name: str) -> None:
        return None

    def get_latest_input_channel(self) -> str:
        return "telegram"


class Dispatcher:
    def utter_message(self, **_values: Any) -> None:
        return None


class Failing(FakeFeedback):
    def keep_question(self, *_values: object) -> None:
        raise StoreUnavailable("away")


def run(
    reply: Reply,
    action: type[Any] = AnswerPolicy,
    form: str = "",
    text: str = QUESTION,
    feedback: FakeFeedback | None = None,
) -> dict[Any, OpenQuestion]:
    feedback = feedback or FakeFeedback()
    policies = SimpleNamespace(ask=lambda question, topic, kind: reply)
    places = SimpleNamespace(courses=tuple)
    services = SimpleNamespace(policies=policies, feedback=feedback, places=places, referral="")
    asyncio.run(action(services).run(Dispatcher(), Tracker(text, form), {}))
    return feedback.kept


def test_a_question_that_the_notice_leaves_open_is_kept_under_its_message() -> None:
    assert run(SILENT) == {
        ("telegram-a", "m1"): OpenQuestion(QUESTION, "abstain", "amount_not_stated", "telegram")
    }


def test_a_sentence_that_was_not_understood_is_kept() -> None:
    (kept,) = run(Reply("？"), NotUnderstood, text="那个啥咋整").values()
    assert (kept.text, kept.outcome) == ("那个啥咋整", "not_understood")


@pytest.mark.parametrize(
    ("reply", "form", "text"),
    [(ANSWER, "", QUESTION), (SILENT, "booking_form", "王小明"), (SILENT, "", "/more")],
)
def test_answers_steps_of_a_form_and_pressed_buttons_are_not_kept(
    reply: Reply, form: str, text: str
) -> None:
    assert run(reply, form=form, text=text) == {}


def test_a_store_that_is_away_costs_no_answer() -> None:
    assert run(SILENT, feedback=Failing()) == {}
