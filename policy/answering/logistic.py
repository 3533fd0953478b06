"""Logistic models whose weights are data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.finding.index import Floats

Features = dict[str, float]
"""Evidence by name; absent names count as 0."""
_FAR = 30.0
"""Log odds beyond which a probability is 0 or 1."""


@dataclass(frozen=True)
class Logistic:
    """Weights by name of evidence."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, features: Features) -> float:
        """0 to 1."""
        total = self.intercept
        total += sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1.0 / (1.0 + math.exp(-max(-_FAR, min(_FAR, total))))


def dimensions(vector: Floats | None, unit: float) -> Features:
    """A sentence encoder's vector as evidence, `unit` long; nothing where there is no encoder."""
    if vector is None:
        return {}
    return {f"meaning:{number}": value for number, value in enumerate((unit * vector).tolist())}


def grams(sounds: Sequence[str], shortest: int, longest: int) -> set[str]:
    """Runs of syllables, the edges marked."""
    padded = ["<", *sounds, ">"]
    return {
        " ".join(run)
        for length in range(shortest, longest + 1)
        for run in zip(*(padded[i:] for i in range(length)), strict=False)
    }
