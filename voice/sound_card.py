"""Microphone and loudspeaker through miniaudio, which needs no system package."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Protocol

from core.errors import VoiceUnavailable
from voice.audio import EAR_RATE

_BUFFER_MS = 20
_STILL_S = 2.0
"""Seconds without a request after which a device counts as unplugged."""
_NO_MICROPHONE = (
    "no microphone was found; plug one in, or type your questions (`make chat`), "
    "or give a recording (`minglu talk --in question.wav`)"
)
_NO_LOUDSPEAKER = (
    "no loudspeaker was found; plug one in, or read the answers (`make chat`), "
    "or have them in a file (`minglu talk --in question.wav --out answer.wav`)"
)


class Microphone(Protocol):
    """Delivers PCM of 16 bit, mono, at EAR_RATE."""

    def open(self, hear: Callable[[bytes], None]) -> None:
        """Calls `hear` from a thread of its own, every 20 ms or so. Raises VoiceUnavailable."""
        ...

    def close(self) -> None: ...


class Loudspeaker(Protocol):
    """Plays PCM of 16 bit, mono, in the order of writing."""

    def open(self, rate: int) -> None:
        """Raises VoiceUnavailable."""
        ...

    def write(self, pcm: bytes) -> None: ...

    def clear(self) -> None:
        """Silence at once: what was written and not yet heard is dropped."""
        ...

    def waiting_s(self) -> float:
        """Seconds written and not yet handed to the device."""
        ...

    def alive(self) -> bool:
        """False once the device takes no more: it was unplugged."""
        ...

    def close(self) -> None: ...


class MiniaudioMicrophone:
    def __init__(self) -> None:
        self._device: Any = None

    def open(self, hear: Callable[[bytes], None]) -> None:
        miniaudio = _miniaudio()
        self.close()
        try:
            with _quiet_alsa():
                self._device = miniaudio.CaptureDevice(
                    input_format=miniaudio.SampleFormat.SIGNED16,
                    nchannels=1,
                    sample_rate=EAR_RATE,
                    buffersize_msec=_BUFFER_MS,
                )
                receiver = _receive(hear)
                next(receiver)
                self._device.start(receiver)
        except miniaudio.MiniaudioError as error:
            self._device = None
            raise VoiceUnavailable(_NO_MICROPHONE) from error

    def close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()


class MiniaudioLoudspeaker:
    """One open device and a buffer; the device's own buffer is 20 ms."""

    def __init__(self) -> None:
        self._device: Any = None
        self._buffer = bytearray()
        self._lock = threading.Lock()
        self._rate = 0
        self._asked_at_s = 0.0
        """When the device last asked for sound: it stands still when unplugged."""

    def open(self, rate: int) -> None:
        miniaudio = _miniaudio()
        self.close()
        self._rate = rate
        self._asked_at_s = time.monotonic()
        try:
            with _quiet_alsa():
                self._device = miniaudio.PlaybackDevice(
                    output_format=miniaudio.SampleFormat.SIGNED16,
                    nchannels=1,
                    sample_rate=rate,
                    buffersize_msec=_BUFFER_MS,
                )
                player = self._play()
                next(player)
                self._device.start(player)
        except miniaudio.MiniaudioError as error:
            self._device = None
            raise VoiceUnavailable(_NO_LOUDSPEAKER) from error

    def write(self, pcm: bytes) -> None:
        with self._lock:
            self._buffer.extend(pcm)

    def clear(self) -> None:
        with self._lock:
            self._buffer.clear()

    def waiting_s(self) -> float:
        with self._lock:
            return len(self._buffer) / 2 / self._rate if self._rate else 0.0

    def alive(self) -> bool:
        return self._device is not None and time.monotonic() - self._asked_at_s < _STILL_S

    def close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _play(self) -> Generator[bytes, int, None]:
        frames = yield b""
        while True:
            size = frames * 2
            with self._lock:
                pcm = bytes(self._buffer[:size])
                del self._buffer[:size]
            self._asked_at_s = time.monotonic()
            frames = yield pcm + bytes(size - len(pcm))


def _receive(hear: Callable[[bytes], None]) -> Generator[None, bytes, None]:
    while True:
        pcm = yield
        hear(bytes(pcm))


def _miniaudio() -> Any:
    try:
        import miniaudio
    except ImportError as error:
        raise VoiceUnavailable("miniaudio is not installed; run `make setup` again") from error
    return miniaudio


@contextlib.contextmanager
def _quiet_alsa() -> Iterator[None]:
    """ALSA writes pages to standard error where a card is missing; our own message says it."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
