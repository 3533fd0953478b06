"""WeChat end to end: its posts through the HTTP door, answers through its own interfaces."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.inbox.channel import Part
from bot.inbox.phrases import load_phrases
from bot.wechat.callback import WechatChannel
from bot.wechat.checkup import checkup
from bot.wechat.client import NoRightToSend, PlatformRefused, WechatClient
from bot.wechat.menu import menu_buttons
from bot.wechat.service import serve
from bot.wiring import MessengerServices
from core.errors import ConfigurationError, StoreUnavailable
from runtime.settings import Settings, SystemClock
from store.messages import SqlMessageBook
from store.opening import open_store
from tests.logged import logged_at
from tests.telegram.fakes import FakeDialogue, FakeOutbox
from tests.wechat.wechat_cloud import AES_KEY, ID, SECRET, TOKEN, Platform

pytestmark = pytest.mark.slow


@dataclass
class World:
    wechat: Platform
    settings: Settings
    dialogue: FakeDialogue = field(default_factory=FakeDialogue)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    book: Any = None

    @asynccontextmanager
    async def bot(self, **more: Any) -> AsyncIterator[None]:
        clock = SystemClock()
        store = open_store(self.settings, clock, samples=False)

        async def close() -> None:
            store.close()

        self.book = SqlMessageBook(store.engine, clock, store.seal)
        services = MessengerServices(self.dialogue, self.book, self.outbox, clock, close)
        task = asyncio.create_task(
            serve(self.settings, services, push_every_s=0.1, first_pause_s=0.05, **more)
        )
        try:
            await self._listening(task)
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listening(self, task: asyncio.Task[None]) -> None:
        while not task.done():
            try:
                await self.wechat.get()
                return
            except httpx.ConnectError:
                await asyncio.sleep(0.02)
        await task


Journey = Callable[[World], Awaitable[None]]


def settings_for(wechat: Platform, folder: Path, **more: Any) -> Settings:
    values = {
        "data_dir": folder,
        "wechat_id": ID,
        "wechat_secret": SECRET,
        "wechat_token": TOKEN,
        "wechat_aes_key": AES_KEY if wechat.aes else "",
        "wechat_api_url": wechat.url,
        "wechat_port": wechat.door_port,
    }
    return Settings(**{**values, **more})


def travel(folder: Path, journey: Journey, *, aes: bool = False, **settings: Any) -> None:
    async def main() -> None:
        async with Platform(aes=aes) as wechat:
            await journey(World(wechat, settings_for(wechat, folder, **settings)))

    asyncio.run(main())


@pytest.mark.parametrize("aes", [False, True])
def test_a_question_is_answered_in_the_open_post(tmp_path: Path, aes: bool) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            assert "400个以上" in await world.wechat.say("按摩机构多少家", 1)
        assert world.wechat.sent == []

    travel(tmp_path, journey, aes=aes)


def test_a_slow_answer_follows_once_though_the_platform_posts_again(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.dialogue.delay_s = 0.6
        world.wechat.patience_s = 0.1
        async with world.bot(answer_within_s=0.3):
            assert await world.wechat.say("回来了", 1) == ""
            assert await world.wechat.received(1) == ["回来了"]
        assert world.wechat.retries >= 1
        assert len(world.dialogue.heard) == 1

    travel(tmp_path, journey)


def test_booking_goes_on_by_numbers_after_a_restart(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            assert "1. 盲人按摩" in await world.wechat.say("我要报名培训", 1)
        async with world.bot():
            assert "您选了" in await world.wechat.say("1", 2)
            assert "报好了" in await world.wechat.say("1", 3)
        assert [heard.text for heard in world.dialogue.heard] == ["我要报名培训", "第一个", "对"]

    travel(tmp_path, journey)


@pytest.mark.parametrize("aes", [False, True])
def test_what_the_platform_did_not_sign_gets_no_word(tmp_path: Path, aes: bool) -> None:
    async def journey(world: World) -> None:
        hello = {"MsgType": "text", "Content": "您好", "MsgId": "1"}
        async with world.bot():
            for wrong in ({"token": "another"}, {"at": int(time.time()) - 3600}):
                response = await world.wechat.post(hello, **wrong)
                assert (response.status_code, response.content) == (403, b"")
            unsigned = await world.wechat.raw({}, world.wechat.body(hello))
            assert (unsigned.status_code, unsigned.content) == (403, b"")
        assert world.dialogue.heard == []

    travel(tmp_path, journey, aes=aes)


def test_a_captured_signature_cannot_carry_other_words(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            body = world.wechat.body({"MsgType": "text", "Content": "回一", "MsgId": "1"})
            query = world.wechat.query(body)
            assert (await world.wechat.raw(query, body)).status_code == 200
            again = await world.wechat.raw(query, body)
            assert (again.status_code, again.text) == (200, "success")
            forged = await world.wechat.raw(query, body.replace("回一", "取消报名"))
            assert (forged.status_code, forged.content) == (403, b"")
        assert [heard.text for heard in world.dialogue.heard] == ["回一"]

    travel(tmp_path, journey)


@pytest.mark.parametrize("faults", [[42001], [-1, 500, -1], [40164, 45009]])
def test_an_answer_outlasts_a_platform_in_trouble(tmp_path: Path, faults: list[int]) -> None:
    async def journey(world: World) -> None:
        world.dialogue.delay_s = 0.2
        world.wechat.faults = list(faults)
        async with world.bot(answer_within_s=0.05):
            await world.wechat.say("回来了", 1)
            assert await world.wechat.received(1) == ["回来了"]
        assert world.wechat.faults == []

    travel(tmp_path, journey)


def test_who_is_out_of_reach_is_left_alone_until_they_write_again(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.dialogue.delay_s = 0.2
        world.wechat.faults = [45015]
        async with world.bot(answer_within_s=0.05):
            await world.wechat.say("回一", 1)
            while world.wechat.faults:
                await asyncio.sleep(0.02)
            await world.wechat.say("回二", 2)
            assert await world.wechat.received(1) == ["回二"]

    travel(tmp_path, journey)


def test_a_part_that_may_not_be_sent_waits_for_the_next_open_post() -> None:
    tried: list[str] = []

    async def refuse(address: str, text: str) -> None:
        tried.append(text)
        raise NoRightToSend(48001)

    async def main() -> None:
        channel = WechatChannel(refuse, load_phrases(Settings().referral))

        async def told(text: str) -> str:
            async def begin() -> int:
                await channel.send("o-1", Part(text))
                return 1

            return await channel.first_part("o-1", begin(), 1.0)

        await channel.send("o-1", Part("后半"))
        await channel.send("o-1", Part("长" * 597))
        assert await told("新的") == "后半\n新的"
        assert await told("短") == "长" * 597 + "\n短"
        assert await told("再") == "再"

    asyncio.run(main())
    assert len(tried) == 2


def test_wecom_answers_through_its_own_interface(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.dialogue.delay_s = 0.2
        async with world.bot(answer_within_s=0.05):
            assert await world.wechat.say("回来了", 1) == ""
            assert await world.wechat.received(1) == ["回来了"]
        assert world.wechat.sent[0]["agentid"] == 1000002

    travel(tmp_path, journey, aes=True, wechat_kind="wecom", wechat_agent="1000002")


def test_voice_place_and_menu_are_understood_and_going_away_is_not_answered(
    tmp_path: Path,
) -> None:
    async def journey(world: World) -> None:
        async with world.bot():

            async def told(number: int, **fields: str) -> str:
                response = await world.wechat.post({**fields, "MsgId": str(number)})
                return world.wechat.shown(response.text)

            assert "听到" not in await told(1, MsgType="voice", Recognition="按摩机构多少家")
            assert "听不了语音" in await told(2, MsgType="voice", MediaId="m")
            assert "没有听清" in await told(3, MsgType="voice", Recognition="")
            near = await told(4, MsgType="location", Location_X="43.88", Location_Y="125.32")
            assert "长春" in near
            far = await told(5, MsgType="location", Location_X="31.2", Location_Y="121.5")
            assert "不在吉林省附近" in far
            pressed = await told(6, MsgType="event", Event="CLICK", EventKey="转人工")
            assert "工作人员" in pressed
            assert "我是明路" in await told(7, MsgType="event", Event="subscribe")
            assert await told(8, MsgType="event", Event="unsubscribe") == ""
            assert "看不了" in await told(9, MsgType="image", PicUrl="x")

    travel(tmp_path, journey)


def test_a_store_in_trouble_makes_the_platform_post_again(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            whole, failures = world.book.receive, [1]

            def receive(*arguments: Any) -> Any:
                if failures.pop() if failures else 0:
                    raise StoreUnavailable("locked")
                return whole(*arguments)

            world.book.receive = receive
            assert await world.wechat.say("回来了", 1) == "回来了"
        assert world.wechat.retries == 1

    travel(tmp_path, journey)


def test_a_huge_post_is_refused(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        huge = {"MsgType": "text", "Content": "长" * 100_000, "MsgId": "1"}
        async with world.bot():
            assert (await world.wechat.post(huge)).status_code == 413

    travel(tmp_path, journey)


def test_the_address_is_registered_by_its_echo(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async with world.bot():
            signed = world.wechat.query("")
            assert (await world.wechat.get(**signed, echostr="42")).text == "42"
            forged = await world.wechat.get(**world.wechat.query("", token="x"), echostr="42")
            assert (forged.status_code, forged.content) == (403, b"")

    travel(tmp_path, journey)


def test_neither_secret_nor_text_nor_person_is_logged(tmp_path: Path) -> None:
    tokens: list[str] = []

    async def journey(world: World) -> None:
        world.dialogue.delay_s = 0.2
        world.wechat.faults = [-1, 500, 40164]
        async with world.bot(answer_within_s=0.05):
            await world.wechat.say("回13800138000秘密", 1)
            await world.wechat.received(1)
        tokens.extend(world.wechat.tokens)

    with logged_at("DEBUG") as stream:
        travel(tmp_path, journey)
    logged = stream.getvalue()
    assert "trying again" in logged
    for secret in (*tokens, TOKEN, SECRET, "秘密", "13800138000", "o-1"):
        assert secret not in logged


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        async def wrong(**settings: Any) -> str:
            found = await checkup(settings_for(world.wechat, tmp_path, **settings))
            return " ".join(one.text for one in found if not one.good)

        assert await wrong() == ""
        world.wechat.typing_errcode = 48001
        assert "认证" in await wrong()
        world.wechat.typing_errcode = 0
        assert "MINGLU_WECHAT_TOKEN" in await wrong(wechat_token="")
        assert "MINGLU_WECHAT_SECRET" in await wrong(wechat_secret="x")
        assert "MINGLU_WECHAT_ID" in await wrong(wechat_id="gh_other")
        assert "EncodingAESKey" in await wrong(wechat_aes_key="short")
        assert "MINGLU_WECHAT_AES_KEY" in await wrong(wechat_kind="wecom", wechat_agent="1")
        assert "cannot be reached" in await wrong(wechat_api_url="http://127.0.0.1:9")

    travel(tmp_path, journey)


def test_the_menu_keeps_the_platforms_limits_and_is_set(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        client = WechatClient(world.settings)
        await client.create_menu(menu_buttons())
        await client.close()
        assert 1 <= len(world.wechat.menu) <= 3
        for title in world.wechat.menu:
            assert len(title["name"]) <= 4 and 1 <= len(title["sub_button"]) <= 5
            assert all(len(entry["name"]) <= 8 for entry in title["sub_button"])
            assert all(len(entry["key"].encode()) <= 128 for entry in title["sub_button"])

    travel(tmp_path, journey)


def test_a_text_that_is_never_taken_is_not_tried_for_ever(tmp_path: Path) -> None:
    async def journey(world: World) -> None:
        world.wechat.faults = [87014]
        client = WechatClient(world.settings)
        with pytest.raises(PlatformRefused):
            await client.send_text("o-1", "不行")
        await client.close()

    travel(tmp_path, journey)


def test_wecom_without_its_application_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="MINGLU_WECHAT_AGENT"):
        WechatClient(Settings(wechat_id=ID, wechat_secret=SECRET, wechat_kind="wecom"))
