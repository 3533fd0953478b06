"""The notice that ships with the product."""

from __future__ import annotations

from pathlib import Path

from policy.model import Notice
from policy.reading.notice import read_notice

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "吉政办发2025-16.txt"


def bundled_notice() -> Notice:
    """吉政办发〔2025〕16号, read from the file in the package."""
    return read_notice(BUNDLED.read_bytes(), BUNDLED.name)
