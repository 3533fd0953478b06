"""Requests for a person and feedback, as managers see, close, export and delete them."""

from __future__ import annotations

import csv
import io
import re

from core.feedback import OpenQuestion, Rating
from core.staff import Role
from tests.web.desk.conftest import DeskAtHand, post


def ask(desk: DeskAtHand, *texts: str, outcome: str = "abstain") -> None:
    for n, text in enumerate(texts):
        desk.store.feedback.keep_question("c", f"m{n}-{text}", OpenQuestion(text, outcome))


def request(desk: DeskAtHand, conversation: str = "c1", summary: str = "想问补贴", **more):  # type: ignore[no-untyped-def]
    values = {"channel": "web", "topic": "asked", "summary": summary, **more}
    return desk.store.tickets.open(conversation=conversation, **values)


def test_requests_are_filtered_closed_and_exported_without_formulas(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    first = request(desk, summary='=HYPERLINK("http://x")')
    urgent = request(desk, "c2", channel="telegram", topic="safety", urgent=True)
    page = client.get("/desk/requests").text
    assert page.index(urgent.id) < page.index(first.id) and "紧急" in page
    assert "筛选出1条" in client.get("/desk/requests?channel=telegram").text
    rows = client.get("/desk/requests/export.csv?topic=asked").text.lstrip("\ufeff")
    assert [r["summary"] for r in csv.DictReader(io.StringIO(rows))] == ['\'=HYPERLINK("http://x")']
    assert post(client, "/desk/requests/close", ticket=first.id).status_code == 303
    assert desk.store.tickets.get(first.id).status == "closed"
    assert first.id in client.get("/desk/requests?status=closed").text
    assert post(client, "/desk/requests/close", ticket="000").status_code == 409


def test_a_request_that_a_colleague_talks_to_is_not_closed_over_their_head(
    desk: DeskAtHand,
) -> None:
    ticket = request(desk)
    desk.signed_in(Role.AGENT)
    desk.store.handovers.claim(ticket.id, "test.agent")
    answer = post(desk.signed_in(Role.MANAGER), "/desk/requests/close", ticket=ticket.id)
    assert answer.status_code == 409 and "test.agent" in answer.text
    assert desk.store.tickets.get(ticket.id).status == "taken"


def test_questions_asked_in_vain_stand_in_groups_with_the_nearest_clause(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    ask(desk, "盲人按摩店开业补贴多少", "盲人按摩店开业给多少补贴", "盲人安摩店开业补贴多少")
    ask(desk, "残疾证怎么办理")
    page = client.get("/desk/feedback").text
    assert "共2组、4次" in page and "（3次）" in page and "3种问法" in page
    assert "/notice/" in page.split("最接近的条款</dt>")[1]
    rows = client.get("/desk/feedback/questions.json").json()
    assert [(r["count"], bool(r["clause"])) for r in rows] == [(3, True), (1, True)]
    key = re.search(r'name="group" value="(\w+)"', page)[1]  # type: ignore[index]
    assert post(client, "/desk/feedback/questions/delete", group=key).status_code == 303
    assert [q.text for q in desk.store.feedback.questions(desk.clock.now().date())] == [
        "残疾证怎么办理"
    ]
    assert post(client, "/desk/feedback/questions/delete", group=key).status_code == 409
    assert "questions_deleted" in [t.event for t in desk.store.staff.trail()]


def test_ratings_are_counted_by_clause_and_deleted(desk: DeskAtHand) -> None:
    client, kept = desk.signed_in(Role.MANAGER), desk.store.feedback
    for n, (helpful, reason) in enumerate([(True, ""), (False, "unclear"), (False, "unclear")]):
        kept.rate("c", f"m{n}", Rating(helpful, reason, "answer", "文 一"))
    kept.rate("c", "other", Rating(True, "", "abstain", ""))
    rows = client.get("/desk/feedback/ratings.json").json()
    assert [(r["clause"], r["helpful"], r["unhelpful"]) for r in rows] == [
        ("文 一", 1, 2),
        ("", 1, 0),
    ]
    assert "看不懂2次" in client.get("/desk/feedback").text
    post(client, "/desk/feedback/ratings/delete", kind="answer", clause="文 一")
    assert len(client.get("/desk/feedback/ratings.json").json()) == 1
