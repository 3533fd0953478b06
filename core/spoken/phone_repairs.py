"""One number put right after it was read back: 尾号是四四, 中间四位错了，是0031, 第四位是5."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.spoken.numbers import NUMERAL, read_number
from core.spoken.phones import MOBILE, digit_runs, mended_digits
from core.spoken.phones import parse_phone as hear_phone

_WRONG = r"(?:[我你给]?(?:记|说|报|写|弄|听|念|登)?(?:错|差|反|混)了?|不对|有误)"
_IS = (
    rf"(?:数字?|号码?|那[几段些块]?(?:个数|位)?|这几位|的|{_WRONG}|[，,。\s]|应该|得|改成|改为|换成"
    r"|不[是叫]\s*\d{1,8}[，,。\s]*而?|是|为|:|：)*"
)
_HEAD = re.compile(
    rf"(?:最?前[面头边]?|开头|打头|头)(?:的|这|那)?(?:{NUMERAL}|[俩仨])?(?:位|个)?{_IS}$"
)
_MIDDLE = re.compile(
    rf"(?:中间|当间|当中|中段)(?:的|这|那)?(?:{NUMERAL}|[俩仨])?(?:位|个|段)?{_IS}$"
)
_NTH = re.compile(rf"(?P<back>倒数)?第(?P<n>{NUMERAL})(?:位|个数?字?){_IS}$")
_HERE = re.compile(
    rf"(?:那[段块儿里]|那[几两三四]位|这[几段块])?{_WRONG}[，,。\s]*(?:应该)?(?:是|改成)?$"
)
_SWAPPED = re.compile(
    r"(?:最?[后末][面头尾]?|尾号?)(?:的|那)?(?:[两俩二2])(?:位|个)(?:数字?)?[^\d，,]{0,4}(?:反|颠倒|倒)"
)
_AT_LAST = re.compile(
    r"(?:(?:不对|不是|错|记错|说错|听错)(?:了|啦|的)?[，,。\s]*)+(?:应该)?(?:是)?\s*(\d{3,4})[。]?"
)
_DIGITS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
_MIDDLE_AT = 3


def mended_phone(phone: str, text: str, *, read_back: bool = False) -> str:
    """The mobile number with other digits in it; empty where nothing said fits it.

    A tail (后四位是8132) takes the place of the last digits, 前三位 of the first ones; the wrong
    ones of 不是8123，是8132 must stand in the number. `read_back`: it was just read out, so that
    不对，是8132 needs no word for where.
    """
    if not phone:
        return ""
    ways: tuple[Callable[[str, str], str], ...] = (_swapped, _tail, _instead, _placed)
    for way in (*ways, _bare) if read_back else ways:
        mended = way(phone, text)
        if mended and MOBILE.fullmatch(mended):
            return mended
    return ""


def _tail(phone: str, text: str) -> str:
    said = hear_phone(text)
    return phone[: -len(said.digits)] + said.digits if said and said.form == "tail" else ""


def _instead(phone: str, text: str) -> str:
    instead = mended_digits(text)
    if instead and len(instead[0]) == len(instead[1]) and phone.count(instead[0]) == 1:
        return phone.replace(*instead)
    return ""


def _placed(phone: str, text: str) -> str:
    """Digits with a word for where they stand: the first ones, the middle, the fourth."""
    runs = list(digit_runs(text))
    for (digits, start, _), before in zip(runs, _befores(text, runs), strict=True):
        lead = text[:start]
        if nth := _NTH.search(lead):
            number = read_number(nth["n"]) or 0
            at = len(phone) - number if nth["back"] else number - 1
            if len(digits) == 1 and 0 <= at < len(phone):
                return phone[:at] + digits + phone[at + 1 :]
        elif _MIDDLE.search(lead) and len(digits) == 4:
            return phone[:_MIDDLE_AT] + digits + phone[_MIDDLE_AT + 4 :]
        elif _HEAD.search(lead) and 2 <= len(digits) <= 8:
            return digits + phone[len(digits) :]
        elif before and len(before) == len(digits) and phone.count(before) == 1:
            if _HERE.search(lead):
                return phone.replace(before, digits)
    return ""


def _befores(text: str, runs: list[tuple[str, int, int]]) -> Iterator[str]:
    """For each run of digits the one before it: 8123那段错了，是8132."""
    yield from ["", *(digits for digits, _, _ in runs)][: len(runs)]


def _swapped(phone: str, text: str) -> str:
    """最后两位反了."""
    said = re.sub(r"\s+", "", text)
    return phone[:-2] + phone[:-3:-1] if _SWAPPED.search(said) else ""


def _bare(phone: str, text: str) -> str:
    bare = _AT_LAST.fullmatch(text.strip().translate(_DIGITS))
    return phone[: -len(bare[1])] + bare[1] if bare else ""
