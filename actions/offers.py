"""A waitlist's place that is held for the person: heard as wanted, and taken."""

from __future__ import annotations

import hashlib
import re

from actions.booking_words import numbered_choices
from actions.conversation import Event, Turn, last_messages
from core.booking_labels import numbered, slot_label
from core.errors import HoldExpired, UnknownBooking
from core.reference import spell
from core.slot_choice import courses_named, ordinal_in
from core.spoken.dates import find_dates
from core.spoken.places import same_place
from core.values import Booking

_NAMED = re.compile(r"候补|名额|空位|位[子置]")
_NO = re.compile(r"不|别|算了|拉倒|退掉|退了|让给|放弃|取消|撤")
_WISHES = frozenset(["book_course", "join_waitlist"])
_ELSEWHERE = frozenset(["date", "city", "time_of_day"])


def open_offers(turn: Turn) -> tuple[Booking, ...]:
    """Places from the waitlist that this conversation may still take."""
    own = turn.services.places.bookings_of(conversation=turn.conversation)
    return tuple(booking for booking in own if booking.offered)


def wanted_offers(turn: Turn) -> tuple[Booking, ...]:
    """The offers that this sentence takes; several where it does not say which of them.

    A bare yes takes what is on offer. A wish to book takes it where it speaks of the place held,
    and names no other course, day or town.
    """
    heard = turn.heard
    offers = open_offers(turn)
    if offers_read_out(turn, offers) and not _NO.search(heard.text):
        picked = _described(turn, offers)
        if len(picked) == 1:
            return picked
    if heard.intent == "affirm":
        return _of_courses_named(turn, offers)
    if any(entity.kind in _ELSEWHERE for entity in heard.entities):
        return ()
    # Whether it is wanted is a matter of one small word, which no classifier is trusted with.
    wishes = heard.intent in _WISHES or heard.intent in ("inform", "continue", "cancel_booking")
    if not wishes or not _NAMED.search(heard.text) or _NO.search(heard.text):
        return ()
    return _of_courses_named(turn, offers)


def offers_read_out(turn: Turn, offers: tuple[Booking, ...]) -> bool:
    """Whether several places were just read out, so that the sentence may name one of them."""
    labels = [slot_label(offer.slot, with_course=True) for offer in offers]
    said = [text for text, _ in last_messages(turn.tracker)]
    return len(offers) > 1 and any(all(label in text for label in labels) for text in said)


def _described(turn: Turn, offers: tuple[Booking, ...]) -> tuple[Booking, ...]:
    """Those of `offers` that the sentence names by number, course, day or town."""
    number = 0 if turn.heard.first("date") else ordinal_in(turn.heard)
    at = number - 1 if number > 0 else len(offers) + number
    if number and 0 <= at < len(offers):
        return (offers[at],)
    named = _of_courses_named(turn, offers)
    days = find_dates(turn.heard.text, turn.services.clock.now().date())
    if days:
        named = tuple(o for o in named if days[-1].contains(o.slot.starts_at.date()))
    city = turn.heard.first("city")
    if city:
        named = tuple(o for o in named if same_place(city.value, o.slot.city))
    return named


def _of_courses_named(turn: Turn, offers: tuple[Booking, ...]) -> tuple[Booking, ...]:
    named = courses_named(turn.heard.text, turn.services.places)
    return tuple(offer for offer in offers if not named or offer.slot.course in named)


def declined_offer(turn: Turn) -> Booking | None:
    """The one offer that this sentence gives up; None where it gives up something else."""
    heard = turn.heard
    gives_up = heard.intent in ("cancel_booking", "deny", "skip") or heard.intent in _WISHES
    if not gives_up or not _NAMED.search(heard.text) or not _NO.search(heard.text):
        return None
    offers = _described(turn, open_offers(turn))
    return offers[0] if len(offers) == 1 else None


def take_offer(turn: Turn, offers: tuple[Booking, ...]) -> list[Event]:
    """Takes the one offer; asks which where there are several."""
    if len(offers) > 1:
        _ask_which(turn, offers)
        return []
    offer = offers[0]
    key = hashlib.sha256(f"{turn.conversation}|accept|{offer.reference}".encode()).hexdigest()[:32]
    try:
        booking = turn.services.places.confirm(offer.reference, key=key)
    except (HoldExpired, UnknownBooking):
        turn.say("utter_booking_offer_gone", slot=slot_label(offer.slot, with_course=True))
        return []
    turn.say(
        "utter_booking_offer_taken",
        slot=slot_label(booking.slot, with_course=True),
        name=booking.name,
        reference=booking.reference,
        reference_spoken=spell(booking.reference),
    )
    return []


def _ask_which(turn: Turn, offers: tuple[Booking, ...]) -> None:
    labels = tuple(slot_label(offer.slot, with_course=True) for offer in offers)
    turn.say("utter_booking_ask_which_offer", numbered_choices(labels), offers=numbered(labels))
