"""What every action shares: the turn it sees, how it speaks, how it fails, how it gives back."""

from __future__ import annotations

import logging
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.wiring import Services, current_services
from core.booking_draft import Heard
from core.errors import MingluError
from core.spoken.entities import Entity
from core.values import Choice, Reply
from runtime import metrics
from runtime.turns import TURN, turn_of

log = logging.getLogger(__name__)

Event = dict[str, Any]

REQUESTED = "requested_slot"
HANDS_ON = "hands_on"
"""Set by an action that spoke and leaves the sentence to the form that follows it."""
LAST_PERSON = "booking_person"
"""Slot with who was booked last in this conversation, and for which date."""
# Actions that only hand the sentence on, so a form after them still takes it in.
_PASSING_ON = ("action_listen", "action_extract_slots", "action_take_up")
# Actions that hand it on where they said nothing.
_MAY_PASS_ON = (
    "action_answer_policy",
    "action_out_of_scope",
    "action_not_understood",
    "action_list_courses",
    "action_correct",
    "action_hand_over",
    "action_my_bookings",
)


class Turn:
    """One turn of the conversation: what was heard, what is remembered, what is said."""

    def __init__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, services: Services
    ) -> None:
        self.services = services
        self.tracker = tracker
        self._dispatcher = dispatcher
        message = tracker.latest_message or {}
        self.heard = Heard(
            text=str(message.get("text") or ""),
            intent=str((message.get("intent") or {}).get("name") or ""),
            confidence=float((message.get("intent") or {}).get("confidence") or 1.0),
            entities=tuple(_entity(e) for e in message.get("entities") or ()),
        )

    @property
    def conversation(self) -> str:
        return str(self.tracker.sender_id)

    @property
    def channel(self) -> str:
        return str(self.tracker.get_latest_input_channel() or "rest")

    @property
    def message_id(self) -> str:
        """The channel's own id of the message; else its place in the conversation."""
        metadata = (self.tracker.latest_message or {}).get("metadata") or {}
        return str(metadata.get("message_id") or len(self.tracker.events))

    @property
    def form(self) -> str:
        """Name of the form that is open; empty outside of forms."""
        return str((self.tracker.active_loop or {}).get("name") or "")

    @property
    def opening(self) -> bool:
        """Whether the form is only just being opened: it has asked nothing yet."""
        return not self.tracker.get_slot(REQUESTED)

    def remembered(self, slot: str) -> Any:
        return self.tracker.get_slot(slot)

    def answered_already(self) -> bool:
        """Whether another action spoke since the person did: a form that returns only asks."""
        spoke = False
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                return False
            if event.get("name") == HANDS_ON and event.get("event") == "slot":
                return False
            spoke = spoke or event.get("event") == "bot"
            if event.get("event") == "action":
                name = str(event.get("name") or "")
                if name in _MAY_PASS_ON and not spoke:
                    continue
                if name not in _PASSING_ON and name != self.form:
                    return True
        return False

    @property
    def took_up(self) -> bool:
        """Whether the form was closed when the person spoke, and opens again for that sentence."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                return False
            if event.get("event") == "action" and event.get("name") == "action_take_up":
                return True
        return False

    def say(self, response: str, choices: Iterable[Choice] = (), **values: str) -> None:
        """A sentence of the domain by its name, with the values that it needs."""
        self._dispatcher.utter_message(response=response, buttons=_buttons(choices), **values)

    def say_with(self, response: str, custom: Mapping[str, Any], **values: str) -> None:
        """A sentence of the domain that carries citations."""
        self._dispatcher.utter_message(response=response, json_message=dict(custom), **values)

    def give(self, reply: Reply) -> None:
        """A composed reply, word for word, with its citations."""
        self._dispatcher.utter_message(
            text=reply.text, json_message=reply.custom(), buttons=_buttons(reply.choices)
        )

    def say_again(self, pace: str = "") -> bool:
        """Every message of the turn before, unchanged; False where there was none."""
        messages = last_messages(self.tracker)
        for text, data in messages:
            custom = dict(data.get("custom") or {})
            if pace:
                custom["pace"] = pace
            self._dispatcher.utter_message(
                text=text, json_message=custom, buttons=list(data.get("buttons") or ())
            )
        return bool(messages)


def last_messages(tracker: Tracker) -> list[tuple[str, Mapping[str, Any]]]:
    """What the assistant said in its last turn, oldest first: text and data of each message."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    for event in reversed(tracker.events):
        kind = event.get("event")
        if kind == "bot" and event.get("text"):
            found.append((str(event["text"]), event.get("data") or {}))
        elif kind == "user" and found:
            break
    return found[::-1]


