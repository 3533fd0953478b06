"""Hand-overs at the desk: claiming, talking, handing back, and news as they come."""

from __future__ import annotations

import asyncio
import re

from bot.web.desk.pulse import Pulse
from core.staff import Role
from tests.web.desk.conftest import DeskAtHand, post, services_of


def waiting(desk: DeskAtHand, channel: str = "telegram", **more: object) -> str:
    ticket = desk.store.tickets.open(
        conversation=f"{channel}-1",
        channel=channel,
        topic="asked",
        summary="← 盲人按摩有补贴吗\n→ 文件没有写金额。\n← 转人工",
        **more,  # type: ignore[arg-type]
    )
    return ticket.id


def test_a_ticket_shows_the_conversation_so_far_and_is_claimed_by_one(desk: DeskAtHand) -> None:
    ticket = waiting(desk, urgent=True)
    client, other = desk.signed_in(), desk.signed_in(name="other.agent")
    assert "紧急" in client.get("/desk").text and ticket in client.get("/desk/tickets").text
    page = client.get(f"/desk/tickets/{ticket}").text
    assert page.index("盲人按摩有补贴吗") < page.index("文件没有写金额。")
    assert "<textarea" not in page
    assert post(client, f"/desk/tickets/{ticket}/claim").status_code == 303
    assert desk.store.handovers.holder("telegram-1") == "test.agent"
    assert "<textarea" in client.get(f"/desk/tickets/{ticket}").text
    refused = post(other, f"/desk/tickets/{ticket}/claim")
    assert refused.status_code == 409 and "test.agent正在" in refused.text
    refused = post(other, f"/desk/tickets/{ticket}/write", text="我来")
    assert refused.status_code == 409 and desk.store.handovers.thread("telegram-1") == ()


def test_what_both_write_stands_in_one_thread_once(desk: DeskAtHand) -> None:
    ticket = waiting(desk)
    client = desk.signed_in()
    post(client, f"/desk/tickets/{ticket}/claim")
    desk.store.handovers.take_in("telegram-1", "telegram", "<b>在吗</b>", "m1")
    page = client.get(f"/desk/tickets/{ticket}").text
    key = re.search(r'name="key" value="(\w+)"', page)[1]  # type: ignore[index]
    for _ in range(2):
        post(client, f"/desk/tickets/{ticket}/write", text="您好，我是小李。", key=key)
    assert post(client, f"/desk/tickets/{ticket}/write", text=" ").status_code == 409
    page = client.get(f"/desk/tickets/{ticket}").text
    assert "&lt;b&gt;在吗" in page and page.count("您好，我是小李。") == 1 and "还没送到" in page
    assert [m.text for m in desk.store.handovers.undelivered("telegram")] == ["您好，我是小李。"]


def test_handing_back_lets_the_assistant_talk_again(desk: DeskAtHand) -> None:
    ticket = waiting(desk)
    client = desk.signed_in()
    post(client, f"/desk/tickets/{ticket}/claim")
    post(client, f"/desk/tickets/{ticket}/release")
    assert desk.store.handovers.holder("telegram-1") == ""
    assert desk.store.tickets.get(ticket).status == "open"
    manager = desk.signed_in(Role.MANAGER)
    post(manager, f"/desk/tickets/{ticket}/claim")
    post(manager, f"/desk/tickets/{ticket}/back")
    assert desk.store.handovers.holder("telegram-1") == ""
    assert desk.store.tickets.waiting() == ()
    assert post(client, f"/desk/tickets/{ticket}/claim").status_code == 409
    events = [(t.who, t.event, t.subject) for t in desk.store.staff.trail()]
    assert ("test.manager", "ticket_handed_back", ticket) in events


def test_news_come_to_everybody_who_listens_and_quiet_is_told_too(desk: DeskAtHand) -> None:
    services = services_of(desk.store)

    async def listen() -> list[tuple[int, int]]:
        pulse = Pulse(services.handovers, services.tickets, every_s=0.01)
        first, second = pulse.listen(patience_s=5), pulse.listen(patience_s=0.2)
        seen = [await anext(first), await anext(second)]
        ticket = await asyncio.to_thread(waiting, desk, urgent=True)
        seen += [await anext(first), await anext(second)]
        desk.clock.forward(seconds=1)
        await asyncio.to_thread(desk.store.handovers.claim, ticket, "li.na")
        seen += [await anext(first), await anext(second)]
        assert await anext(second) is None
        await first.aclose()
        await second.aclose()
        return [(news.waiting, news.urgent) for news in seen]

    assert asyncio.run(listen()) == [(0, 0)] * 2 + [(1, 1)] * 2 + [(0, 0)] * 2
