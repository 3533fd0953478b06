"""我能享受哪些政策: the fewest questions that matter, then each measure with its words."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.conversation import REQUESTED, ConversationAction, Event, FormAction, Turn, sentence
from core.eligibility import (
    Finding,
    Outcome,
    Screening,
    ScreeningQuestion,
    citation,
    findings,
    next_question,
    understand,
)
from core.slot_choice import ordinal_in
from core.spoken.ages import find_ages
from core.spoken.numbers import read_number
from core.spoken.wishes import only_sounds_like_change
from core.values import Choice

ANSWERS = "screening_answers"
FORM = "screening_form"
LATER = "passed_over"
"""Beside the answers: questions that were answered with something else, asked again at the end."""
_TAKEN_IN = frozenset(
    "inform affirm deny skip why_asked correct go_back repeat slower continue nlu_fallback"
    " screen_eligibility next_item".split()
)
_ENOUGH = re.compile(r"算了|拉倒|不问了|不查了|别问了|不想说了|不说了|直接告诉")
RURAL_AGE = 65
_NO_OPTION = 14
"""The least number that is an age whatever was asked, and not one of the answers read out."""


class ValidateScreeningForm(FormAction):
    """Takes in every answer that a sentence holds; asks only what can still change the result."""

    form_name = FORM

    def act(self, turn: Turn) -> list[Event]:
        screening = turn.services.screening
        anew = turn.opening and turn.heard.intent != "continue"
        stored = {} if anew else turn.remembered(ANSWERS) or {}
        answers = {k: tuple(v) for k, v in stored.items()}
        asked = str(turn.remembered(REQUESTED) or "")
        if turn.answered_already():
            return self._ask(turn, answers)
        if turn.opening and not anew:
            return self._ask(turn, answers)
        if asked and only_sounds_like_change(turn.heard.text, turn.heard.intent):
            # 早不念了 answers the question: no booking is spoken of.
            turn.heard = replace(turn.heard, intent="deny")
        told = self._told(turn, screening, asked)
        if not turn.opening and self._is_foreign(turn, told):
            left = self.leave_to_rules(turn, lambda: self._ask(turn, answers))
            return [SlotSet(ANSWERS, _json(answers)), *left]
        if turn.heard.intent in ("repeat", "slower") and asked and not told:
            turn.say_again("slow" if turn.heard.intent == "slower" else "")
            return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, asked)]
        if _ENOUGH.search(turn.heard.text) and turn.heard.intent != "continue":
            return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, None)]
        if turn.heard.intent == "go_back" and answers.keys() - {LATER}:
            answers.pop([name for name in answers if name != LATER][-1])
            return self._ask(turn, answers)
        if turn.heard.intent == "why_asked" and asked and not told:
            turn.say(sentence("why", asked))
            return self._ask(turn, answers)
        answers.update(told)
        if asked and not told:
            turn.say("utter_screening_skipped")
            answers[asked.removeprefix("screening_")] = ()
        elif asked.removeprefix("screening_") not in answers:
            answers[LATER] = (*answers.get(LATER, ()), asked.removeprefix("screening_"))
        return self._ask(turn, answers)

    def _told(self, turn: Turn, screening: Screening, asked: str) -> dict[str, tuple[str, ...]]:
        told = understand(screening, turn.heard.text)
        years = _years(turn, asked)
        if years is not None:
            told["age"] = ("over65",) if years > RURAL_AGE else ("upto65",)
        question = next((q for q in screening.questions if f"screening_{q.id}" == asked), None)
        # A sentence that tells something else is no yes or no to what was asked.
        if question is not None and not told:
            option = _plain_answer(turn, question)
            if option:
                told[question.id] = (option,)
        return told

    def _is_foreign(self, turn: Turn, told: dict[str, tuple[str, ...]]) -> bool:
        heard = turn.heard
        if heard.intent in ("goodbye", "restart") and told:
            # 看不见 is no 再见.
            return False
        if heard.intent in ("crisis", "human_handoff", "goodbye", "restart"):
            return not (heard.doubtful and told)
        if heard.intent in _TAKEN_IN or not heard.intent:
            return False
        asks = re.search(r"[?？]|吗|什么|啥|怎么|咋|多少|哪", heard.text)
        return bool(asks) or not told

    def _ask(self, turn: Turn, answers: dict[str, tuple[str, ...]]) -> list[Event]:
        question = next_question(turn.services.screening, answers, answers.get(LATER, ()))
        if question is None:
            return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, None)]
        choices = [Choice(o.label, o.label) for o in question.options]
        turn.say(f"utter_screening_ask_{question.id}", choices)
        return [SlotSet(ANSWERS, _json(answers)), SlotSet(REQUESTED, f"screening_{question.id}")]


class TellEligibility(ConversationAction):
    """After the form: each measure with its outcome, its clause and its words."""

    response_name = "action_tell_eligibility"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        screening = turn.services.screening
        stored = turn.remembered(ANSWERS) or {}
        found = findings(screening, {k: tuple(v) for k, v in stored.items()})
        groups = {o: [f for f in found if f.outcome is o] for o in Outcome}
        custom = {
            "kind": "eligibility",
            "reason": None,
            "citations": [vars(citation(screening, f.measure)) for f in found],
            "outcomes": {f.measure.clause: f.outcome.value for f in found},
        }
        fits = groups[Outcome.FITS]
        turn.say_with(
            "utter_screening_result" if fits else "utter_screening_result_none",
            custom,
            fits=_lines(fits),
            fits_not=_lines(groups[Outcome.FITS_NOT], with_gaps=False),
            unstated=_lines(groups[Outcome.UNSTATED]),
            count=str(len(fits)),
        )
        return [SlotSet(ANSWERS, None)]


def _lines(found: list[Finding], with_gaps: bool = True) -> str:
    if not found:
        return "—"
    return "\n".join(
        f"· {f.measure.summary}（{f.measure.clause}）"
        + (f"：{'；'.join(f.measure.unstated)}" if with_gaps and f.measure.unstated else "")
        for f in found
    )


def _years(turn: Turn, asked: str) -> int | None:
    """An age told as such, or a bare number that is no option's."""
    ages = find_ages(turn.heard.text, turn.services.clock.now().date())
    if ages:
        return ages[-1].value
    number = read_number(turn.heard.text.strip("。，, ")) if asked else None
    least = 1 if asked == "screening_age" else _NO_OPTION
    return number if number is not None and least <= number < 120 else None


def _plain_answer(turn: Turn, question: ScreeningQuestion) -> str:
    """Yes and no where these are options; a number where options were read out."""
    ids = [o.id for o in question.options]
    if turn.heard.intent == "affirm" and "yes" in ids:
        return "yes"
    if turn.heard.intent == "deny" and ("no" in ids or "none" in ids):
        return "no" if "no" in ids else "none"
    number = ordinal_in(turn.heard)
    return ids[number - 1] if 0 < number <= len(ids) else ""


def _json(answers: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {question: list(options) for question, options in answers.items()}
