"""What the desk keeps: who talks in a conversation, messages between people, work orders."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.conversing import STAFF
from core.errors import InvalidDetails, TicketClosed, TicketTaken, UnknownOrder
from core.orders import OrderNote
from store.database import read
from store.erasure import export_person, forget_person
from store.opening import Store
from store.rotation import old_rows, reseal
from store.sealing import Seal
from store.tables.staff import human_messages, work_orders
from store.upkeep import run_upkeep
from tests.store.stores import HandClock, add, slot, wish

PHONE = "13912345678"
NOTE = OrderNote("怎么报名", "可以到社区报名。", "测试1号", "一", ("省残联",))


def ticket(store: Store, conversation: str = "c1", channel: str = "telegram") -> str:
    opened = store.tickets.open(
        conversation=conversation, channel=channel, topic="asked", summary="← 转人工"
    )
    return opened.id


def test_while_somebody_holds_a_conversation_what_is_written_goes_to_them(store: Store) -> None:
    held = ticket(store)
    line = store.handovers
    assert line.take_in("c1", "telegram", "有人吗", "m1") is False and line.thread("c1") == ()
    line.claim(held, "li.na")
    assert line.holder("c1") == "li.na" and line.holder("c2") == ""
    assert line.take_in("c1", "telegram", "有人吗", "m2")
    assert line.take_in("c1", "telegram", "有人吗", "m2"), "a redelivery is taken in as well"
    line.write(held, "li.na", "您好，我是小李。", "k1")
    line.write(held, "li.na", "您好，我是小李。", "k1")
    assert [(m.staff, m.text) for m in line.thread("c1")] == [
        ("", "有人吗"),
        ("li.na", "您好，我是小李。"),
    ]
    (waiting,) = line.undelivered("telegram")
    line.delivered(waiting.id)
    assert line.undelivered("telegram") == ()
    line.hand_back(held, "li.na")
    assert line.holder("c1") == "" and not line.take_in("c1", "telegram", "谢谢", "m3")


def test_a_conversation_is_the_assistants_while_nobody_talks_and_nothing_waits(
    store: Store,
) -> None:
    line, held = store.handovers, ticket(store)
    assert line.left_to_assistant("c1"), "a wish that nobody has taken yet"
    line.claim(held, "li.na")
    assert not line.left_to_assistant("c1") and line.left_to_assistant("c2")
    line.write(held, "li.na", "您好。", "k1")
    line.hand_back(held, "li.na")
    assert not line.left_to_assistant("c1"), "what staff wrote waits"
    (waiting,) = line.undelivered_to("c1")
    line.delivered(waiting.id)
    assert line.left_to_assistant("c1")


def test_only_one_account_talks_to_a_person(store: Store) -> None:
    held = ticket(store)
    line = store.handovers
    line.claim(held, "li.na")
    line.claim(held, "li.na")
    for call in (line.claim, line.release, line.hand_back):
        with pytest.raises(TicketTaken) as refused:
            call(held, "wang.wei")
        assert refused.value.details["taken_by"] == "li.na"
    with pytest.raises(TicketTaken):
        line.write(held, "wang.wei", "我来", "k")
    assert line.release(held, "li.na").status == "open"
    assert line.claim(held, "wang.wei").taken_by == "wang.wei"
    line.hand_back(held, "wang.wei")
    with pytest.raises(TicketClosed):
        line.claim(held, "li.na")


def test_a_ticket_taken_from_the_command_line_silences_nobody(store: Store) -> None:
    held = ticket(store)
    store.tickets.take(held)
    assert store.handovers.holder("c1") == ""


def test_what_staff_write_to_a_web_page_is_a_turn_of_it(store: Store) -> None:
    held = ticket(store, channel="web")
    store.handovers.claim(held, "li.na")
    for _ in range(2):
        store.handovers.write(held, "li.na", "您好。", "k1")
    (turn,) = store.conversations.turns("c1")
    assert (turn.by, turn.said, turn.replies[0].text) == (STAFF, "", "您好。")
    assert store.handovers.undelivered("web") == ()


def test_the_revision_tells_of_every_change(store: Store, clock: HandClock) -> None:
    seen = {store.handovers.revision()}
    held = ticket(store)
    steps = (
        lambda: store.handovers.claim(held, "li.na"),
        lambda: store.handovers.take_in("c1", "telegram", "你好", "m1"),
        lambda: store.handovers.write(held, "li.na", "您好", "k"),
        lambda: store.handovers.delivered(2),
        lambda: store.handovers.release(held, "li.na"),
    )
    seen.add(store.handovers.revision())
    for step in steps:
        clock.forward(seconds=1)
        step()
        seen.add(store.handovers.revision())
    assert len(seen) == len(steps) + 2


def test_an_order_grows_with_the_call_and_is_its_accounts_alone(store: Store) -> None:
    assert store.orders.draft("li.na") is None
    store.orders.note("li.na", NOTE)
    store.orders.note("li.na", NOTE)
    order = store.orders.add_booking("li.na", "235-078-623")
    assert (order.notes, order.bookings, order.departments) == (
        (NOTE,),
        ("235-078-623",),
        ("省残联",),
    )
    with pytest.raises(UnknownOrder):
        store.orders.get(order.reference, "wang.wei")
    with pytest.raises(InvalidDetails):
        store.orders.edit(order.reference, "li.na", status="saved", phone="12")
    saved = store.orders.edit(
        order.reference, "li.na", status="saved", caller="王小明", phone="139 1234 5678"
    )
    assert saved.phone == PHONE and store.orders.draft("li.na") is None
    assert store.orders.get(order.reference, None) == saved
    assert store.orders.listed("wang.wei") == () and store.orders.listed(None) == (saved,)
    with pytest.raises(UnknownOrder):
        store.orders.discard(order.reference, "li.na")
    with store.engine.connect() as connection:
        kept = str(connection.execute(work_orders.select()).fetchall())
    assert "王小明" not in kept and PHONE not in kept


def test_forgetting_a_phone_takes_calls_and_messages_along(store: Store) -> None:
    add(store, slot())
    store.places.book(wish(1, phone=PHONE))
    held = ticket(store)
    store.handovers.claim(held, "li.na")
    store.handovers.take_in("c1", "telegram", "我的事", "m1")
    for name, phone in (("li.na", PHONE), ("wang.wei", "13800000000")):
        order = store.orders.note(name, NOTE)
        store.orders.edit(order.reference, name, status="saved", phone=phone)
    found = export_person(store, phone=PHONE)
    assert [call["asked"] for call in found["calls"]] == [["怎么报名"]]
    assert [m["text"] for m in found["between_people"]] == ["我的事"]
    forget_person(store, phone=PHONE)
    assert [order.staff for order in store.orders.listed(None)] == ["wang.wei"]
    assert read(store.engine, lambda c: c.execute(human_messages.select()).fetchall()) == []
    assert forget_person(store, phone="13800000000") == 1, "who never booked can be forgotten too"
    assert store.orders.listed(None) == ()


def test_calls_and_talks_are_kept_for_a_time_only(store: Store, clock: HandClock) -> None:
    held = ticket(store)
    store.handovers.claim(held, "li.na")
    store.handovers.take_in("c1", "telegram", "我的事", "m1")
    store.orders.note("li.na", NOTE)
    clock.forward(days=31)
    assert run_upkeep(store)["between_people"] == 1
    clock.time += store.rules.retention - timedelta(days=1)
    assert run_upkeep(store)["orders"] == 1


def test_a_turned_key_still_reads_and_finds_calls_and_talks(store: Store, tmp_path: Path) -> None:
    held = ticket(store)
    store.handovers.claim(held, "li.na")
    store.handovers.take_in("c1", "telegram", "我的事", "m1")
    order = store.orders.note("li.na", NOTE)
    store.orders.edit(order.reference, "li.na", status="saved", phone=PHONE)
    store.seal._use(["a second secret of tests", "a secret of the tests"])
    assert old_rows(store) == 3
    done = reseal(store)
    assert done["human_messages"] == 1 and done["work_orders"] == 1
    store.seal._use(["a second secret of tests"])
    assert store.handovers.thread("c1")[0].text == "我的事"
    assert isinstance(store.seal, Seal) and forget_person(store, phone=PHONE) == 1
