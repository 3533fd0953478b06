"""A change of a booking in the making: what has been said so far, and what is asked next."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from core.booking_draft import Draft
from core.booking_labels import MOBILE_DIGITS


class Ask(str, Enum):
    """What is asked next; the values are the form's slots."""

    WHICH = "change_booking"
    NAME = "change_name"
    PHONE = "change_phone"
    SLOT = "change_slot"
    DETAIL = "change_detail"
    CONFIRM = "change_confirmed"


@dataclass(frozen=True)
class Change:
    """A change in the making."""

    kind: str = "cancel"
    """cancel, reschedule, amend for details put right, accept for the place that the waitlist
    holds, or none: 那就不报了."""
    reference: str = ""
    phone: str = ""
    """All eleven digits or the last four, as said; proves a booking made elsewhere."""
    name: str = ""
    """With all digits of the phone it stands for a reference that is not at hand."""
    reference_lost: bool = False
    """The person has no reference at hand: phone and name are asked for."""
    proven: bool = False
    """The booking is this conversation's own, or reference and phone fit together."""
    course: str = ""
    about: str = ""
    """What was said of which booking is meant, until it is known."""
    slot_id: str = ""
    wish: Draft = field(default_factory=Draft)
    """Course, place and days asked for; of an amendment the booking as it shall be."""
    due: str = ""
    """What of an amendment is still to be said: any, name, phone; nothing where all is so."""
    told: dict[str, Any] = field(default_factory=dict)
    """The sentence that began an amendment, until it is known of which booking."""
    version: int = 0
    """`Booking.sequence` of the booking as it was read for an amendment."""
    step: int = 0
    """1 for the date after the one that is booked, -1 for the one before."""
    offered: tuple[str, ...] = ()
    """References or slot ids in the order they were last read out."""
    asked: str = ""
    confirmed: bool = False
    refused: bool = False
    misses: int = 0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "offered": list(self.offered), "wish": self.wish.as_json()}

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> Change:
        if not stored:
            return cls()
        wish = Draft.from_json(stored.get("wish"))
        known = {k: v for k, v in stored.items() if k in cls.__dataclass_fields__}
        return cls(**{**known, "wish": wish, "offered": tuple(stored.get("offered") or ())})


def next_ask(change: Change) -> Ask | None:
    """What to ask for; None once the change is confirmed or refused."""
    if change.refused or change.confirmed:
        return None
    if not change.reference:
        return _ask_who(change)
    if not change.proven:
        return Ask.PHONE
    if change.kind == "reschedule" and not change.slot_id:
        return Ask.SLOT
    return Ask.DETAIL if change.due else Ask.CONFIRM


def _ask_who(change: Change) -> Ask:
    """Without a reference: the whole phone and the name prove a booking together."""
    if len(change.phone) == MOBILE_DIGITS:
        return Ask.WHICH if change.name else Ask.NAME
    # A tail says too little without the reference: the whole number is asked for.
    without = change.reference_lost or bool(change.name)
    return Ask.PHONE if without and not change.offered else Ask.WHICH
