"""Whether a sentence that no form took puts a standing booking's details right, and whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from actions.conversation import Turn, last_messages
from core.amending import amends, as_draft, may_amend, of_the_person, take_details
from core.booking_draft import Draft, Heard
from core.change_draft import Change
from core.choosing import choose
from core.read_back import calls_wrong
from core.reference import parse_reference
from core.spoken.entities import Entity
from core.values import Booking


def wants_amendment(turn: Turn) -> bool:
    """Whether the sentence is about the details of a booking that stands.

    While another booking is in the making, what is told belongs to that one.
    """
    disputed = calls_wrong(turn.heard.text)
    if not disputed and not may_amend(turn.heard):
        return False
    stored = turn.remembered("booking_draft")
    if Draft.from_json(stored if isinstance(stored, dict) else {}).started:
        return False
    if disputed:
        return _just_told(turn)
    return amends(turn.heard, _own(turn), turn.services.clock.now().date())


def _just_told(turn: Turn) -> bool:
    """Whether a booking that stands was read out just before: 不对 is about that one."""
    said = [text for text, _ in last_messages(turn.tracker)]
    return any(b.reference in text for b in _own(turn) for text in said)


def begun_amendment(turn: Turn) -> Change | None:
    """A new amendment, of the booking that is meant; None where the sentence is none."""
    if not wants_amendment(turn):
        return None
    own = _own(turn)
    meant = _meant(turn, own)
    change = Change(
        kind="amend",
        reference=meant.reference if meant else parse_reference(turn.heard.text) or "",
        proven=meant is not None,
        told=packed(turn.heard),
    )
    return change if meant is None else replace(change, course=meant.slot.course)


def proves_too(turn: Turn) -> bool:
    """Whether name and number in the first sentence prove the booking, and put nothing right."""
    return not of_the_person(turn.heard.text)


def _own(turn: Turn) -> tuple[Booking, ...]:
    return turn.services.places.bookings_of(conversation=turn.conversation)


def _meant(turn: Turn, own: Sequence[Booking]) -> Booking | None:
    """The one named, the only one, the only one that the sentence fits, or the one made last."""
    reference = parse_reference(turn.heard.text)
    if reference or len(own) < 2:
        named = [b for b in own if not reference or b.reference == reference]
        return named[0] if named else None
    today = turn.services.clock.now().date()
    choice = choose(turn.heard.text, [b.slot for b in own], today)
    if choice.only is not None:
        return own[choice.only]
    called = [b for b in own if b.name in turn.heard.text]
    if len(called) == 1:
        return called[0]
    put_right = [b for b in own if _changes_person(b, turn.heard)]
    if len(put_right) == 1:
        return put_right[0]
    last = turn.remembered("booking_reference")
    return next((b for b in own if b.reference == last), None)


def _changes_person(booking: Booking, heard: Heard) -> bool:
    before, after = as_draft(booking), take_details(as_draft(booking), heard)
    return (before.name, before.phone) != (after.name, after.phone)


def packed(heard: Heard) -> dict[str, Any]:
    """The sentence for the conversation's memory; `unpacked` is the inverse."""
    entities = [{**asdict(e), "details": dict(e.details)} for e in heard.entities]
    return {"text": heard.text, "intent": heard.intent, "entities": entities}


def unpacked(stored: dict[str, Any]) -> Heard:
    entities = tuple(Entity(**entity) for entity in stored.get("entities") or ())
    return Heard(str(stored.get("text") or ""), str(stored.get("intent") or ""), entities)
