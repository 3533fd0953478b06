"""Questions about a notice: the engine answers, the conversation remembers what it was about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.amend_opening import wants_amendment
from actions.conversation import LAST_PERSON, ConversationAction, Event, Turn, offer_person
from actions.courses import just_shown
from actions.open_questions import keep_open
from core.plain_answers import asks
from core.slot_choice import courses_named, ordinal_in
from core.spoken.wishes import (
    asks_for_place,
    plain_wish,
    says_same_class,
    tells_of_booking,
)
from core.values import Kind, Reply, Topic

TOPIC = "policy_topic"
OFFERED = "policy_choices"


def topic_of(turn: Turn) -> Topic | None:
    """What the last policy answer was about."""
    stored = turn.remembered(TOPIC)
    if not isinstance(stored, Mapping) or not stored.get("question"):
        return None
    return Topic(*(str(stored.get(key) or "") for key in ("question", "document", "clause")))


def give_answer(turn: Turn, reply: Reply) -> list[Event]:
    """Says the reply; remembers its topic and what it offered to choose from."""
    turn.give(reply)
    keep_open(turn, reply)
    events = [SlotSet(OFFERED, [c.payload for c in reply.choices] or None)]
    if reply.topic is not None:
        events.append(SlotSet(TOPIC, _stored(reply.topic)))
    missed = reply.kind in (Kind.ABSTAIN, Kind.OUT_OF_SCOPE, None)
    count = int(turn.remembered("misses") or 0) + 1 if missed else 0
    offer_person(turn, count)
    events.append(SlotSet("misses", count))
    return events


def _stored(topic: Topic) -> dict[str, Any]:
    return {"question": topic.question, "document": topic.document, "clause": topic.clause}


class AnswerPolicy(ConversationAction):
    """Any question about a notice, in the person's own words."""

    response_name = "action_answer_policy"

    def act(self, turn: Turn) -> list[Event]:
        if not turn.form and wants_amendment(turn):
            return [FollowupAction("change_form")]
        if wants_place(turn):
            return [FollowupAction("booking_form")]
        reply = turn.services.policies.ask(
            turn.heard.text, topic=topic_of(turn), kind=turn.heard.intent
        )
        return give_answer(turn, reply)


_WANTS = re.compile(r"[想要来](?:报|学|约|参加)|报名|预约")
_TAKES = re.compile(r"报|约|订|学|参加|登记|占|要上|去上")


_DETAILS = "date city time_of_day phone name companion access_need".split()
_SURE = 0.6
"""Confidence over which it is a question about the notice, though it names a course and a day."""


def wants_place(turn: Turn) -> bool:
    """Whether a sentence that no form took asks for a place in a course on offer.

    Courses come and go with what is imported, so the classifier knows few of their names: who
    comes and a course, or a course and a word like 报 where nothing is asked, settle it.
    """
    heard = turn.heard
    if not turn.form and turn.remembered(LAST_PERSON) and says_same_class(heard.text):
        return not asks(heard.text)
    named = courses_named(heard.text, turn.services.places)
    if (named or just_shown(turn)) and not turn.form and asks_for_place(heard.text):
        return True
    if turn.form or not (named or heard.first("course")) or tells_of_booking(heard.text):
        return False
    told = heard.first("phone") or heard.first("name")
    if told and _WANTS.search(heard.text):
        return True
    if not named or asks(heard.text):
        return False
    unsure = heard.confidence < _SURE and any(heard.first(kind) for kind in _DETAILS)
    return unsure or bool(_TAKES.search(heard.text))


def sounds_like_a_person(turn: Turn) -> bool:
    """Whether it is a course (客服话务) that was heard as a wish for a person."""
    text = turn.heard.text
    return plain_wish(text) != "human_handoff" and bool(courses_named(text, turn.services.places))


class MoreDetail(ConversationAction):
    response_name = "action_more_detail"

    def act(self, turn: Turn) -> list[Event]:
        topic = topic_of(turn)
        if topic is None:
            turn.say("utter_context_nothing_before")
            return []
        return give_answer(turn, turn.services.policies.detail(topic))


class NextItem(ConversationAction):
    """The clause after the one spoken of."""

    response_name = "action_next_item"
    step = 1

    def act(self, turn: Turn) -> list[Event]:
        topic = topic_of(turn)
        if topic is None:
            turn.say("utter_context_nothing_before")
            return []
        return give_answer(turn, turn.services.policies.neighbour(topic, self.step))


class PreviousItem(NextItem):
    """The clause before the one spoken of."""

    response_name = "action_previous_item"
    step = -1


class CorrectTopic(ConversationAction):
    """不是，我说的是……: the question before, about what is named now."""

    response_name = "action_correct"

    def act(self, turn: Turn) -> list[Event]:
        if not turn.form and wants_amendment(turn):
            return [FollowupAction("change_form")]
        if wants_place(turn):
            return [FollowupAction("booking_form")]
        topic = topic_of(turn)
        if topic is None and not turn.heard.entities and len(turn.heard.text) < 6:
            turn.say("utter_context_say_it_right")
            return []
        reply = turn.services.policies.ask(turn.heard.text, topic=topic, kind="correct")
        return give_answer(turn, reply)


class Simpler(ConversationAction):
    """The last answer's own words, at a slower pace: the notice is not reworded."""

    response_name = "action_simpler"

    def act(self, turn: Turn) -> list[Event]:
        topic = topic_of(turn)
        if topic is None:
            if not turn.say_again("slow"):
                turn.say("utter_context_nothing_before")
            return []
        reply = turn.services.policies.ask(topic.question, topic=topic, kind="simpler")
        return give_answer(turn, reply)


def offered_choice(turn: Turn) -> str:
    """The question behind 第二个, where the last answer offered several; empty otherwise."""
    offered = turn.remembered(OFFERED) or []
    number = ordinal_in(turn.heard)
    at = number - 1 if number > 0 else len(offered) + number
    return str(offered[at]) if number and 0 <= at < len(offered) else ""
