"""Cancelling and moving bookings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.amend_opening import proves_too
from actions.amending import AMENDED, apply_amendment, ask_detail, filled, read_back
from actions.booking import DRAFT, draft_of
from actions.booking_words import numbered_choices, say_notes
from actions.change_opening import begun, own_bookings
from actions.conversation import (
    REQUESTED,
    ConversationAction,
    Event,
    FormAction,
    Turn,
    offer_person,
)
from actions.offers import take_offer, wanted_offers
from actions.policy import sounds_like_a_person
from core.amending import absorb_amendment
from core.asides import told_part
from core.booking_draft import OFFERED_AT_ONCE, Draft
from core.booking_labels import MOBILE_DIGITS, numbered, slot_label
from core.change_dialogue import absorb_change, loses_reference, settle
from core.change_draft import Ask, Change, next_ask
from core.change_wish import booking_meant, only_fitting_slot, other_slots
from core.errors import OverlappingBooking, SlotClosed, SlotFull, TooManyAttempts, UnknownBooking
from core.plain_answers import asks
from core.reference import spell
from core.slot_wish import wish_label, wished_slots
from core.spoken.wishes import asks_for_place, lets_be, never_booked, tells_of_booking
from core.values import Booking, TrainingSlot

CHANGE = "change_draft"
FORM = "change_form"
_TAKEN_IN = frozenset(
    "inform affirm deny skip why_asked correct go_back repeat slower continue nlu_fallback"
    " cancel_booking reschedule_booking".split()
)
_ANSWERS = {
    Ask.WHICH.value: ("reference", "phone", "name", "ordinal", "course", "date", "city"),
    Ask.NAME.value: ("name",),
    Ask.PHONE.value: ("phone",),
    Ask.SLOT.value: ("date", "city", "time_of_day", "ordinal", "course"),
    Ask.DETAIL.value: ("name", "phone", "access_need", "companion"),
}
"""What answers each question, whatever wish the sentence sounds like."""
_SURE = 0.8
"""Confidence from which a wish for a place needs no words of its own."""
_FACTS = frozenset("phone reference ordinal date city time_of_day".split())


def _known(turn: Turn, change: Change) -> tuple[Booking, ...]:
    """This conversation's bookings; those found by name and phone while one is chosen of them."""
    own = own_bookings(turn)
    listed = change.asked == Ask.WHICH and change.offered and change.name and change.phone
    if not listed or {b.reference for b in own} & set(change.offered):
        return own
    found = turn.services.places.find_by_person(
        change.name, phone=change.phone, attempt_by=turn.conversation
    )
    return tuple(b for b in found if b.reference in change.offered)


