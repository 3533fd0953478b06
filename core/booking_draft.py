"""A booking in the making: what has been said so far, and the one question that stands open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import Enum
from typing import Any

from core.spoken.entities import Entity

OFFERED_AT_ONCE = 4
"""Alternatives named in one breath; more are not remembered by ear."""


DOUBTFUL = 0.3
"""Confidence under which an intent was right in less than half of the cases."""


class Question(str, Enum):
    """What is asked next; the values are the form's slots."""

    COURSE = "booking_course"
    SLOT = "booking_slot"
    FULL = "booking_full"
    NAME = "booking_name"
    PHONE = "booking_phone"
    NEEDS = "booking_needs"
    CONSENT = "booking_consent"
    CONFIRM = "booking_confirmed"


@dataclass(frozen=True)
class Heard:
    """One sentence as the model understood it."""

    text: str
    intent: str = ""
    entities: tuple[Entity, ...] = ()
    confidence: float = 1.0
    """How sure the classifier is of the intent, 0 to 1."""

    @property
    def doubtful(self) -> bool:
        """Whether the intent is little more than a guess: what was asked says more."""
        return self.confidence < DOUBTFUL

    def first(self, kind: str) -> Entity | None:
        return next((e for e in self.entities if e.kind == kind), None)

    def all(self, kind: str) -> tuple[Entity, ...]:
        return tuple(e for e in self.entities if e.kind == kind)


@dataclass(frozen=True)
class Note:
    """Something to tell besides the next question: `utter_booking_<event>` with `values`."""

    event: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """A booking in the making. Empty and None: not said yet."""

    course: str = ""
    slot_id: str = ""
    name: str = ""
    phone: str = ""
    phone_part: str = ""
    """Digits heard so far of a phone said in pieces."""
    phone_refused: bool = False
    last_name: str = ""
    """Who was booked before in this conversation: 还是我, 还是刚才那个电话."""
    last_phone: str = ""
    last_slot: str = ""
    """The date booked before in this conversation: 跟我同一个班."""
    companion: bool = False
    company_told: bool = False
    """Whether somebody comes along was said, unasked or asked."""
    access_needs: tuple[str, ...] = ()
    needs_settled: bool = False
    """Asked once, or said unasked."""
    city: str = ""
    day_from: str = ""
    """First day asked for, ISO; empty: open."""
    day_to: str = ""
    """Last day asked for, ISO; empty: open."""
    part_of_day: str = ""
    """morning, noon, afternoon or evening."""
    offered: tuple[str, ...] = ()
    """Course names or slot ids in the order they were last read out."""
    declined: tuple[str, ...] = ()
    """Full dates that the person did not want to wait for; offered only where nothing else fits."""
    booked_by: str = "self"
    consent: bool = True
    waitlist: bool = False
    allow_overlap: bool = False
    takes_offer: bool = False
    """No booking of its own: the place that the waitlist holds for the person is taken."""
    amends: bool = False
    """No booking of its own: the sentence puts the details of one right that stands."""
    confirmed: bool = False
    disputed: bool = False
    """The read-back was called wrong, and not yet said how: a yes is no yes to it."""
    asked: str = ""
    """The question that stands open."""
    misses: int = 0
    """Sentences in a row that brought nothing."""

    def as_json(self) -> dict[str, Any]:
        """What differs from an empty draft; `from_json` is the inverse."""
        blank = asdict(Draft())
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value != blank[key]
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Draft:
        """Unknown keys are left out: a draft outlives an update of the product."""
        known = {f.name: f for f in fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in (stored or {}).items()
            if key in known
        }
        return cls(**values)

    @property
    def narrowed(self) -> bool:
        """Whether a place or a time was asked for."""
        return bool(self.city or self.day_from or self.day_to or self.part_of_day)

    @property
    def started(self) -> bool:
        """Whether there is anything that would be a pity to lose."""
        return bool(self.asked or self.course or self.slot_id or self.name or self.phone)


@dataclass(frozen=True)
class Step:
    """What one sentence made of a draft."""

    draft: Draft
    understood: bool
    """False: the sentence had nothing for this booking."""
    notes: tuple[Note, ...] = ()
    abandoned: bool = False
