"""Cancelling a booking or moving it to another date: what is known, what is asked next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any

from core.booking_draft import Draft, Heard, Note
from core.booking_labels import MOBILE_DIGITS
from core.described_slot import described
from core.plain_answers import asks, only_agrees
from core.ports import TrainingPlaces
from core.reference import parse_reference
from core.slot_choice import (
    courses_named,
    ordinal_in,
    same_place,
    take_when_and_where,
    wished_slots,
)
from core.spoken.dates import find_dates
from core.spoken.phones import parse_phone as hear_phone
from core.values import Booking, TrainingSlot


class Ask(str, Enum):
    """What is asked next; the values are the form's slots."""

    WHICH = "change_booking"
    NAME = "change_name"
    PHONE = "change_phone"
    SLOT = "change_slot"
    CONFIRM = "change_confirmed"


@dataclass(frozen=True)
class Change:
    """A change in the making."""

    kind: str = "cancel"
    """cancel, reschedule, or accept for the place that the waitlist holds."""
    reference: str = ""
    phone: str = ""
    """All eleven digits or the last four, as said; proves a booking made elsewhere."""
    name: str = ""
    """With all digits of the phone it stands for a reference that is not at hand."""
    proven: bool = False
    """The booking is this conversation's own, or reference and phone fit together."""
    course: str = ""
    slot_id: str = ""
    wish: Draft = field(default_factory=Draft)
    """Place and days asked for."""
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
        return Ask.NAME if len(change.phone) == MOBILE_DIGITS and not change.name else Ask.WHICH
    if not change.proven:
        return Ask.PHONE
    if change.kind == "reschedule" and not change.slot_id:
        return Ask.SLOT
    return Ask.CONFIRM


def absorb_change(
    change: Change, heard: Heard, own: Sequence[Booking], places: TrainingPlaces, today: date
) -> tuple[Change, bool, tuple[Note, ...]]:
    """The change after one sentence, whether it brought anything, and what to tell besides."""
    before, notes = change, list[Note]()
    change = _take_kind(change, heard)
    change = _take_answer(change, heard)
    change = _take_booking(change, heard)
    change = _take_described(change, heard, own, places, today)
    change = _take_slot(change, heard, own, places, today, notes)
    return change, change != before or bool(notes), tuple(notes)


def settle(change: Change, own: Sequence[Booking]) -> Change:
    """A booking of this conversation needs no proof; a single one needs no asking."""
    elsewhere = bool(change.phone) and all(b.phone != change.phone for b in own)
    if not change.reference and len(own) == 1 and not change.asked and not elsewhere:
        change = replace(change, reference=own[0].reference)
    mine = next((b for b in own if b.reference == change.reference), None)
    return replace(change, proven=True, course=mine.slot.course) if mine else change


_MOVES = re.compile(
    r"改(?:个|一下)?(?:时间|期|天|日子|日期|到|成)|换(?:个|一下|到|成|吧|$)|挪|往[前后]"
)


def _take_kind(change: Change, heard: Heard) -> Change:
    moves = _MOVES.search(heard.text) and not _KEEP.search(heard.text)
    if change.kind == "cancel" and change.asked and moves:
        return replace(change, kind="reschedule", slot_id="")
    if heard.intent == "reschedule_booking" and change.kind != "reschedule":
        return replace(change, kind="reschedule")
    if heard.intent == "cancel_booking" and not change.asked:
        return replace(change, kind="cancel", slot_id="")
    return change


_KEEP = re.compile(
    r"别(?:给我)?(?:取消|退|换|改|动)|不(?:取消|退|换|改|动|想(?:取消|退|换|改))|留着|保留|不用(?:取消|退|换|改)"
    r"|还是(?:去|来|上|要)"
)
_DOUBTS = re.compile(r"算了|先不|再想想|再看看|等等")
_DOES = {
    "cancel": re.compile(r"确定|确认|取消|退|销|撤|不去|不要|不上"),
    "reschedule": re.compile(r"确定|确认|换|改|挪|串"),
}
_TIMES = ("date", "city", "time_of_day")


def _take_answer(change: Change, heard: Heard) -> Change:
    """The last yes or no; that something is left as it was is heard before all else."""
    if not change.asked or heard.intent == "continue":
        return change
    told_new = change.kind == "reschedule" and not change.slot_id
    if (
        change.asked == Ask.CONFIRM
        and not told_new
        and not any(heard.first(kind) for kind in _TIMES)
    ):
        does = _DOES.get(change.kind, re.compile("确定"))
        if _KEEP.search(heard.text):
            return replace(change, refused=True)
        if only_agrees(heard.text) or heard.intent == "affirm":
            return replace(change, confirmed=True)
        if does.search(heard.text) and not asks(heard.text):
            return replace(change, confirmed=True)
        if _DOUBTS.search(heard.text):
            return replace(change, refused=True)
    if heard.intent == "deny" and not heard.entities:
        return replace(change, refused=True)
    return change


