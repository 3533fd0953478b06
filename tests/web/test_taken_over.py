"""A person of the staff takes over a conversation on the chat page, and hands it back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.conversations import sender_of
from core.values import Ticket
from runtime.settings import Settings
from store.opening import Store
from tests.store.stores import fresh_store
from tests.web.conftest import Form, services
from tests.web.fakes import FakeDialogue

STAFF = "li.na"
PIECE = {"x-piece": "1"}


@dataclass
class TakenOver:
    store: Store
    form: Form
    ticket: Ticket

    def writes(self, text: str) -> None:
        self.store.handovers.write(self.ticket.id, STAFF, text, key=text)

    def news(self, after: int = 0) -> str:
        response = self.form.client.get(f"/chat/news?after={after}", headers=PIECE)
        assert response.status_code in (200, 204)
        return html.unescape(response.text)


@pytest.fixture
def taken(dialogue: FakeDialogue, tmp_path: Path) -> Iterator[TakenOver]:
    store, _ = fresh_store(tmp_path)
    kept = services(dialogue, conversations=store.conversations, handovers=store.handovers)
    client = TestClient(create_app(kept, Settings()))
    Form(client).send("转人工")
    ticket = store.tickets.open(
        conversation=sender_of(client.cookies["minglu"]), channel="web", topic="asked", summary="…"
    )
    store.handovers.claim(ticket.id, STAFF)
    yield TakenOver(store, Form(client), ticket)
    store.close()


def test_what_is_written_meanwhile_reaches_the_staff_and_not_the_assistant(
    taken: TakenOver, dialogue: FakeDialogue
) -> None:
    page = taken.form.send("我说不清，电话里讲行吗")
    assert page.status_code == 200 and "已经交给工作人员" in page.text
    assert [heard.text for heard in dialogue.heard] == ["转人工"]
    (message,) = taken.store.handovers.thread(taken.ticket.conversation)
    assert (message.text, message.staff) == ("我说不清，电话里讲行吗", "")


def test_what_staff_write_comes_once_and_stays_on_the_page(taken: TakenOver) -> None:
    assert taken.news() == ""
    taken.writes("您好，我是<工作人员>。")
    piece = taken.news()
    assert "您好，我是<工作人员>。" in piece and "工作人员说" in piece
    number = re.search(r'data-number="(\d+)"', piece)
    assert number and taken.news(int(number[1])) == ""
    page = taken.form.client.get("/").text
    assert "您好，我是&lt;工作人员&gt;。" in page and "看看有没有新消息" in page


def test_handed_back_the_assistant_answers_again(taken: TakenOver, dialogue: FakeDialogue) -> None:
    taken.store.handovers.hand_back(taken.ticket.id, STAFF)
    assert "400个以上" in taken.form.send("盲人按摩机构要达到多少家？").text


def test_nobody_else_gets_the_news(taken: TakenOver) -> None:
    taken.writes("只给您看")
    stranger = TestClient(taken.form.client.app)
    stranger.get("/")
    assert stranger.get("/chat/news", headers=PIECE).status_code == 204
    assert taken.form.client.get("/chat/news").status_code == 204, "no page embeds it"
