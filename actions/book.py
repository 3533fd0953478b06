"""After the form: the place is booked and the reference said, or nothing is."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.booking import DRAFT, FORM, draft_of
from actions.booking_words import say_booked, say_name_later
from actions.conversation import HANDS_ON, LAST_PERSON, ConversationAction, Event, Turn
from actions.handover import open_ticket
from actions.offers import take_offer, wanted_offers
from core.booking_draft import Draft
from core.booking_person import NAME_LATER
from core.errors import AlreadyBooked, OverlappingBooking, SlotClosed, SlotFull
from core.values import Booking, BookingRequest


class Book(ConversationAction):
    """After the form: books, or says that nothing was booked."""

    response_name = "action_book"
    resumes_form = False

    def act(self, turn: Turn) -> list[Event]:
        draft = draft_of(turn)
        if draft.amends:
            # The sentence goes on to the form that changes what is booked.
            return [SlotSet(DRAFT, None), SlotSet(HANDS_ON, True), FollowupAction("change_form")]
        if draft.takes_offer:
            return [SlotSet(DRAFT, None), *take_offer(turn, wanted_offers(turn))]
        if not draft.confirmed:
            turn.say("utter_booking_abandoned")
            return [SlotSet(DRAFT, None)]
        try:
            booking = self._book(turn, draft)
        except SlotFull:
            return self._again(turn, "full", replace(draft, confirmed=False, waitlist=False))
        except SlotClosed:
            return self._again(turn, "closed", replace(draft, confirmed=False, slot_id=""))
        except OverlappingBooking:
            again = replace(draft, confirmed=False, allow_overlap=True)
            return self._again(turn, "overlap", again)
        except AlreadyBooked as error:
            return self._known(turn, str(error.details.get("reference") or ""))
        say_booked(turn, booking)
        if booking.name == NAME_LATER:
            note = f"{booking.name} {booking.reference}"
            say_name_later(turn, booking, open_ticket(turn, "name_later", note=note))
        count = int(turn.remembered("booking_count") or 0) + 1
        made = SlotSet("booking_reference", booking.reference)
        last = {
            "last_name": booking.name,
            "last_phone": booking.phone,
            "last_slot": booking.slot.id,
        }
        who = SlotSet(LAST_PERSON, last)
        return [SlotSet(DRAFT, None), SlotSet("booking_count", count), made, who]

    def _book(self, turn: Turn, draft: Draft) -> Booking:
        request = request_of(turn, draft)
        places = turn.services.places
        return places.join_waitlist(request) if draft.waitlist else places.book(request)

    def _again(self, turn: Turn, event: str, draft: Draft) -> list[Event]:
        """Back into the form with everything that was said, except what cannot be."""
        turn.say(f"utter_booking_{event}")
        return [SlotSet(DRAFT, draft.as_json()), FollowupAction(FORM)]

    def _known(self, turn: Turn, reference: str) -> list[Event]:
        # A booking of another conversation is not told by its reference.
        known = "utter_booking_already" if reference else "utter_booking_already_elsewhere"
        turn.say(known, reference=reference)
        return [SlotSet(DRAFT, None)]


def request_of(turn: Turn, draft: Draft) -> BookingRequest:
    """The request, with a key that a redelivered confirmation shares and a later booking not."""
    count = int(turn.remembered("booking_count") or 0)
    parts: tuple[Any, ...] = (turn.conversation, draft.slot_id, draft.name, draft.phone, count)
    return BookingRequest(
        slot_id=draft.slot_id,
        name=draft.name,
        phone=draft.phone,
        conversation=turn.conversation,
        channel=turn.channel,
        key=hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32],
        companion=draft.companion,
        access_needs=draft.access_needs,
        booked_by=draft.booked_by,
        consent=draft.consent,
        allow_overlap=draft.allow_overlap,
    )
