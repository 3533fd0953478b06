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
from core.booking_person import needs_said, take_name, take_needs, take_person, take_phone
from core.ports import TrainingPlaces
from core.slot_choice import (
    ordinal_in,
    settle_slot,
    take_choice,
    take_course,
    take_when_and_where,
)


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
    before = draft
    notes: list[Note] = []
    draft = _take_answer(draft, heard, notes)
    draft = take_person(draft, heard)
    draft = take_phone(draft, heard, notes)
    draft = take_needs(draft, heard)
    draft = take_name(draft, heard)
    draft = take_course(draft, heard, places, notes)
    draft = take_when_and_where(draft, heard, places, today, notes)
    if draft.phone == before.phone and draft.phone_part == before.phone_part:
        # A bare run of digits is a number on a list only where it is no phone.
        draft = take_choice(draft, heard, notes)
    draft = settle_slot(draft, places, notes)
    understood = draft != before or bool(notes)
    if draft.slot_id != before.slot_id:
        draft = replace(draft, confirmed=False, waitlist=False, allow_overlap=False)
    elif draft.confirmed and _details(draft) != _details(before):
        # "对，电话改成……" is a change first: it is read back again.
        draft = replace(draft, confirmed=False)
    return Step(replace(draft, misses=0) if understood else draft, understood, tuple(notes))


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
        return replace(draft, needs_settled=False, companion=False, access_needs=())
    if draft.phone or draft.phone_refused or draft.phone_part:
        return replace(draft, phone="", phone_part="", phone_refused=False)
    if draft.name:
        return replace(draft, name="")
    if draft.slot_id:
        return replace(draft, slot_id="", day_from="", day_to="", part_of_day="", city="")
    return replace(draft, course="", offered=())


def _details(draft: Draft) -> tuple[object, ...]:
    return draft.name, draft.phone, draft.companion, draft.access_needs


def _take_answer(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    """Yes, no and skipping mean something only in the light of what was asked."""
    asked, intent = draft.asked, heard.intent
    if asked == Question.CONFIRM and intent == "affirm":
        return replace(draft, confirmed=True)
    if asked == Question.CONFIRM and intent in ("deny", "correct") and not heard.entities:
        notes.append(Note("what_is_wrong", {}))
    if asked == Question.CONSENT and intent == "affirm":
        return replace(draft, consent=True)
    if asked == Question.NEEDS and not needs_said(heard):
        if intent == "affirm":
            notes.append(Note("which_needs", {}))
        elif intent in ("deny", "skip"):
            return replace(draft, needs_settled=True)
    if asked == Question.PHONE and intent in ("skip", "deny") and not heard.first("phone"):
        return replace(draft, phone_refused=True, phone_part="")
    if asked == Question.SLOT and intent == "affirm" and len(draft.offered) == 1:
        return replace(draft, slot_id=draft.offered[0])
    return _take_full(draft, heard) if asked == Question.FULL else draft


_WAIT = re.compile(r"候补|排队|排上|等位|等着|等名额|排个队|排着|轮候")
_OTHER = re.compile(r"别的|其他|其它|下一[期个场次班]|换一?[个期场天]|改[天期]|另外")


def _take_full(draft: Draft, heard: Heard) -> Draft:
    ordinal = ordinal_in(heard)
    if heard.intent == "join_waitlist" or _WAIT.search(heard.text) or ordinal == 2:
        return replace(draft, waitlist=True)
    if ordinal == 1 or _OTHER.search(heard.text):
        return replace(draft, slot_id="", day_from="", day_to="", part_of_day="")
    return draft