class ValidateChangeForm(FormAction):
    """Which booking, the proof that it is the person's, the new date, the last yes."""

    form_name = FORM

    def act(self, turn: Turn) -> list[Event]:
        anew = turn.opening and turn.heard.intent != "continue"
        change = begun(turn) if anew else Change.from_json(turn.remembered(CHANGE))
        if anew and (change.confirmed or change.refused):
            return [SlotSet(CHANGE, change.as_json()), SlotSet(REQUESTED, None)]
        own = _known(turn, change)
        if change.asked and (turn.opening or turn.answered_already()):
            return self._ask(turn, change, own)
        if not turn.opening and self._is_foreign(turn, change):
            left = self.leave_to_rules(turn, lambda: self._ask_with_told(turn, change, own))
            return [SlotSet(CHANGE, change.as_json()), *left]
        if turn.heard.intent in ("repeat", "slower") and change.asked:
            turn.say_again("slow" if turn.heard.intent == "slower" else "")
            return [SlotSet(CHANGE, change.as_json()), SlotSet(REQUESTED, change.asked)]
        if change.asked == Ask.WHICH and not own and never_booked(turn.heard.text):
            nothing = Change(kind="none", refused=True)
            return [SlotSet(CHANGE, nothing.as_json()), SlotSet(REQUESTED, None)]
        places, today = turn.services.places, turn.services.clock.now().date()
        if change.kind == "amend" and (change.proven or not proves_too(turn)) and anew:
            return self._ask(turn, change, own)
        if change.kind == "amend" and change.asked in AMENDED:
            booking = _booking(turn, change, own)
            changed, understood, notes = absorb_amendment(change, turn.heard, booking)
            change = changed
        if change.kind != "amend" or change.asked not in AMENDED:
            changed, understood, notes = absorb_change(change, turn.heard, own, places, today)
        say_notes(turn, notes)
        if any(note.event == "phone_goes_on" for note in notes):
            # A question of its own: the rest of the number is due.
            return [SlotSet(CHANGE, changed.as_json()), SlotSet(REQUESTED, changed.asked)]
        if not understood and change.asked:
            turn.say("utter_booking_not_understood")
            changed = replace(changed, misses=changed.misses + 1)
            offer_person(turn, changed.misses)
        elif understood:
            changed = replace(changed, misses=0)
        return self._ask(turn, self._prove(turn, settle(changed, own)), own)

    def _ask_with_told(self, turn: Turn, change: Change, own: Sequence[Booking]) -> list[Event]:
        """Goes on with a number or a name that was said along with a question."""
        told, today = told_part(turn.heard), turn.services.clock.now().date()
        if told is None or change.asked not in (Ask.WHICH, Ask.NAME, Ask.PHONE):
            return self._ask(turn, change, own)
        kept, _, _ = absorb_change(change, told, own, turn.services.places, today)
        return self._ask(turn, self._prove(turn, settle(kept, own)), own)

    def _is_foreign(self, turn: Turn, change: Change) -> bool:
        heard = turn.heard
        if heard.intent == "book_course" and change.asked == Ask.WHICH and not change.reference:
            # No booking was found: who asks for a place is not held here.
            wishes = asks_for_place(heard.text) or heard.confidence >= _SURE
            if wishes and not tells_of_booking(heard.text):
                return True
        if heard.intent in _TAKEN_IN or not heard.intent:
            return False
        if heard.intent == "human_handoff" and sounds_like_a_person(turn):
            return False
        if heard.intent in ("crisis", "human_handoff", "goodbye", "restart"):
            return True
        if change.asked == Ask.WHICH and not change.reference and loses_reference(heard):
            return False
        answers = any(heard.first(kind) for kind in _ANSWERS.get(change.asked, ()))
        if not asks(heard.text) and (answers or heard.doubtful):
            return False
        covered = sum(e.end - e.start for e in heard.entities if e.kind in _FACTS)
        return covered < 0.6 * max(1, len(heard.text.strip()))

    def _prove(self, turn: Turn, change: Change) -> Change:
        """The change with its booking proven by what was told, if that is enough."""
        places, asker = turn.services.places, turn.conversation
        if change.proven or not change.phone:
            return change
        try:
            if change.reference:
                found = places.find(change.reference, phone=change.phone, attempt_by=asker)
            elif change.name and len(change.phone) == MOBILE_DIGITS:
                several = places.find_by_person(change.name, phone=change.phone, attempt_by=asker)
                today = turn.services.clock.now().date()
                meant = booking_meant(change, change.about, several, today)
                if len(several) > 1 and not meant:
                    return _which_of(turn, change, several)
                found = next((b for b in several if b.reference == meant), several[0])
            else:
                return change
        except UnknownBooking:
            turn.say("utter_error_unknown_booking")
            return replace(change, reference="", phone="", name="", asked=Ask.WHICH.value)
        except TooManyAttempts:
            turn.say("utter_error_too_many_attempts")
            return replace(change, refused=True)
        return replace(
            change, reference=found.reference, proven=True, course=found.slot.course, offered=()
        )

    def _ask(self, turn: Turn, change: Change, own: Sequence[Booking]) -> list[Event]:
        if change.told and change.reference and change.proven:
            change = filled(change, _booking(turn, change, own))
        ask = next_ask(change)
        if own and not change.reference and ask in (Ask.NAME, Ask.PHONE) and not change.phone:
            ask = Ask.WHICH
        if ask is Ask.SLOT:
            current = _booking(turn, change, own).slot
            picked = only_fitting_slot(change, current, turn.services.places)
            change = replace(change, slot_id=picked)
            ask = next_ask(change)
            if ask is Ask.SLOT:
                change = _widen(turn, change, current)
        read_out = ask is Ask.WHICH and change.asked == Ask.WHICH and bool(change.name)
        if ask is not None and not (read_out and change.offered):
            change = _SAY[ask](turn, replace(change, asked=ask.value), own)
        if ask is None or change.refused:
            return [SlotSet(CHANGE, change.as_json()), SlotSet(REQUESTED, None)]
        return [SlotSet(CHANGE, change.as_json()), SlotSet(REQUESTED, ask.value)]


def _widen(turn: Turn, change: Change, current: TrainingSlot) -> Change:
    """A wish that no other date fits is said to fail before all dates are read out again."""
    wish = replace(change.wish, course=change.wish.course or current.course)
    others = [s for s in wished_slots(wish, turn.services.places) if s.id != current.id]
    if others or not wish.narrowed:
        return change
    turn.say("utter_booking_none_fits", wish=wish_label(wish), course=wish.course)
    return replace(change, wish=Draft(course=change.wish.course))


