"""Which of several dates or bookings that were read out is meant, however it is described.

By its number, course, town, venue, day, hour or place in the list, in any mixture, and by saying
which one it is not. Bookings, dates of a course and places from the waitlist are all chosen here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.spoken.clock import Moment, find_moments, part_of_hour
from core.spoken.courses import named_of
from core.spoken.dates import DateRange, find_dates
from core.spoken.days_away import without_days_away
from core.spoken.numbers import NUMERAL, read_number
from core.spoken.ordinals import parse_ordinal
from core.spoken.places import find_places, same_place
from core.spoken.spellings import without_spellings
from core.values import TrainingSlot

_EARLIEST = re.compile(
    r"最[早快先]|最近(?=的|那|一?[期场班个])|(?:^|[^最])早(?:一?点儿?|一?些)?的?那|[靠往]前|前[面头边]?的?那|近(?:一?点儿?)?的?那"
    r"|早一?[期场班个天]|越[早快]越好|尽[早快]|前[面头]的|(?<!后)头[一里]?[个期场班那]|打头|先开的|先来的"
)
_LATEST = re.compile(
    r"最[晚后迟远末]|晚(?:一?点儿?|一?些)?的?那|[靠往]后|后[面头边]?的?那|晚一?[期场班个天]|后[面头]的|后一?[个期场班]|末了|末[个期]|远(?:一?点儿?)?的?那"
)
_MIDDLE = re.compile(r"(?:正?中间|当间|当中)(?:儿)?的?(?:那|[个期场]|$)")
_ANY = re.compile(
    r"(?:哪|啥|什么)(?:一)?(?:个|期|天|场|班|时候)?[^，,。]{0,4}都(?:行|可以|中|成|能|妥|没问题|好)|随便|都(?:行|可以|中|成)(?:啊|吧|的)?$"
    r"|(?:你|您)(?:看着|给我?)?(?:定|挑|选|安排)|无所谓|听你的"
)
_NOT = re.compile(
    r"走不开|不开身|不(?:是|要|选|报|想|行|合适|方便|得|成|中|用)|别(?!的)|去不(?:了|成)|没(?:空|时间|法)|不赶趟|赶不[上及]|除了|太[早晚远]|赶不上|来不及"
)
STAYS = (
    r"(?:留着|保留|还(?:接着|照样|得|想|是)?(?:去|来|要|上|学)(?!不)|(?:别|甭)(?:给我|再|给)?(?:动|退|取消|碰|改|换|管|撤)"
    r"|不(?:用|要)?(?:动|变|退|取消|改|换)(?!到|成)|照(?:去|旧|常|样)|接着上|按(?:原来|原先|老)的?|原样|正常(?:去|上))"
)
"""Said of a booking that shall be left as it is."""
_NOT_THIS = re.compile(rf"不是|除了|别给我|{STAYS}")
_PART = re.compile(
    r"[，,。；;！!？?、\s]+|(?<![不还就要也只别])(?=是(?!不))|(?=而是|我要|就要)|(?<![不别我就只也还需想])(?=要(?!是))"
)

_MENDS = re.compile(
    r"(?:^|[，,。\s])[啊哎唉哦噢呃诶嗯]*不(?:对|是|成|行)?(?:不对)?(?:了)?(?=[，,。\s])|说错|不对"
)

_BARE_DAY = re.compile(rf"({NUMERAL})[号日]")
_WEEKDAY = re.compile(r"^(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日")} | {"天": 6}
_NOON = range(11, 14)
_SHORTEST_VENUE = 3
"""Characters of a venue's name that tell it from the others."""


@dataclass(frozen=True)
class Choice:
    """Positions in the list, from 0."""

    left: tuple[int, ...]
    """Those that fit what was said; all of them where nothing was said of them."""
    ruled_out: tuple[int, ...] = ()
    """Those that were said not to be meant."""

    @property
    def only(self) -> int | None:
        """The one that is meant; None where it is none or several."""
        return self.left[0] if len(self.left) == 1 else None


