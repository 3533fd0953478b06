"""What the desk needs from outside; `bot/wiring.py` builds it, tests bring fakes."""

from __future__ import annotations

from dataclasses import dataclass

from core.staff import Staff


@dataclass(frozen=True)
class DeskServices:
    staff: Staff
