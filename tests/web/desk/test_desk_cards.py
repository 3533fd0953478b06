"""Script cards, the screener and work orders, as pages without a script."""

from __future__ import annotations

import csv
import io
import re

import pytest

from core.staff import Role
from tests.web.desk.conftest import DeskAtHand, post

QUESTION = "盲人按摩机构要达到多少家？"


def noted(desk: DeskAtHand, client, question: str = QUESTION) -> str:  # type: ignore[no-untyped-def]
    assert post(client, "/desk/orders/note", question=question).status_code == 303
    return re.search(r"/desk/orders/([\d-]+)", client.get("/desk").text)[1]  # type: ignore[index]


def test_a_card_has_the_script_the_marked_clause_and_what_must_and_must_not_be_said(
    desk: DeskAtHand,
) -> None:
    page = post(desk.signed_in(), "/desk/cards", question=QUESTION).text
    script = re.search(r'<p class="script">(.*?)</p>', page)[1]  # type: ignore[index]
    assert "400个以上" in script
    marks = re.findall(r"<mark>(.*?)</mark>", page)
    assert any("全省盲人按摩机构达到400个以上" in mark for mark in marks)
    assert "/notice/" in page and "省残联" in page
    must, never = page.split("必须说")[1].split("不能说、不能答应")
    assert "“以上”" in must and "牵头" in never and "一定能办成" in never


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("残疾人创业给多少钱", "先说清楚：文件没有写金额。"),
        ("两项补贴多少钱", "先说清楚：这一点文件里没有写。"),
    ],
)
def test_a_card_says_first_what_the_notice_does_not_say(
    desk: DeskAtHand, question: str, reason: str
) -> None:
    assert reason in post(desk.signed_in(), "/desk/cards", question=question).text


def test_related_questions_lead_to_answers_from_the_clause(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    page = post(client, "/desk/cards", question=QUESTION).text
    related = re.findall(r'name="question" value="([^"]+)">\1', page)
    assert 3 <= len(related) <= 6 and QUESTION not in related
    for question in related:
        assert "文件有规定" in post(client, "/desk/cards", question=question).text


def test_a_question_that_leans_on_the_card_before_is_answered_from_its_clause(
    desk: DeskAtHand,
) -> None:
    client = desk.signed_in()
    page = post(client, "/desk/cards", question="辅助性就业人数要达到多少人").text
    fields = dict(re.findall(r'name="(topic_\w+)" value="([^"]*)"', page))
    assert fields["topic_clause"] == "二（二）4"
    page = post(client, "/desk/cards", question="谁负责", **fields).text
    assert "省残联、省民政厅" in page and "二（二）4" in page


def test_nothing_typed_is_no_card_and_markup_stays_text(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    assert 'class="script"' not in post(client, "/desk/cards", question="  ").text
    page = post(client, "/desk/cards", question='<img src=x onerror="alert(1)">盲人').text
    assert "<img" not in page and "&lt;img" in page


def test_the_screener_says_whom_the_words_fit_and_what_they_leave_open(desk: DeskAtHand) -> None:
    told = {"q_goal": ["startup", "nonsense"], "q_disability": "visual"}
    page = post(desk.signed_in(), "/desk/screening", **told).text
    fits = page.split("文件点到这类人")[1].split("还不能判断")[0]
    assert "二（三）7" in fits and "二（二）3" in fits and "给多少钱，文件没有写" in fits
    assert "二（三）5" not in fits and 'value="startup" checked' in page


def test_what_was_read_out_becomes_an_order_that_is_edited_and_saved(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    reference = noted(desk, client)
    assert noted(desk, client, "辅助性就业由谁负责") == reference
    fields = {"caller": "王小明", "phone": "139 1234 5678", "summary": "问两件事", "keep": "1"}
    wrong = post(client, f"/desk/orders/{reference}", **{**fields, "phone": "12"}, status="saved")
    assert wrong.status_code == 422 and "问两件事" in wrong.text and "11位" in wrong.text
    post(client, f"/desk/orders/{reference}", **fields, status="saved")
    order = desk.store.orders.get(reference, "test.agent")
    assert (order.phone, order.status) == ("13912345678", "saved")
    assert [note.question for note in order.notes] == ["辅助性就业由谁负责"]
    assert "省民政厅" in order.departments
    assert reference in client.get("/desk/orders").text
    trail = str(desk.store.staff.trail())
    assert "order_saved" in trail and reference in trail and "王小明" not in trail


def test_an_agents_order_is_theirs_and_a_managers_to_read(desk: DeskAtHand) -> None:
    reference = noted(desk, desk.signed_in())
    other = desk.signed_in(name="other.agent")
    assert other.get(f"/desk/orders/{reference}").status_code == 404
    assert post(other, f"/desk/orders/{reference}", status="done").status_code == 404
    assert post(other, f"/desk/orders/{reference}/discard").status_code == 404
    assert desk.signed_in(Role.MANAGER).get(f"/desk/orders/{reference}").status_code == 200
    assert post(desk.signed_in(), f"/desk/orders/{reference}/discard").status_code == 303
    assert desk.store.orders.listed(None) == ()


def test_orders_are_exported_whole_and_become_no_formula(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    reference = noted(desk, client)
    evil = "=HYPERLINK(1)"
    post(client, f"/desk/orders/{reference}", caller=evil, keep="0", status="saved")
    answer = client.get("/desk/orders/export.csv")
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row["caller"] == f"'{evil}" and row["questions"] == QUESTION
    (record,) = client.get("/desk/orders/export.json").json()
    assert record["caller"] == evil and record["questions"] == [QUESTION]