def _ask_which(turn: Turn, change: Change, own: Sequence[Booking]) -> Change:
    if not own:
        turn.say("utter_change_ask_reference")
        return change
    labels = tuple(slot_label(b.slot, with_course=True) for b in own[:OFFERED_AT_ONCE])
    turn.say("utter_change_ask_booking", numbered_choices(labels), bookings=numbered(labels))
    return replace(change, offered=tuple(b.reference for b in own[:OFFERED_AT_ONCE]))


def _which_of(turn: Turn, change: Change, found: Sequence[Booking]) -> Change:
    """Reads out the bookings of one person, who says the number of one."""
    read_out = _ask_which(turn, change, found)
    return replace(read_out, asked=Ask.WHICH.value)


def _ask_name(turn: Turn, change: Change, own: Sequence[Booking]) -> Change:
    turn.say("utter_change_ask_name")
    return change


def _ask_phone(turn: Turn, change: Change, own: Sequence[Booking]) -> Change:
    turn.say("utter_change_ask_phone" if change.reference else "utter_change_ask_whole_phone")
    return change


def _ask_slot(turn: Turn, change: Change, own: Sequence[Booking]) -> Change:
    booking = _booking(turn, change, own)
    slots = other_slots(change, booking.slot, turn.services.places)[:OFFERED_AT_ONCE]
    if not slots:
        turn.say("utter_change_no_other_date", slot=slot_label(booking.slot, with_course=True))
        return replace(change, refused=True)
    labels = tuple(slot_label(slot) for slot in slots)
    turn.say(
        "utter_change_ask_slot",
        numbered_choices(labels),
        slots=numbered(labels),
        slot=slot_label(booking.slot, with_course=True),
    )
    return replace(change, offered=tuple(slot.id for slot in slots))


def _ask_detail(turn: Turn, change: Change, own: Sequence[Booking]) -> Change:
    return ask_detail(turn, change)


def _ask_confirm(turn: Turn, change: Change, own: Sequence[Booking]) -> Change:
    booking = _booking(turn, change, own)
    if change.kind == "amend":
        return read_back(turn, change, booking, own=booking in own)
    new = turn.services.places.slot(change.slot_id) if change.slot_id else booking.slot
    other_course = new.course != booking.slot.course
    turn.say(
        f"utter_change_ask_confirmed_{change.kind}",
        slot=slot_label(booking.slot, with_course=True),
        new_slot=slot_label(new, with_course=other_course),
        reference=booking.reference,
    )
    return change


_SAY = {
    Ask.WHICH: _ask_which,
    Ask.NAME: _ask_name,
    Ask.PHONE: _ask_phone,
    Ask.SLOT: _ask_slot,
    Ask.DETAIL: _ask_detail,
    Ask.CONFIRM: _ask_confirm,
}


def _booking(turn: Turn, change: Change, own: Sequence[Booking]) -> Booking:
    mine = next((b for b in own if b.reference == change.reference), None)
    if mine is not None:
        return mine
    return turn.services.places.find(
        change.reference, phone=change.phone, attempt_by=turn.conversation
    )


class ApplyChange(ConversationAction):
    """After the form: cancels or moves, or says that nothing was changed."""

    response_name = "action_apply_change"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        change = Change.from_json(turn.remembered(CHANGE))
        if change.kind == "none":
            turn.say("utter_context_nothing_wanted")
            # A booking half said is given up where it is that which shall not be.
            given_up = [SlotSet(DRAFT, None)] if lets_be(turn.heard.text, just_asked=True) else []
            return [SlotSet(CHANGE, None), *given_up]
        events = self._apply(turn, change)
        if draft_of(turn).started:
            turn.say("utter_context_draft_kept")
        return events

    def _apply(self, turn: Turn, change: Change) -> list[Event]:
        done: list[Event] = [SlotSet(CHANGE, None)]
        if change.kind == "amend":
            booking = _booking(turn, change, own_bookings(turn)) if change.proven else None
            return [*done, *apply_amendment(turn, change, booking)]
        if not change.confirmed:
            turn.say("utter_change_left_as_it_was")
            return done
        if change.kind == "accept":
            return [*done, *take_offer(turn, wanted_offers(turn))]
        parts = (turn.conversation, change.kind, change.reference, change.slot_id)
        key = hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]
        places = turn.services.places
        if change.kind == "cancel":
            gone = places.cancel(change.reference, key=key)
            turn.say("utter_change_cancelled", slot=slot_label(gone.slot, with_course=True))
            return done
        try:
            moved = places.reschedule(change.reference, change.slot_id, key=key)
        except (SlotFull, SlotClosed, OverlappingBooking) as error:
            overlaps = isinstance(error, OverlappingBooking)
            turn.say("utter_change_overlap" if overlaps else "utter_change_slot_gone")
            return done
        turn.say(
            "utter_change_moved",
            slot=slot_label(moved.slot, with_course=True),
            reference=moved.reference,
            reference_spoken=spell(moved.reference),
        )
        return done
