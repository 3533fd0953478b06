"""Sound as bytes: 16-bit mono PCM, its rate stated, from and to files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import VoiceUnavailable

EAR_RATE = 16_000
"""Hertz that recogniser and voice detector take."""
_OPUS_RATE = 48_000
"""Opus knows 48 kHz and its divisors; 22,050 Hz is not one of them."""


@dataclass(frozen=True)
class Pcm:
    """A stretch of sound."""

    data: bytes
    """16 bit, little endian, mono."""
    rate: int
    """Hertz."""

    @property
    def duration_s(self) -> float:
        return len(self.data) / 2 / self.rate

    def at(self, rate: int) -> Pcm:
        """The same sound at another rate."""
        if rate == self.rate or not self.data:
            return Pcm(self.data, rate)
        import numpy as np
        import soxr

        samples = np.frombuffer(self.data, dtype="<i2").astype(np.float32) / 32768.0
        resampled: Any = soxr.resample(samples, self.rate, rate)
        return Pcm(_sixteen_bit(resampled), rate)


def read_sound(path: Path) -> Pcm:
    """WAV, FLAC, OGG/Opus or OGG/Vorbis of any rate and channels, as mono at its own rate.

    Raises VoiceUnavailable that names the file and what it takes.
    """
    import soundfile

    try:
        samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise VoiceUnavailable(
            f"{path} cannot be read as sound ({type(error).__name__}); "
            "give a WAV, FLAC or OGG/Opus file"
        ) from error
    if len(samples) == 0:
        raise VoiceUnavailable(f"{path} holds no sound; record it again")
    return Pcm(_sixteen_bit(samples.mean(axis=1)), int(rate))


def write_sound(path: Path, sound: Pcm) -> None:
    """WAV, FLAC or, for .ogg, .oga and .opus, OGG/Opus. Raises VoiceUnavailable."""
    import numpy as np
    import soundfile

    kinds = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".oga": "OGG", ".opus": "OGG"}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise VoiceUnavailable(f"{path}: name a .wav, .flac or .ogg file")
    if kind == "OGG":
        sound = sound.at(_OPUS_RATE)
    samples = np.frombuffer(sound.data, dtype="<i2")
    subtype = "OPUS" if kind == "OGG" else "PCM_16"
    try:
        soundfile.write(str(path), samples, sound.rate, format=kind, subtype=subtype)
    except (OSError, RuntimeError) as error:
        raise VoiceUnavailable(
            f"{path} cannot be written ({type(error).__name__}); no such folder, or a full disk?"
        ) from error


def silence(duration_s: float, rate: int) -> bytes:
    return bytes(2 * round(duration_s * rate))


def with_gain(pcm: bytes, gain: float) -> bytes:
    """Louder or softer, clipped at full scale. `gain` is linear, 1 changes nothing."""
    if gain == 1.0 or not pcm:
        return pcm
    import numpy as np

    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) * gain
    louder: bytes = samples.clip(-32768, 32767).astype("<i2").tobytes()
    return louder


def _sixteen_bit(samples: Any) -> bytes:
    import numpy as np

    data: bytes = (np.asarray(samples) * 32767.0).clip(-32768, 32767).astype("<i2").tobytes()
    return data
