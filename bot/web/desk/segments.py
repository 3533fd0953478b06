"""A stream of sound cut where the speaker pauses. No engine, no clock: sound in, stretches out."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Iterator

RATE = 16_000
"""Hertz, 16 bit, one channel."""
FRAME_S = 0.02
_FRAME = int(RATE * FRAME_S)


class Segments:
    """Give it PCM as it comes; it gives back each stretch of speech once it has ended.

    A stretch ends after `pause_s` of quiet, or at `longest_s`, so that somebody who never pauses
    is understood while they speak.
    """

    def __init__(self, pause_s: float = 0.5, longest_s: float = 8.0, least_s: float = 0.25) -> None:
        self._pause = round(pause_s / FRAME_S)
        self._longest = round(longest_s / FRAME_S)
        self._least = round(least_s / FRAME_S)
        self._rest = b""
        self._frames: list[bytes] = []
        self._before: list[bytes] = []
        self._loud = 0
        self._quiet = 0
        self._floor = 200.0

    def feed(self, pcm: bytes) -> Iterator[bytes]:
        """`pcm`: 16-bit little-endian mono at RATE, of any length."""
        data = self._rest + pcm
        whole = len(data) - len(data) % (2 * _FRAME)
        self._rest = data[whole:]
        for at in range(0, whole, 2 * _FRAME):
            ended = self._take(data[at : at + 2 * _FRAME])
            if ended:
                yield ended

    def end(self) -> bytes:
        """What was being said when the stream ended; empty where nothing was."""
        return self._close()

    def _take(self, frame: bytes) -> bytes:
        level = _level(frame)
        loud = level > max(300.0, 3 * self._floor)
        if not loud:
            # The line's own noise, followed slowly.
            self._floor += 0.05 * (level - self._floor)
        if not self._frames and not loud:
            self._before = [*self._before[-9:], frame]
            return b""
        if not self._frames:
            # The first sounds of a word are quiet.
            self._frames = self._before
            self._before = []
        self._frames.append(frame)
        self._loud += loud
        self._quiet = 0 if loud else self._quiet + 1
        over = self._quiet >= self._pause or len(self._frames) >= self._longest
        return self._close() if over else b""

    def _close(self) -> bytes:
        sound = b"".join(self._frames) if self._loud >= self._least else b""
        self._frames, self._loud, self._quiet = [], 0, 0
        return sound


def as_wav(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return out.getvalue()


def _level(frame: bytes) -> float:
    """Root of the mean square."""
    samples = array("h", frame)
    return (sum(sample * sample for sample in samples) / len(samples)) ** 0.5
