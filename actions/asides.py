"""A question asked along with an answer: answered in the form's own call, before it goes on."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.conversation import Event, Turn
from actions.interruptions import answering_action
from actions.policy import AnswerPolicy, give_answer, topic_of
from core.asides import asks_anything, split_aside, told_part, without_lead
from core.booking_dialogue import absorb
from core.booking_draft import Draft, Heard, Question
from core.spoken.access import find_access_needs
from core.spoken.leads import only_makes_room
from core.spoken.names import parse_name
from core.spoken.wishes import asks_for_place
from core.values import Kind

# These have a meaning of their own in the form, or end it.
_NO_ASIDE = frozenset(
    "crisis human_handoff goodbye restart complain cancel_booking reschedule_booking continue"
    " why_asked repeat slower go_back help".split()
)
_CHOOSING = (Question.COURSE, Question.SLOT, Question.FULL)
# While a date is chosen, these are about the dates.
_ABOUT_DATES = re.compile(
    r"几[号点天期]|哪[天个期]|(?<!上)哪[儿里]|什么时候|啥时候|地方|地点|名额|满|能[报约]|[报约]得上"
)


def told_beside(turn: Turn, draft: Draft) -> tuple[Heard, str] | None:
    """What the sentence tells of the booking and the question beside it, if it is both."""
    heard = turn.heard
    opens = turn.opening and (heard.intent == "book_course" or asks_for_place(heard.text))
    if not (opens or (draft.asked and not turn.opening)) or heard.intent in _NO_ASIDE:
        return None
    both, told = split_aside(heard.text, heard.entities), told_part(heard)
    if both is None or told is None or only_makes_room(told.text):
        return None
    if draft.asked not in _CHOOSING and _dates_something_else(told):
        return None
    if (opens or draft.asked in _CHOOSING) and _ABOUT_DATES.search(both[1]):
        return None
    bare = draft.asked == Question.NAME and not told.entities
    if bare and parse_name(told.text) is None:
        return None
    today = turn.services.clock.now().date()
    step = absorb(draft, told, turn.services.places, today)
    if not told.entities and draft.slot_id and step.draft.slot_id != draft.slot_id:
        # 你声音还挺好听 names no course of 声音.
        return None
    return (told, without_lead(both[1])) if step.understood else None


_OF_THE_DATE = re.compile(r"[报约换改挪串推]|那[个一]?[期场班天次]|的课|上课")
_WHEN = frozenset(["date", "time_of_day", "city"])


def _dates_something_else(told: Heard) -> bool:
    """我残疾证下个月到期 names no day of the course, which is chosen."""
    kinds = {e.kind for e in told.entities}
    return bool(kinds) and kinds <= _WHEN and not _OF_THE_DATE.search(told.text)


def answer_aside(turn: Turn, question: str) -> list[Event] | None:
    """Answers the question alone; None where nobody knows it for a question about a notice."""
    intent, policies = turn.heard.intent, turn.services.policies
    action = answering_action(intent, turn.services)
    if isinstance(action, AnswerPolicy) and not turn.heard.doubtful:
        reply = policies.ask(question, topic=topic_of(turn), kind=intent)
        return give_answer(turn, reply) if reply.kind is not None else None
    reply = policies.ask(question, topic=topic_of(turn), kind=None)
    # What is not clearly a question is answered only where the notice has it.
    open_question = intent == "nlu_fallback" and reply.kind is Kind.PARTIAL
    known = reply.kind in (Kind.ANSWER, Kind.CORRECTION) or open_question
    return give_answer(turn, reply) if known else None


# What a classifier hears in a question of another kind that is asked in mid-booking.
_OFTEN_GUESSED = frozenset(
    "book_course inform join_waitlist why_asked skip correct list_courses nlu_fallback"
    " screen_eligibility next_item ask_time complain".split()
)
_SURE = 0.7
"""Confidence from which a question is left to what the rules name."""
_CHANGES = frozenset(["cancel_booking", "reschedule_booking"])
_PLAIN_CHANGE = re.compile(r"取消|退|撤|改|换|挪|不(?:想|再)?(?:报|约|去|来|要)")


def asks_apart(turn: Turn, draft: Draft) -> bool:
    """Whether it is a question by its words that tells nothing of the booking, and the classifier
    heard, with little trust, something that is said to a booking."""
    heard = turn.heard
    if not draft.asked or turn.opening or turn.took_up or not asks_anything(heard.text):
        return False
    if draft.asked in _CHOOSING and _ABOUT_DATES.search(heard.text):
        return False
    today = turn.services.clock.now().date()
    step = absorb(draft, heard, turn.services.places, today)
    if _asks_elsewhere(draft, step.draft, heard):
        return True
    strange = heard.intent in _CHANGES and not _PLAIN_CHANGE.search(heard.text)
    return (strange or _guessed(heard)) and not step.understood


_OF_A_DEVICE = re.compile(r"坏|修|换|配|领|装|申请|补贴|免费|给发|报销|多少钱|哪[儿里]?[买卖]")


def _asks_elsewhere(before: Draft, after: Draft, heard: Heard) -> bool:
    """Whether nothing but company or a need was heard in a question for other offices:
    轮椅坏了你们管修不, 我妈那个护理补贴她能领不."""
    told = {"access_needs": (), "companion": False, "needs_settled": False, "misses": 0}
    if replace(after, **told) != replace(before, **told):
        return False
    if find_access_needs(heard.text) and _OF_A_DEVICE.search(heard.text):
        return True
    return heard.intent == "out_of_scope_services" and heard.confidence >= _SURE


def _guessed(heard: Heard) -> bool:
    """Whether the classifier's word is a guess, so that the words of the question count."""
    if heard.intent.startswith(("ask_", "out_of_scope")):
        return heard.confidence < _SURE
    return heard.intent == "nlu_fallback" or (heard.intent in _OFTEN_GUESSED and heard.doubtful)


def answer_question(turn: Turn) -> list[Event] | None:
    """What is known of a question that the classifier took for none: an answer, or that the
    notice does not say; None where the words make no question about a notice."""
    reply = turn.services.policies.ask(
        without_lead(turn.heard.text), topic=topic_of(turn), kind=None
    )
    said = (Kind.ANSWER, Kind.CORRECTION, Kind.PARTIAL, Kind.ABSTAIN)
    return give_answer(turn, reply) if reply.kind in said else None
