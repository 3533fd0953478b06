"""Whole journeys: the real client library against a Bot API server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.telegram.checkup import checkup
from bot.telegram.service import serve
from bot.telegram.updates import conversation_of
from bot.wiring import MessengerServices
from core.errors import ConfigurationError
from core.values import Booking, BookingStatus, OutboxMessage, TrainingSlot
from runtime.settings import ZONE, Settings, SystemClock
from store.messages import SqlMessageBook
from store.opening import open_store
from tests.logged import logged_at
from tests.telegram.bot_api_server import TOKEN, BotApiServer, Fault
from tests.telegram.fakes import FakeDialogue, FakeEars, FakeMouth, FakeOutbox

pytestmark = pytest.mark.slow
ME = 4711001


@dataclass
class World:
    server: BotApiServer
    settings: Settings
    dialogue: FakeDialogue = field(default_factory=FakeDialogue)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)

    @asynccontextmanager
    async def bot(self, **more: Any) -> AsyncIterator[asyncio.Task[None]]:
        clock = SystemClock()
        store = open_store(self.settings, clock, samples=False)

        async def close() -> None:
            store.close()

        book = SqlMessageBook(store.engine, clock, store.seal)
        services = MessengerServices(self.dialogue, book, self.outbox, clock, close)
        task = asyncio.create_task(
            serve(
                self.settings,
                services,
                ears=FakeEars(),
                mouth=FakeMouth(),
                poll_s=2,
                push_every_s=0.1,
                messages_per_s=1000,
                **more,
            )
        )
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


Journey = Callable[[World], Awaitable[None]]


def travel(tmp_path: Path, journey: Journey, **settings: Any) -> None:
    async def main() -> None:
        async with BotApiServer() as server:
            chosen = Settings(
                data_dir=tmp_path, telegram_token=TOKEN, telegram_api_url=server.url, **settings
            )
            await journey(World(server, chosen))

    asyncio.run(main())


def test_a_question_is_answered_with_its_source(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "盲人按摩机构要达到多少家？")
            (answer,) = await world.server.shown(ME, 1)
        assert "400个以上" in answer.text
        assert "依据：吉政办发〔2025〕16号 二（三）7" in answer.text

    travel(tmp_path, journey)


def test_booking_by_buttons_or_by_their_numbers(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "/book")
            shown = await world.server.shown(ME, 1)
            assert [b["text"] for b in shown[0].buttons] == ["1. 盲人按摩", "2. 电脑基础"]
            assert shown[0].text.count("1. 盲人按摩") == 1, "what is numbered is not numbered again"
            await world.server.press(ME, "电脑基础")
            shown = await world.server.shown(ME, 2)
            assert shown[1].text.startswith("您选了“电脑基础”。")
            assert "1. 对，就这样" in shown[1].text
            await world.server.say(ME, "1")
            shown = await world.server.shown(ME, 3)
        assert "JL-2F7K" in shown[2].text
        assert [u.text for u in world.dialogue.heard] == ["我要报名培训", "第二个", "对"]
        assert world.server.called("answerCallbackQuery")
        assert world.server.called("editMessageReplyMarkup")

    travel(tmp_path, journey)


def test_a_button_pressed_twice_counts_once(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "我要报名培训")
            shown = await world.server.shown(ME, 1)
            data = shown[0].buttons[0]["callback_data"]
            await world.server.press_data(ME, data)
            await world.server.press_data(ME, data)
            shown = await world.server.shown(ME, 3)
        assert "已经过期" in shown[2].text
        assert len(world.dialogue.heard) == 2

    travel(tmp_path, journey)


def test_a_voice_note_books_and_what_was_heard_is_shown(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.record(ME, "我要报名培训|我要保命培训".encode())
            (shown,) = await world.server.shown(ME, 1)
        assert shown.text.startswith("我听到的是：“我要报名培训”。")
        assert world.dialogue.heard[0].alternatives == ("我要保命培训",)

    travel(tmp_path, journey)


def test_spoken_answers_come_by_standing_wish(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "用语音回答。")
            await world.server.shown(ME, 1)
            await world.server.say(ME, "盲人按摩机构要达到多少家？")
            shown = await world.server.shown(ME, 3)
            assert [s.voice for s in shown] == [False, False, True]
            await world.server.say(ME, "不用语音")
            await world.server.say(ME, "盲人按摩机构要达到多少家？")
            shown = await world.server.shown(ME, 5)
        assert not any(s.voice for s in shown[3:])

    travel(tmp_path, journey)


def test_plain_language_shortens_the_answer_at_hand(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "盲人按摩机构要达到多少家？")
            await world.server.say(ME, "简单点说")
            shown = await world.server.shown(ME, 3)
        assert shown[2].text == "要达到四百个以上。"

    travel(tmp_path, journey)


def test_cancelling_hand_over_place_edit_and_long_answers(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        server = world.server
        async with world.bot():
            await server.say(ME, "/cancel")
            await server.say(ME, "/human")
            await server.locate(ME, 43.9, 125.3)
            first = await server.say(ME, "回声一")
            await server.edit(ME, first, "回声二")
            await server.edit(ME, first, "回声三", after_s=4000)
            await server.say(ME, "请说一段长的")
            shown = [s.text for s in await server.shown(ME, 9)]
        assert shown[:2] == ["已经取消了。", "我已经请工作人员联系您。"]
        assert shown[2].startswith("离您最近的是长春市。")
        assert shown[3:5] == ["回声一", "按您改过的话回答：\n回声二"]
        assert "以前的话" in shown[5]
        assert all(text.endswith("。") and len(text) <= 1000 for text in shown[6:])

    travel(tmp_path, journey)


@pytest.mark.parametrize("kind", ["429", "500", "502", "drop", "slow"])
def test_a_bad_network_delays_an_answer_and_loses_none(tmp_path: Path, kind: str) -> None:
    async def journey(world: World) -> None:
        faults = ("getMe", "getUpdates", "sendMessage", "setMyCommands")
        world.server.faults = [Fault(method, kind) for method in faults]
        async with world.bot():
            await world.server.say(ME, "回一")
            await world.server.say(ME, "回二")
            shown = await world.server.shown(ME, 2, within_s=20)
            await asyncio.sleep(0.3)
        assert [s.text for s in shown] == ["回一", "回二"]
        assert len(world.server.sent) == 2

    travel(tmp_path, journey)


def test_updates_that_come_twice_and_backwards_are_answered_once_in_order(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.server.duplicates = world.server.reversed_batches = True
        for number in range(10):
            for chat in (1, 2, 3):
                await world.server.say(chat, f"回{number}")
        async with world.bot():
            for chat in (1, 2, 3):
                shown = await world.server.shown(chat, 10)
                assert [s.text for s in shown] == [f"回{n}" for n in range(10)]
            await asyncio.sleep(0.5)
        assert len(world.server.sent) == 30

    travel(tmp_path, journey)


def test_a_booking_goes_on_after_a_restart_and_nothing_received_is_lost(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "我要报名培训")
            await world.server.shown(ME, 1)
            world.dialogue.delay_s = 30
            await world.server.press(ME, "电脑基础")
            while len(world.dialogue.heard) < 2:
                await asyncio.sleep(0.02)
        world.dialogue.delay_s = 0
        world.dialogue.steps[world.dialogue.heard[0].conversation] = "course"
        async with world.bot():
            shown = await world.server.shown(ME, 2)
            assert "对吗" in shown[1].text
            await world.server.press(ME, "对，就这样")
            shown = await world.server.shown(ME, 3)
        assert "JL-2F7K" in shown[2].text
        assert world.dialogue.heard[1].message_id == world.dialogue.heard[2].message_id

    travel(tmp_path, journey)


def test_a_reminder_and_an_offer_are_pushed(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "/start")
            await world.server.shown(ME, 1)
            world.outbox.waiting += [_message(1, "reminder"), _message(2, "offer")]
            shown = await world.server.shown(ME, 3)
            # What was shown is ticked off only once Telegram's receipt is back.
            while len(world.outbox.done) < 2:
                await asyncio.sleep(0.02)
        assert "提醒您" in shown[1].text
        assert "2月3日（星期二）09:00" in shown[1].text
        assert [b["text"] for b in shown[2].buttons] == ["1. 要这个名额", "2. 不要了"]
        assert world.outbox.done == [1, 2]

    travel(tmp_path, journey)


def test_who_blocked_the_bot_is_left_alone_and_the_others_are_served(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            await world.server.say(ME, "回一")
            await world.server.shown(ME, 1)
            world.server.blocked.add(ME)
            world.outbox.waiting.append(_message(7, "reminder"))
            while not world.outbox.failures:
                await asyncio.sleep(0.02)
            await world.server.say(5, "回二")
            await world.server.shown(5, 1)
        assert world.outbox.failures == [(7, "shut_out")]

    travel(tmp_path, journey)


def test_who_sends_too_much_is_told_once(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        for number in range(30):
            await world.server.say(ME, f"回{number}")
        async with world.bot():
            shown = await world.server.shown(ME, 21)
            await asyncio.sleep(0.5)
        assert "有点快" in shown[20].text
        assert len(world.server.sent) == 21

    travel(tmp_path, journey)


def test_a_dialogue_that_is_away_for_a_moment_costs_no_question(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.dialogue.down_for = 1
        async with world.bot():
            await world.server.say(ME, "回来了")
            (shown,) = await world.server.shown(ME, 1)
            assert world.server.called("sendChatAction")
        assert shown.text == "回来了"

    travel(tmp_path, journey)


def test_neither_token_nor_text_nor_chat_is_logged(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.server.faults = [Fault("sendMessage", "drop"), Fault("getUpdates", "500")]
        async with world.bot():
            await world.server.say(ME, "回13800138000秘密")
            await world.server.shown(ME, 1)

    with logged_at("DEBUG") as stream:
        travel(tmp_path, journey)
    logged = stream.getvalue()
    assert "trying again" in logged
    for secret in (TOKEN, TOKEN.split(":")[1], "秘密", "13800138000", str(ME)):
        assert secret not in logged


def test_the_webhook_takes_only_posts_with_the_secret(tmp_path: Path) -> None:
    secret = "a-secret-of-32-characters-123456"

    async def journey(world: World) -> None:
        url = f"http://127.0.0.1:{world.settings.telegram_webhook_port}/telegram"

        def update(number: int) -> str:
            message = {**world.server._head(ME, number), "text": f"回{number}"}
            return json.dumps({"update_id": number, "message": message})

        async with world.bot(), httpx.AsyncClient(trust_env=False) as client:
            while not world.server.called("setWebhook"):
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
            wrong = await client.post(url, content=update(1))
            good = {"X-Telegram-Bot-Api-Secret-Token": secret}
            posts = [client.post(url, content=update(n), headers=good) for n in (1, 3, 2, 2)]
            answers = await asyncio.gather(*posts)
            shown = await world.server.shown(ME, 3)
            await asyncio.sleep(0.2)
        assert (wrong.status_code, wrong.content) == (403, b"")
        assert [a.status_code for a in answers] == [200] * 4
        assert [s.text for s in shown] == ["回1", "回2", "回3"]
        assert len(world.server.sent) == 3

    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    travel(
        tmp_path,
        journey,
        telegram_webhook_url="https://example.org",
        telegram_webhook_secret=secret,
        telegram_webhook_port=port,
    )


def test_everything_goes_through_the_proxy_that_is_set(tmp_path: Path) -> None:
    asked: list[str] = []

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A forward proxy: one request for an absolute address, then the connection ends."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"(?i)content-length: (\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            method, url, _ = head.split(" ", 2)
            asked.append(url.rsplit("/", 1)[1])
            kind = re.search(r"(?i)content-type: (.+)\r", head)
            headers = {"content-type": kind[1]} if kind else {}
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                got = await client.request(method, url, content=body, headers=headers)
            told = f"HTTP/1.1 {got.status_code} OK\r\nconnection: close\r\n"
            told += f"content-type: application/json\r\ncontent-length: {len(got.content)}\r\n\r\n"
            writer.write(told.encode() + got.content)
            await writer.drain()
        writer.close()

    async def journey(world: World) -> None:
        proxy = await asyncio.start_server(pass_on, "127.0.0.1", 0)
        address = proxy.sockets[0].getsockname()
        settings = replace(world.settings, telegram_proxy=f"http://127.0.0.1:{address[1]}")
        async with World(world.server, settings).bot():
            await world.server.say(ME, "盲人按摩机构要达到多少家？")
            (answer,) = await world.server.shown(ME, 1)
        proxy.close()
        assert "400个以上" in answer.text
        assert {"getUpdates", "sendMessage"} <= set(asked)

    travel(tmp_path, journey)


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        good = await checkup(world.settings)
        assert [f.good for f in good] == [True]
        wrong = Settings(telegram_token="1:A" + "b" * 30, telegram_api_url=world.server.url)
        assert "refuses the token" in (await checkup(wrong))[0].text
        away = Settings(telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:9")
        assert "MINGLU_TELEGRAM_PROXY" in (await checkup(away))[0].text
        assert "MINGLU_TELEGRAM_TOKEN" in (await checkup(Settings()))[0].text

    travel(tmp_path, journey)


def test_a_refused_token_stops_the_start_by_name(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.server.token = "other"
        async with world.bot() as task:
            with pytest.raises(ConfigurationError, match="MINGLU_TELEGRAM_TOKEN"):
                await asyncio.wait_for(task, 5)

    travel(tmp_path, journey)


def _message(number: int, kind: str) -> OutboxMessage:
    starts = datetime(2026, 2, 3, 9, tzinfo=ZONE)
    ends = starts + timedelta(hours=3)
    slot = TrainingSlot("S1", "电脑基础", "长春市", "市培训中心", starts, ends, 10)
    booking = Booking(
        reference="JL-2F7K",
        slot=slot,
        name="某人",
        phone="",
        status=BookingStatus.HELD,
        companion=False,
        access_needs=(),
        channel="telegram",
        created_at=starts,
        held_until=starts - timedelta(days=1),
    )
    return OutboxMessage(number, kind, "telegram", conversation_of(123456789, ME), booking)
