"""What a booking still lacks, and what a sentence adds to it. No store, clock or Rasa of its own.

`absorb` takes one sentence in, in whatever order people speak; `next_question` names what to ask
for. Wording lives with the dialogue's responses: a `Note` carries the name of an event and the
values that its sentence needs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from core.booking_draft import Draft, Heard, Note, Question, Step
from core.booking_person import (
    needs_said,
    refuses_phone,
    take_name,
    take_needs,
    take_person,
    take_phone,
    take_same_person,
)
from core.choosing import extreme
from core.full_date import says_waits, take_full
from core.plain_answers import asks
from core.ports import TrainingPlaces
from core.read_back import take_bare_no
from core.slot_choice import (
    course_meant,
    courses_named,
    settle_slot,
    take_choice,
    take_course,
    take_neighbour,
)
from core.slot_wish import take_when_and_where, wished_slots
from core.spoken.wishes import says_same_class


def next_question(draft: Draft, places: TrainingPlaces) -> Question | None:
    """What to ask for next; None once everything is said and confirmed."""
    if not draft.slot_id:
        return Question.SLOT if draft.course else Question.COURSE
    if not draft.waitlist and not draft.confirmed and places.slot(draft.slot_id).free <= 0:
        return Question.FULL
    if not draft.name:
        return Question.NAME
    if not draft.phone and not draft.phone_refused:
        return Question.PHONE
    if not draft.needs_settled:
        return Question.NEEDS
    if not draft.consent:
        return Question.CONSENT
    return None if draft.confirmed else Question.CONFIRM


def absorb(draft: Draft, heard: Heard, places: TrainingPlaces, today: date) -> Step:
    """Everything that the sentence says about the booking, whatever was asked.

    Past dates, unknown courses and numbers that cannot be phones change nothing and leave a note.
    """
    before, heard = draft, _without_course_words(heard, places)
    notes: list[Note] = []
    draft = _take_answer(draft, heard, places, notes)
    draft = take_person(draft, heard)
    draft = take_phone(draft, heard, notes)
    draft = take_needs(draft, heard)
    draft = take_same_person(_take_name(draft, heard, places), heard)
    draft = _take_same_class(take_course(draft, heard, places, notes), heard, places)
    draft = _take_date(draft, before, heard, places, today, notes)
    draft = settle_slot(draft, places, notes)
    draft = _take_only_date(draft, heard, places)
    draft = take_bare_no(draft, before, heard, notes)
    understood = draft != before or bool(notes) or _says_again(heard)
    if not understood and before.asked and _WAITS_A_LITTLE.search(heard.text):
        notes, understood = [Note("take_your_time", {})], True
    if draft.slot_id != before.slot_id:
        waits = _waits_for(draft, heard, places)
        draft = replace(draft, confirmed=False, waitlist=waits, allow_overlap=False)
    elif draft.confirmed and _details(draft) != _details(before):
        # "对，电话改成……" is a change first: it is read back again.
        draft = replace(draft, confirmed=False)
    return Step(replace(draft, misses=0) if understood else draft, understood, tuple(notes))


def _take_name(draft: Draft, heard: Heard, places: TrainingPlaces) -> Draft:
    """A name; 柳编 and 木耳 begin like one, and are courses."""
    named = take_name(draft, _without_caller(draft, heard))
    courses = courses_named(heard.text, places)
    return draft if any(named.name in course for course in courses) and named != draft else named


def _without_course_words(heard: Heard, places: TrainingPlaces) -> Heard:
    """手机读屏 names a course, and no need of the person's."""
    courses = courses_named(heard.text, places)
    kept = tuple(
        e
        for e in heard.entities
        if e.kind != "access_need"
        or not any(heard.text[e.start : e.end] in course for course in courses)
    )
    return replace(heard, entities=kept)


def _take_same_class(draft: Draft, heard: Heard, places: TrainingPlaces) -> Draft:
    """The date that was booked just before: 给我媳妇也报一个，跟我同一个班."""
    if draft.slot_id or not draft.last_slot or not says_same_class(heard.text):
        return draft
    last = next((slot for slot in places.slots() if slot.id == draft.last_slot), None)
    if last is None or (draft.course and draft.course != last.course):
        return draft
    return replace(draft, course=last.course, slot_id=last.id)


