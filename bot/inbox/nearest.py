"""From a position to the nearest prefecture seat. The position itself is kept nowhere."""

from __future__ import annotations

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

_EARTH_KM = 6371.0
FARTHEST_KM = 250.0
"""Beyond that nobody is in Jilin: its prefectures reach no farther from their seats."""


def nearest_city(latitude: float, longitude: float) -> str | None:
    """The short name of the nearest of Jilin's nine prefectures; None where all are far."""
    distance, name = min((_km(latitude, longitude, *at), name) for name, *at in _seats())
    return name if distance <= FARTHEST_KM else None


@lru_cache(maxsize=1)
def _seats() -> tuple[tuple[str, float, float], ...]:
    lines = (Path(__file__).parent / "seats.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple((name, float(north), float(east)) for name, north, east in rows)


def _km(north: float, east: float, north2: float, east2: float) -> float:
    """Great-circle distance."""
    a, b = radians(north), radians(north2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(east2 - east) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
