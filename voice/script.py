"""The answer that is being read out, and the place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.ear.sentences import REST_MAX, in_sentences

_UNHURRIED = 0.8
"""Times the usual rate, below which the longest sentence would take more than twenty seconds."""


def in_time(sentences: Sequence[str], rate: float) -> tuple[str, ...]:
    """The same words, in shorter sentences where `rate` (times the usual one) is slow."""
    if rate >= _UNHURRIED:
        return tuple(sentences)
    longest = int(REST_MAX * rate / _UNHURRIED)
    return tuple(piece for s in sentences for piece in in_sentences(s, longest, longest))


@dataclass(frozen=True)
class Script:
    sentences: tuple[str, ...] = ()
    at: int = 0
    """Index of the sentence that is said or comes next; len(sentences) after the last."""
    heard_s: float = 0.0
    """Seconds heard since it last asked whether to go on."""

    @property
    def over(self) -> bool:
        return self.at >= len(self.sentences)

    @property
    def sentence(self) -> str:
        """The one that is said or comes next; the last one when all were."""
        return self.sentences[min(self.at, len(self.sentences) - 1)] if self.sentences else ""

    def heard(self, duration_s: float) -> Script:
        return replace(self, at=self.at + 1, heard_s=self.heard_s + duration_s)

    def moved(self, to: int) -> Script:
        return replace(self, at=max(0, min(to, len(self.sentences))), heard_s=0.0)

    def refreshed(self) -> Script:
        return replace(self, heard_s=0.0)
