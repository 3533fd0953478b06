"""Puts a booking's values into the domain's sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.conversation import Turn, sentence
from actions.words import word
from core.booking_draft import OFFERED_AT_ONCE, Draft, Note, Question
from core.booking_labels import numbered, phone_groups, phone_spoken, slot_label
from core.booking_person import NAME_LATER
from core.ear.numerals import cardinal
from core.reference import spell
from core.slot_wish import wished_slots
from core.spoken.explaining import explain_name
from core.values import Booking, BookingStatus, Choice, TrainingSlot


def say_notes(turn: Turn, notes: Iterable[Note]) -> None:
    for note in notes:
        turn.say(f"utter_booking_{note.event}", **note.values)


def numbered_choices(labels: Iterable[str]) -> list[Choice]:
    """Buttons that say 第一个, 第二个: short enough for every channel, and the same by voice."""
    return [
        Choice(label, word("choice", number=cardinal(at))) for at, label in enumerate(labels, 1)
    ]


def ask_for(turn: Turn, question: Question, draft: Draft) -> Draft:
    """Asks; the draft comes back with what was offered, in the order it was read out."""
    if question is Question.COURSE:
        return _ask_course(turn, draft)
    if question is Question.SLOT:
        return _ask_slot(turn, draft)
    slot = turn.services.places.slot(draft.slot_id)
    if question is Question.FULL:
        turn.say("utter_booking_ask_full", slot=slot_label(slot, with_course=True))
    elif question is Question.NAME:
        turn.say(_for_whom("utter_booking_ask_name", draft), slot=slot_label(slot, True))
    elif question is Question.CONFIRM:
        _read_back(turn, draft, slot)
    elif question is Question.NEEDS and draft.company_told:
        turn.say("utter_booking_ask_needs_only")
    else:
        turn.say(_for_whom(sentence("ask", question.value), draft))
    return draft


def _for_whom(response: str, draft: Draft) -> str:
    return response if draft.booked_by == "self" else f"{response}_other"


def _ask_course(turn: Turn, draft: Draft) -> Draft:
    fitting = wished_slots(draft, turn.services.places)
    names = tuple(dict.fromkeys(slot.course for slot in fitting))
    if not names:
        names = tuple(c.name for c in turn.services.places.courses())
    if not names:
        turn.say("utter_booking_no_courses")
        return draft
    turn.say("utter_booking_ask_course", numbered_choices(names[:10]), courses=numbered(names))
    return replace(draft, offered=names)


def _ask_slot(turn: Turn, draft: Draft) -> Draft:
    slots = wished_slots(draft, turn.services.places)
    if not slots:
        turn.say("utter_booking_no_dates", course=draft.course)
        return _ask_course(turn, replace(draft, course="", offered=(), asked=Question.COURSE.value))
    shown = slots[:OFFERED_AT_ONCE]
    labels = tuple(label_with_places(turn, slot) for slot in shown)
    event = "utter_booking_ask_slot" if len(shown) > 1 else "utter_booking_ask_slot_only"
    choices = numbered_choices(slot_label(slot) for slot in shown)
    turn.say(event, choices, course=draft.course, slots=numbered(labels), slot=labels[0])
    return replace(draft, offered=tuple(slot.id for slot in shown))


def label_with_places(turn: Turn, slot: TrainingSlot, with_course: bool = False) -> str:
    """The slot's label; one without a free place says so."""
    return slot_label(slot, with_course) + (word("full") if slot.free <= 0 else "")


def _read_back(turn: Turn, draft: Draft, slot: TrainingSlot) -> None:
    company = (word("companion"),) if draft.companion else ()
    turn.say(
        "utter_booking_ask_confirmed_waitlist" if draft.waitlist else "utter_booking_ask_confirmed",
        slot=slot_label(slot, with_course=True),
        name=draft.name,
        name_spoken=name_spoken(draft.name),
        phone=phone_groups(draft.phone) or word("no_phone"),
        phone_spoken=phone_spoken(draft.phone) or word("no_phone"),
        needs="、".join((*company, *draft.access_needs)) or word("nothing"),
    )


def name_spoken(name: str) -> str:
    """With each character explained, for who hears it only: many names sound alike."""
    return name if name == NAME_LATER else "，".join((name, *explain_name(name)))


def say_booked(turn: Turn, booking: Booking) -> None:
    waiting = booking.status is BookingStatus.WAITLISTED
    turn.say(
        "utter_booking_waitlisted" if waiting else "utter_booking_done",
        slot=slot_label(booking.slot, with_course=True),
        name=booking.name,
        reference=booking.reference,
        reference_spoken=spell(booking.reference),
        position=str(booking.waitlist_position or ""),
    )


def say_name_later(turn: Turn, booking: Booking, ticket: str) -> None:
    """Who takes the name, and when: nobody can be called who left no number."""
    where = "utter_booking_name_later" if booking.phone else "utter_booking_name_at_the_course"
    turn.say(where, ticket=ticket)
