"""Booking for a caller, by the same rules as everywhere: read back, agreed to, then made."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.booking import check_request
from core.errors import (
    AlreadyBooked,
    BookingError,
    InvalidDetails,
    OverlappingBooking,
    SlotFull,
    TooManyAttempts,
    UnknownSlot,
)
from core.spoken.access import KNOWN_NEEDS
from core.values import Booking, BookingRequest, BookingStatus, TrainingSlot

CHANNEL = "desk"


@dataclass(frozen=True)
class Wanted:
    """What the form asks for, as it was typed."""

    slot_id: str
    name: str
    phone: str
    needs: tuple[str, ...]
    companion: bool
    key: str
    """Made once for a form: sent twice, it books once."""

    @classmethod
    def read(cls, visit: Visit) -> Wanted:
        return cls(
            visit.text("slot", 64),
            visit.text("name", 80),
            visit.text("phone", 40),
            visit.texts("need", 60),
            visit.text("companion") == "1",
            visit.text("key", 64) or uuid.uuid4().hex,
        )

    def request(self, *, consent: bool, allow_overlap: bool = False) -> BookingRequest:
        return BookingRequest(
            slot_id=self.slot_id,
            name=self.name,
            phone=self.phone,
            conversation=f"desk-{self.key}",
            channel=CHANNEL,
            key=self.key,
            companion=self.companion,
            access_needs=self.needs,
            booked_by="staff",
            consent=consent,
            allow_overlap=allow_overlap,
        )


class Bookings:
    def __init__(self, services: DeskServices, views: DeskViews) -> None:
        self._places = services.places
        self._orders = services.orders
        self._views = views

    def show(self, visit: Visit) -> Response:
        return self._page(visit)

    def check(self, visit: Visit) -> Response:
        """Reads everything back before anything is kept."""
        wanted = Wanted.read(visit)
        try:
            # Consent is asked for on the page that this makes.
            request = check_request(wanted.request(consent=True))
            slot = self._places.slot(wanted.slot_id)
        except (InvalidDetails, UnknownSlot) as error:
            return self._page(visit, wanted=wanted, trouble=self._said(error))
        if not slot.free:
            return self._full(visit, wanted, slot, {})
        return self._read_back(visit, wanted, request, slot)

    def confirm(self, visit: Visit) -> Response:
        """Books, or says why not and what else there is."""
        wanted, agreed = Wanted.read(visit), visit.text("consent") == "1"
        request = wanted.request(consent=agreed, allow_overlap=visit.text("overlap") == "1")
        try:
            slot = self._places.slot(wanted.slot_id)
            checked = check_request(wanted.request(consent=True))
            if not agreed:
                trouble = self._views.trouble("no_consent")
                return self._read_back(visit, wanted, checked, slot, trouble=trouble)
            if visit.text("waitlist") == "1":
                booking = self._places.join_waitlist(request)
            else:
                booking = self._places.book(request)
        except SlotFull as error:
            return self._full(visit, wanted, slot, error.details)
        except OverlappingBooking:
            return self._read_back(visit, wanted, checked, slot, overlap=True)
        except AlreadyBooked as error:
            trouble = self._said(error)
            return self._read_back(visit, wanted, checked, slot, trouble=trouble)
        except BookingError as error:
            return self._page(visit, wanted=wanted, trouble=self._said(error))
        visit.about(booking.reference)
        self._orders.add_booking(visit.member.name, booking.reference)
        return self._found(visit, booking, made=True)

    def find(self, visit: Visit) -> Response:
        """By reference and phone, as a caller proves it; wrong tries are counted."""
        booking, trouble = self._proved(visit)
        if booking is None:
            return self._page(visit, trouble=trouble, looked_up=True)
        visit.about(booking.reference)
        return self._found(visit, booking)

    def cancel(self, visit: Visit) -> Response:
        booking, trouble = self._proved(visit)
        if booking is None:
            return self._page(visit, trouble=trouble, looked_up=True)
        visit.about(booking.reference)
        if visit.text("sure") != "1":
            return self._found(visit, booking, trouble=self._views.trouble("not_sure"))
        key = f"desk-cancel-{booking.reference}-{booking.sequence}"
        return self._found(visit, self._places.cancel(booking.reference, key=key, by="staff"))

    def accept(self, visit: Visit) -> Response:
        """Takes the place that the waitlist holds for the caller."""
        booking, trouble = self._proved(visit)
        if booking is None:
            return self._page(visit, trouble=trouble, looked_up=True)
        visit.about(booking.reference)
        key = f"desk-accept-{booking.reference}-{booking.sequence}"
        try:
            taken = self._places.confirm(booking.reference, key=key, by="staff")
        except BookingError as error:
            return self._found(visit, booking, trouble=self._said(error))
        return self._found(visit, taken)

    def move(self, visit: Visit) -> Response:
        """To another date in one step, or nothing is changed."""
        booking, trouble = self._proved(visit)
        if booking is None:
            return self._page(visit, trouble=trouble, looked_up=True)
        visit.about(booking.reference)
        slot_id = visit.text("slot", 64)
        key = f"desk-move-{booking.reference}-{booking.sequence}-{slot_id}"
        try:
            moved = self._places.reschedule(booking.reference, slot_id, key=key, by="staff")
        except BookingError as error:
            return self._found(visit, booking, trouble=self._said(error))
        return self._found(visit, moved)

    def _proved(self, visit: Visit) -> tuple[Booking | None, str]:
        reference, phone = visit.text("reference", 40), visit.text("phone", 40)
        try:
            asker = f"desk:{visit.member.name}"
            return self._places.find(reference, phone=phone, attempt_by=asker), ""
        except TooManyAttempts as error:
            wait = error.details["retry_after_s"]
            return None, self._views.trouble(error.code, minutes=wait // 60 + 1)
        except BookingError as error:
            return None, self._said(error)

    # -- pages

    def _page(
        self,
        visit: Visit,
        *,
        wanted: Wanted | None = None,
        trouble: str = "",
        looked_up: bool = False,
    ) -> Response:
        asked = visit.request.query_params
        course, city = asked.get("course", "")[:80], asked.get("city", "")[:40]
        every = self._places.slots()
        shown = [
            slot
            for slot in every
            if (not course or slot.course == course) and (not city or slot.city == city)
        ]
        facts = {
            "slots": shown[:60],
            "more": max(0, len(shown) - 60),
            "courses": sorted({slot.course for slot in every}),
            "cities": sorted({slot.city for slot in every}),
            "course": course,
            "city": city,
            "wanted": wanted,
            "key": wanted.key if wanted else uuid.uuid4().hex,
            "needs": KNOWN_NEEDS,
            "trouble": trouble,
            "looked_up": looked_up,
        }
        return self._views.page(visit, "bookings.html", facts, 422 if trouble else 200)

    def _read_back(
        self,
        visit: Visit,
        wanted: Wanted,
        request: BookingRequest,
        slot: TrainingSlot,
        *,
        trouble: str = "",
        overlap: bool = False,
    ) -> Response:
        if overlap:
            trouble = self._views.trouble("overlapping_booking")
        facts = {
            "wanted": wanted,
            "checked": request,
            "slot": slot,
            "trouble": trouble,
            "overlap": overlap,
            "lacking": [need for need in request.access_needs if need not in slot.access],
        }
        return self._views.page(visit, "booking_check.html", facts, 422 if trouble else 200)

    def _full(
        self, visit: Visit, wanted: Wanted, slot: TrainingSlot, details: dict[str, Any]
    ) -> Response:
        named = [self._places.slot(slot_id) for slot_id in details.get("next_slots", ())]
        others = named or [
            other
            for other in self._places.slots(course=slot.course, with_free_place=True)
            if other.id != slot.id
        ]
        facts = {"wanted": wanted, "slot": slot, "others": others[:5]}
        return self._views.page(visit, "booking_full.html", facts)

    def _found(
        self, visit: Visit, booking: Booking, *, made: bool = False, trouble: str = ""
    ) -> Response:
        live = booking.status is not BookingStatus.CANCELLED
        others = [
            slot
            for slot in self._places.slots(course=booking.slot.course, with_free_place=True)
            if live and slot.id != booking.slot.id
        ]
        facts = {"booking": booking, "made": made, "live": live, "others": others[:8]}
        status = 422 if trouble else 200
        return self._views.page(visit, "booking.html", {**facts, "trouble": trouble}, status)

    def _said(self, error: BookingError) -> str:
        """The sentence for what is wrong; of details, by the field that names it."""
        if isinstance(error, InvalidDetails):
            return self._views.trouble(f"invalid_{error.details.get('field')}")
        return self._views.trouble("no_slot" if isinstance(error, UnknownSlot) else error.code)
