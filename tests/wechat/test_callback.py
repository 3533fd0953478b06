"""WeChat's side of the published protocol: signatures, retries, replays and five seconds."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.inbox.inbox import Inbox, InboxParts
from bot.inbox.phrases import load_phrases
from bot.wechat.callback import ACKNOWLEDGED, Account, Callback, WechatChannel, parse_fields
from bot.wechat.crypto import Forged, WechatCipher, check_signature, signature
from runtime.settings import Settings, SystemClock
from store.messages import SqlMessageBook
from store.opening import open_store
from tests.telegram.fakes import FakeDialogue

NOW, TOKEN, AES_KEY, ID = 1_770_000_000, "a-token", "a" * 43, "gh_minglu"


class Platform:
    """Posts as WeChat does, in plain or AES mode."""

    def __init__(self, callback: Callback, account: Account) -> None:
        self.callback = callback
        self.account = account

    def query(self, *sealed: str, token: str = TOKEN, at: int = NOW) -> dict[str, str]:
        nonce = secrets.token_hex(4)
        signed = signature(token, str(at), nonce, *sealed)
        name = "msg_signature" if sealed else "signature"
        return {name: signed, "timestamp": str(at), "nonce": nonce}

    async def post(self, text: str, message_id: int, **more: object) -> str:
        body = (
            f"<xml><ToUserName><![CDATA[{ID}]]></ToUserName><FromUserName><![CDATA[o-1]]>"
            f"</FromUserName><CreateTime>{NOW}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{message_id}</MsgId></xml>"
        )
        if self.account.cipher is None:
            return await self.callback.receive(self.query(**more), body)  # type: ignore[arg-type]
        sealed = self.account.cipher.seal(body)
        query = self.query(sealed, **more)  # type: ignore[arg-type]
        answer = await self.callback.receive(query, f"<xml><Encrypt>{sealed}</Encrypt></xml>")
        if answer == ACKNOWLEDGED:
            return answer
        outer = parse_fields(answer)
        check_signature(
            outer["MsgSignature"], TOKEN, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"]
        )
        return self.account.cipher.open(outer["Encrypt"])


Journey = Callable[[Platform, FakeDialogue, list[str]], Awaitable[None]]


def travel(folder: Path, journey: Journey, aes: bool = False, within_s: float = 4.5) -> None:
    store = open_store(Settings(data_dir=folder), SystemClock(), samples=False)
    book = SqlMessageBook(store.engine, store.clock, store.seal)
    later: list[str] = []

    async def send_later(_address: str, text: str) -> None:
        later.append(text)

    async def main() -> None:
        channel, dialogue = WechatChannel(send_later, load_phrases()), FakeDialogue()
        inbox = Inbox(channel, InboxParts(dialogue, book, load_phrases()))
        account = Account(ID, TOKEN, WechatCipher(AES_KEY, ID) if aes else None)
        callback = Callback(account, channel, inbox.accept, within_s, now=lambda: NOW)
        await journey(Platform(callback, account), dialogue, later)
        await inbox.idle()

    asyncio.run(main())
    store.close()


@pytest.mark.parametrize("aes", [False, True])
def test_a_question_is_answered_in_its_own_post(tmp_path: Path, aes: bool) -> None:
    async def journey(wechat: Platform, _dialogue: FakeDialogue, later: list[str]) -> None:
        assert "400个以上" in await wechat.post("按摩机构多少家", 1)
        assert later == []

    travel(tmp_path, journey, aes)


def test_a_slow_answer_is_acknowledged_and_follows_once_though_posted_thrice(
    tmp_path: Path,
) -> None:
    async def journey(wechat: Platform, dialogue: FakeDialogue, later: list[str]) -> None:
        dialogue.delay_s = 0.4
        for _ in range(3):
            assert await wechat.post("回来了", 1) == ACKNOWLEDGED
        await asyncio.sleep(0.7)
        assert later == ["回来了"]
        assert len(dialogue.heard) == 1

    travel(tmp_path, journey, within_s=0.1)


def test_a_long_answer_goes_on_as_customer_service_messages(tmp_path: Path) -> None:
    async def journey(wechat: Platform, _dialogue: FakeDialogue, later: list[str]) -> None:
        await wechat.post("请说一段长的", 1)
        await asyncio.sleep(0.3)
        assert len(later) == 4
        assert all(len(text.encode()) <= 2048 for text in later)

    travel(tmp_path, journey)


@pytest.mark.parametrize("wrong", [{"token": "other"}, {"at": NOW - 3600}])
@pytest.mark.parametrize("aes", [False, True])
def test_a_forged_or_replayed_post_reaches_nobody(
    tmp_path: Path, wrong: dict[str, object], aes: bool
) -> None:
    async def journey(wechat: Platform, dialogue: FakeDialogue, _later: list[str]) -> None:
        with pytest.raises(Forged):
            await wechat.post("您好", 1, **wrong)
        assert dialogue.heard == []

    travel(tmp_path, journey, aes)


def test_registering_the_address_echoes_for_the_platform_only(tmp_path: Path) -> None:
    async def journey(wechat: Platform, _dialogue: FakeDialogue, _later: list[str]) -> None:
        assert wechat.callback.verify({**wechat.query(), "echostr": "42"}) == "42"
        with pytest.raises(Forged):
            wechat.callback.verify({**wechat.query(token="x"), "echostr": "42"})

    travel(tmp_path, journey)
