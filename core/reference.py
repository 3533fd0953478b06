"""Booking references that survive a telephone line, a keypad and a tired ear.

Nine digits in three groups, such as 235-078-623. The alphabet has seven digits:

- 1 is out: 一 (yī) and 七 (qī) are the pair that Mandarin speakers mishear most;
- 9 is out: 九 (jiǔ) rhymes with 六 (liù);
- 4 is out: 四 (sì) and 十 (shí) merge in much of the country, and many would rather not be 四;
- letters are out: no keypad has them, and a Mandarin recogniser hears them badly.

What is left (0 2 3 5 6 7 8) has no two digits that look or sound alike. Seven is prime, so one
check digit over GF(7) finds every single wrong digit and every swap of two neighbours. As no
reference has a 1, none can be taken for a mobile number.
"""

from __future__ import annotations

import re

ALPHABET = "0235678"
PAYLOAD = 8
LENGTH = PAYLOAD + 1
CAPACITY = len(ALPHABET) ** PAYLOAD
"""How many references there are: 5,764,801."""

_BASE = len(ALPHABET)
# Powers of 3, a primitive root of 7: neighbours differ, so a swap never cancels out.
_WEIGHTS = tuple(pow(3, place, _BASE) for place in range(LENGTH))
_SPOKEN = {
    **{digit: digit for digit in ALPHABET},
    "零": "0", "〇": "0", "○": "0", "洞": "0", "O": "0", "o": "0",
    "二": "2", "两": "2", "俩": "2", "贰": "2",
    "三": "3", "叁": "3", "五": "5", "伍": "5", "六": "6", "陆": "6",
    "七": "7", "柒": "7", "拐": "7", "八": "8", "捌": "8",
    # What is not in the alphabet can only be a mishearing of its sound-alike.
    "1": "7", "一": "7", "幺": "7", "壹": "7", "9": "6", "九": "6", "玖": "6",
}  # fmt: skip
_SPOKEN.update({chr(ord("０") + int(d)): _SPOKEN[d] for d in "01235678" + "9"})
_NAMES = dict(zip(ALPHABET, "零二三五六七八", strict=True))
_FILLER = r"[\s\-－—–_·.。,，、的杠]*"
_RUN = re.compile(f"(?:[{''.join(_SPOKEN)}4四肆４]{_FILLER})+")


def make_reference(number: int) -> str:
    """The reference of a number, with its check digit: `235-078-623`.

    `number`: 0 ≤ number < CAPACITY, drawn at random by the caller. Raises ValueError.
    """
    if not 0 <= number < CAPACITY:
        raise ValueError(f"a reference's number lies from 0 to {CAPACITY - 1}")
    digits = []
    for _ in range(PAYLOAD):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    # The last weight times the check digit brings the sum to zero.
    total = sum(w * d for w, d in zip(_WEIGHTS, digits, strict=False)) % _BASE
    digits.append(-total * pow(_WEIGHTS[PAYLOAD], -1, _BASE) % _BASE)
    return _grouped("".join(ALPHABET[d] for d in digits))


def is_valid(reference: str) -> bool:
    """Whether nine characters of the alphabet, without separators, pass the check."""
    if len(reference) != LENGTH or any(c not in ALPHABET for c in reference):
        return False
    values = (ALPHABET.index(c) for c in reference)
    return sum(w * v for w, v in zip(_WEIGHTS, values, strict=True)) % _BASE == 0


def parse_reference(text: str) -> str | None:
    """The reference somewhere in what was typed or heard, as `235-078-623`; None if there is none.

    Takes full-width and Chinese digits, spaces and dashes; 一 is read as 七 and 九 as 六, which
    the alphabet allows because neither 1 nor 9 is in it. A phone number is never taken for one.
    """
    for run in _RUN.finditer(text):
        heard = [c for c in run.group() if c in _SPOKEN or c in "4四肆４"]
        if len(heard) != LENGTH or any(c not in _SPOKEN for c in heard):
            continue
        digits = "".join(_SPOKEN[c] for c in heard)
        if is_valid(digits):
            return _grouped(digits)
    return None


def spell(reference: str) -> str:
    """For the ear, group by group: `二三五，零七八，六二三`."""
    return "，".join("".join(_NAMES[c] for c in group) for group in reference.split("-"))


def _grouped(digits: str) -> str:
    return "-".join(digits[at : at + 3] for at in range(0, LENGTH, 3))
