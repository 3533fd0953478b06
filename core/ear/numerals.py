"""Figures as a Mandarin speaker says them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_PHONE_DIGITS = "零幺二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_MYRIADS = ("", "万", "亿", "万亿")


def cardinal(number: int) -> str:
    """1500 as 一千五百. Takes 0 to 9999_9999_9999_9999. Raises ValueError outside."""
    if not 0 <= number < 10**16:
        raise ValueError(f"{number} is not read as a quantity")
    if number == 0:
        return "零"
    spoken = ""
    gap = False
    for power in range(len(_MYRIADS) - 1, -1, -1):
        group = number // 10 ** (4 * power) % 10_000
        if group == 0:
            gap = bool(spoken)
            continue
        if spoken and (gap or group < 1000):
            spoken += "零"
        spoken += _group(group, leading=not spoken) + _MYRIADS[power]
        gap = False
    return spoken


def _group(group: int, leading: bool) -> str:
    """Up to 9999. 两 stands before 千 and before a myriad, 二 elsewhere."""
    spoken, zero = "", False
    for power in (3, 2, 1, 0):
        digit = group // 10**power % 10
        if digit == 0:
            zero = bool(spoken)
            continue
        if zero:
            spoken += "零"
        zero = False
        if power == 1 and digit == 1 and not spoken and leading:
            spoken += "十"
        elif power == 3 and digit == 2:
            spoken += "两千"
        else:
            spoken += _DIGITS[digit] + _PLACES[power]
    return spoken


def quantity(figure: str) -> str:
    """A figure with or without a decimal part: 2.5 as 二点五, 1,500 as 一千五百."""
    whole, _, part = figure.replace(",", "").partition(".")
    spoken = cardinal(int(whole)) if len(whole) <= 16 else digits(whole)
    return f"{spoken}点{digits(part)}" if part else spoken


def digits(figures: str) -> str:
    """One by one: 2025 as 二零二五. Other characters are left out."""
    return "".join(_DIGITS[int(d)] for d in figures if d.isdigit())


def phone_digits(figures: str) -> str:
    """One by one with 幺 for 1, as phone numbers are read."""
    return "".join(_PHONE_DIGITS[int(d)] for d in figures if d.isdigit())


def in_groups(figures: str) -> str:
    """Digits in threes and fours, a breath between: 13800138000 as 幺三八，零零幺三，八零零零."""
    return "，".join(phone_digits(part) for part in grouped(figures))


def grouped(figures: str) -> list[str]:
    """The groups people use: 3-4-4 for a mobile, fours from the end for anything else."""
    if len(figures) <= 5:
        return [figures]
    if len(figures) == 6:
        return [figures[:3], figures[3:]]
    head = len(figures) % 4
    parts = [figures[:head]] if head else []
    parts += [figures[i : i + 4] for i in range(head, len(figures), 4)]
    if len(parts[0]) == 1:
        # A single digit alone sounds like a slip: it joins the group after it.
        parts[:2] = [parts[0] + parts[1]]
    return parts
