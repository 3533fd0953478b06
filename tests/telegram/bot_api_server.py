"""The Bot API's published side on loopback, with what networks and Telegram do to a bot."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from email.parser import BytesParser
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote

TOKEN = "123456789:AAtestTESTtestTESTtestTESTtestTEST12"
METHODS = frozenset(
    "getMe getUpdates sendMessage sendVoice sendChatAction answerCallbackQuery"
    " editMessageReplyMarkup setMyCommands deleteWebhook setWebhook getWebhookInfo getFile".split()
)


@dataclass
class Fault:
    """What happens to the next `times` calls of a method."""

    method: str
    kind: str
    """429, 500, 502, 409, drop (before it is handled) or slow."""
    times: int = 1


@dataclass
class Sent:
    """A message that a chat shows."""

    chat: int
    text: str
    buttons: list[dict[str, str]]
    message_id: int
    voice: bool = False


@dataclass
class BotApiServer:
    """`async with BotApiServer() as server`. People act through say, press, record and so on."""

    token: str = TOKEN
    duplicates: bool = False
    """Every update comes in two polls."""
    reversed_batches: bool = False
    updates: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    delay_s: float = 0.0
    keep_calls: bool = True
    repeated: int = 0

    def __post_init__(self) -> None:
        self._ids, self._messages = count(1000), count(1)
        self._changed = asyncio.Condition()
        self._again: list[dict[str, Any]] = []
        self._of: dict[int, list[Sent]] = defaultdict(list)
        self._shown_in: dict[int, asyncio.Condition] = defaultdict(asyncio.Condition)
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> BotApiServer:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        # Handlers and transports close in the loop's next rounds.
        await asyncio.sleep(0.05)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    # What people do.

    async def say(self, chat: int, text: str, **more: Any) -> int:
        return await self._message(chat, {"text": text, **more})

    async def record(self, chat: int, sound: bytes, seconds: int = 2) -> int:
        file_id = f"voice{len(self.files)}"
        self.files[file_id] = sound
        voice = {"file_id": file_id, "file_unique_id": file_id, "duration": seconds}
        return await self._message(chat, {"voice": {**voice, "file_size": len(sound)}})

    async def locate(self, chat: int, latitude: float, longitude: float) -> int:
        return await self._message(
            chat, {"location": {"latitude": latitude, "longitude": longitude}}
        )

    async def edit(self, chat: int, message_id: int, text: str, after_s: int = 5) -> None:
        message = {
            **self._head(chat, message_id),
            "text": text,
            "edit_date": 1_770_000_000 + after_s,
        }
        await self._post({"edited_message": message})

    async def press(self, chat: int, label: str) -> None:
        """The newest button whose text holds `label`."""
        for shown in reversed(self._of[chat]):
            for button in shown.buttons:
                if label in button["text"]:
                    return await self.press_data(chat, button["callback_data"], shown.message_id)
        raise AssertionError(f"no button {label!r} in chat {chat}")

    async def press_data(self, chat: int, data: str, message_id: int = 1) -> None:
        query = {
            "id": f"q{next(self._messages)}",
            "from": _person(chat),
            "chat_instance": "1",
            "data": data,
            "message": {**self._head(chat, message_id), "text": "-"},
        }
        await self._post({"callback_query": query})

    async def shown(self, chat: int, how_many: int, within_s: float = 10) -> list[Sent]:
        """All the bot's messages in the chat, once there are so many."""
        here = self._shown_in[chat]
        async with here:
            await asyncio.wait_for(here.wait_for(lambda: len(self._of[chat]) >= how_many), within_s)
        return list(self._of[chat])

    def called(self, method: str) -> list[dict[str, str]]:
        return [parameters for name, parameters in self.calls if name == method]

    def repeat_last(self) -> None:
        """The newest update comes twice."""
        self.repeated += 1
        self._again.append(self.updates[-1])

    # The server's side.

    def _head(self, chat: int, message_id: int) -> dict[str, Any]:
        return {
            "message_id": message_id,
            "date": 1_770_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "某人"},
            "from": _person(chat),
        }

    async def _message(self, chat: int, body: dict[str, Any]) -> int:
        message_id = next(self._messages)
        await self._post({"message": {**self._head(chat, message_id), **body}})
        return message_id

    async def _post(self, update: dict[str, Any]) -> None:
        async with self._changed:
            self.updates.append({"update_id": next(self._ids), **update})
            self._changed.notify_all()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                answer = await self._answer(head, body)
                if answer is None:
                    writer.transport.abort()
                    return
                status, content = answer
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n\r\n".encode()
                    + content
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, head: str, body: bytes) -> tuple[int, bytes] | None:
        path = unquote(head.split(" ", 2)[1])
        if path.startswith(f"/file/bot{self.token}/"):
            return 200, self.files[path.rsplit("/", 1)[1]]
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", path)
        if not match or match[1] != self.token:
            return 401, _error(401, "Unauthorized")
        if match[2] not in METHODS:
            return 404, _error(404, "Not Found")
        parameters = _parameters(head, body)
        fault = self._fault(match[2])
        if fault == "drop":
            return None
        if fault == "429":
            return 429, _error(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if fault in ("500", "502", "409"):
            return int(fault), _error(int(fault), "wrong")
        if fault == "slow":
            await asyncio.sleep(1.0)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if self.keep_calls:
            self.calls.append((match[2], parameters))
        return await self._call(match[2], parameters)

    def _fault(self, method: str) -> str:
        for fault in self.faults:
            if fault.method == method and fault.times > 0:
                fault.times -= 1
                return fault.kind
        return ""

    async def _call(self, method: str, parameters: dict[str, str]) -> tuple[int, bytes]:
        chat = int(parameters.get("chat_id", 0))
        if chat in self.blocked:
            return 403, _error(403, "Forbidden: bot was blocked by the user")
        if method == "getUpdates":
            return 200, _result(await self._poll(parameters))
        if method in ("sendMessage", "sendVoice"):
            return 200, _result(await self._show(chat, method, parameters))
        if method == "getMe":
            me = {"id": 123456789, "is_bot": True, "first_name": "明路", "username": "minglu_bot"}
            return 200, _result(me)
        if method == "getFile":
            name = parameters["file_id"]
            return 200, _result({"file_id": name, "file_unique_id": name, "file_path": f"v/{name}"})
        if method == "getWebhookInfo":
            info = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            return 200, _result(info)
        return 200, _result(True)

    async def _poll(self, parameters: dict[str, str]) -> list[dict[str, Any]]:
        offset = int(parameters.get("offset", 0))
        self.updates = [u for u in self.updates if u["update_id"] >= offset]
        async with self._changed:
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: bool(self.updates or self._again)),
                    float(parameters.get("timeout", 0)) or 0.01,
                )
            except asyncio.TimeoutError:
                return []
        batch = self.updates[:100]
        # Whoever confirms an update confirms all before it: none comes twice before its turn.
        newest = batch[-1]["update_id"] if batch else offset - 1
        again = [update for update in self._again if update["update_id"] <= newest]
        self._again = [update for update in self._again if update["update_id"] > newest]
        if self.duplicates:
            self._again = list(batch)
        found = again + batch
        return found[::-1] if self.reversed_batches else found

    async def _show(self, chat: int, method: str, parameters: dict[str, str]) -> dict[str, Any]:
        markup = json.loads(parameters.get("reply_markup") or "{}")
        buttons = [button for row in markup.get("inline_keyboard", ()) for button in row]
        assert all(len(b["callback_data"].encode()) <= 64 for b in buttons)
        text = parameters.get("text", "")
        assert len(text) <= 4096
        shown = Sent(chat, text, buttons, next(self._messages), method == "sendVoice")
        here = self._shown_in[chat]
        async with here:
            self.sent.append(shown)
            self._of[chat].append(shown)
            here.notify_all()
        return {**self._head(chat, shown.message_id), "text": text or "-"}


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "某人"}


def _result(value: Any) -> bytes:
    return json.dumps({"ok": True, "result": value}).encode()


def _error(code: int, description: str, parameters: dict[str, Any] | None = None) -> bytes:
    body = {"ok": False, "error_code": code, "description": description}
    return json.dumps({**body, **({"parameters": parameters} if parameters else {})}).encode()


def _parameters(head: str, body: bytes) -> dict[str, str]:
    kind = re.search(r"(?i)content-type: ([^\r]+)", head)
    if kind and kind[1].startswith("multipart/"):
        form = BytesParser().parsebytes(f"Content-Type: {kind[1]}\r\n\r\n".encode() + body)
        return {
            str(part.get_param("name", header="content-disposition")): str(
                (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
            )
            for part in form.get_payload()
        }
    return dict(parse_qsl(body.decode()))
