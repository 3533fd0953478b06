import asyncio
import json

import pytest

from core.errors import DialogueUnavailable
from core.values import Citation, Kind, Reason, Reply, Utterance
from runtime.dialogue_client import HttpDialogue
from runtime.part_calls import Answer, PartDown, PartSlow
from tests.runtime.calls import FakeCalls


def send(calls: FakeCalls, utterance: Utterance) -> list[Reply]:
    async def run() -> list[Reply]:
        dialogue = HttpDialogue("http://dialogue", calls=calls)
        try:
            return await dialogue.send(utterance)
        finally:
            await dialogue.close()

    return asyncio.run(run())


def test_a_reply_keeps_its_citations_kind_and_choices() -> None:
    sent = Reply(
        "400个以上。",
        kind=Kind.PARTIAL,
        reason=Reason.ABRIDGED,
        citations=(Citation("吉政办发〔2025〕16号", "二（三）7", "标题", "达到400个以上"),),
        speech="四百个以上。",
    )
    message = {
        "text": sent.text,
        "custom": sent.custom(),
        "buttons": [{"title": "详细点", "payload": "/more_detail"}],
    }
    calls = FakeCalls(lambda _: Answer(200, json.dumps([message]).encode()))
    (reply,) = send(calls, Utterance("问", "c", "web"))
    assert reply.citations == sent.citations
    assert (reply.kind, reply.reason, reply.speech) == (sent.kind, sent.reason, sent.speech)
    assert reply.choices[0].payload == "/more_detail"


def test_the_channels_message_id_travels_with_the_message() -> None:
    seen = {}

    def answer(body: bytes) -> Answer:
        seen.update(json.loads(body))
        return Answer(200, b"[]")

    calls = FakeCalls(answer)
    send(calls, Utterance("问", "c-1", "telegram", message_id="m7", alternatives=("文",)))
    assert seen["sender"] == "c-1"
    assert seen["metadata"] == {"channel": "telegram", "message_id": "m7", "alternatives": ["文"]}


@pytest.mark.parametrize(
    "answer",
    [Answer(500, b""), Answer(200, b"<html>"), Answer(200, b"{}"), Answer(200, b"\xff")],
)
def test_a_broken_answer_is_one_clear_error_without_the_persons_words(
    answer: Answer,
) -> None:
    with pytest.raises(DialogueUnavailable) as error:
        send(FakeCalls(lambda _: answer), Utterance("我的电话13800138000", "c", "web"))
    assert "13800138000" not in str(error.value)


def test_a_server_that_is_away_is_said_with_the_mend() -> None:
    def away(_: bytes) -> Answer:
        raise PartDown

    with pytest.raises(DialogueUnavailable, match="make run"):
        send(FakeCalls(away), Utterance("问", "c", "web"))


def test_a_server_that_is_slow_is_said_with_how_long() -> None:
    def slow(_: bytes) -> Answer:
        raise PartSlow

    with pytest.raises(DialogueUnavailable, match="15 s"):
        send(FakeCalls(slow), Utterance("问", "c", "web"))
