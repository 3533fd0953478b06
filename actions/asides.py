"""A question asked along with an answer: answered in the form's own call, before it goes on."""

from __future__ import annotations

import re

from actions.conversation import Event, Turn
from actions.interruptions import answering_action
from actions.policy import AnswerPolicy, give_answer, topic_of
from core.asides import split_aside, told_part, without_lead
from core.booking_dialogue import absorb
from core.booking_draft import Draft, Heard, Question
from core.spoken.names import parse_name
from core.values import Kind

# These have a meaning of their own in the form, or end it.
_NO_ASIDE = frozenset(
    "crisis human_handoff goodbye restart complain cancel_booking reschedule_booking continue"
    " why_asked repeat slower go_back help".split()
)
_CHOOSING = (Question.COURSE, Question.SLOT, Question.FULL)
# While a date is chosen, these are about the dates.
_ABOUT_DATES = re.compile(r"几[号点天期]|哪[天儿里个期]|什么时候|啥时候|地方|地点|名额|满")


def told_beside(turn: Turn, draft: Draft) -> tuple[Heard, str] | None:
    """What the sentence tells of the booking and the question beside it, if it is both."""
    heard = turn.heard
    opens = turn.opening and heard.intent == "book_course"
    if not (opens or (draft.asked and not turn.opening)) or heard.intent in _NO_ASIDE:
        return None
    both, told = split_aside(heard.text, heard.entities), told_part(heard)
    if both is None or told is None:
        return None
    if (opens or draft.asked in _CHOOSING) and _ABOUT_DATES.search(both[1]):
        return None
    bare = draft.asked == Question.NAME and not told.entities
    if bare and parse_name(told.text) is None:
        return None
    today = turn.services.clock.now().date()
    understood = absorb(draft, told, turn.services.places, today).understood
    return (told, without_lead(both[1])) if understood else None


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
