"""Protocols between the rooms: real parts and fakes stand behind the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from core.conversing import Turn
from core.feedback import OpenQuestion, Rating, RatingCount
from core.values import (
    Booking,
    BookingRequest,
    Citation,
    Course,
    Heard,
    OutboxMessage,
    Reply,
    Ticket,
    Topic,
    TrainingSlot,
    Utterance,
    VoiceState,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, with the zone Asia/Shanghai."""
        ...


class Dialogue(Protocol):
    """The dialogue server seen from a channel."""

    async def send(self, utterance: Utterance) -> list[Reply]:
        """Replies in order. Raises DialogueUnavailable after its time-out."""
        ...


class PolicyAnswerer(Protocol):
    """Answers questions about the notices in force."""

    def ask(self, question: str, *, topic: Topic | None = None, kind: str | None = None) -> Reply:
        """A verified reply. `kind`: the intent the dialogue found, a hint only.

        Never raises for what a person typed: an empty or huge question gets a clear reply.
        """
        ...

    def nearest(self, question: str) -> Citation | None:
        """The sentence that comes nearest, whether or not it answers it: for staff alone."""
        ...


class TrainingPlaces(Protocol):
    """Courses, dates and bookings. Writes are atomic and idempotent by key."""

    def courses(self) -> tuple[Course, ...]: ...

    def slots(
        self,
        *,
        course: str | None = None,
        city: str | None = None,
        day: date | None = None,
        after: datetime | None = None,
        with_free_place: bool = False,
    ) -> tuple[TrainingSlot, ...]:
        """Open slots that have not begun, by start time. `course` is the course's name."""
        ...

    def slot(self, slot_id: str) -> TrainingSlot:
        """Raises UnknownSlot."""
        ...

    def book(self, request: BookingRequest) -> Booking:
        """Confirms one place. The same key returns the same booking.

        Raises UnknownSlot, SlotFull, SlotClosed, OverlappingBooking, AlreadyBooked,
        InvalidDetails, StoreUnavailable.
        """
        ...

    def join_waitlist(self, request: BookingRequest) -> Booking:
        """Puts the person at the end of the slot's waitlist. Idempotent by key."""
        ...

    def bookings_of(
        self, *, conversation: str | None = None, phone: str | None = None
    ) -> tuple[Booking, ...]:
        """Live bookings (not cancelled, not begun), by start time.

        By phone alone only for the operator and the staff desk; a caller proves a booking with
        `find` or `find_by_person`.
        """
        ...

    def find(self, reference: str, *, phone: str, attempt_by: str) -> Booking:
        """Reference plus phone (all 11 digits or its last four). Attempts are limited.

        Raises UnknownBooking, TooManyAttempts.
        """
        ...

    def find_by_person(self, name: str, *, phone: str, attempt_by: str) -> tuple[Booking, ...]:
        """All 11 digits plus the name, for who has no reference. Attempts are limited.

        Raises UnknownBooking, TooManyAttempts, InvalidDetails.
        """
        ...

    def cancel(self, reference: str, *, key: str, by: str = "person") -> Booking:
        """Cancels; a freed place is offered to the waitlist. Idempotent."""
        ...

    def reschedule(
        self,
        reference: str,
        slot_id: str,
        *,
        key: str,
        by: str = "person",
        allow_overlap: bool = False,
    ) -> Booking:
        """Moves to another slot in one step, or changes nothing. Raises like `book`."""
        ...

    def amend(
        self,
        reference: str,
        *,
        name: str | None = None,
        phone: str | None = None,
        companion: bool | None = None,
        access_needs: tuple[str, ...] | None = None,
        key: str,
        by: str = "person",
    ) -> Booking:
        """Changes the details given of a live booking, waitlisted or seated. Idempotent by key.

        Raises UnknownBooking, AlreadyBooked, SlotClosed, InvalidDetails.
        """
        ...

    def hold(self, request: BookingRequest) -> Booking:
        """Keeps a place for some minutes; `confirm` makes it a booking. Raises like `book`."""
        ...

    def confirm(self, reference: str, *, key: str, by: str = "person") -> Booking:
        """Accepts a hold or a waitlist's offer. Raises HoldExpired, UnknownBooking."""
        ...


