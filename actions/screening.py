"""我能享受哪些政策: the fewest questions that matter, asked until they are answered or left."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.asides import answer_question
from actions.booking import draft_of
from actions.conversation import REQUESTED, Event, FormAction, Turn, sentence
from core.eligibility import ScreeningQuestion, next_question, understand
from core.screening_talk import (
    age_told,
    asks_something,
    gives_up_booking,
    has_heard_enough,
    leads_to_booking,
    parts_that_tell,
    refuses,
)
from core.slot_choice import courses_named, ordinal_in
from core.spoken.wishes import asks_for_place, only_sounds_like_change
from core.values import Choice

ANSWERS = "screening_answers"
FORM = "screening_form"
LATER = "passed_over"
"""Beside the answers: questions that were answered with something else, asked again at the end."""
ASKED_AGAIN = "asked_again"
"""Questions whose answer was not understood once, and that were asked in other words."""
CAME_FROM = "came_from"
"""The form that the screening interrupted."""
LEFT_FOR = "left_for"
"""The form for which the screening was left before its end."""
NOTES = frozenset([LATER, ASKED_AGAIN, CAME_FROM, LEFT_FOR])
"""What stands beside the answers in their slot."""
_PREFIX = "screening_"
# What these say is said to the screening, or to nobody.
_TAKEN_IN = frozenset(
    "inform affirm deny skip why_asked correct go_back repeat slower continue nlu_fallback"
    " screen_eligibility next_item".split()
)
# A classifier that sees no question hears these in answers of all kinds.
_ONLY_GUESSED = re.compile("ask_|out_of_scope_|list_courses|simpler|more_detail|help|previous_item")
# 于家沟 and 向阳沟 sound like names of people.
_GIVES_NAME = re.compile("叫|姓|名字")
_ENOUGH = re.compile(r"算了|拉倒|不问了|不查了|别问了|不想说了|不说了|直接告诉")

Answers = dict[str, tuple[str, ...]]


class ValidateScreeningForm(FormAction):
    """Takes in every answer that a sentence holds; asks only what can still change the result."""

    form_name = FORM

    def act(self, turn: Turn) -> list[Event]:
        asked = _asked(turn)
        answers = self._begun(turn) if not asked else _stored(turn)
        if turn.answered_already() or (not asked and turn.heard.intent == "continue"):
            return self._ask(turn, answers)
        if asked and only_sounds_like_change(turn.heard.text, turn.heard.intent):
            # 早不念了 answers the question: no booking is spoken of.
            turn.heard = replace(turn.heard, intent="deny")
        told = self._told(turn, asked)
        if not asked:
            return self._ask(turn, answers | told)
        other = self._said_otherwise(turn, asked, answers, told)
        return self._take(turn, asked, answers, told) if other is None else other

    def _begun(self, turn: Turn) -> Answers:
        """What is known at the opening; the form that is interrupted is noted."""
        if turn.heard.intent == "continue":
            return _stored(turn)
        topic = str(turn.remembered(REQUESTED) or "").partition("_")[0]
        return {CAME_FROM: (f"{topic}_form",)} if topic in ("booking", "change") else {}

    def _told(self, turn: Turn, asked: str) -> Answers:
        screening, text = turn.services.screening, turn.heard.text
        if asked and asks_something(text):
            text = parts_that_tell(text)
        told = understand(screening, text, asked)
        years = age_told(text, turn.services.clock.now().date(), asked=asked) if text else None
        if years:
            told["age"] = (years,)
        question = next((q for q in screening.questions if q.id == asked), None)
        # A sentence that tells something else is no yes or no to what was asked.
        if question is not None and not told and not asks_something(turn.heard.text):
            option = _plain_answer(turn, question)
            if option:
                told[question.id] = (option,)
        return told

    def _said_otherwise(
        self, turn: Turn, asked: str, answers: Answers, told: Answers
    ) -> list[Event] | None:
        """What is no answer: a booking, a question, 再说一遍, 上一步. None: it may be one."""
        intent = turn.heard.intent
        if _leaves(turn, asked, told):
            return self._end(turn, answers | told | {LEFT_FOR: ("booking_form",)})
        if intent != "simpler" and _is_foreign(turn, asked, told):
            answers = answers | told
            left = self.leave_to_rules(turn, lambda: self._ask(turn, answers))
            return [SlotSet(ANSWERS, _json(answers)), *left]
        known = answer_question(turn) if not told and _asks_unheard(turn) else None
        if known is not None:
            return [*known, *self._ask(turn, answers)]
        if intent in ("repeat", "slower", "simpler") and not told:
            return self._say_again(turn, asked, answers)
        if _ENOUGH.search(turn.heard.text) and intent != "continue":
            return self._end(turn, answers | told)
        if intent == "go_back" and answers.keys() - NOTES:
            answers.pop([name for name in answers if name not in NOTES][-1])
            return self._ask(turn, answers)
        if intent == "why_asked" and not told:
            turn.say(sentence("why", _PREFIX + asked))
            return self._ask(turn, answers)
        return None

    def _take(self, turn: Turn, asked: str, answers: Answers, told: Answers) -> list[Event]:
        answers = answers | told
        if not told:
            if turn.heard.intent == "continue":
                return self._ask(turn, answers)
            refused = turn.heard.intent == "skip" or refuses(turn.heard.text)
            if not refused and asked not in answers.get(ASKED_AGAIN, ()):
                return self._ask_otherwise(turn, asked, answers)
            turn.say("utter_screening_skipped")
            answers[asked] = ()
        elif asked not in answers:
            answers[LATER] = (*answers.get(LATER, ()), asked)
        return self._ask(turn, answers)

    def _ask(self, turn: Turn, answers: Answers) -> list[Event]:
        question = next_question(turn.services.screening, answers, answers.get(LATER, ()))
        if question is None:
            return self._end(turn, answers)
        turn.say(f"utter_screening_ask_{question.id}", _choices(question))
        return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, _PREFIX + question.id)]

    def _ask_otherwise(self, turn: Turn, asked: str, answers: Answers) -> list[Event]:
        """The same question in other words: once, so that no answer meets the same twice."""
        question = next(q for q in turn.services.screening.questions if q.id == asked)
        turn.say(f"utter_screening_again_{asked}", _choices(question))
        again = answers | {ASKED_AGAIN: (*answers.get(ASKED_AGAIN, ()), asked)}
        return [SlotSet(ANSWERS, _json(again)), SlotSet(REQUESTED, _PREFIX + asked)]

    def _say_again(self, turn: Turn, asked: str, answers: Answers) -> list[Event]:
        """The question as it was, at the pace wished; in other words for who did not grasp it."""
        if turn.heard.intent == "simpler" and "慢" not in turn.heard.text:
            return self._ask_otherwise(turn, asked, answers)
        turn.say_again("" if turn.heard.intent == "repeat" else "slow")
        return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, _PREFIX + asked)]

    def _end(self, turn: Turn, answers: Answers) -> list[Event]:
        return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, None)]


def _asked(turn: Turn) -> str:
    """The screening's question that stands open; empty at its opening, whatever form it breaks."""
    requested = str(turn.remembered(REQUESTED) or "")
    return requested.removeprefix(_PREFIX) if requested.startswith(_PREFIX) else ""


