"""The numbers a lead steers by, their files, and the trail that an admin reads."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest

from bot.web.desk.managing.exports import cell
from bot.web.desk.managing.numbers import TABLES
from core.feedback import OpenQuestion, Rating
from core.staff import Role
from tests.store.stores import add, slot, wish
from tests.web.desk.conftest import DeskAtHand, post

TODAY = date(2026, 3, 2)


@pytest.fixture
def busy(desk: DeskAtHand) -> DeskAtHand:
    """A desk after some days of work."""
    store, old = desk.store, TODAY - timedelta(days=20)
    store.counts.add(
        {
            (TODAY, "web", "answer", ""): 6,
            (TODAY, "telegram", "abstain", "amount_not_stated"): 2,
            (TODAY, "web", "", ""): 5,
            (old, "web", "answer", ""): 12,
        }
    )
    add(store, slot("A", capacity=1), slot("B", capacity=3, course="面点"))
    store.places.book(wish(1))
    store.places.join_waitlist(wish(2))
    store.tickets.open(conversation="c", channel="web", topic="asked", summary="王小明要人工")
    store.feedback.keep_question("c", "m", OpenQuestion("残疾证怎么办理", "abstain"))
    store.feedback.rate("c", "m", Rating(True, "", "answer", "文 一"))
    desk.clock.forward(minutes=16)
    return desk


def test_the_page_holds_the_numbers_a_lead_steers_by(busy: DeskAtHand) -> None:
    client = busy.signed_in(Role.MANAGER)
    page = " ".join(client.get("/desk/numbers?days=7").text.split())
    for figure in (
        "收到的消息<strong>13</strong>",
        "政策问题答出<strong>75%</strong>",
        "没有答上的问题<strong>1组</strong>",
        "名额已约<strong>25%</strong>1人候补",
        "等人工<strong>1人</strong>最久16分钟，太久了",
        "觉得有帮助<strong>100%</strong>",
    ):
        assert figure in page, figure
    assert "没写金额" in page and "Telegram" in page and "面点" in page
    assert "王小明" not in page
    assert "收到的消息<strong>25</strong>" in client.get("/desk/numbers").text


@pytest.mark.parametrize("name", TABLES)
def test_every_table_goes_out_as_csv_and_json_with_the_same_rows(
    busy: DeskAtHand, name: str
) -> None:
    client = busy.signed_in(Role.MANAGER)
    sheet = client.get(f"/desk/numbers/{name}.csv?days=30")
    lines = list(csv.DictReader(io.StringIO(sheet.text.lstrip("\ufeff"))))
    rows = client.get(f"/desk/numbers/{name}.json?days=30").json()
    assert rows and len(lines) == len(rows)
    assert list(lines[0]) == list(rows[0]) == TABLES[name].split()
    assert "王小明" not in sheet.text
    assert client.get("/desk/numbers/staff.csv").status_code == 404


def test_an_empty_store_has_no_numbers_and_no_trouble(desk: DeskAtHand) -> None:
    page = desk.signed_in(Role.MANAGER).get("/desk/numbers?days=x").text
    assert "还没有数据" in page and "没有班次" in page


@pytest.mark.parametrize("sign", "=+-@＝＋－＠\t\r\n")
def test_no_cell_begins_like_a_formula(sign: str) -> None:
    assert cell(f"{sign}1+1").startswith("'")
    assert cell([f"{sign}1", "b"]).startswith("'")
    assert cell(-3) == "-3"


def test_an_admin_finds_a_line_of_the_trail_and_takes_it_away(desk: DeskAtHand) -> None:
    for n in range(130):
        desk.store.staff.record("li.na", "ticket_claimed", f"t{n}")
    admin = desk.signed_in(Role.ADMIN)
    first = admin.get("/desk/trail?who=li.na")
    assert "t129" in first.text and "t30<" in first.text and "t29<" not in first.text
    before = re.search(r"before=(\d+)", first.text)[1]  # type: ignore[index]
    older = admin.get(f"/desk/trail?who=li.na&before={before}")
    assert "t29<" in older.text and "t0<" in older.text
    post(admin, "/desk/accounts", name="new.one", role="agent")
    rows = admin.get("/desk/trail/export.json?event=account_added&who=test.admin").json()
    assert [row["subject"] for row in rows] == ["new.one"]
    assert admin.get("/desk/trail/export.csv").status_code == 200
    assert desk.store.staff.trail(limit=1)[0].event == "trail_exported"


@pytest.mark.parametrize(
    "path",
    [
        "/desk/notices/facts/%00",
        "/desk/notices/facts/x?version=99999999999999999999999",
        "/desk/notices/withdraw/..%2F..",
        "/desk/notices/draft/%27%3B--",
        "/desk/slots/show?slot=%00%27",
        "/desk/slots?page=99999999999999999999&text=%25",
        "/desk/slots/bookings.csv?slot=%00",
        "/desk/requests?page=-1&status=%00",
        "/desk/numbers/answers.xml",
    ],
)
def test_no_address_that_somebody_makes_up_breaks_the_desk(desk: DeskAtHand, path: str) -> None:
    assert desk.signed_in(Role.MANAGER).get(path).status_code in (200, 404, 422)
