"""One line of a file as a slot, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.booking import tidy
from store.database import ZONE
from store.slots import SlotRecord

REQUIRED = ("id", "course", "city", "venue", "starts_at", "ends_at", "capacity")
OPTIONAL = ("access", "audience", "book_by", "status")
MAX_CAPACITY = 10_000
_ID = re.compile(r"[\w.:@+\-]{1,64}")


class BadLine(ValueError):
    """A line that cannot be taken; the code is for who says it in other words."""

    def __init__(self, text: str, code: str, **facts: Any) -> None:
        super().__init__(text)
        self.code = code
        self.facts = facts


def coded(error: ValueError) -> tuple[str, dict[str, Any]]:
    return (error.code, error.facts) if isinstance(error, BadLine) else ("bad_line", {})


def slot_from_line(line: Mapping[str, Any]) -> SlotRecord:
    """Raises ValueError that says what is wrong in words of the file."""
    if line.get("_more"):
        raise BadLine("more values than columns; put quotes around a value with a comma", "columns")
    if line.get("_repeats"):
        raise BadLine("repeating events are not taken; give each date its own event", "repeats")
    values = {name: _text(line.get(name)) for name in (*REQUIRED, *OPTIONAL)}
    missing = [name for name in REQUIRED if not values[name]]
    if missing:
        raise BadLine(f"{', '.join(missing)} is empty", "empty", fields=missing)
    if not _ID.fullmatch(values["id"]):
        raise BadLine("id: letters, digits and . : @ + - _ only, at most 64", "id")
    _check_lengths(values)
    starts, ends = _moment(line, "starts_at"), _moment(line, "ends_at")
    book_by = _moment(line, "book_by") if values["book_by"] else None
    if not starts < ends:
        raise BadLine("ends_at is not after starts_at", "ends_before")
    if book_by and book_by > starts:
        raise BadLine("book_by is after starts_at", "book_by_late")
    return SlotRecord(
        id=values["id"],
        course=values["course"],
        city=values["city"],
        venue=values["venue"],
        starts_at=starts,
        ends_at=ends,
        capacity=_capacity(values["capacity"]),
        access=_many(values["access"]),
        audience=_many(values["audience"]),
        book_by=book_by,
        status=_status(values["status"]),
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _check_lengths(values: Mapping[str, str]) -> None:
    for name, limit in (("course", 200), ("city", 60), ("venue", 200)):
        if len(values[name]) > limit:
            raise BadLine(
                f"{name} is longer than {limit} characters", "long", fields=[name], limit=limit
            )


def _moment(line: Mapping[str, Any], name: str) -> datetime:
    value = line[name]
    if not isinstance(value, datetime):
        raw = _text(value)
        try:
            # Python 3.10 does not read a trailing Z.
            value = datetime.fromisoformat(raw[:-1] + "+00:00" if raw.endswith("Z") else raw)
        except ValueError:
            raise BadLine(
                f"{name} {raw!r} is not an ISO time such as 2026-03-02T09:00", "time", fields=[name]
            ) from None
    return value.replace(tzinfo=ZONE) if value.tzinfo is None else value.astimezone(ZONE)


def _capacity(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_CAPACITY:
        raise BadLine(
            f"capacity {text!r} is not a whole number from 0 to {MAX_CAPACITY}",
            "capacity",
            limit=MAX_CAPACITY,
        )
    return int(text)


def _status(text: str) -> str:
    status = {"": "open", "confirmed": "open", "tentative": "open", "取消": "cancelled"}.get(
        text.lower(), text.lower()
    )
    if status not in ("open", "cancelled"):
        raise BadLine(f"status {text!r} is neither open nor cancelled", "status")
    return status


def _many(text: str) -> tuple[str, ...]:
    return tidy(re.split(r"[;；]", text))
