"""Which one of several: 第二个, 选三, 最后一个, 倒数第二个, a bare 2."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.spoken.numbers import NUMERAL, read_number

_COUNTED = "[个条项门期班场家位节次页款]"
_BACKWARDS = re.compile(rf"倒数第?({NUMERAL}){_COUNTED}?")
_LAST = re.compile(rf"(?:最后|末尾|最末)(?:那|的)?一?{_COUNTED}|末{_COUNTED}|最后那个|垫底那个")
_NTH = re.compile(rf"第\s?({NUMERAL}){_COUNTED}?|[选要就挑]\s?({NUMERAL})(?:号(?!码))?$")
_FIRST = re.compile(rf"头一?{_COUNTED}|头里那个|最前面那个|打头那个")
_BARE = re.compile(rf"(?:就|选|那就|我选|我要|要)?\s*({NUMERAL})\s*(?:吧|呗|啊|号吧)?[。.]?")


@dataclass(frozen=True)
class Ordinal:
    """`position` counts from 1; from the end with -1 for the last."""

    position: int
    start: int
    end: int

    def index(self, length: int) -> int | None:
        """Where it stands in a list of `length`, from 0; None outside of it."""
        index = self.position - 1 if self.position > 0 else length + self.position
        return index if 0 <= index < length else None


def find_ordinals(text: str) -> tuple[Ordinal, ...]:
    """All positions that are named, in order."""
    bare = _BARE.fullmatch(text.strip())
    if bare and (number := read_number(bare[1])) and number <= 50:
        return (Ordinal(number, 0, len(text)),)
    found: list[Ordinal] = []
    for match in _BACKWARDS.finditer(text):
        found.append(Ordinal(-(read_number(match[1]) or 1), *match.span()))
    for match in _LAST.finditer(text):
        found.append(Ordinal(-1, *match.span()))
    for match in _FIRST.finditer(text):
        found.append(Ordinal(1, *match.span()))
    for match in _NTH.finditer(text):
        number = read_number(match[1] or match[2])
        if number and not any(o.start < match.end() and match.start() < o.end for o in found):
            found.append(Ordinal(number, *match.span()))
    return tuple(sorted(found, key=lambda o: o.start))


def parse_ordinal(text: str) -> Ordinal | None:
    """The last position named, since people mend themselves at the end; or None."""
    found = find_ordinals(text)
    return found[-1] if found else None