_OF_THE_CALLER = re.compile(
    r"(?:我|俺)(?:本人)?(?:的?(?:名字|姓名))?(?:叫|是|姓[\u4e00-\u9fff]{0,2})(?:做)?[\s，,]*$"
)


def _without_caller(draft: Draft, heard: Heard) -> Heard:
    """Who books for one of the family says 我叫… of themselves, and not of who comes."""
    if draft.booked_by != "family" or draft.asked == Question.NAME:
        return heard
    entities = tuple(
        e
        for e in heard.entities
        if e.kind != "name" or not _OF_THE_CALLER.search(heard.text[: e.start])
    )
    return replace(heard, entities=entities)


def _take_date(
    draft: Draft,
    before: Draft,
    heard: Heard,
    places: TrainingPlaces,
    today: date,
    notes: list[Note],
) -> Draft:
    """One of the dates read out, the one beside that which is chosen, or a wish for others."""
    chosen = take_neighbour(draft, heard, places)
    if (draft.phone, draft.phone_part) == (before.phone, before.phone_part):
        # A bare run of digits is a number on a list only where it is no phone.
        chosen = take_choice(chosen, heard, places, today, notes)
    if chosen != draft:
        return chosen
    if draft.asked == Question.FULL and says_waits(heard):
        # 排候补吧，十月那期我去不了: what else is named is why the full date is waited for.
        return draft
    wished = take_when_and_where(draft, heard, places, today, notes)
    return _take_extreme(wished, heard, places)


def _take_extreme(draft: Draft, heard: Heard, places: TrainingPlaces) -> Draft:
    """最早的那期 of a course of which nothing was read out yet."""
    if draft.slot_id or draft.offered or not draft.course:
        return draft
    picked = extreme(heard.text, wished_slots(draft, places))
    return replace(draft, slot_id=picked.id) if picked else draft


def tells(draft: Draft, heard: Heard, places: TrainingPlaces, today: date) -> bool:
    """Whether a sentence that sounds like another wish tells something of this booking.

    A course named outside of the questions for it does not: the notice speaks of courses too.
    """
    heard = _without_course_words(heard, places)
    if asks(heard.text):
        return _asks_for_date(draft, heard, places, today)
    if needs_said(heard) or heard.first("phone") or heard.first("name"):
        return True
    if refuses_phone(heard) or take_same_person(draft, heard) != draft:
        return True
    named = courses_named(heard.text, places)
    choosing = draft.asked in (Question.COURSE, Question.SLOT)
    if named and (choosing or (_SWAPS.search(heard.text) and course_meant(draft, heard, places))):
        return True
    if take_choice(draft, heard, places, today, []) != draft:
        return True
    wished = take_when_and_where(draft, heard, places, today, [])
    return wished != draft and bool(wished_slots(wished, places))


_WAITS_A_LITTLE = re.compile(
    r"(?:^|[，,。\s])(?:你|您)?(?:先|再)?(?:稍)?等(?:一?会儿?|一?下|等|我)|别挂|(?:我|俺)(?:去|得)?(?:找|拿|看|接|开)(?:一?下|个)"
)
_SHORT_QUESTION = 10


def _asks_for_date(draft: Draft, heard: Heard, places: TrainingPlaces, today: date) -> bool:
    """那23号呢, while a date is being chosen: a question that is the answer as well."""
    if draft.asked not in (Question.COURSE, Question.SLOT, Question.FULL):
        return False
    if not heard.first("date") and len(heard.text) > _SHORT_QUESTION:
        return False
    wished = take_when_and_where(draft, heard, places, today, [])
    return wished != draft and bool(wished_slots(wished, places))


