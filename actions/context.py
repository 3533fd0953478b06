"""Moving about in the conversation: again, slower, back, on, from the start, until tomorrow."""

from __future__ import annotations

import re

from rasa_sdk.events import FollowupAction, SlotSet

from actions.amend_opening import wants_amendment
from actions.booking import DRAFT, draft_of
from actions.booking import FORM as BOOKING_FORM
from actions.changing import CHANGE
from actions.changing import FORM as CHANGE_FORM
from actions.conversation import (
    LAST_PERSON,
    ConversationAction,
    Event,
    Turn,
    last_messages,
    leave_form,
    offer_person,
)
from actions.courses import ListCourses, just_shown
from actions.handover import after_danger
from actions.offers import (
    declined_offer,
    offers_read_out,
    open_offers,
    take_offer,
    wanted_offers,
)
from actions.policy import OFFERED, TOPIC, give_answer, offered_choice, topic_of, wants_place
from actions.screening import ANSWERS
from actions.screening import FORM as SCREENING_FORM
from core.asides import asks_anything
from core.plain_answers import asks
from core.slot_choice import courses_named
from core.spoken.pinyin import HAN
from core.spoken.wishes import asks_for_place


class Repeat(ConversationAction):
    response_name = "action_repeat"
    resumes_form = False
    pace = ""

    def act(self, turn: Turn) -> list[Event]:
        if not turn.say_again(self.pace):
            turn.say("utter_context_nothing_before")
        return []


class Slower(Repeat):
    """The same again; `custom.pace` asks a voice to take its time."""

    response_name = "action_slower"
    pace = "slow"


_FILLERS = re.compile("那啥|啥的")


class TakeUp(ConversationAction):
    """A bare fact, a yes or a number outside of forms: it belongs to what was left open."""

    response_name = "action_take_up"
    leads_on = True

    def act(self, turn: Turn) -> list[Event]:
        if offers_read_out(turn, open_offers(turn)):
            about_offer = self._answer_offer(turn)
            if about_offer is not None:
                return about_offer
        chosen = offered_choice(turn)
        if chosen:
            reply = turn.services.policies.ask(chosen, topic=topic_of(turn), kind=None)
            return give_answer(turn, reply)
        heard = turn.heard
        if after_danger(turn):
            # A yes to 您现在安全吗 is no yes to a booking.
            turn.say("utter_safety_listening")
            return []
        about_offer = self._answer_offer(turn)
        if about_offer is not None:
            return about_offer
        if wants_amendment(turn):
            return [FollowupAction(CHANGE_FORM)]
        if heard.intent == "inform" and draft_of(turn).started:
            return [FollowupAction(BOOKING_FORM)]
        names_course = heard.first("course") or courses_named(heard.text, turn.services.places)
        if just_shown(turn) and heard.intent in ("inform", "affirm") and not asks(heard.text):
            return [FollowupAction(BOOKING_FORM)]
        if wants_place(turn) or asks_for_place(heard.text):
            return [FollowupAction(BOOKING_FORM)]
        if names_course and asks_anything(_FILLERS.sub("", heard.text)):
            return [FollowupAction(ListCourses.response_name)]
        if names_course and heard.intent in ("inform", "affirm") and not asks(heard.text):
            return [FollowupAction(BOOKING_FORM)]
        if heard.intent == "affirm" and draft_of(turn).started:
            return [FollowupAction(BOOKING_FORM)]
        if heard.intent == "affirm" and self._just_booked(turn):
            turn.say("utter_booking_already", reference=str(turn.remembered("booking_reference")))
            return []
        if heard.intent == "inform" and topic_of(turn) is not None:
            reply = turn.services.policies.ask(heard.text, topic=topic_of(turn), kind=None)
            return give_answer(turn, reply)
        return self._say_what_can_be_done(turn)

    def _answer_offer(self, turn: Turn) -> list[Event] | None:
        """A yes or no to the waitlist's offer; None where it is about something else."""
        bare = turn.heard.intent in ("affirm", "deny") and not draft_of(turn).started
        if declined_offer(turn) is not None:
            return [FollowupAction(CHANGE_FORM)]
        if turn.heard.intent == "deny":
            return [FollowupAction(CHANGE_FORM)] if bare and open_offers(turn) else None
        offers = wanted_offers(turn)
        if not offers or (turn.heard.intent == "affirm" and not bare):
            return None
        return take_offer(turn, offers)

    def _say_what_can_be_done(self, turn: Turn) -> list[Event]:
        if turn.heard.intent in ("deny", "skip"):
            turn.say("utter_context_nothing_wanted")
            return []
        misses = int(turn.remembered("misses") or 0) + 1
        turn.say("utter_context_nothing_open")
        offer_person(turn, misses)
        return [SlotSet("misses", misses)]

    def _just_booked(self, turn: Turn) -> bool:
        """Whether a second yes follows the first: it is told what is booked, and books nothing."""
        reference = turn.remembered("booking_reference")
        said = last_messages(turn.tracker)
        return bool(reference) and any(str(reference) in text for text, _ in said)