def choose(
    text: str, slots: Sequence[TrainingSlot], today: date, *, leaving: bool = False
) -> Choice:
    """What a sentence says about a list that was read out.

    `leaving`: one of them is given up or moved, so that 柳编那个不去了 names it, and 留着 another.
    """
    everything = tuple(range(len(slots)))
    text = without_spellings(text)
    text = text if leaving else _without_days_away(text, today)
    said = [_Part(part, slots, today) for part in _PART.split(text) if part]
    denies = _NOT_THIS if leaving else _NOT
    out = {at for part in said if denies.search(part.text) for at in part.fitting}
    meant = [part for part in said if not denies.search(part.text)]
    fitting = tuple(at for at in everything if at not in out)
    left = fitting
    for part in [] if leaving else meant:
        left = part.described(left)
    if leaving:
        left = _left_behind(meant, fitting)
    elif not left and _MENDS.search(text):
        left = _mended(meant, fitting)
    # People mend themselves at the end: 一个早一个晚，我要晚的.
    for part in [part for part in meant if part.selects][-1:]:
        left = part.selected(left)
    any_will_do = bool(_ANY.search(text)) and not leaving and bool(left)
    if any_will_do:
        left = _first_free(slots, left)
    elif not out and not any(part.says for part in meant):
        return Choice(())
    return Choice(left, tuple(sorted(out)))


def fitting(text: str, slots: Sequence[TrainingSlot], today: date) -> tuple[int, ...]:
    """Those of which everything holds that the sentence says: course, town, day, hour, venue."""
    left = tuple(range(len(slots)))
    for part in _PART.split(without_spellings(text)):
        left = _Part(part, slots, today).described(left) if part else left
    return left


def _without_days_away(text: str, today: date) -> str:
    """The text less the days that are told as out, where others are named."""
    left = without_days_away(text)
    return left if find_dates(left, today) or find_moments(left) else text


def extreme(text: str, slots: Sequence[TrainingSlot]) -> TrainingSlot | None:
    """The earliest with a free place, or the latest, where one of these or just any is wished."""
    end = "earliest" if _ANY.search(text) else _superlative(text)
    if not end or not slots:
        return None
    everything = tuple(range(len(slots)))
    at = _first_free(slots, everything)[0] if end == "earliest" else _last(slots, everything)
    return slots[at]


_ONE_OF = re.compile(
    r"^(?:(?:我|俺)?(?:报了?|约了?|有|还有)?[两俩]个?(?:班|课)|有?一[个门节]|(?:还|再)有)"
)


def _left_behind(parts: Sequence[_Part], fitting: tuple[int, ...]) -> tuple[int, ...]:
    """What is given up or moved: the last that is described counts, not those only listed."""
    listed = sum(bool(part.says and _ONE_OF.search(part.text)) for part in parts) > 1
    left = fitting
    for part in parts:
        if listed and _ONE_OF.search(part.text):
            continue
        left = part.described(left) or part.described(fitting) or left
    return left


def _mended(parts: Sequence[_Part], left: tuple[int, ...]) -> tuple[int, ...]:
    """Of each kind of thing what was said last: 周三上午，啊不，下午那场."""
    last = {kind: fits for part in parts for kind, fits in part.filters}
    return tuple(at for at in left if all(at in fits for fits in last.values()))


class _Part:
    """A stretch of the sentence between pauses, and the positions that it describes."""

    def __init__(self, text: str, slots: Sequence[TrainingSlot], today: date) -> None:
        self.text, self._slots = text, slots
        self.filters = tuple(_filters(text, slots, today))
        """What is said of the one meant (course, town, day, hour, venue), and where it fits."""
        self._position = _position(text, len(slots), bool(find_dates(text, today)))
        self._end = _superlative(text)
        self.selects = self._position is not None or bool(self._end)
        self.says = bool(self.filters) or self.selects

    @property
    def fitting(self) -> tuple[int, ...]:
        """The positions described; empty where the stretch describes none."""
        everything = tuple(range(len(self._slots)))
        return self.selected(self.described(everything)) if self.says else ()

    def described(self, left: tuple[int, ...]) -> tuple[int, ...]:
        """Those of `left` that have the course, town, day, hour and venue said."""
        return tuple(at for at in left if all(at in fits for _, fits in self.filters))

    def selected(self, left: tuple[int, ...]) -> tuple[int, ...]:
        """The one of `left` whose number was said, or the earliest or latest."""
        if self._position is not None:
            return tuple(at for at in left if at == self._position)
        if self._end and left:
            first = self._end == "earliest"
            return _first_free(self._slots, left) if first else (_last(self._slots, left),)
        return left