def _take_booking(change: Change, heard: Heard) -> Change:
    """Reference, phone and name, or the number of one that was read out."""
    said = heard.first("phone")
    phone = hear_phone(heard.text) if said or change.asked == Ask.PHONE else None
    digits = phone.digits if phone else _four_digits(change, heard)
    reference = parse_reference(heard.text)
    name = heard.first("name")
    if reference:
        change = replace(change, reference=reference, proven=False)
    elif change.asked == Ask.WHICH and change.offered:
        number = ordinal_in(heard)
        at = number - 1 if number > 0 else len(change.offered) + number
        if number and 0 <= at < len(change.offered):
            return replace(change, reference=change.offered[at], offered=())
    if name and not change.proven:
        change = replace(change, name=name.value)
    if digits and not change.proven:
        change = replace(change, phone=digits)
    return change


def _take_described(
    change: Change, heard: Heard, own: Sequence[Booking], places: TrainingPlaces, today: date
) -> Change:
    """Which of several own bookings: by its course, its day or town, or its number as read out."""
    if change.reference or len(own) < 2:
        return change
    number = ordinal_in(heard)
    at = number - 1 if number > 0 else len(own) + number
    if number and not change.asked and 0 <= at < len(own):
        return replace(change, reference=own[at].reference)
    mine: Sequence[Booking] = own
    named = courses_named(heard.text, places)
    if named:
        mine = [b for b in mine if b.slot.course in named]
    days = find_dates(heard.text, today)
    # 把11号的改到17号: the first day names the booking, the last one the wish.
    if days and (change.kind == "cancel" or len(days) > 1):
        mine = [b for b in mine if days[0].contains(b.slot.starts_at.date())]
    city = heard.first("city")
    if city and change.kind == "cancel":
        mine = [b for b in mine if same_place(city.value, b.slot.city)]
    return replace(change, reference=mine[0].reference) if len(mine) == 1 else change


def _four_digits(change: Change, heard: Heard) -> str:
    spoken = heard.text.translate(str.maketrans("零〇一幺二三四五六七八九", "001123456789"))
    digits = "".join(c for c in spoken if c.isdigit())
    return digits if change.asked == Ask.PHONE and len(digits) in (4, 11) else ""


def _take_slot(
    change: Change,
    heard: Heard,
    own: Sequence[Booking],
    places: TrainingPlaces,
    today: date,
    notes: list[Note],
) -> Change:
    if change.kind != "reschedule":
        return change
    if change.asked == Ask.SLOT and change.offered:
        number = ordinal_in(heard)
        at = number - 1 if number > 0 else len(change.offered) + number
        if number and 0 <= at < len(change.offered):
            return replace(change, slot_id=change.offered[at], offered=())
        if len(change.offered) == 1 and (heard.intent == "affirm" or only_agrees(heard.text)):
            return replace(change, slot_id=change.offered[0], offered=())
        offered = [s for s in places.slots() if s.id in change.offered]
        picked = described(heard, offered)
        if picked:
            return replace(change, slot_id=picked, offered=())
    mine = [b for b in own if b.reference == change.reference] or (own if len(own) == 1 else [])
    course = change.course or (mine[0].slot.course if mine else "")
    wish = take_when_and_where(replace(change.wish, course=course), heard, places, today, notes)
    wish = replace(wish, course=change.wish.course)
    return replace(change, wish=wish, slot_id="") if wish != change.wish else change


def only_fitting_slot(change: Change, current: TrainingSlot, places: TrainingPlaces) -> str:
    """The one other date that fits the place and day asked for; empty where none or several."""
    if not change.wish.narrowed:
        return ""
    wished = wished_slots(replace(change.wish, course=current.course), places)
    fitting = [s.id for s in wished if s.id != current.id and s.free > 0]
    return fitting[0] if len(fitting) == 1 else ""


def other_slots(
    change: Change, current: TrainingSlot, places: TrainingPlaces
) -> tuple[TrainingSlot, ...]:
    """Other dates of the same course with a free place: those that fit the wish, or else all."""
    course = replace(change.wish, course=current.course)
    fitting = [s for s in wished_slots(course, places) if s.id != current.id and s.free > 0]
    anywhere = wished_slots(Draft(course=current.course), places)
    every = [s for s in anywhere if s.id != current.id and s.free > 0]
    near = sorted(fitting or every, key=lambda s: not same_place(current.city, s.city))
    return tuple(near)
