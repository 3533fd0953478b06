"""Gateways behind a proxy hold nothing of their own: the store does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.conversations import MemoryConversations
from core.conversing import Turn
from core.errors import StoreUnavailable
from runtime.settings import Settings
from store.opening import Store
from tests.store.stores import fresh_store
from tests.web.conftest import Form, services
from tests.web.fakes import FakeDialogue

QUESTION = "盲人按摩机构要达到多少家？"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened, _ = fresh_store(tmp_path)
    yield opened
    opened.close()


def gateway(store: Store, dialogue: FakeDialogue) -> TestClient:
    kept = services(dialogue, conversations=store.conversations, feedback=store.feedback)
    return TestClient(create_app(kept, Settings()))


def test_another_gateway_goes_on_where_the_first_was(store: Store, dialogue: FakeDialogue) -> None:
    first, second = gateway(store, dialogue), gateway(store, dialogue)
    Form(first).send("我想报名")
    second.cookies = first.cookies
    assert "请选一门课" in second.get("/").text
    Form(second).send("2")
    assert dialogue.heard[-1].text == '/choose_course{"course":"c2"}'


def test_a_message_that_reaches_two_gateways_at_once_is_handled_once(
    store: Store, dialogue: FakeDialogue
) -> None:
    dialogue.delay_s = 0.5
    both = [gateway(store, dialogue), gateway(store, dialogue)]
    data: dict[str, Any] = {**Form(both[0]).fields(), "message": QUESTION}
    both[1].cookies = both[0].cookies
    with ThreadPoolExecutor(2) as clicks:
        pages = list(clicks.map(lambda one: one.post("/chat", data=data), both))
    assert len(dialogue.heard) == 1
    assert all(page.text.count("明路答") == 1 for page in pages)


def test_a_message_that_was_not_answered_may_go_through_another_gateway(
    store: Store, dialogue: FakeDialogue
) -> None:
    first, second = gateway(store, dialogue), gateway(store, dialogue)
    data = {**Form(first).fields(), "message": QUESTION}
    dialogue.down = True
    assert first.post("/chat", data=data).status_code == 503
    dialogue.down = False
    second.cookies = first.cookies
    assert "400个以上" in second.post("/chat", data=data).text


class Failing(MemoryConversations):
    down = True

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        if self.down:
            raise StoreUnavailable("away")
        return super().turns(conversation)

    def add(self, conversation: str, turn: Turn) -> Turn:
        raise StoreUnavailable("away")


def test_while_the_store_is_away_the_words_stay_in_the_field(dialogue: FakeDialogue) -> None:
    client = TestClient(create_app(services(dialogue, conversations=Failing()), Settings()))
    page = Form(client).send("别丢了我")
    assert page.status_code == 503 and "没有丢" in page.text and 'value="别丢了我"' in page.text
    assert client.post("/api/chat", json={"message": "你好"}).status_code == 503
    assert dialogue.heard == []


def test_an_answer_that_cannot_be_kept_is_given(dialogue: FakeDialogue) -> None:
    failing = Failing()
    failing.down = False
    client = TestClient(create_app(services(dialogue, conversations=failing), Settings()))
    page = client.post(
        "/chat", data={**Form(client).fields(), "message": QUESTION}, headers={"x-piece": "1"}
    )
    assert "400个以上" in page.text
