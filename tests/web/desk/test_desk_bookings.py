"""Booking for a caller: read back, agreed to, made by the store's own rules."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from core.values import BookingStatus
from tests.store.stores import add, slot, wish
from tests.web.desk.conftest import DeskAtHand, post

PHONE = "13912345678"
WISH = {"slot": "A", "name": "王小明", "phone": "139 1234 5678", "need": ["轮椅通道"], "key": "k1"}


@pytest.fixture
def client(desk: DeskAtHand) -> TestClient:
    add(desk.store, slot("A", capacity=1), slot("B", days=8), slot("C", hour=10))
    return desk.signed_in()


def booked(client: TestClient, **more: object) -> str:
    page = post(client, "/desk/bookings/confirm", **{**WISH, "consent": "1", **more}).text
    return re.search(r'class="code">([\d-]+)', page)[1]  # type: ignore[index]


def test_everything_is_read_back_before_anything_is_kept(
    desk: DeskAtHand, client: TestClient
) -> None:
    page = post(client, "/desk/bookings/check", **WISH).text
    for words in ("王小明", "139 1234 5678", "幺三九", "轮椅通道", "没有登记：轮椅通道"):
        assert words in page
    assert desk.store.places.all_bookings() == ()


def test_a_booking_needs_consent_is_made_once_and_stands_in_the_order(
    desk: DeskAtHand, client: TestClient
) -> None:
    refused = post(client, "/desk/bookings/confirm", **WISH)
    assert refused.status_code == 422 and "本人同意" in refused.text
    assert desk.store.places.all_bookings() == ()
    reference = booked(client)
    assert booked(client) == reference, "a double click books once"
    (booking,) = desk.store.places.all_bookings()
    assert (booking.booked_by, booking.channel, booking.phone) == ("staff", "desk", PHONE)
    assert desk.store.orders.draft("test.agent").bookings == (reference,)  # type: ignore[union-attr]
    events = [(t.event, t.subject) for t in desk.store.staff.trail()]
    assert ("booking_made", reference) in events and PHONE not in str(events)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"phone": "12"}, "11位"), ({"name": "1"}, "姓名不对"), ({"slot": "Z"}, "请先选一个场次")],
)
def test_what_cannot_be_right_is_said_and_what_was_typed_stays(
    client: TestClient, wrong: dict[str, str], words: str
) -> None:
    answer = post(client, "/desk/bookings/check", **{**WISH, **wrong})
    assert answer.status_code == 422 and words in answer.text
    assert 'value="轮椅通道" checked' in answer.text


def test_a_full_course_offers_the_next_one_and_the_waitlist(
    desk: DeskAtHand, client: TestClient
) -> None:
    desk.store.places.book(wish(1))
    page = post(client, "/desk/bookings/check", **WISH).text
    assert "名额已满" in page and 'value="B"' in page
    assert "名额已满" in post(client, "/desk/bookings/confirm", **WISH, consent="1").text
    page = post(client, "/desk/bookings/confirm", **WISH, consent="1", waitlist="1").text
    assert "候补中" in page and "第1位" in page


def test_two_courses_at_one_time_are_booked_only_when_meant(
    desk: DeskAtHand, client: TestClient
) -> None:
    booked(client)
    second = {**WISH, "slot": "C", "key": "k2"}
    page = post(client, "/desk/bookings/confirm", **second, consent="1")
    assert page.status_code == 422 and 'name="overlap"' in page.text
    assert booked(client, slot="C", key="k2", overlap="1")
    assert len(desk.store.places.all_bookings()) == 2


def test_a_booking_is_found_moved_and_cancelled_with_reference_and_phone(
    desk: DeskAtHand, client: TestClient
) -> None:
    proof = {"reference": booked(client), "phone": "5678"}
    assert "王小明" in post(client, "/desk/bookings/find", **proof).text
    assert post(client, "/desk/bookings/cancel", **proof).status_code == 422
    post(client, "/desk/bookings/move", **proof, slot="B")
    assert [b.slot.id for b in desk.store.places.all_bookings()] == ["B"]
    assert "已取消" in post(client, "/desk/bookings/cancel", **proof, sure="1").text
    assert desk.store.places.all_bookings()[0].status is BookingStatus.CANCELLED


def test_guessing_is_limited_and_names_nobody(client: TestClient) -> None:
    reference = booked(client)
    for _ in range(5):
        answer = post(client, "/desk/bookings/find", reference=reference, phone="0000")
        assert answer.status_code == 422 and "王小明" not in answer.text
    answer = post(client, "/desk/bookings/find", reference=reference, phone="5678")
    assert "太多" in answer.text and "王小明" not in answer.text


def test_dates_are_chosen_by_course_and_city(client: TestClient) -> None:
    assert 'value="A"' in client.get("/desk/bookings?city=长春市").text
    page = client.get("/desk/bookings?city=吉林市").text
    assert 'value="A"' not in page and "没有这样的场次" in page


def test_what_no_channel_delivers_waits_for_a_call_and_an_offer_is_taken(
    desk: DeskAtHand, client: TestClient
) -> None:
    taken = desk.store.places.book(wish(1, channel="telegram"))
    page = post(client, "/desk/bookings/confirm", **WISH, consent="1", waitlist="1").text
    reference = re.search(r'class="code">([\d-]+)', page)[1]  # type: ignore[index]
    assert "没有要回的电话" in client.get("/desk/calls").text
    desk.store.places.cancel(taken.reference, key="c")
    page = client.get("/desk/calls").text
    assert "候补有名额了" in page and "王小明，139 1234 5678" in page and reference in page
    proof = {"reference": reference, "phone": "5678"}
    assert "来电人要这个名额" in post(client, "/desk/bookings/find", **proof).text
    assert "已预约" in post(client, "/desk/bookings/accept", **proof).text
    assert "没有要回的电话" in client.get("/desk/calls").text, "an offer that was taken is moot"


def test_a_call_that_was_made_waits_no_longer(desk: DeskAtHand, client: TestClient) -> None:
    booked(client)
    add(desk.store, slot("A", capacity=1, hour=14))
    page = client.get("/desk/calls").text
    assert "场次有变动" in page
    (number,) = re.findall(r'name="message" value="(\d+)"', page)
    post(client, "/desk/calls/done", message=number)
    assert "没有要回的电话" in client.get("/desk/calls").text
