"""What saving a date would change, worked out without changing anything."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.booking import BookingRules
from core.managing import Affected, SlotChange
from store.database import ZONE
from store.records import unpacked
from store.slots import SlotRecord

_FIELDS = (
    "course", "city", "venue", "starts_at", "ends_at", "book_by", "capacity", "access", "audience",
    "status",
)  # fmt: skip
_TOLD = {"starts_at", "ends_at", "venue", "city"}


def change_of(
    slot: SlotRecord, before: Any | None, affected: Affected, rules: BookingRules
) -> SlotChange:
    """What `store.slots.save_slot` would do; `before`: the date's row, or None."""
    after = _texts(_after(slot, rules))
    if before is None:
        fields = tuple((name, "", after[name]) for name in _FIELDS if after[name])
        return SlotChange(slot.id, "added", slot.course, slot.starts_at, fields)
    was = _texts({**before, "access": unpacked(before["access"]),
                  "audience": unpacked(before["audience"])})  # fmt: skip
    changed = tuple((n, was[n], after[n]) for n in _FIELDS if was[n] != after[n])
    outcome = _outcome(slot, before, bool(changed) or bool(before["sample"]) != slot.sample)
    if outcome == "cancelled":
        # A cancelled date keeps everything else that it had.
        changed = tuple(one for one in changed if one[0] == "status")
    told = outcome == "cancelled" or (
        outcome == "updated" and bool(_TOLD & {name for name, _, _ in changed})
    )
    return SlotChange(slot.id, outcome, slot.course, slot.starts_at, changed, affected, told)


def fingerprint_of(changes: Sequence[SlotChange]) -> str:
    return hashlib.sha256(repr(tuple(changes)).encode()).hexdigest()


def _outcome(slot: SlotRecord, before: Any, differs: bool) -> str:
    if before["status"] == "open" and slot.status == "cancelled":
        return "cancelled"
    if not differs:
        return "unchanged"
    return "too_small" if slot.capacity < before["taken"] else "updated"


def _after(slot: SlotRecord, rules: BookingRules) -> dict[str, Any]:
    values = {name: getattr(slot, name) for name in _FIELDS}
    return {**values, "book_by": slot.book_by or slot.starts_at - rules.deadline}


def _texts(values: Any) -> dict[str, str]:
    return {name: _text(values[name]) for name in _FIELDS}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    return ";".join(value) if isinstance(value, tuple) else str(value)
