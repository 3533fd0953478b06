"""While a person talks the assistant is silent, at the door and so on every channel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.rest import RestDoor
from bot.inbox.channel import Incoming, Part
from bot.inbox.inbox import Inbox, InboxParts
from bot.inbox.phrases import load_phrases
from bot.inbox.pushing import Pusher
from core.messaging import ReceivedMessage
from core.values import Reply, Utterance
from store.messages import SqlMessageBook
from store.opening import Store
from tests.store.stores import fresh_store

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened, _ = fresh_store(tmp_path)
    yield opened
    opened.close()


async def echo(message: Any) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": f"听到{message.text}"})


def receive(door: RestDoor, text: str, **metadata: Any) -> list[dict[str, Any]]:
    return asyncio.run(door.receive("p1", text, metadata, echo))


def claimed(store: Store, channel: str = "terminal", conversation: str = "p1") -> str:
    ticket = store.tickets.open(
        conversation=conversation, channel=channel, topic="asked", summary="← 转人工"
    )
    store.handovers.claim(ticket.id, "li.na")
    return ticket.id


def test_what_is_said_to_a_person_is_kept_for_them_and_not_answered(store: Store) -> None:
    door = RestDoor(line=store.handovers)
    assert receive(door, "你好")[0]["text"] == "听到你好"
    ticket = claimed(store)
    for text in ("我想报名", "？"):
        (silent,) = receive(door, text, channel="terminal")
        assert silent["text"] == "" and silent["custom"]["kind"] == "handover"
        assert "转给工作人员" in silent["custom"]["speech"]
    assert [m.text for m in store.handovers.thread("p1")] == ["我想报名", "？"]
    store.handovers.hand_back(ticket, "li.na")
    assert receive(door, "谢谢")[0]["text"] == "听到谢谢"


def test_a_channel_that_nothing_can_be_sent_to_hears_staff_at_its_next_turn_once(
    store: Store,
) -> None:
    door = RestDoor(line=store.handovers)
    ticket = claimed(store)
    store.handovers.write(ticket, "li.na", "请带身份证。", "k1")
    assert receive(door, "好", channel="telegram")[0]["text"] == "", "its own pusher delivers"
    news, silent = receive(door, "好的", channel="terminal")
    assert news["text"] == "工作人员说：请带身份证。" and silent["text"] == ""
    store.handovers.write(ticket, "li.na", "再见。", "k2")
    store.handovers.hand_back(ticket, "li.na")
    texts = [m["text"] for m in receive(door, "谢谢", channel="terminal")]
    assert texts == ["工作人员说：再见。", "听到谢谢"]


def test_a_store_that_is_away_does_not_silence_the_assistant(store: Store, tmp_path: Path) -> None:
    door = RestDoor(line=store.handovers)
    store.engine.dispose()
    for path in tmp_path.glob("minglu.db*"):
        path.unlink()
    (tmp_path / "minglu.db").mkdir()
    assert receive(door, "你好", channel="terminal")[0]["text"] == "听到你好"


class TextMessages:
    name = "sms"
    longest = 700

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def read(self, message: ReceivedMessage) -> Incoming:
        return Incoming(text=message.content)

    async def send(self, address: str, part: Part) -> None:
        self.sent.append((address, part.text))

    async def working(self, address: str) -> None:
        return None


class ByTheDoor:
    """The dialogue as a channel sees it, on the real door."""

    def __init__(self, door: RestDoor) -> None:
        self._door = door

    async def send(self, utterance: Utterance) -> list[Reply]:
        metadata = {"channel": utterance.channel, "message_id": utterance.message_id}
        heard = await self._door.receive(utterance.conversation, utterance.text, metadata, echo)
        return [Reply.from_custom(message["text"], message["custom"]) for message in heard]


def test_a_messenger_is_silent_meanwhile_and_gets_what_staff_write_once(store: Store) -> None:
    book = SqlMessageBook(store.engine, store.clock, store.seal)
    channel, phrases = TextMessages(), load_phrases()
    dialogue = ByTheDoor(RestDoor(line=store.handovers))

    async def journey() -> None:
        inbox = Inbox(channel, InboxParts(dialogue, book, phrases))
        pusher = Pusher(channel, store.outbox, book, phrases, store.handovers)
        await inbox.accept([ReceivedMessage("m1", "sms-a", "10086", "你好")])
        await inbox.idle()
        ticket = claimed(store, "sms", "sms-a")
        await inbox.accept([ReceivedMessage("m2", "sms-a", "10086", "在吗")])
        await inbox.idle()
        store.handovers.write(ticket, "li.na", "在，您请说。", "k1")
        assert await pusher.push_line(store.handovers) == 1
        assert await pusher.push_line(store.handovers) == 0

    asyncio.run(journey())
    assert channel.sent == [("10086", "听到你好"), ("10086", "工作人员：在，您请说。")]
    assert [m.text for m in store.handovers.thread("sms-a")] == ["在吗", "在，您请说。"]
