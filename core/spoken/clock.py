"""Parts of the day and hours: 上午, 头午, 下晌, 两点半, 14:30."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from core.spoken.numbers import NUMERAL, read_number

_PARTS = {
    "morning": "上午 早上 早晨 清早 一大早 大清早 清晨 头午 前晌 早 晨间".split(),
    "noon": "中午 晌午 正午".split(),
    "afternoon": "下午 下晌 过晌 后晌 午后 下半晌".split(),
    "evening": "晚上 傍晚 晚间 夜里 夜间 下黑 擦黑 晚".split(),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}

PART = "|".join(sorted(_PART_OF, key=len, reverse=True))
"""A pattern of one part of the day."""
# 早一点 and 晚一点 name no hour.
_HOUR = rf"(?<![早晚大小快慢近远])(?:{NUMERAL})(?:点钟?|时)(?!\s*(?:建议|意见|要求|内容))"
CLOCK = rf"(?:{_HOUR}(?:半|[一三]刻|{NUMERAL}分?)?|\d{{1,2}}[:：]\d{{2}})"
"""A pattern of one hour."""

_MOMENT = re.compile(rf"(?P<part>{PART})?\s*(?P<clock>{CLOCK})|(?P<part2>{PART})")
# 一上午 and 大半个下午 are how long, not when; 周一上午 and 二十一上午 are when.
_HOW_LONG = re.compile(r"(?:^|[^周期拜十廿月零〇一二三四五六七八九\d])(?:[一两半整]个?)$")
_PARSED = re.compile(
    rf"(?P<h>{NUMERAL})(?:点钟?|时)(?P<m>半|一刻|三刻|{NUMERAL})?分?|(?P<h2>\d{{1,2}})[:：](?P<m2>\d{{2}})"
)
# Alone, 早 is a greeting and 晚 an adverb; they count only beside an hour or a date.
_TOO_SHORT_ALONE = frozenset("早晚")


@dataclass(frozen=True)
class Moment:
    """A part of the day, an hour, or both."""

    part_of_day: str | None
    """morning, noon, afternoon or evening."""
    clock: time | None
    start: int
    end: int


def read_part(word: str) -> str | None:
    return _PART_OF.get(word)


def read_clock(text: str, part: str | None) -> time | None:
    """The hour in `text`; `part` turns 两点 into 14:00. None where no such hour exists."""
    match = _PARSED.match(text)
    if not match:
        return None
    hour = read_number(match["h"] or match["h2"])
    minutes = {"半": 30, "一刻": 15, "三刻": 45}
    raw = match["m"] or match["m2"] or "0"
    minute = minutes.get(raw, read_number(raw))
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    # Nobody books a lesson at two in the night: 两点 without more is the afternoon.
    if hour < 12 and (part in ("afternoon", "evening") or (part is None and 1 <= hour <= 6)):
        hour += 12
    return time(hour % 24, minute)


def part_of_hour(hour: int) -> str:
    """morning until noon, afternoon until 18, evening."""
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


def find_moments(text: str) -> tuple[Moment, ...]:
    """Every part of the day or hour, in order: (上午), (下午两点), (14:30)."""
    found = []
    for match in _MOMENT.finditer(text):
        word = match["part"] or match["part2"]
        if match["part2"] in _TOO_SHORT_ALONE:
            continue
        if match["part2"] and _HOW_LONG.search(text[: match.start()]):
            continue
        part = read_part(word) if word else None
        clock = read_clock(match["clock"], part) if match["clock"] else None
        if part or clock:
            found.append(Moment(part, clock, *match.span()))
    return tuple(found)
