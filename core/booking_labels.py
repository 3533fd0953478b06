"""How dates, places and numbers of a booking are written, and how a voice says them."""

from __future__ import annotations

from datetime import date, datetime

from core.values import TrainingSlot

MOBILE_DIGITS = 11
_WEEKDAYS = "一二三四五六日"


def day_label(day: date) -> str:
    """3月4日（星期三）."""
    return f"{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def moment_label(moment: datetime) -> str:
    """3月4日（星期三）上午9:00, in the moment's own zone."""
    half = "上午" if moment.hour < 12 else "下午" if moment.hour < 18 else "晚上"
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    return f"{day_label(moment.date())}{half}{hour}:{moment.minute:02d}"


def slot_label(slot: TrainingSlot, with_course: bool = False) -> str:
    """3月4日（星期三）上午9:00，长春市，省残疾人就业服务中心."""
    parts = [moment_label(slot.starts_at), slot.city, slot.venue]
    if with_course:
        parts.insert(0, slot.course)
    return "，".join(part for part in parts if part)


def phone_groups(phone: str) -> str:
    """138 0013 8000: the way people read a mobile number back."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == MOBILE_DIGITS else phone


_SPOKEN_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")


def phone_spoken(phone: str) -> str:
    """幺三八，零零幺三，八零零零."""
    return phone_groups(phone).translate(_SPOKEN_DIGITS).replace(" ", "，")


def numbered(labels: tuple[str, ...]) -> str:
    """One a line, numbered from 1."""
    return "\n".join(f"{at}. {label}" for at, label in enumerate(labels, 1))
