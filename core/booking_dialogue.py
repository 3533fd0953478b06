"""What a booking still lacks, and what a sentence adds to it. No store, clock or Rasa of its own.

`Draft` is what has been said so far; `absorb` takes one sentence in, in whatever order people
speak; `next_question` names what to ask for. Wording lives with the dialogue's responses: a `Note`
carries the name of an event and the values that its sentence needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import Enum
from typing import Any

from core.booking import parse_name, parse_phone
from core.errors import InvalidDetails
from core.ports import TrainingPlaces
from core.spoken.entities import Entity
from core.values import TrainingSlot

OFFERED_AT_ONCE = 4
"""Alternatives named in one breath; more are not remembered by ear."""
MOBILE_DIGITS = 11


class Question(str, Enum):
    """What is asked next; the values are the form's slots."""

    COURSE = "booking_course"
    SLOT = "booking_slot"
    FULL = "booking_full"
    NAME = "booking_name"
    PHONE = "booking_phone"
    NEEDS = "booking_needs"
    CONSENT = "booking_consent"
    CONFIRM = "booking_confirmed"


@dataclass(frozen=True)
class Heard:
    """One sentence as the model understood it."""

    text: str
    intent: str = ""
    entities: tuple[Entity, ...] = ()

    def first(self, kind: str) -> Entity | None:
        return next((e for e in self.entities if e.kind == kind), None)

    def all(self, kind: str) -> tuple[Entity, ...]:
        return tuple(e for e in self.entities if e.kind == kind)


@dataclass(frozen=True)
class Note:
    """Something to tell besides the next question: `utter_booking_<event>` with `values`."""

    event: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """A booking in the making. Empty and None: not said yet."""

    course: str = ""
    slot_id: str = ""
    name: str = ""
    phone: str = ""
    phone_part: str = ""
    """Digits heard so far of a phone said in pieces."""
    phone_refused: bool = False
    companion: bool = False
    access_needs: tuple[str, ...] = ()
    needs_settled: bool = False
    """Asked once, or said unasked."""
    city: str = ""
    days: tuple[str, ...] = ()
    """ISO dates that were asked for; empty: any."""
    part_of_day: str = ""
    offered: tuple[str, ...] = ()
    """Course names or slot ids in the order they were last read out."""
    booked_by: str = "self"
    consent: bool = True
    waitlist: bool = False
    allow_overlap: bool = False
    confirmed: bool = False
    asked: str = ""
    """The question that stands open."""
    misses: int = 0
    """Sentences in a row that brought nothing."""

    def as_json(self) -> dict[str, Any]:
        """What differs from an empty draft; `from_json` is the inverse."""
        blank = asdict(Draft())
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value != blank[key]
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Draft:
        """Unknown keys are left out: a draft outlives an update of the product."""
        known = {f.name: f for f in fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in (stored or {}).items()
            if key in known
        }
        return cls(**values)

    @property
    def started(self) -> bool:
        """Whether there is anything that would be a pity to lose."""
        return bool(self.course or self.slot_id or self.name or self.phone)


@dataclass(frozen=True)
class Step:
    """What one sentence made of a draft."""

    draft: Draft
    understood: bool
    """False: the sentence had nothing for this booking."""
    notes: tuple[Note, ...] = ()
    abandoned: bool = False


def next_question(draft: Draft, places: TrainingPlaces) -> Question | None:
    """What to ask for next; None once everything is said and confirmed."""
    if not draft.slot_id:
        return Question.SLOT if draft.course else Question.COURSE
    if not draft.waitlist and not draft.confirmed and places.slot(draft.slot_id).free <= 0:
        return Question.FULL
    if not draft.name:
        return Question.NAME
    if not draft.phone and not draft.phone_refused:
        return Question.PHONE
    if not draft.needs_settled:
        return Question.NEEDS
    if not draft.consent:
        return Question.CONSENT
    return None if draft.confirmed else Question.CONFIRM


def absorb(draft: Draft, heard: Heard, places: TrainingPlaces, today: date) -> Step:
    """Everything that the sentence says about the booking, whatever was asked.

    Past dates, unknown courses and numbers that cannot be phones change nothing and leave a note.
    """
    before = draft
    notes: list[Note] = []
    for take in (_take_answer, _take_course, _take_when_and_where, _take_choice):
        draft = take(draft, heard, places, today, notes)
    for fill in (_take_person, _take_phone, _take_needs, _take_name):
        draft = fill(draft, heard, notes)
    draft = _settle_slot(draft, heard, places, notes)
    understood = replace(draft, misses=before.misses) != before or bool(notes)
    if understood and draft.slot_id != before.slot_id:
        draft = replace(draft, confirmed=False, waitlist=False, allow_overlap=False)
    return Step(replace(draft, misses=0) if understood else draft, understood, tuple(notes))


