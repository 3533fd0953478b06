"""Frames in, utterances out: voice detector, patience and recogniser together."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from core.ear import with_figures
from core.ports import Recogniser
from voice.audio import Pcm
from voice.endpointer import FRAME_BYTES, FRAME_S, Endpointer, Patience, Turn, VoiceDetector
from voice.events import Expecting

_BEFORE_S = 0.4
"""Seconds kept from before the voice was noticed, so that no first syllable is lost."""


class Ears:
    """Listens to one microphone. Nothing is kept once an utterance is understood."""

    def __init__(
        self,
        recogniser: Recogniser,
        detector: VoiceDetector,
        special: Mapping[Expecting, Recogniser] | None = None,
    ) -> None:
        """`special`: recognisers that know what one kind of question is answered with."""
        self._usual = self._recogniser = recogniser
        self._special = dict(special or {})
        self._detector = detector
        self._endpointer = Endpointer()
        self._before: deque[bytes] = deque(maxlen=round(_BEFORE_S / FRAME_S))
        self._rest = b""
        self._hearing = False

    def listen(self, patience: Patience, expecting: Expecting = Expecting.ANYTHING) -> None:
        """Begins a new utterance; what was heard until now is forgotten."""
        self._endpointer.reset(patience)
        self._detector.reset()
        self._before.clear()
        self._rest = b""
        if self._hearing:
            self._recogniser.result()
        self._hearing = False
        self._recogniser = self._special.get(expecting, self._usual)

    def hear(self, pcm: bytes) -> Turn:
        """Any number of bytes at EAR_RATE. The strongest turn of the frames that were complete."""
        turn = Turn.SPEAKING if self._hearing else Turn.QUIET
        self._rest += pcm
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            now = self._endpointer.hear(self._detector.probability(frame))
            self._take(frame, now)
            if now in (Turn.BEGUN, Turn.ENDED):
                turn = now
            if now is Turn.ENDED:
                break
        return turn

    def _take(self, frame: bytes, turn: Turn) -> None:
        if turn is Turn.QUIET:
            self._before.append(frame)
            return
        if turn is Turn.BEGUN:
            for earlier in self._before:
                self._recogniser.feed(earlier)
            self._before.clear()
            self._hearing = True
        self._recogniser.feed(frame)

    def readings(self) -> tuple[str, ...]:
        """What was said, best first, digits as figures; empty when nothing was understood."""
        self._hearing = False
        return _distinct(self._recogniser.result())

    def transcribe(self, sound: Pcm) -> tuple[str, ...]:
        """A whole recording as one utterance."""
        self._recogniser.feed(sound.at(self._recogniser.rate).data)
        return _distinct(self._recogniser.result())


def _distinct(readings: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(with_figures(reading) for reading in readings))
