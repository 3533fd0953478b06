"""Cancelling a booking or moving it to another date: what is known, what is asked next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.booking_draft import Heard, Note
from core.booking_person import bare_name
from core.change_draft import Ask, Change
from core.change_wish import booking_meant, of_the_booking, of_the_wish, without_untouched
from core.choosing import choose, fitting
from core.plain_answers import agrees, asks, only_agrees, only_states, with_place_as_name
from core.ports import TrainingPlaces
from core.reference import parse_reference
from core.slot_choice import courses_named, step_said
from core.slot_wish import take_when_and_where
from core.spoken.phones import parse_phone as hear_phone
from core.values import Booking


def absorb_change(
    change: Change, heard: Heard, known: Sequence[Booking], places: TrainingPlaces, today: date
) -> tuple[Change, bool, tuple[Note, ...]]:
    """The change after one sentence, whether it brought anything, and what to tell besides.

    `known`: the bookings of this conversation, or those found by name and phone.
    """
    before, notes = change, list[Note]()
    if _confirms(change, heard, known, places, today):
        return replace(change, confirmed=True), True, ()
    change = _take_kind(change, heard)
    change = _take_answer(change, heard)
    change = _take_booking(change, heard)
    change = _take_described(change, heard, known, today)
    change = _take_slot(change, heard, known, places, today, notes)
    understood = replace(change, about=before.about) != before or bool(notes)
    if not understood and before.asked and heard.intent == "deny" and not heard.entities:
        return replace(change, refused=True), True, ()
    return change, understood, tuple(notes)


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
    if change.kind == "amend":
        return change
    moves = _MOVES.search(heard.text) and not _KEEP.search(heard.text)
    if change.kind == "cancel" and change.asked and moves:
        return replace(change, kind="reschedule", slot_id="")
    if heard.intent == "reschedule_booking" and change.kind != "reschedule":
        return replace(change, kind="reschedule")
    if heard.intent == "cancel_booking" and not change.asked:
        return replace(change, kind="cancel", slot_id="")
    return change


def _confirms(
    change: Change, heard: Heard, known: Sequence[Booking], places: TrainingPlaces, today: date
) -> bool:
    """Whether the last yes names again what was read out, and nothing else: 对，换到23号."""
    if change.asked != Ask.CONFIRM or (change.kind == "reschedule" and not change.slot_id):
        return False
    told = without_untouched(heard).text
    does = _DOES.get(change.kind)
    if not agrees(told) and not (does and does.search(told) and only_states(told)):
        return False
    mine = [b.slot for b in known if b.reference == change.reference]
    moved = change.kind == "reschedule"
    slots = [places.slot(change.slot_id), *mine] if moved else mine
    return not slots or 0 in fitting(told, slots, today)


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
    bare_no = heard.intent == "deny" and not heard.entities and not _MOVES.search(heard.text)
    if change.asked == Ask.CONFIRM and bare_no:
        return replace(change, refused=True)
    return change


def _take_booking(change: Change, heard: Heard) -> Change:
    """Reference, phone and name."""
    said = heard.first("phone")
    phone = hear_phone(heard.text) if said or change.asked == Ask.PHONE else None
    digits = phone.digits if phone else _four_digits(change, heard)
    reference = parse_reference(heard.text)
    name = _name_said(change, heard)
    if reference:
        change = replace(change, reference=reference, proven=False)
    elif _LOST.search(heard.text) or (change.asked == Ask.WHICH and _has_none(heard)):
        change = replace(change, reference_lost=True)
    if name and not change.proven:
        change = replace(change, name=name)
    if digits and not change.proven:
        change = replace(change, phone=digits)
    return change


def _name_said(change: Change, heard: Heard) -> str:
    """A name told as one, or a bare answer to the question for it."""
    asked = change.asked == Ask.NAME
    said = (with_place_as_name(heard) if asked else heard).first("name")
    if said is not None:
        return said.value
    return bare_name(heard) if asked and not heard.entities else ""


_LOST = re.compile(
    r"(?:按|用|拿|凭|报|查)(?:我|俺)?的?(?:名字?|姓名|电话|手机)(?:和|跟|加|、)?(?:名字?|电话|手机号?|号码)?(?:查|找|行)"
    r"|(?:预约号|编号|单号|号码?单子?|单子|条子)[^，,。]{0,5}?(?:没|忘|丢|扔|不知道|找不|记不|不记得|不见|不在|弄没)"
    r"|(?:没有?|忘了?|丢了|不记得|记不(?:住|得|清))(?:记|带|留)?(?:着|住|下|了)?(?:那个?)?(?:编号|单号|号码?单子?)"
)
_NONE_AT_HAND = re.compile(r"没(?:有|记|带|留)|忘|丢|扔|不知道|找不|记不|不记得|哪有")


def loses_reference(heard: Heard) -> bool:
    """Whether it says that the reference is not at hand: 预约号我可记不住."""
    return bool(_LOST.search(heard.text)) or _has_none(heard)


def _has_none(heard: Heard) -> bool:
    """Whether an answer to the question for the reference says that there is none at hand."""
    return not heard.entities and bool(_NONE_AT_HAND.search(heard.text))


_ABOUT_AT_MOST = 200
"""Characters kept of what was said of the booking."""


def _take_described(change: Change, heard: Heard, known: Sequence[Booking], today: date) -> Change:
    """Which of several bookings, in whatever way it is described, now or before."""
    if change.reference:
        return change
    told = of_the_booking(change, heard)
    if told:
        change = replace(change, about=f"{change.about}，{told}"[-_ABOUT_AT_MOST:])
    return replace(change, reference=booking_meant(change, told, known, today))


def _four_digits(change: Change, heard: Heard) -> str:
    spoken = heard.text.translate(str.maketrans("零〇一幺二三四五六七八九", "001123456789"))
    digits = "".join(c for c in spoken if c.isdigit())
    return digits if change.asked == Ask.PHONE and len(digits) in (4, 11) else ""


def _take_slot(
    change: Change,
    heard: Heard,
    known: Sequence[Booking],
    places: TrainingPlaces,
    today: date,
    notes: list[Note],
) -> Change:
    if change.kind != "reschedule" or change.refused or change.confirmed:
        return change
    if change.asked == Ask.SLOT and change.offered:
        picked = _picked(change, heard, places, today)
        if picked:
            return replace(change, slot_id=picked, offered=())
    told = of_the_wish(change, heard)
    mine = [b for b in known if b.reference == change.reference] or list(known)[: len(known) == 1]
    course = change.course or (mine[0].slot.course if mine else "")
    wish = change.wish
    named = [name for name in courses_named(told.text, places) if name != course]
    if named:
        wish = replace(wish, course=named[0])
    current = wish.course
    wish = replace(wish, course=current or course)
    wish = replace(take_when_and_where(wish, told, places, today, notes), course=current)
    if wish != change.wish:
        return replace(change, wish=wish, slot_id="", step=0)
    step = step_said(told)
    return replace(change, step=step, slot_id="") if step else change


def _picked(change: Change, heard: Heard, places: TrainingPlaces, today: date) -> str:
    """One of the dates read out; a yes takes the only one."""
    if len(change.offered) == 1 and (heard.intent == "affirm" or only_agrees(heard.text)):
        return change.offered[0]
    at_hand = {slot.id: slot for slot in places.slots()}
    offered = [at_hand[slot_id] for slot_id in change.offered if slot_id in at_hand]
    only = choose(heard.text, offered, today).only
    return offered[only].id if only is not None else ""
