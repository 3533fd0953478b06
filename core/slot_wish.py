"""Which town, days and hours are wished for, and the dates that fit them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from core.booking_draft import Draft, Heard, Note
from core.booking_labels import day_label
from core.ports import TrainingPlaces
from core.spoken.clock import part_of_hour
from core.spoken.dates import DateRange, find_dates, parse_date
from core.spoken.days_away import without_days_away
from core.spoken.places import same_place
from core.values import TrainingSlot

_PARTS = re.compile(r"[，,。；;！!、\s]+")


_LEFT = re.compile(
    r"不(?:是|学|报|想|要|去|行|中|成|合适|方便)(?!.*(?:是|要|报|改|换))|太远|远了|太[早晚]|整错|弄错|去不了|来不及"
)


def wished_parts(text: str) -> list[str]:
    """The stretches that do not tell what is being left: 珲春太远了，改敦化的."""
    parts = [part for part in _PARTS.split(text) if part]
    return [part for part in parts if not _LEFT.search(part)] or parts


_HOME = re.compile(r"(?:家(?:在|住)|(?:我|俺|他|她)(?:是|住)|户口在|老家)$")


_OF_HOME = re.compile(r"(?:那边|这边)?的?(?:人(?![民])|户口|户籍|[\u4e00-\u9fff]{1,2}族)")


def _of_home(text: str, start: int, end: int) -> bool:
    """Whether a town is told as where somebody lives or comes from: 我是前郭的蒙古族."""
    return bool(_HOME.search(text[:start]) and _OF_HOME.match(text[end:]))


def _town_meant(heard: Heard) -> str:
    """The town wished for; of several the last that is not just being left."""
    towns = [e.value for e in heard.all("city") if not _of_home(heard.text, e.start, e.end)]
    wished = [
        e.value
        for part in wished_parts(heard.text)
        for e in heard.all("city")
        if e.value in towns
        if heard.text[e.start : e.end] in part
    ]
    return (wished or towns or [""])[-1]


def take_when_and_where(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    """Town, days and part of the day. A past date leaves a note and changes nothing."""
    if _only_away(heard):
        return _without_days(draft, heard, places, today)
    changed, heard = draft, _of_days_wished(heard)
    town = _town_meant(heard)
    if town:
        changed = replace(changed, city=town)
    when = _when_said(heard.text, today) if _speaks_of_time(heard) else None
    if when is not None and when.is_past(today):
        notes.append(Note("date_past", {"date": when.text}))
    elif when is not None:
        changed = _on_these_days(changed, when)
        if _RECURS.match(when.text):
            changed = _some_week(changed, when, places)
        if any(e.start >= when.end for e in heard.all("time_of_day")) or (
            not when.part_of_day and heard.first("time_of_day")
        ):
            # 月底前的，下晌的: the day and the hour are told apart, and the last hour counts.
            changed = replace(changed, part_of_day=_part_said(heard))
    elif heard.first("time_of_day"):
        changed = replace(changed, part_of_day=_part_said(heard))
    if changed == draft or not draft.slot_id:
        return changed
    if when is None and not wished_slots(changed, places):
        # The day belonged to the date that is being left; only the town was wished anew.
        changed = replace(changed, day_from="", day_to="", part_of_day="")
    # A new day or town puts the date chosen so far into question.
    kept = any(s.id == draft.slot_id for s in wished_slots(changed, places))
    return changed if kept else replace(changed, slot_id="")


_MOVES_TO = re.compile(r"(?:改|换|挪|推|串)(?:到|成|在|为|至)?\s*(?:个)?$")


def _when_said(text: str, today: date) -> DateRange | None:
    """The day that is moved to, where one is said to be; else the one named last."""
    moved = [d for d in find_dates(text, today) if _MOVES_TO.search(text[: d.start])]
    return moved[-1] if moved else parse_date(text, today)


_RECURS = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天末]")
"""A weekday that is not said to be of this week or the next."""


_WEEKS_AHEAD = 8


def _on_these_days(draft: Draft, when: DateRange, weeks: int = 0) -> Draft:
    later = timedelta(weeks=weeks)
    return replace(
        draft,
        day_from=(when.day_from + later).isoformat() if when.day_from else "",
        day_to=(when.day_to + later).isoformat() if when.day_to else "",
        part_of_day=when.part_of_day or "",
    )


def _some_week(draft: Draft, when: DateRange, places: TrainingPlaces) -> Draft:
    """A weekday as such means the next one that fits; the nearest where none does."""
    tried = (_on_these_days(draft, when, weeks) for weeks in range(_WEEKS_AHEAD))
    return next((wish for wish in tried if wished_slots(wish, places)), draft)


def _part_said(heard: Heard) -> str:
    """The part of the day named last, since people mend themselves at the end."""
    last = heard.all("time_of_day")[-1]
    clock = str(last.details.get("clock") or "")
    return part_of_hour(int(clock[:2])) if clock else last.value


def _of_days_wished(heard: Heard) -> Heard:
    """The sentence less the days that are told as out, where others are named."""
    text = without_days_away(heard.text)
    kept = tuple(e for e in heard.entities if text[e.start : e.end] == heard.text[e.start : e.end])
    left = replace(heard, text=text, entities=kept)
    return left if _speaks_of_time(left) else heard


def _only_away(heard: Heard) -> bool:
    """Whether every day that is named is one that does not suit: 下周三我得复查."""
    days = [e for e in heard.all("date") if e.details.get("day_from")]
    left = without_days_away(heard.text)
    return bool(days) and not any(
        left[e.start : e.end] == heard.text[e.start : e.end] for e in days
    )


def _without_days(draft: Draft, heard: Heard, places: TrainingPlaces, today: date) -> Draft:
    """The draft less the dates on days that do not suit, where others are left."""
    days = find_dates(heard.text, today)
    slots = places.slots(course=draft.course or None)
    out = tuple(s.id for s in slots if any(d.contains(s.starts_at.date()) for d in days))
    if not out or len(out) == len(slots):
        return draft
    declined = tuple(dict.fromkeys((*draft.declined, *out)))
    if draft.slot_id in out:
        return replace(draft, slot_id="", day_from="", day_to="", declined=declined)
    return draft if draft.slot_id else replace(draft, declined=declined)


def _speaks_of_time(heard: Heard) -> bool:
    return bool(heard.first("date") or heard.first("time_of_day"))


def wished_slots(draft: Draft, places: TrainingPlaces) -> tuple[TrainingSlot, ...]:
    """Slots that fit all that was said of course, town, day and part of the day."""
    slots = places.slots(course=draft.course or None)
    days = _days(draft)
    fitting = tuple(
        s
        for s in slots
        if (not draft.city or same_place(draft.city, s.city)) and days.contains(s.starts_at.date())
    )
    in_part = tuple(s for s in fitting if part_of_day(s) == draft.part_of_day) or fitting
    return tuple(s for s in in_part if s.id not in draft.declined) or in_part


def _days(draft: Draft) -> DateRange:
    bounds = [date.fromisoformat(d) if d else None for d in (draft.day_from, draft.day_to)]
    return DateRange(bounds[0], bounds[1], None, "")


def part_of_day(slot: TrainingSlot) -> str:
    """morning, noon, afternoon or evening."""
    return part_of_hour(slot.starts_at.hour)


def wish_label(draft: Draft) -> str:
    """The days and the town asked for, as they are said back."""
    bounds = [day_label(date.fromisoformat(d)) for d in (draft.day_from, draft.day_to) if d]
    when = "到".join(dict.fromkeys(bounds))
    return "、".join(part for part in (when, draft.city) if part)
