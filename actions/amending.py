"""Details of a standing booking: read back as they shall be, and changed after a yes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions.amend_opening import unpacked
from actions.booking_words import name_spoken
from actions.conversation import LAST_PERSON, Event, Turn
from actions.words import word
from core.amending import ANY, NOTHING, begin, differences
from core.booking_labels import phone_groups, phone_spoken, slot_label
from core.change_draft import Ask, Change
from core.errors import AlreadyBooked, SlotClosed, UnknownBooking
from core.reference import spell
from core.values import Booking

AMENDED = frozenset([Ask.DETAIL.value, Ask.CONFIRM.value])
"""The questions whose answers are details."""


def filled(change: Change, booking: Booking) -> Change:
    """The change with what was told before its booking was known; over where all is so already."""
    if not change.told:
        return change
    begun = begin(change, unpacked(change.told), booking)
    return replace(begun, refused=True) if begun.due == NOTHING else begun


def ask_detail(turn: Turn, change: Change) -> Change:
    which = change.due if change.due != ANY else ""
    turn.say(f"utter_change_ask_detail_{which}" if which else "utter_change_ask_detail")
    return change


def read_back(turn: Turn, change: Change, booking: Booking, *, own: bool) -> Change:
    """The booking as it shall be; of one made elsewhere only what will be different."""
    wish, slot = change.wish, slot_label(booking.slot, with_course=True)
    if not differences(booking, wish):
        return ask_detail(turn, replace(change, due=ANY, asked=Ask.DETAIL.value))
    if not own:
        values = {"slot": slot, **_told(booking, change)}
        turn.say("utter_change_ask_confirmed_amend_elsewhere", **values)
        return change
    company = (word("companion"),) if wish.companion else ()
    turn.say(
        "utter_change_ask_confirmed_amend",
        slot=slot,
        name=wish.name,
        name_spoken=name_spoken(wish.name),
        phone=phone_groups(wish.phone) or word("no_phone"),
        phone_spoken=phone_spoken(wish.phone) or word("no_phone"),
        needs="、".join((*company, *wish.access_needs)) or word("nothing"),
        **_told(booking, change),
    )
    return change


def _told(booking: Booking, change: Change) -> dict[str, str]:
    return {
        "changes": "，".join(_changes(booking, change, spoken=False)),
        "changes_spoken": "，".join(_changes(booking, change, spoken=True)),
    }


def _changes(booking: Booking, change: Change, *, spoken: bool) -> Iterator[str]:
    """What will be different, in a few words each."""
    wish = change.wish
    if wish.name != booking.name:
        yield word("amend_name", value=name_spoken(wish.name) if spoken else wish.name)
    if wish.phone != booking.phone:
        number = phone_spoken(wish.phone) if spoken else phone_groups(wish.phone)
        yield word("amend_phone", value=number)
    if wish.companion != booking.companion:
        yield word("amend_company" if wish.companion else "amend_alone")
    for need in wish.access_needs:
        if need not in booking.access_needs:
            yield word("amend_need", value=need)
    for need in booking.access_needs:
        if need not in wish.access_needs:
            yield word("amend_no_need", value=need)


def apply_amendment(turn: Turn, change: Change, booking: Booking | None) -> list[Event]:
    """After the form: the details are changed, or it is said that nothing was."""
    if not change.confirmed or booking is None:
        already = change.due == NOTHING and booking is not None
        turn.say("utter_change_amend_already" if already else "utter_change_left_as_it_was")
        return []
    changes = differences(booking, change.wish)
    try:
        amended = turn.services.places.amend(booking.reference, key=_key(turn, change), **changes)
    except AlreadyBooked:
        turn.say("utter_change_amend_booked_already")
        return []
    except (SlotClosed, UnknownBooking):
        turn.say("utter_change_amend_too_late")
        return []
    turn.say(
        "utter_change_amended",
        slot=slot_label(amended.slot, with_course=True),
        reference=amended.reference,
        reference_spoken=spell(amended.reference),
        **_told(booking, change),
    )
    return _remembered(turn, amended)


def _key(turn: Turn, change: Change) -> str:
    """The same for a redelivered yes, another once the booking has changed again."""
    wish = change.wish
    details: tuple[Any, ...] = (wish.name, wish.phone, wish.companion, *wish.access_needs)
    parts = (turn.conversation, "amend", change.reference, change.version, *details)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def _remembered(turn: Turn, amended: Booking) -> list[Event]:
    """Who was booked last, as they are called now: 还是我, 还是刚才那个电话."""
    last = turn.remembered(LAST_PERSON)
    if not last or turn.remembered("booking_reference") != amended.reference:
        return []
    now = {**last, "last_name": amended.name, "last_phone": amended.phone}
    return [SlotSet(LAST_PERSON, now)]
