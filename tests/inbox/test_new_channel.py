"""The worked example of docs/new-channel.md: a third messenger in one class."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.inbox.channel import Incoming, Part
from bot.inbox.inbox import Inbox, InboxParts
from bot.inbox.phrases import load_phrases
from core.messaging import ReceivedMessage
from core.values import Choice, Reply, Utterance
from runtime.settings import Settings, SystemClock
from store.messages import SqlMessageBook
from store.opening import open_store


class TextMessages:
    """A short-message channel: 70 characters, no buttons, no typing sign."""

    name = "sms"
    longest = 70

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def read(self, message: ReceivedMessage) -> Incoming:
        return Incoming(text=message.content)

    async def send(self, address: str, part: Part) -> None:
        self.sent.append((address, part.text))

    async def working(self, address: str) -> None:
        return None


class Courses:
    """A dialogue that offers two courses and takes one."""

    def __init__(self) -> None:
        self.heard: list[Utterance] = []

    async def send(self, utterance: Utterance) -> list[Reply]:
        self.heard.append(utterance)
        if utterance.text == "报名":
            return [
                Reply("想学哪门课？", choices=(Choice("按摩", "选按摩"), Choice("电脑", "选电脑")))
            ]
        return [Reply("好的，" + "已经记下了。" * 20)]


def test_a_third_channel_books_by_number_without_buttons(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=tmp_path), SystemClock(), samples=False)
    book = SqlMessageBook(store.engine, store.clock, store.seal)
    channel, dialogue = TextMessages(), Courses()

    async def journey() -> None:
        inbox = Inbox(channel, InboxParts(dialogue, book, load_phrases()))
        first = ReceivedMessage("m1", "sms-a", "10086", "报名")
        assert await inbox.accept([first]) == 1
        assert await inbox.accept([first]) == 0
        await inbox.idle()
        await inbox.accept([ReceivedMessage("m2", "sms-a", "10086", "第二个")])
        await inbox.idle()

    asyncio.run(journey())
    store.close()
    texts = [text for _, text in channel.sent]
    assert texts[0] == "想学哪门课？\n1. 按摩\n2. 电脑\n回复数字就可以选。"
    assert dialogue.heard[1].text == "选电脑"
    assert dialogue.heard[1].channel == "sms"
    assert texts[1].startswith("您选了“电脑”。")
    assert all(len(text) <= 70 for text in texts)
    assert len(texts) > 2
