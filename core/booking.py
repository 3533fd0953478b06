"""The rules of booking, with no clock and no store of their own. See docs/booking.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from core.errors import InvalidDetails, SlotClosed
from core.values import BookingRequest, BookingStatus, TrainingSlot

LIVE = (BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.WAITLISTED)
SEATED = (BookingStatus.HELD, BookingStatus.CONFIRMED)
"""The statuses that occupy a place."""

MAX_NAME = 40
MAX_ACCESS_NEEDS = 12
MAX_ACCESS_NEED = 60
BOOKED_BY = ("self", "family", "staff")

_MOBILE = re.compile(r"1[3-9]\d{9}")
_CHINESE_DIGITS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")


@dataclass(frozen=True)
class BookingRules:
    """How long things last. The defaults suit a county's training centre."""

    hold: timedelta = timedelta(minutes=15)
    """How long a place is kept while a person decides."""
    offer: timedelta = timedelta(hours=4)
    """How long a place is offered to the first in line, not counting quiet hours."""
    deadline: timedelta = timedelta(0)
    """How long before its start a date closes whose file names no `book_by`."""
    quiet_from: time = time(21, 0)
    """Local time from which nobody is disturbed."""
    quiet_until: time = time(8, 0)
    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=2))
    """Before the start, longest first."""
    attempts: int = 5
    """Wrong look-ups that one asker may make within `attempts_window`."""
    attempts_window: timedelta = timedelta(minutes=15)
    reference_attempts: int = 20
    """Wrong look-ups of one reference, whoever asks, within `reference_window`."""
    reference_window: timedelta = timedelta(hours=24)
    retention: timedelta = timedelta(days=180)
    """How long after a course a person's details are kept."""
    delivery_attempts: int = 8
    """Failed deliveries after which a message is left to staff."""


def parse_phone(text: str) -> str:
    """Eleven digits from what was typed or heard; empty stays empty.

    Raises InvalidDetails with `field` = phone. Takes +86, spaces, dashes, full-width and
    Chinese digits (幺 is 1).
    """
    plain = unicodedata.normalize("NFKC", text).translate(_CHINESE_DIGITS)
    digits = re.sub(r"[\s\-()·.,，、。]", "", plain)
    digits = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)
    if digits and not _MOBILE.fullmatch(digits):
        raise InvalidDetails("that is not a mobile number of 11 digits", field="phone")
    return digits


def parse_name(text: str) -> str:
    """A name with its spaces tidied. Raises InvalidDetails with `field` = name."""
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    allowed = all(unicodedata.category(c)[0] in "LM" or c in " ·•.'-" for c in name)
    if not name or len(name) > MAX_NAME or not allowed or not any(c.isalpha() for c in name):
        raise InvalidDetails("a name has letters only, at most 40", field="name")
    return name


def check_request(request: BookingRequest) -> BookingRequest:
    """The request with name, phone and access needs in their stored form.

    Raises InvalidDetails; `details["field"]` names what is wrong.
    """
    if not request.consent:
        raise InvalidDetails("nothing is stored without consent", field="consent")
    if not request.key.strip():
        raise InvalidDetails("a booking needs a key, so that it is made once", field="key")
    if not request.conversation.strip() and not request.phone.strip():
        raise InvalidDetails("a booking needs a phone or a conversation", field="phone")
    if request.booked_by not in BOOKED_BY:
        raise InvalidDetails("booked_by is self, family or staff", field="booked_by")
    return replace(
        request,
        name=parse_name(request.name),
        phone=parse_phone(request.phone),
        access_needs=check_needs(request.access_needs),
    )


def check_needs(access_needs: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order. Raises InvalidDetails with `field` = access_needs."""
    needs = tidy(access_needs)
    if len(needs) > MAX_ACCESS_NEEDS or any(len(n) > MAX_ACCESS_NEED for n in needs):
        raise InvalidDetails("too many or too long access needs", field="access_needs")
    return needs


def check_bookable(slot: TrainingSlot, now: datetime, book_by: datetime | None = None) -> None:
    """Raises SlotClosed with `reason` cancelled, begun or deadline."""
    if slot.status != "open":
        raise SlotClosed("the organiser cancelled it", slot_id=slot.id, reason="cancelled")
    if now >= slot.starts_at:
        raise SlotClosed("it has begun", slot_id=slot.id, reason="begun")
    if book_by is not None and now >= book_by:
        raise SlotClosed("booking has closed", slot_id=slot.id, reason="deadline")


def overlaps(one: TrainingSlot, other: TrainingSlot) -> bool:
    """Whether nobody could sit in both: the ends may touch."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def phone_matches(stored: str, given: str) -> bool:
    """All eleven digits, or the last four. An empty phone proves nothing."""
    try:
        whole = parse_phone(given)
    except InvalidDetails:
        plain = unicodedata.normalize("NFKC", given).translate(_CHINESE_DIGITS)
        digits = re.sub(r"\D", "", plain)
        return len(digits) == 4 and bool(stored) and stored.endswith(digits)
    return bool(whole) and whole == stored


def is_quiet(at: datetime, rules: BookingRules) -> bool:
    """Whether `at`, in local time, lies in the hours when nobody is disturbed."""
    clock = at.time().replace(tzinfo=None)
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= clock < rules.quiet_until
    return clock >= rules.quiet_from or clock < rules.quiet_until


def after_quiet(at: datetime, rules: BookingRules) -> datetime:
    """`at`, or the next end of the quiet hours where `at` lies in them."""
    if not is_quiet(at, rules):
        return at
    end = at.replace(
        hour=rules.quiet_until.hour, minute=rules.quiet_until.minute, second=0, microsecond=0
    )
    return end if end > at else end + timedelta(days=1)


def offer_until(now: datetime, closes: datetime, rules: BookingRules) -> datetime:
    """When an offer made now ends: the quiet hours do not eat it, the deadline does."""
    start = after_quiet(now, rules)
    end = start + rules.offer
    if is_quiet(end, rules):
        end = after_quiet(end, rules)
    return min(end, closes)


def reminder_times(starts_at: datetime, rules: BookingRules) -> tuple[datetime, ...]:
    """When to remind; one that falls into quiet hours goes out before them."""
    return tuple(_before_quiet(starts_at - ahead, rules) for ahead in rules.reminders)


def _before_quiet(at: datetime, rules: BookingRules) -> datetime:
    if not is_quiet(at, rules):
        return at
    begin = at.replace(
        hour=rules.quiet_from.hour, minute=rules.quiet_from.minute, second=0, microsecond=0
    ) - timedelta(minutes=30)
    return begin if begin < at else begin - timedelta(days=1)


def tidy(values: Iterable[str]) -> tuple[str, ...]:
    """Stripped, without empties and repeats, in order."""
    return tuple(dict.fromkeys(v.strip() for v in values if v.strip()))
