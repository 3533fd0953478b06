"""One error family. The border turns `code` into a sentence or an HTTP status."""

from __future__ import annotations

from typing import Any, ClassVar


class MingluError(Exception):
    """Base of all errors that a person or a border can act on."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or self.code)
        self.details = details
        """Machine facts for the border (no names, no phones)."""


class ConfigurationError(MingluError):
    """A setting is missing or wrong; the message names the variable and the mend."""

    code = "configuration"


class BadNotice(MingluError):
    """A file that cannot be read as a notice; nothing was changed.

    `details["reason"]`: empty, too_large, damaged, encrypted, macro, old_office, picture, archive,
    wrong_type, no_text, encoding, no_clause or slow.
    """

    code = "bad_notice"


class UnknownNotice(MingluError):
    code = "unknown_notice"


class BookingError(MingluError):
    code = "booking"


class UnknownSlot(BookingError):
    code = "unknown_slot"


class SlotFull(BookingError):
    """No free place; `details["next_slots"]` holds the ids of the next ones that have."""

    code = "slot_full"


class SlotClosed(BookingError):
    """Past its deadline, already begun, or cancelled by the organiser."""

    code = "slot_closed"


class OverlappingBooking(BookingError):
    """The person holds another booking at that time; ask before booking both."""

    code = "overlapping_booking"


class AlreadyBooked(BookingError):
    """The person holds a place in that slot; `details["reference"]` names it."""

    code = "already_booked"


class HoldExpired(BookingError):
    """The place was kept for a while and is so no longer; ask for it anew."""

    code = "hold_expired"


class UnknownBooking(BookingError):
    """No booking for that reference and phone; says no more than that."""

    code = "unknown_booking"


class TooManyAttempts(BookingError):
    """Look-ups by reference and phone are limited; `details["retry_after_s"]` seconds."""

    code = "too_many_attempts"


class InvalidDetails(BookingError):
    """A name, phone or reference that cannot be right; `details["field"]` names it."""

    code = "invalid_details"


class UnknownTicket(MingluError):
    code = "unknown_ticket"


class TicketTaken(MingluError):
    """Somebody else looks after it; `details["taken_by"]` is their account."""

    code = "ticket_taken"


class TicketClosed(MingluError):
    code = "ticket_closed"


class UnknownOrder(MingluError):
    code = "unknown_order"


class InvalidAccount(MingluError):
    """A name or password that an account cannot have; the message says why."""

    code = "invalid_account"


class BadImport(MingluError):
    """A file with lines that cannot be taken; nothing was changed.

    `details["problems"]`: a list of (line number, what is wrong). For who says it in other words,
    `details["codes"]`: a list of (line number, code, facts), or `details["reason"]` of the file.
    """

    code = "bad_import"


class StoreUnavailable(MingluError):
    """The database is locked, full or away; nothing was changed."""

    code = "store_unavailable"


class DialogueUnavailable(MingluError):
    """The dialogue server does not answer; the message was not handled."""

    code = "dialogue_unavailable"


class VoiceUnavailable(MingluError):
    """No microphone, sound card, voice or model; the message says how to mend it."""

    code = "voice_unavailable"
