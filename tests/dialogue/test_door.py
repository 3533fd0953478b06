"""The REST door by itself, with a handler in place of the dialogue."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.dialogue.rest import MAX_CHARS, RestDoor

pytestmark = pytest.mark.slow


async def echo(message: Any) -> None:
    await message.output_channel.send_response(
        message.sender_id, {"text": f"听到{message.text}", "custom": {"kind": "answer"}}
    )


def receive(door: RestDoor, text: str, handle: Any = echo, **metadata: Any) -> list[dict[str, Any]]:
    return asyncio.run(door.receive("p1", text, metadata, handle))


def test_text_and_custom_stand_in_one_message_with_every_field() -> None:
    (message,) = receive(RestDoor(), "你好")
    assert message["text"] == "听到你好"
    assert message["custom"] == {
        "kind": "answer", "reason": None, "citations": [], "speech": "听到你好",
    }  # fmt: skip


def test_a_redelivered_message_is_handled_once_and_answered_twice() -> None:
    handled = []

    async def count(message: Any) -> None:
        handled.append(message.text)
        await echo(message)

    async def twice() -> tuple[Any, Any]:
        door = RestDoor()
        once = await door.receive("p1", "对", {"message_id": "m1"}, count)
        return once, await door.receive("p1", "对", {"message_id": "m1"}, count)

    first, second = asyncio.run(twice())
    assert first == second
    assert handled == ["对"]


@pytest.mark.parametrize("text", ["", "   ", "……", "？"])
def test_silence_is_met_with_patience_and_never_reaches_the_dialogue(text: str) -> None:
    async def fail(_message: Any) -> None:
        pytest.fail("silence must not reach the dialogue")

    (message,) = receive(RestDoor(), text, fail)
    assert "不着急" in message["text"]


def test_a_huge_message_gets_a_clear_answer() -> None:
    (message,) = receive(RestDoor(), "长" * (MAX_CHARS + 1))
    assert "太长" in message["text"]


def test_a_failing_or_mute_dialogue_becomes_an_apology_that_is_not_remembered() -> None:
    async def fail(_message: Any) -> None:
        raise RuntimeError("secret 13800138000")

    async def both() -> tuple[Any, Any]:
        door = RestDoor()
        broken = await door.receive("p1", "你好", {"message_id": "m1"}, fail)
        return broken, await door.receive("p1", "你好", {"message_id": "m1"}, echo)

    broken, mended = asyncio.run(both())
    assert "对不起" in broken[0]["text"] and "138" not in broken[0]["text"]
    assert mended[0]["text"] == "听到你好"


def test_messages_of_one_person_are_handled_one_after_the_other() -> None:
    running, overlaps = [], []

    async def slow(message: Any) -> None:
        overlaps.extend(running)
        running.append(message.text)
        await asyncio.sleep(0)
        running.remove(message.text)
        await echo(message)

    async def flood() -> None:
        door = RestDoor()
        await asyncio.gather(*(door.receive("p1", f"第{n}", {}, slow) for n in range(10)))

    asyncio.run(flood())
    assert overlaps == []


def test_each_handled_message_is_counted_once_by_channel_and_kind() -> None:
    counted: list[tuple[str, str, str]] = []

    class Counting:
        def add(self, *key: str) -> None:
            counted.append(key)  # type: ignore[arg-type]

    async def fail(_message: Any) -> None:
        raise RuntimeError

    async def all_at_one_door() -> None:
        door = RestDoor(tally=Counting())  # type: ignore[arg-type]
        for _ in range(2):
            await door.receive("p1", "你好", {"message_id": "m1", "channel": "telegram"}, echo)
        await door.receive("p1", "再问", {"channel": "not a channel"}, fail)
        await door.receive("warm-up", "你好", {}, echo)

    asyncio.run(all_at_one_door())
    assert counted == [("telegram", "answer", ""), ("other", "failed", "")]