class Continue(ConversationAction):
    """继续: the booking that was left open, else the next part of the notice."""

    response_name = "action_continue"
    leads_on = True

    def act(self, turn: Turn) -> list[Event]:
        if draft_of(turn).started:
            turn.say("utter_context_going_on")
            return [FollowupAction(BOOKING_FORM)]
        for draft, form in ((CHANGE, CHANGE_FORM), (ANSWERS, SCREENING_FORM)):
            if turn.remembered(draft) is not None:
                turn.say("utter_context_going_on")
                return [FollowupAction(form)]
        topic = topic_of(turn)
        if topic is not None:
            return give_answer(turn, turn.services.policies.neighbour(topic, 1))
        turn.say("utter_context_nothing_before")
        return []


class GoBack(ConversationAction):
    """Outside of forms: what was said before."""

    response_name = "action_go_back"

    def act(self, turn: Turn) -> list[Event]:
        topic = topic_of(turn)
        if topic is None:
            turn.say("utter_context_nothing_before")
            return []
        return give_answer(turn, turn.services.policies.neighbour(topic, -1))


class Restart(ConversationAction):
    """从头来: drafts and topics are forgotten; bookings stay."""

    response_name = "action_restart"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        if turn.form and (turn.heard.doubtful or not HAN.search(turn.heard.text)):
            # What was said is not thrown away for a guess, or for a word in no Han characters.
            turn.say("utter_booking_not_understood")
            return [FollowupAction(turn.form)]
        forgotten = (DRAFT, CHANGE, ANSWERS, TOPIC, OFFERED, LAST_PERSON, "misses")
        cleared = [SlotSet(slot, None) for slot in forgotten]
        if turn.form == BOOKING_FORM:
            turn.say("utter_context_booking_restarted")
            return [*cleared, *leave_form(turn), FollowupAction(BOOKING_FORM)]
        turn.say("utter_context_restarted")
        return [*cleared, *leave_form(turn)]


class Goodbye(ConversationAction):
    """A booking left open waits until the person comes back."""

    response_name = "action_goodbye"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        if turn.form == BOOKING_FORM and draft_of(turn).started:
            turn.say("utter_context_goodbye_draft")
        else:
            turn.say("utter_context_goodbye")
        # Whoever speaks next on a shared device is not taken for the one before.
        return [*leave_form(turn), SlotSet(LAST_PERSON, None)]


class Greet(ConversationAction):
    """Whoever left a booking open hears that it waits."""

    response_name = "action_greet"

    def act(self, turn: Turn) -> list[Event]:
        waiting = not turn.form and draft_of(turn).started
        turn.say("utter_context_welcome_back" if waiting else "utter_context_greet")
        return []


class Thank(ConversationAction):
    response_name = "action_thank"

    def act(self, turn: Turn) -> list[Event]:
        turn.say("utter_context_thanks")
        return []


class Help(ConversationAction):
    response_name = "action_help"

    def act(self, turn: Turn) -> list[Event]:
        turn.say("utter_context_help")
        return []
