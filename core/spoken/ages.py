"""Ages and head counts: 五十八岁, 我六十多了, 六八年生人, 两个人."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.spoken.numbers import NUMERAL, read_number

_AGE = re.compile(rf"({NUMERAL})(多|来)?\s*(?:周岁|岁|虚岁)")
_TODAY = re.compile(rf"(?:今年|我都?|年龄|岁数|年纪)(?:是|:|：)?\s*({NUMERAL})(多|来)?(?:了|啦|$)")
_BORN = re.compile(r"(\d{4}|\d{2}|[零一二三四五六七八九〇]{2,4})年(?:的|生人?|出生|属)")
_COUNT = re.compile(rf"({NUMERAL}|俩|仨)\s*(?:个?人|口人|位|个名额)|([俩仨])(?=$|[，。,. ])")


@dataclass(frozen=True)
class Amount:
    """A whole number that was said; `exact` is False for 六十多."""

    value: int
    start: int
    end: int
    exact: bool = True


def find_ages(text: str, today: date) -> tuple[Amount, ...]:
    """Ages from 1 to 120; a year of birth is counted up to `today`'s year."""
    found: list[Amount] = []
    for pattern in (_AGE, _TODAY):
        for match in pattern.finditer(text):
            age = read_number(match[1])
            if age and 1 <= age <= 120 and not any(a.end > match.start() for a in found):
                found.append(Amount(age, *match.span(), exact=not match[2]))
    if found:
        return tuple(found)
    for match in _BORN.finditer(text):
        year = read_number(match[1])
        if year is not None and year < 100:
            year += 1900 if year > today.year % 100 else 2000
        if year and 1 <= today.year - year <= 120:
            found.append(Amount(today.year - year, *match.span(), exact=False))
    return tuple(found)


def find_counts(text: str) -> tuple[Amount, ...]:
    """Heads: 两个人, 俩, 3位."""
    found = []
    for match in _COUNT.finditer(text):
        number = read_number(match[1] or match[2])
        if number and number <= 100:
            found.append(Amount(number, *match.span()))
    return tuple(found)
