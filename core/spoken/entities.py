"""Everything that rules can find in one text, in one list without overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.reference import parse_reference
from core.spoken.access import find_access_needs
from core.spoken.ages import find_ages, find_counts
from core.spoken.clock import find_moments
from core.spoken.company import find_companion
from core.spoken.courses import find_courses
from core.spoken.dates import DateRange, find_dates
from core.spoken.names import find_names
from core.spoken.ordinals import find_ordinals
from core.spoken.phones import digit_runs, find_phones
from core.spoken.places import find_other_regions, find_places
from core.spoken.spellings import without_spellings


@dataclass(frozen=True)
class Entity:
    """A stretch of text and what it means."""

    kind: str
    """course, city, other_region, date, time_of_day, phone, name, ordinal, age, count,
    reference, access_need or companion."""
    start: int
    end: int
    """Offsets in the text, `end` exclusive."""
    value: str
    """Normalised: digits of a phone, short name of a place; for a date the words themselves."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else is known, ready for JSON: a date's days, a phone's completeness."""


def without_overlaps(found: Iterable[Iterable[Entity]]) -> tuple[Entity, ...]:
    """Earlier groups win over later ones, and within one the longer stretch wins."""
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

    def find(self, text: str, today: date) -> tuple[Entity, ...]:
        """Entities by their place in the text. Never raises for what a person typed.

        Only the first 500 characters are read: nobody says more in one breath.
        """
        text = text[:500]
        names, plain = list(_names(text)), without_spellings(text)
        return without_overlaps(
            (
                _references(text),
                _phones(text),
                # 温国庆 is a person.
                [d for d in _dates(plain, today) if not any(_holds(n, d) for n in names)],
                self._courses(plain),
                _places(plain),
                _ages(plain, today),
                _ordinals(plain),
                _moments(plain),
                _needs(plain),
                _counts(plain),
                names,
            )
        )

    def _courses(self, text: str) -> Iterator[Entity]:
        for c in find_courses(text, self.courses):
            details = {"known": c.known, "certain": c.certain}
            yield Entity("course", c.start, c.end, c.name, details)


def _holds(name: Entity, inside: Entity) -> bool:
    """Whether a name begins before what stands in it, and ends with it or after."""
    return name.start < inside.start and inside.end <= name.end


def date_details(found: DateRange) -> dict[str, Any]:
    """A date range ready for JSON: ISO days and hour, or None."""
    return {
        "day_from": found.day_from.isoformat() if found.day_from else None,
        "day_to": found.day_to.isoformat() if found.day_to else None,
        "part_of_day": found.part_of_day,
        "clock": found.clock.strftime("%H:%M") if found.clock else None,
        "vague": found.vague,
    }


def _references(text: str) -> Iterator[Entity]:
    for _, start, end in digit_runs(text):
        found = parse_reference(text[start:end])
        if found:
            yield Entity("reference", start, end, found)


def _phones(text: str) -> Iterator[Entity]:
    for p in find_phones(text):
        details = {"form": p.form, "complete": p.complete, "certain": p.certain}
        yield Entity("phone", p.start, p.end, p.digits, details)


def _dates(text: str, today: date) -> Iterator[Entity]:
    for d in find_dates(text, today):
        yield Entity("date", d.start, d.end, d.text, date_details(d))


def _places(text: str) -> Iterator[Entity]:
    for place in find_places(text):
        details = {
            "full_name": place.full_name,
            "prefecture": place.prefecture,
            "certain": place.certain,
        }
        yield Entity("city", place.start, place.end, place.name, details)
    for region in find_other_regions(text):
        details = {"certain": region.certain}
        yield Entity("other_region", region.start, region.end, region.province, details)


def _ages(text: str, today: date) -> Iterator[Entity]:
    for age in find_ages(text, today):
        yield Entity("age", age.start, age.end, str(age.value), {"exact": age.exact})


def _ordinals(text: str) -> Iterator[Entity]:
    for ordinal in find_ordinals(text):
        yield Entity("ordinal", ordinal.start, ordinal.end, str(ordinal.position))


def _moments(text: str) -> Iterator[Entity]:
    for m in find_moments(text):
        clock = m.clock.strftime("%H:%M") if m.clock else None
        value = m.part_of_day or clock or ""
        yield Entity("time_of_day", m.start, m.end, value, {"clock": clock})


def _counts(text: str) -> Iterator[Entity]:
    for count in find_counts(text):
        yield Entity("count", count.start, count.end, str(count.value))


def _needs(text: str) -> Iterator[Entity]:
    for need in find_access_needs(text):
        yield Entity("access_need", need.start, need.end, need.need)
    companion = find_companion(text)
    if companion:
        value = "true" if companion.comes else "false"
        yield Entity("companion", companion.start, companion.end, value)


def _names(text: str) -> Iterator[Entity]:
    for name in find_names(text):
        yield Entity("name", name.start, name.end, name.name, {"spelt": name.spelt})
