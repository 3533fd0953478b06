"""Calls between parts: whole answers, one at a time on a connection, and every way to break."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import part_calls
from runtime.part_calls import Answer, PartCalls, PartCutOff, PartDown, PartSlow, read_answer

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[None]]


class Part:
    """A server whose connections are counted; `handle` gets each request's number."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                told = head.lower().partition(b"content-length: ")[2]
                body = await reader.readexactly(int(told.split(b"\r\n")[0] or 0)) if told else b""
                self.requests.append(head + body)
                await self.handle(reader, writer, len(self.requests))
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return
        finally:
            writer.close()

    async def start(self) -> asyncio.AbstractServer:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server


def talk(part: Part, journey: Callable[[PartCalls], Awaitable[Any]], **headers: str) -> Any:
    async def run() -> Any:
        server = await part.start()
        calls = PartCalls(f"http://127.0.0.1:{part.port}/base/", headers)
        try:
            return await journey(calls)
        finally:
            await calls.close()
            server.close()
            # The server sees its connections end.
            await asyncio.sleep(0.02)

    return asyncio.run(run())


def saying(*pieces: bytes, close: bool = False) -> Handler:
    async def handle(_: Any, writer: asyncio.StreamWriter, __: int) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)
        if close:
            writer.close()

    return handle


async def post(calls: PartCalls, body: bytes = b"{}", timeout_s: float = 5.0) -> Answer:
    return await calls.post("/webhook", body, timeout_s)


def test_calls_one_after_the_other_share_a_connection_and_say_who_calls() -> None:
    part = Part(saying(GOOD))

    async def journey(calls: PartCalls) -> list[Answer]:
        return [await post(calls, "盲".encode()), await calls.get("/", 5.0), await post(calls)]

    answers = talk(part, journey, Authorization="Bearer secret")
    assert answers == [Answer(200, b"ok")] * 3 and part.connections == 1
    first, second, _ = part.requests
    assert first.startswith(b"POST /base/webhook HTTP/1.1\r\n") and first.endswith("盲".encode())
    assert second.startswith(b"GET /base/ HTTP/1.1\r\n")
    for told in (b"Host: 127.0.0.1:%d\r\n" % part.port, b"Authorization: Bearer secret\r\n"):
        assert told in first and told in second


def test_calls_at_once_never_share_one() -> None:
    async def handle(_: Any, writer: asyncio.StreamWriter, number: int) -> None:
        await asyncio.sleep(0.05 if number % 2 else 0.01)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % (number % 10))

    part = Part(handle)

    async def journey(calls: PartCalls) -> list[Answer]:
        first = await asyncio.gather(*(post(calls) for _ in range(4)))
        return [*first, *await asyncio.gather(*(post(calls) for _ in range(4)))]

    answers = talk(part, journey)
    assert sorted(a.body for a in answers) == [b"%d" % n for n in range(1, 9)]
    assert part.connections == 4


@pytest.mark.parametrize(
    "pieces",
    [
        [bytes([byte]) for byte in GOOD],
        [GOOD[:20], GOOD[20:]],
        [b"HTTP/1.0 200 OK\r\n\r\nok"],
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length:2\r\n\r\n", b"ok"],
    ],
)
def test_an_answer_in_pieces_or_up_to_the_end_is_whole(pieces: list[bytes]) -> None:
    assert talk(Part(saying(*pieces, close=True)), post) == Answer(200, b"ok")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        GOOD[:-1],
        b"HTTP/1.1 200 OK\r\n",
        b"SSH-2.0 hello\r\n\r\n",
        b"HTTP/1.1 2 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        GOOD + b"HTTP/1.1",
        b"x" * 70_000,
    ],
)
def test_what_is_no_whole_answer_is_a_part_that_broke_off(said: bytes) -> None:
    with pytest.raises(PartCutOff):
        talk(Part(saying(said, close=True)), post)


def test_a_part_that_is_not_there_is_down() -> None:
    with pytest.raises(PartDown):
        asyncio.run(post(PartCalls("http://127.0.0.1:9")))


def test_after_one_that_was_slow_no_call_gets_its_late_answer() -> None:
    async def handle(_: Any, writer: asyncio.StreamWriter, number: int) -> None:
        await asyncio.sleep(0.2 if number == 1 else 0)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % number)

    part = Part(handle)

    async def journey(calls: PartCalls) -> Answer:
        with pytest.raises(PartSlow):
            await post(calls, timeout_s=0.05)
        return await post(calls)

    assert talk(part, journey).body == b"2" and part.connections == 2


def test_after_one_that_was_given_up_no_call_gets_its_late_answer() -> None:
    async def handle(_: Any, writer: asyncio.StreamWriter, number: int) -> None:
        await asyncio.sleep(0.1)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % number)

    async def journey(calls: PartCalls) -> Answer:
        given_up = asyncio.create_task(post(calls))
        await asyncio.sleep(0.05)
        given_up.cancel()
        return await post(calls)

    assert talk(Part(handle), journey).body == b"2"


def test_a_part_that_restarted_is_reached_again_at_once() -> None:
    part = Part(saying(GOOD, close=True))

    async def journey() -> list[Answer]:
        answers, calls = [], PartCalls("http://127.0.0.1:0")
        for _ in range(3):
            server = await part.start()
            calls._port = part.port
            answers.append(await post(calls))
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.05)
        await calls.close()
        return answers

    assert asyncio.run(journey()) == [Answer(200, b"ok")] * 3 and part.connections == 3


def test_a_connection_idle_for_too_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_calls, "IDLE_S", 0.02)
    part = Part(saying(GOOD))

    async def journey(calls: PartCalls) -> None:
        await post(calls)
        await asyncio.sleep(0.05)
        await post(calls)

    talk(part, journey)
    assert part.connections == 2


def test_one_instance_outlives_an_event_loop() -> None:
    part, calls = Part(saying(GOOD)), PartCalls("http://127.0.0.1:0")

    async def journey() -> Answer:
        server = await part.start()
        calls._port = part.port
        answer = await post(calls)
        server.close()
        return answer

    assert asyncio.run(journey()) == asyncio.run(journey()) == Answer(200, b"ok")


def test_a_header_that_would_be_two_is_refused() -> None:
    with pytest.raises(ValueError, match="one line"):
        PartCalls("http://127.0.0.1", {"Authorization": "Bearer a\r\nX: y"})


@given(st.binary(max_size=200), st.booleans())
def test_whatever_comes_is_an_answer_nothing_yet_or_refused(heard: bytes, ended: bool) -> None:
    for said in (heard, b"HTTP/1.1 200 OK\r\n" + heard, GOOD[:-2] + heard):
        try:
            found = read_answer(bytearray(said), ended=ended)
        except ValueError:
            continue
        assert found is None or isinstance(found[0], Answer)
