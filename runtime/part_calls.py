"""Calls from one part to another: HTTP/1.1 over connections that are kept.

A turn makes two or three of them, and a general client spends a millisecond on each. Parts need
little of one: no proxies, redirects, cookies or compression, and answers of a stated length.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

CONNECT_S = 2.0
IDLE_S = 3.0
"""Seconds that an unused connection is kept; the parts themselves close it after five."""
LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 32 * 1024 * 1024
"""Bytes; more is no answer of a part."""


class PartDown(Exception):
    """Nothing listens there: the call was certainly not taken."""


class PartCutOff(Exception):
    """It broke off, or said what is no answer, while it had the call: it may have acted on it."""


class PartSlow(Exception):
    """No complete answer came in time; it may still be at work."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


class PartCalls:
    """To one part, at `base_url`."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        url = urlsplit(base_url)
        self._host = url.hostname or ""
        self._secure = ssl.create_default_context() if url.scheme == "https" else None
        self._port = url.port or (443 if self._secure else 80)
        self._path = url.path.rstrip("/")
        told = {"Host": url.netloc.rpartition("@")[2], "Accept": "application/json"}
        lines = [f"{name}: {value}" for name, value in {**told, **(headers or {})}.items()]
        if any(character in line for line in lines for character in "\r\n"):
            raise ValueError("a header is one line")
        self._head = "".join(f"{line}\r\n" for line in lines)
        self._idle: list[_Connection] = []

    async def post(self, path: str, body: bytes, timeout_s: float) -> Answer:
        """Sends JSON. Raises PartDown, PartCutOff, PartSlow."""
        described = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return await self._call("POST", path, described, body, timeout_s)

    async def get(self, path: str, timeout_s: float) -> Answer:
        """Raises like `post`."""
        return await self._call("GET", path, "", b"", timeout_s)

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().end()

    async def _call(
        self, method: str, path: str, described: str, body: bytes, timeout_s: float
    ) -> Answer:
        began = time.monotonic()
        connection = self._kept() or await self._connected(min(CONNECT_S, timeout_s))
        head = f"{method} {self._path}{path} HTTP/1.1\r\n{self._head}{described}\r\n"
        try:
            answer = await connection.call(
                head.encode("latin-1") + body, began + timeout_s - time.monotonic()
            )
        except BaseException:
            # What comes later over this connection would answer another call.
            connection.end()
            raise
        if connection.open:
            self._idle.append(connection)
        return answer

    def _kept(self) -> _Connection | None:
        """The connection that was used last, where it has not been idle for too long."""
        fresh, loop = time.monotonic() - IDLE_S, asyncio.get_running_loop()
        while self._idle:
            connection = self._idle.pop()
            if connection.open and connection.used_at > fresh and connection.loop is loop:
                return connection
            connection.end()
        return None

    async def _connected(self, within_s: float) -> _Connection:
        loop = asyncio.get_running_loop()
        opening = loop.create_connection(_Connection, self._host, self._port, ssl=self._secure)
        try:
            _, connection = await asyncio.wait_for(opening, within_s)
        except (OSError, asyncio.TimeoutError) as error:
            raise PartDown(type(error).__name__) from None
        return connection


class _Connection(asyncio.Protocol):
    """One call after the other."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.open = False
        self.used_at = 0.0
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._heard = bytearray()

    async def call(self, request: bytes, within_s: float) -> Answer:
        if self._transport is None or not self.open:
            raise PartCutOff("closed")
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        self._heard.clear()
        late = loop.call_later(max(0.0, within_s), self._fail, PartSlow("no answer in time"))
        try:
            self._transport.write(request)
            return await self._waiting
        finally:
            late.cancel()
            self._waiting = None
            self.used_at = time.monotonic()

    def end(self) -> None:
        self.open = False
        if self._transport is not None and not self.loop.is_closed():
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # What TCP and TLS give; uvloop's obeys it without being one.
        self._transport, self.open = cast(asyncio.Transport, transport), True

    def data_received(self, data: bytes) -> None:
        if self._waiting is None or self._waiting.done():
            # Nobody asked.
            self.end()
            return
        self._heard += data
        self._look(ended=False)

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._waiting is not None and not self._waiting.done():
            self._look(ended=error is None)
            self._fail(PartCutOff(type(error).__name__ if error else "closed"))

    def _look(self, *, ended: bool) -> None:
        """Settles the call where the answer is complete."""
        try:
            found = read_answer(self._heard, ended=ended)
        except ValueError:
            self.end()
            self._fail(PartCutOff("no answer of a part"))
            return
        if found is None or self._waiting is None or self._waiting.done():
            return
        answer, stays = found
        if not stays:
            self.end()
        self._waiting.set_result(answer)

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)


def read_answer(heard: bytearray, *, ended: bool) -> tuple[Answer, bool] | None:
    """The answer and whether its connection stays open; None while something is missing.

    `ended`: nothing more will come. Raises ValueError for what is no answer.
    """
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        if len(heard) > LONGEST_HEAD:
            raise ValueError("a head without an end")
        return None
    first, *lines = bytes(heard[:end]).decode("latin-1").split("\r\n")
    version, status, _ = (first + "  ").split(" ", 2)
    if version not in ("HTTP/1.1", "HTTP/1.0") or len(status) != 3:
        raise ValueError("no HTTP")
    told = {}
    for line in lines:
        name, _, value = line.partition(":")
        told[name.strip().lower()] = value.strip().lower()
    if "transfer-encoding" in told or int(status) < 200:
        raise ValueError("an answer in parts")
    body = memoryview(heard)[end + 4 :]
    length = _length(told, int(status), len(body), ended)
    if length is None or len(body) < length:
        return None
    if len(body) > length:
        raise ValueError("more than was announced")
    stays = version == "HTTP/1.1" and told.get("connection") != "close" and not ended
    return Answer(int(status), bytes(body)), stays


def _length(told: Mapping[str, str], status: int, heard: int, ended: bool) -> int | None:
    """Bytes of the body; None while only its end will tell."""
    if "content-length" in told:
        length = int(told["content-length"])
    elif status in (204, 304):
        length = 0
    elif ended:
        length = heard
    else:
        return None
    if not 0 <= length <= LONGEST_BODY:
        raise ValueError("no length of an answer")
    return length