class ConversationAction(Action, ABC):
    """Base of all actions. Failures become sentences; after an interruption the form goes on."""

    response_name: str
    resumes_form: bool = True
    """Whether a form that was interrupted by this action asks again at once."""
    leads_on: bool = False
    """Whether it may hand the turn to a form: only Rasa can follow that."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    def name(self) -> str:
        return self.response_name

    @abstractmethod
    def act(self, turn: Turn) -> list[Event]:
        """Speaks through `turn` and returns what to remember."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        metadata = (tracker.latest_message or {}).get("metadata") or {}
        with turn_of(str(tracker.sender_id), metadata.get(TURN)):
            began = time.perf_counter()
            events, outcome = self._acted(dispatcher, tracker)
            seconds = time.perf_counter() - began
            metrics.observe("action", seconds)
            metrics.ACTIONS.labels(self.name(), outcome).inc()
            facts = {"action": self.name(), "outcome": outcome}
            log.info("action ran", extra={**facts, "ms": round(seconds * 1000, 1)})
        return events

    def _acted(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> tuple[list[Event], str]:
        turn, outcome = None, "done"
        try:
            turn = Turn(dispatcher, tracker, self._services or current_services())
            events = self.act(turn)
        except MingluError as error:
            outcome = error.code
            log.warning("%s: %s", self.name(), error.code)
            dispatcher.utter_message(response=f"utter_error_{error.code}")
            events = self.after_failure(turn)
        except Exception:
            # Whatever it was, the person hears an apology, a number to name and a way on.
            incident, outcome = uuid.uuid4().hex[:6], "unexpected"
            log.exception("incident %s in %s", incident, self.name())
            dispatcher.utter_message(response="utter_error_unexpected", incident=incident)
            events = self.after_failure(turn)
        return events + self._give_back(turn, events), outcome

    def after_failure(self, turn: Turn | None) -> list[Event]:
        return []

    def _give_back(self, turn: Turn | None, events: list[Event]) -> list[Event]:
        leads_on = any(e.get("event") in ("followup", "active_loop") for e in events)
        if turn is None or not turn.form or leads_on or not self.resumes_form:
            return []
        return [FollowupAction(turn.form)]


class FormAction(ConversationAction):
    """Base of the validation actions of forms: takes a sentence in, or leaves it to the rules."""

    form_name: str

    def name(self) -> str:
        return f"validate_{self.form_name}"

    def _give_back(self, turn: Turn | None, events: list[Event]) -> list[Event]:
        fails = any(e.get("name") == "form_failed" for e in events)
        if turn is None or fails or not turn.remembered("form_failed"):
            return []
        return [SlotSet("form_failed", None)]

    def after_failure(self, turn: Turn | None) -> list[Event]:
        """The form stays open as it was; a second failure in a row offers a person."""
        failures = int(turn.remembered("form_failed") or 0) + 1 if turn else 1
        if turn:
            offer_person(turn, failures)
        return [SlotSet("form_failed", failures)]

    def leave_to_rules(self, turn: Turn, ask_again: Callable[[], list[Event]]) -> list[Event]:
        """The sentence is not for this form: what the rules name answers it, then the form goes on.

        An answer needs no other call; what closes the form or opens another is left to Rasa.
        """
        # Imported here: that module looks through all actions, which are built on this one.
        from actions.interruptions import answering_action

        action = answering_action(turn.heard.intent, turn.services)
        if action is None:
            return [ActionExecutionRejected(self.form_name)]
        return [*action.act(turn), *ask_again()]


def sentence(event: str, question: str) -> str:
    """utter_booking_ask_name for asking after booking_name."""
    topic, _, rest = question.partition("_")
    return f"utter_{topic}_{event}_{rest}"


def offer_person(turn: Turn, misses: int) -> None:
    """Offers a person at every second failure in a row, so no answer comes thrice alike."""
    if misses and misses % 2 == 0:
        turn.say("utter_handover_offer")


def leave_form(turn: Turn) -> list[Event]:
    """Closes the open form, if any; its draft is kept."""
    return [ActiveLoop(None), SlotSet(REQUESTED, None)] if turn.form else []


def _buttons(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"title": choice.label, "payload": choice.payload} for choice in choices]


_KNOWN = ("entity", "start", "end", "value", "extractor", "confidence_entity")


def _entity(raw: Mapping[str, Any]) -> Entity:
    return Entity(
        kind=str(raw.get("entity") or ""),
        start=int(raw.get("start") or 0),
        end=int(raw.get("end") or 0),
        value=str(raw.get("value") or ""),
        details={key: value for key, value in raw.items() if key not in _KNOWN},
    )