class Tickets(Protocol):
    """Wishes for a person. Kept even when nobody is there."""

    def open(
        self, *, conversation: str, channel: str, topic: str, summary: str, urgent: bool = False
    ) -> Ticket:
        """One open ticket per conversation: a second call adds to its summary."""
        ...

    def waiting(self) -> tuple[Ticket, ...]:
        """Not closed: urgent ones first, then the oldest."""
        ...

    def get(self, ticket_id: str) -> Ticket:
        """Raises UnknownTicket."""
        ...


class Outbox(Protocol):
    """Messages that wait for their channel. Kept until delivered, at least once each."""

    def due(self, channel: str, *, limit: int = 20) -> tuple[OutboxMessage, ...]:
        """Messages to deliver now, leased to the caller for a minute; none in quiet hours,
        except about a course that begins soon."""
        ...

    def delivered(self, message_id: int) -> None: ...

    def for_staff(self, pushed: frozenset[str]) -> tuple[OutboxMessage, ...]:
        """What no channel of `pushed` delivers and still matters: somebody telephones."""
        ...

    def failed(self, message_id: int, error: str) -> None:
        """Tries again later, and after several times leaves it to staff. `error`: a code."""
        ...


class Conversations(Protocol):
    """What pages show of conversations, shared by all gateways. Calls may block, and raise
    StoreUnavailable. The dialogue keeps its own state; losing this loses no booking."""

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """Oldest first, at most the last few dozen."""
        ...

    def claim(self, conversation: str, message_id: str) -> bool:
        """Whether the caller may send this message: True for one caller only, until `add`,
        `release`, or a while in which neither came."""
        ...

    def release(self, conversation: str, message_id: str) -> None:
        """It was not handled: the same id may be claimed again."""
        ...

    def add(self, conversation: str, turn: Turn) -> Turn:
        """Keeps a finished turn, once for each message id; returns it with its number."""
        ...

    def forget(self, conversation: str) -> None: ...


class FeedbackBook(Protocol):
    """Ratings and open questions, without the people behind them. Raises StoreUnavailable."""

    def rate(self, conversation: str, message_id: str, rating: Rating) -> None:
        """Once for an answer: a later rating takes the place of the one before."""
        ...

    def keep_question(self, conversation: str, message_id: str, question: OpenQuestion) -> None:
        """Once for a message, with the person taken out of it."""
        ...

    def ratings(self, since: date) -> tuple[RatingCount, ...]: ...

    def questions(self, since: date) -> tuple[OpenQuestion, ...]:
        """Oldest first. `core.feedback.grouped` puts them together."""
        ...


class VoiceService(Protocol):
    """The server's ears and mouth, for channels whose people are elsewhere."""

    async def state(self) -> VoiceState: ...

    async def hear(self, recording: bytes, kind: str) -> Heard:
        """`kind`: its media type. Raises VoiceUnavailable; `details["reason"]` is a code."""
        ...

    async def say(self, text: str) -> tuple[bytes, str]:
        """A sound and its media type. Raises VoiceUnavailable."""
        ...


class Recogniser(Protocol):
    """One utterance's worth of speech recognition. 16-bit mono PCM at `rate`."""

    rate: int
    """Hertz."""

    def feed(self, pcm: bytes) -> None: ...

    def partial(self) -> str: ...

    def result(self) -> Sequence[str]:
        """Best reading first; empty when nothing was heard. Resets for the next utterance."""
        ...


class Speaker(Protocol):
    """Text to 16-bit mono PCM."""

    rate: int
    """Hertz of what `synthesise` yields."""

    def synthesise(self, text: str) -> Iterable[bytes]:
        """Chunks as they are made. Raises VoiceUnavailable."""
        ...

    def stop(self) -> None:
        """Ends the running synthesis; safe from another thread."""
        ...
