"""有帮助吗, and the questions that got no answer."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from bot.web.app import create_app
from core.feedback import OpenQuestion, Rating
from runtime.settings import Settings
from tests.web.conftest import Form, services
from tests.web.fakes import NUMBER, FakeDialogue, FakeFeedback

QUESTION = "盲人按摩机构要达到多少家？"


def rate(form: Form, page: str, **choice: str):  # type: ignore[no-untyped-def]
    answer = re.search(r'name="answer" value="([^"]*)"', page)
    assert answer
    data = {"token": form.fields()["token"], "answer": answer[1], **choice}
    return form.client.post("/feedback", data=data)


def test_one_press_says_that_an_answer_helped(form: Form, feedback: FakeFeedback) -> None:
    page = rate(form, form.send(QUESTION).text, helpful="1")
    assert "谢谢，记下了。" in page.text and 'name="helpful"' not in page.text
    assert list(feedback.rated.values()) == [Rating(True, "", "answer", f"{NUMBER} 二（三）7")]
    assert feedback.kept == {}


def test_where_it_did_not_help_a_reason_may_be_picked_from_a_list(
    form: Form, feedback: FakeFeedback
) -> None:
    first = form.send(QUESTION).text
    page = rate(form, first, helpful="0")
    assert '<button name="reason" value="unclear">看不懂</button>' in page.text
    assert '<input type="text" name="reason"' not in page.text
    page = rate(form, first, helpful="0", reason="unclear")
    assert "谢谢" in page.text and 'name="reason"' not in page.text
    (rating,) = feedback.rated.values()
    assert (rating.helpful, rating.reason) == (False, "unclear")
    (question,) = feedback.kept.values()
    assert question == OpenQuestion(QUESTION, "unhelpful", "")


@pytest.mark.parametrize("reason", ["<b>", "别的", "wrong' OR 1"])
def test_no_words_can_be_slipped_in_as_a_reason(
    form: Form, feedback: FakeFeedback, reason: str
) -> None:
    rate(form, form.send(QUESTION).text, helpful="0", reason=reason)
    (rating,) = feedback.rated.values()
    assert rating.reason == ""


def test_only_an_own_answer_can_be_rated_and_only_by_our_form(
    form: Form, client: TestClient, feedback: FakeFeedback
) -> None:
    page = form.send(QUESTION).text
    assert rate(Form(TestClient(client.app)), page, helpful="1").status_code == 404
    data = {"answer": "x", "helpful": "1", "token": "0" * 32}
    assert client.post("/feedback", data=data).status_code == 403
    assert feedback.rated == {}


def test_a_step_of_a_booking_is_not_rated(form: Form) -> None:
    assert "有帮助吗" in form.send(QUESTION).text
    assert "有帮助吗" not in form.send("我想报名").text


def test_switched_off_nothing_is_asked_and_the_page_promises_nothing(
    dialogue: FakeDialogue, feedback: FakeFeedback
) -> None:
    client = TestClient(create_app(services(dialogue), Settings(feedback_days=0)))
    page = Form(client).send("补贴多少钱？").text
    assert "有帮助吗" not in page and "用来改进回答" not in page
    on = TestClient(create_app(services(dialogue, feedback=feedback), Settings(feedback_days=30)))
    assert "保存30天，用来改进回答" in on.get("/").text
