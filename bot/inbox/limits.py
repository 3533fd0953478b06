"""How much one person may send, so that nobody slows the others down."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    burst: int = 20
    """Messages at once."""
    per_minute: float = 20.0


class PersonalLimit:
    """A bucket per conversation, in memory; the ones longest unused make room."""

    def __init__(self, allowance: Allowance, most: int = 10_000) -> None:
        self._allowance = allowance
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, conversation: str) -> bool | None:
        """True: go on. None: too many, and say so. False: too many, and it was said."""
        now = time.monotonic()
        left, at = self._buckets.get(conversation, (float(self._allowance.burst), now))
        told = left < 0
        refill = (now - at) * self._allowance.per_minute / 60
        left = min(float(self._allowance.burst), max(left, 0.0) + refill)
        verdict: bool | None = True
        if left >= 1:
            left -= 1
        else:
            verdict = False if told else None
            left = -0.001
        self._buckets[conversation] = (left, now)
        self._buckets.move_to_end(conversation)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return verdict