def _position(text: str, count: int, dated: bool) -> int | None:
    """From 0, where a number or the middle is named; 就17号吧 names a day."""
    if _MIDDLE.search(text) and count % 2:
        return count // 2
    ordinal = parse_ordinal(text)
    if ordinal is None or (dated and "第" not in text):
        return None
    index = ordinal.index(count)
    return -1 if index is None else index


def _superlative(text: str) -> str:
    """earliest or latest; people mend themselves at the end."""
    early, late = _last_end(_EARLIEST, text), _last_end(_LATEST, text)
    return "" if early == late else "earliest" if early > late else "latest"


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=0)


def _first_free(slots: Sequence[TrainingSlot], among: Sequence[int]) -> tuple[int, ...]:
    in_time = sorted(among, key=lambda at: (slots[at].free <= 0, slots[at].starts_at))
    return (in_time[0],)


def _last(slots: Sequence[TrainingSlot], among: Sequence[int]) -> int:
    return max(among, key=lambda at: slots[at].starts_at)


def _filters(
    text: str, slots: Sequence[TrainingSlot], today: date
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """For each thing that is said of the one meant, the positions that it fits."""
    named = named_of(text, tuple(dict.fromkeys(slot.course for slot in slots)))
    if named:
        yield "course", _where(slots, lambda s: s.course in named)
    places = find_places(text)
    there = _where(slots, lambda s: any(same_place(p.name, s.city) for p in places))
    if there or any(place.certain for place in places):
        yield "town", there
    days = find_dates(text, today)
    if days:
        yield "day", _where(slots, lambda s: any(_on_day(d, s.starts_at.date()) for d in days))
    moments = [*find_moments(text)] + [
        Moment(d.part_of_day, d.clock, d.start, d.end) for d in days if d.part_of_day or d.clock
    ]
    if moments:
        yield "hour", _where(slots, lambda s: any(_at_moment(moment, s) for moment in moments))
    venue = _where(slots, lambda s: _names_venue(text, s, slots))
    if venue:
        yield "venue", venue


def _where(slots: Sequence[TrainingSlot], fits: Callable[[TrainingSlot], bool]) -> tuple[int, ...]:
    return tuple(at for at, slot in enumerate(slots) if fits(slot))


def _on_day(said: DateRange, day: date) -> bool:
    """15号 and 周三 without more mean that day of whichever month or week was read out."""
    bare = _BARE_DAY.match(said.text)
    if bare and said.single_day:
        return read_number(bare[1]) == day.day
    weekday = _WEEKDAY.match(said.text)
    if weekday:
        return _WEEKDAYS[weekday[1]] == day.weekday()
    return said.contains(day)


def _at_moment(said: Moment, slot: TrainingSlot) -> bool:
    begins = slot.starts_at
    if said.clock is not None:
        # 一点半 without more is read as the afternoon; 八点 may be either.
        return (said.clock.hour - begins.hour) % 12 == 0 and said.clock.minute == begins.minute
    if said.part_of_day == "noon":
        return begins.hour in _NOON
    return said.part_of_day == part_of_hour(begins.hour)


def _names_venue(text: str, slot: TrainingSlot, offered: Sequence[TrainingSlot]) -> bool:
    others = [other.venue for other in offered if other.venue != slot.venue]
    ends = range(_SHORTEST_VENUE, len(slot.venue) + 1)
    parts = (slot.venue[end - _SHORTEST_VENUE : end] for end in ends)
    return any(part in text and not any(part in venue for venue in others) for part in parts)
