"""The values that cross the borders between rooms. All are frozen; times carry a zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What a reply is. Source: the dialogue door's contract."""

    ANSWER = "answer"
    PARTIAL = "partial"
    ABSTAIN = "abstain"
    CORRECTION = "correction"
    OUT_OF_SCOPE = "out_of_scope"
    SAFETY = "safety"
    BOOKING = "booking"
    ELIGIBILITY = "eligibility"
    HANDOVER = "handover"


class Reason(str, Enum):
    """Why an answer is partial or withheld: which kind of silence it is."""

    NOT_IN_TEXT = "not_in_text"
    AMOUNT_NOT_STATED = "amount_not_stated"
    ABRIDGED = "abridged"
    DEFERRED = "deferred"
    OTHER_REGION = "other_region"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True)
class Citation:
    """Where a statement stands. `quote` is verbatim in the document."""

    document: str
    """文号, such as 吉政办发〔2025〕16号."""
    clause: str
    """Clause path, such as 二（三）7, 文件头 or 前言."""
    title: str
    quote: str


@dataclass(frozen=True)
class Topic:
    """What the turn before was about, so that an ellipsis finds its subject."""

    question: str
    document: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Choice:
    """One thing a person may pick: read aloud, shown as a button or as a number."""

    label: str
    payload: str
    """What is sent to the dialogue when picked; at most 64 bytes of UTF-8."""


@dataclass(frozen=True)
class Reply:
    """One message to a person, the same facts on every channel."""

    text: str
    kind: Kind | None = None
    reason: Reason | None = None
    citations: tuple[Citation, ...] = ()
    speech: str | None = None
    """What a voice says where it differs from `text`."""
    choices: tuple[Choice, ...] = ()
    topic: Topic | None = None
    """For the next turn; never shown."""

    def custom(self) -> dict[str, Any]:
        """The `custom` object of the dialogue door."""
        body: dict[str, Any] = {
            "kind": self.kind.value if self.kind else None,
            "reason": self.reason.value if self.reason else None,
            "citations": [
                {"document": c.document, "clause": c.clause, "title": c.title, "quote": c.quote}
                for c in self.citations
            ],
            "speech": self.speech or self.text,
        }
        return body

    @classmethod
    def from_custom(
        cls, text: str, custom: Mapping[str, Any], choices: tuple[Choice, ...] = ()
    ) -> Reply:
        """The inverse of `custom`. Unknown kinds and reasons become None, never an error."""
        kinds = {k.value: k for k in Kind}
        reasons = {r.value: r for r in Reason}
        citations = tuple(
            Citation(
                str(c.get("document", "")),
                str(c.get("clause", "")),
                str(c.get("title", "")),
                str(c.get("quote", "")),
            )
            for c in custom.get("citations") or ()
        )
        return cls(
            text=text,
            kind=kinds.get(str(custom.get("kind"))),
            reason=reasons.get(str(custom.get("reason"))),
            citations=citations,
            speech=custom.get("speech") or None,
            choices=choices,
        )

    def with_text(self, text: str, speech: str | None = None) -> Reply:
        return replace(self, text=text, speech=speech)


@dataclass(frozen=True)
class Utterance:
    """What a person said or wrote, on whichever channel."""

    text: str
    conversation: str
    """The dialogue server's sender id; opaque, carries no name or phone."""
    channel: str
    """terminal, voice, web, telegram, wechat, desk."""
    alternatives: tuple[str, ...] = ()
    """Other readings by a recogniser, best first, without `text`."""
    message_id: str = ""
    """The channel's own id; a redelivery carries the same one."""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """What ears made of a recording."""

    text: str
    """Empty where nothing was understood."""
    alternatives: tuple[str, ...] = ()
    """Other readings, best first."""
    confidence: float | None = None
    """0 to 1, or None where the engine tells none."""


@dataclass(frozen=True)
class VoiceState:
    """What a server can do with sound."""

    ears: bool = False
    mouth: bool = False


@dataclass(frozen=True)
class Course:
    id: str
    name: str
    sample: bool = False
    """True for the courses that ship with the product to try it out."""


@dataclass(frozen=True)
class TrainingSlot:
    """One date of one course with places to book."""

    id: str
    course: str
    city: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    """Places in all, at least 0."""
    free: int = 0
    """Places left when it was read, never negative."""
    access: tuple[str, ...] = ()
    """Access features of the venue: 轮椅通道, 手语翻译, 盲文材料…"""
    audience: tuple[str, ...] = ()
    """Whom it is for; empty: for everybody."""
    status: str = "open"
    """open or cancelled."""
    sample: bool = False


class BookingStatus(str, Enum):
    HELD = "held"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class BookingRequest:
    """Everything one booking needs; asked for as little as possible."""

    slot_id: str
    name: str
    phone: str
    """11 digits, or empty where a person has none and staff will call back."""
    conversation: str
    channel: str
    key: str
    """Idempotency key: the same key books once, whoever redelivers it."""
    companion: bool = False
    access_needs: tuple[str, ...] = ()
    booked_by: str = "self"
    """self, family or staff."""
    consent: bool = True
    """The person (or who speaks for them) agreed to the booking and to storing name and phone."""
    allow_overlap: bool = False
    """True once the person confirmed that two bookings at the same time are meant."""


@dataclass(frozen=True)
class Booking:
    reference: str
    """Speakable, typable, with a check character."""
    slot: TrainingSlot
    name: str
    phone: str
    status: BookingStatus
    companion: bool
    access_needs: tuple[str, ...]
    channel: str
    created_at: datetime
    waitlist_position: int | None = None
    """1 for the first in line; None when not waitlisted."""
    booked_by: str = "self"
    held_until: datetime | None = None
    """When a held place is given on; None for every other status."""
    offered: bool = False
    """True for a place held for somebody from the waitlist, until they accept."""
    sequence: int = 0
    """How often the booking changed, for calendars (ICS SEQUENCE)."""


@dataclass(frozen=True)
class Ticket:
    """A wish for a person: kept whether or not somebody is there."""

    id: str
    conversation: str
    channel: str
    topic: str
    """asked, failed_twice, safety, anger, name_later."""
    summary: str
    urgent: bool
    status: str
    """open, taken or closed."""
    created_at: datetime
    taken_by: str = ""
    """The account at the desk that talks to the person now; meanwhile the assistant is silent."""


@dataclass(frozen=True)
class OutboxMessage:
    """Something a person must hear outside a conversation's turn; delivered at least once."""

    id: int
    kind: str
    """reminder, offer, offer_expired, slot_changed or slot_cancelled."""
    channel: str
    conversation: str
    booking: Booking
    """As it is now, not as it was when the message was made."""
    attempts: int = 0
    """Deliveries that failed before."""
