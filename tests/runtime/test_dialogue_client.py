import asyncio
import json

import httpx
import pytest

from core.errors import DialogueUnavailable
from core.values import Citation, Kind, Reason, Reply, Utterance
from runtime.dialogue_client import HttpDialogue


def send(handler: object, utterance: Utterance) -> list[Reply]:
    async def run() -> list[Reply]:
        dialogue = HttpDialogue("http://dialogue", transport=httpx.MockTransport(handler))  # type: ignore[arg-type]
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
    (reply,) = send(lambda _: httpx.Response(200, json=[message]), Utterance("问", "c", "web"))
    assert reply.citations == sent.citations
    assert (reply.kind, reply.reason, reply.speech) == (sent.kind, sent.reason, sent.speech)
    assert reply.choices[0].payload == "/more_detail"


def test_the_channels_message_id_travels_with_the_message() -> None:
    seen = {}

    def handler(request: httpx.Request) -> httpx.Response:
        seen.update(json.loads(request.content))
        return httpx.Response(200, json=[])

    send(handler, Utterance("问", "c-1", "telegram", message_id="m7", alternatives=("文",)))
    assert seen["sender"] == "c-1"
    assert seen["metadata"] == {"channel": "telegram", "message_id": "m7", "alternatives": ["文"]}


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(500), httpx.Response(200, text="<html>"), httpx.Response(200, json={})],
)
def test_a_broken_answer_is_one_clear_error_without_the_persons_words(
    answer: httpx.Response,
) -> None:
    with pytest.raises(DialogueUnavailable) as error:
        send(lambda _: answer, Utterance("我的电话13800138000", "c", "web"))
    assert "13800138000" not in str(error.value)


def test_a_server_that_is_away_is_said_with_the_mend() -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(DialogueUnavailable, match="make run"):
        send(away, Utterance("问", "c", "web"))