# -- what was asked ---------------------------------------------------------------------------


def _take_answer(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    """Yes, no and skipping mean something only in the light of what was asked."""
    asked, intent = draft.asked, heard.intent
    if asked == Question.CONFIRM and intent == "affirm" and not heard.entities:
        return replace(draft, confirmed=True)
    if asked == Question.CONFIRM and intent == "deny" and not heard.entities:
        notes.append(Note("what_is_wrong", {}))
    if asked == Question.CONSENT and intent == "affirm":
        return replace(draft, consent=True)
    if asked == Question.NEEDS and intent in ("deny", "skip", "affirm") and not _needs(heard):
        if intent == "affirm":
            notes.append(Note("which_needs", {}))
            return draft
        return replace(draft, needs_settled=True)
    if asked == Question.PHONE and intent in ("skip", "deny") and not heard.first("phone"):
        return replace(draft, phone_refused=True, phone_part="")
    if asked == Question.SLOT and intent == "affirm" and len(draft.offered) == 1:
        return replace(draft, slot_id=draft.offered[0])
    if asked == Question.FULL:
        return _take_full(draft, heard)
    return draft


_WAIT = re.compile(r"候补|排队|排上|等位|等着|等名额|排个队|排着|轮候")
_OTHER = re.compile(r"别的|其他|其它|下一[期个场次班]|换一?[个期场天]|改[天期]|另外")


def _take_full(draft: Draft, heard: Heard) -> Draft:
    ordinal = _ordinal(heard)
    if heard.intent == "join_waitlist" or _WAIT.search(heard.text) or ordinal == 2:
        return replace(draft, waitlist=True)
    if ordinal == 1 or _OTHER.search(heard.text):
        return replace(draft, slot_id="", days=(), part_of_day="")
    return draft


# -- course, date, place ----------------------------------------------------------------------


def match_course(said: str, places: TrainingPlaces) -> str:
    """The course meant by a name or a part of one; empty where none or several are."""
    names = tuple(course.name for course in places.courses())
    if said in names:
        return said
    close = [name for name in names if said and (said in name or name in said)]
    return close[0] if len(close) == 1 else ""


def courses_named(text: str, places: TrainingPlaces) -> tuple[str, ...]:
    """Courses whose whole name, or name less 培训/课程, stands in the text."""
    found = []
    for course in places.courses():
        stem = re.sub(r"(?:技能|职业)?(?:培训|课程|课|班)+$", "", course.name)
        if course.name in text or (len(stem) >= 2 and stem in text):
            found.append(course.name)
    return tuple(sorted(found, key=len, reverse=True))


def _take_course(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    said = heard.first("course")
    name = match_course(said.value, places) if said else ""
    if not name:
        named = courses_named(heard.text, places)
        name = named[0] if named else ""
    if name:
        if name == draft.course:
            return draft
        return replace(draft, course=name, slot_id="", offered=())
    if said and draft.asked in ("", Question.COURSE):
        notes.append(Note("course_unknown", {"course": said.value}))
    return draft


def days_of(entity: Entity, today: date) -> tuple[date, ...]:
    """The days that a date phrase means, in order; empty where it names none."""
    stated = entity.details.get("days") or ()
    return tuple(date.fromisoformat(str(day)[:10]) for day in stated)


def _take_when_and_where(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    changed = draft
    city = heard.first("city")
    if city:
        changed = replace(changed, city=city.value)
    when = heard.first("date")
    if when:
        days = days_of(when, today)
        if days and days[-1] < today:
            notes.append(Note("date_past", {"date": when.value}))
        elif days:
            changed = replace(changed, days=tuple(d.isoformat() for d in days if d >= today))
    part = heard.first("time_of_day")
    if part:
        changed = replace(changed, part_of_day=part.value)
    if changed == draft or not draft.slot_id:
        return changed
    # A new day or town puts the date chosen so far into question.
    kept = [s for s in wished_slots(changed, places) if s.id == draft.slot_id]
    return changed if kept else replace(changed, slot_id="")


def wished_slots(draft: Draft, places: TrainingPlaces) -> tuple[TrainingSlot, ...]:
    """Slots that fit all that was said of course, town, day and part of the day."""
    slots = places.slots(course=draft.course or None)
    if draft.city:
        slots = tuple(s for s in slots if same_place(draft.city, s.city))
    if draft.days:
        slots = tuple(s for s in slots if s.starts_at.date().isoformat() in draft.days)
    if draft.part_of_day:
        fitting = tuple(s for s in slots if _part_of_day_fits(draft.part_of_day, s))
        slots = fitting or slots
    return slots


def same_place(said: str, city: str) -> bool:
    """长春, 长春市 and 长春市朝阳区 meet."""
    short = [re.sub(r"(?:市|州|县|区|自治州)$", "", name) for name in (said, city)]
    return bool(short[0]) and (short[0] in city or short[1] in said)


_PARTS = {"早": (0, 12), "上午": (0, 12), "中午": (11, 14), "下午": (12, 18), "晚": (17, 24)}


def _part_of_day_fits(part: str, slot: TrainingSlot) -> bool:
    hours = next((span for word, span in _PARTS.items() if word in part), (0, 24))
    return hours[0] <= slot.starts_at.hour < hours[1]


def _ordinal(heard: Heard) -> int:
    """1 for the first, -1 for the last, 0 for none said."""
    entity = heard.first("ordinal")
    if entity is None:
        return 0
    for said in (entity.details.get("number"), entity.value):
        text = str(said or "")
        if text.lstrip("-").isdigit():
            return int(text)
    return -1 if "最后" in entity.value else 0


def _take_choice(
    draft: Draft, heard: Heard, places: TrainingPlaces, today: date, notes: list[Note]
) -> Draft:
    number = _ordinal(heard)
    if not number or draft.asked not in (Question.COURSE, Question.SLOT) or not draft.offered:
        return draft
    at = number - 1 if number > 0 else len(draft.offered) + number
    if not 0 <= at < len(draft.offered):
        notes.append(Note("no_such_number", {"count": str(len(draft.offered))}))
        return draft
    picked = draft.offered[at]
    if draft.asked == Question.COURSE:
        return replace(draft, course=picked, slot_id="", offered=())
    return replace(draft, slot_id=picked)


def _settle_slot(draft: Draft, heard: Heard, places: TrainingPlaces, notes: list[Note]) -> Draft:
    """Takes the one slot that fits what was said, and widens a wish that nothing fits."""
    if draft.slot_id or not (draft.course or draft.city or draft.days):
        return draft
    fitting = wished_slots(draft, places)
    courses = {slot.course for slot in fitting}
    if not draft.course:
        if len(courses) != 1 or not draft.days:
            return draft
        draft = replace(draft, course=courses.pop())
    if len(fitting) == 1 and (draft.days or draft.city):
        return replace(draft, slot_id=fitting[0].id)
    if not fitting and (draft.days or draft.city):
        notes.append(Note("none_fits", {"wish": _wish(draft), "course": draft.course}))
        return replace(draft, days=(), part_of_day="", city="")
    return draft


def _wish(draft: Draft) -> str:
    days = [date.fromisoformat(day) for day in draft.days]
    when = "".join(day_label(day) for day in days[:1])
    if len(days) > 1:
        when += f"到{day_label(days[-1])}"
    return "、".join(part for part in (when, draft.city) if part)


# -- the person -------------------------------------------------------------------------------

_FAMILY = re.compile(
    r"(?:给|替|帮|为)(?:我|俺|咱)?(?:的|家)?"
    r"(?:儿子|女儿|闺女|姑娘|孩子|小孩|娃|爱人|老公|老婆|媳妇|对象|丈夫|妻子|父亲|母亲|爸|妈|"
    r"老爸|老妈|爷爷|奶奶|哥|姐|弟|妹|孙子|孙女|家人|亲戚|邻居|朋友)"
)
_STAFF = re.compile(r"来电人|来电者|求助人|代来电|群众.{0,4}(?:要|想)?(?:预约|报名)")


def _take_person(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    if _STAFF.search(heard.text) and draft.booked_by != "staff":
        agreed = bool(re.search(r"同意", heard.text)) and "不同意" not in heard.text
        return replace(draft, booked_by="staff", consent=agreed)
    if _FAMILY.search(heard.text) and draft.booked_by == "self":
        return replace(draft, booked_by="family")
    return draft


_TAIL = re.compile(r"尾号|后[面]?[两三四]位|最后[两三四]位|末[尾位]")


def _take_phone(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    """A whole number, a piece of one, or a new tail for the one that was said before."""
    said = heard.first("phone")
    if said is None:
        return draft
    digits = re.sub(r"\D", "", said.value)
    whole = _mobile(digits)
    if whole:
        return replace(draft, phone=whole, phone_part="", phone_refused=False)
    if draft.phone and 1 < len(digits) <= 4 and (_TAIL.search(heard.text) or _mends(draft, heard)):
        return replace(draft, phone=draft.phone[: -len(digits)] + digits)
    joined = draft.phone_part + digits if draft.asked == Question.PHONE else digits
    if _mobile(joined):
        return replace(draft, phone=joined, phone_part="", phone_refused=False)
    if draft.asked != Question.PHONE and len(digits) < 7:
        return draft
    if len(joined) < MOBILE_DIGITS:
        notes.append(Note("phone_goes_on", {"digits": " ".join(joined), "count": str(len(joined))}))
        return replace(draft, phone_part=joined)
    notes.append(Note("phone_wrong", {"count": str(len(joined))}))
    return replace(draft, phone_part="")


def _mends(draft: Draft, heard: Heard) -> bool:
    return heard.intent == "correct" or draft.asked == Question.CONFIRM


def _mobile(digits: str) -> str:
    try:
        return parse_phone(digits)
    except InvalidDetails:
        return ""


_NO_COMPANION = re.compile(
    r"(?:不带|没有|不用|不需要|无)(?:人)?(?:陪|家属|同伴)|自己(?:一个人)?去|一个人去"
)


def _needs(heard: Heard) -> bool:
    return bool(heard.first("access_need") or heard.first("companion"))


def _take_needs(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    if _NO_COMPANION.search(heard.text):
        draft = replace(draft, companion=False, needs_settled=True)
    elif heard.first("companion"):
        draft = replace(draft, companion=True, needs_settled=True)
    said = tuple(e.value for e in heard.all("access_need"))
    if said:
        needs = tuple(dict.fromkeys((*draft.access_needs, *said)))
        draft = replace(draft, access_needs=needs, needs_settled=True)
    return draft


_NOT_A_NAME = re.compile(
    r"[?？]|[吗呢吧啊呀嘛]$|什么|怎么|多少|哪|为啥|干啥|\d|电话|预约|报名|不|没"
)
_NAME_ANSWER = re.compile(r"^(?:我?(?:叫|是|姓名|名字)[是叫]?|他?她?叫)?([\u4e00-\u9fff·]{2,8})$")


def _take_name(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    said = heard.first("name")
    if said is not None:
        return replace(draft, name=said.value)
    if draft.asked != Question.NAME or draft.name or heard.entities:
        return draft
    # Asked for a name, a few characters that are nothing else are the name.
    bare = re.sub(r"[\s，。,.!！、]", "", heard.text)
    match = _NAME_ANSWER.match(bare)
    if match is None or _NOT_A_NAME.search(bare) or heard.intent in _NEVER_NAMES:
        return draft
    try:
        return replace(draft, name=parse_name(match[1]))
    except InvalidDetails:
        return draft


_NEVER_NAMES = frozenset(
    "affirm deny skip why_asked repeat slower go_back restart continue greet goodbye thanks help"
    " complain human_handoff crisis cancel_booking".split()
)


# -- for the eye and the ear ------------------------------------------------------------------

_WEEKDAYS = "一二三四五六日"


def day_label(day: date) -> str:
    """3月4日（星期三）."""
    return f"{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def slot_label(slot: TrainingSlot, with_course: bool = False) -> str:
    """3月4日（星期三）上午9:00，长春市，省残疾人就业服务中心."""
    starts = slot.starts_at
    half = "上午" if starts.hour < 12 else "下午" if starts.hour < 18 else "晚上"
    hour = starts.hour if starts.hour <= 12 else starts.hour - 12
    parts = [f"{day_label(starts.date())}{half}{hour}:{starts.minute:02d}", slot.city, slot.venue]
    if with_course:
        parts.insert(0, slot.course)
    return "，".join(part for part in parts if part)


def phone_groups(phone: str) -> str:
    """138 0013 8000: the way people read a mobile number back."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == MOBILE_DIGITS else phone


_SPOKEN_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")


def phone_spoken(phone: str) -> str:
    """幺三八，零零幺三，八零零零."""
    return phone_groups(phone).translate(_SPOKEN_DIGITS).replace(" ", "，")


def numbered(labels: tuple[str, ...]) -> str:
    """One a line, numbered from 1."""
    return "\n".join(f"{at}. {label}" for at, label in enumerate(labels, 1))
