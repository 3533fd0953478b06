"""`POST /api/chat` against its contract."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from core.values import Reply
from tests.web.fakes import ANSWER, FakeDialogue


def says(client: TestClient, message: str, **more: Any):  # type: ignore[no-untyped-def]
    return client.post("/api/chat", json={"message": message, **more})


def schema_of(client: TestClient, status: int) -> dict[str, Any]:
    """The contract's schema for a status, as JSON Schema."""
    contract = client.get("/api/openapi.json").json()
    response = contract["paths"]["/api/chat"]["post"]["responses"][str(status)]
    schema = response["content"]["application/json"]["schema"]
    text = json.dumps({**schema, "components": contract["components"]})
    return _nullable(json.loads(text))


def _nullable(node: Any) -> Any:
    """OpenAPI 3.0 writes `nullable`; JSON Schema writes another alternative."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _nullable(value) for key, value in node.items()}
    if node.pop("nullable", False):
        return {"anyOf": [node, {"type": "null"}]}
    return node


def test_a_reply_keeps_its_custom_object_and_its_choices(client: TestClient) -> None:
    (reply,) = says(client, "多少家？").json()["replies"]
    assert reply == {"text": ANSWER.text, "custom": ANSWER.custom(), "choices": []}
    assert Reply.from_custom(reply["text"], reply["custom"]) == ANSWER
    (reply,) = says(client, "我想报名").json()["replies"]
    assert [choice["label"] for choice in reply["choices"]] == ["盲人按摩", "电脑基础"]


def test_a_cookie_ties_messages_together(client: TestClient, dialogue: FakeDialogue) -> None:
    says(client, "一")
    says(client, "二")
    says(TestClient(client.app), "三")
    first, second, third = (heard.conversation for heard in dialogue.heard)
    assert first == second != third


def test_a_repeated_message_id_gets_the_answer_it_had(
    client: TestClient, dialogue: FakeDialogue
) -> None:
    says(client, "我想报名")
    first, second = (says(client, "1", message_id="m-1").json() for _ in range(2))
    assert first == second
    assert len(dialogue.heard) == 2 and dialogue.heard[1].message_id == "m-1"


@pytest.mark.parametrize(
    ("message", "code"), [("", "empty"), ("长" * 501, "too_long"), ("/restart", "stale_choice")]
)
def test_a_message_that_cannot_be_handled_is_refused_by_name(
    client: TestClient, message: str, code: str
) -> None:
    response = says(client, message)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == code


def test_a_dialogue_that_is_down_is_a_503_with_a_sentence(
    client: TestClient, dialogue: FakeDialogue
) -> None:
    dialogue.down = True
    response = says(client, "你好")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "dialogue_unavailable"


AS_JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[" * 20_000, b'{"message": "\xe5', b'{"message": "\\ud800"}']
)
def test_bytes_that_are_no_json_are_a_400(client: TestClient, body: bytes) -> None:
    response = client.post("/api/chat", content=body, headers=AS_JSON)
    assert response.status_code == 400
    jsonschema.validate(response.json(), schema_of(client, 400))


def test_another_method_or_type_is_refused(client: TestClient) -> None:
    assert client.get("/api/chat").status_code == 405
    assert client.post("/api/chat", data={"message": "你好"}).status_code == 415


def test_a_message_that_was_spoken_says_so_with_its_other_readings(
    client: TestClient, dialogue: FakeDialogue
) -> None:
    says(client, "盲人按摩", alternatives=["忙人按摩"])
    says(client, "盲人按摩")
    spoken, typed = dialogue.heard
    assert spoken.metadata["spoken"] is True and spoken.alternatives == ("忙人按摩",)
    assert "spoken" not in typed.metadata
