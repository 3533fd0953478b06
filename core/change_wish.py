"""Which booking a sentence speaks of, and which other date it wishes for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.booking_draft import Draft, Heard
from core.change_draft import Ask, Change
from core.choosing import STAYS, choose
from core.ports import TrainingPlaces
from core.slot_wish import wished_slots
from core.spoken.places import same_place
from core.values import Booking, TrainingSlot

_MOVED_TO = re.compile(
    r"(?:改|换|挪|推|移|串|调)(?:个|一下)?(?:期|时间|日子|日期|天|签)?(?:到|成|在|为|至|去)?"
)


def of_the_booking(change: Change, heard: Heard) -> str:
    """The part of the sentence that tells of the booking as it is: 把11号的 of 把11号的改到17号."""
    if change.kind == "cancel":
        return heard.text
    if change.asked in (Ask.SLOT, Ask.CONFIRM):
        return ""
    moved = _MOVED_THAT.findall(heard.text)
    if moved:
        return str(moved[-1])
    last = _last_move(heard.text)
    if last is None or (change.asked == Ask.WHICH and last[0][-1] not in _TO_WHERE):
        # 换民宿管家那个: asked which, it is the booking that is named.
        return heard.text
    untouched = "，".join(m[0] for m in _UNTOUCHED.finditer(heard.text[last.end() :]))
    return f"{heard.text[: last.start()]}，{untouched}" if untouched else heard.text[: last.start()]


_TO_WHERE = "到成在为至去"
_MOVED_THAT = re.compile(
    r"(?:把|将)([^，,。；;！!？?、]{2,16}?)(?:给我|给俺|都|先|也)*(?:改|换|挪|推|移|串|调|退|取消|撤)"
)


def of_the_wish(change: Change, heard: Heard) -> Heard:
    """The part that tells of the date wished for: 17号 of 把11号的改到17号."""
    heard = without_untouched(heard)
    last = _last_move(heard.text)
    if change.asked in (Ask.SLOT, Ask.CONFIRM):
        return heard
    start = last.end() if last else len(heard.text)
    entities = tuple(
        replace(e, start=e.start - start, end=e.end - start)
        for e in heard.entities
        if e.start >= start
    )
    return replace(heard, text=heard.text[start:], entities=entities)


_UNTOUCHED = re.compile(
    rf"(?:[^，,。；;！!？?、\s]{{1,6}}\s(?={STAYS}))?[^，,。；;！!？?、\s]*{STAYS}[^，,。；;！!？?、\s]*"
)


def without_untouched(heard: Heard) -> Heard:
    """The sentence less what shall stay as it is: 刺绣那个别动. Offsets stay."""
    text = _UNTOUCHED.sub(lambda said: "，" * len(said[0]), heard.text)
    kept = tuple(e for e in heard.entities if text[e.start : e.end] == heard.text[e.start : e.end])
    return replace(heard, text=text, entities=kept) if text != heard.text else heard


def _last_move(text: str) -> re.Match[str] | None:
    """The last 改到 or the like; where none says to where, the first 改期."""
    moves = list(_MOVED_TO.finditer(text))
    to_where = [move for move in moves if move[0][-1] in _TO_WHERE]
    return to_where[-1] if to_where else moves[0] if moves else None


def booking_meant(change: Change, told: str, known: Sequence[Booking], today: date) -> str:
    """Reference of the one booking that is meant; empty where it is none or several.

    The last sentence counts, and where it says nothing what was said before it.
    """
    if len(known) < 2:
        return ""
    for text in (told, change.about):
        choice = choose(text, [b.slot for b in known], today, leaving=True)
        if choice.only is not None:
            return known[choice.only].reference
    return ""


def only_fitting_slot(change: Change, current: TrainingSlot, places: TrainingPlaces) -> str:
    """The one other date that fits the place and day asked for; empty where none or several."""
    if change.step:
        return _neighbour(change.step, current, places)
    if not change.wish.narrowed and not change.wish.course:
        return ""
    wished = wished_slots(_with_course(change.wish, current), places)
    fitting = [s.id for s in wished if s.id != current.id and s.free > 0]
    return fitting[0] if len(fitting) == 1 else ""


_NO_TIME = timedelta(0)


def _neighbour(step: int, current: TrainingSlot, places: TrainingPlaces) -> str:
    beyond = [
        s
        for s in sorted(
            places.slots(course=current.course), key=lambda s: step * s.starts_at.timestamp()
        )
        if s.free > 0 and step * (s.starts_at - current.starts_at).total_seconds() > 0
    ]
    return beyond[0].id if beyond else ""


def other_slots(
    change: Change, current: TrainingSlot, places: TrainingPlaces
) -> tuple[TrainingSlot, ...]:
    """Other dates of the same course with a free place: those that fit the wish, or else all."""
    wish = _with_course(change.wish, current)
    fitting = [s for s in wished_slots(wish, places) if s.id != current.id and s.free > 0]
    anywhere = wished_slots(Draft(course=wish.course), places)
    every = [s for s in anywhere if s.id != current.id and s.free > 0]
    # Those of the same town come first.
    near = sorted(fitting or every, key=lambda s: not same_place(current.city, s.city))
    return tuple(near)


def _with_course(wish: Draft, current: TrainingSlot) -> Draft:
    """The wish within the course that is booked, unless another was named."""
    return replace(wish, course=wish.course or current.course)
