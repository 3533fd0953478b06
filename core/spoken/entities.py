"""Everything that rules can find in one text, in one list without overlaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A stretch of text and what it means."""

    kind: str
    """course, city, date, time_of_day, phone, name, ordinal, age, count, reference, …"""
    start: int
    end: int
    """Offsets in the text, `end` exclusive."""
    value: str
    """Normalised: digits of a phone, full name of a place; for a date the words themselves."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else is known, ready for JSON: a date's days, a phone's completeness."""


Finder = Callable[[str, date], Iterable[Entity]]


def without_overlaps(found: Sequence[Iterable[Entity]]) -> tuple[Entity, ...]:
    """Earlier finders win over later ones, and within one the longer stretch wins."""
    kept: list[Entity] = []
    for group in found:
        for entity in sorted(group, key=lambda e: (e.start - e.end, e.start)):
            if all(entity.end <= other.start or other.end <= entity.start for other in kept):
                kept.append(entity)
    return tuple(sorted(kept, key=lambda e: e.start))


class EntityRules:
    """All finders, with the courses' names that a lookup gave."""

    def __init__(self, courses: Sequence[str] = ()) -> None:
        self.courses = tuple(courses)
        self._finders: tuple[Finder, ...] = ()

    def find(self, text: str, today: date) -> tuple[Entity, ...]:
        """Entities by their place in the text. Never raises for what a person typed."""
        return without_overlaps([finder(text, today) for finder in self._finders])