def _stored(turn: Turn) -> Answers:
    return {k: tuple(v) for k, v in (turn.remembered(ANSWERS) or {}).items() if k != LEFT_FOR}


def _leaves(turn: Turn, asked: str, told: Answers) -> bool:
    """Whether the sentence goes on with a booking: named, told something, or done listening."""
    heard = turn.heard
    if heard.intent in ("crisis", "human_handoff"):
        return False
    if leads_to_booking(heard.text):
        return True
    waits = draft_of(turn).started
    if waits and gives_up_booking(heard.text):
        return True
    named = heard.first("name") and _GIVES_NAME.search(heard.text)
    if waits and asked not in told and (heard.first("phone") or named):
        return True
    if asks_for_place(heard.text) and courses_named(heard.text, turn.services.places):
        return True
    return waits and not told and has_heard_enough(heard.text)


def _is_foreign(turn: Turn, asked: str, told: Answers) -> bool:
    """Whether what the rules name must answer it: a question, or a wish of another kind."""
    heard = turn.heard
    if heard.intent in ("goodbye", "restart") and told:
        # 看不见 is no 再见.
        return False
    if heard.intent in ("crisis", "human_handoff", "goodbye", "restart"):
        return not (heard.doubtful and told)
    if asks_something(heard.text):
        return heard.intent not in _TAKEN_IN
    if heard.intent in _TAKEN_IN or not heard.intent or told or refuses(heard.text):
        return False
    # What asks nothing is an answer, understood or not.
    return not _ONLY_GUESSED.match(heard.intent)


def _asks_unheard(turn: Turn) -> bool:
    """Whether it is a question by its words in which the classifier heard a bare fact."""
    heard = turn.heard
    facts = ("inform", "affirm", "deny", "screen_eligibility", "correct", "nlu_fallback")
    return asks_something(heard.text) and heard.intent in facts


def _plain_answer(turn: Turn, question: ScreeningQuestion) -> str:
    """Yes and no where these are options; a number where options were read out."""
    ids = [o.id for o in question.options]
    if turn.heard.intent == "affirm" and "yes" in ids:
        return "yes"
    if turn.heard.intent == "deny" and ("no" in ids or "none" in ids):
        return "no" if "no" in ids else "none"
    number = ordinal_in(turn.heard)
    return ids[number - 1] if 0 < number <= len(ids) else ""


def _choices(question: ScreeningQuestion) -> list[Choice]:
    return [Choice(o.label, o.label) for o in question.options]


def _json(answers: Answers) -> dict[str, list[str]]:
    return {question: list(options) for question, options in answers.items()}
