"""Which courses there are, and what was read out of them last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import FollowupAction, SlotSet

from actions.booking_words import label_with_places
from actions.conversation import ConversationAction, Event, Turn
from core.booking_draft import OFFERED_AT_ONCE, Draft, Question
from core.booking_labels import numbered
from core.slot_choice import take_course
from core.slot_wish import take_when_and_where, wished_slots
from core.spoken.wishes import asks_what_is_free
from core.values import TrainingSlot

SHOWN = "courses_shown"
# 有就给我留一个, 还有地方没，我想去: a question, and what to do with its answer.
_BOOKS = re.compile(
    r"(?:我|俺|他|她)(?:们)?(?:也|就|都)?(?:想|要|寻思|打算)(?:去|报|上|学|参加|约|来)(?!哪|啥|什么)|想(?:去|报|参加)(?:$|[，,。])|算(?:我|俺)一个"
    r"|[给帮替](?:我|俺|他|她|孩子)[^，。]{0,3}(?:留|报|约|订|占|登记)|就报|就约|报上|约上"
)


class ListCourses(ConversationAction):
    """Which courses there are, with the dates of the one that was named."""

    response_name = "action_list_courses"

    def act(self, turn: Turn) -> list[Event]:
        places, today = turn.services.places, turn.services.clock.now().date()
        wish = take_course(Draft(), turn.heard, places, [])
        wish = take_when_and_where(wish, turn.heard, places, today, [])
        slots = wished_slots(wish, places)
        if not slots:
            turn.say("utter_courses_none")
            return [SlotSet(SHOWN, None)]
        if wish.course and not turn.form and _BOOKS.search(turn.heard.text):
            return [FollowupAction("booking_form")]
        if wish.course and not turn.form and _asks_for_one(turn, slots):
            if slots[0].free > 0:
                turn.say("utter_courses_free", count=str(slots[0].free))
            return [FollowupAction("booking_form")]
        courses = tuple(dict.fromkeys(slot.course for slot in slots))
        if wish.course or wish.narrowed:
            shown = slots[:OFFERED_AT_ONCE]
            labels = tuple(label_with_places(turn, slot, with_course=True) for slot in shown)
            event = "utter_courses_dates" if labels[1:] else "utter_courses_date"
            turn.say(event, slots=numbered(labels) if labels[1:] else labels[0])
            offered, asked = tuple(slot.id for slot in shown), Question.SLOT
        else:
            turn.say("utter_courses_list", courses=numbered(courses))
            offered, asked = courses, Question.COURSE
        course = wish.course or (courses[0] if len(courses) == 1 else "")
        read_out = Draft(course=course, offered=offered, asked=asked.value)
        return [SlotSet(SHOWN, read_out.as_json())]


def _asks_for_one(turn: Turn, slots: Sequence[TrainingSlot]) -> bool:
    """大后天那个还有地方没: of one date, whose place can be taken in the same breath."""
    return len(slots) == 1 and asks_what_is_free(turn.heard.text)


def just_shown(turn: Turn) -> Draft | None:
    """What was read out in answer to the sentence before: 那就第一个 means one of it."""
    sentences = 0
    for event in reversed(turn.tracker.events):
        sentences += event.get("event") == "user"
        if sentences > 1:
            return None
        if event.get("event") == "action" and event.get("name") == ListCourses.response_name:
            stored = turn.remembered(SHOWN)
            return Draft.from_json(stored) if isinstance(stored, dict) else None
    return None
