"""Calls of actions: Rasa's own verdicts, a bounded past, connections that are used again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def original() -> Iterator[Any]:
    from rasa.core.actions.action import RemoteAction
    from rasa.utils.endpoints import EndpointConfig

    from bot.nlu import action_calls

    validate, call = RemoteAction._validate_action_result, RemoteAction._action_call_format
    session = EndpointConfig.session
    action_calls.install()
    yield validate, call
    RemoteAction._validate_action_result, RemoteAction._action_call_format = validate, call
    EndpointConfig.session = session


def _action() -> Any:
    from rasa.core.actions.action import RemoteAction
    from rasa.utils.endpoints import EndpointConfig

    return RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1", enable_selective_domain=1))


def test_good_answers_pass_and_bad_ones_are_refused_as_before(original: Any) -> None:
    from jsonschema import ValidationError

    action = _action()
    good = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{}]}
    assert action._validate_action_result(good)
    for bad in ({"events": [{"event": 3}]}, {"responses": "none"}, []):
        with pytest.raises(ValidationError, match="Failed to validate Action server"):
            action._validate_action_result(bad)
        with pytest.raises(ValidationError):
            original[0](action, bad)


def test_what_is_plainly_good_is_good_to_the_schema_too(original: Any) -> None:
    from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet

    from bot.nlu.action_calls import plainly_good

    slots = [SlotSet("a", value) for value in (None, 1, "x", True, [1], {"b": None})]
    for event in (*slots, FollowupAction("booking_form")):
        answer = {"events": [event], "responses": [{"text": "好", "buttons": []}]}
        assert plainly_good(answer) and original[0](_action(), answer)
    for event in (ActiveLoop(None), ActionExecutionRejected("booking_form")):
        answer = {"events": [event], "responses": []}
        assert not plainly_good(answer) and _action()._validate_action_result(answer)
    for broken in ({"event": "slot", "name": 3, "value": 1}, {"event": "slot", "name": "a"}, 7):
        assert not plainly_good({"events": [broken], "responses": []})
    for answer in ({"events": [], "responses": [1]}, {"events": []}, [], None):
        assert not plainly_good(answer)


def test_an_action_is_told_what_rasa_tells_it_but_no_endless_past(original: Any) -> None:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.action_calls import NEWEST_EVENTS

    tracker, domain, action = DialogueStateTracker("s", []), Domain.empty(), _action()
    tracker.update(UserUttered("第一句"))
    assert action._action_call_format(tracker, domain) == original[1](action, tracker, domain)
    for number in range(2 * NEWEST_EVENTS):
        tracker.update(UserUttered(f"第{number}句"))
    told = action._action_call_format(tracker, domain)["tracker"]["events"]
    assert len(told) == NEWEST_EVENTS
    assert told[-1]["text"] == f"第{2 * NEWEST_EVENTS - 1}句"


def test_an_action_is_told_the_last_turn_in_full_and_what_was_said_before(original: Any) -> None:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    tracker = DialogueStateTracker("s", [])
    parsed: Any = {"intent": {"name": "ask"}, "entities": []}
    for number, data in enumerate(("甲", "乙", "", "丙")):
        tracker.update(UserUttered(f"问{number}", parse_data=parsed))
        tracker.update(ActionExecuted("action_x"))
        tracker.update(SlotSet("topic", number))
        if data and number < 3:
            tracker.update(BotUttered(f"答{number}", {"custom": {"kind": data}}))
    told = _action()._action_call_format(tracker, Domain.empty())["tracker"]["events"]
    whole = original[1](_action(), tracker, Domain.empty())["tracker"]["events"]
    # Nothing was answered in the third turn: what was said last is the second's.
    assert told[4:] == whole[4:]
    assert len(told) == len(whole)
    for short, full in zip(told[:4], whole[:4], strict=True):
        assert short.items() <= full.items() and len(short) == 3
    assert [e.get("text") or e["name"] for e in told[:4]] == ["问0", "action_x", "topic", "答0"]


def test_half_a_character_reaches_the_action_like_any_other() -> None:
    from bot.nlu.action_calls import _written

    for text in ("盲人", "😀", "\ud83d", "a\u0000"):
        written = _written({"text": text})
        assert json.loads(written.encode()) == {"text": text}
    assert "盲人" in _written("盲人")


def test_calls_share_a_connection_and_survive_a_restarted_server(original: Any) -> None:
    from rasa.utils.endpoints import EndpointConfig

    from bot.nlu import action_calls

    connections: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: 2\r\n\r\n{}"
                )
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()

    async def journey() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook")
        for _ in range(3):
            assert await endpoint.request(method="get") == {}
        assert len(connections) == 1
        server.close()
        connections[0].transport.abort()
        await asyncio.sleep(0.05)
        server = await asyncio.start_server(serve, "127.0.0.1", port)
        assert await endpoint.request(method="get") == {}
        assert len(connections) == 2
        server.close()
        await action_calls._connectors[asyncio.get_running_loop()].close()

    asyncio.run(journey())
