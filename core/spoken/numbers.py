"""Chinese and Arabic numerals as people say them: 二十三, 一百零五, 两万五, 23."""

from __future__ import annotations

import re

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "幺": 1,
    "两": 2,
    "俩": 2,
    "仨": 3,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

NUMERAL = r"(?:\d+|[零〇一二两三四五六七八九十百千万亿幺廿卅]+)"
"""A pattern of one numeral, to build larger ones with."""


def read_number(numeral: str) -> int | None:
    """The whole number that `numeral` says, or None. 二零二六 is read digit by digit."""
    numeral = numeral.translate(FULL_WIDTH).replace("廿", "二十").replace("卅", "三十")
    if not numeral:
        return None
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else None
    if all(char in DIGITS for char in numeral):
        return int("".join(str(DIGITS[char]) for char in numeral))
    return _read_units(numeral)


FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def _read_units(numeral: str) -> int | None:
    total = section = 0
    digit: int | None = None
    last_unit = 1
    for char in numeral:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[char]
        elif char in _UNITS:
            section += (1 if digit is None else digit or 1) * _UNITS[char]
            last_unit, digit = _UNITS[char], None
        elif char in _MYRIADS:
            total += (section + (digit or 0)) * _MYRIADS[char]
            section, last_unit, digit = 0, _MYRIADS[char], None
        else:
            return None
    if digit:
        # 两万五 leaves out the unit below: 25,000; after 零 or 十 the digit stands for itself.
        short = last_unit > 10 and not re.search(r"[零〇].$", numeral)
        section += digit * (last_unit // 10 if short else 1)
    return total + section
