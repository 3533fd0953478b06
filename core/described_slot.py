"""One of several dates that were read out, described instead of numbered: 早的那期, 九点那个."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.booking_draft import Heard
from core.values import TrainingSlot

_EARLIEST = re.compile(
    r"最[早快近先]|(?:^|[^最])早(?:点儿?|一?些)?的?那|[靠往]前|前面[那的]|近(?:点儿?|一点)?的?那"
    r"|早一?[期场班个天]|越[早快]越好|尽[早快]"
)
_LATEST = re.compile(r"最晚|晚(?:点儿?|一?些)?的?那|[靠往]后|后面[那的]|晚一?[期场班个天]")
_SHORTEST_VENUE = 3
"""Characters of a venue's name that tell it from the others."""


def described(heard: Heard, offered: Sequence[TrainingSlot]) -> str:
    """Id of the one date that the sentence describes; empty where none or several fit."""
    in_time = sorted(offered, key=lambda slot: slot.starts_at)
    early, late = _last_end(_EARLIEST, heard.text), _last_end(_LATEST, heard.text)
    if in_time and early != late:
        free = [slot for slot in in_time if slot.free > 0] or in_time
        # People mend themselves at the end.
        return free[0].id if early > late else in_time[-1].id
    hours = {str(e.details.get("clock")) for e in heard.all("time_of_day")}
    fitting = [s for s in offered if s.starts_at.strftime("%H:%M") in hours]
    if not fitting:
        fitting = [s for s in offered if _names_venue(heard.text, s, offered)]
    return fitting[0].id if len(fitting) == 1 else ""


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=0)


def _names_venue(text: str, slot: TrainingSlot, offered: Sequence[TrainingSlot]) -> bool:
    others = [other.venue for other in offered if other.venue != slot.venue]
    ends = range(_SHORTEST_VENUE, len(slot.venue) + 1)
    parts = (slot.venue[end - _SHORTEST_VENUE : end] for end in ends)
    return any(part in text and not any(part in venue for venue in others) for part in parts)
