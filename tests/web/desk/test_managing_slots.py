"""Dates of courses: imported and edited after a look, closed, cancelled with those who booked."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.errors import SlotClosed
from core.staff import Role
from core.values import BookingStatus
from tests.store.stores import add, slot, wish
from tests.web.desk.conftest import DeskAtHand, post, token_of

HEADER = "id,course,city,venue,starts_at,ends_at,capacity,access,audience\n"
LINE_A = "A,盲人按摩,长春市,一号楼,2026-03-09 09:00,2026-03-09 12:00,{capacity},轮椅通道,\n"
LINE_B = "B,电商客服,吉林市,二号楼,2026-03-10 09:00,2026-03-10 12:00,5,,\n"


def upload(client: TestClient, data: bytes | str, name: str = "dates.csv") -> Any:
    token = token_of(client.get("/desk/password").text)
    body = data.encode() if isinstance(data, str) else data
    files = {"file": (name, body, "application/octet-stream")}
    return client.post("/desk/slots/upload", data={"token": token}, files=files)


def plan_of(client: TestClient, answer: Any) -> tuple[str, dict[str, str]]:
    """The page that says what would happen, and what its form holds."""
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    names = ("draft", "fingerprint")
    found = {name: re.search(f'name="{name}" value="([^"]*)"', page) for name in names}
    return page, {name: match[1] for name, match in found.items() if match}


def booked(desk: DeskAtHand, number: int = 1, **more: Any) -> str:
    return desk.store.places.book(wish(number, **more)).reference


def test_an_import_says_what_it_would_change_and_changes_it_only_then(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    add(desk.store, slot(capacity=2))
    booked(desk, channel="telegram")
    page, fields = plan_of(client, upload(client, HEADER + LINE_A.format(capacity=9) + LINE_B))
    assert "修改1个" in page and "新增1个" in page and "2 改为 9" in page
    assert "已确认1人" in page and "不会通知他们" in page
    assert [s.id for s in desk.store.places.slots()] == ["A"], "looking changes nothing"
    assert post(client, "/desk/slots/save", **fields).status_code == 303
    assert {s.id: s.capacity for s in desk.store.places.slots()} == {"A": 9, "B": 5}
    assert ("slots_saved", "2") in [(t.event, t.subject) for t in desk.store.staff.trail()]
    again = HEADER + LINE_A.format(capacity=9) + LINE_B
    assert "不会有任何变化" in plan_of(client, upload(client, again))[0]


def test_who_books_between_looking_and_saving_is_not_overlooked(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    add(desk.store, slot(capacity=3))
    _, fields = plan_of(client, upload(client, HEADER + LINE_A.format(capacity=1)))
    booked(desk, 1)
    booked(desk, 2)
    late = post(client, "/desk/slots/save", **fields)
    assert late.status_code == 409 and "情况有了变化" in late.text
    assert "名额不够" in late.text and "/desk/slots/save" not in late.text
    assert desk.store.places.slot("A").capacity == 3


def test_every_bad_line_is_named_in_plain_words(desk: DeskAtHand) -> None:
    bad = (
        HEADER + "A,盲人按摩,长春市,,2026-03-09 12:00,2026-03-09 09:00,2,,\nB,x,y,z,明天,后天,2,,\n"
    )
    answer = upload(desk.signed_in(Role.MANAGER), bad)
    assert answer.status_code == 422
    assert "第2行：没有填：地点" in answer.text and "第3行：开始时间不是" in answer.text


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 2**20))
    return out.getvalue()


def macro() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub")
    return out.getvalue()


HOSTILE = {
    "bomb.xlsx": (bomb, "大得不正常"),
    "macro.xlsx": (macro, "带有宏"),
    "picture.xlsx": (lambda: b"\x89PNG\r\n" + b"\0" * 99, "已损坏"),
    "picture.csv": (lambda: b"\x89PNG\xff\xff" + b"\0\xff" * 99, "文字编码"),
    "x.exe": (lambda: b"MZ", "CSV、XLSX 或 ICS"),
    "large.csv": (lambda: b"x" * (2 * 2**20 + 1), "太大"),
    "lines.csv": (lambda: (HEADER + LINE_B * 5001).encode(), "太大"),
    "columns.csv": (lambda: b"id,course\n1,2\n", "缺少这些列：城市"),
    "none.ics": (lambda: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "一条班次也没有"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_upload_is_refused_and_said(desk: DeskAtHand, name: str) -> None:
    make, words = HOSTILE[name]
    answer = upload(desk.signed_in(Role.MANAGER), make(), name)
    assert answer.status_code == 422 and "没有收下" in answer.text
    assert words in answer.text


def test_one_date_is_added_and_moved_by_a_form_that_keeps_what_was_typed(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    values = dict(
        id="N1", course="面点", city="长春市", venue="三号楼", starts_at="2026-04-01 09:00",
        ends_at="2026-04-01 08:00", capacity="4", status="open",
    )  # fmt: skip
    wrong = post(client, "/desk/slots/check", **values)
    assert wrong.status_code == 422 and "结束时间不在开始时间之后" in wrong.text
    assert 'value="面点"' in wrong.text
    _, fields = plan_of(
        client, post(client, "/desk/slots/check", **{**values, "ends_at": "2026-04-01 12:00"})
    )
    post(client, "/desk/slots/save", **fields)
    booked(desk, 1, slot_id="N1")
    booked(desk, 2, slot_id="N1", channel="telegram")
    form = client.get("/desk/slots/edit?slot=N1").text
    typed = dict(re.findall(r'name="(\w+)" type="text" value="([^"]*)"', form))
    moved = {**typed, "venue": "四号楼", "status": "open"}
    page, fields = plan_of(client, post(client, "/desk/slots/check", **moved))
    assert "三号楼 改为 四号楼" in page and "1人会收到消息" in page and "1人要打电话" in page
    post(client, "/desk/slots/save", **fields)
    assert [m.kind for m in desk.store.outbox.pending()].count("slot_changed") == 2


def test_closing_keeps_places_and_takes_no_more(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    add(desk.store, slot())
    reference = booked(desk)
    assert "名额不变" in client.get("/desk/slots/show?slot=A").text
    assert post(client, "/desk/slots/close", slot="A").status_code == 303
    assert desk.store.places.by_reference(reference).status is BookingStatus.CONFIRMED
    with pytest.raises(SlotClosed):
        desk.store.places.book(wish(2))
    assert "停止报名" in client.get("/desk/slots?state=closed").text
    assert post(client, "/desk/slots/close", slot="Z").status_code == 404


def test_cancelling_says_first_whom_it_touches_and_needs_a_yes(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    add(desk.store, slot(capacity=1))
    reference = booked(desk, channel="telegram")
    desk.store.places.join_waitlist(wish(2))
    page = client.get("/desk/slots/show?slot=A").text
    assert "2人会被取消" in page and "1人会收到消息" in page and "另外1人收不到消息" in page
    seen = {"slot": "A", "confirmed": 1, "held": 0, "waiting": 1, "messaged": 1}
    assert post(client, "/desk/slots/cancel", **seen).status_code == 409, "no yes"
    desk.store.places.join_waitlist(wish(3))
    late = post(client, "/desk/slots/cancel", sure="1", **seen)
    assert late.status_code == 409 and "3人会被取消" in late.text
    seen["waiting"] = 2
    assert post(client, "/desk/slots/cancel", sure="1", **seen).status_code == 303
    assert desk.store.places.by_reference(reference).status is BookingStatus.CANCELLED


def test_dates_are_filtered_and_both_they_and_bookings_go_out_as_files(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    add(desk.store, slot("A"), slot("B", city="吉林市"), slot("C", days=-1))
    booked(desk)
    assert "筛选出1个" in client.get("/desk/slots?city=吉林市").text
    assert "筛选出1个" in client.get("/desk/slots?state=begun").text
    sheet = client.get("/desk/slots/export.csv?city=吉林市").text
    assert [row["id"] for row in csv.DictReader(io.StringIO(sheet.lstrip("\ufeff")))] == ["B"]
    rows = client.get("/desk/slots/bookings.json?slot=A").json()
    assert [(r["name"], r["phone"], r["status"]) for r in rows] == [
        ("测试乙", "13900000001", "confirmed")
    ]
    assert ("bookings_exported", "A") in [(t.event, t.subject) for t in desk.store.staff.trail()]
