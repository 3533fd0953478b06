"""The terminal's own prompts as sound on disk, so that each is made once. Never what it answers."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


class PromptCache:
    """PCM by text and voice, at most `at_most_bytes`; the ones used least recently go first.

    A disk that is full or gone costs the keeping, nothing else.
    """

    def __init__(self, folder: Path, at_most_bytes: int = 30_000_000) -> None:
        self._folder = folder
        self._at_most = at_most_bytes

    def get(self, text: str, voice: str) -> bytes:
        """Empty where it is not kept."""
        file = self._file(text, voice)
        try:
            pcm = file.read_bytes()
            os.utime(file)
        except OSError:
            return b""
        return pcm

    def put(self, text: str, voice: str, pcm: bytes) -> None:
        file = self._file(text, voice)
        new = file.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(pcm)
            os.replace(new, file)
            self._trim()
        except OSError as error:
            log.debug("prompt not kept error=%s", type(error).__name__)

    def _file(self, text: str, voice: str) -> Path:
        name = hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()[:24]
        return self._folder / f"{name}.pcm"

    def _trim(self) -> None:
        kept = [(f.stat().st_mtime_ns, f.stat().st_size, f) for f in self._folder.glob("*.pcm")]
        total = sum(size for _, size, _ in kept)
        for _, size, file in sorted(kept):
            if total <= self._at_most:
                return
            file.unlink(missing_ok=True)
            total -= size
