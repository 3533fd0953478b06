"""WeChat's callback as a channel of the inbox: an answer within five seconds, or after it.

The platform shows its own error to the person unless a post is answered in five seconds, and posts
again under the same MsgId. So the first part of an answer goes out in the open post where it is
ready in time; an empty acknowledgement ends the post otherwise. Whatever is left goes out as
customer-service messages.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from bot.inbox.channel import Incoming, Part, UnreadableMessage
from bot.inbox.nearest import nearest_city
from bot.inbox.phrases import Phrases
from bot.inbox.placing import placed
from bot.wechat.client import NoRightToSend
from bot.wechat.crypto import Forged, WechatCipher, check_signature, signature
from core.messaging import ReceivedMessage

ANSWER_WITHIN_S = 4.5
OLDEST_POST_S = 300
"""Seconds. A post with an older timestamp is a replay."""
ACKNOWLEDGED = "success"
_PEOPLE_HELD_FOR, _PARTS_HELD = 2_000, 5
_SIGNATURES_KEPT = 20_000
"""Those of five minutes at 60 posts a second."""
_FIELD = re.compile(r"<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", re.DOTALL)

SendLater = Callable[[str, str], Awaitable[None]]
ShowWorking = Callable[[str], Awaitable[None]]
Accept = Callable[[list[ReceivedMessage]], Awaitable[int]]


@dataclass(frozen=True)
class Account:
    """An Official Account (`cipher` None: plain mode) or a WeCom application."""

    id: str
    token: str = field(repr=False)
    cipher: WechatCipher | None = None


class WechatChannel:
    """Obeys bot.inbox.channel.Channel. `send_later`: a customer-service message."""

    name = "wechat"
    longest = 600
    """A text holds 2,048 bytes, a Chinese character three of them."""

    def __init__(
        self, send_later: SendLater, phrases: Phrases, show_working: ShowWorking | None = None
    ) -> None:
        self._send_later = send_later
        self._phrases = phrases
        self._show_working = show_working
        self._open: dict[str, asyncio.Future[str]] = {}
        self._held: OrderedDict[str, list[str]] = OrderedDict()

    async def read(self, message: ReceivedMessage) -> Incoming:
        content = json.loads(message.content)
        if content.get("Event") in ("subscribe", "enter_agent"):
            return Incoming(text="菜单")
        if content.get("Event", "").upper() == "CLICK":
            return Incoming(text=content.get("EventKey", ""))
        # Recognition is the platform's own extra field of a voice message.
        text = content.get("Content") or content.get("Recognition") or ""
        if text:
            return Incoming(text=text)
        if content.get("MsgType") == "location":
            return self._placed(content)
        if content.get("MsgType") == "voice":
            # Without the field, the account's own recognition is switched off.
            raise UnreadableMessage("not_heard" if "Recognition" in content else "no_ears")
        raise UnreadableMessage("cannot_read")

    def _placed(self, content: Mapping[str, str]) -> Incoming:
        try:
            north, east = float(content["Location_X"]), float(content["Location_Y"])
        except (KeyError, ValueError):
            raise UnreadableMessage("cannot_read") from None
        return placed(nearest_city(north, east), self._phrases)

    async def send(self, address: str, part: Part) -> None:
        waiting = self._open.get(address)
        if waiting is not None and not waiting.done():
            waiting.set_result(self._with_held(address, part.text))
            return
        try:
            await self._send_later(address, part.text)
        except NoRightToSend:
            self._hold(address, part.text)

    def _hold(self, address: str, text: str) -> None:
        """Keeps what an account may not send by itself for the person's next open post."""
        self._held.setdefault(address, []).append(text)
        self._held.move_to_end(address)
        while len(self._held) > _PEOPLE_HELD_FOR:
            self._held.popitem(last=False)

    def _with_held(self, address: str, text: str) -> str:
        """As much of what was held as fits before `text`; the rest waits for another post."""
        held = self._held.pop(address, [])
        fits: list[str] = []
        while held and len("\n".join((*fits, held[0], text))) <= self.longest:
            fits.append(held.pop(0))
        if held:
            self._held[address] = held[-_PARTS_HELD:]
        return "\n".join((*fits, text))

    async def working(self, address: str) -> None:
        if self._show_working is not None:
            await self._show_working(address)

    async def first_part(self, address: str, begin: Awaitable[int], within_s: float) -> str:
        """The first part of an answer; empty where none is ready in time."""
        if address in self._open:
            await begin
            return ""
        waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._open[address] = waiting
        try:
            if not await begin:
                return ""
            return await asyncio.wait_for(waiting, within_s)
        except asyncio.TimeoutError:
            return ""
        finally:
            del self._open[address]


