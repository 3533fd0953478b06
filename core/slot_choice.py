"""Which course and which date of it is meant, from names, places, days and ordinals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from core.booking_draft import Draft, Heard, Note, Question
from core.booking_labels import day_label
from core.described_slot import described
from core.ports import TrainingPlaces
from core.spoken.courses import courses_in
from core.spoken.dates import DateRange, parse_date
from core.spoken.ordinals import parse_ordinal
from core.values import TrainingSlot

_SUFFIX = re.compile(r"(?:（[^（）]*）|\([^()]*\)|技能|职业|培训|课程|课|班)+$")


def match_course(said: str, places: TrainingPlaces) -> str:
    """The course meant by a name or a part of one; empty where none or several are."""
    names = tuple(course.name for course in places.courses())
    if said in names:
        return said
    wanted = _stem(said)
    close = [n for n in names if wanted and (wanted in n or _stem(n) in said)]
    return close[0] if len(close) == 1 else ""


def courses_named(text: str, places: TrainingPlaces) -> tuple[str, ...]:
    """Courses that the text names, less 培训 and the like, or by a part of their own; longest
    first."""
    names = tuple(course.name for course in places.courses())
    found = [name for name in names if len(_stem(name)) > 1 and _stem(name) in text]
    if not found:
        stems = {_stem(name): name for name in names}
        found = [stems[said.name] for said in courses_in(text, tuple(stems))]
    return tuple(sorted(found, key=len, reverse=True))


def _stem(name: str) -> str:
    return _SUFFIX.sub("", name.strip()) or name


def take_course(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """A course by its name or a part of it; an unknown one leaves a note."""
    said = heard.first("course")
    named = courses_named(heard.text, places)
    name = named[0] if named else match_course(said.value, places) if said else ""
    if name:
        return draft if name == draft.course else replace(draft, course=name, slot_id="")
    if said and not draft.course:
        notes.append(Note("course_unknown", {"course": said.value}))
    return draft


def take_when_and_where(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    """Town, days and part of the day. A past date leaves a note and changes nothing."""
    changed = draft
    city = heard.first("city")
    if city:
        changed = replace(changed, city=city.value)
    when = parse_date(heard.text, today) if _speaks_of_time(heard) else None
    if when is not None and when.is_past(today):
        notes.append(Note("date_past", {"date": when.text}))
    elif when is not None:
        changed = _on_these_days(changed, when)
        if _RECURS.match(when.text):
            changed = _some_week(changed, when, places)
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


def same_place(said: str, city: str) -> bool:
    """长春, 长春市 and 长春市朝阳区 meet; 延边 meets 延边朝鲜族自治州."""
    short = [re.sub(r"(?:朝鲜族自治州|自治州|市|州|县|区)$", "", name) for name in (said, city)]
    return bool(short[0] and short[1]) and (short[0] in city or short[1] in said)


def part_of_day(slot: TrainingSlot) -> str:
    """morning, noon, afternoon or evening."""
    return part_of_hour(slot.starts_at.hour)


def part_of_hour(hour: int) -> str:
    """morning until noon, afternoon until 18, evening."""
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


def ordinal_in(heard: Heard) -> int:
    """1 for the first, -1 for the last, 0 for none said."""
    ordinal = parse_ordinal(heard.text)
    return ordinal.position if ordinal else 0


def take_choice(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """One of the alternatives that were read out last, by its number or as it is described."""
    # 就17号吧 names a day, not the seventeenth.
    number = 0 if heard.first("date") else ordinal_in(heard)
    if not draft.offered or not _may_choose(draft, heard):
        return draft
    if not number:
        if draft.asked == Question.COURSE:
            return draft
        offered = [s for s in places.slots() if s.id in draft.offered]
        return replace(draft, slot_id=described(heard, offered) or draft.slot_id)
    at = number - 1 if number > 0 else len(draft.offered) + number
    if not 0 <= at < len(draft.offered):
        notes.append(Note("no_such_number", {"count": str(len(draft.offered))}))
        return draft
    picked = draft.offered[at]
    if draft.asked == Question.COURSE:
        return replace(draft, course=picked, slot_id="", offered=())
    return replace(draft, slot_id=picked)


_CHOSEN_ANEW = re.compile(r"第.{1,2}[个期场班]|那一?[期个场班]|换")


def _may_choose(draft: Draft, heard: Heard) -> bool:
    """While the choice stands open; and after it, where another of them is plainly meant."""
    if draft.asked in (Question.COURSE, Question.SLOT):
        return True
    chosen = draft.slot_id in draft.offered and draft.asked in (Question.NAME, Question.CONFIRM)
    return chosen and bool(_CHOSEN_ANEW.search(heard.text))


def settle_slot(draft: Draft, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """Takes the one slot that fits what was said, and widens a wish that nothing fits."""
    if draft.slot_id or not (draft.course or draft.narrowed):
        return draft
    fitting = wished_slots(draft, places)
    courses = {slot.course for slot in fitting}
    if not draft.course and len(courses) == 1 and draft.day_from:
        draft = replace(draft, course=courses.pop())
    if draft.course and len(fitting) == 1 and draft.narrowed:
        return replace(draft, slot_id=fitting[0].id)
    if not fitting and draft.narrowed:
        wish = {"wish": wish_label(draft), "course": draft.course}
        notes.append(Note("none_fits" if draft.course else "none_at_all", wish))
        return replace(draft, day_from="", day_to="", part_of_day="", city="")
    return draft


def wish_label(draft: Draft) -> str:
    """The days and the town asked for, as they are said back."""
    bounds = [day_label(date.fromisoformat(d)) for d in (draft.day_from, draft.day_to) if d]
    when = "到".join(dict.fromkeys(bounds))
    return "、".join(part for part in (when, draft.city) if part)
