"""What is said of a date that is full: waiting in line, another date, or neither."""

from __future__ import annotations

import re
from dataclasses import replace

from core.booking_draft import Draft, Heard, Note
from core.ports import TrainingPlaces
from core.slot_choice import ordinal_in
from core.values import TrainingSlot

_WAIT = re.compile(r"候补|排队|排上|等位|等着|等名额|排个[队号]|排着|轮候|排号|我等")


_NO_WAIT = re.compile(
    r"(?:不|别|甭|懒得)(?:想|要|用|愿意|能|给我)*(?:再)?(?:候补|排|等)|(?:候补|排队|等)[^，,。]{0,3}(?:不(?:用|要|行|了)|算了|拉倒)"
)


_OTHER = re.compile(
    r"别的|其[他它]|下一?[期个场次班]|换一?[期个场天]|换(?:到|成)?[下后别]|改[天期]|另外|往后|后[面头边]的?|后一?[期个场]"
    r"|(?:早|晚)(?:一?点儿?|一?些)的|还有(?:没有)?(?:哪|啥|什么)|不等|不排"
)


_NEXT_ONE = re.compile(r"下一?[期场班](?!的?人)|往后(?:挪|推|串|延|排)|后一?[期场班]")


def _next_free(draft: Draft, places: TrainingPlaces) -> TrainingSlot | None:
    """The next date with a free place after the full one; one of the same town comes first."""
    full = places.slot(draft.slot_id)
    later = [
        slot
        for slot in places.slots(course=full.course)
        if slot.free > 0 and slot.starts_at > full.starts_at
    ]
    near = [slot for slot in later if slot.city == full.city] or later
    return min(near, key=lambda slot: slot.starts_at, default=None)


def answers_full(heard: Heard) -> bool:
    """Whether the sentence says what to do about a date that is full."""
    return says_waits(heard) or bool(_OTHER.search(heard.text))


def says_waits(heard: Heard) -> bool:
    """Whether the person wants to be put on the waitlist."""
    if _NO_WAIT.search(heard.text):
        return False
    return heard.intent == "join_waitlist" or bool(_WAIT.search(heard.text))


def take_full(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    ordinal = ordinal_in(heard)
    if says_waits(heard) or ordinal == 2:
        return replace(draft, waitlist=True)
    if ordinal != 1 and not _OTHER.search(heard.text):
        return draft
    after = _next_free(draft, places) if _NEXT_ONE.search(heard.text) else None
    if after and not heard.first("date") and not heard.first("city"):
        return replace(draft, slot_id=after.id, day_from="", day_to="", part_of_day="", city="")
    declined = (*draft.declined, draft.slot_id)
    if all(slot.id in declined for slot in places.slots(course=draft.course or None)):
        notes.append(Note("no_other_date", {"course": draft.course}))
        return draft
    open_days = replace(draft, day_from="", day_to="", part_of_day="", city="")
    return replace(open_days, slot_id="", declined=declined)