class Callback:
    """What the platform calls. Every method raises Forged for what is not the platform's."""

    def __init__(
        self,
        account: Account,
        channel: WechatChannel,
        accept: Accept,
        answer_within_s: float = ANSWER_WITHIN_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._channel = channel
        self._accept = accept
        self._answer_within_s = answer_within_s
        self._now = now
        self._signed: OrderedDict[str, bytes] = OrderedDict()

    def verify(self, query: Mapping[str, str]) -> str:
        """The GET that registers the address: the echo to answer with."""
        echo = query.get("echostr", "")
        if "msg_signature" in query and self._account.cipher:
            self._check(query, query["msg_signature"], echo)
            return self._account.cipher.open(echo)
        self._check(query, query.get("signature", ""))
        return echo

    async def receive(self, query: Mapping[str, str], body: str) -> str:
        """The body to answer a post with."""
        fields = self._opened(query, body)
        if not _means_something(fields):
            return ACKNOWLEDGED
        sender = fields.get("FromUserName", "")
        marks = ("FromUserName", "CreateTime", "Event")
        message_id = fields.get("MsgId") or "-".join(fields.get(mark, "") for mark in marks)
        digest = hashlib.sha256(f"wechat|{self._account.id}|{sender}".encode()).hexdigest()
        message = ReceivedMessage(
            message_id, f"wechat-{digest[:32]}", sender, json.dumps(fields, ensure_ascii=False)
        )
        begin = self._accept([message])
        text = await self._channel.first_part(sender, begin, self._answer_within_s)
        return self._reply(sender, text) if text else ACKNOWLEDGED

    def _check(self, query: Mapping[str, str], given: str, *more: str) -> None:
        at = query.get("timestamp", "")
        check_signature(given, self._account.token, at, query.get("nonce", ""), *more)
        if not at.isdigit() or abs(self._now() - int(at)) > OLDEST_POST_S:
            raise Forged

    def _opened(self, query: Mapping[str, str], body: str) -> dict[str, str]:
        fields = parse_fields(body)
        if self._account.cipher is None:
            self._check(query, query.get("signature", ""))
            self._refuse_other_body(query["signature"], body)
            return fields
        sealed = fields.get("Encrypt", "")
        self._check(query, query.get("msg_signature", ""), sealed)
        return parse_fields(self._account.cipher.open(sealed))

    def _refuse_other_body(self, signed: str, body: str) -> None:
        """In plain mode the signature does not cover the body: it is good for the first one."""
        digest = hashlib.sha256(body.encode()).digest()
        if not hmac.compare_digest(self._signed.setdefault(signed, digest), digest):
            raise Forged
        while len(self._signed) > _SIGNATURES_KEPT:
            self._signed.popitem(last=False)

    def _reply(self, receiver: str, text: str) -> str:
        at = int(self._now())
        content = text.replace("]]>", "]] >")
        plain = (
            f"<xml><ToUserName>{escape(receiver)}</ToUserName>"
            f"<FromUserName>{escape(self._account.id)}</FromUserName>"
            f"<CreateTime>{at}</CreateTime><MsgType>text</MsgType>"
            f"<Content><![CDATA[{content}]]></Content></xml>"
        )
        if self._account.cipher is None:
            return plain
        sealed, nonce = self._account.cipher.seal(plain), secrets.token_hex(8)
        signed = signature(self._account.token, str(at), nonce, sealed)
        return (
            f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signed}</MsgSignature>"
            f"<TimeStamp>{at}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        )


def _means_something(fields: Mapping[str, str]) -> bool:
    """Whether somebody said something; going away, for one, is an event without an answer."""
    if fields.get("MsgType") != "event":
        return True
    return fields.get("Event", "").lower() in ("subscribe", "enter_agent", "click")


def parse_fields(body: str) -> dict[str, str]:
    """The flat fields of the platform's XML. No entity, DTD or nesting is ever expanded."""
    return {name: cdata or text for name, cdata, text in _FIELD.findall(body)}