def _take_only_date(draft: Draft, heard: Heard, places: TrainingPlaces) -> Draft:
    """Who says who comes, or waits in line, after the only date was read out, has taken it."""
    if draft.slot_id or draft.asked != Question.SLOT or len(draft.offered) != 1:
        return draft
    waits = says_waits(heard)
    told = heard.first("name") or heard.first("phone") or needs_said(heard)
    if asks(heard.text) or not (waits or told):
        return draft
    known = any(slot.id == draft.offered[0] for slot in wished_slots(draft, places))
    return replace(draft, slot_id=draft.offered[0]) if known else draft


def _waits_for(draft: Draft, heard: Heard, places: TrainingPlaces) -> bool:
    """Whether the sentence that picks a full date asks to be put on its waitlist."""
    if not draft.slot_id or not says_waits(heard):
        return False
    return places.slot(draft.slot_id).free <= 0


def absorb_in_passing(draft: Draft, heard: Heard) -> Draft:
    """Name and phone said along with a question about something else."""
    notes: list[Note] = []
    if heard.first("name"):
        draft = take_name(draft, heard)
    if heard.first("phone"):
        draft = take_phone(draft, heard, notes)
    return draft


def step_back(draft: Draft) -> Draft:
    """Without the answer that was given last, so that it is asked for again."""
    if draft.asked in (Question.CONFIRM, Question.CONSENT) or draft.needs_settled:
        return replace(
            draft, needs_settled=False, companion=False, company_told=False, access_needs=()
        )
    if draft.phone or draft.phone_refused or draft.phone_part:
        return replace(draft, phone="", phone_part="", phone_refused=False)
    if draft.name:
        return replace(draft, name="")
    if draft.slot_id:
        return replace(draft, slot_id="", day_from="", day_to="", part_of_day="", city="")
    return replace(draft, course="", offered=())


def _details(draft: Draft) -> tuple[object, ...]:
    return draft.name, draft.phone, draft.companion, draft.access_needs


def _take_answer(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """Yes, no and skipping mean something only in the light of what was asked."""
    asked, intent = draft.asked, heard.intent
    disputed, draft = draft.disputed, replace(draft, disputed=False)
    if asked == Question.CONFIRM and intent == "affirm":
        # After 哪一项不对 it may answer anything: what is on record is read back again.
        return draft if disputed else replace(draft, confirmed=True)
    if asked == Question.CONSENT and intent == "affirm":
        return replace(draft, consent=True)
    if asked == Question.NEEDS and not needs_said(heard, asked=True):
        if intent == "affirm":
            notes.append(Note("which_needs", {}))
        elif intent in ("deny", "skip"):
            return replace(draft, needs_settled=True)
    if asked == Question.PHONE and (
        intent in ("skip", "deny", "correct") or says_begin_again(draft, heard)
    ):
        return _without_phone(draft, heard, notes)
    if asked == Question.SLOT and intent == "affirm" and len(draft.offered) == 1:
        return replace(draft, slot_id=draft.offered[0])
    return take_full(draft, heard, places, notes) if asked == Question.FULL else draft


_BEGIN_AGAIN = re.compile(r"不对|错|从头|重新|重来|再来")


def says_begin_again(draft: Draft, heard: Heard) -> bool:
    """Whether it is the number, half said, that shall be said from the start."""
    return bool(draft.phone_part and _BEGIN_AGAIN.search(heard.text)) and not heard.first("phone")


def _without_phone(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    """No number at all, or the digits heard so far were wrong."""
    if heard.first("phone"):
        return draft
    if _BEGIN_AGAIN.search(heard.text):
        notes.append(Note("phone_again", {}))
        return replace(draft, phone_part="")
    refused = heard.intent in ("skip", "deny")
    return replace(draft, phone_refused=True, phone_part="") if refused else draft


def _says_again(heard: Heard) -> bool:
    """Whether it names something of a booking, though nothing that was not known."""
    kinds = ("course", "city", "date", "phone", "name", "access_need", "companion")
    return any(heard.first(kind) for kind in kinds) or needs_said(heard)


_SWAPS = re.compile(r"换|改|不(?:学|报|想|要|是)|还是|整错|弄错|说错|报错")
