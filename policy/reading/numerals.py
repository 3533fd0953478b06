"""Chinese numerals and dates as official documents write them."""

from __future__ import annotations

import re
from datetime import date

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "两": 2}
_FULLWIDTH = str.maketrans("０１２３４５６７８９", "0123456789")

NUMERAL = "[一二三四五六七八九十百零〇○两]+"
_YEAR = r"(?:\d{4}|[一二三四五六七八九零〇○Ｏ]{4})"
DATE = re.compile(
    rf"(?P<y>{_YEAR})\s*年\s*(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月"
    rf"\s*(?P<d>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*日"
)
_NUMERIC_DATE = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")


def to_int(numeral: str) -> int:
    """十五 → 15, 二〇二五 → 2025, 12 → 12. Raises ValueError on anything else."""
    numeral = numeral.translate(_FULLWIDTH)
    if numeral.isdigit():
        return int(numeral)
    if len(numeral) > 1 and all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, current = 0, 0
    for c in numeral:
        if c in _DIGITS:
            current = _DIGITS[c]
        elif c in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            current = 0
        else:
            raise ValueError(numeral)
    return total + current


def first_date(text: str, *, numeric: bool = False) -> date | None:
    """The first full date of the text, or None; `numeric` also reads 2025-11-24."""
    match = DATE.search(text) or (_NUMERIC_DATE.search(text) if numeric else None)
    return match_date(match) if match else None


def match_date(match: re.Match[str]) -> date | None:
    """The date of a match of DATE; None where no calendar has such a day."""
    try:
        return date(to_int(match["y"]), to_int(match["m"]), to_int(match["d"]))
    except ValueError:
        return None
