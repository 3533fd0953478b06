"""Which course and which date of it is meant, from names, places, days and ordinals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from core.booking_draft import Draft, Heard, Note, Question
from core.choosing import choose
from core.plain_answers import asks
from core.ports import TrainingPlaces
from core.slot_wish import wish_label, wished_parts, wished_slots
from core.spoken.courses import named_of, stem
from core.spoken.ordinals import parse_ordinal


def match_course(said: str, places: TrainingPlaces) -> str:
    """The course meant by a name or a part of one; empty where none or several are."""
    names = tuple(course.name for course in places.courses())
    if said in names:
        return said
    wanted = stem(said)
    close = [n for n in names if wanted and (wanted in n or stem(n) in said)]
    return close[0] if len(close) == 1 else ""


def courses_named(text: str, places: TrainingPlaces) -> tuple[str, ...]:
    """Courses that the text names, less 培训 and the like, or by a part of their own; longest
    first."""
    return named_of(text, tuple(course.name for course in places.courses()))


def take_course(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """A course by its name or a part of it; an unknown one leaves a note."""
    said = heard.first("course")
    name = course_meant(draft, heard, places)
    if name and _keeps_course(draft, heard, name):
        return draft
    if name:
        return draft if name == draft.course else replace(draft, course=name, slot_id="")
    if said and not draft.course:
        notes.append(Note("course_unknown", {"course": said.value}))
    return draft


_DETAILS = (Question.NAME, Question.PHONE, Question.NEEDS, Question.CONSENT, Question.CONFIRM)
_CHOOSES = re.compile(
    r"换|改|报|学|约|订|选|挑|参加|还是|算了|错|不[是要想对]|那[个期场班门]|[班课]|得了|吧"
)


def _keeps_course(draft: Draft, heard: Heard, name: str) -> bool:
    """Whether a part of another course's name stands in an answer that chooses nothing."""
    whole = stem(name) in heard.text
    answers = bool(draft.course) and draft.asked in _DETAILS
    return answers and not whole and not _CHOOSES.search(heard.text)


def course_meant(draft: Draft, heard: Heard, places: TrainingPlaces) -> str:
    """The course that is wished: of several the one that is not just being left, and the last."""
    parts = [courses_named(part, places) for part in wished_parts(heard.text)]
    others = [name for part in parts for name in part[:1] if name != draft.course]
    if others:
        whole = [name for name in others if stem(name) in heard.text]
        return (whole or others)[-1]
    named = courses_named(heard.text, places)
    if named:
        return draft.course if draft.course in named else named[0]
    said = heard.first("course")
    return match_course(said.value, places) if said else ""


def ordinal_in(heard: Heard) -> int:
    """1 for the first, -1 for the last, 0 for none said."""
    ordinal = parse_ordinal(heard.text)
    return ordinal.position if ordinal else 0


def take_choice(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    """One of the alternatives that were read out last, by its number or as it is described."""
    if not draft.offered or not _may_choose(draft, heard):
        return draft
    if draft.asked == Question.COURSE:
        return _take_numbered_course(draft, heard, notes)
    at_hand = {slot.id: slot for slot in places.slots()}
    offered = [at_hand[slot_id] for slot_id in draft.offered if slot_id in at_hand]
    elsewhere = draft.course and draft.course not in {slot.course for slot in offered}
    if elsewhere or (len(offered) == 1 and (_ANOTHER.search(heard.text) or asks(heard.text))):
        return draft
    choice = choose(heard.text, offered, today)
    if choice.only is not None:
        picked = offered[choice.only]
        return replace(draft, course=draft.course or picked.course, slot_id=picked.id)
    if choice.ruled_out and choice.left:
        ruled_out = (offered[at].id for at in choice.ruled_out)
        return replace(draft, declined=tuple(dict.fromkeys((*draft.declined, *ruled_out))))
    if not heard.first("date") and _outside(heard, draft.offered):
        notes.append(Note("no_such_number", {"count": str(len(draft.offered))}))
    return draft


def _take_numbered_course(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    ordinal = None if heard.first("date") else parse_ordinal(heard.text)
    if ordinal is None:
        return draft
    at = ordinal.index(len(draft.offered))
    if at is None:
        notes.append(Note("no_such_number", {"count": str(len(draft.offered))}))
        return draft
    return replace(draft, course=draft.offered[at], slot_id="", offered=())


def _outside(heard: Heard, offered: tuple[str, ...]) -> bool:
    ordinal = parse_ordinal(heard.text)
    return ordinal is not None and ordinal.index(len(offered)) is None


_ANOTHER = re.compile(r"别的|其[他它]|换|另外|还有")
_CHOSEN_ANEW = re.compile(r"第.{1,2}[个期场班]|[那的]一?[期个场班]|换")
_NEXT = re.compile(r"(?:下|后|往后|晚)一?[期场班](?!的?人)|往后(?:挪|推|串)")
_PREVIOUS = re.compile(r"(?:上|前|往前|早)一[期场班]|往前(?:挪|提|串)")


def _may_choose(draft: Draft, heard: Heard) -> bool:
    """While the choice stands open; and after it, where another of them is plainly meant."""
    if draft.asked in (Question.COURSE, Question.SLOT):
        return True
    chosen = draft.slot_id in draft.offered and draft.asked in (Question.NAME, Question.CONFIRM)
    return chosen and bool(_CHOSEN_ANEW.search(heard.text))


def step_said(heard: Heard) -> int:
    """1 for the date after the one that stands, -1 for the one before; 0: neither was said."""
    if heard.first("date") or asks(heard.text):
        return 0
    return bool(_NEXT.search(heard.text)) - bool(_PREVIOUS.search(heard.text))


def take_neighbour(draft: Draft, heard: Heard, places: TrainingPlaces) -> Draft:
    """The date after or before the one that is chosen: 不是这期，是下一期."""
    step = step_said(heard)
    if not step or not draft.slot_id or draft.asked == Question.FULL:
        return draft
    ids = [slot.id for slot in places.slots(course=draft.course or None)]
    at = ids.index(draft.slot_id) + step if draft.slot_id in ids else -1
    if not 0 <= at < len(ids):
        return draft
    return replace(draft, slot_id=ids[at], day_from="", day_to="", part_of_day="", city="")


def settle_slot(draft: Draft, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """Takes the one slot that fits what was said, and widens a wish that nothing fits."""
    if draft.slot_id or not (draft.course or draft.narrowed):
        return draft
    fitting = wished_slots(draft, places)
    courses = {slot.course for slot in fitting}
    if not draft.course and len(courses) == 1 and draft.day_from:
        draft = replace(draft, course=courses.pop())
    if draft.course and len(fitting) == 1 and draft.narrowed:
        return replace(draft, slot_id=fitting[0].id)
    if not fitting and draft.narrowed:
        wish = {"wish": wish_label(draft), "course": draft.course}
        notes.append(Note("none_fits" if draft.course else "none_at_all", wish))
        return replace(draft, day_from="", day_to="", part_of_day="", city="")
    return draft
