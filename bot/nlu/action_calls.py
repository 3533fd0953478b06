"""Rasa's calls of actions, without what makes them slow.

Rasa compiles its JSON schema anew at each call, opens a connection for each, and sends the whole
conversation along, which grows. The check itself, its verdict and its message stay.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import weakref
from functools import lru_cache
from typing import Any

import aiohttp
import jsonschema
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

NEWEST_EVENTS = 120
"""Events that an action is told of: the last ten to fifteen turns."""
_IDLE_S = 3.0
"""Seconds that an unused connection is kept; the action server itself closes it after five."""

_connectors: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.TCPConnector] = (
    weakref.WeakKeyDictionary()
)


@lru_cache(maxsize=1)
def _compiled() -> Any:
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def plainly_good(result: Any) -> bool:
    """Whether an answer holds nothing but common events in their usual form.

    Says nothing against the others: the schema, which takes longer, looks at those.
    """
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(response, dict) for response in responses) and all(
        isinstance(event, dict)
        and event.get("event") in ("slot", "followup")
        and event.keys() <= {"event", "timestamp", "name", "value"}
        and isinstance(event.get("name"), str)
        and event.get("timestamp") is None
        and ("value" in event) == (event["event"] == "slot")
        for event in events
    )


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """True, or jsonschema.ValidationError as Rasa raises it."""
    if plainly_good(result):
        return True
    error = jsonschema.exceptions.best_match(_compiled().iter_errors(result))
    if error is None:
        return True
    error.message += (
        ". Failed to validate Action server response from API, make sure your response from the "
        f"Action endpoint is valid. For more information about the format visit {DOCS_BASE_URL}"
        "/custom-actions"
    )
    raise error


def action_call(
    action: RemoteAction, tracker: DialogueStateTracker, domain: Domain
) -> dict[str, Any]:
    """What is sent to the action server; the domain only where the action asks for it."""
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = told_events(tracker)
    call = {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
    }
    selective = action._is_selective_domain_enabled()
    if not selective or domain.does_custom_action_explicitly_need_domain(action.name()):
        call["domain"] = domain.as_dict()
    return call


def told_events(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The newest events, in order. Those of this turn and of the last one in which something was
    said in full; of those before what was said and done, without readings, data and values."""
    told: list[dict[str, Any]] = []
    turns, spoken, in_full = 0, False, True
    for event in itertools.islice(reversed(tracker.events), NEWEST_EVENTS):
        told.append(event.as_dict() if in_full else _in_short(event))
        if isinstance(event, UserUttered):
            turns += 1
            in_full = in_full and (turns < 2 or not spoken)
        elif turns and isinstance(event, BotUttered):
            spoken = spoken or bool(event.text)
    return told[::-1]


def _in_short(event: Event) -> dict[str, Any]:
    short = {"event": event.type_name, "timestamp": event.timestamp}
    if isinstance(event, (UserUttered, BotUttered)):
        short["text"] = event.text
    elif isinstance(event, ActionExecuted):
        short["name"] = event.action_name
    elif isinstance(event, SlotSet):
        short["name"] = event.key
    return short


def session(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    """A session as Rasa makes one, on connections that outlast it."""
    loop = asyncio.get_running_loop()
    connector = _connectors.get(loop)
    if connector is None or connector.closed:
        connector = aiohttp.TCPConnector(keepalive_timeout=_IDLE_S, limit=0)
        _connectors[loop] = connector
    login = endpoint.basic_auth
    return aiohttp.ClientSession(
        connector=connector,
        connector_owner=False,
        headers=endpoint.headers,
        auth=aiohttp.BasicAuth(login["username"], login["password"]) if login else None,
        timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        # A Han character as three bytes, not as six.
        json_serialize=_written,
    )


def _written(body: Any) -> str:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a character, as broken clients send it, can only be told by its number.
        return json.dumps(body)
    return text


def install() -> None:
    """Puts all three in place; a second call changes nothing."""
    RemoteAction._validate_action_result = validate_action_result  # type: ignore[method-assign]
    RemoteAction._action_call_format = action_call  # type: ignore[method-assign]
    EndpointConfig.session = session  # type: ignore[method-assign]
