"""Whole recordings to text, several at a time: for voice notes and the browser's microphone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from core.ear import with_figures
from core.ports import Recogniser
from voice.audio import Pcm


class Pool(Protocol):
    """Recognisers to borrow. Safe from several threads."""

    def take(self) -> Recogniser: ...

    def put(self, recogniser: Any) -> None:
        """Gives back what `take` gave."""
        ...


@dataclass(frozen=True)
class Transcript:
    readings: tuple[str, ...] = ()
    """Best first, digits as figures; empty when nothing was understood."""
    confidence: float | None = None
    """0 to 1, or None where the recogniser does not say."""


class Transcriber:
    """Each recording gets a recogniser of its own. Safe from several threads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def transcribe(self, sound: Pcm) -> Transcript:
        recogniser = self._pool.take()
        try:
            recogniser.feed(sound.at(recogniser.rate).data)
            heard = recogniser.result()
            confidence: float | None = getattr(recogniser, "confidence", None)
        finally:
            self._pool.put(recogniser)
        readings = tuple(dict.fromkeys(with_figures(reading) for reading in heard))
        return Transcript(readings, confidence if readings else None)
