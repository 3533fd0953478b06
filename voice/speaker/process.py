"""`core.ports.Speaker` over a child process that can be killed."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import VoiceUnavailable
from voice.speaker.wire import HEADER, Kind

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_ENDED = "the speaking process ended; the next sentence restarts it"
_MEND = "pyttsx3 or espeak-ng does not start; run `make setup` again"


class _ChildEnded(VoiceUnavailable):
    """The child is gone; another may be started."""


@dataclass(frozen=True)
class Voice:
    """How it speaks. Source of the defaults: docs/voice.md, Voices."""

    name: str = "cmn+f3"
    """An espeak-ng voice, such as cmn, cmn+f3 or ko."""
    rate: int = 160
    """Words per minute in espeak-ng's sense, 80 to 450."""
    volume: float = 0.9
    """0 to 1."""
    pitch: int = 50
    """0 to 99."""
    gap: int = 0
    """Quiet between words, in units of 10 ms at the usual rate."""


class PyttsxSpeaker:
    """One pyttsx3 engine in one child. A child that hangs or dies is replaced on the next text.

    `synthesise` runs in one thread at a time; `stop` may come from any thread.
    """

    def __init__(
        self,
        voice: Voice | None = None,
        chinese_voice: Voice | None = None,
        start_timeout_s: float = 10.0,
        chunk_timeout_s: float = 2.0,
    ) -> None:
        self.voice = voice or Voice()
        self.chinese_voice = chinese_voice
        """For sentences in Chinese where `voice` is of another language."""
        self.rate = 22_050
        self._start_timeout_s = start_timeout_s
        self._chunk_timeout_s = chunk_timeout_s
        self._child: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._writing = threading.Lock()

    def start(self) -> None:
        """Starts the child ahead of the first text. Raises VoiceUnavailable."""
        if self._child is not None and self._child.poll() is None:
            return
        self.kill()
        self._number = 0
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "voice.speaker.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
            )
        except OSError as error:
            raise VoiceUnavailable(f"{_MEND} ({type(error).__name__})") from error
        kind, _, payload = self._receive(time.monotonic() + self._start_timeout_s)
        if kind is not Kind.READY:
            self.kill()
            raise VoiceUnavailable(payload.decode() or _MEND)
        self.rate = int(payload)

    def synthesise(self, text: str) -> Iterator[bytes]:
        """PCM in chunks of 50 ms or less. Ends early after `stop`. Raises VoiceUnavailable.

        A child that died since the last text is replaced unheard; one that fails again is an error.
        """
        try:
            chunks = self._chunks(text)
            first = next(chunks, b"")
        except _ChildEnded:
            chunks = self._chunks(text)
            first = next(chunks, b"")
        yield first
        yield from chunks

    def _chunks(self, text: str) -> Iterator[bytes]:
        self.start()
        self._number += 1
        number = self._number
        voice = self._voice_for(text)
        self._send(
            {
                "id": number,
                "text": text,
                "voice": voice.name,
                "rate": voice.rate,
                "volume": voice.volume,
                "pitch": voice.pitch,
                "gap": voice.gap,
            }
        )
        while True:
            kind, of, payload = self._receive(time.monotonic() + self._chunk_timeout_s)
            if of != number:
                continue
            if kind is Kind.PCM:
                yield payload
            elif kind is Kind.DONE:
                return
            else:
                raise VoiceUnavailable(payload.decode())

    def _voice_for(self, text: str) -> Voice:
        chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
        return self.chinese_voice if chinese and self.chinese_voice else self.voice

    def stop(self) -> None:
        if self._child is not None and self._child.poll() is None:
            self._send({"stop": self._number})

    def kill(self) -> None:
        """Ends the child at once; the next text starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    # Bytes that the dead child will never read.
                    log.debug("speaker pipe closed with bytes left")

    close = kill

    def _send(self, message: dict[str, object]) -> None:
        line = json.dumps(message, ensure_ascii=False).encode() + b"\n"
        child = self._child
        try:
            with self._writing:
                if child is None or child.stdin is None:
                    raise BrokenPipeError
                child.stdin.write(line)
                child.stdin.flush()
        except (BrokenPipeError, ValueError) as error:
            self.kill()
            raise VoiceUnavailable(
                "the speaking process ended; the next sentence restarts it"
            ) from (error)

    def _receive(self, deadline: float) -> tuple[Kind, int, bytes]:
        kind, number, length = HEADER.unpack(self._read(HEADER.size, deadline))
        return Kind(kind), number, self._read(length, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        child = self._child
        if child is None or child.stdout is None:
            raise _ChildEnded(_ENDED)
        descriptor = child.stdout.fileno()
        data = b""
        while len(data) < size:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(descriptor, size - len(data)) if ready else b""
            if not piece:
                log.warning("speaker restarted hung=%s", not ready)
                self.kill()
                if ready:
                    raise _ChildEnded(_MEND)
                raise VoiceUnavailable("the speaking process hung and was ended")
            data += piece
        return data
