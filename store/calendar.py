"""A booking as a calendar entry that later changes find again."""

from __future__ import annotations

from datetime import datetime, timezone

from icalendar import Calendar, Event

from core.reference import spell
from core.values import Booking, BookingStatus

_STATUS = {
    BookingStatus.CONFIRMED: "CONFIRMED",
    BookingStatus.HELD: "TENTATIVE",
    BookingStatus.WAITLISTED: "TENTATIVE",
    BookingStatus.CANCELLED: "CANCELLED",
}


def booking_calendar(booking: Booking, now: datetime) -> bytes:
    """An iCalendar file (RFC 5545): one UID for good, SEQUENCE grows with each change.

    Holds no name and no phone: calendars are shared.
    """
    slot = booking.slot
    cancelled = booking.status is BookingStatus.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Minglu//Training places//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"{booking.reference}@booking.minglu")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now.astimezone(timezone.utc))
    # UTC needs no description of a time zone, which some calendars misread.
    event.add("dtstart", slot.starts_at.astimezone(timezone.utc))
    event.add("dtend", slot.ends_at.astimezone(timezone.utc))
    event.add("summary", slot.course)
    event.add("location", f"{slot.city}，{slot.venue}")
    event.add("status", _STATUS[booking.status])
    event.add("description", f"预约编号：{booking.reference}（{spell(booking.reference)}）")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
