"""Sound as bytes: 16-bit mono PCM, its rate stated, from and to files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import VoiceUnavailable


class UnknownSound(VoiceUnavailable):
    """Bytes that are no recording, or of a kind that is not read here."""

    code = "unknown_sound"


class NoSound(VoiceUnavailable):
    code = "no_sound"


class TooLong(VoiceUnavailable):
    code = "too_long"


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


def decoded(recording: bytes, longest_s: float) -> Pcm:
    """A recording in memory, as `read_sound`. Raises UnknownSound, NoSound or TooLong."""
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(recording)) as file:
            # A header may lie about the length: never more than this is unpacked.
            most = int(longest_s * file.samplerate)
            samples = file.read(most + 1, dtype="float32", always_2d=True)
            rate = int(file.samplerate)
    except (OSError, RuntimeError) as error:
        raise UnknownSound("this is no sound that is known; send WAV, FLAC or OGG/Opus") from error
    if len(samples) > most:
        raise TooLong(f"the recording is longer than {longest_s:.0f} s; send it in parts")
    if len(samples) == 0:
        raise NoSound("the recording holds no sound; record it again")
    return Pcm(_sixteen_bit(samples.mean(axis=1)), rate)


def encoded(sound: Pcm, kind: str) -> bytes:
    """As a file in memory; `kind` is wav or ogg (Opus)."""
    import numpy as np
    import soundfile

    out = io.BytesIO()
    if kind == "ogg":
        sound = sound.at(_OPUS_RATE)
    form, subtype = {"wav": ("WAV", "PCM_16"), "ogg": ("OGG", "OPUS")}[kind]
    samples = np.frombuffer(sound.data, dtype="<i2")
    soundfile.write(out, samples, sound.rate, format=form, subtype=subtype)
    return out.getvalue()


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
