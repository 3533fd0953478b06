"""What a screening found: all ten measures at its end, or what fits so far where it is left."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.booking import FORM as BOOKING_FORM
from actions.booking import draft_of
from actions.conversation import HANDS_ON, REQUESTED, ConversationAction, Event, Turn
from actions.screening import ANSWERS, CAME_FROM, LEFT_FOR, NOTES
from core.booking_dialogue import tells
from core.eligibility import Finding, Outcome, Screening, citation, findings
from core.screening_talk import gives_up_booking
from core.slot_choice import courses_named


class TellEligibility(ConversationAction):
    """After the form: each measure with its outcome, its clause and its words."""

    response_name = "action_tell_eligibility"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        stored = {k: tuple(v) for k, v in (turn.remembered(ANSWERS) or {}).items()}
        told = {k: v for k, v in stored.items() if k not in NOTES}
        found = list(findings(turn.services.screening, told))
        if stored.get(LEFT_FOR):
            return self._leave(turn, found, any(told.values()))
        _tell_all(turn, found)
        events: list[Event] = [SlotSet(ANSWERS, None)]
        back = stored.get(CAME_FROM)
        if back:
            turn.say("utter_context_going_on")
            events.append(FollowupAction(back[0]))
        return events

    def _leave(self, turn: Turn, found: list[Finding], answered: bool) -> list[Event]:
        """The result so far in few words, then the booking, which takes in what it is told."""
        if answered:
            _tell_so_far(turn, found)
        else:
            turn.say("utter_context_going_on")
        events: list[Event] = [SlotSet(ANSWERS, None), FollowupAction(BOOKING_FORM)]
        if not _tells_booking(turn):
            return events
        # The booking hears the sentence as an answer to what it last asked.
        due = SlotSet(REQUESTED, draft_of(turn).asked or None)
        return [SlotSet(HANDS_ON, True), due, *events]


def _tells_booking(turn: Turn) -> bool:
    """Whether the sentence that leads back holds something for the booking itself."""
    places, today = turn.services.places, turn.services.clock.now().date()
    draft = draft_of(turn)
    text = turn.heard.text
    if not draft.started or courses_named(text, places) or gives_up_booking(text):
        return True
    return tells(draft, turn.heard, places, today)


def _tell_so_far(turn: Turn, found: list[Finding]) -> None:
    fits = [f for f in found if f.outcome is Outcome.FITS]
    turn.say_with(
        "utter_screening_so_far" if fits else "utter_screening_so_far_none",
        _custom(turn.services.screening, fits),
        fits=_lines(fits, with_gaps=False),
        count=str(len(fits)),
    )


def _tell_all(turn: Turn, found: list[Finding]) -> None:
    groups = {o: [f for f in found if f.outcome is o] for o in Outcome}
    fits = groups[Outcome.FITS]
    turn.say_with(
        "utter_screening_result" if fits else "utter_screening_result_none",
        _custom(turn.services.screening, found),
        fits=_lines(fits),
        fits_not=_lines(groups[Outcome.FITS_NOT], with_gaps=False),
        unstated=_lines(groups[Outcome.UNSTATED]),
        count=str(len(fits)),
    )


def _custom(screening: Screening, found: list[Finding]) -> dict[str, Any]:
    return {
        "kind": "eligibility",
        "reason": None,
        "citations": [vars(citation(screening, f.measure)) for f in found],
        "outcomes": {f.measure.clause: f.outcome.value for f in found},
    }


def _lines(found: list[Finding], with_gaps: bool = True) -> str:
    if not found:
        return "—"
    return "\n".join(
        f"· {f.measure.summary}（{f.measure.clause}）"
        + (f"：{'；'.join(f.measure.unstated)}" if with_gaps and f.measure.unstated else "")
        for f in found
    )
