"""What a change begins with: a place on offer, a booking given up, or nothing to change at all."""

from __future__ import annotations

from actions.amend_opening import begun_amendment
from actions.conversation import Turn
from actions.courses import just_shown
from actions.offers import declined_offer, open_offers, wanted_offers
from core.change_draft import Change
from core.spoken.wishes import lets_be
from core.values import Booking


def own_bookings(turn: Turn) -> tuple[Booking, ...]:
    return turn.services.places.bookings_of(conversation=turn.conversation)


def begun(turn: Turn) -> Change:
    """A new change; of the place on offer, where that is what the sentence gives up."""
    if wanted_offers(turn):
        return Change(kind="accept", confirmed=True)
    amendment = begun_amendment(turn)
    if amendment is not None:
        return amendment
    if not own_bookings(turn) and lets_be(turn.heard.text, just_asked=just_shown(turn) is not None):
        return Change(kind="none", refused=True)
    offer = declined_offer(turn)
    if offer is None and turn.heard.intent == "deny":
        offer = next(iter(open_offers(turn)), None)
    if offer is None:
        return Change()
    return Change(reference=offer.reference, proven=True, course=offer.slot.course)
