"""Which course and which date of it is meant, from names, places, days and ordinals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from core.booking_draft import Draft, Heard, Note, Question
from core.booking_labels import day_label
from core.choosing import choose
from core.plain_answers import asks
from core.ports import TrainingPlaces
from core.spoken.clock import part_of_hour
from core.spoken.courses import named_of, stem
from core.spoken.dates import DateRange, parse_date
from core.spoken.days_away import without_days_away
from core.spoken.ordinals import parse_ordinal
from core.spoken.places import same_place
from core.values import TrainingSlot


def match_course(said: str, places: TrainingPlaces) -> str:
    """The course meant by a name or a part of one; empty where none or several are."""
    names = tuple(course.name for course in places.courses())
    if said in names:
        return said
    wanted = stem(said)
    close = [n for n in names if wanted and (wanted in n or stem(n) in said)]
    return close[0] if len(close) == 1 else ""


def courses_named(text: str, places: TrainingPlaces) -> tuple[str, ...]:
    """Courses that the text names, less 培训 and the like, or by a part of their own; longest
    first."""
    return named_of(text, tuple(course.name for course in places.courses()))


def take_course(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """A course by its name or a part of it; an unknown one leaves a note."""
    said = heard.first("course")
    name = course_meant(draft, heard, places)
    if name and _keeps_course(draft, heard, name):
        return draft
    if name:
        return draft if name == draft.course else replace(draft, course=name, slot_id="")
    if said and not draft.course:
        notes.append(Note("course_unknown", {"course": said.value}))
    return draft


_DETAILS = (Question.NAME, Question.PHONE, Question.NEEDS, Question.CONSENT, Question.CONFIRM)
_CHOOSES = re.compile(
    r"换|改|报|学|约|订|选|挑|参加|还是|算了|错|不[是要想对]|那[个期场班门]|[班课]|得了|吧"
)


def _keeps_course(draft: Draft, heard: Heard, name: str) -> bool:
    """Whether a part of another course's name stands in an answer that chooses nothing."""
    whole = stem(name) in heard.text
    answers = bool(draft.course) and draft.asked in _DETAILS
    return answers and not whole and not _CHOOSES.search(heard.text)


_PARTS = re.compile(r"[，,。；;！!、\s]+")
_LEFT = re.compile(
    r"不(?:是|学|报|想|要|去|行|中|成|合适|方便)(?!.*(?:是|要|报|改|换))|太远|远了|太[早晚]|整错|弄错|去不了|来不及"
)


def course_meant(draft: Draft, heard: Heard, places: TrainingPlaces) -> str:
    """The course that is wished: of several the one that is not just being left, and the last."""
    parts = [courses_named(part, places) for part in _wished_parts(heard.text)]
    others = [name for part in parts for name in part[:1] if name != draft.course]
    if others:
        whole = [name for name in others if stem(name) in heard.text]
        return (whole or others)[-1]
    named = courses_named(heard.text, places)
    if named:
        return draft.course if draft.course in named else named[0]
    said = heard.first("course")
    return match_course(said.value, places) if said else ""


def _wished_parts(text: str) -> list[str]:
    """The stretches that do not tell what is being left: 珲春太远了，改敦化的."""
    parts = [part for part in _PARTS.split(text) if part]
    return [part for part in parts if not _LEFT.search(part)] or parts


def _town_meant(heard: Heard) -> str:
    """The town wished for; of several the last that is not just being left."""
    towns = [e.value for e in heard.all("city")]
    wished = [
        e.value
        for part in _wished_parts(heard.text)
        for e in heard.all("city")
        if heard.text[e.start : e.end] in part
    ]
    return (wished or towns or [""])[-1]


def take_when_and_where(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    """Town, days and part of the day. A past date leaves a note and changes nothing."""
    changed, heard = draft, _of_days_wished(heard)
    town = _town_meant(heard)
    if town:
        changed = replace(changed, city=town)
    when = parse_date(heard.text, today) if _speaks_of_time(heard) else None
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


def ordinal_in(heard: Heard) -> int:
    """1 for the first, -1 for the last, 0 for none said."""
    ordinal = parse_ordinal(heard.text)
    return ordinal.position if ordinal else 0


def take_choice(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    """One of the alternatives that were read out last, by its number or as it is described."""
    if not draft.offered or not _may_choose(draft, heard):
        return draft
    if draft.asked == Question.COURSE:
        return _take_numbered_course(draft, heard, notes)
    at_hand = {slot.id: slot for slot in places.slots()}
    offered = [at_hand[slot_id] for slot_id in draft.offered if slot_id in at_hand]
    elsewhere = draft.course and draft.course not in {slot.course for slot in offered}
    if elsewhere or (len(offered) == 1 and (_ANOTHER.search(heard.text) or asks(heard.text))):
        return draft
    choice = choose(heard.text, offered, today)
    if choice.only is not None:
        picked = offered[choice.only]
        return replace(draft, course=draft.course or picked.course, slot_id=picked.id)
    if choice.ruled_out and choice.left:
        ruled_out = (offered[at].id for at in choice.ruled_out)
        return replace(draft, declined=tuple(dict.fromkeys((*draft.declined, *ruled_out))))
    if not heard.first("date") and _outside(heard, draft.offered):
        notes.append(Note("no_such_number", {"count": str(len(draft.offered))}))
    return draft


def _take_numbered_course(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    ordinal = None if heard.first("date") else parse_ordinal(heard.text)
    if ordinal is None:
        return draft
    at = ordinal.index(len(draft.offered))
    if at is None:
        notes.append(Note("no_such_number", {"count": str(len(draft.offered))}))
        return draft
    return replace(draft, course=draft.offered[at], slot_id="", offered=())


def _outside(heard: Heard, offered: tuple[str, ...]) -> bool:
    ordinal = parse_ordinal(heard.text)
    return ordinal is not None and ordinal.index(len(offered)) is None


_ANOTHER = re.compile(r"别的|其[他它]|换|另外|还有")
_CHOSEN_ANEW = re.compile(r"第.{1,2}[个期场班]|[那的]一?[期个场班]|换")
_NEXT = re.compile(r"(?:下|后|往后|晚)一?[期场班](?!的?人)|往后(?:挪|推|串)")
_PREVIOUS = re.compile(r"(?:上|前|往前|早)一[期场班]|往前(?:挪|提|串)")


def _may_choose(draft: Draft, heard: Heard) -> bool:
    """While the choice stands open; and after it, where another of them is plainly meant."""
    if draft.asked in (Question.COURSE, Question.SLOT):
        return True
    chosen = draft.slot_id in draft.offered and draft.asked in (Question.NAME, Question.CONFIRM)
    return chosen and bool(_CHOSEN_ANEW.search(heard.text))


def step_said(heard: Heard) -> int:
    """1 for the date after the one that stands, -1 for the one before; 0: neither was said."""
    if heard.first("date") or asks(heard.text):
        return 0
    return bool(_NEXT.search(heard.text)) - bool(_PREVIOUS.search(heard.text))


def take_neighbour(draft: Draft, heard: Heard, places: TrainingPlaces) -> Draft:
    """The date after or before the one that is chosen: 不是这期，是下一期."""
    step = step_said(heard)
    if not step or not draft.slot_id or draft.asked == Question.FULL:
        return draft
    ids = [slot.id for slot in places.slots(course=draft.course or None)]
    at = ids.index(draft.slot_id) + step if draft.slot_id in ids else -1
    if not 0 <= at < len(ids):
        return draft
    return replace(draft, slot_id=ids[at], day_from="", day_to="", part_of_day="", city="")


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
