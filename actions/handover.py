"""A person instead of the assistant: asked for, offered, or needed at once."""

from __future__ import annotations

from collections.abc import Iterator

from rasa_sdk.events import FollowupAction, SlotSet

from actions.amend_opening import wants_amendment
from actions.booking import draft_of
from actions.conversation import (
    ConversationAction,
    Event,
    Turn,
    last_messages,
    leave_form,
    offer_person,
)
from actions.open_questions import keep_open
from actions.policy import (
    AnswerPolicy,
    give_answer,
    sounds_like_a_person,
    topic_of,
    wants_place,
)
from core.slot_choice import courses_named
from core.spoken.safe_again import goes_on, says_safe_again
from core.spoken.wishes import asks_for_place, asks_what_is_free
from core.values import Kind

KEPT_SENTENCES = 8
"""How much of the conversation a ticket's summary holds."""


def open_ticket(turn: Turn, topic: str, urgent: bool = False, note: str = "") -> str:
    """Keeps the wish for a person with what was said, `note` before it; returns the ticket's id."""
    ticket = turn.services.tickets.open(
        conversation=turn.conversation,
        channel=turn.channel,
        topic=topic,
        summary="\n".join([*([note] if note else []), *_said(turn)]),
        urgent=urgent,
    )
    return ticket.id


def _said(turn: Turn) -> Iterator[str]:
    told = [e for e in turn.tracker.events if e.get("event") in ("user", "bot") and e.get("text")]
    for event in told[-2 * KEPT_SENTENCES :]:
        who = "→" if event["event"] == "bot" else "←"
        yield f"{who} {str(event['text'])[:120]}"


def say_what_waits(turn: Turn) -> None:
    """What was begun is kept, and named by what it is."""
    if turn.form == "booking_form":
        turn.say("utter_context_draft_kept")
    elif turn.form:
        turn.say("utter_context_form_kept")


def after_danger(turn: Turn) -> bool:
    """Whether the assistant last asked after the person's safety."""
    said = last_messages(turn.tracker)
    return any((data.get("custom") or {}).get("kind") == "safety" for _, data in said)


class HandOver(ConversationAction):
    """转人工, at any time. What was begun is kept and goes on with 继续."""

    response_name = "action_hand_over"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        if not turn.form and sounds_like_a_person(turn):
            return [FollowupAction("booking_form")]
        ticket = open_ticket(turn, "asked")
        turn.say("utter_handover_kept", ticket=ticket)
        if turn.services.referral:
            turn.say("utter_handover_referral", referral=turn.services.referral)
        say_what_waits(turn)
        return [*leave_form(turn), SlotSet("misses", 0)]


class Crisis(ConversationAction):
    """Danger to life comes before whatever was going on, until the person says it is over."""

    response_name = "action_crisis"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        if not turn.form and after_danger(turn) and says_safe_again(turn.heard.text):
            return self._go_on(turn)
        turn.say("utter_safety_crisis")
        open_ticket(turn, "safety", urgent=True)
        return leave_form(turn)

    def _go_on(self, turn: Turn) -> list[Event]:
        """The danger is over; what was begun goes on where the person wishes it."""
        turn.say("utter_safety_over")
        if not draft_of(turn).started:
            return []
        if goes_on(turn.heard.text):
            turn.say("utter_context_going_on")
            return [FollowupAction("booking_form")]
        turn.say("utter_context_draft_kept")
        return []


class Complain(ConversationAction):
    """Anger is taken seriously: an apology, a ticket, an offer."""

    response_name = "action_complain"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        open_ticket(turn, "anger")
        turn.say("utter_handover_anger")
        say_what_waits(turn)
        return leave_form(turn)


class NotUnderstood(ConversationAction):
    """Last resort: the notice's evidence decides; after two failures a person is offered."""

    response_name = "action_not_understood"

    def act(self, turn: Turn) -> list[Event]:
        if not turn.form and wants_amendment(turn):
            return [FollowupAction("change_form")]
        if wants_place(turn) or (not turn.form and asks_for_place(turn.heard.text)):
            return [FollowupAction("booking_form")]
        named = courses_named(turn.heard.text, turn.services.places)
        if named and not turn.form and asks_what_is_free(turn.heard.text):
            return [FollowupAction("action_list_courses")]
        reply = turn.services.policies.ask(turn.heard.text, topic=topic_of(turn), kind=None)
        if reply.kind in (Kind.ANSWER, Kind.PARTIAL, Kind.CORRECTION):
            return give_answer(turn, reply)
        misses = int(turn.remembered("misses") or 0) + 1
        turn.say("utter_not_understood")
        keep_open(turn, None)
        offer_person(turn, misses)
        return [SlotSet("misses", misses)]


class OutOfScope(AnswerPolicy):
    """The engine says what lies outside, and who may know, in its own sentences."""

    response_name = "action_out_of_scope"
