"""Booking a training place: the form takes sentences in until all is said and confirmed."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.amend_opening import wants_amendment
from actions.asides import answer_aside, answer_question, asks_apart, told_beside
from actions.booking_words import ask_for, say_notes
from actions.conversation import (
    LAST_PERSON,
    REQUESTED,
    Event,
    FormAction,
    Turn,
    offer_person,
    sentence,
)
from actions.courses import just_shown
from actions.offers import declined_offer, take_offer, wanted_offers
from actions.policy import sounds_like_a_person
from core.booking_dialogue import (
    absorb,
    absorb_in_passing,
    next_question,
    says_begin_again,
    step_back,
    tells,
)
from core.booking_draft import Draft, Question, Step
from core.booking_person import needs_said, refuses_phone, take_name
from core.errors import UnknownSlot
from core.full_date import answers_full
from core.plain_answers import asks, in_context
from core.reference import parse_reference
from core.screening_talk import leads_to_booking
from core.spoken.wishes import tells_of_booking

DRAFT = "booking_draft"
FORM = "booking_form"
# These sentences are questions of their own: the open one is not asked again after them.
_ASK_THEMSELVES = frozenset(["phone_goes_on", "what_is_wrong"])
# After these nothing is known that was not known before.
_STILL_OPEN = frozenset(
    ["what_is_wrong", "phone_wrong", "phone_landline", "no_such_number", "course_unknown"]
)

# Said in the middle of a booking, these are about the booking.
_TAKEN_IN = frozenset(
    "inform book_course affirm deny skip why_asked correct go_back repeat slower continue"
    " join_waitlist cancel_booking reschedule_booking nlu_fallback".split()
)
# These end or suspend it, whatever else they say.
_LEAVING = frozenset("crisis human_handoff goodbye restart".split())
_ENOUGH = re.compile(r"算了|拉倒|不约了|不报了|不要了|不想[约报]了|别[约报]了|不办了|先不[约报]")
_OF_THE_BOOKING = re.compile(r"算了|拉倒|[不别先](?:想)?(?:报|约|学|去|办|上课)")
# 算了，换成刺绣吧: one thing is left for another, and the booking goes on.
_INSTEAD = re.compile(r"(?:换|改)(?:成|到|报|学|上|个|一)")
_LEAVES_OFF = re.compile(
    r"取消|退|撤|销|作废|放弃|删|划掉|停|不(?:想|再)?(?:报|约|去|学|要|上|参加|办|弄|整|订|登|来|干)|别(?:报|约|办|订|登)"
)
# Only what was booked can be handed back.
_HANDED_BACK = re.compile(r"退(?:了|掉|课|班|订|一下|喽)")
_EARLIER = re.compile(r"[约报定订]好的|[约报定订]过|编号|那个预约|之前的|以前的|上[次回]的")


def draft_of(turn: Turn) -> Draft:
    stored = turn.remembered(DRAFT)
    draft = Draft.from_json(stored if isinstance(stored, dict) else {})
    if turn.channel == "desk" and draft.booked_by == "self":
        draft = replace(draft, booked_by="staff", consent=False)
    return draft


class ValidateBookingForm(FormAction):
    """Takes each sentence into the draft and asks for what is missing."""

    form_name = FORM

    def act(self, turn: Turn) -> list[Event]:
        draft = draft_of(turn)
        if turn.answered_already():
            return self._ask(turn, draft)
        if turn.opening and not draft.started and wants_amendment(turn):
            return self._close(replace(draft, amends=True))
        if turn.opening and not draft.started:
            draft = just_shown(turn) or draft
        draft = replace(draft, **(turn.remembered(LAST_PERSON) or {}))
        turn.heard = in_context(turn.heard, draft)
        offers = () if draft.asked == Question.FULL or turn.took_up else wanted_offers(turn)
        if offers and turn.opening and not draft_of(turn).started:
            return self._close(replace(draft, takes_offer=True))
        if offers and turn.heard.intent != "affirm":
            take_offer(turn, offers)
            return self._ask(turn, draft)
        beside = None if turn.took_up else told_beside(turn, draft)
        answered = answer_aside(turn, beside[1]) if beside else None
        if beside and answered is not None:
            turn.heard = beside[0]
            return [*answered, *self._take(turn, draft)]
        apart = answer_question(turn) if asks_apart(turn, draft) else None
        if apart is not None:
            return [*apart, *self._ask(turn, draft)]
        if self._is_foreign(turn, draft):
            kept = absorb_in_passing(draft, turn.heard)
            left = self.leave_to_rules(turn, lambda: self._ask(turn, kept))
            return [SlotSet(DRAFT, kept.as_json()), *left]
        if self._gives_up(turn, draft):
            return self._close(replace(draft, confirmed=False, asked=""))
        if self._refuses_consent(turn, draft):
            turn.say("utter_booking_why_consent")
            return self._close(replace(draft, confirmed=False, asked=""))
        if turn.took_up and turn.heard.intent in ("affirm", "deny", "skip"):
            # That yes answered something else; nothing is booked on it.
            turn.say("utter_context_going_on")
            return self._ask(turn, draft)
        return self._take(turn, draft)

    def _take(self, turn: Turn, draft: Draft) -> list[Event]:
        heard, places = turn.heard, turn.services.places
        if heard.intent in ("repeat", "slower") and not turn.opening:
            turn.say_again("slow" if heard.intent == "slower" else "")
            return [SlotSet(DRAFT, draft.as_json()), SlotSet(REQUESTED, draft.asked or None)]
        if heard.intent == "go_back":
            return self._ask(turn, step_back(draft))
        if heard.intent == "why_asked" and draft.asked:
            turn.say(sentence("why", draft.asked))
            return self._ask(turn, draft)
        step = absorb(draft, heard, places, turn.services.clock.now().date())
        say_notes(turn, step.notes)
        step = self._count_misses(turn, step, first=not draft.asked, before=draft.misses)
        events = {note.event for note in step.notes}
        if not events & _ASK_THEMSELVES:
            return self._ask(turn, step.draft)
        # The rest of a number is due next, whatever was asked before it.
        asked = Question.PHONE.value if "phone_goes_on" in events else step.draft.asked
        asking = replace(step.draft, asked=asked)
        return [SlotSet(DRAFT, asking.as_json()), SlotSet(REQUESTED, asked)]

    def _count_misses(self, turn: Turn, step: Step, first: bool, before: int) -> Step:
        missed = [n.event for n in step.notes if n.event in _STILL_OPEN]
        goes_on = turn.heard.intent in ("continue", "book_course")
        if first or goes_on or leads_to_booking(turn.heard.text):
            return step
        if step.understood and not missed:
            return step
        if not missed:
            self._say_missed(turn, step.draft)
        misses = before + 1
        offer_person(turn, misses)
        return replace(step, draft=replace(step.draft, misses=misses))

    def _say_missed(self, turn: Turn, draft: Draft) -> None:
        if turn.heard.intent in ("skip", "deny") and draft.asked:
            turn.say(sentence("why", draft.asked))
        else:
            turn.say("utter_booking_not_understood")

    def _ask(self, turn: Turn, draft: Draft) -> list[Event]:
        try:
            question = next_question(draft, turn.services.places)
        except UnknownSlot:
            turn.say("utter_error_unknown_slot")
            draft = replace(draft, slot_id="", confirmed=False)
            question = next_question(draft, turn.services.places)
        if question is None:
            return self._close(draft)
        draft = ask_for(turn, question, replace(draft, asked=question.value))
        return [SlotSet(DRAFT, draft.as_json()), SlotSet(REQUESTED, question.value)]

    def _close(self, draft: Draft) -> list[Event]:
        return [SlotSet(DRAFT, draft.as_json()), SlotSet(REQUESTED, None)]

    def _is_foreign(self, turn: Turn, draft: Draft) -> bool:
        heard = turn.heard
        if draft.asked == Question.PHONE and says_begin_again(draft, heard):
            return False
        if heard.intent in _LEAVING:
            trusted = heard.intent in ("crisis", "human_handoff") and not heard.doubtful
            if heard.intent == "human_handoff" and sounds_like_a_person(turn):
                return False
            return trusted or not self._told(turn, draft)
        if draft.asked != Question.FULL and declined_offer(turn) is not None:
            return True
        if heard.intent in ("cancel_booking", "reschedule_booking"):
            return _of_an_earlier_one(heard.text)
        if turn.opening or heard.intent == "":
            return False
        if heard.intent == "nlu_fallback":
            return bool(_ASKS.search(heard.text)) and not heard.entities
        if heard.intent in _TAKEN_IN:
            return False
        if heard.intent == "list_courses" and draft.asked in (Question.COURSE, Question.SLOT):
            return False
        if draft.asked == Question.FULL and answers_full(heard):
            return False
        if not asks(heard.text) and (heard.doubtful or _hardly_a_question(turn, draft)):
            return False
        return not (self._told(turn, draft) or _answers(turn, draft))

    def _told(self, turn: Turn, draft: Draft) -> bool:
        today = turn.services.clock.now().date()
        return tells(draft, turn.heard, turn.services.places, today)

    def _refuses_consent(self, turn: Turn, draft: Draft) -> bool:
        return (
            draft.asked == Question.CONSENT
            and not turn.took_up
            and turn.heard.intent in ("deny", "skip")
        )

    def _gives_up(self, turn: Turn, draft: Draft) -> bool:
        if turn.opening or not draft.asked:
            return False
        intent, text = turn.heard.intent, turn.heard.text
        if refuses_phone(turn.heard) or intent == "continue" or _INSTEAD.search(text):
            return False
        of_needs = draft.asked in (Question.NEEDS, Question.CONFIRM) and needs_said(turn.heard)
        if of_needs and not _OF_THE_BOOKING.search(text):
            # 大字的不要了: of what the venue must have, and not of the booking.
            return False
        # What was said is not thrown away on a classifier's word alone.
        if _ENOUGH.search(text) or (intent == "cancel_booking" and _LEAVES_OFF.search(text)):
            return True
        return intent == "deny" and draft.asked == Question.FULL


def _of_an_earlier_one(text: str) -> bool:
    """Whether a booking made before is meant; else it is this one that is given up or changed."""
    earlier = _EARLIER.search(text) or _HANDED_BACK.search(text) or parse_reference(text)
    return bool(earlier) or tells_of_booking(text)


_STATING = (Question.NAME, Question.PHONE, Question.NEEDS, Question.CONSENT, Question.CONFIRM)
_REQUESTS = re.compile(r"介绍|讲讲|说说|说一?下|告诉|想知道|[想请]问|问问|了解|念一?下|查一?下")
_UNSURE = 0.7
"""Confidence under which a sentence that asks nothing is taken for an answer."""


def _hardly_a_question(turn: Turn, draft: Draft) -> bool:
    """Whether an answer is due, and a sentence that asks nothing only sounds like a question."""
    heard = turn.heard
    sounds = heard.intent.startswith(("ask_", "out_of_scope")) and heard.confidence < _UNSURE
    return sounds and draft.asked in _STATING and not _REQUESTS.search(heard.text)


_FACTS = frozenset("course city date time_of_day phone name ordinal access_need companion".split())
_ASKS = re.compile(r"[?？]|吗|呢$|什么|啥|怎么|咋|多少|哪|为什么|几[个家人]")


def _answers(turn: Turn, draft: Draft) -> bool:
    """Whether a sentence that sounds like another wish is the answer to what was asked.

    Short names and bare dates look like anything to a classifier; what was asked settles it.
    """
    heard = turn.heard
    if _ASKS.search(heard.text):
        return False
    covered = sum(e.end - e.start for e in heard.entities if e.kind in _FACTS)
    if covered >= 0.6 * max(1, len(heard.text.strip())):
        return True
    return len(heard.text.strip()) <= 4 and take_name(draft, heard).name != draft.name
