"""Telling what this conversation booked."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction

from actions.amend_opening import wants_amendment
from actions.change_opening import own_bookings
from actions.conversation import ConversationAction, Event, Turn
from actions.policy import wants_place
from actions.words import word
from core.booking_labels import moment_label, slot_label
from core.values import Booking, BookingStatus


class MyBookings(ConversationAction):
    """What this conversation booked."""

    response_name = "action_my_bookings"

    def act(self, turn: Turn) -> list[Event]:
        if not turn.form and wants_amendment(turn):
            return [FollowupAction("change_form")]
        own = own_bookings(turn)
        if not own and wants_place(turn):
            return [FollowupAction("booking_form")]
        if not own:
            turn.say("utter_my_bookings_none")
            return []
        turn.say("utter_my_bookings_list", bookings="\n".join(_line(b) for b in own))
        return []


def _line(booking: Booking) -> str:
    mark = ""
    if booking.status is BookingStatus.WAITLISTED:
        mark = word("waitlisted", position=str(booking.waitlist_position))
    elif booking.offered and booking.held_until is not None:
        mark = word("offered", until=moment_label(booking.held_until))
    return f"{slot_label(booking.slot, with_course=True)}{mark}，{booking.reference}"
