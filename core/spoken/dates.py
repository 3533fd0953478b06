"""Dates as people say them: 下周三上午, 这个月底, 三月五号, 十一以后, 越快越好.

Every phrase becomes a range of days. What is past or vague says so, and nothing is guessed away:
the dialogue says the absolute date back before it books.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from core.spoken.calendar import PHRASES, Days
from core.spoken.clock import CLOCK, PART, read_clock, read_part

_JOINT = re.compile(r"(?:到|至|~|～|—|-)")
_AFTER = re.compile(r"(?:的)?(?:以后|之后|过后|往后|后(?![天面年]))")
_PASSED = re.compile(r"(?<!不)(?:过了|过完|等过)$")
_BEFORE = re.compile(r"(?:的)?(?:以前|之前|前(?![天面年郭]))")
_MOMENT = re.compile(rf"\s*(?:的)?(?:(?P<part>{PART})?\s*(?P<clock>{CLOCK})|(?P<part2>{PART}))")


@dataclass(frozen=True)
class DateRange:
    """Days from `day_from` to `day_to`, both included; None is open."""

    day_from: date | None
    day_to: date | None
    part_of_day: str | None
    """morning, noon, afternoon or evening."""
    text: str
    start: int = 0
    end: int = 0
    """Where it stands in what was said, `end` exclusive."""
    clock: time | None = None
    """The hour, where one was said."""
    vague: bool = False
    """Not a date to book by: 下个月, 越快越好, 过两天."""

    @property
    def single_day(self) -> date | None:
        """The day, where exactly one is meant."""
        return self.day_from if self.day_from and self.day_from == self.day_to else None

    @property
    def impossible(self) -> bool:
        """A date was said that no calendar has: 二月三十号."""
        return self.day_from is None and self.day_to is None

    def is_past(self, today: date) -> bool:
        """Whether its last day lies before today."""
        return self.day_to is not None and self.day_to < today

    def contains(self, day: date) -> bool:
        after = self.day_from is None or self.day_from <= day
        return after and (self.day_to is None or day <= self.day_to)


def find_dates(text: str, today: date) -> tuple[DateRange, ...]:
    """Every date phrase, in order and without overlaps."""
    found: list[DateRange] = []
    position = 0
    while position < len(text):
        phrase = _phrase_at(text, position, today)
        if phrase is None:
            position += 1
            continue
        phrase = _with_direction(_with_second_end(phrase, text, today), text, today)
        phrase = _with_moment(phrase, text)
        if not _is_not_a_date(phrase, text):
            found.append(replace(phrase, text=text[phrase.start : phrase.end]))
        position = phrase.end
    return tuple(_said_once(found, text))


_WEEKDAY_OF = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])$")
_WEEKDAYS = "一二三四五六日"


def _said_once(found: list[DateRange], text: str) -> Iterator[DateRange]:
    """Without a weekday that only says again what day a date is: 十月九号星期五."""
    for at, phrase in enumerate(found):
        weekday = _WEEKDAY_OF.search(phrase.text)
        beside = [o for o in found[max(0, at - 1) : at + 2] if o is not phrase and o.single_day]
        if weekday and any(_is_weekday(o, weekday[1], phrase, text) for o in beside):
            continue
        yield phrase


def _is_weekday(day: DateRange, weekday: str, beside: DateRange, text: str) -> bool:
    first, last = sorted((day, beside), key=lambda phrase: phrase.start)
    near = re.fullmatch(r"[\s（(，,的那是]*", text[first.end : last.start]) is not None
    named = _WEEKDAY_OF.search(day.text) is not None
    at = _WEEKDAYS.find(weekday.replace("天", "日"))
    return near and not named and day.single_day is not None and day.single_day.weekday() == at


def parse_date(text: str, today: date) -> DateRange | None:
    """The last date named, since people mend themselves at the end; or None."""
    found = find_dates(text, today)
    return _between(found) if found else None


def _between(found: tuple[DateRange, ...]) -> DateRange:
    """The last one; 过了十五号的，二十号以前的 are the two ends of one stretch."""
    last = found[-1]
    if len(found) < 2 or last.day_to is None or not last.text.endswith("前"):
        return last
    before = found[-2]
    opens = before.day_to is None and before.day_from and before.day_from <= last.day_to
    return replace(last, day_from=before.day_from) if opens else last


def _phrase_at(text: str, position: int, today: date) -> DateRange | None:
    """The longest phrase that begins here and names days that exist."""
    best: DateRange | None = None
    for pattern, resolve in PHRASES:
        match = pattern.match(text, position)
        if not match or (best and match.end() <= best.end):
            continue
        days: Days | None = resolve(match, today)
        if days is not None:
            best = DateRange(
                days.first,
                days.last,
                days.part,
                match[0],
                match.start(),
                match.end(),
                vague=days.vague,
            )
    return best


def _with_second_end(first: DateRange, text: str, today: date) -> DateRange:
    """三号到五号: from the first day of one to the last day of the other."""
    joint = _JOINT.match(text, first.end)
    if not joint or first.day_from is None:
        return first
    anchor = max(first.day_from, today)
    second = _phrase_at(text, joint.end(), anchor)
    if second is None or second.day_to is None or second.day_to < first.day_from:
        return first
    return replace(first, day_to=second.day_to, end=second.end)


def _with_direction(phrase: DateRange, text: str, today: date) -> DateRange:
    after = _AFTER.match(text, phrase.end)
    passed = _PASSED.search(text[: phrase.start])
    if (after or passed) and phrase.day_to and phrase.part_of_day is None:
        following = phrase.day_to + timedelta(days=1)
        end = after.end() if after else phrase.end
        return replace(phrase, day_from=following, day_to=None, vague=True, end=end)
    before = _BEFORE.match(text, phrase.end)
    if before and phrase.day_from and phrase.part_of_day is None:
        # 月底前 is until the month ends, 十五号前 until the day before.
        the_end = phrase.day_to if phrase.text[-1:] in ("底", "末") else None
        last = the_end or phrase.day_from - timedelta(days=1)
        first = today if last >= today else None
        return replace(phrase, day_from=first, day_to=last, vague=True, end=before.end())
    return phrase


def _with_moment(phrase: DateRange, text: str) -> DateRange:
    moment = _MOMENT.match(text, phrase.end)
    if not moment:
        return phrase
    part = moment["part"] or moment["part2"]
    named = read_part(part) if part else phrase.part_of_day
    clock = read_clock(moment["clock"], named) if moment["clock"] else None
    if clock and not named:
        named = "morning" if clock.hour < 12 else "afternoon" if clock.hour < 18 else "evening"
    return replace(phrase, part_of_day=named, clock=clock, end=moment.end())


def _is_not_a_date(phrase: DateRange, text: str) -> bool:
    """三号线, 二号楼, 一号文件: numbered things; 11月1日起 stays a date."""
    return bool(re.match(r"[楼线门院床桌机]|文件", text[phrase.end :])) and phrase.text[-1:] == "号"
