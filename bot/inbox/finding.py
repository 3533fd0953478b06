"""One line of a channel's check-up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    good: bool
    text: str
